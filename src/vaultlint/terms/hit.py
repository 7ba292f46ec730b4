"""What is found in a text: words that should be others."""

from __future__ import annotations

from typing import Literal, NamedTuple

Reason = Literal[
    "case",
    "dash",
    "joined",
    "accents",
    "invisible",
    "forbidden",
    "near",
    "phrase",
    "misspelling",
    "doubled",
]


class Hit(NamedTuple):
    """Words that should be others.

    `found` is the text from `start` to `end` (code points, half-open), `wanted` what should
    stand there. `reason` names the difference that tells most: a glossary's term in other
    letter case, with another dash, joined or hyphenated otherwise, with other accents, with
    invisible characters; a form that the glossary forbids; a likely misspelling of a term; an
    entry of a table of phrases or of misspellings; a word that stands twice in a row.
    """

    start: int
    end: int
    found: str
    wanted: str
    reason: Reason
