"""VL219 duplicate-heading."""

from vaultlint.facts import Heading, NoteFacts
from vaultlint.model import Related
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("duplicate-heading", "VL219", group="structure", severity="info", default=False)
def check(note: NoteFacts, ctx: NoteContext[NoOptions]) -> Found:
    """A heading stands twice in the same section, so that no link can lead to the second.

    ## What it does
    Compares headings as Obsidian's links do, with the headings that they stand below: two
    `Examples` under different headings are free, for a link can name both.

    ## Why
    `[[Trade#Ports]]` leads to the first. Journals and logs repeat headings on purpose, so the rule is
    off by default.

    ## Bad
    ````md Trade.md
    ## Ports
    They are full.

    ## Ports
    %% ^^^^^ duplicate-heading: the heading `Ports` stands here a second time: links lead to the first
    They are old.
    ````

    ## Good
    ````md Trade.md
    ## Ports
    ### Examples
    Rotterdam.

    ## Rail
    ### Examples
    Brenner.
    ````
    """
    known: dict[tuple[str, ...], Heading] = {}
    path: list[tuple[int, str]] = []
    for heading in note.headings:
        if not heading.linkable or not heading.key:
            continue
        while path and path[-1][0] >= heading.level:
            path.pop()
        path.append((heading.level, heading.key))
        first = known.setdefault(tuple(key for _, key in path), heading)
        if first is not heading:
            yield ctx.violation(
                heading.span,
                f"the heading `{heading.text}` stands here a second time: links lead to the first",
                related=[Related(note.path, first.span, "the first")],
            )
