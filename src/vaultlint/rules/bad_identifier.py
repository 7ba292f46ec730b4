"""VL415 bad-identifier."""

from collections.abc import Iterator

from vaultlint.identifiers import (
    Identifier,
    find_identifiers,
    find_in_property,
    may_hold_identifier,
    property_kind,
)
from vaultlint.model import Span
from vaultlint.parse.links import is_external
from vaultlint.parse.note import ParsedNote, TextBlock
from vaultlint.parse.prose import prose_run
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule(
    "bad-identifier", "VL415", group="references", mentions=("doi", "isbn", "issn", "arxiv", "pmid")
)
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A DOI, ISBN, ISSN, arXiv or PubMed number cannot be right.

    ## What it does
    Checks form and check digit of numbers behind the words `DOI`, `ISBN`, `ISSN`, `arXiv:` and
    `PMID`, in addresses of doi.org, and in properties of these names. A number without its word is
    not judged, nor is anything asked of the internet.

    ## Why
    A digit that was mistyped leads to another book, or to none.

    ## Bad
    ````md Trade.md
    ## References
    - A. Malik, *Ports*, 2019, ISBN 978-3-16-148410-1
    %%                              ^^^^^^^^^^^^^^^^^ bad-identifier: the ISBN `978-3-16-148410-1` has a wrong digit: the check digit does not fit
    - R. Khan, *Freight*, 2021, doi:10.1038
    %%                              ^^^^^^^ bad-identifier: the DOI `10.1038` lacks what follows its `/`
    ````

    ## Good
    ````md Trade.md
    ---
    isbn: 0306406152
    ---
    ## References
    - A. Malik, *Ports*, 2019, ISBN 978-3-16-148410-0
    - R. Khan, *Freight*, 2021, <https://doi.org/10.1038/nphys1170>
    ````
    """
    for span, found in (*_in_properties(note), *_in_text(note)):
        if found.fault:
            kind = "arXiv number" if found.kind == "arXiv" else found.kind
            yield ctx.violation(span, f"the {kind} `{found.written}` {found.fault}")


def _in_properties(note: ParsedNote) -> Iterator[tuple[Span, Identifier]]:
    for key, _, _, (start, end), _ in note.facts.frontmatter.properties:
        if kind := property_kind(key):
            for found in find_in_property(kind, note.text[start:end]):
                yield Span(start + found.start, start + found.end), found


def _in_text(note: ParsedNote) -> Iterator[tuple[Span, Identifier]]:
    if not may_hold_identifier(note.text):
        return
    for text in note.text_blocks:
        if text.block.kind != "comment" and may_hold_identifier(text.text):
            run = prose_run(text)
            for found in find_identifiers(run.text):
                yield run.span(found.start, found.end), found
            yield from _in_links(text)


def _in_links(text: TextBlock) -> Iterator[tuple[Span, Identifier]]:
    """DOIs in addresses, and what links to the web show."""
    for token in text.tokens:
        if token.kind not in ("url", "autolink", "link") or token.commented:
            continue
        shown = (token.inner, token.inner_end)
        target = (token.target, token.target_end) if token.kind == "link" else shown
        is_web = target != shown and is_external(text.text[slice(*target)])
        for start, end in (shown, target) if is_web else (target,):
            for found in find_identifiers(text.text[start:end]):
                if found.kind == "DOI" or (start, end) != target:
                    yield text.span(start + found.start, start + found.end), found
