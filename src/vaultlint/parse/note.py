"""A parsed note: its text, its block tree, and the inline tokens of every text block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from vaultlint.facts import NoteFacts
from vaultlint.model import Span
from vaultlint.parse.inline import Token, scan_inline
from vaultlint.parse.tree import TEXT_KINDS, Block, BlockKind


class TextBlock:
    """A block with inline text, the blocks around it from the outside in, and its tokens."""

    __slots__ = ("_tokens", "around", "block", "text")

    def __init__(
        self,
        block: Block,
        around: tuple[Block, ...],
        text: str,
        tokens: list[Token] | None = None,
    ) -> None:
        self.block = block
        self.around = around
        self.text = text
        self._tokens = tokens

    @property
    def tokens(self) -> list[Token]:
        """The inline tokens of `text`."""
        if self._tokens is None:
            self._tokens = scan_inline(self.text, commented=self.block.kind == "comment")
        return self._tokens

    def span(self, start: int, end: int) -> Span:
        """The span in the file of a range of `text`."""
        offset = self.block.start
        return self.block.source.span(offset + start, offset + end)


class ParsedNote:
    """A note as note rules see it; it is never stored.

    `text` is the whole text of the file, `blocks` the top-level blocks of its body, `body_start`
    where the body begins in `text`.
    `unquoted_links` are the places of wikilinks in the frontmatter that lack quotes (rule F7),
    `empty_links` those of links in the body that lack a target, or (true) only its heading.
    `hidden` are the places of what a link to a note has around the text that it shows, in order.
    `others` are the top-level blocks that are neither text nor plain; `tokens` are inline tokens by
    the `id` of their block, of those blocks where they were read.
    """

    def __init__(self, path: str, text: str, blocks: list[Block], body_start: int = 0) -> None:
        self.path = path
        self.text = text
        self.blocks = blocks
        self.body_start = body_start
        self.unquoted_links: tuple[Span, ...] = ()
        self.empty_links: tuple[tuple[Span, bool], ...] = ()
        self.hidden: tuple[Span, ...] = ()
        self.tokens: dict[int, list[Token]] = {}
        self.others: Sequence[Block] = blocks
        self.facts: NoteFacts

    def locate_value(self, *path: str | int, key: bool = False) -> Span:
        """Where a value of the frontmatter stands, by the keys and indexes that lead to it.

        With `key` the place of its key, where it has one. Properties know their own places and
        those of list items; this composes the frontmatter's YAML, for values at any depth.
        """
        from vaultlint.parse.frontmatter import inner_span
        from vaultlint.parse.yaml_properties import locate

        start, end = inner_span(self.text, self.facts.frontmatter)
        return locate(self.text[start:end], start, path, key=key)

    @cached_property
    def text_blocks(self) -> list[TextBlock]:
        """All blocks with inline text, in document order."""
        texts: list[TextBlock] = []
        self._collect(self.blocks, (), texts)
        return texts

    def texts_in(self, block: Block) -> list[TextBlock]:
        """The text blocks that are a block or stand in it, in document order.

        Of the blocks around them, those outside of `block` are not named.
        """
        texts: list[TextBlock] = []
        self._collect((block,), (), texts)
        return texts

    def _collect(
        self, blocks: Sequence[Block], around: tuple[Block, ...], texts: list[TextBlock]
    ) -> None:
        for block in blocks:
            if block.kind in TEXT_KINDS:
                texts.append(self._text_block(block, around))
            elif block.children:
                self._collect(block.children, (*around, block), texts)

    def _text_block(self, block: Block, around: tuple[Block, ...]) -> TextBlock:
        return TextBlock(block, around, block.text, self.tokens.get(id(block)))

    @cached_property
    def _by_kind(self) -> dict[BlockKind, list[Block]]:
        found: dict[BlockKind, list[Block]] = {}
        for top in self.others:
            for block in top.walk():
                found.setdefault(block.kind, []).append(block)
        return found

    def blocks_of(self, kind: BlockKind) -> list[Block]:
        """All blocks of a kind that is neither text nor in plain lists, in document order."""
        return self._by_kind.get(kind, [])

    @cached_property
    def sections(self) -> list[Section]:
        """The outermost sections, in document order."""
        return self._sections(self.blocks)

    @cached_property
    def opening(self) -> list[Block]:
        """The blocks before the first section; a title, a heading of level 1, begins none."""
        opening: list[Block] = []
        for block in self.blocks:
            if block.kind == "heading":
                if block.level > 1 or opening:
                    break
            else:
                opening.append(block)
        return opening

    def section_at(self, index: int) -> Section:
        """The section that begins with the top-level block of an index, a heading."""
        level = self.blocks[index].level
        end = index + 1
        while end < len(self.blocks):
            block = self.blocks[end]
            if block.kind == "heading" and block.level <= level:
                break
            end += 1
        return self._sections(self.blocks[index:end])[0]

    def _sections(self, blocks: list[Block]) -> list[Section]:
        roots: list[Section] = []
        path: list[Section] = []
        for block in blocks:
            if block.kind != "heading":
                if path:
                    path[-1].own.append(block)
                continue
            section = Section(self._text_block(block, ()))
            while path and path[-1].level >= section.level:
                path.pop()
            (path[-1].children if path else roots).append(section)
            path.append(section)
        return roots

    def all_sections(self) -> Iterator[Section]:
        """All sections at any depth, in document order."""
        for section in self.sections:
            yield from section.walk()


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

    @property
    def title_span(self) -> Span:
        """The span of the heading's text."""
        return self.heading.span(0, len(self.title))

    def walk(self) -> Iterator[Section]:
        """This section and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def blocks(self) -> Iterator[Block]:
        """All blocks of this section and those below it, without headings."""
        for section in self.walk():
            yield from section.own
