"""Reads a note of the vault as a glossary: its headings, bold lead terms and table rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vaultlint.model import Span
from vaultlint.parse.extract import parse_note
from vaultlint.parse.note import ParsedNote, TextBlock
from vaultlint.parse.prose import HOLE, prose_run
from vaultlint.parse.tree import Block
from vaultlint.terms.glossary import Entry, Glossary, Origin
from vaultlint.terms.words import word_set
from vaultlint.text import Lines

#: Headings of columns, in lower case, and the field of an entry that they hold.
_COLUMNS = {
    **dict.fromkeys(word_set("alias aliases also accept accepted variants synonyms"), "accept"),
    **dict.fromkeys(("also known as", "other forms"), "accept"),
    **dict.fromkeys(word_set("avoid forbid forbidden not wrong"), "forbid"),
    **dict.fromkeys(("not to be used", "do not use"), "forbid"),
    **dict.fromkeys(word_set("abbreviation abbreviations acronym acronyms short"), "short"),
}

_BOLD = re.compile(r"(?:\*\*|__)(?=\S)([^*_\n]{1,120}?)(?<=\S)(?:\*\*|__)")
_ALIASES = re.compile(r"\s*+[,:]?\s*+\(?(?:also|aliases|or)\b:?\s*+([^().;\n]{1,200})")
_SHORT = re.compile(r"(.*\S)\s++\(([^()\s]{2,12})\)")
_LISTED = re.compile(r"[,;/]| or |<br>")
_PLAIN = re.compile(r"[A-Za-z]?[a-z]*+(?:[\s'’–-][A-Za-z]?[a-z]*+)*+")
#: Bold words that begin a remark.
_REMARKS = word_set("note notes warning example examples tip important caution see todo")

#: Longer names are sentences.
_MOST_WORDS = 8


class _Term(NamedTuple):
    """A term as the note has it, where it stands, and its further forms by field."""

    name: str
    span: Span
    accept: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()


def read_glossary_note(path: str, text: str) -> Glossary:
    """The glossary that a note is. `path` names it in messages.

    Terms are the first cells of table rows, the bold words at the beginning of paragraphs and list
    items, and the headings from level 2 on that have text, but none of these, below them. A note
    without any has its own name for a term, and its aliases for accepted forms. A term of plain
    words may have any letter case: that of a heading tells nothing. Raises UserError, with path
    and line, where terms contradict each other.
    """
    note = parse_note(path, text)
    lines = Lines(text)
    terms = [*_terms(note)]
    if not terms and note.facts.aliases:
        name = path.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
        terms = [_Term(name, Span(0, 0), note.facts.aliases)]
    entries: dict[Entry, Origin] = {}
    for term in terms:
        for entry in _entries(term):
            entries.setdefault(entry, Origin(path, lines.position(term.span.start)[0]))
    return Glossary(entries, entries.values())


def _terms(note: ParsedNote) -> Iterator[_Term]:
    if note.sections:
        yield from _leads(note, note.opening)
    else:
        yield from _leads(note, note.blocks)
    for section in note.all_sections():
        found = list(_leads(note, section.own))
        if not found and not section.children and section.level > 1 and section.own:
            yield _Term(_plain(section.heading), section.span)
        yield from found


def _leads(note: ParsedNote, blocks: Sequence[Block]) -> Iterator[_Term]:
    for block in blocks:
        if block.kind == "table":
            yield from _rows(note, block)
        elif block.kind == "list":
            for item in block.children:
                yield from _leads(note, item.children[:1])
        elif block.kind == "paragraph":
            text = note.texts_in(block)[0]
            lead = _BOLD.match(text.text)
            if lead and lead.end() < len(text.text.rstrip()):
                also = _ALIASES.match(text.text, lead.end())
                accept = _listed(also[1].replace("*", "")) if also else ()
                yield _Term(lead[1].strip(" :.–—-"), text.span(*lead.span(1)), accept)


def _rows(note: ParsedNote, table: Block) -> Iterator[_Term]:
    header, *rows = ([_plain(text) for text in note.texts_in(row)] for row in table.children)
    fields = [_COLUMNS.get(title.strip().lower(), "") for title in header]
    for block, cells in zip(table.children[1:], rows, strict=True):
        forms: dict[str, tuple[str, ...]] = {"accept": (), "forbid": (), "short": ()}
        for field, cell in zip(fields, cells, strict=False):
            if field and cell != cells[0]:
                forms[field] += _listed(cell)
        if cells and cells[0].strip():
            yield _Term(
                cells[0].strip(),
                block.span,
                (*forms["accept"], *forms["short"]),
                forms["forbid"],
            )


def _plain(text: TextBlock) -> str:
    """The words of a text, without marks and what is no prose."""
    return " ".join(prose_run(text).text.replace(HOLE, " ").split())


def _listed(text: str) -> tuple[str, ...]:
    return tuple(form for form in map(str.strip, _LISTED.split(text)) if form)


def _entries(term: _Term) -> Iterator[Entry]:
    """The entry of a term, and those of its abbreviations; none where it is no name of anything."""
    name, accept = term.name, term.accept
    short = _SHORT.fullmatch(name)
    if short:
        name, accept = short[1], (*accept, short[2])
    if not _is_name(name) or name.lower() in _REMARKS:
        return
    forms = dict.fromkeys(form for form in accept if _is_name(form) and form != name)
    abbreviations = [form for form in forms if form.isupper() and not name.isupper()]
    forms = dict.fromkeys(form for form in forms if form not in abbreviations)
    plain = all(_PLAIN.fullmatch(form) for form in (name, *forms))
    forbid = tuple(dict.fromkeys(filter(_is_name, term.forbid)))
    yield Entry(name, tuple(forms), forbid, case="any" if plain else None)
    for form in abbreviations:
        yield Entry(form, expand=name)


def _is_name(form: str) -> bool:
    return len(form) > 1 and len(form.split()) <= _MOST_WORDS and any(map(str.isalpha, form))
