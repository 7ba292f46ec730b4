"""VL504 wrong-property-type."""

from vaultlint.parse.note import ParsedNote
from vaultlint.property_match import can_be_judged, specs_of
from vaultlint.property_types import NAMES, clashes_in_obsidian, describe, has_type, rewritten
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("wrong-property-type", "VL504", group="properties")
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A property has a value of another type than it should.

    ## What it does
    Looks at the `type` that the configuration gives a property; where it gives none, at the type that
    the vault's own `.obsidian/types.json` gives it, and then only at what Obsidian itself surely shows
    as a mismatch. Empty values and placeholders of templates have any type.

    ## Why
    Obsidian shows such a value with a warning in place of its editor, and sorts and filters it wrongly.

    ## Bad
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    properties = { year = { type = "number" } }
    ````
    ````json .obsidian/types.json
    {"types": {"read": "checkbox"}}
    ````
    ````md Books/Leviathan.md
    ---
    year: "1651"
    %%@7-13 wrong-property-type: `year` is a number: here it is the text `1651`
    read: yes
    %%@7-10 wrong-property-type: `read` is `true` or `false` in Obsidian: here it is the text `yes`
    ---
    ````

    ## Good
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    properties = { year = { type = "number" } }
    ````
    ````json .obsidian/types.json
    {"types": {"read": "checkbox"}}
    ````
    ````md Books/Leviathan.md
    ---
    year: 1651
    read:
    ---
    ````
    """
    specs = [spec for spec in specs_of(ctx.note_types) if spec.type]
    for found in note.facts.frontmatter.properties:
        name, value, span = found.key.lower(), found.value, found.value_span
        wanted, where = clashes_in_obsidian(value, ctx.obsidian.types.get(name, "")), " in Obsidian"
        asked_by = ".obsidian/types.json"
        own = [spec for spec in specs if spec.name.lower() == name]
        if own:
            wanted, where = None, ""
        for spec in own:
            if spec.type and not has_type(value, spec.type):
                wanted, asked_by = spec.type, spec.origin
        if wanted is None or not can_be_judged(note, found):
            continue
        if any(span.start <= link.start < span.end for link in note.unquoted_links):
            continue  # `unquoted-frontmatter-link`
        message = f"`{found.key}` is {NAMES[wanted]}{where}: here it is {describe(value)}"
        suggestions = rewritten(value, note.text[span.start : span.end], wanted)
        yield ctx.violation(span, message, suggestions, asked_by=asked_by)
