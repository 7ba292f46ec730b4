"""The text of a file: decoding, and the way from offsets to lines and columns.

Offsets count code points from 0. Lines and columns count from 1; columns count code points.
A line ends with CR LF, LF or a lone CR. A byte order mark is not part of the text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from itertools import groupby
from typing import Literal, NamedTuple

_LINE_END = re.compile(r"\r\n|\n|\r")
#: So many characters beyond ASCII in a row may hold a long run of combining marks.
_LONG_RUN = re.compile(r"(?<![^\x00-\x7f])[^\x00-\x7f]{256,}+")


class Decoded(NamedTuple):
    """A file's text, and the offset of the first byte that is not UTF-8 (None: all are)."""

    text: str
    damaged_at: int | None


def decode(data: bytes) -> Decoded:
    """Decode UTF-8, without its byte order mark; bytes that are not UTF-8 become U+FFFD."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        return Decoded(data.decode(), None)
    except UnicodeDecodeError as error:
        return Decoded(data.decode(errors="replace"), len(data[: error.start].decode()))


def normalized(form: Literal["NFC", "NFKD"], text: str) -> str:
    """What `unicodedata.normalize` gives, in a time that grows with the text's length only.

    That function sorts a run of combining marks by insertion: what is long is sorted before.
    """
    if len(text) >= 256:
        parts: Literal["NFD", "NFKD"] = "NFKD" if form == "NFKD" else "NFD"
        text = _LONG_RUN.sub(lambda run: _sort_marks(parts, run[0]), text)
    return unicodedata.normalize(form, text)


def _sort_marks(form: Literal["NFD", "NFKD"], text: str) -> str:
    taken_apart = "".join(unicodedata.normalize(form, char) for char in text)
    runs = groupby(taken_apart, lambda char: unicodedata.combining(char) > 0)
    return "".join(
        "".join(sorted(run, key=unicodedata.combining) if marks else run) for marks, run in runs
    )


class Finder:
    """Finds marks in one text for those who ask about ever later offsets.

    Each answer is remembered, so all questions together read the text once for each mark.
    """

    __slots__ = ("_next", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._next: dict[str, int] = {}

    def find(self, mark: str, at: int) -> int:
        """The offset of the next mark from `at` on; the text's length where there is none."""
        known = self._next.get(mark, -1)
        if known < at:
            known = self._text.find(mark, at)
            self._next[mark] = known = known if known >= 0 else len(self._text)
        return known


class Lines:
    """Finds the line and the column of offsets in one text.

    The text may be given as a function that reads it; it is called when something is asked that
    `known` does not tell: lines and columns of some offsets.
    """

    __slots__ = ("_known", "_read", "_starts", "_text")

    def __init__(
        self, text: str | Callable[[], str], known: dict[int, tuple[int, int]] | None = None
    ) -> None:
        self._text = text if isinstance(text, str) else ""
        self._read = None if isinstance(text, str) else text
        self._known = {} if known is None else known
        self._starts: list[int] = []

    @property
    def text(self) -> str:
        """The whole text."""
        if self._read is not None:
            self._text, self._read = self._read(), None
        return self._text

    def know(self, offset: int, position: tuple[int, int]) -> None:
        """Remember the line and column of an offset."""
        self._known[offset] = position

    def _line_starts(self) -> list[int]:
        if not self._starts:
            self._starts = [0, *(m.end() for m in _LINE_END.finditer(self.text))]
        return self._starts

    def __len__(self) -> int:
        """The number of lines; an empty last line counts."""
        return len(self._line_starts())

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset; offsets past the end stand for the end."""
        if offset in self._known:
            return self._known[offset]
        offset = min(max(offset, 0), len(self.text))
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset(self, line: int, column: int = 1) -> int:
        """The offset of a line and column: the inverse of `position`.

        Raises IndexError where the text has no such line.
        """
        if line < 1:
            raise IndexError(line)
        return min(self._line_starts()[line - 1] + column - 1, len(self.text))

    def line(self, line: int) -> str:
        """The text of one line without its line end; empty where there is no such line.

        A file may have become shorter since its lines were counted.
        """
        starts = self._line_starts()
        if not 1 <= line <= len(starts):
            return ""
        start = starts[line - 1]
        end = starts[line] if line < len(starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")
