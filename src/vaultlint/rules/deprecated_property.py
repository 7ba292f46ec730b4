"""VL509 deprecated-property."""

from vaultlint.facts import NoteFacts
from vaultlint.property_types import DEAD_NAMES
from vaultlint.rule import Found, NoOptions, NoteContext, Shared, rule


@rule(
    "deprecated-property",
    "VL509",
    group="properties",
    applies=Shared.is_obsidian,
)
def check(note: NoteFacts, ctx: NoteContext[NoOptions]) -> Found:
    """A property has a name that Obsidian no longer reads.

    ## What it does
    Reports `tag`, `alias` and `cssclass`, which Obsidian has not read since version 1.9, in vaults that
    have settings of Obsidian.

    ## Why
    The tags and aliases are there for people only: no search, no link and no style finds them.

    ## Bad
    ````json .obsidian/app.json
    {}
    ````
    ````md Trade.md
    ---
    alias: Commerce
    %%@1-6 deprecated-property: Obsidian does not read `alias` since 1.9: write `aliases`
    ---
    ````

    ## Good
    ````json .obsidian/app.json
    {}
    ````
    ````md Trade.md
    ---
    aliases: [Commerce]
    ---
    ````
    """
    if not ctx.obsidian.present:
        return
    for found in note.frontmatter.properties:
        name = DEAD_NAMES.get(found.key.lower())
        if name is None or found.is_empty:
            continue
        message = f"Obsidian does not read `{found.key}` since 1.9"
        if note.frontmatter.find(name):
            yield ctx.violation(found.key_span, f"{message}: add its values to `{name}`")
        else:
            yield ctx.violation(found.key_span, f"{message}: write `{name}`", [name])
