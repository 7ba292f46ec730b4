"""VL110 ambiguous-link."""

from vaultlint.model import Related, Span
from vaultlint.rule import Found, NoOptions, UncertainLink, VaultContext, rule
from vaultlint.wording import or_list, retarget


@rule("ambiguous-link", "VL110", group="links")
def check(uncertain: UncertainLink, ctx: VaultContext[NoOptions]) -> Found:
    """A link fits several files.

    ## What it does
    Reports a wikilink or Markdown link whose name or end of a path fits more than one file, and says
    which one Obsidian takes: one in the folder of the note or below it, else the one with the
    shortest path. Not ambiguous is a link to a file in the note's own folder, and one that is the
    whole path from the root.

    ## Why
    The link changes its target when a file is moved, added or renamed anywhere in the vault.

    ## Bad
    ````md Ports/Trade.md
    See [[Tariffs]].
    %%  ^^^^^^^^^^^ ambiguous-link: `Tariffs` fits 2 files; Obsidian takes `Aid/Tariffs.md`, not `Customs/Tariffs.md`
    ````
    ````md Aid/Tariffs.md
    ````
    ````md Customs/Tariffs.md
    ````

    ## Good
    ````md Ports/Trade.md
    See [[Aid/Tariffs|tariffs]] and [[Customs/Tariffs]].
    ````
    ````md Aid/Tariffs.md
    ````
    ````md Customs/Tariffs.md
    ````
    """
    link, resolution = uncertain
    first, *others = resolution.candidates
    if not others or first.rpartition("/")[0] == ctx.note.path.rpartition("/")[0]:
        return
    paths = [file.removesuffix(".md") for file in resolution.candidates]
    yield ctx.violation(
        link.span,
        f"`{link.path}` fits {len(paths)} files; Obsidian takes `{first}`, not {or_list(others[:3])}",
        [retarget(link, path + link.subpath) for path in paths],
        [Related(file, Span(0, 0), "fits too") for file in others],
        about=link.path.lower(),
    )
