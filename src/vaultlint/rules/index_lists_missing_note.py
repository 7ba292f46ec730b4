"""VL222 index-lists-missing-note."""

from vaultlint.indexes import index_types
from vaultlint.repair import file_repair
from vaultlint.rule import BrokenLink, Found, NoOptions, Shared, VaultContext, rule
from vaultlint.wording import or_list


@rule(
    "index-lists-missing-note",
    "VL222",
    group="structure",
    severity="error",
    default=False,
    applies=Shared.has_indexes,
)
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """An index lists a note that is not in the vault.

    ## What it does
    Looks at the links of notes that a type names as its `index`, and that lead nowhere. Such links
    are `broken-link` too, so the rule is off by default: it is for those who hold indexes to a
    stricter account than other notes, or who switch `broken-link` off.

    ## Why
    Whoever works through the index comes to a note that was never written, or is called otherwise.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    index = "All topics"
    ````
    ````md All topics.md
    - [[Aid]]
    - [[Trad]]
    %%@3-11 index-lists-missing-note: the index of `topic` lists `Trad`: no note `Trad`; did you mean `Trade`?
    ````
    ````md Topics/Aid.md
    Aid is cut.
    ````
    ````md Topics/Trade.md
    Ports are full.
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    index = "All topics"
    ````
    ````md All topics.md
    - [[Aid]]
    ````
    ````md Topics/Aid.md
    See [[Debt]].
    ````
    """
    link = broken.link
    if link.commented or link.kind not in ("wikilink", "mdlink") or broken.resolution.target:
        return
    types = index_types(ctx.note.path, tuple(ctx.shared.types.values()), ctx.vault)
    if types:
        found = file_repair(broken, ctx)
        names = or_list([each.name for each in types])
        message = f"the index of {names} lists `{link.path}`: {found.message}"
        yield found._replace(message=message, asked_by=types[0].index_origin)
