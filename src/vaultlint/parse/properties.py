"""Properties as notes have them: a key and a value a line, values in quotes, lists of one level.

Such frontmatter is read without a YAML parser, and means the same with one. Of all else
`read_plain_properties` says that it is not plain, and `yaml_properties` reads it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vaultlint.facts import Property
from vaultlint.model import Span

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_CONSTANTS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

_DOUBLE = r'"[^"\\\n]*+"'
_SINGLE = r"'[^'\n]*+'"
#: A scalar without quotes: nothing in it can be a key, a comment or the end of a list.
_PLAIN = r"[^\W_](?:[^:#\n]|:(?=[!-~]))*+"
_IN_LIST = r"[^\W_][^:#,\[\]{}\n]*+"
_ITEM = rf"(?:{_DOUBLE}|{_SINGLE}|{_IN_LIST})"
_FLOW = rf"\[(?:{_ITEM}\ *+(?:,\ *+{_ITEM}\ *+)*+)?\]"
_PROPERTY = re.compile(
    r"(?P<key>[A-Za-z][A-Za-z0-9_-]*+):"
    rf"(?:\ ++(?:(?P<scalar>{_DOUBLE}|{_SINGLE}|{_PLAIN})|(?P<flow>{_FLOW}))\ *+(?:\n|\Z)"
    rf"|\ *+\n(?P<list>(?P<indent>\ *+)-\ ++(?:{_DOUBLE}|{_SINGLE}|{_PLAIN})\ *+(?:\n|\Z)"
    rf"(?:(?P=indent)-\ ++(?:{_DOUBLE}|{_SINGLE}|{_PLAIN})\ *+(?:\n|\Z))*+)(?!\ )"
    r"|\ *+(?:\n|\Z)(?![\ -]))"
)
_FLOW_ITEM = re.compile(_ITEM)


class Text(NamedTuple):
    """A string value of the frontmatter at any depth, and the place of its content."""

    value: str
    span: Span


class Properties(NamedTuple):
    """The properties, those of their strings that may be links, and links that lack quotes."""

    properties: tuple[Property, ...]
    strings: tuple[Text, ...]
    unquoted_links: tuple[Span, ...] = ()


class InvalidProperties(Exception):
    """The frontmatter cannot be read. Offsets count in its inner text."""

    def __init__(self, message: str, start: int, end: int, duplicate: str = "") -> None:
        super().__init__(message)
        self.duplicate = duplicate
        self.start = start
        self.end = end


def read_scalar(text: str) -> object:
    """The value of a scalar without quotes, by YAML 1.2's core schema."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        try:
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        except ValueError:
            return text
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def read_plain_properties(inner: str, offset: int) -> Properties | None:
    """The properties of a frontmatter's inner text, which begins at `offset` in the file.

    None where the text is not plain.
    """
    if not inner.replace("\n", "").isprintable():
        return None
    reader = _Reader(inner, offset)
    at, end = 0, len(inner)
    while at < end:
        found = _PROPERTY.match(inner, at)
        if found is None or not reader.add(found):
            return None
        at = found.end()
    return Properties(tuple(reader.properties.values()), tuple(reader.strings)) if at else None


class _Reader:
    def __init__(self, text: str, offset: int) -> None:
        self._text = text
        self._offset = offset
        self.properties: dict[str, Property] = {}
        self.strings: list[Text] = []

    def add(self, found: re.Match[str]) -> bool:
        """Add a property; false where its key stands twice."""
        key, offset = found["key"], self._offset
        if key in self.properties:
            return False
        value: object
        items: list[Span] = []
        kind = found.lastgroup
        if kind == "scalar":
            start, end = found.span("scalar")
            value, end = self._scalar(start, end)
        elif kind == "flow":
            start, end = found.span("flow")
            found_items = _FLOW_ITEM.finditer(self._text, start + 1, end - 1)
            value = [self._item(*item.span(), items) for item in found_items]
        elif kind == "list":
            value, start, end = self._list(*found.span("list"), items)
        else:
            value, start, end = None, found.end("key") + 1, found.end("key") + 1
        key_start = found.start() + offset
        self.properties[key] = Property(
            key,
            value,
            Span(key_start, key_start + len(key)),
            Span(start + offset, end + offset),
            tuple(items),
        )
        return True

    def _scalar(self, start: int, end: int) -> tuple[object, int]:
        """The value of a scalar, and where it ends without the spaces that follow."""
        quote = self._text[start]
        if quote not in "\"'":
            text = self._text[start:end].rstrip(" ")
            return read_scalar(text), start + len(text)
        text = self._text[start + 1 : end - 1]
        if text.startswith("["):
            place = Span(start + 1 + self._offset, end - 1 + self._offset)
            self.strings.append(Text(text, place))
        return text, end

    def _item(self, start: int, end: int, items: list[Span]) -> object:
        """The value of an item of a list; its place is added to `items`."""
        value, end = self._scalar(start, end)
        items.append(Span(start + self._offset, end + self._offset))
        return value

    def _list(self, start: int, end: int, items: list[Span]) -> tuple[list[object], int, int]:
        """The values of the lines of a list, where its first mark stands, and where it ends."""
        values = []
        first = self._text.index("-", start)
        while start < end:
            line_end = self._text.find("\n", start, end)
            line_end = end if line_end < 0 else line_end
            at = self._text.index("-", start) + 1
            while self._text[at] == " ":
                at += 1
            stop = at + len(self._text[at:line_end].rstrip(" "))
            values.append(self._item(at, stop, items))
            start = line_end + 1
        return values, first, stop
