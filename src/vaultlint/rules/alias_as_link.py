"""VL113 alias-as-link."""

from vaultlint.repair import is_alias
from vaultlint.rule import BrokenLink, Found, NoOptions, VaultContext, rule
from vaultlint.wording import or_list


@rule("alias-as-link", "VL113", group="links", severity="error")
def check(broken: BrokenLink, ctx: VaultContext[NoOptions]) -> Found:
    """A link names an alias in place of a note.

    ## What it does
    Reports a wikilink that leads nowhere, but whose text is an alias of a note. Obsidian offers aliases
    when a link is typed, and then writes `[[Note|alias]]`; it does not look them up.

    ## Why
    Following `[[alias]]` creates a new, empty note of that name.

    ## Bad
    ````md Trade.md
    See [[WTO#Rules]].
    %%  ^^^^^^^^^^^^^ alias-as-link: `WTO` is an alias of `World Trade Organization.md`, and no note
    ````
    ````md World Trade Organization.md
    ---
    aliases: [WTO]
    ---
    # Rules
    ````

    ## Good
    ````md Trade.md
    See [[World Trade Organization#Rules|WTO]].
    ````
    ````md World Trade Organization.md
    ---
    aliases: [WTO]
    ---
    # Rules
    ````
    """
    link, resolution = broken
    if resolution.target is not None or link.commented or not is_alias(link, ctx.suggester):
        return
    owners = ctx.suggester.alias_owners(link.path)
    paths = [ctx.suggester.link_path(owner, ctx.note.path) for owner in owners]
    bar = "\\|" if "\\|" in link.raw else "|"
    yield ctx.violation(
        link.span,
        f"`{link.path}` is an alias of {or_list(owners)}, and no note",
        [f"[[{path}{link.subpath}{bar}{link.display or link.path}]]" for path in paths],
        about=link.path.lower(),
    )
