"""Whether a section, or a text, says anything of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vaultlint.matching import fold
from vaultlint.parse.note import ParsedNote, Section, TextBlock
from vaultlint.parse.tree import Block
from vaultlint.text import Finder

_PLACEHOLDER = re.compile(r"\{\{|<%")
_PLACEHOLDER_END = {"{{": "}}", "<%": "%>"}
_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ONLY_MARKS = re.compile(r"[\s*_~=`\[\]^-]*+")


def has_content(note: ParsedNote, section: Section, ignored: frozenset[str] = frozenset()) -> bool:
    """Does a section, or one below it, hold more than comments, rules and placeholders?

    `ignored` are texts, folded, that say nothing either.
    """
    return blocks_have_content(note, section.blocks(), ignored)


def blocks_have_content(
    note: ParsedNote, blocks: Iterable[Block], ignored: frozenset[str] = frozenset()
) -> bool:
    """Does any of some blocks hold more than comments, rules and placeholders?"""
    return any(_is_content(note, block, ignored) for block in blocks)


def _is_content(note: ParsedNote, block: Block, ignored: frozenset[str]) -> bool:
    if block.kind in ("code", "math"):
        return True
    if block.kind == "html":
        return bool(_HTML_COMMENT.sub("", block.text).strip())
    return any(
        says_something(text) and not (ignored and fold(text.text) in ignored)
        for text in note.texts_in(block)
        if text.block.kind != "comment"
    )


def says_something(text: TextBlock) -> bool:
    """Does a text hold more than comments, marks, placeholders and a block id?"""
    if text.text[:1].isalnum():
        return True
    whole = text.text
    said, at = [], 0
    for token in text.tokens:
        comment = token.kind == "comment" or whole.startswith("<!--", token.start)
        if comment or token.kind == "block-id":
            said.append(whole[at : token.start])
            at = max(at, token.end)
    said.append(whole[at:])
    return not _ONLY_MARKS.fullmatch(_without_placeholders("".join(said)))


def _without_placeholders(text: str) -> str:
    find = Finder(text).find
    pieces, at = [], 0
    while mark := _PLACEHOLDER.search(text, at):
        end = find(_PLACEHOLDER_END[mark[0]], mark.end()) + 2
        closed = end <= len(text)
        pieces.append(text[at : mark.start() if closed else mark.end()])
        at = end if closed else mark.end()
    pieces.append(text[at:])
    return "".join(pieces)
