"""VL126 broken-html-link."""

from vaultlint.repair import file_repair
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule


@rule("broken-html-link", "VL126", group="links", severity="info")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """HTML in a note points at a file that is not in the vault.

    ## What it does
    Checks `<a href>` and `<img src>`. Obsidian's own index does not look into HTML, so this is a remark.

    ## Why
    A published site shows a dead link or a broken image.

    ## Bad
    ````md Trade.md
    Chart: <img src="img/Tarifs.png" width="300">
    %%               ^^^^^^^^^^^^^^ broken-html-link: no file `img/Tarifs.png`; did you mean `img/Tariffs.png`?
    ````
    ````text img/Tariffs.png
    ````

    ## Good
    ````md Trade.md
    Chart: <img src="img/Tariffs.png"> <a href="https://example.org">x</a>
    ````
    ````text img/Tariffs.png
    ````
    """
    link, resolution = broken
    if link.kind in ("html-link", "html-image") and resolution.target is None:
        yield file_repair(broken, ctx)
