"""VL108 broken-canvas-target."""

from vaultlint.repair import file_repair, missing_heading
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule
from vaultlint.wording import hint


@rule("broken-canvas-target", "VL108", group="links", severity="error")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """A canvas shows a file, heading or block that is not there.

    ## What it does
    Looks at the file nodes of canvases, their subpaths, and the backgrounds of groups. A canvas names
    files by their exact path from the root of the vault. Links in text nodes are checked as in notes.

    ## Why
    The card on the canvas is empty.

    ## Bad
    ````json Maps/Board.canvas
    {"nodes": [{"id": "a", "type": "file", "file": "Topics/Tarifs.md"}]}
    %%                                              ^^^^^^^^^^^^^^^^ broken-canvas-target: no file `Topics/Tarifs.md`; did you mean `Topics/Tariffs.md`?
    ````
    ````md Topics/Tariffs.md
    ````

    ## Good
    ````json Maps/Board.canvas
    {"nodes": [{"id": "a", "type": "file", "file": "Topics/Tariffs.md", "subpath": "#Rates"}]}
    ````
    ````md Topics/Tariffs.md
    # Rates
    ````
    """
    link, resolution = broken
    if link.kind not in ("canvas-file", "canvas-background"):
        return
    target = ctx.vault.notes.get(resolution.target or "")
    if target is None:
        yield file_repair(broken, ctx)
    else:
        missing = missing_heading(target, link.subpath, ctx.vault, ctx.suggester)
        titles = [h.text for path, h in missing.places if h is not None and path == target.path]
        yield ctx.violation(
            link.span,
            f"`{target.path}` has {missing.what}{hint(titles)}",
            [f"#{title}" for title in titles],
        )
