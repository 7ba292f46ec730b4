"""VL504 wrong-property-type."""

from vaultlint.facts import fold_name
from vaultlint.parse.note import ParsedNote
from vaultlint.property_match import can_be_judged, specs_of
from vaultlint.property_types import NAMES, clashes_in_obsidian, has_type, misfits
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
    %%@7-10 wrong-property-type: in Obsidian `read` is `true` or `false`: here it is the text `yes`
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
    if not specs and not ctx.obsidian.types:
        return
    for found in note.facts.frontmatter.properties:
        own = [spec for spec in specs if fold_name(spec.name) == fold_name(found.key)]
        if not can_be_judged(note, found):
            continue
        wanted, asked_by, lead = None, ".obsidian/types.json", "in Obsidian " if not own else ""
        if not own:
            known = ctx.obsidian.types.get(found.key.lower(), "")
            wanted = clashes_in_obsidian(found.value, known)
        for spec in own:
            if spec.type and not has_type(found.value, spec.type):
                wanted, asked_by = spec.type, spec.origin
        if wanted is None:
            continue
        for span, what, suggestions in misfits(note.text, found, wanted):
            if any(span.start < link.end and link.start < span.end for link in note.unquoted_links):
                continue  # `unquoted-frontmatter-link`
            message = f"{lead}`{found.key}` is {NAMES[wanted]}: here {what}"
            yield ctx.violation(span, message, suggestions, asked_by=asked_by)
