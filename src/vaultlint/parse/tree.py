"""The block tree: what a note's text is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from vaultlint.model import Span
from vaultlint.parse.source import Source

BlockKind = Literal[
    "paragraph",
    "heading",
    "code",
    "math",
    "html",
    "comment",
    "rule",
    "definition",
    "quote",
    "list",
    "item",
    "table",
    "row",
    "cell",
    "footnote",
]


class Block:
    """A node of the block tree.

    The block is the range `first`..`last` of `source`; where it has inline text, that is the range
    `start`..`end`. `level` is a heading's; `info` a code block's info string, a list item's
    marker, a definition's destination, a footnote's id. `is_plain`: it holds paragraphs alone.
    """

    __slots__ = (
        "children",
        "end",
        "first",
        "info",
        "is_plain",
        "kind",
        "last",
        "level",
        "source",
        "start",
    )

    def __init__(
        self,
        kind: BlockKind,
        source: Source,
        first: int,
        last: int,
        start: int,
        end: int,
        level: int = 0,
        info: str = "",
    ) -> None:
        self.kind = kind
        self.source = source
        self.first = first
        self.last = last
        self.start = start
        self.end = end
        self.level = level
        self.info = info
        self.is_plain = False
        self.children: list[Block] = []

    @property
    def span(self) -> Span:
        """The block in the file."""
        return self.source.span(self.first, self.last)

    @property
    def text(self) -> str:
        """The inline text, with LF as line end and without the marks of containers."""
        return self.source.text[self.start : self.end]

    def walk(self) -> Iterator[Block]:
        """This block and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


#: Block kinds with inline text of their own.
TEXT_KINDS: frozenset[BlockKind] = frozenset(("paragraph", "heading", "cell", "comment"))
