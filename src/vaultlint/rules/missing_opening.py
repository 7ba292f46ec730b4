"""VL214 missing-opening."""

from vaultlint.model import Span
from vaultlint.rule import Found, NoOptions, NoteContext, TypedNote, rule
from vaultlint.section_content import CONTENT_NAMES, count_words, kinds_in
from vaultlint.wording import count


@rule("missing-opening", "VL214", group="structure")
def check(subject: TypedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A note does not open as notes of its type do.

    ## What it does
    Where a type says what its notes open with, `opening = { min-words = 20 }`, looks at what stands
    before the first section: a title of level 1 is none. `contains` may be given too.

    ## Why
    The first paragraph tells a reader whether to read on.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    opening = { min-words = 5 }
    ````
    ````md Topics/Trade.md
    # Trade
    Ports.
    %%@note missing-opening: the note opens with 1 word: notes of the type `topic` open with at least 5

    ## Challenges
    Ports are full, and rail is slow.
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    opening = { min-words = 5 }
    ````
    ````md Topics/Trade.md
    # Trade
    Trade has grown for thirty years.

    ## Challenges
    Ports are full.
    ````
    """
    note, note_type = subject
    opening = note_type.opening
    if opening is None:
        return
    blocks = note.opening
    number, asked_by = count_words(note, blocks), note_type.opening_origin
    if number < opening.min_words:
        yield ctx.violation(
            Span(0, 0),
            f"the note opens with {count(number, 'word')}: "
            f"notes of the type `{note_type.name}` open with at least {opening.min_words}",
            asked_by=asked_by,
        )
    kinds = kinds_in(note, blocks) if opening.contains else {}
    for kind in opening.contains:
        if kind not in kinds:
            yield ctx.violation(
                Span(0, 0),
                f"before the first section stands no {CONTENT_NAMES[kind]}: "
                f"notes of the type `{note_type.name}` have one there",
                asked_by=asked_by,
            )
