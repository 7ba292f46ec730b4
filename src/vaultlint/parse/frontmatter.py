"""The frontmatter block: found as Obsidian finds it (rules F1 to F6)."""

from __future__ import annotations

import re
from typing import NamedTuple

from vaultlint.facts import Frontmatter
from vaultlint.model import Span
from vaultlint.parse.properties import InvalidProperties, Properties, Text, read_plain_properties

_OPENING = re.compile(r"---(?:\r\n|\n|\r)")
_CLOSING = re.compile(r"(?:(?<=\n)|(?<=\r)(?!\n))---[ \t]*(?=\r|\n|\Z)")
_LINE_END = re.compile(r"\r\n|\n|\r|\Z")
_NONE = Frontmatter("none", Span(0, 0))


class FrontmatterBlock(NamedTuple):
    """What `read_frontmatter` found: the facts, strings, and where the body begins.

    `strings` are the string values that may be links.
    """

    facts: Frontmatter
    strings: tuple[Text, ...]
    unquoted_links: tuple[Span, ...]
    body_start: int


def read_frontmatter(text: str) -> FrontmatterBlock:
    """Find and read the frontmatter of a note. Never raises."""
    opening = _OPENING.match(text)
    closing = _find_closing(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return FrontmatterBlock(_NONE, (), (), 0)
    line_end = _LINE_END.match(text, closing[1])
    body_start = line_end.end() if line_end else closing[1]
    span, start = Span(0, closing[1]), opening.end()
    try:
        found = _read(text[start : closing[0]], start)
    except InvalidProperties as error:
        error_span = Span(start + error.start, start + max(error.start, error.end))
        invalid = Frontmatter("invalid", span, (), str(error), error_span, error.duplicate)
        return FrontmatterBlock(invalid, (), (), body_start)
    if found is None:
        return FrontmatterBlock(Frontmatter("empty", span), (), (), body_start)
    facts = Frontmatter("ok", span, found.properties)
    return FrontmatterBlock(facts, found.strings, found.unquoted_links, body_start)


def inner_span(text: str, frontmatter: Frontmatter) -> Span:
    """What stands between the fences of a note's frontmatter."""
    opening = _OPENING.match(text)
    if opening is None or frontmatter.state == "none":
        return Span(0, 0)
    return Span(opening.end(), text.rindex("---", 0, frontmatter.span.end))


def _find_closing(text: str, at: int) -> tuple[int, int] | None:
    """The closing `---`, without and with the spaces behind it."""
    if text.startswith("---\n", 0):
        end = text.find("\n---\n", at - 1)
        if end >= 0 and text.find("\r", at, end) < 0 and text.find("\n---", at - 1) == end:
            return end + 1, end + 4
    closing = _CLOSING.search(text, at)
    return closing.span() if closing else None


def _read(inner: str, offset: int) -> Properties | None:
    plain = read_plain_properties(inner, offset)
    if plain is not None:
        return plain
    from vaultlint.parse.yaml_properties import read_yaml_properties

    return read_yaml_properties(inner, offset)
