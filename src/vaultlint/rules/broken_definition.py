"""VL127 broken-definition."""

from vaultlint.repair import file_repair
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule


@rule("broken-definition", "VL127", group="links")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """A link definition points at a file that is not in the vault.

    ## What it does
    Checks the target of `[label]: target`. Obsidian's own index does not hold such links, other
    Markdown tools do.

    ## Why
    Every `[text][label]` in the note leads nowhere.

    ## Bad
    ````md Trade.md
    The [rates][r] rose.

    [r]: Tarifs.md
    %%   ^^^^^^^^^ broken-definition: no file `Tarifs.md`; did you mean `Tariffs.md`?
    ````
    ````md Tariffs.md
    ````

    ## Good
    ````md Trade.md
    The [rates][r] rose.

    [r]: Tariffs.md
    ````
    ````md Tariffs.md
    ````
    """
    link, resolution = broken
    if link.kind == "definition" and resolution.target is None:
        yield file_repair(broken, ctx)
