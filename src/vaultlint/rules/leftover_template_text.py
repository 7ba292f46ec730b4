"""VL213 leftover-template-text."""

from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.section_content import find_template_text
from vaultlint.sections import SectionMatch


@rule("leftover-template-text", "VL213", group="structure")
def check(match: SectionMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A placeholder of the template was left in a section.

    ## What it does
    Looks for the `template-text` of a section that a type names: a text, or a list of texts,
    whatever its letter case.

    ## Why
    "Write the causes here" in a finished note says that they were never written.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Causes", template-text = "write the causes here" }]
    ````
    ````md Topics/Trade.md
    ## Causes
    Write the causes here: ports are full.
    %%@1-22 leftover-template-text: `Write the causes here` is left from the template: write what belongs into `Causes`
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Causes", template-text = "write the causes here" }]
    ````
    ````md Topics/Trade.md
    ## Causes
    Ports are full.
    ````
    """
    for spec, section in match.found:
        blocks = list(section.blocks()) if spec.content.template_text else []
        for wanted in spec.content.template_text:
            for span in find_template_text(match.note, blocks, wanted):
                written = " ".join(match.note.text[span.start : span.end].split())
                yield ctx.violation(
                    span,
                    f"`{written}` is left from the template: "
                    f"write what belongs into `{section.title}`",
                    asked_by=spec.origin,
                )
