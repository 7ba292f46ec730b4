"""VL506 unknown-property."""

from vaultlint.property_match import PropertyMatch, known_names, nearly_called
from vaultlint.property_types import DEAD_NAMES
from vaultlint.rule import Found, NoOptions, NoteContext, Shared, rule
from vaultlint.wording import hint


@rule(
    "unknown-property",
    "VL506",
    group="properties",
    applies=Shared.forbids_properties,
)
def check(match: PropertyMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A note has a property that notes of its type do not have.

    ## What it does
    Reports properties that no type of the note names, where one of them has
    `other-properties = "forbid"`. Tags, aliases and `cssclasses` may stand in any note.

    ## Why
    A misspelt name is a property that nothing reads.

    ## Bad
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    properties = { author = { optional = true } }
    other-properties = "forbid"
    ````
    ````md Books/Leviathan.md
    ---
    authors: Hobbes
    %%@1-8 unknown-property: notes of the type `book` have no property `authors`; did you mean `author`?
    ---
    ````

    ## Good
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    properties = { author = { optional = true } }
    other-properties = "forbid"
    ````
    ````md Books/Leviathan.md
    ---
    author: Hobbes
    tags: [state]
    ---
    ````
    """
    reports_dead_names = ctx.obsidian.present and ctx.shared.dialect == "obsidian"
    present = {spec.name for spec, _ in match.present}
    for unknown in match.unknown:
        if reports_dead_names and unknown.key.lower() in DEAD_NAMES:
            continue  # `deprecated-property`
        names = [name for name in known_names([match.type]) if name not in present]
        near = nearly_called(unknown.key, names)
        choices = [near] if near else []
        message = (
            f"notes of the type `{match.type.name}` have no property `{unknown.key}`{hint(choices)}"
        )
        asked_by = match.type.other_properties_origin
        yield ctx.violation(unknown.key_span, message, choices, asked_by=asked_by)
