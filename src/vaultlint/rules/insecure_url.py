"""VL443 insecure-url."""

from vaultlint.rule import Found, NoOptions, VaultContext, WebAnswer, rule


@rule("insecure-url", "VL443", group="references", severity="info")
def check(asked: WebAnswer, ctx: VaultContext[NoOptions]) -> Found:
    """An address begins with `http://` though its page answers with `https://` too.

    ## What it does
    Runs with `check --online` only. Reports addresses with `http://` whose page answers in the same
    way with `https://`, with a good certificate, or that redirect there for good. See
    [online](../online.md).

    ## Why
    What is read over `http://` can be seen, and changed, by anyone on the way.

    ## Bad
    ````toml .web/answers.toml
    "http://example.org/ports" = { secure = "https://example.org/ports" }
    ````
    ````md Trade.md
    See [the ports](http://example.org/ports).
    %%              ^^^^^^^^^^^^^^^^^^^^^^^^ insecure-url: this page answers with https too: write `https://example.org/ports`
    ````

    ## Good
    ````toml .web/answers.toml
    "http://example.org/ports" = { alive = true }
    ````
    ````md Trade.md
    See [the ports](http://example.org/ports).
    ````
    """
    secure = asked.answer.secure
    if secure:
        message = f"this page answers with https too: write `{secure}`"
        yield ctx.violation(asked.link.span, message, [secure], about=asked.link.address)
