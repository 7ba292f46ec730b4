"""VL508 duplicate-property-value."""

from vaultlint.facts import NoteFacts
from vaultlint.model import Related, Span
from vaultlint.property_match import specs_of
from vaultlint.rule import Found, NoOptions, Shared, VaultContext, rule
from vaultlint.template_text import may_hold_placeholder
from vaultlint.wording import or_list


@rule(
    "duplicate-property-value",
    "VL508",
    group="properties",
    applies=Shared.has_unique_values,
)
def check(note: NoteFacts, ctx: VaultContext[NoOptions]) -> Found:
    """Two notes have the same value of a property that is unique.

    ## What it does
    Looks at the properties that a type in the configuration says are `unique`, and at all notes of
    that type. Empty values and placeholders of templates are equal to none.

    ## Why
    An id that two notes have leads to one of them only.

    ## Bad
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    properties = { id = { unique = true } }
    ````
    ````md Books/Leviathan.md
    ---
    id: 17
    %%@5-7 duplicate-property-value: `17` is the `id` of `Books/Republic.md` too: it must be of one note only
    ---
    ````
    ````md Books/Republic.md
    ---
    id: 17
    %%@5-7 duplicate-property-value: `17` is the `id` of `Books/Leviathan.md` too: it must be of one note only
    ---
    ````

    ## Good
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    properties = { id = { unique = true } }
    ````
    ````md Books/Leviathan.md
    ---
    id: 17
    ---
    ````
    ````md Notes/Seventeen.md
    ---
    id: 17
    ---
    ````
    """
    for spec in specs_of(ctx.note_types):
        found = note.frontmatter.find(spec.name) if spec.unique else None
        for value, span in found.values if found else ():
            if value is None or isinstance(value, list | dict) or may_hold_placeholder(str(value)):
                continue
            owners = [each.name for each in ctx.shared.types.values() if spec in each.properties]
            others = [
                path
                for path in ctx.vault.notes_with(spec.name, value)
                if path != note.path and any(ctx.has_type(path, owner) for owner in owners)
            ]
            if others:
                related = [Related(path, Span(0, 0), "the other note") for path in others]
                what = f"`{value}` is the `{spec.name}` of {or_list(others[:3])} too"
                message = f"{what}: it must be of one note only"
                yield ctx.violation(span, message, related=related, asked_by=spec.origin)
