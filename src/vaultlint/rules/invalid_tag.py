"""VL510 invalid-tag."""

from vaultlint.parse.note import ParsedNote
from vaultlint.property_types import tag_items
from vaultlint.rule import Found, NoOptions, NoteContext, Shared, rule
from vaultlint.tag_names import corrected, fault_of_tag
from vaultlint.template_text import may_hold_placeholder


@rule(
    "invalid-tag",
    "VL510",
    group="properties",
    applies=Shared.is_obsidian,
)
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A tag is none that Obsidian reads as it is written.

    ## What it does
    Looks at the tags of the frontmatter, one by one: a tag has no spaces and no punctuation but `-`,
    `_` and `/`, and not only digits. Neither there nor in the text has a nested tag empty parts, as in
    `a//b`.

    ## Why
    Obsidian leaves tags with spaces or other marks out of its search without a word, and a tag with an
    empty part is another one than the tag that was meant.

    ## Bad
    ````md Trade.md
    ---
    tags:
      - world trade
    %%@5-16 invalid-tag: the tag `world trade` has a space in it: write `world-trade`
      - 2024
    %%@5-9 invalid-tag: the tag `2024` has only digits
    ---
    On #trade//goods it says less.
    %% ^^^^^^^^^^^^^ invalid-tag: the tag `trade//goods` has an empty part: write `trade/goods`
    ````

    ## Good
    ````md Trade.md
    ---
    tags:
      - world-trade
      - y2024
    ---
    On #trade/goods see issue #12.
    ````
    """
    tags = note.facts.frontmatter.find("tags")
    items = list(tag_items(tags)) if tags else []
    items += [(tag.name, tag.span) for tag in note.facts.tags]
    for value, span in items:
        if isinstance(value, bool | list | dict | None):
            continue
        written = note.text[span.start : span.end]
        is_list = tags is not None and isinstance(tags.value, list)
        name = value.strip() if isinstance(value, str) else written
        fault = fault_of_tag(name.removeprefix("#"), spaces=is_list) if value != "" else ""
        if fault and not may_hold_placeholder(written):
            better = corrected(name.removeprefix("#"))
            end = f": write `{better}`" if better else ""
            shown = name.removeprefix("#") or name
            suggestions = [written.replace(shown, better)] if better else []
            yield ctx.violation(span, f"the tag `{shown}` {fault}{end}", suggestions)
