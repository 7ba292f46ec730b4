"""VL408 access-date-missing."""

import re

from vaultlint.parse.note import ParsedNote
from vaultlint.references import Source, addresses, note_entries
from vaultlint.rule import Found, NoOptions, NoteContext, rule

_ACCESSED = re.compile(
    r"\b(?:accessed|retrieved|visited|viewed|consulted|last (?:seen|checked)|as of)\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    r"|\d{1,2}(?:st|nd|rd|th)?+\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*+\.?,?\s\d{4}"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*+\.?\s\d{1,2}(?:st|nd|rd|th)?+,?\s\d{4})\b"
)
_NUMBERS = ("DOI:", "ISBN:", "arXiv:", "PMID:")
_ARCHIVED = re.compile(r"\bweb\.archive\.org/|\barchive\.(?:ph|today|is)/|\bperma\.cc/")


@rule("access-date-missing", "VL408", group="references", severity="info", default=False)
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A web source does not say when it was read.

    ## What it does
    Reports entries of reference sections with a web address and neither a word like "accessed" nor
    a day. Sources with a DOI or another number, and archived pages, need none. Off by default.

    ## Why
    Pages change: the date tells which of its states was cited.

    ## Bad
    ````md Trade.md
    ## References
    - [Why the ports are full](https://example.org/ports)
    %%^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ access-date-missing: this web source does not say when it was read: add `accessed` and the day
    ````

    ## Good
    ````md Trade.md
    ## References
    - [Why the ports are full](https://example.org/ports), accessed 3 May 2024
    - [Ports](https://doi.org/10.1000/182)
    ````
    """
    for entry in note_entries(note, ctx.shared.references.names):
        found = addresses(entry)
        if not found or _ACCESSED.search(entry.text) or _DAY.search(entry.text):
            continue
        is_numbered = any(key.startswith(_NUMBERS) for key in Source(entry).keys)
        if not is_numbered and not any(map(_ARCHIVED.search, found)):
            yield ctx.violation(
                entry.span,
                "this web source does not say when it was read: add `accessed` and the day",
            )
