"""VL311 doubled-word."""

from vaultlint.parse.note import ParsedNote
from vaultlint.prose_check import find_doubled
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("doubled-word", "VL311", group="terms")
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A word stands twice in a row.

    ## What it does
    Looks in English prose and headings for a word that is repeated with nothing but white space
    between, over the end of a line too. Left alone are words that a good sentence may double ("had
    had", "that that", "very very"), names ("Boutros Boutros"), three in a row, words with marks between
    them, other languages, and whatever looks like no sentence.

    ## Why
    The eye skips the second of two equal words, above all at the end of a line; the reader's does not.

    ## Bad
    ````md Trade.md
    Trade is the
    %%       ^^^ doubled-word: `the the` should be `the`
    the subject of of this note.
    %%          ^^^^^ doubled-word: `of of` should be `of`
    ````

    ## Good
    ````md Trade.md
    He had had enough. Is that that? The the-word, and New York New York.
    ````
    """
    for span, hit in find_doubled(note, ctx.shared):
        found = " ".join(hit.found.split())
        yield ctx.violation(span, f"`{found}` should be `{hit.wanted}`", [hit.wanted])
