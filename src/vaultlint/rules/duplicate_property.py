"""VL502 duplicate-property."""

from vaultlint.facts import NoteFacts
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("duplicate-property", "VL502", group="properties", severity="error")
def check(note: NoteFacts, ctx: NoteContext[NoOptions]) -> Found:
    """A property stands twice.

    ## What it does
    Reports a key of the frontmatter that is there a second time, at any depth.

    ## Why
    Obsidian then reads none of the properties.

    ## Bad
    ````md Trade.md
    ---
    tags: [a]
    up: x
    tags: [b]
    %%@1-5 duplicate-property: the property `tags` stands twice: Obsidian reads none of the properties
    ---
    ````

    ## Good
    ````md Trade.md
    ---
    tags: [a, b]
    up: x
    ---
    ````
    """
    front = note.frontmatter
    if front.duplicate:
        message = (
            f"the property `{front.duplicate}` stands twice: Obsidian reads none of the properties"
        )
        yield ctx.violation(front.error_span, message)
