"""VL406 duplicate-reference."""

from vaultlint.model import Related
from vaultlint.parse.note import ParsedNote
from vaultlint.references import Entry, Source, entries, reference_sections, source_of
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
    known: list[tuple[Entry, Source]] = []
    by_key: dict[str, list[int]] = {}
    for section in reference_sections(note, ctx.shared.references.names):
        for entry in entries(note, section):
            source = source_of(entry)
            keys = (*source.keys, source.words)
            near = sorted({number for key in keys for number in by_key.get(key, ())})
            first = next((known[n][0] for n in near if known[n][1].is_same(source)), None)
            if first is not None:
                related = [Related(note.path, first.span, "first here")]
                yield ctx.violation(entry.span, "this source is named twice", related=related)
                continue
            for key in keys:
                by_key.setdefault(key, []).append(len(known))
            known.append((entry, source))
