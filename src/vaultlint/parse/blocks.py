"""From a text to its block tree; mistune is imported for the notes that need it."""

from __future__ import annotations

import re

from vaultlint.parse.plain import read_plain_blocks
from vaultlint.parse.source import Source
from vaultlint.parse.tree import Block

_BLANK_LINES = re.compile(r"(?:[ \t\v\f]*+\n)*+(?:[ \t\v\f]++\Z)?")


def parse_blocks(source: Source) -> list[Block]:
    """The top-level blocks of a text, in order."""
    start = _BLANK_LINES.match(source.text)
    blocks, at = read_plain_blocks(source, start.end() if start else 0)
    if at == len(source.text):
        return blocks
    from vaultlint.parse.markdown import read_markdown_blocks

    return read_markdown_blocks(source, blocks, at)
