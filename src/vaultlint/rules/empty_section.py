"""VL202 empty-section."""

from vaultlint.references import is_reference_heading
from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.section_content import is_empty
from vaultlint.sections import SectionMatch
from vaultlint.wording import short


@rule("empty-section", "VL202", group="structure")
def check(match: SectionMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A section that the note's type asks for says nothing.

    ## What it does
    Looks at the sections that a type in the configuration requires. Text, a list, a table, code,
    an embed count, in the section or in one below it; a comment, a placeholder, or what the type's
    template holds does not. Empty reference sections are `reference-section-empty`.

    ## Why
    A heading with nothing below it is a promise that the note does not keep.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges*" }]
    ````
    ````md Topics/Trade.md
    ## Challenges for trade
    %%@1-24 empty-section: the section `Challenges for trade` is empty

    <!-- to do -->

    ## More
    Text.
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges*" }]
    ````
    ````md Topics/Trade.md
    ## Challenges for trade

    ### Ports
    They are full.
    ````
    """
    names = ctx.shared.references.names
    for spec, section in match.found:
        if spec.presence != "required" and not spec.alternatives:
            continue
        if section.level > 1 and is_reference_heading(section.title, names):
            continue
        if is_empty(match.note, section, spec.content):
            message = f"the section `{short(section.title)}` is empty"
            yield ctx.violation(section.span, message, asked_by=spec.origin)
