"""Which values belong to a type of property: as a configuration means it, and as Obsidian does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from vaultlint.facts import Property
from vaultlint.model import Span
from vaultlint.schema import PropertyType

#: The types as messages name them.
NAMES: dict[PropertyType, str] = {
    "text": "a text",
    "list": "a list",
    "number": "a number",
    "checkbox": "`true` or `false`",
    "date": "a date, like `2024-05-31`",
    "datetime": "a date with its time, like `2024-05-31T09:30`",
    "tags": "a list of tags",
}

#: What Obsidian's types are called here, where the names differ.
_OBSIDIAN_NAMES: dict[str, PropertyType] = {"multitext": "list", "aliases": "list"}

#: Names of properties that Obsidian has not read since 1.9, and those that took their place.
DEAD_NAMES = {"tag": "tags", "alias": "aliases", "cssclass": "cssclasses"}

#: Properties that any note may have, whatever its type: Obsidian's own, and this program's.
COMMON_NAMES = frozenset((*DEAD_NAMES.values(), "vaultlint"))

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]++)?+)?+(?:Z|[+-][0-9]{2}:?+[0-9]{2})?+"
_DATETIME = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})[T ]({_TIME})")
_OTHER_DATE = re.compile(r"([0-9]{4})[/._]([0-9]{1,2})[/._]([0-9]{1,2})")
_MARK = re.compile(r"[,:#\[\]{}]")
_DIGIT = re.compile(r"[0-9]")
_NUMBER = re.compile(r"[-+]?+[0-9]++(?:\.[0-9]++)?+")
_WORDS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def has_type(value: object, type: PropertyType) -> bool:
    """Has a value that is not empty exactly this type?"""
    if type == "list":
        return isinstance(value, list)
    if type == "tags":
        return isinstance(value, str) or (
            isinstance(value, list) and not any(isinstance(item, list | dict) for item in value)
        )
    if type == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if type == "checkbox":
        return isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if type == "date":
        return _is_date(value)
    return type == "text" or _is_datetime(value)


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_datetime(text: str) -> bool:
    found = _DATETIME.fullmatch(text)
    if not found:
        return False
    try:
        return bool(datetime.fromisoformat(f"{found[1]}T{found[2][:8]}".rstrip("+-Z:")))
    except ValueError:
        return False


def clashes_in_obsidian(value: object, type: str) -> PropertyType | None:
    """The type that Obsidian expects, where it surely shows that a value has another one.

    `type` is its own name for it. It reads values leniently, and of what is not known for sure
    nothing is said: numbers in quotes or as text, dates in other forms, a lone value for a list.
    """
    name = _OBSIDIAN_NAMES.get(type, type)
    is_group = isinstance(value, dict)
    clash = is_group
    if name == "text":
        clash |= isinstance(value, list)
    elif name == "number":
        clash |= isinstance(value, bool | list)
        clash |= isinstance(value, str) and not _DIGIT.search(value)
    elif name == "checkbox":
        clash |= isinstance(value, list)
        clash |= isinstance(value, str) and value.lower() not in ("true", "false")
    elif name in ("date", "datetime"):
        clash |= isinstance(value, bool | list)
        clash |= isinstance(value, str) and not _DIGIT.search(value)
    elif name in ("list", "tags"):
        items = value if isinstance(value, list) else ()
        clash |= any(isinstance(item, dict | list) for item in items)
    else:
        return None
    return name if clash else None  # type: ignore[return-value]


def misfits(
    text: str, found: Property, wanted: PropertyType
) -> Iterator[tuple[Span, str, list[str]]]:
    """What of a property does not have the type: its place, what it is, and what to write.

    Of a list that may not hold lists and groups of properties each of these is named.
    """
    inner = [pair for pair in found.values if isinstance(pair[0], list | dict)]
    if isinstance(found.value, list) and wanted in ("list", "tags"):
        for value, span in inner:
            yield span, f"there is {_describe(value)} in it", []
        return
    start, end = span = found.value_span
    suggestions = rewritten(found.value, text[start:end], wanted)
    yield span, f"it is {_describe(found.value)}", suggestions


def _describe(value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, dict):
        return "a group of properties"
    if isinstance(value, list):
        return "a list"
    shown = " ".join(str(value).split())
    return f"the text `{shown}`" if len(shown) <= 40 else "a text"


def rewritten(value: object, written: str, type: PropertyType) -> list[str]:
    """What to write for a value so that it has a type, where that is clear."""
    if isinstance(value, dict | list):
        return []
    if type == "text":
        return [f'"{written}"']
    if type == "list":
        is_bare = written == value
        return [f'["{written}"]' if is_bare and _MARK.search(written) else f"[{written}]"]
    if not isinstance(value, str):
        return []
    text = value.strip()
    if type == "number":
        return [text] if _NUMBER.fullmatch(text) else []
    if type == "checkbox":
        lower = text.lower()
        word = _WORDS.get(lower, lower)
        return [word] if word in ("true", "false") else []
    if type == "date":
        other = _OTHER_DATE.fullmatch(text)
        if other:
            text = f"{other[1]}-{int(other[2]):02}-{int(other[3]):02}"
        elif _is_datetime(text):
            text = text[:10]
        return [text] if _is_date(text) else []
    return []


def tag_items(tags: Property) -> Iterator[tuple[object, Span]]:
    """The entries of a property of tags with their places; a text may hold several, with commas."""
    value, span = tags.value, tags.value_span
    if not isinstance(value, str) or "," not in value:
        yield from tags.values
        return
    at = span.end - len(value) if span.end - span.start == len(value) else -1
    for part in value.split(","):
        name = part.strip()
        if name:
            start = at + part.index(name)
            yield name, span if at < 0 else Span(start, start + len(name))
        at += len(part) + 1 if at >= 0 else 0
