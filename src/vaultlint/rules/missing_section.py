"""VL201 missing-section."""

from vaultlint.model import Span
from vaultlint.parse.note import ParsedNote
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("missing-section", "VL201", group="structure")
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A note lacks a section that notes of its type have.

    ## What it does
    Compares the headings of a note with the `sections` of its types. Letter case, kinds of dashes
    and quotes, emphasis and emoji are free; a `*` in the configured heading stands for any text.

    ## Why
    Notes that are made to one plan can be revised, compared and summed up together.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges*" }, { heading = "References" }]
    ````
    ````md Topics/Trade.md
    ## Challenges for trade
    Ports are full.
    %%@note missing-section: notes of the type `topic` have a section `References`: it is missing here
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges*" }, { heading = "References" }]
    ````
    ````md Topics/Trade.md
    ## CHALLENGES for trade
    Ports are full.

    ## **References**
    - [A book](https://example.org)
    ````
    """
    titles = [heading.text for heading in ctx.note.headings if heading.linkable]
    for name in ctx.types:
        for spec in ctx.shared.types[name].sections:
            if spec.required and not any(map(spec.matches, titles)):
                yield ctx.violation(
                    Span(0, 0),
                    f"notes of the type `{name}` have a section `{spec.heading}`: "
                    "it is missing here",
                    [f"## {spec.title}"],
                )
