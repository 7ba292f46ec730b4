"""VL101 broken-link."""

from vaultlint.repair import file_repair, is_alias, is_encoded
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule


@rule("broken-link", "VL101", group="links", severity="error")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """A link points at a note or file that is not in the vault.

    ## What it does
    Resolves wikilinks and Markdown links as Obsidian does: by name anywhere in the vault, by path,
    relative where `./` or `../` is written, whatever the letter case. Aliases and titles are no
    targets. Reports the links that lead nowhere, with the names that come nearest.

    ## Why
    Who follows such a link in Obsidian silently creates an empty note; on a published site it is a
    dead end. Most such links were right once, and broke when a note was renamed or deleted.

    ## Bad
    ````md Trade.md
    See [[Tarifs]] and [rules](Rulse.md).
    %%  ^^^^^^^^^^ broken-link: no note `Tarifs`; did you mean `Tariffs`?
    %%                 ^^^^^^^^^^^^^^^^^ broken-link: no file `Rulse.md`; did you mean `Rules.md`?
    ````
    ````md Tariffs.md
    # Tariffs
    ````
    ````md Rules.md
    # Rules
    ````

    ## Good
    ````md Trade.md
    See [[tariffs]] and [rules](Rules.md).
    ````
    ````md customs/Tariffs.md
    # Tariffs
    ````
    ````md Rules.md
    # Rules
    ````
    """
    link, resolution = broken
    if resolution.target is not None or link.commented or link.kind not in ("wikilink", "mdlink"):
        return
    if link.path[:1] != "|" and not is_encoded(link) and not is_alias(link, ctx.suggester):
        yield file_repair(broken, ctx)
