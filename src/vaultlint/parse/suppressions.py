"""Suppressions: `<!-- vaultlint-disable… -->`, `%% vaultlint-disable… %%`, and the frontmatter's.

Comments count wherever they are comments: not in code, and not in maths.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from vaultlint.facts import Property, SuppressedName, Suppression
from vaultlint.model import Span
from vaultlint.parse.note import ParsedNote
from vaultlint.parse.tree import Block

#: The property that speaks to this program.
PROPERTY = "vaultlint"

_BEGINNING = "vaultlint-"
_DIRECTIVE = re.compile(r"\s*+vaultlint-(?P<word>[^\s,]*+)")
_REASON = re.compile(r"(?<=\s)--(?=\s|\Z)")
_NAME = re.compile(r"[^\s,]++")
_LINE_END = re.compile(r"\r\n|\n|\r")
#: What a line may hold that has nothing on it: white space, and the marks of quotes.
_NOTHING = " \t\r\n\f\v>"


class _Comment(NamedTuple):
    """A comment in a block's source: all of it, and what stands between its marks.

    `is_closed`: it has an end of its own.
    """

    block: Block
    start: int
    end: int
    inner: int
    inner_end: int
    is_closed: bool = True

    def span(self, start: int, end: int) -> Span:
        """The place in the file of a range of the source."""
        return self.block.source.span(start, end)


def read_suppressions(note: ParsedNote, properties: Iterable[Property]) -> tuple[Suppression, ...]:
    """The suppressions of a note, in order. Never raises."""
    found: list[Suppression] = []
    for named in properties:
        if named.key.lower() == PROPERTY:
            found += _read_property(named, note.text)
    if _BEGINNING in note.text:
        comments = [
            comment
            for comment in _comments(note)
            if _DIRECTIVE.match(comment.block.source.text, comment.inner, comment.inner_end)
        ]
        comments.sort(key=lambda comment: comment.span(comment.start, comment.end))
        if comments:
            found += _Reader(note.text).read(comments)
    return tuple(found)


def _comments(note: ParsedNote) -> Iterator[_Comment]:
    """The comments of a note that can hold a suppression; those inside of one are not told."""
    for text in note.text_blocks:
        block, end = text.block, 0
        if _BEGINNING not in text.text:
            continue
        if block.kind == "comment":
            source = block.source.text
            closed = block.last >= block.end + 2
            yield _Comment(block, block.first, block.last, block.start, block.end, closed)
            if _DIRECTIVE.match(source, block.start, block.end):
                continue
        for token in text.tokens:
            is_html = token.kind == "html" and text.text.startswith("<!--", token.start)
            if token.start >= end and (is_html or token.kind == "comment"):
                at, inner = block.start + token.start, block.start + token.inner
                stop, inner_end = block.start + token.end, block.start + token.inner_end
                comment = _Comment(block, at, stop, inner, inner_end)
                if _DIRECTIVE.match(text.text, token.inner, token.inner_end):
                    end = token.end
                yield comment
    for block in note.blocks_of("html"):
        yield from _html_comments(block)


def _html_comments(block: Block) -> Iterator[_Comment]:
    text, at, last = block.source.text, block.start, block.end
    while (start := text.find("<!--", at, last)) >= 0:
        close = text.find("-->", start + 4, last)
        if close < 0:
            yield _Comment(block, start, last, start + 4, last, False)
            return
        at = close + 3
        yield _Comment(block, start, at, start + 4, close)


class _Reader:
    """Reads comments that begin as suppressions do, the last first: some look on to the next."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
        #: Of lines that hold one suppression and nothing else, the line that counts as theirs.
        self._next: dict[int, int] = {}

    def read(self, comments: list[_Comment]) -> list[Suppression]:
        """The suppressions in comments that are in order."""
        found = [self._read(comment) for comment in reversed(comments)]
        found.reverse()
        return found

    def _read(self, comment: _Comment) -> Suppression:
        text = comment.block.source.text
        span = comment.span(comment.start, comment.end)
        begins = _DIRECTIVE.match(text, comment.inner, comment.inner_end)
        assert begins is not None
        first, last = self._line(span.start), self._line(max(span.start, span.end - 1))
        after = self._find_next(last + 1)
        is_alone = not (
            self._text[self._starts[first] : span.start].strip(_NOTHING)
            or self._text[span.end : self._start(last + 1)].strip(_NOTHING)
        )
        if is_alone:
            self._next[first] = after
        if not comment.is_closed:
            return Suppression("", span, (), Span(span.start, span.start), False)
        reason = _REASON.search(text, begins.end(), comment.inner_end)
        stop = reason.start() if reason else comment.inner_end
        names = tuple(
            SuppressedName(name[0], comment.span(*name.span()))
            for name in _NAME.finditer(text, begins.end(), stop)
        )
        explained = reason is not None and not text[reason.end() : comment.inner_end].isspace()
        explained = explained and reason is not None and reason.end() < comment.inner_end
        scope = {
            "disable": Span(span.start, len(self._text) + 1),
            "disable-file": Span(0, len(self._text) + 1),
            "disable-line": self._line_span(first),
            "disable-next-line": self._line_span(after),
        }.get(begins["word"], Span(span.start, span.start))
        return Suppression(begins["word"], span, names, scope, explained)

    def _line(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def _start(self, line: int) -> int:
        return self._starts[line] if line < len(self._starts) else len(self._text) + 1

    def _line_span(self, line: int) -> Span:
        return Span(self._start(line), self._start(line + 1))

    def _find_next(self, line: int) -> int:
        """The first line from one on that holds anything but a suppression alone."""
        while line < len(self._starts):
            if line in self._next:
                return self._next[line]
            if self._text[self._start(line) : self._start(line + 1)].strip(_NOTHING):
                return line
            line += 1
        return line


def _locate(names: Iterable[str], text: str, within: Span) -> Iterator[SuppressedName]:
    """Names with their places in a value; one that is written otherwise has the value's."""
    at = text.find("disable", *within)
    for name in names:
        start = text.find(name, at, within.end) if at >= 0 else -1
        at = start if start < 0 else start + len(name)  # one search in vain is the last
        yield SuppressedName(name, within if start < 0 else Span(start, at))


def _read_property(named: Property, text: str) -> Iterator[Suppression]:
    """What the property says: `disable` with the names of rules, and perhaps a `reason`."""
    nowhere = Span(named.key_span.start, named.key_span.start)
    value, place = named.value, Span(named.key_span.start, named.value_span.end)
    if not isinstance(value, dict):
        yield Suppression("", named.key_span, (), nowhere, False, True)
        return
    for key, given in value.items():
        if key == "reason":
            continue
        given = [given] if isinstance(given, str) else given  # noqa: PLW2901  # one name is a list of one
        if key != "disable":
            yield Suppression(str(key), named.key_span, (), nowhere, False, True)
        elif isinstance(given, list) and all(isinstance(name, str) for name in given):
            names = [part for name in given for part in _NAME.findall(name)]
            if names:
                reason = value.get("reason")
                explained = isinstance(reason, str) and bool(reason.strip())
                found = tuple(_locate(names, text, named.value_span))
                everywhere = Span(0, len(text) + 1)
                yield Suppression("disable-file", place, found, everywhere, explained, True)
        else:
            yield Suppression("", named.key_span, (), nowhere, False, True)
