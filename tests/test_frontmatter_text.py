"""Properties are written into a note, and nothing else of it changes."""

from __future__ import annotations

import pytest

from vaultlint.frontmatter_text import set_properties
from vaultlint.parse.extract import parse_note

NOTE = """---
author:
f: 1.10
oct: 0777
# said before
x: 1 # in metres
empty: ~ # yet
tags:
  - a # one
  - b
nest:
  k: v
long: |
  line one
  two
---
Body: all.
"""


def change(text: str, values: dict[str, object]) -> str:
    return set_properties(text, parse_note("Note.md", text).facts.frontmatter, values)


@pytest.mark.parametrize(
    ("values", "old", "new"),
    [
        ({"author": "Ada"}, "author:\n", "author: Ada\n"),
        ({"x": "two words"}, "x: 1 #", "x: two words #"),
        ({"empty": ["a, b", 1]}, "empty: ~ #", 'empty: ["a, b", 1] #'),
        ({"tags": ["a", "c"]}, "tags:\n  - a # one\n  - b\n", "tags: [a, c]\n"),
        ({"long": "short"}, "long: |\n  line one\n  two\n", "long: short\n"),
        ({"new": True, "f": 2}, "  two\n---", "  two\nnew: true\n---"),
    ],
)
def test_one_value_changes(values: dict[str, object], old: str, new: str) -> None:
    wanted = NOTE.replace(old, new)
    if "f" in values:
        wanted = wanted.replace("f: 1.10", "f: 2")
    assert change(NOTE, values) == wanted
    assert change(NOTE.replace("\n", "\r\n"), values) == wanted.replace("\n", "\r\n")


def test_a_note_without_properties_gets_some() -> None:
    assert change("Body.\n", {"a": 1}) == "---\na: 1\n---\n\nBody.\n"
    assert change("Body.\r\n", {"a": 1}) == "---\r\na: 1\r\n---\r\n\r\nBody.\r\n"
    assert change("", {"a": None}) == "---\na:\n---\n"
    assert change(NOTE, {}) == NOTE
