"""VL424 incomplete-bib-entry."""

from vaultlint.libraries import index
from vaultlint.rule import Bibliography, Found, NoOptions, VaultContext, rule
from vaultlint.wording import or_list


@rule("incomplete-bib-entry", "VL424", group="references", default=False)
def check(bibliography: Bibliography, ctx: VaultContext[NoOptions]) -> Found:
    """An entry of the bibliography lacks author, title or year.

    ## What it does
    Asks for the fields that BibTeX and BibLaTeX want of an entry's type, as far as they are author
    or editor, title, and year or date; of types that are not known nothing is asked. An entry with
    a `crossref` has the fields of that one, which must be there. Off by default.

    ## Why
    The list of references is printed with holes.

    ## Bad
    ````bib library.bib
    @book{malik2019, title = {Ports and Power}, year = {2019}}
    %%    ^^^^^^^^^ incomplete-bib-entry: the entry `malik2019` has no `author` or `editor`
    ````

    ## Good
    ````bib library.bib
    @book{malik2019, author = {A. Malik}, title = {Ports and Power}, date = {2019-03}}
    @inbook{khan2019, author = {R. Khan}, title = {Freight}, crossref = {malik2019}}
    ````
    """
    known = index(bibliography.library)
    for entry in bibliography.library.entries:
        if entry.crossref:
            missing = [key for key in entry.crossref.split(",") if key.strip() not in known]
            if missing:
                message = (
                    f"the entry `{entry.key}` takes fields of `{missing[0]}`, which is not there"
                )
                yield ctx.violation(entry.span, message)
        else:
            for lacked in entry.lacks:
                names = or_list(lacked.split("/"))
                yield ctx.violation(entry.span, f"the entry `{entry.key}` has no {names}")
