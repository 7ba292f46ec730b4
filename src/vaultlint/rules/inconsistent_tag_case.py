"""VL511 inconsistent-tag-case."""

from vaultlint.facts import NoteFacts
from vaultlint.property_types import tag_items
from vaultlint.rule import Found, NoOptions, VaultContext, rule


@rule("inconsistent-tag-case", "VL511", group="properties", severity="info", default=False)
def check(note: NoteFacts, ctx: VaultContext[NoOptions]) -> Found:
    """A tag is written with another letter case than in most notes.

    ## What it does
    Compares all tags of the vault, part by part: `#Trade/goods` and `#trade/Goods` differ in two.
    What most notes write is right; where as many write each, the one in small letters.

    ## Why
    To Obsidian both are one tag; scripts, sites and people see two.

    ## Bad
    ````md A.md
    On #trade and more.
    ````
    ````md B.md
    On #trade and more.
    ````
    ````md C.md
    On #Trade and more.
    %% ^^^^^^ inconsistent-tag-case: the tag `Trade` is `trade` elsewhere
    ````

    ## Good
    ````md A.md
    On #trade and more.
    ````
    ````md B.md
    On #trade and #Trading.
    ````
    """
    tags = note.frontmatter.find("tags")
    items = list(tag_items(tags)) if tags else []
    items += [(tag.name, tag.span) for tag in note.tags]
    known = set(note.all_tags)
    for value, span in items:
        mark = "#" if isinstance(value, str) and value.startswith("#") else ""
        name = str(value).strip().removeprefix("#")
        usual = ctx.vault.usual_tag(name) if f"#{name}" in known else name
        if usual != name:
            message = f"the tag `{name}` is `{usual}` elsewhere"
            quote = "" if span.end - span.start == len(str(value)) else '"'
            yield ctx.violation(span, message, [f"{quote}{mark}{usual}{quote}"])
