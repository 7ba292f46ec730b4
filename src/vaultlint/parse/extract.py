"""Text in, parsed note and facts out. Nothing here raises, whatever the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from vaultlint.facts import (
    BlockId,
    Footnote,
    Heading,
    InertBlockId,
    Link,
    LinkKind,
    NoteFacts,
    Outline,
    Property,
    Tag,
    heading_key,
)
from vaultlint.model import Span
from vaultlint.parse.blocks import parse_blocks
from vaultlint.parse.frontmatter import FrontmatterBlock, read_frontmatter
from vaultlint.parse.inline import Token, TokenKind, scan_inline
from vaultlint.parse.links import (
    Target,
    hidden_marks,
    read_destination,
    read_obsidian_uri,
    read_wikilink,
)
from vaultlint.parse.note import ParsedNote, TextBlock
from vaultlint.parse.properties import Text
from vaultlint.parse.source import Source, whole
from vaultlint.parse.tree import Block

_HTML_ADDRESS = re.compile(
    r"""<(?:(?P<img>img|video|audio|source|iframe|embed)|a)\b[^<>]*?\s(?:src|href)\s*=\s*(?:"(?P<d>[^"<>]*)"|'(?P<s>[^'<>]*)')""",
    re.IGNORECASE,
)
_HTML_ANCHOR = re.compile(r"""<[a-z][^<>]*?\s(?:id|name)\s*=\s*["']([^"'<>]+)["']""", re.IGNORECASE)
_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ONLY_BLOCK_ID = re.compile(r"\^[A-Za-z0-9-]+")
_DEFINITION = re.compile(r"\s*(?:<(?P<angle>[^<>\n]*)>|(?P<bare>\S+))")


def parse_note(path: str, text: str, damaged_at: int | None = None) -> ParsedNote:
    """Parse one note; `damaged_at` is the offset of the first byte that was not UTF-8."""
    front = read_frontmatter(text)
    note = parse_body(path, text, whole(text, front.body_start), front.body_start)
    note.unquoted_links = front.unquoted_links
    body = read_body(note)
    properties = front.facts.properties
    ids, inert = _block_ids(note) if body.has_ids else ((), ())
    headings = tuple(
        Heading(t.block.level, t.text, t.span(0, len(t.text)), not t.around, heading_key(t.text))
        for t in note.text_blocks
        if t.block.kind == "heading"
    )
    outline = Outline(
        _aliases(properties),
        _titles(properties, headings),
        headings,
        ids,
        tuple(Footnote(block.info, block.span) for block in note.blocks_of("footnote")),
        tuple(_html_anchors(text)) if "<" in text else (),
    )
    note.facts = NoteFacts(
        path,
        front.facts,
        outline,
        _property_tags(properties),
        body.tags,
        (*_property_links(front), *body.links),
        inert,
        body.footnote_references,
        damaged_at,
    )
    return note


def _html_anchors(text: str) -> Iterator[str]:
    for anchor in _HTML_ANCHOR.finditer(text):
        yield anchor[1].lower()


def parse_body(path: str, text: str, source: Source, start: int = 0) -> ParsedNote:
    """Parse Markdown that was cut out of a file's text; the note has no facts yet."""
    return ParsedNote(path, text, parse_blocks(source), start)


class Body(NamedTuple):
    """What the inline tokens of a body say. `has_ids`: something looks like a block id."""

    links: tuple[Link, ...]
    tags: tuple[Tag, ...]
    footnote_references: tuple[Footnote, ...]
    has_ids: bool


def read_body(note: ParsedNote) -> Body:
    """The facts of a note's inline tokens, in order; sets the note's `empty_links` and `hidden`."""
    links: list[Link] = []
    tags: list[Tag] = []
    references: list[Footnote] = []
    empty: list[tuple[Span, bool]] = []
    hidden: list[Span] = []
    has_ids = False
    for block in note.text_blocks:
        text = block.text
        for token in block.tokens:
            kind = token.kind
            if kind in _LINK_TOKENS:
                links += _token_links(block, token)
                hidden += (block.span(*place) for place in hidden_marks(text, token))
                lacks_heading = _lacks_heading(token, text)
                if lacks_heading is not None:
                    empty.append((block.span(token.start, token.end), lacks_heading))
            elif kind == "tag":
                name = "#" + text[token.inner : token.inner_end]
                tags.append(Tag(name, block.span(token.start, token.end)))
            elif kind == "footnote":
                name = text[token.inner : token.inner_end]
                references.append(Footnote(name, block.span(token.start, token.end)))
            elif kind == "html":
                start = block.block.start
                links += _html_links(block.block.source, start + token.start, start + token.end)
            elif kind == "block-id":
                has_ids = True
    for html in note.blocks_of("html"):
        links += _html_links(html.source, html.start, html.end)
    for definition in note.blocks_of("definition"):
        links += _definition_link(definition)
    links.sort(key=attrgetter("span"))
    note.empty_links = tuple(empty)
    note.hidden = tuple(sorted(hidden))
    return Body(tuple(links), tuple(tags), tuple(references), has_ids)


def _lacks_heading(token: Token, text: str) -> bool | None:
    """Is there nothing behind the `#` of a link's target? None: there is, or no `#`.

    False where there is no target at all.
    """
    if token.kind in ("wikilink", "embed"):
        target = text[token.inner : token.inner_end].partition("|")[0]
    else:
        target = text[token.target : token.target_end]
    if not target.strip():
        return False
    return True if target[-1] == "#" and target.strip("#") else None


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
            return tuple("#" + name for name in names if name and not re.search(r"\s", name))
    return ()


def _property_links(front: FrontmatterBlock) -> Iterator[Link]:
    """Strings that are one whole link (rules F8, F9, F12, F15)."""
    for value, span in front.strings:
        target = _read_property(Text(value, span))
        if target is not None:
            plain = span.end - span.start == len(value)
            place = Span(span.start + target.start, span.start + target.end) if plain else span
            yield Link(
                "frontmatter", target.path, target.subpath, target.display, value, span, place
            )


def _read_property(text: Text) -> Target | None:
    value = text.value
    if value.startswith("[[") and value.endswith("]]") and len(value) > 4 and "\n" not in value:
        target = read_wikilink(value[2:-2])
        return target._replace(start=target.start + 2, end=target.end + 2)
    if value.startswith("[") and value.endswith(")"):
        tokens = scan_inline(value)
        if tokens and tokens[0].kind == "link" and tokens[0].end == len(value):
            return _read_link(tokens[0], value)
    return None


def _read_link(token: Token, text: str) -> Target | None:
    """The target of a token, its place counted in the token's text; None: no file of the vault."""
    if token.kind in ("wikilink", "embed"):
        target: Target | None = read_wikilink(text[token.inner : token.inner_end])
        offset = token.inner
    else:
        url = text[token.target : token.target_end]
        display = text[token.inner : token.inner_end]
        target = read_destination(url, display, image=token.kind == "image") or read_obsidian_uri(
            url
        )
        offset = token.target
    return target and target._replace(start=target.start + offset, end=target.end + offset)


_LINK_TOKENS: dict[TokenKind, LinkKind] = {
    "wikilink": "wikilink",
    "embed": "embed",
    "link": "mdlink",
    "image": "mdembed",
}


def _token_links(block: TextBlock, token: Token) -> Iterator[Link]:
    """The link that a token is, if it leads to a file."""
    text = block.text
    target = _read_link(token, text)
    if target is None:
        return
    kind = _LINK_TOKENS[token.kind]
    if (
        kind in ("mdlink", "mdembed")
        and read_obsidian_uri(text[token.target : token.target_end]) is not None
    ):
        kind = "obsidian-uri"
    yield Link(
        kind,
        target.path,
        target.subpath,
        target.display,
        text[token.start : token.end],
        block.span(token.start, token.end),
        block.span(target.start, target.end),
        token.commented,
        target.escaped,
    )


def _html_links(source: Source, start: int, end: int) -> Iterator[Link]:
    """Addresses in HTML, where Obsidian's index does not look (rule P7)."""
    html = _HTML_COMMENT.sub(lambda m: " " * len(m[0]), source.text[start:end])
    for tag in _HTML_ADDRESS.finditer(html):
        group = "d" if tag["d"] is not None else "s"
        target = read_destination(tag[group], None, image=False)
        if target is not None:
            place = source.span(start + tag.start(group), start + tag.end(group))
            kind = "html-image" if tag["img"] else "html-link"
            yield Link(kind, target.path, target.subpath, None, tag[group], place, place)  # type: ignore[arg-type]


def _definition_link(block: Block) -> Iterator[Link]:
    found = _DEFINITION.match(block.text)
    if found is None:
        return
    group = "angle" if found["angle"] is not None else "bare"
    target = read_destination(found[group], None, image=False)
    if target is not None:
        place = block.source.span(block.start + found.start(group), block.start + found.end(group))
        yield Link("definition", target.path, target.subpath, None, found[group], place, place)


def _block_ids(note: ParsedNote) -> tuple[tuple[BlockId, ...], tuple[InertBlockId, ...]]:
    """The block ids that name something, and those that do not (rules B1 to B10)."""
    named: dict[int, BlockId] = {}
    inert: list[InertBlockId] = []
    before = _blocks_before(note.blocks)
    for text in note.text_blocks:
        top = text.around[0] if text.around else text.block
        for token in text.tokens:
            if token.kind != "block-id" or token.in_link or token.commented:
                continue
            name, span = text.text[token.inner : token.inner_end], text.span(token.start, token.end)
            if token.end < len(text.text):
                rest = text.text[token.end :]
                reason = "not-last-line" if rest.strip() else "trailing-space"
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
