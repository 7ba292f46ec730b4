"""VL315 unknown-word."""

from vaultlint.matching import match_path
from vaultlint.parse.note import ParsedNote
from vaultlint.prose_check import find_unknown
from vaultlint.rule import Found, NoOptions, NoteContext, Shared, rule


@rule("unknown-word", "VL315", group="terms", severity="info", applies=Shared.reports_unknown_words)
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A word is in no dictionary.

    ## What it does
    In the notes that `report-unknown` in `[terms]` matches, reports each word that neither the English
    dictionary, the glossary nor the note's own title, aliases and tags have, once in a note. Names
    inside sentences, words of fewer than four letters, and notes in other languages are left out.
    Without such a configuration the rule is silent: most unknown words are right.

    ## Why
    Before a text is published, one may want to look at every word that could be a slip.

    ## Bad
    ````toml vaultlint.toml
    [terms]
    report-unknown = ["Published/**"]
    ````
    ````md Published/Trade.md
    Trade is quite flurbish here.
    %%             ^^^^^^^^ unknown-word: `flurbish` is in no dictionary: correct it, or put it into a glossary
    ````

    ## Good
    ````toml vaultlint.toml
    [terms]
    report-unknown = ["Published/**"]
    glossary = ["glossary.yml"]
    ````
    ````yaml glossary.yml
    - flurbish
    ````
    ````md Published/Trade.md
    Trade is quite flurbish here, at Grobzow.
    ````
    ````md Draft.md
    Trade is quite glurbish here.
    ````
    """
    if match_path(note.path, ctx.shared.terms.report_unknown):
        for span, word in find_unknown(note, ctx.shared):
            message = f"`{word}` is in no dictionary: correct it, or put it into a glossary"
            yield ctx.violation(span, message)
