"""VL120 target-untracked."""

from vaultlint.rule import Found, NoOptions, UntrackedLink, VaultContext, rule


@rule("target-untracked", "VL120", group="links")
def check(untracked: UntrackedLink, ctx: VaultContext[NoOptions]) -> Found:
    """A link leads to a file that is not in git.

    ## What it does
    In a git repository, reports links to files that exist here, but are ignored or were never added.

    ## Why
    The link works on this machine and breaks for everyone else, and in CI.

    ## Bad
    ````md Trade.md
    See ![[chart.png]].
    %%  ^^^^^^^^^^^^^^ target-untracked: `chart.png` is not in git: the link breaks for everyone else
    ````
    ````text chart.png
    ````
    ````text .git/index
    Trade.md
    ````

    ## Good
    ````md Trade.md
    See ![[chart.png]].
    ````
    ````text chart.png
    ````
    """
    link, resolution = untracked
    target = resolution.target or ""
    yield ctx.violation(
        link.span,
        f"`{target}` is not in git: the link breaks for everyone else",
        about=target,
    )
