"""VL114 unescaped-pipe-in-table."""

import re

from vaultlint.rule import Found, NoOptions, NoteContext, TableRow, rule

_BARE_PIPE = re.compile(r"!?\[\[[^\[\]|\n]++(?<!\\)\|[^\[\]\n]*+\]\]")
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")


@rule("unescaped-pipe-in-table", "VL114", group="links", severity="error")
def check(row: TableRow, ctx: NoteContext[NoOptions]) -> Found:
    r"""A wikilink in a table has a bare `|`.

    ## What it does
    Reports a wikilink or embed with display text or a size in a table row, whose `|` has no backslash.
    The pipe ends the cell, so there is no link.

    ## Why
    The row gets a cell too many, and the reader sees the broken halves of a link.

    ## Bad
    ````md Trade.md
    | Year | Law |
    | --- | --- |
    | 1947 | [[Tariffs|the law]] |
    %%       ^^^^^^^^^^^^^^^^^^^ unescaped-pipe-in-table: in a table the `|` of a link needs a backslash
    ````
    ````md Tariffs.md
    ````

    ## Good
    ````md Trade.md
    | Year | Law |
    | --- | --- |
    | 1947 | [[Tariffs\|the law]] |
    | 1948 | `[[Tariffs|the law]]` |

    Text [[Tariffs|the law]].
    ````
    ````md Tariffs.md
    ````
    """
    block = row.block
    backticks, at = 0, block.start
    for link in _BARE_PIPE.finditer(block.source.text, block.start, block.end):
        backticks += block.source.text.count("`", at, link.start())
        at = link.start()
        if backticks % 2:
            continue
        yield ctx.violation(
            block.source.span(*link.span()),
            "in a table the `|` of a link needs a backslash",
            [_UNESCAPED_PIPE.sub(r"\|", link[0])],
        )
