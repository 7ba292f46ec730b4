"""VL441 dead-url."""

from vaultlint.rule import Found, NoOptions, VaultContext, WebAnswer, rule


@rule("dead-url", "VL441", group="references")
def check(asked: WebAnswer, ctx: VaultContext[NoOptions]) -> Found:
    """An address leads to a page that is gone.

    ## What it does
    Runs with `check --online` only. Reports addresses whose page is gone (404 or 410), whose host
    does not exist, or whose certificate has expired or is of another host; with `anchors = true`
    also those that name a part that the page has not. What may be for a time, or for programs only
    (403, 429, 500, no answer in time), is counted, and no finding. See [online](../online.md).

    ## Why
    A source that nobody can open is none. An archived copy may still be found.

    ## Bad
    ````toml .web/answers.toml
    "https://example.org/ports" = { dead = "404 Not Found" }
    ````
    ````md Trade.md
    See [the ports](https://example.org/ports).
    %%              ^^^^^^^^^^^^^^^^^^^^^^^^^ dead-url: this address is dead (404 Not Found): write one that works, or that of an archived copy
    ````

    ## Good
    ````toml .web/answers.toml
    "https://example.org/ports" = { unknown = "403 Forbidden" }
    ````
    ````md Trade.md
    See [the ports](https://example.org/ports).
    ````
    """
    if asked.answer.verdict == "dead":
        message = (
            f"this address is dead ({asked.answer.reason}): "
            "write one that works, or that of an archived copy"
        )
        yield ctx.violation(asked.link.span, message, about=asked.link.address)
