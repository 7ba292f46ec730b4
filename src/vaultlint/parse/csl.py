"""CSL-JSON files: the items that reference managers export, and what in them cannot be read."""

from __future__ import annotations

import json
import re
from typing import Any

from vaultlint.facts import BibEntry, BibFault, Frontmatter, Library, NoteFacts
from vaultlint.model import Span
from vaultlint.parse.bibtex import MOST_FAULTS, Kept

_SPACE = re.compile(r"\s*+")
_ITEMS = re.compile(
    r"\s*+(?:\{\s*+(?:\"(?!items|references)[^\"\\]*+\"\s*+:\s*+"
    r"(?:\"(?:[^\"\\]|\\.)*+\"|[^\s,\"{}\[\]]++|\{[^{}]*+\})\s*+,\s*+)*+"
    r"\"(?:items|references)\"\s*+:\s*+)?+\["
)
_ID = re.compile(r"\"(?:id|citation-key|citationKey|citekey)\"\s*+:\s*+(\"(?:[^\"\\\n]|\\.)*+\")")
_NEXT_ITEM = re.compile(r"\}\s*+,\s*+(?=\{)")
_KEYS = ("id", "citation-key", "citationKey", "citekey")
_DECODE = json.JSONDecoder().raw_decode


def parse_csl(path: str, text: str, damaged_at: int | None = None) -> NoteFacts:
    """The facts of a CSL-JSON file. Nothing here raises, whatever the text."""
    none = Frontmatter("none", Span(0, 0))
    return NoteFacts(path, none, damaged_at=damaged_at, library=read_csl(text))


def read_csl(text: str, kept: Kept | None = None) -> Library:
    """The items of a text; those before and behind one that cannot be read count.

    Their fields are added to `kept`.
    """
    entries: list[BibEntry] = []
    faults: list[BibFault] = []
    opening = _ITEMS.match(text)
    if opening is None:
        start = len(text) - len(text.lstrip())
        message = "this is no CSL-JSON: it does not begin with a list of items"
        return Library((), (BibFault(Span(start, min(start + 1, len(text))), message),))
    at = opening.end()
    while True:
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]  # matches anything
        if text.startswith("]", at):
            break
        try:
            item, end = _DECODE(text, at)
        except (ValueError, RecursionError) as error:
            place = min(getattr(error, "pos", at), max(len(text) - 1, 0))
            reason = getattr(error, "msg", "it nests too deeply").lower()
            faults.append(BibFault(Span(place, place + 1), f"this item cannot be read: {reason}"))
            following = _NEXT_ITEM.search(text, at)
            if following is None:
                break
            at = following.end()
            continue
        entry = _read_item(item, text, at, end)
        if entry is None:
            faults.append(BibFault(Span(at, at + 1), "this item has no `id`"))
        else:
            entries.append(entry)
            if kept is not None:
                kept.append((entry, item))
        at = _SPACE.match(text, end).end()  # type: ignore[union-attr]  # matches anything
        if text.startswith(",", at):
            at += 1
        elif not text.startswith("]", at):
            place = min(at, max(len(text) - 1, 0))
            faults.append(BibFault(Span(place, place + 1), "a `,` or `]` is missing here"))
            if text.startswith("{", at):
                continue
            following = _NEXT_ITEM.search(text, at)
            if following is None:
                break
            at = following.end()
    return Library(tuple(entries), tuple(faults[:MOST_FAULTS]))


def _read_item(item: Any, text: str, start: int, end: int) -> BibEntry | None:
    keys = [str(item[key]) for key in _KEYS if item.get(key)] if isinstance(item, dict) else []
    if not keys:
        return None
    found = _ID.search(text, start, end)
    place = Span(*found.span(1)) if found else Span(start, start + 1)
    lacks = tuple(
        wanted
        for wanted in ("author/editor", "title", "issued")
        if not any(item.get(name) for name in wanted.split("/"))
    )
    ids = tuple(dict.fromkeys(key for key in keys[1:] if key != keys[0]))
    return BibEntry(keys[0], place, str(item.get("type", "")), ids, "", lacks)
