"""VL115 encoded-link."""

from urllib.parse import unquote

from vaultlint.repair import is_encoded
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule
from vaultlint.wording import retarget


@rule("encoded-link", "VL115", group="links", severity="error")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """A percent code in a link is not decoded by Obsidian.

    ## What it does
    Reports a Markdown link with `%23`, `%2F`, `%3A` and the like, which Obsidian leaves as they are, and
    a wikilink with any percent code, where the link leads nowhere as it stands.

    ## Why
    The link works in a browser, and is broken in Obsidian.

    ## Bad
    ````md Trade.md
    See [a](Aid%2FTariffs.md) and [[Port%20list]].
    %%  ^^^^^^^^^^^^^^^^^^^^^ encoded-link: Obsidian does not decode `%2F`: write `Aid/Tariffs.md`
    %%                            ^^^^^^^^^^^^^^^ encoded-link: Obsidian does not decode `%20`: write `Port list`
    ````
    ````md Aid/Tariffs.md
    ````
    ````md Port list.md
    ````

    ## Good
    ````md Trade.md
    See [a](Aid/Tariffs.md) and [b](Port%20list.md).
    ````
    ````md Aid/Tariffs.md
    ````
    ````md Port list.md
    ````
    """
    link, resolution = broken
    if resolution.target is not None or link.commented or not is_encoded(link):
        return
    at = link.path.find("%")
    decoded = unquote(link.path)
    if "#" in decoded:
        note = decoded.replace("#", "")
        message = f"a `#` in a file name cannot be linked to: rename the file, to `{note}` say"
        yield ctx.violation(link.span, message)
        return
    encoded = decoded.replace(" ", "%20") if link.kind == "mdlink" else decoded
    yield ctx.violation(
        link.span,
        f"Obsidian does not decode `{link.path[at : at + 3]}`: write `{encoded}`",
        [retarget(link, encoded + link.subpath)],
    )
