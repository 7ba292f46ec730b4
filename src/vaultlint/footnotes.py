"""The footnotes of a note: their definitions with the places of their labels, and their uses."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from vaultlint.model import Span
from vaultlint.parse.note import ParsedNote
from vaultlint.parse.tree import Block

_CALL = re.compile(r"\[\^([^\]\[\s]++)\]")


class Definition(NamedTuple):
    """A footnote's definition. `key` is what ids are compared by, `span` the place of `[^id]:`."""

    id: str
    key: str
    span: Span
    block: Block


@lru_cache(maxsize=2)
def definitions(note: ParsedNote) -> list[Definition]:
    """The definitions of footnotes, in document order."""
    if not note.facts.footnotes:
        return []
    found = []
    for block in note.blocks_of("footnote"):
        start = block.source.text.index("[^", block.first)
        label = block.source.span(start, start + len(block.info) + 4)
        found.append(Definition(block.info, block.info.lower(), label, block))
    return found


def called_keys(note: ParsedNote) -> set[str]:
    """The keys of all footnotes that are called, in HTML too, where other programs show them."""
    called = {call.id.lower() for call in note.facts.footnote_references if not call.commented}
    for block in note.blocks_of("html"):
        called.update(call.lower() for call in _CALL.findall(block.text))
    return called


def has_footnote(note: ParsedNote) -> bool:
    """Does a note call a footnote that it defines, or hold an inline note?"""
    if not called_keys(note).isdisjoint(definition.key for definition in definitions(note)):
        return True
    return any(
        token.kind == "note" and not token.commented
        for tokens in note.tokens.values()
        for token in tokens
    )
