"""VL503 missing-property."""

from vaultlint.model import Span
from vaultlint.property_match import PropertyMatch
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("missing-property", "VL503", group="properties")
def check(match: PropertyMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A note lacks a property that notes of its type have.

    ## What it does
    Compares the frontmatter with the properties that a type in the configuration requires. A property
    without a value is missing too. A property whose name is nearly the wanted one is reported in its
    place. Letter case of names is free, as in Obsidian.

    ## Why
    Bases, queries and sorting pass over notes that lack what they ask for, and nobody sees which.

    ## Bad
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    properties = { required = ["author", "year"] }
    ````
    ````md Books/Leviathan.md
    ---
    auther: Hobbes
    %%@1-7 missing-property: notes of the type `book` have a property `author`: is `auther` meant?
    year:
    %%@1-5 missing-property: notes of the type `book` have a property `year`: it is empty here
    ---
    ````

    ## Good
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    properties = { required = ["author", "year"] }
    ````
    ````md Books/Leviathan.md
    ---
    Author: Hobbes
    year: 1651
    ---
    ````
    """
    for spec, empty, near in match.missing:
        span, state, suggestions = Span(0, 0), "it is missing here", []
        if empty:
            span, state = empty.key_span, "it is empty here"
        elif near:
            span, state, suggestions = near.key_span, f"is `{near.key}` meant?", [spec.name]
        message = f"notes of the type `{match.type.name}` have a property `{spec.name}`: {state}"
        yield ctx.violation(span, message, suggestions, asked_by=spec.origin)
