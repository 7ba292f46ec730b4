"""VL117 inert-block-id."""

from collections.abc import Mapping

from vaultlint.facts import InertBlockId
from vaultlint.rule import Found, NoOptions, VaultContext, rule

_REASONS: Mapping[str, str] = {
    "not-last-line": "an id stands at the end of the whole paragraph",
    "trailing-space": "white space follows it",
    "no-block-before": "no block stands before it",
    "overwritten": "its block has another id",
}


@rule("inert-block-id", "VL117", group="links")
def check(block: InertBlockId, ctx: VaultContext[NoOptions]) -> Found:
    """A block id that is linked to names no block.

    ## What it does
    Reports text that looks like a block id, to which a link of the vault leads, but which Obsidian does
    not take as one: it is not at the end of its paragraph, white space follows it, nothing stands
    before it, or its block has another id. Ids that nothing links to are left alone.

    ## Why
    The link opens the note at its top, and the cause is hard to see.

    ## Bad
    ````md Trade.md
    Rates rose. ^rates
    %%          ^^^^^^ inert-block-id: `^rates` names no block: an id stands at the end of the whole paragraph
    They will fall again.
    ````
    ````md Aid.md
    ![[Trade#^rates]]
    ````

    ## Good
    ````md Trade.md
    Rates rose.
    They will fall again. ^rates

    Area: 4 km ^2
    in all.
    ````
    ````md Aid.md
    ![[Trade#^rates]]
    ````
    """
    if block.id.lower() in ctx.vault.wanted_block_ids(ctx.note.path):
        yield ctx.violation(block.span, f"`^{block.id}` names no block: {_REASONS[block.reason]}")
