"""VL507 forbidden-property."""

from vaultlint.property_match import PropertyMatch
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("forbidden-property", "VL507", group="properties")
def check(match: PropertyMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A note has a property that notes of its type must not have.

    ## What it does
    Reports properties that a type in the configuration says are `forbidden`. Where another type of the
    same note asks for the property, that is told by `contradictory-types`.

    ## Why
    Properties that were given up come back with old templates and copied notes.

    ## Bad
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    properties = { rank = { forbidden = true } }
    ````
    ````md Books/Leviathan.md
    ---
    rank: 3
    %%@1-5 forbidden-property: notes of the type `book` have no property `rank`: remove it
    ---
    ````

    ## Good
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    properties = { rank = { forbidden = true } }
    ````
    ````md Books/Leviathan.md
    ---
    rating: 3
    ---
    ````
    """
    for spec, found in match.present:
        asked = any(
            other.presence == "required" and other.name.lower() == spec.name.lower()
            for each in ctx.note_types
            for other in each.properties
        )
        if spec.presence == "forbidden" and not asked:
            owner = f"notes of the type `{match.type.name}`"
            message = f"{owner} have no property `{found.key}`: remove it"
            yield ctx.violation(found.key_span, message, asked_by=spec.origin)
