"""The nearest right word, for the messages about users' errors."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` was most likely meant for; None where none is near."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(word.lower(), list(choices), scorer=fuzz.ratio, score_cutoff=60)
    return found[0] if found else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """`; did you mean `x`?` where a choice is near, else nothing."""
    near = nearest(word, choices)
    return f"; did you mean `{near}`?" if near else ""
