"""VL122 orphan-note."""

from vaultlint.facts import NoteFacts
from vaultlint.model import Span
from vaultlint.rule import Found, NoOptions, VaultContext, rule


@rule("orphan-note", "VL122", group="links", severity="info", default=False)
def check(note: NoteFacts, ctx: VaultContext[NoOptions]) -> Found:
    """No note links to a note.

    ## What it does
    Reports notes to which no link, embed, canvas or base of the vault leads. Links from a note to
    itself do not count.

    ## Why
    What nothing links to is found by search alone, and soon not at all.

    ## Bad
    ````md Trade.md
    %%@note orphan-note: nothing links to this note
    See [[Tariffs]].
    ````
    ````md Tariffs.md
    ````

    ## Good
    ````md Trade.md
    See [[Tariffs]].
    ````
    ````md Tariffs.md
    See [[Trade]].
    ````
    """
    if note.path.endswith(".md") and not ctx.vault.backlinks(note.path) - {note.path}:
        yield ctx.violation(Span(0, 0), "nothing links to this note")
