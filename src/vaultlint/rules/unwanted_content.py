"""VL212 unwanted-content."""

from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.section_content import CONTENT_NAMES, kinds_in
from vaultlint.sections import SectionMatch


@rule("unwanted-content", "VL212", group="structure")
def check(match: SectionMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A section holds a kind of content that the note's type forbids there.

    ## What it does
    Looks for what a type lists in `not-contains`, with the names that `contains` has. The first
    of each kind is told.

    ## Why
    An open task in a finished note, or a drawing in a summary, is in the wrong place.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Summary", not-contains = ["task"] }]
    ````
    ````md Topics/Trade.md
    ## Summary
    Ports are full.
    - [ ] look up the tonnage
    %%^^^^^^^^^^^^^^^^^^^^^^^ unwanted-content: a task stands in the section `Summary`, where notes of the type `topic` have none
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Summary", not-contains = ["task"] }]
    ````
    ````md Topics/Trade.md
    ## Summary
    Ports are full.

    ## To do
    - [ ] look up the tonnage
    ````
    """
    for spec, section in match.found:
        unwanted = spec.content.not_contains
        kinds = kinds_in(match.note, section.blocks()) if unwanted else {}
        for kind in unwanted:
            if kind in kinds:
                name = CONTENT_NAMES[kind]
                article = "an" if name[0] in "aei" else "a"
                yield ctx.violation(
                    kinds[kind],
                    f"{article} {name} stands in the section `{section.title}`, "
                    f"where notes of the type `{match.type.name}` have none",
                    asked_by=spec.origin,
                )
