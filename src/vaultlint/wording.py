"""Phrases that the messages of several rules share."""

from __future__ import annotations

from collections.abc import Sequence

from vaultlint.facts import Link


def or_list(choices: Sequence[str]) -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{choice}`" for choice in choices]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


def short(text: str) -> str:
    """A text that fits into a message: of a long one its first 80 code points."""
    return text if len(text) <= 80 else text[:80].rstrip() + "…"


def count(number: int, unit: str) -> str:
    """`1 word`, `2 words`."""
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def hint(choices: Sequence[str]) -> str:
    """`; did you mean `a` or `b`?`, or nothing without choices."""
    return f"; did you mean {or_list(choices[:2])}?" if choices else ""


def retarget(link: Link, target: str) -> str:
    """A link's source text with another path and subpath in it."""
    start, end = (offset - link.span.start for offset in link.target)
    if link.span.end - link.span.start != len(link.raw) or not 0 <= start <= end <= len(link.raw):
        return target
    return link.raw[:start] + target + link.raw[end:]


def times(counts: Sequence[tuple[str, int]]) -> str:
    """Forms with how often each is used, as words: "`a` 4×, `b` 2× and `c` 1×"."""
    told = [f"`{form}` {count}×" for form, count in counts]
    return " and ".join(filter(None, (", ".join(told[:-1]), *told[-1:])))
