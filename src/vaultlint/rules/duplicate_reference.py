"""VL406 duplicate-reference."""

from collections import Counter

from vaultlint.model import Related
from vaultlint.parse.note import ParsedNote
from vaultlint.references import Source, note_entries
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("duplicate-reference", "VL406", group="references")
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A note names the same source twice.

    ## What it does
    Compares the entries of a note's reference sections: by DOI, ISBN, arXiv or PubMed number, by
    address (whatever its scheme, `www.`, last `/` and parts that track readers), and, where one of
    them has neither, by all their words. A site's first page tells no source, and chapters of a
    book are not the same.

    ## Why
    The note seems to lean on more sources than it has.

    ## Bad
    ````md Trade.md
    ## References
    - [Why the ports are full](https://example.org/ports)
    - [Ports](http://www.example.org/ports/?utm_source=feed)
    %%^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ duplicate-reference: this source is named twice
    ````

    ## Good
    ````md Trade.md
    ## References
    - [Why the ports are full](https://example.org/ports)
    - [Why rates rose](https://example.org/rates)
    ````
    """
    entries = note_entries(note, ctx.shared.references.names)
    if len(entries) < 2:
        return
    sources = [Source(entry) for entry in entries]
    words_tell = not all(source.keys for source in sources)
    beginnings = Counter(source.beginning for source in sources if words_tell)
    by_key: dict[str, list[Source]] = {}
    for source in sources:
        keys = source.keys
        if words_tell and (beginnings[""] or beginnings[source.beginning] > 1):
            keys = (*keys, source.words)
        near = (other for key in keys for other in by_key.get(key, ()) if other.is_same(source))
        first = min((other.entry.span for other in near), default=None)
        if first is not None:
            related = [Related(note.path, first, "first here")]
            yield ctx.violation(source.entry.span, "this source is named twice", related=related)
            continue
        for key in keys:
            by_key.setdefault(key, []).append(source)
