"""VL301 term-variant."""

from vaultlint.parse.note import ParsedNote
from vaultlint.prose_check import term_hits
from vaultlint.rule import Found, NoOptions, NoteContext, Shared, rule

_REASONS = {
    "case": "the glossary has another letter case",
    "dash": "the glossary has another dash",
    "joined": "the glossary joins it otherwise",
    "accents": "the glossary has other accents",
    "invisible": "it holds an invisible character",
}


@rule("term-variant", "VL301", group="terms", applies=Shared.has_glossary)
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A term of the glossary is written in another form.

    ## What it does
    Compares the words of prose and headings with the glossary: letter case, kinds of dashes, hyphens or
    joined writing, accents and invisible characters. Accepted forms, plurals and possessives are fine;
    code, links, quotations and the titles of sources are left alone.

    ## Why
    One term in two forms is two terms for search, for the index and for a reader in doubt.

    ## Bad
    ````toml vaultlint.toml
    [terms]
    glossary = ["glossary.yml"]
    ````
    ````yaml glossary.yml
    - Pak–US
    ````
    ````md Trade.md
    The Pak-US talks began.
    %%  ^^^^^^ term-variant: `Pak-US` should be `Pak–US`: the glossary has another dash
    ````

    ## Good
    ````toml vaultlint.toml
    [terms]
    glossary = ["glossary.yml"]
    ````
    ````yaml glossary.yml
    - Pak–US
    - {term: geoeconomics, accept: [geo-economics]}
    ````
    ````md Trade.md
    Pak–US talks turn to geo-economics. Geoeconomics it is.
    ````
    """
    for span, hit in term_hits(note, ctx.shared):
        if hit.reason in _REASONS:
            message = f"`{hit.found}` should be `{hit.wanted}`: {_REASONS[hit.reason]}"
            yield ctx.violation(span, message, [hit.wanted])
