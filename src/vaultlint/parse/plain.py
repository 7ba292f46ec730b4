"""Blocks that need no parser: one match each finds them, with the places of their text.

Most of a note is headings, paragraphs, flat lists, fenced code and short quotes, with blank lines
between. What such a block is hangs on the first characters of its lines alone, as long as no line
begins with anything that a rule of Markdown could claim. All else is left to `markdown`, where
mistune's rules decide; both give the same tree.
"""

from __future__ import annotations

import re

from vaultlint.parse.source import Source
from vaultlint.parse.tree import Block

#: How a line begins that is text wherever it stands: in a paragraph, an item or a quote.
_TEXT = (
    r"(?:[^\s#`~>\-*+0-9=_\[<$%|:]"
    r"|\[\[|\[[^\[\]\n^][^\[\]\n]*+\]\(|\*\*?[^\s*]|__?[^\s_]|`{1,2}+(?!`)|~{1,2}+(?!~)|\$(?!\$)|%(?!%)"
    r"|[0-9]++(?:(?![0-9.)])|[.)](?=\S)))"
)
_REST = r"[^\n]*+(?:\n|\Z)"
_BLANK = r"[ \t\v\f]*+(?:\n|\Z)"
#: A line that ends any paragraph before it.
_INTERRUPTION = r"\#{1,6}[ \t]|```[^`\n]*(?:\n|\Z)"
_QUOTE_END = rf"(?={_BLANK}|{_INTERRUPTION}|[-*+]\ \S)"
_END = rf"(?={_BLANK}|{_INTERRUPTION}|[-*+]\ \S|>)"
_ITEM = rf"(?:\[[^\]\n]\]\ )?{_TEXT}{_REST}"
#: A list goes on after blank lines where a line is indented, or has a marker of the same kind.
_LIST_END = rf"(?={_INTERRUPTION}|>|[ \t\v\f]*+(?:\Z|\n(?:[ \t\v\f]*+\n)*+(?!\s|%s)))"
_BLOCK = re.compile(
    rf"(?:(?P<paragraph>(?:\ {{0,3}}+{_TEXT}{_REST})++{_END})"
    rf"|(?P<heading>(?P<marks>\#{{1,6}})[ \t]++(?P<title>[^\s\#][^\n\#]*+)(?:\n|\Z))"
    rf"|(?P<bullets>(?P<bullet>[-*+])\ {_ITEM}"
    rf"(?:(?P=bullet)\ {_ITEM})*+{_LIST_END % '(?P=bullet)'})"
    rf"|(?P<numbers>[0-9]{{1,9}}+(?P<dot>[.)])\ {_ITEM}"
    rf"(?:[0-9]{{1,9}}+(?P=dot)\ {_ITEM})*+{_LIST_END % '[0-9]'})"
    r"|(?P<code>(?P<ticks>`{3,}+)(?P<info>[\w ]*+)\n(?:(?!(?P=ticks)|\ {1,3}`)[^\n]*+\n)*+"
    r"(?P=ticks)[ \t]*+(?:\n|\Z))"
    rf"|(?P<quote>>\ (?:\[![^\]:\n]*+\](?!:)|{_TEXT}){_REST}(?:>\ {_TEXT}{_REST})*+{_QUOTE_END})"
    r")(?:[ \t\v\f]*+\n)*+"
)


def read_plain_blocks(source: Source, at: int) -> tuple[list[Block], int]:
    """The plain blocks that follow one another from `at` on, and where the first other one begins.

    `at` is the beginning of a line that no open paragraph goes on.
    """
    text = source.text
    blocks: list[Block] = []
    while found := _BLOCK.match(text, at):
        kind = found.lastgroup or ""
        first, last = found.span(kind)
        if text[last - 1] == "\n":
            last -= 1
        if kind == "paragraph":
            blocks.append(Block("paragraph", source, first, last, first, last))
        elif kind == "heading":
            title, end = found.span("title")
            end = title + len(text[title:end].rstrip(" \t\r\v\f"))
            level = found.end("marks") - first
            blocks.append(Block("heading", source, first, last, title, end, level))
        elif kind == "code":
            info = found["info"].strip()
            blocks.append(Block("code", source, first, last, first, last, 0, info))
        elif kind == "quote":
            blocks.append(_read_quote(source, first, last, found.end(kind)))
        else:
            blocks.append(_read_list(source, first, last))
        at = found.end()
    return blocks, at


def _read_list(source: Source, first: int, last: int) -> Block:
    """A list whose items are a line each."""
    text = source.text
    whole = Block("list", source, first, last, first, last)
    items = whole.children
    at = first
    while at < last:
        end = text.find("\n", at, last)
        if end < 0:
            end = last
        space = text.index(" ", at)
        item = Block("item", source, at, end, at, end, 0, text[at:space])
        item.children.append(Block("paragraph", source, space + 1, end, space + 1, end))
        items.append(item)
        at = end + 1
    whole.info = items[0].info
    whole.is_plain = True
    return whole


def _read_quote(source: Source, first: int, last: int, end: int) -> Block:
    """A quote of one paragraph, its lines marked with `> `."""
    lines = [line[2:] for line in source.text[first:last].split("\n")]
    starts, origins = [], []
    length, origin = 0, first + 2
    for line in lines:
        starts.append(length)
        origins.append(origin)
        length += len(line) + 1
        origin += len(line) + 3
    length -= 1
    inner = Source("\n".join(lines) + source.text[last:end], starts, origins, source)
    quote = Block("quote", source, first, last, first, last)
    quote.is_plain = True
    quote.children.append(Block("paragraph", inner, 0, length, 0, length))
    return quote
