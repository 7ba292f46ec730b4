"""VL505 invalid-property-value."""

from vaultlint.property_match import PropertyMatch
from vaultlint.property_values import find_faults
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("invalid-property-value", "VL505", group="properties")
def check(match: PropertyMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A property has a value that notes of this type do not have.

    ## What it does
    Compares each value of a property, in lists too, with the `values`, the `pattern` and the bounds
    that the configuration gives: `min`, `max`, `min-items`, `max-items`; with `link` each value must be
    a link to a note. A link is equal to a value that is its target's name. Values of a wrong type are
    `wrong-property-type`, and links to missing notes `broken-frontmatter-link`.

    ## Why
    A status that is spelt in two ways is two statuses for every query.

    ## Bad
    ````toml vaultlint.toml
    [types.book.properties.status]
    values = ["to read", "done"]

    [types.book.properties.rating]
    type = "number"
    max = 7

    [types.book]
    paths = ["Books/**"]
    ````
    ````md Books/Leviathan.md
    ---
    status: Done
    %%@9-13 invalid-property-value: `Done` is no value of `status`: that is `to read` or `done`
    rating: 8
    %%@9-10 invalid-property-value: `8` is too large: `rating` is at most 7
    ---
    ````

    ## Good
    ````toml vaultlint.toml
    [types.book.properties.status]
    values = ["to read", "done"]

    [types.book.properties.rating]
    type = "number"
    max = 7

    [types.book]
    paths = ["Books/**"]
    ````
    ````md Books/Leviathan.md
    ---
    status: "[[done]]"
    rating: 7
    ---
    ````
    """
    for spec, found in match.judged:
        if spec.presence == "forbidden":
            continue
        for fault in find_faults(match.note, found, spec):
            yield ctx.violation(fault.span, fault.message, fault.suggestions, asked_by=spec.origin)
