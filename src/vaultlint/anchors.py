"""Anchors: what a published page makes of a heading, so that `#fragment` can lead to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LINK = re.compile(r"!?\[\[(?:[^\]|]*\|)?([^\]|]*)\]\]|!?\[([^\]]*)\]\([^)]*\)|<[^<>]*>")
_CUSTOM_ID = re.compile(r"\{[^{}]*#([\w:.-]+)[^{}]*\}\s*$")
_EMPHASIS = re.compile(r"[*`~]|(?<!\w)_+|_+(?!\w)")


def slug(text: str) -> str:
    """The anchor that GitHub makes of a heading's source text."""
    shown = _EMPHASIS.sub("", _LINK.sub(lambda m: m[1] or m[2] or "", text)).strip().lower()
    kept = (c for c in shown if c in " -_" or unicodedata.category(c)[0] in "LNM")
    return "".join(kept).replace(" ", "-")


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
        for form in (base, re.sub("-{2,}", "-", base).strip("-")):
            found.setdefault(f"{form}-{count}" if count else form, index)
    return found
