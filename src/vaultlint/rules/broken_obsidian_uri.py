"""VL128 broken-obsidian-uri."""

from vaultlint.repair import file_repair
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule


@rule("broken-obsidian-uri", "VL128", group="links")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """An `obsidian://` address leads to no note of this vault.

    ## What it does
    Checks `obsidian://open?vault=…&file=…` and `obsidian://vault/…` where they name this vault, by the
    name of its folder. Addresses of other vaults are left alone.

    ## Why
    Obsidian opens, and shows that there is no such note.

    ## Bad
    ````md Trade.md
    [Rates](obsidian://open?vault=vault&file=Tarifs)
    %%@1-49 broken-obsidian-uri: no note `Tarifs`; did you mean `Tariffs`?
    ````
    ````md Tariffs.md
    ````

    ## Good
    ````md Trade.md
    [Rates](obsidian://open?vault=vault&file=Tariffs) [x](obsidian://open?vault=work&file=Tarifs)
    ````
    ````md Tariffs.md
    ````
    """
    link, resolution = broken
    if link.kind == "obsidian-uri" and resolution.target is None:
        yield file_repair(broken, ctx)._replace(suggestions=())
