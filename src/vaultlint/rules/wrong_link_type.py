"""VL512 wrong-link-type."""

from vaultlint.facts import NoteFacts
from vaultlint.property_match import specs_of
from vaultlint.rule import Found, NoOptions, Shared, VaultContext, rule


@rule(
    "wrong-link-type",
    "VL512",
    group="properties",
    applies=Shared.has_link_types,
)
def check(note: NoteFacts, ctx: VaultContext[NoOptions]) -> Found:
    """A property links to a note of another type than it should.

    ## What it does
    Looks at properties with a `link-type` in the configuration: the note that each of their links leads
    to must have that type, or one that extends it. Values that are no links are
    `invalid-property-value`, and links to missing notes `broken-frontmatter-link`.

    ## Why
    A book whose author is a place breaks every view that is built on the two.

    ## Bad
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    properties = { author = { link-type = "person" } }

    [types.person]
    paths = ["People/**"]
    ````
    ````md Books/Leviathan.md
    ---
    author: "[[Malmesbury]]"
    %%@10-24 wrong-link-type: `author` leads to notes of the type `person`: `Places/Malmesbury.md` is none
    ---
    ````
    ````md Places/Malmesbury.md
    ````

    ## Good
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    properties = { author = { link-type = "person" } }

    [types.person]
    paths = ["People/**"]
    ````
    ````md Books/Leviathan.md
    ---
    author: "[[Hobbes]]"
    ---
    ````
    ````md People/Hobbes.md
    ````
    """
    for spec in specs_of(ctx.note_types):
        found = note.frontmatter.find(spec.name) if spec.link_type else None
        if found is None:
            continue
        start, end = found.value_span
        for link in note.links:
            if link.kind != "frontmatter" or not start <= link.span.start < end:
                continue
            target = ctx.vault.resolve(link, note.path).target
            if target is None or ctx.has_type(target, spec.link_type):
                continue
            wanted = f"`{spec.name}` leads to notes of the type `{spec.link_type}`"
            message = f"{wanted}: `{target}` is none"
            yield ctx.violation(link.span, message, asked_by=spec.origin)
