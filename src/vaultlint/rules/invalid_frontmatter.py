"""VL501 invalid-frontmatter."""

from vaultlint.facts import NoteFacts
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("invalid-frontmatter", "VL501", group="properties", severity="error")
def check(note: NoteFacts, ctx: NoteContext[NoOptions]) -> Found:
    """The frontmatter cannot be read.

    ## What it does
    Reads the block as Obsidian does: YAML 1.2, a mapping of properties. Reports what the YAML parser
    says, where it says it. A property that stands twice is `duplicate-property`.

    ## Why
    On any error Obsidian drops the whole block: no tags, no aliases, no links.

    ## Bad
    ````md Trade.md
    ---
    title: Trade: a primer
    %%@13-23 invalid-frontmatter: the frontmatter is not valid YAML: mapping values are not allowed in this context
    ---
    ````

    ## Good
    ````md Trade.md
    ---
    title: "Trade: a primer"
    ---
    ````
    """
    front = note.frontmatter
    if front.state == "invalid" and not front.duplicate:
        message = f"the frontmatter is not valid YAML: {front.error}"
        yield ctx.violation(front.error_span, message)
