"""VL121 planned-link."""

from vaultlint.rule import Found, NoOptions, PlannedLink, VaultContext, rule


@rule("planned-link", "VL121", group="links", severity="info", default=False)
def check(planned: PlannedLink, ctx: VaultContext[NoOptions]) -> Found:
    """A link leads to a note that is planned, and not written yet.

    ## What it does
    Reports the links that `planned` in `[vault]` excuses: globs of link paths, `#tag` of the notes that
    link, or `>= 3` notes that want the missing one.

    ## Why
    The list shows what there is still to write.

    ## Bad
    ````toml vaultlint.toml
    [vault]
    planned = ["Ideas/*"]
    ````
    ````md Trade.md
    See [[Ideas/Free ports]].
    %%  ^^^^^^^^^^^^^^^^^^^^ planned-link: the note `Ideas/Free ports` is planned
    ````

    ## Good
    ````md Trade.md
    See [[Tariffs]].
    ````
    ````md Tariffs.md
    ````
    """
    link = planned.link
    path = link.path
    yield ctx.violation(link.span, f"the note `{path}` is planned", about=path.lower())
