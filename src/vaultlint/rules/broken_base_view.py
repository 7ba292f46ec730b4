"""VL130 broken-base-view."""

from vaultlint.nearest import nearest
from vaultlint.rule import Found, NoOptions, VaultContext, ViewLink, rule
from vaultlint.wording import hint, retarget


@rule("broken-base-view", "VL130", group="links", severity="error")
def check(named: ViewLink, ctx: VaultContext[NoOptions]) -> Found:
    """An embed names a view that its base does not have.

    ## What it does
    Looks at links and embeds like `![[Topics.base#All]]`.

    ## Why
    The embed shows the first view in place of the one that was meant.

    ## Bad
    ````md Trade.md
    ![[Topics.base#Al topics]]
    %%@1-27 broken-base-view: `Topics.base` has no view `Al topics`; did you mean `All topics`?
    ````
    ````yaml Topics.base
    views:
      - type: table
        name: All topics
    ````

    ## Good
    ````md Trade.md
    ![[Topics.base#All topics]]
    ````
    ````yaml Topics.base
    views:
      - type: table
        name: "All topics"
    ````
    """
    link, resolution = named
    base = ctx.vault.notes.get(resolution.target or "")
    if base is None or not link.subpath.strip("#"):
        return
    wanted = link.subpath[1:]
    views = [heading.text for heading in base.headings]
    if wanted.lower() in (view.lower() for view in views):
        return
    near = nearest(wanted, views)
    found = [near] if near else []
    yield ctx.violation(
        link.span,
        f"`{base.path}` has no view `{wanted}`{hint(found)}",
        [retarget(link, f"{link.path}#{view}") for view in found],
    )
