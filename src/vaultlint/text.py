"""The text of a file: decoding, and the way from offsets to lines and columns.

Offsets count code points from 0. Lines and columns count from 1; columns count code points.
A line ends with CR LF, LF or a lone CR. A byte order mark is not part of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\n|\r")


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


class Lines:
    """Finds the line and the column of offsets in one text."""

    __slots__ = ("_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(m.end() for m in _LINE_END.finditer(text))]

    def __len__(self) -> int:
        """The number of lines; an empty last line counts."""
        return len(self._starts)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset; offsets past the end stand for the end."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int = 1) -> int:
        """The offset of a line and column: the inverse of `position`.

        Raises IndexError where the text has no such line.
        """
        if line < 1:
            raise IndexError(line)
        return min(self._starts[line - 1] + column - 1, len(self.text))

    def line(self, line: int) -> str:
        """The text of one line without its line end."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")
