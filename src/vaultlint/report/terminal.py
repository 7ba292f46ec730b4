"""What a terminal can show: colours, safe characters, and the width that they take."""

from __future__ import annotations

import unicodedata

_STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "bold": "1",
    "faint": "2",
    "good": "32",
    "rule": "1;34",
}


def style(text: str, name: str, *, color: bool) -> str:
    """The text in a style, where colours are wanted."""
    return f"\x1b[{_STYLES[name]}m{text}\x1b[0m" if color else text


def hyperlink(text: str, address: str) -> str:
    """The text, which leads to an address on a terminal that knows OSC 8; empty: to none."""
    return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\" if address else text


def printable(text: str) -> str:
    """The text with control characters shown, so that no note can steer the terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_show(char) for char in text)


def _show(char: str) -> str:
    if char == "\t":
        return " "
    category = unicodedata.category(char)
    if category in ("Cc", "Cs"):
        return "\u2423" if char == "\n" else "\ufffd"
    hidden = category == "Cf" and char not in "\u200c\u200d"
    return f"<U+{ord(char):04X}>" if hidden else char


def width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char) or char in "\u200c\u200d\ufe0e\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
