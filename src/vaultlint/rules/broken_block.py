"""VL104 broken-block."""

from vaultlint.repair import retarget_path
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule
from vaultlint.wording import hint, retarget

_KINDS = frozenset(("wikilink", "embed", "mdlink", "mdembed", "frontmatter"))


@rule("broken-block", "VL104", group="links", severity="error")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """A link names a block id or footnote that its note does not have.

    ## What it does
    Looks up `#^id` among the ids that really name a block: at the end of a paragraph or list item, or
    on a line of their own after a block. Letter case is free.

    ## Why
    The link opens the note at its top; an embed shows nothing.

    ## Bad
    ````md Trade.md
    See [[Tariffs#^rats]] and [[Tariffs#^gone]].
    %%  ^^^^^^^^^^^^^^^^^ broken-block: `Tariffs.md` has no block id `rats`; did you mean `rates`?
    %%                        ^^^^^^^^^^^^^^^^^ broken-block: `Tariffs.md` has no block id `gone`
    ````
    ````md Tariffs.md
    They rose. ^rates
    ````

    ## Good
    ````md Trade.md
    See [[Tariffs#^Rates]].
    ````
    ````md Tariffs.md
    They rose. ^rates
    ````
    """
    link, resolution = broken
    target = ctx.vault.notes.get(resolution.target or "")
    if target is None or link.commented or link.kind not in _KINDS:
        return
    where = "this note" if target.path == ctx.note.path else f"`{target.path}`"
    if resolution.reason == "missing-footnote":
        yield ctx.violation(link.span, f"{where} has no footnote `{link.subpath[3:-1]}`")
    elif resolution.reason == "missing-block":
        wanted = link.subpath.removeprefix("#^")
        near = ctx.suggester.block_ids_like(target, wanted)
        yield ctx.violation(
            link.span,
            f"{where} has no block id `{wanted}`{hint(near)}",
            [retarget(link, f"{retarget_path(link)}#^{block_id}") for block_id in near],
            about=f"{target.path}#^{wanted.lower()}",
        )
