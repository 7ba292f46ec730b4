"""VL403 reference-without-source."""

import re

from vaultlint.content import Entry, entries, reference_sections
from vaultlint.parse.note import ParsedNote
from vaultlint.rule import Found, NoOptions, NoteContext, rule

#: Inline tokens that lead to a source or are one.
_SOURCES = frozenset(
    ("link", "image", "wikilink", "embed", "autolink", "url", "footnote", "note", "code")
)
_IDENTIFIER = re.compile(
    r"\b10\.\d{4,9}/\S"  # DOI
    r"|\bISBN\b|\bISSN\b|\barXiv\b|\bPMID\b|\bdoi\b"
    r"|(?<![\w@.])@\{?[A-Za-z0-9_]"  # citekey
    r"|\]\[[^\]]*+\]"  # link by reference
    r"|(?<![\w-])-*+\w[\w-]*+\.(?:com|org|net|edu|gov|int|info|io|co|tv|news|pk|in|uk|us|eu|de|fr|cn)\b"
    r"|<a\s",
    re.IGNORECASE,
)
#: A year that stands as in a bibliography: after a separator, or before one.
_YEAR = re.compile(
    r"[(\[,;:.]\s*+(?:\w++\.?+\s++){0,3}(?:1[5-9]|20)\d\d|(?:1[5-9]|20)\d\d[a-z]?\s*+[)\].,;:]"
)
_DETAIL = re.compile(
    r"\b(?:pp?|vol|no|ed|eds|edn|ch|chap|art|para)\.|\bchapter\s++\d|\bet al\b"
    r"|\b(?:Press|Publish\w+|Publications|University|Institute|Ministry|Journal)\b"
)
#: Of several opening quotes in a row, the first has the longest title.
_MARKED_TITLE = re.compile(
    r"(?:[*_\"]|(?:\A|(?<=[”»]))[^*_”\"»“«]*+[“«])(?P<title>[^*_”\"»]{3,}+)[*_”\"»]"
)
_WORD_CHARACTER = re.compile(r"\w")


@rule("reference-without-source", "VL403", group="references")
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """An entry of a reference section is bare text.

    ## What it does
    Looks at the list items, table rows and one-per-line text of reference sections. An entry
    needs a link, a note link, a citekey, a DOI, ISBN, arXiv or PubMed number, or what a
    bibliography has: a title with its author, a year, pages, a publisher.

    ## Why
    A bare title was a link once, in a browser tab; nobody can follow it now.

    ## Bad
    ````md Trade.md
    ## References
    - Why the ports are full
    %%^^^^^^^^^^^^^^^^^^^^^^ reference-without-source: this reference is bare text: add a link, a DOI or ISBN, a citekey, or author and year
    ````

    ## Good
    ````md Trade.md
    ## References
    - [Why the ports are full](https://example.org/ports)
    - A. Malik, *Ports and Power* (Harbour Press, 2019)
    - [[Port statistics]], ISBN 978-3-16-148410-0
    ````
    ````md Port statistics.md
    ````
    """
    for section in reference_sections(note, ctx.shared.references.names):
        for entry in entries(note, section):
            if not _has_source(entry):
                yield ctx.violation(
                    entry.span,
                    "this reference is bare text: add a link, a DOI or ISBN, a citekey, "
                    "or author and year",
                )


def _has_source(entry: Entry) -> bool:
    text = entry.text
    if _YEAR.search(text):
        return True
    if any(token.kind in _SOURCES for part in entry.texts for token in part.tokens):
        return True
    if _DETAIL.search(text) or _IDENTIFIER.search(text):
        return True
    title = _MARKED_TITLE.search(text)
    if title is None:
        return False
    rest = text[: title.start("title") - 1] + text[title.end() :]
    return _WORD_CHARACTER.search(rest) is not None
