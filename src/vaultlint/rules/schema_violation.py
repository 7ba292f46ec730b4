"""VL513 schema-violation."""

from vaultlint.json_schema import find_faults
from vaultlint.model import Span
from vaultlint.rule import Found, NoOptions, NoteContext, Shared, TypedNote, rule
from vaultlint.template_text import may_hold_placeholder


@rule(
    "schema-violation",
    "VL513",
    group="properties",
    applies=Shared.has_schemas,
)
def check(typed: TypedNote, ctx: NoteContext[NoOptions]) -> Found:
    """The properties of a note do not follow the JSON schema of its type.

    ## What it does
    Validates the frontmatter, as one object, by the JSON Schema that the type's key `schema` names.
    Names of properties are taken for those that the schema names, whatever their letter case. Empty
    values are reported only where the schema requires the property, and placeholders of templates
    never.

    ## Why
    A schema says what no list of properties can: alternatives, conditions, nested values.

    ## Bad
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    schema = "schemas/book.json"
    ````
    ````json schemas/book.json
    {"properties": {"pages": {"type": "array", "items": {"type": "integer"}}}}
    ````
    ````md Books/Leviathan.md
    ---
    pages: [17, many]
    %%          ^^^^ schema-violation: `pages.1` is not of type "integer"
    ---
    ````

    ## Good
    ````toml vaultlint.toml
    [types.book]
    paths = ["Books/**"]
    schema = "schemas/book.json"
    ````
    ````json schemas/book.json
    {"properties": {"pages": {"type": "array", "items": {"type": "integer"}}}}
    ````
    ````md Books/Leviathan.md
    ---
    Pages: [17, 18]
    ---
    ````
    """
    note, front = typed.note, typed.note.facts.frontmatter
    if not typed.type.schema or front.state == "invalid":
        return
    origin = typed.type.schema_origin
    if typed.type is not next(each for each in ctx.note_types if each.schema_origin == origin):
        return  # two types inherited it
    for fault in find_faults(typed.type.schema, {p.key: p.value for p in front.properties}):
        span = Span(0, 0)
        if fault.path:
            start, end = note.locate_value(fault.path[0])
            if may_hold_placeholder(note.text[start:end]) or may_hold_placeholder(
                str(fault.path[0])
            ):
                continue
            span = note.locate_value(*fault.path, key=fault.of_key)
        yield ctx.violation(span, fault.message, asked_by=origin)
