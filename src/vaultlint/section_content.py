"""What a section holds, beside what a type asks it to hold: counts, and kinds of content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from vaultlint.content import has_content
from vaultlint.matching import fold
from vaultlint.model import Span
from vaultlint.parse.inline import Token
from vaultlint.parse.links import is_external
from vaultlint.parse.note import ParsedNote, Section, TextBlock
from vaultlint.parse.prose import HOLE, is_callout, prose_run
from vaultlint.parse.tree import Block
from vaultlint.schema import ContentKind, ContentSpec

#: What each kind of content is called in a message.
CONTENT_NAMES: Mapping[ContentKind, str] = {
    "note-link": "link to a note",
    "external-link": "link to the web",
    "embed": "embed",
    "image": "image",
    "drawing": "drawing",
    "table": "table",
    "list": "list",
    "task": "task",
    "quotation": "quotation",
    "callout": "callout",
    "code": "code block",
    "footnote": "footnote",
    "citekey": "citation key",
}

_TASK = re.compile(r"\[[^\[\]\n]\]\s")
_CITEKEY = re.compile(r"(?<![\w@./\\])@\{?[A-Za-z0-9_]")
_IMAGE = re.compile(r"\.(?:avif|bmp|gif|jpe?g|png|svg|webp)\Z", re.IGNORECASE)
_DRAWING = re.compile(r"\.(?:canvas|excalidraw(?:\.md)?|drawio(?:\.svg)?|tldraw)\Z", re.IGNORECASE)
#: Kinds of files that are no notes. Other endings may be part of a note's name, as in `Node.js`.
_FILE = re.compile(
    r"\.(?:3gp|avif|base|bib|bmp|canvas|csv|docx?|drawio|epub|excalidraw|flac|gif|html?|ics|jpe?g|json"
    r"|m4a|mkv|mov|mp[34]|odp|ods|odt|og[agv]|opus|pdf|png|pptx?|rtf|svg|tldraw|tsv|txt|wav|webm|webp"
    r"|xlsx?|xml|ya?ml|zip)\Z",
    re.IGNORECASE,
)
_DRAWN = frozenset(("mermaid", "excalidraw", "drawing", "plantuml", "dot", "graphviz"))


def is_empty(note: ParsedNote, section: Section, spec: ContentSpec) -> bool:
    """Does a section say nothing of its own?

    Comments, placeholders, and what the template holds are not its own.
    """
    return not has_content(note, section, template_texts(spec))


@cache
def template_texts(spec: ContentSpec) -> frozenset[str]:
    """Texts, folded, that are a template's."""
    return frozenset(map(fold, (*spec.template_text, *spec.boilerplate)))


def count_words(note: ParsedNote, blocks: Iterable[Block]) -> int:
    """The words of the prose in blocks; quotations and tables count, code does not.

    Of Chinese and Japanese, which have no spaces, each character counts.
    """
    return sum(
        _count(prose_run(text).text.replace(HOLE, " "))
        for block in blocks
        for text in note.texts_in(block)
        if text.block.kind not in ("comment", "heading")
    )


_UNSPACED = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_LETTER = re.compile(r"\w")


def _count(text: str) -> int:
    if text.isascii():
        return len(text.split())
    rest, characters = _UNSPACED.subn(" ", text)
    if not characters:
        return len(text.split())
    return characters + sum(_LETTER.search(word) is not None for word in rest.split())


def count_items(blocks: Iterable[Block]) -> int:
    """The items of lists, those in other items left out, and the rows of tables.

    What stands in quotations and callouts counts.
    """
    number = 0
    for block in blocks:
        if block.kind in ("list", "table"):
            number += len(block.children) - (block.kind == "table")
        elif block.kind == "quote":
            number += count_items(block.children)
    return number


def kinds_in(note: ParsedNote, blocks: Iterable[Block]) -> dict[ContentKind, Span]:
    """The kinds of content that stand in blocks, each with the place of the first."""
    found: dict[ContentKind, Span] = {}
    for top in blocks:
        for kind, span in (*_of_blocks(top), *_of_texts(note, top)):
            known = found.get(kind)
            if known is None or span < known:
                found[kind] = span
    return found


def _of_blocks(top: Block) -> Iterator[tuple[ContentKind, Span]]:
    for block in top.walk():
        if block.kind in ("table", "list"):
            yield block.kind, block.span
        elif block.kind == "quote":
            yield "callout" if is_callout(block) else "quotation", block.span
        elif block.kind == "footnote":
            yield "footnote", block.span
        elif block.kind == "code":
            language = block.info.split()[:1]
            drawn = bool(language) and language[0].strip("{}").lower() in _DRAWN
            yield "drawing" if drawn else "code", block.span


def _of_texts(note: ParsedNote, top: Block) -> Iterator[tuple[ContentKind, Span]]:
    for text in note.texts_in(top):
        if text.block.kind == "comment":
            continue
        holder = text.around[-1] if text.around else None
        if holder is not None and holder.kind == "item" and _TASK.match(text.text):
            yield "task", text.block.span
        for token in text.tokens:
            if not token.commented:
                for kind in _of_token(text, token):
                    yield kind, text.span(token.start, token.end)
        for key in _CITEKEY.finditer(prose_run(text).text):
            yield "citekey", prose_run(text).span(key.start(), key.end())


def _of_token(text: TextBlock, token: Token) -> Iterator[ContentKind]:
    if token.kind in ("footnote", "note"):
        yield "footnote"
    elif token.kind in ("autolink", "url"):
        yield "external-link"
    elif token.kind in ("wikilink", "embed"):
        target = text.text[token.inner : token.inner_end].partition("|")[0].partition("#")[0]
        yield from _of_target(target.strip(), is_embed=token.kind == "embed")
    elif token.kind in ("link", "image"):
        target = text.text[token.target : token.target_end]
        if token.kind == "link" and is_external(target):
            yield "external-link"
        else:
            yield from _of_target(target.partition("#")[0], is_embed=token.kind == "image")


def _of_target(path: str, *, is_embed: bool) -> Iterator[ContentKind]:
    if is_embed:
        yield "embed"
        if _DRAWING.search(path):
            yield "drawing"
        elif _IMAGE.search(path) or is_external(path):
            yield "image"
    elif path and not _FILE.search(path):
        yield "note-link"
    elif _DRAWING.search(path):
        yield "drawing"


def find_template_text(note: ParsedNote, blocks: Iterable[Block], wanted: str) -> Iterator[Span]:
    """Where a placeholder that a template holds has been left, whatever its letter case."""
    pattern = re.compile(re.escape(wanted), re.IGNORECASE)
    for block in blocks:
        for text in note.texts_in(block):
            found = pattern.search(text.text)
            if found:
                yield text.span(*found.span())
