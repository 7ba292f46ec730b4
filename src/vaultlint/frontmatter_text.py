"""Writes properties into the text of a note; what is not changed stays as it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from vaultlint.facts import Frontmatter
from vaultlint.parse.properties import read_scalar

#: Texts that YAML reads as they stand, in a list too.
_PLAIN = re.compile(r"[^\W_](?:[\w ./@+-]*\w)?")


def set_properties(text: str, frontmatter: Frontmatter, values: Mapping[str, object]) -> str:
    """The note's text with these values of properties, in the place of those of the same name.

    `frontmatter` is the note's own, and can be read.
    """
    if not values:
        return text
    if frontmatter.state == "none":
        return f"---\n{_lines(values)}---\n" + (f"\n{text}" if text.strip() else "")
    old = {name: value for name, value, *_ in frontmatter.properties}
    fence = text.rindex("---", 0, frontmatter.span.end)
    if not old.keys() & values.keys():
        return text[:fence] + _lines(values) + text[fence:]
    return f"---\n{_lines({**old, **values})}{text[fence:]}"


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
