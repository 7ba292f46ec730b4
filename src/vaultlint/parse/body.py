"""The facts of a note's body: one pass over its blocks, and over the inline tokens of those that
have any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import NamedTuple

from vaultlint.facts import Footnote, Heading, Link, LinkKind, Tag, WebLink, heading_key
from vaultlint.model import Span
from vaultlint.parse.inline import OPENER, Token, TokenKind, may_hold_url, scan_inline, url_marks
from vaultlint.parse.links import (
    Target,
    hidden_marks,
    is_simple_target,
    read_destination,
    read_obsidian_uri,
    read_web_address,
    read_wikilink,
)
from vaultlint.parse.note import ParsedNote
from vaultlint.parse.source import Source
from vaultlint.parse.tree import TEXT_KINDS, Block

_HTML_ADDRESS = re.compile(
    r"""<(?:(?P<img>img|video|audio|source|iframe|embed)|a)\b[^<>]*?\s(?:src|href)\s*=\s*(?:"(?P<d>[^"<>]*)"|'(?P<s>[^'<>]*)')""",
    re.IGNORECASE,
)
_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DEFINITION = re.compile(r"\s*(?:<(?P<angle>[^<>\n]*)>|(?P<bare>\S+))")

#: An opener of a token; where it opens a wikilink with nothing uncommon in it, or an address in
#: angle brackets, the whole token.
_OPENER_OR_TOKEN = re.compile(
    OPENER.pattern
    + r"(?:(?<=\[)\[([^\[\]\n|#]*+)(\#[^\[\]\n|]*+)?+(?:\|([^\[\]\n]*+))?+\]\]"
    + r"|(?<=<)(https?://[^\s<>:]++>))?+"
)

_LINK_TOKENS: dict[TokenKind, LinkKind] = {
    "wikilink": "wikilink",
    "embed": "embed",
    "link": "mdlink",
    "image": "mdembed",
}


class Body(NamedTuple):
    """What a body holds, in order. `has_ids`: something looks like a block id."""

    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    tags: tuple[Tag, ...]
    footnotes: tuple[Footnote, ...]
    footnote_references: tuple[Footnote, ...]
    has_ids: bool
    web_links: tuple[WebLink, ...]


def read_body(note: ParsedNote) -> Body:
    """Read the body of a note; sets its `tokens`, `others`, `empty_links` and `hidden`."""
    reader = _Reader(may_hold_url(note.text))
    if note.blocks:
        reader.sweep(note.blocks)
    note.tokens = reader.tokens
    note.others = reader.others
    note.empty_links = tuple(reader.empty_links)
    note.hidden = tuple(sorted(reader.hidden))
    reader.links.sort(key=attrgetter("span"))
    reader.web_links.sort(key=attrgetter("span"))
    return Body(
        tuple(reader.headings),
        tuple(reader.links),
        tuple(reader.tags),
        tuple(reader.footnotes),
        tuple(reader.references),
        reader.has_ids,
        tuple(reader.web_links),
    )


class _Reader:
    def __init__(self, urls: bool) -> None:
        self._urls = urls
        self.tokens: dict[int, list[Token]] = {}
        self.others: list[Block] = []
        self.headings: list[Heading] = []
        self.links: list[Link] = []
        self.tags: list[Tag] = []
        self.footnotes: list[Footnote] = []
        self.references: list[Footnote] = []
        self.empty_links: list[tuple[Span, bool]] = []
        self.hidden: list[Span] = []
        self.has_ids = False
        self.web_links: list[WebLink] = []

    def sweep(self, blocks: list[Block]) -> None:
        """Add what the top-level blocks of a body hold.

        What may begin a token is looked for in the whole text at once. Blocks in which nothing but
        common wikilinks and addresses does so are passed over, and these links read in a row.
        """
        source = blocks[0].source
        shift = source.shift
        if shift is None:
            self._sweep_slowly(blocks)
            return
        text = source.text
        links, uncommon = self._sort_openers(text)
        at, count = 0, len(uncommon)
        next_at = uncommon[0] if uncommon else len(text)
        read: list[tuple[int, int]] = []
        for block in blocks:
            kind, last = block.kind, block.last
            if kind == "heading":
                self._add_heading(block, linkable=True)
            elif kind != "paragraph" and not block.is_plain:
                self.others.append(block)
                self.read((block,))
                read.append((block.first, last))
            elif kind == "quote" and (
                OPENER.search(text, block.first, last) or may_hold_url(text, block.first, last)
            ):
                self.read(block.children)
                read.append((block.first, last))
            if next_at >= last:
                continue
            first = at
            while next_at < last:
                at += 1
                next_at = uncommon[at] if at < count else len(text)
            if block.is_plain or kind in ("paragraph", "heading"):
                self._read_uncommon(block, uncommon[first:at], read)
        self._add_links(text, shift, links, read)

    def _sort_openers(self, text: str) -> tuple[list[re.Match[str]], list[int]]:
        """The common wikilinks of a text, and where something else may begin a token."""
        links: list[re.Match[str]] = []
        uncommon: list[int] = []
        addresses: set[int] = set()
        for opener in _OPENER_OR_TOKEN.finditer(text):
            kind = opener.lastindex
            if kind is None:
                uncommon.append(opener.start())
            elif kind == 4:
                addresses.add(opener.start(4))
                links.append(opener)
            else:
                path, subpath = opener[1], opener[2]
                if is_simple_target(path + subpath if subpath else path) and subpath != "#":
                    links.append(opener)
                else:
                    uncommon.append(opener.start())
        if self._urls:
            urls = [at for at in url_marks(text) if not {at - 4, at - 5} & addresses]
            if urls:
                uncommon = sorted((*uncommon, *urls))
        return links, uncommon

    def _read_uncommon(
        self, block: Block, uncommon: list[int], read: list[tuple[int, int]]
    ) -> None:
        """Scan the texts of a block that hold something uncommon; notes what was `read`."""
        if block.kind == "quote":
            return
        texts = [item.children[0] for item in block.children] if block.is_plain else [block]
        at = 0
        for text in texts:
            while at < len(uncommon) and uncommon[at] < text.start:
                at += 1
            if at < len(uncommon) and uncommon[at] < text.end:
                self._read_text(text)
                read.append((text.start, text.end))

    def _add_links(
        self, text: str, shift: int, links: list[re.Match[str]], read: list[tuple[int, int]]
    ) -> None:
        """Add common wikilinks and addresses, but for those in ranges that were read."""
        ranges = iter(read)
        start, end = next(ranges, (len(text), len(text)))
        for link in links:
            first, last = link.span()
            while first >= end and end < len(text):
                start, end = next(ranges, (len(text), len(text)))
            if start <= first < end:
                continue
            path, subpath, display, address = link.groups()
            if address is not None:
                self._add_address(address[:-1], Span(first + 1 + shift, last - 1 + shift))
                continue
            target = first + 2
            target_end = target + len(path) + (len(subpath) if subpath else 0)
            if first and text[first - 1] == "!":
                kind: LinkKind = "embed"
                first -= 1
            else:
                kind = "wikilink"
                if display is not None:
                    self.hidden.append(Span(first + shift, target_end + 1 + shift))
                    self.hidden.append(Span(last - 2 + shift, last + shift))
            self.links.append(
                Link(
                    kind,
                    path,
                    subpath or "",
                    None if display is None else display.strip(),
                    text[first:last],
                    Span(first + shift, last + shift),
                    Span(target + shift, target_end + shift),
                )
            )

    def _sweep_slowly(self, blocks: list[Block]) -> None:
        """Add what the top-level blocks hold of a text that was cut together from pieces."""
        for block in blocks:
            if block.kind == "heading":
                self._add_heading(block, linkable=True)
                self._read_text(block)
            else:
                if block.kind != "paragraph" and not block.is_plain:
                    self.others.append(block)
                self.read((block,))

    def _add_heading(self, block: Block, *, linkable: bool) -> None:
        title = block.text
        place = block.source.span(block.start, block.end)
        self.headings.append(Heading(block.level, title, place, linkable, heading_key(title)))

    def read(self, blocks: Sequence[Block]) -> None:
        """Add what blocks hold, and those in them; links lead to no heading there."""
        for block in blocks:
            kind = block.kind
            if kind in TEXT_KINDS:
                if kind == "heading":
                    self._add_heading(block, linkable=False)
                self._read_text(block)
            elif kind == "html":
                self._read_html(block.source, block.start, block.end)
            elif kind == "definition":
                self._read_definition(block)
            else:
                if kind == "footnote":
                    self.footnotes.append(Footnote(block.info, block.span))
                self.read(block.children)

    def _read_text(self, block: Block) -> None:
        text, source, start = block.text, block.source, block.start
        tokens = scan_inline(text, commented=block.kind == "comment", urls=self._urls)
        if not tokens:
            return
        self.tokens[id(block)] = tokens
        shift = source.shift
        if shift is None:
            span: Callable[[int, int], Span] = lambda a, b: source.span(start + a, start + b)  # noqa: E731  # a name for either way
        else:
            base = shift + start
            span = lambda a, b: Span(base + a, base + b)  # noqa: E731
        for token in tokens:
            kind = token.kind
            if kind in ("wikilink", "embed"):
                self._read_wikilink(token, text, span)
            elif kind in ("link", "image"):
                self._read_markdown_link(token, text, span)
            elif kind == "tag":
                name = "#" + text[token.inner : token.inner_end]
                self.tags.append(Tag(name, span(token.start, token.end)))
            elif kind == "footnote":
                name = text[token.inner : token.inner_end]
                place = span(token.start, token.end)
                self.references.append(Footnote(name, place, token.commented))
            elif kind in ("url", "autolink"):
                if not (token.commented or token.in_link):
                    place = span(token.inner, token.inner_end)
                    self._add_address(text[token.inner : token.inner_end], place)
            elif kind == "html":
                at = start + token.start
                self._read_html(source, at, start + token.end, commented=token.commented)
            elif kind == "block-id":
                self.has_ids = True

    def _read_wikilink(self, token: Token, text: str, span: Callable[[int, int], Span]) -> None:
        inner, inner_end = token.inner, token.inner_end
        content = text[inner:inner_end]
        pipe = content.find("|", 1)
        written = content if pipe < 0 else content[:pipe]
        if is_simple_target(written):
            place = span(inner, inner + len(written))
            hash_mark = written.find("#")
            path = written if hash_mark < 0 else written[:hash_mark]
            subpath = "" if hash_mark < 0 else written[hash_mark:]
            display = None if pipe < 0 else content[pipe + 1 :].strip()
        else:
            path, subpath, display, start, end, _ = read_wikilink(content)
            place = span(inner + start, inner + end)
            if not written.strip():
                self.empty_links.append((span(token.start, token.end), False))
        if subpath[-1:] == "#" and written[-1:] == "#" and written.strip("#"):
            self.empty_links.append((span(token.start, token.end), True))
        if pipe > 0 and token.kind == "wikilink":
            self.hidden.append(span(token.start, inner + pipe + 1))
            self.hidden.append(span(inner_end, token.end))
        self.links.append(
            Link(
                "wikilink" if token.kind == "wikilink" else "embed",
                path,
                subpath,
                display,
                text[token.start : token.end],
                span(token.start, token.end),
                place,
                token.commented,
            )
        )

    def _read_markdown_link(
        self, token: Token, text: str, span: Callable[[int, int], Span]
    ) -> None:
        self.hidden += (span(*marks) for marks in hidden_marks(text, token))
        url = text[token.target : token.target_end]
        if not url.strip():
            self.empty_links.append((span(token.start, token.end), False))
        elif url[-1] == "#" and url.strip("#"):
            self.empty_links.append((span(token.start, token.end), True))
        target = read_markdown_target(token, text)
        if target is None:
            if not token.commented:
                place = span(token.target, token.target_end)
                self._add_address(url, place, escaped=True)
            return
        kind = _LINK_TOKENS[token.kind]
        if ":" in url and read_obsidian_uri(url) is not None:
            kind = "obsidian-uri"
        self.links.append(
            Link(
                kind,
                target.path,
                target.subpath,
                target.display,
                text[token.start : token.end],
                span(token.start, token.end),
                span(target.start, target.end),
                token.commented,
                target.escaped,
            )
        )

    def _add_address(self, written: str, span: Span, *, escaped: bool = False) -> None:
        """Add what leads to the web, if it does."""
        address = read_web_address(written, escaped=escaped)
        if address is not None:
            self.web_links.append(WebLink(address, span))

    def _read_html(self, source: Source, start: int, end: int, *, commented: bool = False) -> None:
        """Add addresses in HTML, where Obsidian's index does not look (rule P7)."""
        html = _HTML_COMMENT.sub(lambda m: " " * len(m[0]), source.text[start:end])
        for tag in _HTML_ADDRESS.finditer(html):
            group = "d" if tag["d"] is not None else "s"
            written = tag[group]
            target = read_destination(written, None, image=False)
            place = source.span(start + tag.start(group), start + tag.end(group))
            if target is not None:
                kind: LinkKind = "html-image" if tag["img"] else "html-link"
                path, subpath = target.path, target.subpath
                self.links.append(Link(kind, path, subpath, None, written, place, place))
            elif not commented:
                self._add_address(written, place, escaped=True)

    def _read_definition(self, block: Block) -> None:
        found = _DEFINITION.match(block.text)
        if found is None:
            return
        group = "angle" if found["angle"] is not None else "bare"
        written = found[group]
        target = read_destination(written, None, image=False)
        place = block.source.span(block.start + found.start(group), block.start + found.end(group))
        if target is not None:
            path, subpath = target.path, target.subpath
            self.links.append(Link("definition", path, subpath, None, written, place, place))
        else:
            self._add_address(written, place, escaped=True)


def read_markdown_target(token: Token, text: str) -> Target | None:
    """The target of a Markdown link's token, its place counted in the text; None: no file."""
    url = text[token.target : token.target_end]
    display = text[token.inner : token.inner_end]
    target = read_destination(url, display, image=token.kind == "image") or read_obsidian_uri(url)
    start = token.target
    return target and target._replace(start=target.start + start, end=target.end + start)
