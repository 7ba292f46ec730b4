"""Whether a section says anything, and the entries of reference sections."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import compress
from typing import NamedTuple

from vaultlint.matching import fold, fold_heading
from vaultlint.model import Span
from vaultlint.parse.note import ParsedNote, Section, TextBlock
from vaultlint.parse.tree import Block
from vaultlint.text import Finder

_PLACEHOLDER = re.compile(r"\{\{|<%")
_PLACEHOLDER_END = {"{{": "}}", "<%": "%>"}
_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NUMBERING = re.compile(r"\A(?:\d++[.)]?|[ivx]++[.)])\s++")
_ONLY_MARKS = re.compile(r"[\s*_~=`\[\]^-]*+")


def has_content(note: ParsedNote, section: Section, ignored: frozenset[str] = frozenset()) -> bool:
    """Does a section, or one below it, hold more than comments, rules and placeholders?

    `ignored` are texts, folded, that say nothing either.
    """
    return blocks_have_content(note, section.blocks(), ignored)


def blocks_have_content(
    note: ParsedNote, blocks: Iterable[Block], ignored: frozenset[str] = frozenset()
) -> bool:
    """Does any of some blocks hold more than comments, rules and placeholders?"""
    return any(_is_content(note, block, ignored) for block in blocks)


def _is_content(note: ParsedNote, block: Block, ignored: frozenset[str]) -> bool:
    if block.kind in ("code", "math"):
        return True
    if block.kind == "html":
        return bool(_HTML_COMMENT.sub("", block.text).strip())
    return any(
        _says_something(text) and not (ignored and fold(text.text) in ignored)
        for text in note.texts_in(block)
        if text.block.kind != "comment"
    )


def _says_something(text: TextBlock) -> bool:
    if text.text[:1].isalnum():
        return True
    whole = text.text
    said, at = [], 0
    for token in text.tokens:
        comment = token.kind == "comment" or whole.startswith("<!--", token.start)
        if comment or token.kind == "block-id":
            said.append(whole[at : token.start])
            at = max(at, token.end)
    said.append(whole[at:])
    return not _ONLY_MARKS.fullmatch(_without_placeholders("".join(said)))


def _without_placeholders(text: str) -> str:
    find = Finder(text).find
    pieces, at = [], 0
    while mark := _PLACEHOLDER.search(text, at):
        end = find(_PLACEHOLDER_END[mark[0]], mark.end()) + 2
        closed = end <= len(text)
        pieces.append(text[at : mark.start() if closed else mark.end()])
        at = end if closed else mark.end()
    pieces.append(text[at:])
    return "".join(pieces)


@lru_cache(maxsize=4096)
def is_reference_heading(title: str, names: tuple[str, ...]) -> bool:
    """Is a heading's text one of the names of reference sections, whatever its case or number?"""
    return _NUMBERING.sub("", fold_heading(title)) in _folded(names)


@lru_cache(maxsize=64)
def _folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold_heading, names))


@lru_cache(maxsize=2)
def reference_sections(note: ParsedNote, names: tuple[str, ...]) -> list[Section]:
    """The reference sections of a note; a heading of level 1 is the note's title, and none."""
    headings = [heading for heading in note.facts.headings if heading.linkable]
    wanted = [h.level > 1 and is_reference_heading(h.text, names) for h in headings]
    if not any(wanted):
        return []
    places = [index for index, block in enumerate(note.blocks) if block.kind == "heading"]
    return [note.section_at(index) for index in compress(places, wanted)]


class Entry(NamedTuple):
    """An entry of a reference section: its texts (the first has the entry's place), its span."""

    texts: tuple[TextBlock, ...]
    text: str
    span: Span


def entries(note: ParsedNote, section: Section) -> Iterator[Entry]:
    """The entries of a reference section: list items, table rows, and one-per-line text.

    Other paragraphs are prose, and footnote definitions are notes: neither is an entry.
    """
    for block in section.blocks():
        if block.kind == "list":
            for item in block.children:
                yield from _entry(note.texts_in(item))
        elif block.kind == "table":
            for row in block.children[1:]:
                yield from _entry(note.texts_in(row))
        elif block.kind == "paragraph":
            yield from _lines(note.texts_in(block)[0])


def _entry(texts: list[TextBlock]) -> Iterator[Entry]:
    said = [text for text in texts if _says_something(text)]
    if said:
        joined = "\n".join(text.text for text in said)
        yield Entry(tuple(said), joined, said[0].span(0, len(said[0].text)))


def _lines(text: TextBlock) -> Iterator[Entry]:
    """The lines of a paragraph, where each begins like a title: wrapped prose does not."""
    lines = text.text.split("\n")
    if len(lines) < 2 or not all(_begins_entry(line) for line in lines):
        return
    at = 0
    starts = [token.start for token in text.tokens]
    for line in lines:
        lead = len(line) - len(line.lstrip())
        first, last = bisect_left(starts, at), bisect_left(starts, at + len(line))
        tokens = text.tokens[first:last]
        part = TextBlock(text.block, text.around, text.text, tokens)
        yield Entry((part,), line, text.span(at + lead, at + len(line.rstrip())))
        at += len(line) + 1


def _begins_entry(line: str) -> bool:
    first = line.strip().lstrip("*_\"'“‘«<[(")[:1]
    return len(line) <= 160 and (
        first.isupper() or first.isdigit() or line.strip().startswith("http")
    )
