"""VL312 undefined-abbreviation."""

from vaultlint.parse.note import ParsedNote
from vaultlint.prose_check import find_mentions, stands_before
from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.terms.fold import composed
from vaultlint.terms.glossary import Entry


@rule("undefined-abbreviation", "VL312", group="terms", severity="info", default=False)
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """An abbreviation of the glossary is used before its long form.

    ## What it does
    Looks in prose for the first use of each term whose glossary entry has `expand`. The long form must
    stand before it, or in the same paragraph; a title, an alias or the target of a link counts.

    ## Why
    The writer knows what the letters stand for. The reader of one note may not.

    ## Bad
    ````toml vaultlint.toml
    [terms]
    glossary = ["glossary.yml"]
    ````
    ````yaml glossary.yml
    - {term: BRI, expand: Belt and Road Initiative}
    ````
    ````md Trade.md
    Trade along the BRI grows.
    %%              ^^^ undefined-abbreviation: `BRI` is not explained before: write `Belt and Road Initiative (BRI)`
    ````

    ## Good
    ````toml vaultlint.toml
    [terms]
    glossary = ["glossary.yml"]
    ````
    ````yaml glossary.yml
    - {term: BRI, expand: Belt and Road Initiative}
    ````
    ````md Trade.md
    The Belt and Road Initiative (BRI) is old. Trade along the BRI grows.
    ````
    """
    glossary = ctx.shared.glossaries.of(note.path)
    seen: set[Entry] = set()
    for run, mention in find_mentions(note, ctx.shared, glossary):
        entry = mention.entry
        found = run.text[mention.start : mention.end]
        if run.scope != "prose" or not entry.expand or entry in seen:
            continue
        if composed(found).removesuffix("s") not in (entry.term, entry.term.removesuffix("s")):
            continue
        seen.add(entry)
        if not stands_before(note, run, entry.expand):
            wanted = f"{entry.expand} ({found})"
            message = f"`{found}` is not explained before: write `{wanted}`"
            yield ctx.violation(run.span(mention.start, mention.end), message, [wanted])
