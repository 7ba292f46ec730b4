"""Citation keys in the text of a note, as Pandoc reads them.

A key begins with a letter, a digit or `_`; between such characters it may hold single ones of
`:.#$%&-+?<>~/`. In square brackets stand one or more keys with what is said before and behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vaultlint.facts import Citation
from vaultlint.parse.inline import TokenKind
from vaultlint.parse.note import ParsedNote, TextBlock

_CITATION = re.compile(
    r"(?<![\w@\\/.+\ufffc])@(?:\{(?P<braced>[^{}\s\ufffc]++)\}|(?P<plain>\w++(?:[:.#$%&\-+?<>~/]\w++)*+))"
)
_GROUP = re.compile(r"(?<![\\!\]])\[(?P<inner>[^\[\]\n]*+(?:\n[^\[\]\n]++)*+)\](?![(\[:])")
#: Tokens in which keys are read.
_SHOWN: frozenset[TokenKind] = frozenset(("note",))
_HOLE = "\ufffc"


def read_citations(note: ParsedNote) -> Iterator[Citation]:
    """The citations of a note's body, in document order."""
    for text in note.text_blocks:
        if "@" in text.text and text.block.kind != "comment":
            yield from _in_text(text)


def _in_text(text: TextBlock) -> Iterator[Citation]:
    shown = _without_hidden(text)
    groups = [group.span("inner") for group in _GROUP.finditer(shown)]
    at = 0
    for found in _CITATION.finditer(shown):
        start = found.start()
        while at < len(groups) and groups[at][1] <= start:
            at += 1
        bracketed = at < len(groups) and groups[at][0] <= start
        key = found["braced"] or found["plain"]
        span = text.span(start, found.end())
        yield Citation(key, span, "bracketed" if bracketed else "bare")


def _without_hidden(text: TextBlock) -> str:
    """The text with signs that are nothing in place of what holds no keys."""
    pieces: list[str] = []
    at = 0
    for token in text.tokens:
        if token.kind not in _SHOWN and token.start >= at:
            pieces += (text.text[at : token.start], _HOLE * (token.end - token.start))
            at = token.end
    pieces.append(text.text[at:])
    return "".join(pieces)
