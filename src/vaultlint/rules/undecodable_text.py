"""VL001 undecodable-text."""

from vaultlint.facts import NoteFacts
from vaultlint.model import Span
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("undecodable-text", "VL001", group="files", severity="error", mentions=("\ufffd",))
def check(note: NoteFacts, ctx: NoteContext[NoOptions]) -> Found:
    """A note is not encoded as UTF-8.

    ## What it does
    Reports the first place whose bytes are not UTF-8. The rest of the note is checked as far as
    it can be read, with U+FFFD for what cannot.

    ## Why
    Obsidian and most tools read notes as UTF-8: other encodings show wrong letters, and links
    with such letters lead nowhere.

    ## Bad
    ````hex Note.md
    436166e9
    %%@4-5 undecodable-text: this is not UTF-8: save the note in that encoding
    ````

    ## Good
    ````hex Note.md
    436166c3a9
    ````
    """
    if note.damaged_at is not None:
        place = Span(note.damaged_at, note.damaged_at + 1)
        yield ctx.violation(place, "this is not UTF-8: save the note in that encoding")
