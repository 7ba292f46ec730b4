"""VL106 broken-frontmatter-link."""

from vaultlint.repair import file_repair
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule


@rule("broken-frontmatter-link", "VL106", group="links", severity="error")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """A property links to a note that is not in the vault.

    ## What it does
    Looks at the strings of the frontmatter, at any depth, that are one whole link: `"[[Note]]"` or
    `"[Note](Note.md)"`. Headings and block ids in them are checked by `broken-heading` and
    `broken-block`.

    ## Why
    Such links build the graph and the bases of a vault; a broken one drops the note out of them.

    ## Bad
    ````md Trade.md
    ---
    up: "[[Economcs]]"
    %%@6-18 broken-frontmatter-link: no note `Economcs`; did you mean `Economics`?
    ---
    ````
    ````md Economics.md
    ````

    ## Good
    ````md Trade.md
    ---
    up: "[[Economics]]"
    note: "see [[Economcs]], perhaps"
    ---
    ````
    ````md Economics.md
    ````
    """
    link, resolution = broken
    if link.kind == "frontmatter" and resolution.target is None:
        yield file_repair(broken, ctx)
