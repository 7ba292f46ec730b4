"""VL423 unused-bib-entry."""

from vaultlint.facts import NoteFacts
from vaultlint.rule import Found, NoOptions, VaultContext, rule


@rule("unused-bib-entry", "VL423", group="references", severity="info", default=False)
def check(note: NoteFacts, ctx: VaultContext[NoOptions]) -> Found:
    """Nothing in the vault cites an entry of the bibliography.

    ## What it does
    Looks for every entry in citations, in links to literature notes, in the names of these notes,
    and in the properties `citekey` and `nocite`. Off by default: a library is often for more than
    one vault.

    ## Why
    What is not cited need not be carried along.

    ## Bad
    ````bib library.bib
    @book{malik2019, title = {Ports and Power}}
    %%    ^^^^^^^^^ unused-bib-entry: nothing cites `malik2019`
    ````
    ````md Trade.md
    Ports are full.
    ````

    ## Good
    ````bib library.bib
    @book{malik2019, title = {Ports and Power}}
    ````
    ````md Trade.md
    Ports are full [@malik2019].
    ````
    """
    used = ctx.libraries.used_keys if note.library is not None else None
    if note.library is None or used is None:
        return
    parents = {entry.crossref for entry in note.library.entries}
    named = used | parents
    for entry in note.library.entries:
        if named.isdisjoint(entry.keys) and entry.type not in ("xdata", "set"):
            yield ctx.violation(entry.span, f"nothing cites `{entry.key}`")
