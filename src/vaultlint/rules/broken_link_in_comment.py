"""VL109 broken-link-in-comment."""

from vaultlint.repair import file_repair
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule


@rule("broken-link-in-comment", "VL109", group="links", severity="info")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """A link inside `%% %%` leads nowhere.

    ## What it does
    Obsidian's index holds the links in its own comments: they are drawn in the graph and listed as
    unresolved. Links in HTML comments are in no index, and never reported.

    ## Why
    A comment hides the link from the reader, and nobody from the empty note that it makes.

    ## Bad
    ````md Trade.md
    Ports are full. %% see [[Portz]] %%
    %%                     ^^^^^^^^^ broken-link-in-comment: no note `Portz`; did you mean `Ports`?
    ````
    ````md Ports.md
    ````

    ## Good
    ````md Trade.md
    Ports are full. %% see [[Ports]] %% <!-- [[Portz]] -->
    ````
    ````md Ports.md
    ````
    """
    link, resolution = broken
    if not link.commented:
        return
    if resolution.target is None:
        yield file_repair(broken, ctx)
    else:
        what = f"`{resolution.target}` has no `{link.subpath}`"
        yield ctx.violation(link.span, what, about=f"{resolution.target}{link.subpath}")
