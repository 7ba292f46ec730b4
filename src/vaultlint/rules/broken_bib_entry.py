"""VL425 broken-bib-entry."""

from vaultlint.rule import Bibliography, Found, NoOptions, VaultContext, rule


@rule("broken-bib-entry", "VL425", group="references", severity="error")
def check(bibliography: Bibliography, ctx: VaultContext[NoOptions]) -> Found:
    """A bibliography file cannot be read as it stands.

    ## What it does
    Reports the entries of `.bib` files of the vault, and of BibTeX and CSL-JSON files that
    `bibliography` in `[references]` names, that lack a brace, a key, a value or a comma. All others
    are read, and so is the key of the broken one.

    ## Why
    BibTeX drops the entry, and often the one behind it.

    ## Bad
    ````bib library.bib
    @book{malik2019,
    %%    ^^^^^^^^^ broken-bib-entry: the entry `malik2019` is not closed: a brace is missing
      title = {Ports and Power,
      year = 2019
    }
    @book{khan2021, title = {Freight}}
    ````

    ## Good
    ````bib library.bib
    @book{malik2019,
      title = {Ports and Power},
      year = 2019
    }
    @book{khan2021, title = {Freight}}
    ````
    """
    for fault in bibliography.library.faults:
        yield ctx.violation(fault.span, fault.message)
