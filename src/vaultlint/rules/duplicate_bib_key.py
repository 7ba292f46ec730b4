"""VL422 duplicate-bib-key."""

from vaultlint.facts import BibEntry
from vaultlint.model import Related, Span
from vaultlint.rule import Bibliography, Found, NoOptions, VaultContext, rule


@rule("duplicate-bib-key", "VL422", group="references")
def check(bibliography: Bibliography, ctx: VaultContext[NoOptions]) -> Found:
    """Two entries of the bibliography have the same key.

    ## What it does
    Compares the keys of entries in every bibliography file of the vault, and between those that
    `bibliography` in `[references]` names. Keys are equal where their letter case is.

    ## Why
    A citation leads to one of the two; which one hangs on the program.

    ## Bad
    ````bib library.bib
    @book{malik2019, title = {Ports and Power}}
    @book{malik2019, title = {Freight}}
    %%    ^^^^^^^^^ duplicate-bib-key: the key `malik2019` stands twice: give this entry another
    ````

    ## Good
    ````bib library.bib
    @book{malik2019a, title = {Ports and Power}}
    @book{malik2019b, title = {Freight}}
    ````
    """
    path = ctx.note.path
    configured = ctx.libraries.configured
    before = configured[: configured.index(path)] if path in configured else ()
    first: dict[str, BibEntry] = {}
    for entry in bibliography.library.entries:
        known = first.setdefault(entry.key, entry)
        if known is not entry:
            yield ctx.violation(
                entry.span,
                f"the key `{entry.key}` stands twice: give this entry another",
                related=[Related(path, known.span, "first here")],
            )
            continue
        other = next((p for p in before if entry.key in (ctx.libraries.keys_of(p) or ())), None)
        if other is not None:
            related = (
                [Related(other, Span(0, 0), "in this file")] if ctx.vault.has_file(other) else []
            )
            yield ctx.violation(
                entry.span,
                f"the key `{entry.key}` stands in `{other}` too: give one of them another",
                related=related,
            )
