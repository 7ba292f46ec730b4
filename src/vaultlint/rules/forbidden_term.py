"""VL305 forbidden-term."""

from vaultlint.parse.note import ParsedNote
from vaultlint.prose_check import term_hits
from vaultlint.rule import Found, NoOptions, NoteContext, Shared, rule


@rule("forbidden-term", "VL305", group="terms", severity="error", applies=Shared.has_glossary)
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A form stands in the text that the glossary forbids.

    ## What it does
    Looks in prose and headings for the forms that glossary entries list under `forbid`.

    ## Why
    The owner has decided against the form: another name, an outdated one, or a wrong one.

    ## Bad
    ````toml vaultlint.toml
    [terms]
    glossary = ["glossary.yml"]
    ````
    ````yaml glossary.yml
    - {term: Balochistan, forbid: [Baluchistan]}
    ````
    ````md Trade.md
    The ports of Baluchistan are full.
    %%           ^^^^^^^^^^^ forbidden-term: `Baluchistan` should be `Balochistan`: the glossary forbids it
    ````

    ## Good
    ````toml vaultlint.toml
    [terms]
    glossary = ["glossary.yml"]
    ````
    ````yaml glossary.yml
    - {term: Balochistan, forbid: [Baluchistan]}
    ````
    ````md Trade.md
    The ports of Balochistan are full.
    ````
    """
    for span, hit in term_hits(note, ctx.shared):
        if hit.reason == "forbidden":
            message = f"`{hit.found}` should be `{hit.wanted}`: the glossary forbids it"
            yield ctx.violation(span, message, [hit.wanted])
