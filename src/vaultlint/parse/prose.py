"""Prose: what a reader reads, without marks, code, math, addresses and link targets.

Emphasis marks are taken out, so that `**c**urrent` is one word; every hole of another kind is
one U+FFFC, at which words and phrases end. Soft line breaks stay line feeds.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal, NamedTuple

from vaultlint.model import Span
from vaultlint.parse.inline import Token
from vaultlint.parse.links import hidden_marks
from vaultlint.parse.note import ParsedNote, TextBlock
from vaultlint.parse.tree import Block
from vaultlint.text import Finder

Scope = Literal["prose", "heading", "quotation"]

#: What stands for a hole in the text of a run.
HOLE = "\ufffc"

_MARKS = re.compile(
    r"(?P<escape>\\(?=[!-/:-@\[-`{-~]))"
    r"|(?P<emphasis>\*+(?=\S)|(?<=[^\s*])\*+|(?<!\w)_+(?=\S)|(?<=[^\s_])_+(?!\w)|~~|==)"
    r"|(?P<hole>&(?:\#\w{1,8}|[A-Za-z]{2,24});|\{\{[^{}\n]*+\}\})"
    r"|(?P<command><%)"
)
_LEAD = re.compile(r"\[(?:.\](?=\s)|![^\]\n]++\][+-]?)")
_ANY_MARK = re.compile(r"[\\*_~=&{<\[]")


class Run(NamedTuple):
    """A stretch of prose in one text block; `scope` says where it stands.

    `text[starts[i]:]` begins at offset `origins[i]` of the block's text, and so on to the next.
    """

    scope: Scope
    text: str
    starts: list[int]
    origins: list[int]
    block: TextBlock

    def span(self, start: int, end: int) -> Span:
        """The span in the file of a range of `text`."""
        return self.block.span(self._origin(start), self._origin(end - 1) + 1)

    def _origin(self, offset: int) -> int:
        piece = bisect_right(self.starts, offset) - 1
        return self.origins[piece] + offset - self.starts[piece]


def prose_runs(note: ParsedNote) -> Iterator[Run]:
    """The prose of a note's body, a run for each text block that has any."""
    for text in note.text_blocks:
        if text.block.kind != "comment":
            run = prose_run(text)
            if run.text.strip(f"{HOLE} \n\t"):
                yield run


def _scope(text: TextBlock) -> Scope:
    if text.block.kind == "heading":
        return "heading"
    quoted = any(block.kind == "quote" and not is_callout(block) for block in text.around)
    return "quotation" if quoted else "prose"


def is_callout(quote: Block) -> bool:
    """Is a quote a callout: does it begin with `[!type]` (rule X6)?"""
    first = quote.children[0] if quote.children else None
    return (
        first is not None
        and first.kind == "paragraph"
        and first.source.text.startswith("[!", first.start, first.end)
    )


def prose_run(text: TextBlock) -> Run:
    """The prose of one text block."""
    scope = _scope(text)
    source = text.text
    if not text.tokens and _ANY_MARK.search(source) is None:
        return Run(scope, source, [0], [0], text)
    builder = _Builder(source)
    lead = _LEAD.match(source) if text.around and text.block.kind == "paragraph" else None
    at = lead.end() if lead else 0
    if lead:
        builder.hole()
    for start, end, hole in _cuts(source, text.tokens):
        if end <= at:
            continue
        builder.prose(at, max(start, at))
        if hole:
            builder.hole()
        at = end
    builder.prose(at, len(source))
    return Run(scope, "".join(builder.parts), builder.starts or [0], builder.origins or [0], text)


class _Builder:
    def __init__(self, source: str) -> None:
        self._source = source
        self._find = Finder(source).find
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.origins: list[int] = []
        self._length = 0

    def prose(self, start: int, end: int) -> None:
        """Add source text, without its marks."""
        at = start
        marks = _MARKS.finditer(self._source, start, end)
        while mark := next(marks, None):
            after = mark.end()
            if mark.lastgroup == "command":
                after = self._find("%>", after) + 2
                if after > end:
                    continue
                marks = _MARKS.finditer(self._source, after, end)
            self._piece(at, mark.start())
            if mark.lastgroup in ("hole", "command"):
                self.hole()
            at = after
        self._piece(at, end)

    def _piece(self, start: int, end: int) -> None:
        if end > start:
            self.starts.append(self._length)
            self.origins.append(start)
            self.parts.append(self._source[start:end])
            self._length += end - start

    def hole(self) -> None:
        self.starts.append(self._length)
        self.origins.append(self.origins[-1] if self.origins else 0)
        self.parts.append(HOLE)
        self._length += 1


def _cuts(source: str, tokens: list[Token]) -> Iterator[tuple[int, int, bool]]:
    """What is no prose, in order: start, end, and whether a hole stands in its place."""
    cuts: list[tuple[int, int, bool]] = []
    for token in tokens:
        hidden = hidden_marks(source, token)
        if hidden:
            cuts += ((start, end, False) for start, end in hidden)
        elif token.kind == "note":
            cuts += ((token.start, token.inner, True), (token.inner_end, token.end, True))
        else:
            cuts.append((token.start, token.end, True))
    yield from sorted(cuts)
