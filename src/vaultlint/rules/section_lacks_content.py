"""VL211 section-lacks-content."""

from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.section_content import CONTENT_NAMES, is_empty, kinds_in
from vaultlint.sections import SectionMatch
from vaultlint.wording import short


@rule("section-lacks-content", "VL211", group="structure")
def check(match: SectionMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A section lacks a kind of content that the note's type asks for.

    ## What it does
    Looks for what a type lists in `contains`: `note-link`, `external-link`, `embed`, `image`,
    `drawing`, `table`, `list`, `task`, `quotation`, `callout`, `code`, `footnote`, `citekey`. One
    of each is enough, in the section or below it. A section that is empty is `empty-section`.

    ## Why
    A timeline without its drawing, or related ideas without a link, is a promise that is not kept.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Related ideas", contains = ["note-link"] }]
    ````
    ````md Topics/Trade.md
    ## Related ideas
    %% ^^^^^^^^^^^^^ section-lacks-content: the section `Related ideas` has no link to a note: notes of the type `topic` have one there
    Debt, perhaps.
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Related ideas", contains = ["note-link"] }]
    ````
    ````md Topics/Trade.md
    ## Related ideas
    - [[Debt]]
    ````
    ````md Debt.md
    ````
    """
    for spec, section in match.found:
        wanted = spec.content.contains
        if not wanted or is_empty(match.note, section, spec.content):
            continue
        kinds = kinds_in(match.note, section.blocks())
        for kind in wanted:
            if kind not in kinds:
                yield ctx.violation(
                    section.title_span,
                    f"the section `{short(section.title)}` has no {CONTENT_NAMES[kind]}: "
                    f"notes of the type `{match.type.name}` have one there",
                    asked_by=spec.origin,
                )
