"""VL321 dash-variant."""

from vaultlint.parse.note import ParsedNote
from vaultlint.prose_check import find_dash_variants
from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.terms.dashes import OTHER_DASHES
from vaultlint.wording import times


@rule("dash-variant", "VL321", group="terms", mentions=OTHER_DASHES)
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A compound is written with another dash than elsewhere in the note.

    ## What it does
    Compares how a note writes each compound of letters in prose and headings: `Pak-US`, `Pak–US`. What
    most uses have is right; where two ways are as frequent, the en dash is proposed, which nobody types
    by chance, and the choice is yours.
    Compounds of a glossary are left to `term-variant`. Numbers, dates, quotations and titles of cited
    works are none, and em dashes part sentences.

    ## Why
    A search for one form does not find the other, and readers wonder whether they differ.

    ## Bad
    ````md Trade.md
    # Pak-US trade
    %%^^^^^^ dash-variant: the note has `Pak–US` 2× and `Pak-US` 1×: write `Pak–US`
    Talks of Pak–US trade, and Pak–US aid.
    ````

    ## Good
    ````md Trade.md
    # Pak–US trade
    Talks of Pak–US trade and aid, 1990–95 and 1996-99, and `Pak-US`.
    ````
    """
    for span, _, wanted, is_tie, ways in find_dash_variants(note, ctx.shared):
        cure = "choose one" if is_tie else f"write `{wanted}`"
        yield ctx.violation(span, f"the note has {times(ways)}: {cure}", [wanted])
