"""Reference sections: which they are, their entries, and whether these lead to a source."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from vaultlint.content import says_something
from vaultlint.facts import NamedSource, is_cross_reference
from vaultlint.fingerprint import digest
from vaultlint.identifiers import Identifier, find_identifiers, may_hold_identifier
from vaultlint.matching import fold, fold_heading
from vaultlint.model import Span
from vaultlint.parse.inline import OPENER, Token, may_hold_url, scan_inline
from vaultlint.parse.links import is_external
from vaultlint.parse.note import ParsedNote, Section, TextBlock
from vaultlint.parse.prose import is_callout
from vaultlint.parse.tree import Block
from vaultlint.schema import bare_heading


@lru_cache(maxsize=4096)
def is_reference_heading(title: str, names: tuple[str, ...]) -> bool:
    """Is a heading's text one of the names of reference sections, whatever its case or number?"""
    return bare_heading(title) in _folded(names)


@lru_cache(maxsize=64)
def _folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold_heading, names))


@lru_cache(maxsize=2)
def reference_sections(note: ParsedNote, names: tuple[str, ...]) -> list[Section]:
    """The reference sections of a note; one inside another is a part of it.

    A heading of level 1 is the note's title, and so is a first heading that repeats the note's name
    or its `title`: neither is such a section.
    """
    headings = [heading for heading in note.facts.headings if heading.linkable]
    wanted = [h.level > 1 and is_reference_heading(h.text, names) for h in headings]
    if not any(wanted):
        return []
    wanted[0] = wanted[0] and not _is_title(headings[0].text, note)
    sections: list[Section] = []
    within = 7
    places = (index for index, block in enumerate(note.blocks) if block.kind == "heading")
    for index, heading, is_wanted in zip(places, headings, wanted, strict=True):
        if heading.level <= within:
            within = heading.level if is_wanted else 7
            if is_wanted:
                sections.append(note.section_at(index))
    return sections


def _is_title(heading: str, note: ParsedNote) -> bool:
    stem = note.path.rpartition("/")[2].rpartition(".")[0]
    return fold_heading(heading) in {fold(name) for name in (stem, *note.facts.outline.titles)}


class Entry(NamedTuple):
    """An entry of a reference section: its texts (the first has the entry's place), its span."""

    texts: tuple[TextBlock, ...]
    text: str
    span: Span


def entries(note: ParsedNote, section: Section) -> Iterator[Entry]:
    """The entries of a reference section: list items, table rows, one-per-line text, paragraphs.

    An item that only gives a name to the list in it is none, but the items of that list are. A
    paragraph is an entry where it leads to a source, and does not speak to the reader: prose is
    none. Nor are footnote definitions, which are notes. Callouts may hold lists and tables.
    """
    for block in section.blocks():
        yield from _entries_in(note, block)


def _entries_in(note: ParsedNote, block: Block) -> Iterator[Entry]:
    if block.kind == "list":
        yield from _items(note, block)
    elif block.kind == "table":
        for row in block.children[1:]:
            yield from _entry(note.texts_in(row))
    elif block.kind == "paragraph":
        text = note.texts_in(block)[0]
        yield from _lines(text) or _paragraph(text)
    elif block.kind == "quote" and is_callout(block):
        for inner in block.children:
            if inner.kind != "paragraph":
                yield from _entries_in(note, inner)


@lru_cache(maxsize=2)
def _entries_by_block(
    note: ParsedNote, names: tuple[str, ...]
) -> list[tuple[Section, list[tuple[Block, list[Entry]]]]]:
    """The entries of all reference sections; kept for the rules that ask in turn."""
    return [
        (section, [(block, list(_entries_in(note, block))) for block in section.blocks()])
        for section in reference_sections(note, names)
    ]


def note_entries(note: ParsedNote, names: tuple[str, ...]) -> list[Entry]:
    """The entries of all reference sections."""
    by_block = (each for _, blocks in _entries_by_block(note, names) for each in blocks)
    return [entry for _, found in by_block for entry in found]


#: What the head of a table says that lists sources.
_LISTS_SOURCES = re.compile(
    r"\b(?:source|reference|title|author|book|article|work|publication|paper|document|report|"
    r"link|url|site|website|citation|name)s?\b",
    re.IGNORECASE,
)


def entries_to_judge(note: ParsedNote, names: tuple[str, ...]) -> Iterator[Entry]:
    """The entries of the sections that are reference sections by more than their heading.

    Such a section is the last of its note, or has an entry that leads to a source; of its tables
    those count whose head speaks of sources.
    """
    by_section = _entries_by_block(note, names)
    headings = [block for block in note.blocks if block.kind == "heading"] if by_section else []
    for section, blocks in by_section:
        found = [
            entry
            for block, inside in blocks
            if block.kind != "table" or _lists_sources(note, block)
            for entry in inside
        ]
        *_, inner = section.walk()
        if inner.heading.block is headings[-1] or any(map(has_source, found)):
            yield from found


def _lists_sources(note: ParsedNote, table: Block) -> bool:
    head = note.texts_in(table.children[0])
    return any(_LISTS_SOURCES.search(cell.text) for cell in head)


def has_generated_entries(note: ParsedNote, section: Section) -> bool:
    """May a section have entries that are not in its text: of a query, of an embedded note?"""
    for block in section.blocks():
        if any(inner.kind in ("code", "html") for inner in block.walk()):
            return True
        if any(t.kind in ("embed", "html") for text in note.texts_in(block) for t in text.tokens):
            return True
    return False


def _items(note: ParsedNote, block: Block) -> Iterator[Entry]:
    for item in block.children:
        whole = list(_entry(note.texts_in(item)))
        lists = [child for child in item.children if child.kind == "list"]
        if whole and lists:
            own = [text for text in whole[0].texts if text.around[-1:] == (item,)]
            if not any(has_source(entry) for entry in _entry(own)):
                for inner in lists:
                    yield from _items(note, inner)
                continue
        yield from whole


def _entry(texts: list[TextBlock]) -> Iterator[Entry]:
    said = [text for text in texts if says_something(text)]
    if said:
        joined = "\n".join(text.text for text in said)
        yield Entry(tuple(said), joined, said[0].span(0, len(said[0].text)))


def _lines(text: TextBlock) -> list[Entry]:
    """The lines of a paragraph, where each begins like a title: wrapped prose does not."""
    lines = text.text.split("\n")
    if len(lines) < 2 or not all(_begins_entry(line) for line in lines):
        return []
    at = 0
    starts = [token.start for token in text.tokens]
    found = []
    for line in lines:
        lead = len(line) - len(line.lstrip())
        first, last = bisect_left(starts, at), bisect_left(starts, at + len(line))
        tokens = text.tokens[first:last]
        part = TextBlock(text.block, text.around, text.text, tokens)
        found.append(Entry((part,), line, text.span(at + lead, at + len(line.rstrip()))))
        at += len(line) + 1
    return found


def _begins_entry(line: str) -> bool:
    said = line.strip().lstrip("*_\"'“‘«<[(")
    return len(line) <= 160 and (
        said[:1].isupper() or said[:1].isdigit() or said.startswith("http")
    )


#: How prose begins that speaks of sources, and is none.
_SPEAKS = re.compile(
    r"(?:See|For|The following|These|This|Those|All|Most|Many|Some|Here|Below|I|We|You|They|He|"
    r"She|In|On|It|There|Please|As|After|When|If|More|Much|Note)\b(?!\.)"
)


def _paragraph(text: TextBlock) -> Iterator[Entry]:
    """A paragraph that is one entry."""
    if not _SPEAKS.match(text.text.lstrip()) and _begins_entry(text.text.lstrip()[:40]):
        for entry in _entry([text]):
            if has_source(entry):
                yield entry


#: Inline tokens that lead to a source or are one.
_SOURCES = frozenset(
    ("link", "image", "wikilink", "embed", "autolink", "url", "footnote", "note", "code")
)
#: Where a citation key begins.
CITEKEY = re.compile(r"(?<![\w@./])@\{?[A-Za-z0-9_]")
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
YEAR = re.compile(
    r"[(\[,;:.]\s*+(?:\w++\.?+\s++){0,3}(?:1[5-9]|20)\d\d|(?:1[5-9]|20)\d\d[a-z]?\s*+[)\].,;:]"
)
DETAIL = re.compile(
    r"\b(?:pp?|vol|no|ed|eds|edn|ch|chap|art|para)\.|\bchapter\s++\d|\bet al\b"
    r"|\b(?:Press|Publish\w+|Publications|University|Institute|Ministry|Journal)\b"
)
#: Of several opening quotes in a row, the first has the longest title.
MARKED_TITLE = re.compile(
    r"(?:[*_\"]|(?:\A|(?<=[”»]))[^*_”\"»“«]*+[“«])(?P<title>[^*_”\"»]{3,}+)[*_”\"»]"
)
_WORD_CHARACTER = re.compile(r"\w")


def has_source(entry: Entry) -> bool:
    """Does an entry lead to a source, or say what a bibliography says of one?"""
    text = entry.text
    if YEAR.search(text):
        return True
    if any(token.kind in _SOURCES for part in entry.texts for token in part.tokens):
        return True
    if DETAIL.search(text) or _IDENTIFIER.search(text):
        return True
    title = MARKED_TITLE.search(text)
    if title is None:
        return False
    rest = text[: title.start("title") - 1] + text[title.end() :]
    return _WORD_CHARACTER.search(rest) is not None


def addresses(entry: Entry) -> list[str]:
    """The web addresses that an entry holds, in order."""
    found: list[str] = []
    if not may_hold_url(entry.text):
        return found
    for text in entry.texts:
        for token in text.tokens:
            address = _address(token, text.text)
            if address and not token.commented and not token.in_link:
                found.append(address)
    return found


def _address(token: Token, text: str) -> str:
    if token.kind in ("url", "autolink"):
        found = text[token.inner : token.inner_end]
    else:
        found = text[token.target : token.target_end] if token.kind == "link" else ""
    return found if _SHOWN_ADDRESS.match(found) else ""


#: What a reader sees first, where no mark but the bracket of a link stands before it.
_FIRST_WORD = re.compile(r"\[?([^\W_]++)")
_FIRST_WORDS = re.compile(r"\[?((?!http|www)[^\W_]++)[\s.,]++([^\W_]++)")
_NO_WORDS = re.compile(r"[\W_]*+")
_SHOWN_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>]++", re.IGNORECASE)


def is_address_alone(entry: Entry) -> bool:
    """Is an entry nothing but an address, or a link that shows one?"""
    begins = _FIRST_WORD.match(entry.text)
    if begins and not begins[1].lower().startswith(("http", "www")):
        return False
    if not addresses(entry):
        return False
    return bool(_NO_WORDS.fullmatch(_SHOWN_ADDRESS.sub("", shown(entry))))


def shown(entry: Entry) -> str:
    """What a reader sees of an entry, with bare addresses, and without those behind links."""
    if not (OPENER.search(entry.text) or may_hold_url(entry.text)):
        return entry.text
    pieces, at = [], 0
    own = entry.texts[0]
    tokens = own.tokens if own.text == entry.text else scan_inline(entry.text)
    for token in tokens:
        if token.start < at:
            continue
        pieces.append(entry.text[at : token.start])
        at = token.end
        if token.kind in ("link", "autolink", "url", "code"):
            pieces.append(entry.text[token.inner : token.inner_end])
        elif token.kind in ("wikilink", "embed"):
            pieces.append(entry.text[token.inner : token.inner_end].rpartition("|")[2])
    return "".join((*pieces, entry.text[at:]))


def shown_words(entry: Entry) -> str:
    """What a reader sees of an entry but addresses."""
    seen = shown(entry)
    return _SHOWN_ADDRESS.sub("", seen) if may_hold_url(seen) else seen


#: Parts of a query that say where a reader came from.
_TRACKING = re.compile(r"utm_\w++|fbclid|gclid|mc_cid|mc_eid|igshid|ref_src", re.IGNORECASE)
_TEXT_FRAGMENT = re.compile(r":~:.*+", re.DOTALL)
#: An address of the common kind, with neither port nor query nor fragment.
_PLAIN_ADDRESS = re.compile(r"https?://(?:www\.)?([a-z0-9.-]++)(/[^\s?#\\]*+)?")


def address_key(address: str) -> str:
    """What addresses of the same page have in common; nothing where it is a site's first page.

    Scheme, `www.`, the host's letter case, a last `/` and what tracks readers make no difference.
    """
    plain = _PLAIN_ADDRESS.fullmatch(address)
    if plain:
        path = (plain[2] or "").rstrip("/")
        return f"{plain[1]}{path}?#" if path else ""
    try:
        parts = urlsplit(address if "://" in address[:9] else f"https://{address}")
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return address
    queries = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([each for each in queries if not _TRACKING.fullmatch(each[0])])
    path, fragment = parts.path.rstrip("/"), _TEXT_FRAGMENT.sub("", parts.fragment)
    if not (path or query or fragment):
        return ""
    return f"{host}{port}{path}?{query}#{fragment}"


def host_of(address: str) -> str:
    """The host of an address, in lower case; nothing where there is none."""
    try:
        return urlsplit(address if "://" in address[:9] else f"https://{address}").hostname or ""
    except ValueError:
        return ""


class Source:
    """What tells an entry's source: keys of its numbers or of its page, and its words, folded."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.keys = find_keys(entry)

    @cached_property
    def beginning(self) -> str:
        """The first two of its `words`; empty where only reading the whole entry tells."""
        begins = _FIRST_WORDS.match(fold(self.entry.text[:200]))
        if begins is None or begins[0].endswith(("http", "https", "www")):
            return ""
        return f"{begins[1]} {begins[2]}"

    @cached_property
    def words(self) -> str:
        """All that a reader sees of the entry but addresses, as words."""
        return " ".join(_WORDS.findall(fold(shown_words(self.entry)).replace("_", " ")))

    @property
    def is_part(self) -> bool:
        """May the entry be of a part, which has the number of the whole?"""
        return _IS_PART.search(self.words) is not None

    def is_same(self, other: Source) -> bool:
        """Is this the source of another entry? Parts of a book have its number, and are others."""
        if not set(self.keys).isdisjoint(other.keys):
            return self.words == other.words or not (self.is_part and other.is_part)
        either = not self.keys or not other.keys
        return either and self.words == other.words and _TELLS.search(self.words) is not None


_WORDS = re.compile(r"\w++")
_IS_PART = re.compile(r"\b(?:in|chapter|chap|ch|kap|pp?)\b")
#: Words enough to tell a source; "ibid." and its like tell none.
_TELLS = re.compile(r"\A(?!(?:ibid|idem|id|op cit|loc cit|same|as above)\b)(?:\w+ \w|\w{8})")


def find_numbers(entry: Entry) -> list[Identifier]:
    """The numbers of an entry that tell what it is, and whose form and digits hold."""
    if not may_hold_identifier(entry.text):
        return []
    texts = (shown(entry), *addresses(entry))
    named = [number for text in texts for number in find_identifiers(text)]
    return [each for each in named if each.kind != "ISSN" and not each.fault]


def find_keys(entry: Entry) -> tuple[str, ...]:
    """The keys of an entry's numbers, or of its page. Of several addresses the first is its page's.

    A row of a table may say what a source says: its words tell it alone.
    """
    if entry.texts[0].block.kind == "cell":
        return ()
    keys = [each.key for each in find_numbers(entry)]
    if not keys:
        keys = [address_key(address) for address in addresses(entry)[:1]]
    return tuple(dict.fromkeys(filter(None, keys)))


def find_sources(note: ParsedNote, names: tuple[str, ...]) -> tuple[NamedSource, ...]:
    """The sources that the reference sections of a note name.

    What leads to a note of the vault or to an entry of a bibliography has its source there.
    """
    found = []
    for entry in note_entries(note, names):
        if not _leads_to_note(entry):
            source = Source(entry)
            keys = source.keys
            if keys and source.is_part:
                keys = tuple(f"{key} {_digest(source.words)}" for key in keys)
            elif not keys and _TELLS.search(source.words):
                keys = (_digest(source.words),)
            if keys:
                found.append(NamedSource(keys, entry.span))
    return tuple(found)


def _digest(words: str) -> str:
    return digest(words.encode("utf-8", "replace")).hex()


def _leads_to_note(entry: Entry) -> bool:
    if "@" in entry.text and CITEKEY.search(entry.text):
        return True
    return any(
        token.kind in ("wikilink", "embed")
        or (token.kind == "link" and not is_external(text.text[token.target : token.target_end]))
        for text in entry.texts
        for token in text.tokens
    )


def has_citation(note: ParsedNote, *, bare: bool) -> bool:
    """Does a note cite a key, or link to a literature note? `bare`: outside of brackets too."""
    facts = note.facts
    cited = (each for each in facts.citations if bare or each.form == "bracketed")
    if not all(is_cross_reference(each.key) for each in cited):
        return True
    return any(link.path.startswith("@") and not link.commented for link in facts.links)
