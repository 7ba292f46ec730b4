"""VL103 broken-heading."""

from vaultlint.repair import (
    missing_heading,
    retarget_path,
    written_anchor,
    written_target,
)
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule
from vaultlint.wording import hint, retarget

_KINDS = frozenset(("wikilink", "embed", "mdlink", "mdembed", "frontmatter"))


@rule("broken-heading", "VL103", group="links", severity="error")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """A link names a heading that its note does not have.

    ## What it does
    Compares headings as Obsidian does: letter case and most punctuation are free, dashes and quotes
    are not. Only top-level headings count, not those in quotes and callouts. In `[[Note#A#B]]` each
    heading must be deeper than the one before. Slugs as GitHub makes them do not work in Obsidian.

    ## Why
    The link still opens the note, but at its top: the reader does not see what was meant.

    ## Bad
    ````md Trade.md
    See [[Tariffs#Wolrd rates]], [here](Tariffs.md#world-rates) and [[#Aid]].
    %%  ^^^^^^^^^^^^^^^^^^^^^^^ broken-heading: `Tariffs.md` has no heading `Wolrd rates`; did you mean `World: rates`?
    %%                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ broken-heading: `Tariffs.md` has no heading `world-rates`; did you mean `World: rates`?
    %%                                                              ^^^^^^^^ broken-heading: this note has no heading `Aid`
    ````
    ````md Tariffs.md
    # World: rates
    ````

    ## Good
    ````md Trade.md
    See [[Tariffs#world rates]].
    ````
    ````md Tariffs.md
    # World: rates
    ````
    """
    link, resolution = broken
    target = ctx.vault.notes.get(resolution.target or "")
    if resolution.reason != "missing-heading" or target is None:
        return
    if link.commented or link.kind not in _KINDS:
        return
    missing = missing_heading(target, link.subpath, ctx.vault, ctx.suggester)
    where = "this note" if target.path == ctx.note.path else f"`{target.path}`"
    near, written = [], []
    for path, heading in missing.places:
        same = path == target.path
        name = written_target(link, path, ctx.note.path, ctx.suggester)
        anchor = written_anchor(link, heading, ctx.vault) if heading else ""
        near.append(heading.text if same and heading else f"{name}{anchor}")
        written.append(retarget(link, (retarget_path(link) if same else name) + anchor))
    yield ctx.violation(
        link.span,
        f"{where} has {missing.what}{hint(near)}",
        written,
        about=f"{target.path}#{missing.part.lower()}",
    )
