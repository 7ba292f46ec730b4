"""VL107 unquoted-frontmatter-link."""

from vaultlint.rule import Found, NoOptions, NoteContext, UnquotedLink, rule


@rule("unquoted-frontmatter-link", "VL107", group="links")
def check(link: UnquotedLink, ctx: NoteContext[NoOptions]) -> Found:
    """A link in the frontmatter has no quotes.

    ## What it does
    Reports `key: [[Note]]`. YAML reads double brackets without quotes as a list in a list, so Obsidian
    sees no link.

    ## Why
    The property looks like a link, and is none: no graph, no backlinks, no rename.

    ## Bad
    ````md Trade.md
    ---
    up: [[Economics]]
    %%  ^^^^^^^^^^^^^ unquoted-frontmatter-link: without quotes YAML reads a list: this is no link
    ---
    ````
    ````md Economics.md
    ````

    ## Good
    ````md Trade.md
    ---
    up: "[[Economics]]"
    pairs: [[1, 2], [3, 4]]
    ---
    ````
    ````md Economics.md
    ````
    """
    message = "without quotes YAML reads a list: this is no link"
    yield ctx.violation(link.span, message, [f'"{link.written}"'])
