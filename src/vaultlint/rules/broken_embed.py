"""VL102 broken-embed."""

from vaultlint.repair import file_repair
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule


@rule("broken-embed", "VL102", group="links", severity="error")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """An embed shows a note, drawing or file that is not in the vault.

    ## What it does
    Resolves `![[…]]` as Obsidian does, and reports the embeds without a file. Attachments need their
    extension; a drawing `map.excalidraw.md` is embedded as `![[map.excalidraw]]`.

    ## Why
    The reader sees an empty box where a picture, a drawing or a passage should be.

    ## Bad
    ````md Trade.md
    ![[Tarif chart.png]]
    %%@1-21 broken-embed: no file `Tarif chart.png`; did you mean `Tariff chart.png`?

    Text.
    ````
    ````text img/Tariff chart.png
    ````

    ## Good
    ````md Trade.md
    ![[tariff chart.png|300]]
    ````
    ````text img/Tariff chart.png
    ````
    """
    link, resolution = broken
    if link.kind == "embed" and resolution.target is None and not link.commented:
        yield file_repair(broken, ctx)
