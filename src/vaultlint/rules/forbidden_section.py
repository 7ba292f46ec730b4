"""VL207 forbidden-section."""

from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.sections import SectionMatch
from vaultlint.wording import short


@rule("forbidden-section", "VL207", group="structure")
def check(match: SectionMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A note has a section that its type forbids.

    ## What it does
    Looks for the sections that a type names with `forbidden = true`.

    ## Why
    Some sections belong to drafts, or to another type of notes.

    ## Bad
    ````toml vaultlint.toml
    [types.finished]
    properties = { status = "finished" }
    sections = [{ heading = "To do", forbidden = true }]
    ````
    ````md Trade.md
    ---
    status: finished
    ---
    ## To do
    %% ^^^^^ forbidden-section: notes of the type `finished` have no section `To do`
    Look up the tonnage.
    ````

    ## Good
    ````toml vaultlint.toml
    [types.finished]
    properties = { status = "finished" }
    sections = [{ heading = "To do", forbidden = true }]
    ````
    ````md Trade.md
    ---
    status: draft
    ---
    ## To do
    Look up the tonnage.
    ````
    """
    for spec, section in match.forbidden:
        yield ctx.violation(
            section.title_span,
            f"notes of the type `{match.type.name}` have no section `{short(section.title)}`",
            asked_by=spec.origin,
        )
