"""VL403 reference-without-source."""

from vaultlint.parse.note import ParsedNote
from vaultlint.references import entries_to_judge, has_source
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("reference-without-source", "VL403", group="references")
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """An entry of a reference section is bare text.

    ## What it does
    Looks at the list items, table rows and one-per-line text of reference sections. An entry
    needs a link, a note link, a citekey, a DOI, ISBN, arXiv or PubMed number, or what a
    bibliography has: a title with its author, a year, pages, a publisher. Where not one entry of a
    section has it, and other sections follow, the section is about something else; and so is a
    table whose head names neither source nor title.

    ## Why
    A bare title was a link once, in a browser tab; nobody can follow it now.

    ## Bad
    ````md Trade.md
    ## References
    - Why the ports are full
    %%^^^^^^^^^^^^^^^^^^^^^^ reference-without-source: this reference is bare text: add a link, a DOI or ISBN, a citekey, or author and year
    ````

    ## Good
    ````md Trade.md
    ## References
    - [Why the ports are full](https://example.org/ports)
    - A. Malik, *Ports and Power* (Harbour Press, 2019)
    - [[Port statistics]], ISBN 978-3-16-148410-0
    ````
    ````md Port statistics.md
    ````
    """
    for entry in entries_to_judge(note, ctx.shared.references.names):
        if not has_source(entry):
            yield ctx.violation(
                entry.span,
                "this reference is bare text: add a link, a DOI or ISBN, a citekey, "
                "or author and year",
            )
