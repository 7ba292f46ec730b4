"""Writes properties into the text of a note; what is not changed stays as it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from vaultlint.facts import Frontmatter, Property
from vaultlint.parse.properties import read_scalar

#: Texts that YAML reads as they stand, in a list too.
_PLAIN = re.compile(r"[^\W_](?:[\w ./@+-]*\w)?")


def set_properties(text: str, frontmatter: Frontmatter, values: Mapping[str, object]) -> str:
    """The note's text with these values of properties, in the place of those of the same name.

    `frontmatter` is the note's own, and can be read.
    """
    if not values:
        return text
    line_end = "\r\n" if "\r\n" in text else "\n"
    if frontmatter.state == "none":
        block = f"---\n{_lines(values)}---\n".replace("\n", line_end)
        return block + (f"{line_end}{text}" if text.strip() else "")
    fence = text.rindex("---", 0, frontmatter.span.end)
    known = {found.key: found for found in frontmatter.properties}
    new = {name: value for name, value in values.items() if name not in known}
    text = text[:fence] + _lines(new).replace("\n", line_end) + text[fence:]
    for found in sorted(frontmatter.properties, key=lambda each: each.key_span, reverse=True):
        if found.key in values:
            text = _replace(text, found, values[found.key])
    return text


def _replace(text: str, found: Property, value: object) -> str:
    """The text with another value of a property; a comment behind the old one stays."""
    start = text.index(":", found.key_span.end) + 1
    end = (
        max(start, found.value_span.end) if found.value_span.start < found.value_span.end else start
    )
    return f"{text[:start]} {_value(value)}".rstrip() + text[end:]


def _lines(values: Mapping[str, object]) -> str:
    return "".join(
        f"{_scalar(key)}: {_value(value)}".rstrip() + "\n" for key, value in values.items()
    )


def _value(value: object) -> str:
    if isinstance(value, list) and all(isinstance(i, str | int | float) for i in value):
        return f"[{', '.join(map(_scalar, value))}]"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return _scalar(value)


def _scalar(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    if _PLAIN.fullmatch(value) and isinstance(read_scalar(value), str):
        return value
    return json.dumps(value, ensure_ascii=False)
