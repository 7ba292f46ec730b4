"""The parts of a note that links can name, found without looking through all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from vaultlint.anchors import anchors
from vaultlint.facts import Heading, Outline, heading_key
from vaultlint.model import Span

#: Fragments that name a line or a text in place of a heading.
_IS_POSITION = re.compile(r"l\d+(?:-l?\d+)?$|:~:")


class Parts:
    """The headings, block ids, footnotes and anchors of one note, by what links say of them."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline

    @cached_property
    def _headings(self) -> dict[str, list[tuple[int, Heading]]]:
        """The headings that links can lead to by their keys, each with its number."""
        found: dict[str, list[tuple[int, Heading]]] = {}
        for number, heading in enumerate(self._outline.headings):
            if heading.linkable:
                found.setdefault(heading.key, []).append((number, heading))
        return found

    @cached_property
    def _blocks(self) -> dict[str, Span]:
        """The named blocks by their ids in lower case; of equal ids the last counts (rule B8)."""
        return {block.id.lower(): block.block for block in self._outline.block_ids}

    @cached_property
    def _footnotes(self) -> dict[str, Span]:
        """The footnotes by their ids in lower case; of equal ids the first counts."""
        return {note.id.lower(): note.span for note in reversed(self._outline.footnotes)}

    @cached_property
    def _anchors(self) -> dict[str, int]:
        return anchors(heading.text for heading in self._outline.headings)

    def heading(self, parts: Iterable[str]) -> Heading | None:
        """The heading that a chain of parts names, each deeper than the one before (rule S4)."""
        last = -1
        found: Heading | None = None
        for part in parts:
            level = found.level if found else 0
            for number, heading in self._headings.get(heading_key(part), ()):
                if number > last and heading.level > level:
                    last, found = number, heading
                    break
            else:
                return None
        return found

    def block(self, block_id: str) -> Span | None:
        """The block that has an id, whatever its letter case."""
        return self._blocks.get(block_id.lower())

    def footnote(self, footnote_id: str) -> Span | None:
        """The footnote that has an id, whatever its letter case."""
        return self._footnotes.get(footnote_id.lower())

    def anchor(self, anchor: str) -> Span | None:
        """A heading by the anchor that a site makes of it, or an id that HTML gives."""
        index = self._anchors.get(anchor, self._anchors.get(anchor.removeprefix("user-content-")))
        if index is not None:
            return self._outline.headings[index].span
        known = anchor in self._html_anchors or anchor in ("top", "") or _IS_POSITION.match(anchor)
        return Span(0, 0) if known else None

    @cached_property
    def _html_anchors(self) -> frozenset[str]:
        return frozenset(self._outline.anchors)
