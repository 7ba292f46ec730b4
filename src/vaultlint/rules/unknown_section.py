"""VL206 unknown-section."""

from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.sections import SectionMatch
from vaultlint.wording import short


@rule("unknown-section", "VL206", group="structure")
def check(match: SectionMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A note has a section that its type does not know.

    ## What it does
    Where a type, or a section with sections of its own, says `other = "forbid"`, looks at the
    headings of the level at which the named sections stand. Headings below them are free.

    ## Why
    In notes that are made to one plan, a stray section is often a named one under another name.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    other = "forbid"
    sections = [{ heading = "Challenges" }, { heading = "Sources" }]
    ````
    ````md Topics/Trade.md
    ## Challenges
    Ports are full.

    ## Shower thoughts
    %% ^^^^^^^^^^^^^^^ unknown-section: notes of the type `topic` have no section `Shower thoughts`
    Why not rail?

    ## Sources
    - [A book](https://example.org)
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    other = "forbid"
    sections = [{ heading = "Challenges" }, { heading = "Sources" }]
    ````
    ````md Topics/Trade.md
    # Trade

    ## Challenges
    ### Ports
    They are full.

    ## Sources
    - [A book](https://example.org)
    ````
    """
    for section, asked_by in match.unknown:
        yield ctx.violation(
            section.title_span,
            f"notes of the type `{match.type.name}` have no section `{short(section.title)}`",
            asked_by=asked_by,
        )
