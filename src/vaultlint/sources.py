"""Which sources the notes of a vault name, where, and which of them are the same."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Literal, NamedTuple, get_args

from vaultlint.facts import BibEntry, is_cross_reference
from vaultlint.footnotes import definitions
from vaultlint.identifiers import Identifier, find_identifiers, find_in_property, property_kind
from vaultlint.libraries import literature_key
from vaultlint.matching import fold, without_marks
from vaultlint.model import Span
from vaultlint.parse.inline import may_hold_url
from vaultlint.parse.note import ParsedNote, TextBlock
from vaultlint.references import (
    DETAIL,
    MARKED_TITLE,
    YEAR,
    Entry,
    address_key,
    addresses,
    find_numbers,
    note_entries,
    shown,
    shown_words,
)
from vaultlint.rule import ReferenceSettings

#: Where a note names a source: in a reference section, in a footnote, by a citation key, in a
#: property, or, where it is asked for, as a link of its text.
Form = Literal["entry", "footnote", "citation", "property", "link"]
FORMS: tuple[Form, ...] = get_args(Form)

#: The properties that hold a source, beside those of numbers, in lower case.
_PROPERTIES = frozenset(
    ("source", "sources", "url", "urls", "link", "links", "reference", "references", "website")
)
_ADDRESS = re.compile(r"https?://[^\s<>\"]++", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]{3}")
_LETTER = re.compile(r"[^\W\d_]")
_WIKILINK = re.compile(r"!?\[\[([^\[\]|#]++)(?:[|#][^\[\]]*+)?\]\]")
#: Keys of addresses that are numbers.
_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf)/([^?#]+?)(?:\.pdf)?\?#")
_DOI = re.compile(r"(?:dx\.)?doi\.org/10\.")


class Mention(NamedTuple):
    """A place where a note names a source.

    `text` is what a reader sees of it, `title` the source's title where it is told; `numbers` and
    `address` are what it can be found by, `keys` the citation keys, `note` the note that it leads
    to, as the link has it.
    """

    form: Form
    span: Span
    text: str
    title: str = ""
    numbers: tuple[Identifier, ...] = ()
    address: str = ""
    keys: tuple[str, ...] = ()
    note: str = ""

    @property
    def identities(self) -> tuple[str, ...]:
        """What mentions of the same source have in common.

        Where there is a DOI the first tells alone: a chapter has the ISBN of its book.
        """
        numbers = [each.key for each in self.numbers if each.kind == "DOI"][:1]
        found = numbers or [each.key for each in self.numbers]
        found += [f"cite:{key}" for key in self.keys]
        if not found and self.address:
            found = [address_key(self.address) or self.address]
        if not found and self.note:
            found = [f"note:{fold(self.note)}"]
        return tuple(found) or (f"text:{fold(self.text)}",)


def find_mentions(
    note: ParsedNote, settings: ReferenceSettings, *, links: bool = False
) -> list[Mention]:
    """The sources that a note names, in order. `links`: those to the web in its text too.

    An entry that cites one key is what the key stands for; what cites several is told key by key.
    """
    cited = sorted(_citations(note, bare=settings.bare_citekeys))
    starts = [span.start for span, _ in cited]
    found = list(_in_properties(note, settings))
    taken: list[Span] = []
    in_entries: set[int] = set()
    for entry in note_entries(note, settings.names):
        places = [entry.span]
        if len(entry.texts) > 1:
            places = [text.span(0, len(text.text)) for text in entry.texts]
        taken += places
        mention = _mention("entry", entry)
        inside = _within(starts, places)
        keys = tuple(dict.fromkeys(cited[number][1] for number in inside))
        if len(keys) == 1:
            in_entries.update(inside)
            mention = mention._replace(keys=keys)
        if len(keys) < 2 or mention.numbers or mention.address:
            found.append(mention)
    for entry in _footnotes(note):
        found += _footnote(entry)
        taken += [text.span(0, len(text.text)) for text in entry.texts] if links else ()
    found += [
        Mention("citation", span, f"@{key}", keys=(key,))
        for number, (span, key) in enumerate(cited)
        if number not in in_entries
    ]
    if links:
        linked = sorted(_links(note), key=attrgetter("span"))
        others = set(_within([mention.span.start for mention in linked], taken))
        found += [mention for number, mention in enumerate(linked) if number not in others]
    return sorted(found, key=lambda mention: (mention.span, FORMS.index(mention.form)))


def _within(starts: list[int], places: Iterable[Span]) -> list[int]:
    """The numbers of those of some sorted offsets that lie in places."""
    return [
        number
        for start, end in places
        for number in range(bisect_left(starts, start), bisect_left(starts, end))
    ]


def _citations(note: ParsedNote, *, bare: bool) -> Iterator[tuple[Span, str]]:
    """The places of citations and of links to literature notes, with their keys."""
    for citation in note.facts.citations:
        if (bare or citation.form == "bracketed") and not is_cross_reference(citation.key):
            yield citation.span, citation.key
    for link in note.facts.links:
        key = "" if link.commented else literature_key(link)
        if key:
            yield link.span, key


def _in_properties(note: ParsedNote, settings: ReferenceSettings) -> Iterator[Mention]:
    named = _PROPERTIES.union(name.lower() for name in settings.accept_instead)
    for each in note.facts.frontmatter.properties:
        kind = property_kind(each.key)
        if kind is None and each.key.lower() not in named:
            continue
        for value, span in each.values:
            text = " ".join(value.split()) if isinstance(value, str) else ""
            if kind is not None and isinstance(value, str | int):
                numbers = tuple(n for n in find_in_property(kind, str(value)) if not n.fault)
                if numbers and kind != "ISSN":
                    yield Mention("property", span, text or str(value), numbers=numbers)
            elif text and kind is None:
                address = _ADDRESS.match(text)
                named_note = _WIKILINK.fullmatch(text)
                yield Mention(
                    "property",
                    span,
                    text,
                    numbers=tuple(n for n in find_identifiers(text) if not n.fault),
                    address=address[0] if address else "",
                    note=named_note[1].strip() if named_note else "",
                )


def _footnotes(note: ParsedNote) -> Iterator[Entry]:
    for definition in definitions(note):
        texts = note.texts_in(definition.block)
        if texts:
            joined = "\n".join(text.text for text in texts)
            yield Entry(tuple(texts), joined, texts[0].span(0, len(texts[0].text)))
    for text in note.text_blocks:
        for token in text.tokens if "^[" in text.text else ():
            if token.kind == "note" and not token.commented:
                yield _part(text, token.inner, token.inner_end)


def _part(text: TextBlock, start: int, end: int) -> Entry:
    """A part of a text, as an entry."""
    written = text.text[start:end]
    part = TextBlock(text.block, text.around, written)
    return Entry((part,), written, text.span(start, end))


def _footnote(entry: Entry) -> Iterator[Mention]:
    """A footnote, where it names a source; what it cites by key is told as citation."""
    mention = _mention("footnote", entry)
    is_publication = MARKED_TITLE.search(entry.text) and (
        YEAR.search(entry.text) or DETAIL.search(entry.text)
    )
    if mention.numbers or mention.address or is_publication:
        yield mention


def _mention(form: Form, entry: Entry) -> Mention:
    pages = []
    numbers = find_numbers(entry)
    for address in addresses(entry):
        key = address_key(address)
        number = _ARXIV.fullmatch(key)
        if number:
            numbers += find_in_property("arXiv", number[1])
        elif not _DOI.match(key):
            pages.append(address)
    return Mention(
        form,
        entry.span,
        _text(entry),
        _title(entry),
        tuple({number.key: number for number in numbers if not number.fault}.values()),
        pages[0] if pages else "",
        note=_note(entry),
    )


def _text(entry: Entry) -> str:
    """What a reader sees of an entry: its words, or its address where there are none."""
    words = " ".join(without_marks(shown_words(entry)).split()).strip(" :;,-–—<>()[]")
    return words if _LETTER.search(words) else " ".join(shown(entry).split())


def _note(entry: Entry) -> str:
    """The note that an entry leads to first, without heading, extension and folder."""
    for text in entry.texts:
        for token in text.tokens:
            if token.kind in ("wikilink", "embed"):
                target = text.text[token.inner : token.inner_end].partition("|")[0]
                name = target.partition("#")[0].rpartition("/")[2].removesuffix(".md")
                return name.rstrip("\\").strip()
    return ""


def _title(entry: Entry) -> str:
    """The title that an entry gives: what its first link to the web shows, or what is marked."""
    for text in entry.texts:
        for token in text.tokens:
            written = text.text[token.inner : token.inner_end]
            is_address = _ADDRESS.match(written) or written.startswith("www.")
            if token.kind == "link" and not is_address and _LETTER.search(written):
                return " ".join(without_marks(written).split())
    marked = MARKED_TITLE.search(entry.text)
    return " ".join(marked["title"].strip(" ,.").split()) if marked else ""


def _links(note: ParsedNote) -> Iterator[Mention]:
    for text in note.text_blocks:
        if text.block.kind == "comment" or not may_hold_url(text.text):
            continue
        for token in text.tokens:
            if token.kind in ("link", "url", "autolink") and not (token.commented or token.in_link):
                entry = _part(text, token.start, token.end)
                if addresses(entry):
                    yield _mention("link", entry)


class Place(NamedTuple):
    """A note, the line in it, and how a source is named there."""

    path: str
    line: int
    mention: Mention


def says_more(text: str) -> bool:
    """Does a text say more of a source than an address, a number or a key?"""
    return bool(_WORDS.search(text)) and not text.startswith(("@", "http", "www."))


class Source(NamedTuple):
    """A source, and the places that name it, in order. `is_listed`: a bibliography has it too."""

    places: tuple[Place, ...]
    identities: frozenset[str]
    is_listed: bool
    listed_title: str

    @property
    def title(self) -> str:
        """Its title: what a bibliography says, else what most places do; empty where none does."""
        counts = Counter(place.mention.title for place in self.places if place.mention.title)
        best = min(counts, key=lambda title: (-counts[title], -len(title), title), default="")
        return self.listed_title or best

    @property
    def text(self) -> str:
        """What says most of it, in the words of the notes."""
        texts = {place.mention.text for place in self.places}
        return min(texts, key=lambda text: (not says_more(text), -len(text), text))

    @property
    def numbers(self) -> list[Identifier]:
        """Its numbers, by kind and number."""
        found = {n.key: n for place in self.places for n in place.mention.numbers}
        return [found[key] for key in sorted(found)]

    @property
    def addresses(self) -> list[str]:
        """Its addresses, each page once, the first first."""
        found: dict[str, str] = {}
        for place in self.places:
            if address := place.mention.address:
                found.setdefault(address_key(address) or address, address)
        return list(found.values())

    @property
    def keys(self) -> list[str]:
        """The citation keys by which notes cite it."""
        return sorted({key for place in self.places for key in place.mention.keys})


#: Entries of bibliographies with their fields.
Listed = Iterable[tuple[BibEntry, Mapping[str, object]]]


def group_sources(places: Iterable[Place], listed: Listed = ()) -> list[Source]:
    """The sources that some places name, the most frequent first.

    Places name the same source where they have a number, a page, a citation key, or all their text
    in common, or where an entry of a bibliography has what they have.
    """
    groups = _Groups()
    titles: dict[str, str] = {}
    for entry, fields in listed:
        identities = [f"cite:{key}" for key in entry.keys] + list(_listed_identities(fields))
        groups.join(identities)
        title = " ".join(str(fields.get("title") or "").replace("{", "").replace("}", "").split())
        titles.update(dict.fromkeys(identities, title))
    by_first: dict[str, list[Place]] = {}
    kept = list(places)
    for place in kept:
        groups.join(place.mention.identities)
    for place in kept:
        by_first.setdefault(groups.find(place.mention.identities[0]), []).append(place)
    members = groups.members()
    found = []
    for first, named in by_first.items():
        together = frozenset(members[first])
        known = sorted(together.intersection(titles))
        title = next((titles[each] for each in known if titles[each]), "")
        found.append(Source(tuple(named), together, bool(known), title))
    return sorted(found, key=lambda s: (-len(s.places), s.places[0].path, s.places[0].mention.span))


def _listed_identities(fields: Mapping[str, object]) -> Iterator[str]:
    """What an entry of a bibliography can be found by."""
    for name, value in fields.items():
        text = str(value)
        kind = property_kind(name)
        if name.lower() == "eprint":
            kind = "arXiv"
        if kind is not None and kind != "ISSN":
            for number in find_in_property(kind, text):
                if not number.fault:
                    yield number.key
        elif name.lower() == "url" and (key := address_key(text.strip())):
            yield key


class _Groups:
    """Texts in groups that grow together."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def find(self, text: str) -> str:
        """What stands for the group of a text."""
        while (above := self._above.setdefault(text, text)) != text:
            self._above[text] = self._above[above]
            text = above
        return text

    def join(self, texts: Iterable[str]) -> None:
        """Put the groups of some texts together; the least stands for them."""
        found = sorted({self.find(text) for text in texts})
        for other in found[1:]:
            self._above[other] = found[0]

    def members(self) -> dict[str, list[str]]:
        """All groups, by what stands for them."""
        found: dict[str, list[str]] = {}
        for text in list(self._above):
            found.setdefault(self.find(text), []).append(text)
        return found
