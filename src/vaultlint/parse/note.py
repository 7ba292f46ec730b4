"""A parsed note: its text, its block tree, and the inline tokens of every text block."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from vaultlint.facts import NoteFacts
from vaultlint.model import Span
from vaultlint.parse.blocks import TEXT_KINDS, Block
from vaultlint.parse.inline import Token, scan_inline


class TextBlock(NamedTuple):
    """A block with inline text, the blocks around it from the outside in, and its tokens."""

    block: Block
    around: tuple[Block, ...]
    text: str
    tokens: list[Token]

    def span(self, start: int, end: int) -> Span:
        """The span in the file of a range of `text`."""
        offset = self.block.start
        return self.block.source.span(offset + start, offset + end)


class ParsedNote:
    """A note as note rules see it; it is never stored.

    `text` is the whole text of the file, `blocks` the top-level blocks of its body,
    `unquoted_links` the places of wikilinks in the frontmatter that lack quotes (rule F7).
    """

    def __init__(self, path: str, text: str, blocks: list[Block]) -> None:
        self.path = path
        self.text = text
        self.blocks = blocks
        self.unquoted_links: tuple[Span, ...] = ()
        self.facts: NoteFacts

    @cached_property
    def text_blocks(self) -> list[TextBlock]:
        """All blocks with inline text, in document order."""
        return list(_text_blocks(self.blocks, ()))

    @cached_property
    def sections(self) -> list[Section]:
        """The outermost sections, in document order."""
        return _sections(self)

    def all_sections(self) -> Iterator[Section]:
        """All sections at any depth, in document order."""
        for section in self.sections:
            yield from section.walk()

    @cached_property
    def _texts(self) -> dict[int, list[TextBlock]]:
        texts: dict[int, list[TextBlock]] = {}
        for text in self.text_blocks:
            for block in (*text.around, text.block):
                texts.setdefault(id(block), []).append(text)
        return texts

    def texts_in(self, block: Block) -> list[TextBlock]:
        """The text blocks that are a block or stand in it, in document order."""
        return self._texts.get(id(block), [])


def _text_blocks(blocks: list[Block], around: tuple[Block, ...]) -> Iterator[TextBlock]:
    for block in blocks:
        if block.kind in TEXT_KINDS:
            text = block.text
            tokens = scan_inline(text, commented=block.kind == "comment")
            yield TextBlock(block, around, text, tokens)
        elif block.children:
            yield from _text_blocks(block.children, (*around, block))


class Section:
    """A heading with what stands below it, up to the next heading of its level or above.

    `own` are the blocks before the first subsection, `children` the subsections.
    """

    def __init__(self, heading: TextBlock) -> None:
        self.heading = heading
        self.level = heading.block.level
        self.title = heading.text
        self.own: list[Block] = []
        self.children: list[Section] = []

    @property
    def span(self) -> Span:
        """The span of the heading's block."""
        return self.heading.block.span

    def walk(self) -> Iterator[Section]:
        """This section and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def blocks(self) -> Iterator[Block]:
        """All blocks of this section and those below it, without headings."""
        for section in self.walk():
            yield from section.own


def _sections(note: ParsedNote) -> list[Section]:
    headings = {id(text.block): text for text in note.text_blocks if text.block.kind == "heading"}
    roots: list[Section] = []
    path: list[Section] = []
    for block in note.blocks:
        if block.kind != "heading":
            if path:
                path[-1].own.append(block)
            continue
        section = Section(headings[id(block)])
        while path and path[-1].level >= section.level:
            path.pop()
        (path[-1].children if path else roots).append(section)
        path.append(section)
    return roots
