"""VL105 broken-image."""

from vaultlint.repair import file_repair
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule


@rule("broken-image", "VL105", group="links", severity="error")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """A Markdown image shows a file that is not in the vault.

    ## What it does
    Resolves `![…](…)` as Obsidian does: percent-decoded, by name anywhere in the vault, relative where
    `./` or `../` is written. Addresses with a scheme are external, and never reported.

    ## Why
    The reader sees a broken image.

    ## Bad
    ````md Trade.md
    Chart: ![a chart](img/Tarifs.png)
    %%     ^^^^^^^^^^^^^^^^^^^^^^^^^^ broken-image: no file `img/Tarifs.png`; did you mean `img/Tariffs.png`?
    ````
    ````text img/Tariffs.png
    ````

    ## Good
    ````md Trade.md
    Chart: ![a chart](img/Tariffs.png) ![one more](https://example.org/x.png)
    ````
    ````text img/Tariffs.png
    ````
    """
    link, resolution = broken
    if link.kind == "mdembed" and resolution.target is None and not link.commented:
        yield file_repair(broken, ctx)
