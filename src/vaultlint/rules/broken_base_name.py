"""VL129 broken-base-name."""

from vaultlint.repair import file_repair
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule


@rule("broken-base-name", "VL129", group="links")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """A base names a note or folder that is not in the vault.

    ## What it does
    Looks at the names in `link("…")`, `file.hasLink("…")` and `file.inFolder("…")` of `.base` files.

    ## Why
    The filter never matches, and the view is empty without a word.

    ## Bad
    ````yaml Topics.base
    filters: file.inFolder("Topcis") && file.hasLink("Tariffs")
    %%                      ^^^^^^ broken-base-name: no folder `Topcis`
    ````
    ````md Topics/Tariffs.md
    ````

    ## Good
    ````yaml Topics.base
    filters: file.inFolder("Topics") && file.hasLink("Tariffs")
    ````
    ````md Topics/Tariffs.md
    ````
    """
    link, resolution = broken
    if link.kind == "base-folder":
        yield ctx.violation(link.span, f"no folder `{link.path}`")
    elif link.kind == "base-link" and resolution.target is None:
        yield file_repair(broken, ctx)
