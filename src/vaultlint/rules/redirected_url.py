"""VL442 redirected-url."""

from vaultlint.rule import Found, NoOptions, VaultContext, WebAnswer, rule


@rule("redirected-url", "VL442", group="references", severity="info")
def check(asked: WebAnswer, ctx: VaultContext[NoOptions]) -> Found:
    """A page has another address for good.

    ## What it does
    Runs with `check --online` only. Reports addresses that redirect permanently (301 or 308) to a
    page that answers. Redirects for a time, to a site's first page, to a login, and those of DOIs
    and other lasting addresses are no findings. See [online](../online.md).

    ## Why
    Sites keep redirects for some years; then the address is dead.

    ## Bad
    ````toml .web/answers.toml
    "https://example.org/ports" = { moved-to = "https://example.org/trade/ports" }
    ````
    ````md Trade.md
    See [the ports](https://example.org/ports).
    %%              ^^^^^^^^^^^^^^^^^^^^^^^^^ redirected-url: this page has moved for good: write `https://example.org/trade/ports`
    ````

    ## Good
    ````toml .web/answers.toml
    "https://example.org/trade/ports" = { alive = true }
    ````
    ````md Trade.md
    See [the ports](https://example.org/trade/ports).
    ````
    """
    moved_to = asked.answer.moved_to
    if moved_to:
        message = f"this page has moved for good: write `{moved_to}`"
        yield ctx.violation(asked.link.span, message, [moved_to], about=asked.link.address)
