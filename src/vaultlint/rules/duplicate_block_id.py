"""VL116 duplicate-block-id."""

from vaultlint.facts import BlockId, NoteFacts
from vaultlint.model import Related
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("duplicate-block-id", "VL116", group="links", mentions=("^",))
def check(note: NoteFacts, ctx: NoteContext[NoOptions]) -> Found:
    """Two blocks of a note have the same id.

    ## What it does
    Compares the block ids of a note, whatever their letter case. A link leads to the last one.

    ## Why
    Links and embeds show another passage than the one they were made for.

    ## Bad
    ````md Trade.md
    Rates rose. ^rates

    Rates fell. ^Rates
    %%          ^^^^^^ duplicate-block-id: the block id `Rates` stands twice: links lead to the last one
    ````

    ## Good
    ````md Trade.md
    Rates rose. ^rates-1

    Rates fell. ^rates-2
    ````
    """
    first: dict[str, BlockId] = {}
    for block in note.block_ids:
        known = first.setdefault(block.id.lower(), block)
        if known is not block:
            yield ctx.violation(
                block.span,
                f"the block id `{block.id}` stands twice: links lead to the last one",
                related=[Related(note.path, known.span, "first here")],
            )
