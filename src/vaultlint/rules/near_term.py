"""VL302 near-term."""

from vaultlint.parse.note import ParsedNote
from vaultlint.prose_check import term_hits
from vaultlint.rule import Found, NoOptions, NoteContext, Shared, rule


@rule("near-term", "VL302", group="terms", severity="error", applies=Shared.has_glossary)
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A word is a likely misspelling of a term of the glossary.

    ## What it does
    Looks for words that are in no dictionary and come near to a term by the slips that people make: two
    letters swapped, one doubled or dropped, a vowel for a vowel, a neighbouring key. Inflected and
    derived forms, other scripts and names are left alone.

    ## Why
    No spelling checker knows the names and terms of a field, so nobody finds these.

    ## Bad
    ````toml vaultlint.toml
    [terms]
    glossary = ["glossary.yml"]
    ````
    ````yaml glossary.yml
    - geoeconomics
    ````
    ````md Trade.md
    Policy turns to geoeocnomics now.
    %%              ^^^^^^^^^^^^ near-term: `geoeocnomics` should be `geoeconomics`
    ````

    ## Good
    ````toml vaultlint.toml
    [terms]
    glossary = ["glossary.yml"]
    ````
    ````yaml glossary.yml
    - geoeconomics
    ````
    ````md Trade.md
    Policy turns to geoeconomics, a geoeconomic shift. `geoeocnomics`
    ````
    """
    for span, hit in term_hits(note, ctx.shared):
        if hit.reason == "near":
            message = f"`{hit.found}` should be `{hit.wanted}`"
            yield ctx.violation(span, message, [hit.wanted])
