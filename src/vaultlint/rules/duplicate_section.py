"""VL208 duplicate-section."""

from vaultlint.model import Related
from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.sections import SectionMatch
from vaultlint.wording import short


@rule("duplicate-section", "VL208", group="structure")
def check(match: SectionMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A section that the note's type names stands in it twice.

    ## What it does
    Looks for a second section of the same name beside the first, unless the type says
    `repeat = true`. Equal headings inside different sections are free.

    ## Why
    Half of what belongs together stands where nobody looks for it.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges*" }]
    ````
    ````md Topics/Trade.md
    ## Challenges
    Ports are full.

    ## Challenges ahead
    %% ^^^^^^^^^^^^^^^^ duplicate-section: notes of the type `topic` have one section `Challenges*`: this is another after `Challenges`
    Rail is slow.
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges*" }, { heading = "Case: *", repeat = true }]
    ````
    ````md Topics/Trade.md
    ## Challenges
    ### Challenges of ports
    They are full.

    ## Case: Rotterdam
    It is full.

    ## Case: Genoa
    It is not.
    ````
    """
    for spec, section, first in match.repeated:
        yield ctx.violation(
            section.title_span,
            f"notes of the type `{match.type.name}` have one section `{spec.name}`: "
            f"this is another after `{short(first.title)}`",
            related=[Related(ctx.note.path, first.span, "the first")],
            asked_by=spec.origin,
        )
