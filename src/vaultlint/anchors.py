"""Anchors: what a published page makes of a heading, so that `#fragment` can lead to it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable

from vaultlint.text import Finder

_OPENING = re.compile(r"!?\[|<[^<>]*+>")
_LINK_STOP = re.compile(r"[\]|]")
_CUSTOM_ID = re.compile(r"\{(?=[^{}]*+\}\s*+$)[^{}]*#([\w:.-]+)")
_EMPHASIS = re.compile(r"[*`~]|(?<!\w)_++|(?<!_)_++(?!\w)")
_DASHES = re.compile("-{2,}")

_Place = tuple[int, int, int]


def slug(text: str) -> str:
    """The anchor that GitHub makes of a heading's source text."""
    shown = _EMPHASIS.sub("", _without_links(text)).strip().lower()
    kept = (c for c in shown if c in " -_" or unicodedata.category(c)[0] in "LNM")
    return "".join(kept).replace(" ", "-")


def _without_links(text: str) -> str:
    """The text with what its links show in their place, and without HTML tags."""
    find = Finder(text).find
    stops = [stop.start() for stop in _LINK_STOP.finditer(text)] if "[[" in text else []
    pieces, at = [], 0
    while opening := _OPENING.search(text, at):
        start, inner = opening.span()
        found: _Place | None = (inner, inner, inner)
        if text[inner - 1] == "[":
            found = _read_wikilink(text, inner, stops) or _read_link(text, inner, find)
        if found is None:
            pieces.append(text[at:inner])
            at = inner
        else:
            shown, shown_end, end = found
            pieces += (text[at:start], text[shown:shown_end])
            at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _read_wikilink(text: str, inner: int, stops: list[int]) -> _Place | None:
    """What a wikilink whose second `[` is at `inner` shows: its place, and the link's end."""
    if not text.startswith("[", inner):
        return None
    index = bisect_left(stops, inner + 1)
    shown = inner + 1
    if index < len(stops) and text[stops[index]] == "|":
        shown = stops[index] + 1
        index += 1
    if index == len(stops) or not text.startswith("]]", stops[index]):
        return None
    return shown, stops[index], stops[index] + 2


def _read_link(text: str, inner: int, find: Callable[[str, int], int]) -> _Place | None:
    """What a Markdown link whose text begins at `inner` shows: its place, and the link's end."""
    close = find("]", inner)
    end = find(")", close + 2) if text.startswith("(", close + 1) else len(text)
    return None if end >= len(text) else (inner, close, end + 1)


def anchors(headings: Iterable[str]) -> dict[str, int]:
    """The anchors of a page's headings, each with the index of its heading.

    GitHub numbers equal anchors; other site generators join runs of dashes, and accept an id
    written behind the heading as `{#id}`: all these forms count.
    """
    found: dict[str, int] = {}
    seen: dict[str, int] = {}
    for index, heading in enumerate(headings):
        custom = _CUSTOM_ID.search(heading)
        if custom:
            found.setdefault(custom[1].lower(), index)
            heading = heading[: custom.start()]  # noqa: PLW2901  # the rest of the heading
        base = slug(heading)
        count = seen.get(base, 0)
        seen[base] = count + 1
        for form in (base, _DASHES.sub("-", base).strip("-")):
            found.setdefault(f"{form}-{count}" if count else form, index)
    return found
