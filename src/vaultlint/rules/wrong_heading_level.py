"""VL205 wrong-heading-level."""

from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.sections import SectionMatch


@rule("wrong-heading-level", "VL205", group="structure")
def check(match: SectionMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A section's heading has another level than the note's type asks for.

    ## What it does
    Looks at sections whose `level` the type gives, a number or a range. Where one heading of that
    name has the right level, others of the name are free.

    ## Why
    A heading that is too deep belongs to the section above it, for readers and for programs.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges", level = 2 }, { heading = "Sources", level = "2-3" }]
    ````
    ````md Topics/Trade.md
    # Trade

    #### Challenges
    %%@1-16 wrong-heading-level: the section `Challenges` is at level 4: notes of the type `topic` have it at level 2
    Ports are full.

    # Sources
    %%@1-10 wrong-heading-level: the section `Sources` is at level 1: notes of the type `topic` have it at level 2 to 3
    - [A book](https://example.org)
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges", level = 2 }, { heading = "Sources", level = "2-3" }]
    ````
    ````md Topics/Trade.md
    # Trade

    ## Challenges
    Ports are full.

    ### Sources
    - [A book](https://example.org)
    ````
    """
    for spec, section in match.wrong_level:
        first, last = spec.levels
        levels = f"{first}" if first == last else f"{first} to {last}"
        level = spec.written_level(section.level)
        yield ctx.violation(
            section.span,
            f"the section `{section.title}` is at level {section.level}: "
            f"notes of the type `{match.type.name}` have it at level {levels}",
            [f"{'#' * level} {section.title}"],
            asked_by=spec.origin,
        )
