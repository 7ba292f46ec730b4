"""VL123 dead-end-note."""

from vaultlint.facts import NoteFacts
from vaultlint.model import Span
from vaultlint.rule import Found, NoOptions, VaultContext, rule


@rule("dead-end-note", "VL123", group="links", severity="info", default=False)
def check(note: NoteFacts, ctx: VaultContext[NoOptions]) -> Found:
    """A note links to nothing.

    ## What it does
    Reports notes without any link that leads to another file of the vault.

    ## Why
    A note without links adds nothing to what the vault knows of its neighbours.

    ## Bad
    ````md Tariffs.md
    %%@note dead-end-note: this note links to nothing
    Text.
    ````

    ## Good
    ````md Trade.md
    See [[Tariffs]].
    ````
    ````md Tariffs.md
    See [[Trade]].
    ````
    """
    if note.path.endswith(".md") and not ctx.vault.targets(note.path) - {note.path}:
        yield ctx.violation(Span(0, 0), "this note links to nothing")
