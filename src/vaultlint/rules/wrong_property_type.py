"""VL504 wrong-property-type."""

from vaultlint.parse.note import ParsedNote
from vaultlint.property_match import can_be_judged
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
    types = [ctx.shared.types[name] for name in ctx.types]
    specs = {s.name.lower(): s for each in types for s in each.properties if s.type}
    for found in note.facts.frontmatter.properties:
        name, value, span = found.key.lower(), found.value, found.value_span
        spec, known = specs.get(name), ctx.obsidian.types.get(name, "")
        if spec and spec.type:
            wanted, where = None if has_type(value, spec.type) else spec.type, ""
        else:
            wanted, where = clashes_in_obsidian(value, known), " in Obsidian"
        if wanted is None or not can_be_judged(note, found):
            continue
        if any(span.start <= link.start < span.end for link in note.unquoted_links):
            continue  # `unquoted-frontmatter-link`
        message = f"`{found.key}` is {NAMES[wanted]}{where}: here it is {describe(value)}"
        suggestions = rewritten(value, note.text[span.start : span.end], wanted)
        asked_by = spec.origin if spec else ".obsidian/types.json"
        yield ctx.violation(span, message, suggestions, asked_by=asked_by)
