"""VL313 term-not-linked."""

from vaultlint.parse.note import ParsedNote
from vaultlint.prose_check import find_mentions, is_linked
from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.terms.glossary import Entry


@rule("term-not-linked", "VL313", group="terms", severity="info", default=False)
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A term of the glossary is never linked in a note that mentions it.

    ## What it does
    Looks in the prose of a note for the first mention of each glossary term. It is reported unless a
    link of the note, wherever it stands, leads to a note with the name of the term or of an accepted
    form, or shows the term. The terms of packs are not meant. The note that has the term for its name or alias need not link to itself.

    ## Why
    A link at the first mention leads to the definition, and makes the backlinks of a term complete.

    ## Bad
    ````toml vaultlint.toml
    [terms]
    glossary = ["glossary.yml"]
    ````
    ````yaml glossary.yml
    - geoeconomics
    ````
    ````md Trade.md
    Policy turns to geoeconomics now. Yes, geoeconomics.
    %%              ^^^^^^^^^^^^ term-not-linked: `geoeconomics` is not linked in this note: write `[[geoeconomics]]`
    ````

    ## Good
    ````toml vaultlint.toml
    [terms]
    glossary = ["glossary.yml"]
    ````
    ````yaml glossary.yml
    - geoeconomics
    ````
    ````md Trade.md
    Policy turns to [[geoeconomics]] now. Yes, geoeconomics.
    ````
    ````md geoeconomics.md
    In short, geoeconomics is trade by other means.
    ````
    """
    glossary = ctx.shared.glossaries.own_of(note.path)
    seen: set[Entry] = set()
    for run, mention in find_mentions(note, ctx.shared, glossary):
        entry = mention.entry
        if run.scope != "prose" or entry in seen:
            continue
        seen.add(entry)
        if is_linked(note, entry):
            continue
        found = run.text[mention.start : mention.end]
        wanted = f"[[{entry.term}]]" if found == entry.term else f"[[{entry.term}|{found}]]"
        message = f"`{found}` is not linked in this note: write `{wanted}`"
        yield ctx.violation(run.span(mention.start, mention.end), message, [wanted])
