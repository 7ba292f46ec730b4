"""VL210 long-section."""

from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.section_content import count_words
from vaultlint.sections import SectionMatch
from vaultlint.wording import short


@rule("long-section", "VL210", group="structure")
def check(match: SectionMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A section has more words than the note's type allows.

    ## What it does
    Counts the words of prose in sections that a type gives `max-words`, and in those below them.

    ## Why
    A summary that grows is no summary any more.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Summary", max-words = 5 }]
    ````
    ````md Topics/Trade.md
    ## Summary
    %% ^^^^^^^ long-section: the section `Summary` has 8 words: notes of the type `topic` have at most 5 there
    Ports are full, and rail is slow too.
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Summary", max-words = 5 }]
    ````
    ````md Topics/Trade.md
    ## Summary
    Ports are full.
    ```
    code is not counted, and neither is a comment
    ```
    ````
    """
    for spec, section in match.found:
        most = spec.content.max_words
        if most is None:
            continue
        number = count_words(match.note, section.blocks())
        if number > most:
            yield ctx.violation(
                section.title_span,
                f"the section `{short(section.title)}` has {number} words: "
                f"notes of the type `{match.type.name}` have at most {most} there",
                asked_by=spec.origin,
            )
