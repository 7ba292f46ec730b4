"""Placeholders of templates: where they stand, and what core templates fill into theirs.

Core templates have `{{title}}`, and `{{date}}` and `{{time}}` in a format; Templater has `<% … %>`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

#: A whole placeholder, on one line.
PLACEHOLDER = re.compile(r"\{\{[^{}\n]*+\}\}|<%[^%<\n]*+%>")
_FILLED = re.compile(r"\{\{[ \t]*+(title|date|time)[ \t]*+(?::([^{}\n]++))?\}\}", re.IGNORECASE)
#: The parts of a date format that Obsidian knows, the longest first; text in `[ ]` means itself.
_TOKEN = re.compile(
    r"\[([^\[\]]*+)\]|YYYY|YY|MMMM|MMM|MM|M|DDDD|DD|Do|D|dddd|ddd|HH|H|hh|h|mm|m|ss|s|A|a|ww|w"
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def may_hold_placeholder(text: str) -> bool:
    """Does a placeholder begin in a text, so that nobody knows what will stand there?"""
    return "{{" in text or "<%" in text


def _ordinal(number: int) -> str:
    if 10 < number % 100 < 14:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


_FORMATS: Mapping[str, Callable[[datetime], str]] = {
    "YYYY": lambda now: f"{now.year:04}",
    "YY": lambda now: f"{now.year % 100:02}",
    "MMMM": lambda now: _MONTHS[now.month - 1],
    "MMM": lambda now: _MONTHS[now.month - 1][:3],
    "MM": lambda now: f"{now.month:02}",
    "M": lambda now: str(now.month),
    "DDDD": lambda now: f"{now.timetuple().tm_yday:03}",
    "DD": lambda now: f"{now.day:02}",
    "Do": lambda now: _ordinal(now.day),
    "D": lambda now: str(now.day),
    "dddd": lambda now: _DAYS[now.weekday()],
    "ddd": lambda now: _DAYS[now.weekday()][:3],
    "HH": lambda now: f"{now.hour:02}",
    "H": lambda now: str(now.hour),
    "hh": lambda now: f"{(now.hour + 11) % 12 + 1:02}",
    "h": lambda now: str((now.hour + 11) % 12 + 1),
    "mm": lambda now: f"{now.minute:02}",
    "m": lambda now: str(now.minute),
    "ss": lambda now: f"{now.second:02}",
    "s": lambda now: str(now.second),
    "A": lambda now: "AM" if now.hour < 12 else "PM",
    "a": lambda now: "am" if now.hour < 12 else "pm",
    "ww": lambda now: f"{now.isocalendar().week:02}",
    "w": lambda now: str(now.isocalendar().week),
}


def fill_template(text: str, title: str, now: datetime) -> str:
    """A template's text with title, date and time in the place of their placeholders."""

    def fill(found: re.Match[str]) -> str:
        name = found[1].lower()
        if name == "title":
            return title
        return format_date(found[2] or ("YYYY-MM-DD" if name == "date" else "HH:mm"), now)

    return _FILLED.sub(fill, text)


def format_date(pattern: str, now: datetime) -> str:
    """A date and time in a format such as `YYYY-MM-DD`."""

    def fill(found: re.Match[str]) -> str:
        return found[1] if found[1] is not None else _FORMATS[found[0]](now)

    return _TOKEN.sub(fill, pattern)
