"""Text that was cut out of a file, and the way back to the file.

Markdown containers (quotes, list items) hold text without the container's own marks. A
`Source` is such a text with the origin of its pieces, so that every offset in it leads to an
offset in the file, however deep the nesting, with CR LF and with tabs that were split.
"""

from __future__ import annotations

from bisect import bisect_right

from vaultlint.model import Span


class Source:
    """A text and where its pieces came from.

    `starts[i]` is the offset in `text` where piece `i` begins, `origins[i]` the offset of its
    first character in `parent`'s text, or in the file if there is no parent. Within a piece both
    count alike, but never past the next piece's origin (a tab that became spaces).
    """

    __slots__ = ("origins", "parent", "shift", "starts", "text")

    def __init__(
        self,
        text: str,
        starts: list[int],
        origins: list[int],
        parent: Source | None = None,
    ) -> None:
        self.text = text
        self.starts = starts
        self.origins = origins
        self.parent = parent
        #: What to add to an offset, where that is the same for the whole text.
        self.shift = origins[0] - starts[0] if parent is None and len(origins) == 1 else None

    def origin(self, offset: int) -> int:
        """The offset in the file of an offset in this text."""
        source: Source | None = self
        while source is not None:
            origins = source.origins
            if len(origins) == 1:
                offset += origins[0] - source.starts[0]
            else:
                piece = bisect_right(source.starts, offset) - 1
                offset += origins[piece] - source.starts[piece]
                if piece + 1 < len(origins) and offset > origins[piece + 1]:
                    offset = origins[piece + 1]
            source = source.parent
        return offset

    def span(self, start: int, end: int) -> Span:
        """The span in the file of a range of this text.

        The end is where the range's last character ends, not where the next one begins: the
        marks of a container on the next line are not part of it.
        """
        shift = self.shift
        if shift is not None:
            return Span(start + shift, max(start, end) + shift)
        if end <= start:
            return Span(*[self.origin(start)] * 2)
        return Span(self.origin(start), self.origin(end - 1) + 1)


def whole(text: str, start: int = 0) -> Source:
    """The text of a file from `start` on, with every line end as LF."""
    body = text[start:] if start else text
    if "\r" not in body:
        return Source(body, [0], [start])
    starts, origins, lines = [0], [start], []
    at = length = 0
    while True:
        end = body.find("\r", at)
        if end < 0:
            break
        lines.append(body[at:end] + "\n")
        length += end - at + 1
        at = end + 2 if body.startswith("\n", end + 1) else end + 1
        starts.append(length)
        origins.append(start + at)
    lines.append(body[at:])
    return Source("".join(lines), starts, origins)
