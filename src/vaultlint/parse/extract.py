"""Text in, parsed note and facts out. Nothing here raises, whatever the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vaultlint.facts import (
    BlockId,
    Heading,
    InertBlockId,
    Link,
    NoteFacts,
    Outline,
    Property,
    WebLink,
)
from vaultlint.model import Span
from vaultlint.parse.blocks import parse_blocks
from vaultlint.parse.body import read_body, read_markdown_target
from vaultlint.parse.citations import read_citations
from vaultlint.parse.frontmatter import FrontmatterBlock, read_frontmatter
from vaultlint.parse.inline import scan_inline
from vaultlint.parse.links import Target, read_web_address, read_wikilink
from vaultlint.parse.note import ParsedNote, TextBlock
from vaultlint.parse.source import Source, whole
from vaultlint.parse.suppressions import read_suppressions
from vaultlint.parse.tree import Block

#: Letter case is spelled out, for a pattern that begins with a plain character is found far faster.
_HTML_ANCHOR = re.compile(
    r"""<[a-zA-Z][^<>]*?\s(?:[iI][dD]|[nN][aA][mM][eE])\s*+=\s*+["']([^"'<>]++)["']"""
)
_QUERY = re.compile(r"^[ \t]{0,3}`{3,}[ \t]*+(?:dataview|query|base)", re.MULTILINE)
_WHITE_SPACE = re.compile(r"\s")
_ONLY_BLOCK_ID = re.compile(r"\^[A-Za-z0-9-]+")


def parse_note(path: str, text: str, damaged_at: int | None = None) -> ParsedNote:
    """Parse one note; `damaged_at` is the offset of the first byte that was not UTF-8."""
    front = read_frontmatter(text)
    note = parse_body(path, text, whole(text, front.body_start), front.body_start)
    note.unquoted_links = front.unquoted_links
    body = read_body(note)
    properties = front.facts.properties
    ids, inert = _block_ids(note) if body.has_ids else ((), ())
    outline = Outline(
        _aliases(properties),
        _titles(properties, body.headings),
        body.headings,
        ids,
        body.footnotes,
        tuple(_html_anchors(text)) if "<" in text else (),
    )
    note.facts = NoteFacts(
        path,
        front.facts,
        outline,
        _property_tags(properties),
        body.tags,
        (*_property_links(front), *body.links) if front.strings else body.links,
        inert,
        body.footnote_references,
        damaged_at,
        "```" in text and _QUERY.search(text) is not None,
        tuple(read_citations(note)) if "@" in text else (),
        None,
        (*_property_web_links(properties), *body.web_links),
        suppressions=read_suppressions(note, properties) if "vaultlint" in text else (),
    )
    return note


def _html_anchors(text: str) -> Iterator[str]:
    for anchor in _HTML_ANCHOR.finditer(text):
        yield anchor[1].lower()


def parse_body(path: str, text: str, source: Source, start: int = 0) -> ParsedNote:
    """Parse Markdown that was cut out of a file's text; the note has no facts yet."""
    return ParsedNote(path, text, parse_blocks(source), start)


def _aliases(properties: tuple[Property, ...]) -> tuple[str, ...]:
    for key, value, *_ in properties:
        if key.lower() == "aliases":
            values = value if isinstance(value, list) else [value]
            return tuple(alias for alias in values if isinstance(alias, str))
    return ()


def _titles(properties: tuple[Property, ...], headings: tuple[Heading, ...]) -> tuple[str, ...]:
    titles = [value for key, value, *_ in properties if key.lower() == "title"]
    first = [heading.text for heading in headings[:1] if heading.level == 1]
    return tuple(title for title in (*titles, *first) if isinstance(title, str))


def _property_tags(properties: tuple[Property, ...]) -> tuple[str, ...]:
    for key, value, *_ in properties:
        if key.lower() == "tags":
            values = value.split(",") if isinstance(value, str) else value
            if not isinstance(values, list):
                return ()
            names = (name.strip().removeprefix("#") for name in values if isinstance(name, str))
            return tuple("#" + name for name in names if name and not _WHITE_SPACE.search(name))
    return ()


def _property_links(front: FrontmatterBlock) -> Iterator[Link]:
    """Strings that are one whole link (rules F8, F9, F12, F15)."""
    for value, span in front.strings:
        target = read_property_link(value)
        if target is not None:
            plain = span.end - span.start == len(value)
            place = Span(span.start + target.start, span.start + target.end) if plain else span
            yield Link(
                "frontmatter", target.path, target.subpath, target.display, value, span, place
            )


def _property_web_links(properties: tuple[Property, ...]) -> Iterator[WebLink]:
    """The addresses in values of the frontmatter; those below a key or an item have its place."""
    for each in properties:
        values = each.values if isinstance(each.value, list) else [(each.value, each.value_span)]
        for value, span in values:
            for text in _texts_of(value):
                yield from _addresses_of(text, span)


def _texts_of(value: object) -> Iterator[str]:
    """The texts in a value that hold an address, at any depth."""
    if isinstance(value, str):
        if "://" in value:
            yield value
    elif isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts_of(inner)


def _addresses_of(text: str, span: Span) -> Iterator[WebLink]:
    """The addresses in a text of the frontmatter: it is one, or has links and bare addresses."""
    whole = read_web_address(text.strip(), escaped=False)
    if whole is not None:
        yield WebLink(whole, _inside(text, text.strip(), span))
        return
    for token in scan_inline(text):
        if token.kind in ("url", "autolink") and not token.in_link:
            written, escaped = text[token.inner : token.inner_end], False
        elif token.kind in ("link", "image"):
            written, escaped = text[token.target : token.target_end], True
        else:
            continue
        address = read_web_address(written, escaped=escaped)
        if address is not None:
            yield WebLink(address, _inside(text, written, span))


def _inside(text: str, written: str, span: Span) -> Span:
    """The place of what is written in a value; the value's where escapes may stand before it."""
    lead = span.end - span.start - len(text)
    if lead not in (0, 2):
        return span
    start = span.start + lead // 2 + text.index(written)
    return Span(start, start + len(written))


def read_property_link(value: str) -> Target | None:
    """The parts of a text of the frontmatter that is one whole link; None where it is none."""
    if value.startswith("[[") and value.endswith("]]") and len(value) > 4 and "\n" not in value:
        target = read_wikilink(value[2:-2])
        return target._replace(start=target.start + 2, end=target.end + 2)
    if value.startswith("[") and value.endswith(")"):
        tokens = scan_inline(value)
        if tokens and tokens[0].kind == "link" and tokens[0].end == len(value):
            return read_markdown_target(tokens[0], value)
    return None


def _block_ids(note: ParsedNote) -> tuple[tuple[BlockId, ...], tuple[InertBlockId, ...]]:
    """The block ids that name something, and those that do not (rules B1 to B10)."""
    named: dict[int, BlockId] = {}
    inert: list[InertBlockId] = []
    before = _blocks_before(note.blocks)
    for text in note.text_blocks:
        top = text.around[0] if text.around else text.block
        text_end = len(text.text.rstrip())
        for token in text.tokens:
            if token.kind != "block-id" or token.in_link or token.commented:
                continue
            name, span = text.text[token.inner : token.inner_end], text.span(token.start, token.end)
            if token.end < len(text.text):
                reason = "not-last-line" if token.end < text_end else "trailing-space"
                inert.append(InertBlockId(name, span, reason))  # type: ignore[arg-type]
                continue
            own_line = text.block.kind == "paragraph" and not text.around and token.start == 0
            owner = before[id(top)] if own_line else _owner(text, top)
            if owner is None:
                inert.append(InertBlockId(name, span, "no-block-before"))
                continue
            known = named.get(id(owner))
            if known is not None and owner.kind == "item":
                inert.append(InertBlockId(name, span, "overwritten"))
                continue
            if known is not None:
                inert.append(InertBlockId(known.id, known.span, "overwritten"))
            named[id(owner)] = BlockId(name, span, owner.span)
    ids = sorted(named.values(), key=lambda block_id: block_id.span)
    return tuple(ids), tuple(sorted(inert, key=lambda block_id: block_id.span))


def _blocks_before(blocks: list[Block]) -> dict[int, Block | None]:
    """For each top-level block the nearest one before it that is no lone block id (rule B3)."""
    before: dict[int, Block | None] = {}
    nearest: Block | None = None
    for block in blocks:
        before[id(block)] = nearest
        if not (block.kind == "paragraph" and _ONLY_BLOCK_ID.fullmatch(block.text)):
            nearest = block
    return before


def _owner(text: TextBlock, top: Block) -> Block:
    """The block that an id inside it names: a list's innermost item, else the top-level block."""
    owner = top
    if top.kind == "list":
        for block in text.around:
            if block.kind == "quote":
                break
            if block.kind == "item":
                owner = block
    return owner
