"""VL204 misplaced-section."""

from vaultlint.model import Related
from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.sections import SectionMatch
from vaultlint.wording import short


@rule("misplaced-section", "VL204", group="structure")
def check(match: SectionMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A section stands out of the order that the note's type asks for.

    ## What it does
    Compares the order of sections where a type, or a section with sections of its own, says
    `order = "as-listed"`. Of all ways to put them in order the one that moves the fewest is told.
    Sections that the type does not name may stand anywhere.

    ## Why
    A reader who knows the order finds the place without looking for it.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    order = "as-listed"
    sections = [{ heading = "Challenges" }, { heading = "Opportunities" }, { heading = "Sources" }]
    ````
    ````md Topics/Trade.md
    ## Sources
    %% ^^^^^^^ misplaced-section: the section `Sources` belongs after `Opportunities`
    - [A book](https://example.org)

    ## Challenges
    Ports are full.

    ## Opportunities
    Rail is cheap.
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    order = "as-listed"
    sections = [{ heading = "Challenges" }, { heading = "Opportunities" }, { heading = "Sources" }]
    ````
    ````md Topics/Trade.md
    ## Challenges
    Ports are full.

    ## History
    They were built in 1960.

    ## Opportunities
    Rail is cheap.

    ## Sources
    - [A book](https://example.org)
    ````
    """
    for spec, section, neighbour, is_late in match.misplaced:
        where = "before" if is_late else "after"
        yield ctx.violation(
            section.title_span,
            f"the section `{short(section.title)}` belongs {where} `{short(neighbour.title)}`",
            related=[Related(ctx.note.path, neighbour.span, "the other section")],
            asked_by=spec.origin,
        )
