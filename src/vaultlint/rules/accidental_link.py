"""VL111 accidental-link."""

from vaultlint.rule import Found, NoOptions, UncertainLink, VaultContext, rule
from vaultlint.wording import retarget


@rule("accidental-link", "VL111", group="links")
def check(uncertain: UncertainLink, ctx: VaultContext[NoOptions]) -> Found:
    """A link works only by accident.

    ## What it does
    Obsidian compares the end of a path as plain text: `[[b/Note]]` finds `ab/Note.md`, and a relative
    path that leads nowhere finds any file whose path ends alike. Reports links that work only so.

    ## Why
    The link breaks in every other tool, and in Obsidian as soon as a folder is renamed.

    ## Bad
    ````md Trade.md
    See [[id/Tariffs]].
    %%  ^^^^^^^^^^^^^^ accidental-link: `id/Tariffs` finds `Aid/Tariffs.md` only because its path ends so
    ````
    ````md Aid/Tariffs.md
    ````

    ## Good
    ````md Trade.md
    See [[Aid/Tariffs]].
    ````
    ````md Aid/Tariffs.md
    ````
    """
    link, resolution = uncertain
    if resolution.way != "accident" or len(resolution.candidates) > 1:
        return
    target = resolution.candidates[0]
    yield ctx.violation(
        link.span,
        f"`{link.path}` finds `{target}` only because its path ends so",
        [retarget(link, target.removesuffix(".md") + link.subpath)],
    )
