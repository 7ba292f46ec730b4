"""VL209 thin-section."""

from vaultlint.parse.note import ParsedNote, Section
from vaultlint.references import entries, has_generated_entries, is_reference_heading
from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.schema import ContentSpec
from vaultlint.section_content import count_items, count_words
from vaultlint.sections import SectionMatch
from vaultlint.wording import count, short


@rule("thin-section", "VL209", group="structure")
def check(match: SectionMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A section holds less than the note's type asks for.

    ## What it does
    Counts what a type gives a least number of: words of prose (`min-words`), subsections
    (`min-subsections`), and items of lists or rows of tables (`min-items`). Words and items are
    counted in the section and in those below it; in a reference section its entries are, in
    whatever form, and one that a query or an embed fills is not judged. A section that is empty is `empty-section`.

    ## Why
    A section that was begun and not finished looks like one that is complete.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [
      { heading = "Challenges", min-subsections = 2 },
      { heading = "Outlook", min-words = 5 },
      { heading = "Sources", min-items = 2 },
    ]
    ````
    ````md Topics/Trade.md
    ## Challenges
    %% ^^^^^^^^^^ thin-section: the section `Challenges` has 1 subsection: notes of the type `topic` have at least 2 there
    ### Ports
    They are full.

    ## Outlook
    %% ^^^^^^^ thin-section: the section `Outlook` has 3 words: notes of the type `topic` have at least 5 there
    It is grim.

    ## Sources
    %% ^^^^^^^ thin-section: the section `Sources` has 1 item: notes of the type `topic` have at least 2 there
    - [A book](https://example.org)
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges", min-subsections = 2, min-words = 5 }]
    ````
    ````md Topics/Trade.md
    ## Challenges
    ### Ports
    They are full.

    ### Rail
    It is slow.
    ````
    """
    names = ctx.shared.references.names
    for spec, section in match.found:
        content, blocks = spec.content, list(section.blocks())
        if not blocks and not section.children:
            continue
        for least, unit, number in (
            (content.min_subsections, "subsection", len(section.children)),
            (content.min_words, "word", content.min_words and count_words(match.note, blocks)),
            (content.min_items, "item", _count_items(match.note, section, content, names)),
        ):
            if number < least:
                yield ctx.violation(
                    section.title_span,
                    f"the section `{short(section.title)}` has {count(number, unit)}: "
                    f"notes of the type `{match.type.name}` have at least {least} there",
                    asked_by=spec.origin,
                )


def _count_items(
    note: ParsedNote, section: Section, content: ContentSpec, names: tuple[str, ...]
) -> int:
    items = count_items(section.blocks())
    if items >= content.min_items or not is_reference_heading(section.title, names):
        return items
    if has_generated_entries(note, section):
        return content.min_items
    return max(items, sum(1 for _ in entries(note, section)))
