"""VL203 misspelt-section."""

from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.sections import SectionMatch
from vaultlint.wording import short


@rule("misspelt-section", "VL203", group="structure")
def check(match: SectionMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A heading is nearly that of a section that the note's type asks for.

    ## What it does
    Where a required section is missing, looks for a heading that differs from it in one letter (two
    in longer headings), or in two neighbours that changed places. Of a configured heading with a
    `*` the fixed words are compared.

    ## Why
    The section is there, but whoever looks for it by its name does not find it.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges*" }, { heading = "References" }]
    ````
    ````md Topics/Trade.md
    ## Challanges for trade
    %% ^^^^^^^^^^^^^^^^^^^^ misspelt-section: the section `Challanges for trade` should be `Challenges for trade`
    Ports are full.

    ## Reference
    %% ^^^^^^^^^ misspelt-section: the section `Reference` should be `References`
    - [A book](https://example.org)
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges*" }, { heading = "References" }]
    ````
    ````md Topics/Trade.md
    ## Challenges for trade
    Ports are full.

    ## References
    - [A book](https://example.org)
    ````
    """
    for spec, section, wanted in match.misspelt:
        yield ctx.violation(
            section.title_span,
            f"the section `{short(section.title)}` should be `{wanted}`",
            [wanted],
            asked_by=spec.origin,
        )
