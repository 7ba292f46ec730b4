"""The words that a vault wants written in one way, and the files that list them.

A glossary file is a YAML list; an entry is a text, or a mapping with the fields of `Entry`:

    - Taliban
    - {term: Pak–US, forbid: [Pakistan-US], scope: [prose, heading, title]}
    - {term: geoeconomics, accept: [geo-economics]}
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import compress, zip_longest
from typing import Literal, NamedTuple, NoReturn, get_args

from msgspec import Struct, msgpack

from vaultlint.model import UserError, place
from vaultlint.terms.fold import composed, key

Case = Literal["exact", "first", "any"]
Scope = Literal["prose", "heading", "title", "link", "quotation"]

CASES: tuple[Case, ...] = get_args(Case)
SCOPES: tuple[Scope, ...] = get_args(Scope)


class Entry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A term and how it may be written.

    `accept` are further right forms; `forbid` are wrong ones, in whose place the term belongs. A
    capital in a forbidden form must be a capital in the text. `case` says which letter case is
    free: none (exact), that of the first letter, or any; None: the first letter's if the term
    begins with a lower-case letter, else none. `near`: report likely misspellings. `expand` is
    what an abbreviation stands for. `scope`: the kinds of text that the term is looked for in.
    `inflect`: plain plurals of the term belong to it.
    """

    term: str
    accept: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    case: Case | None = None
    near: bool = True
    expand: str | None = None
    scope: tuple[Scope, ...] = ("prose", "heading", "title")
    inflect: bool = True

    @property
    def case_rule(self) -> Case:
        """The rule of letter case that holds: `case`, or the default for the term."""
        return self.case or ("first" if self.term[:1].islower() else "exact")


class Origin(NamedTuple):
    """Where an entry stands; the line counts from 1."""

    path: str
    line: int


class Glossary:
    """Entries that do not contradict each other, in the order of their terms. Does not change.

    Equal entries make equal glossaries, wherever they were written: `origins`, which says where
    for each entry, if that is known, counts for messages only.
    """

    __slots__ = ("_hash", "entries", "origins")

    entries: tuple[Entry, ...]
    origins: tuple[Origin | None, ...]

    def __init__(
        self, entries: Iterable[Entry] = (), origins: Iterable[Origin | None] = ()
    ) -> None:
        """Raises UserError where the entries contradict each other."""
        listed = list(zip_longest(entries, origins))
        _check(listed)
        listed.sort(key=lambda item: item[0].term)
        self.entries = tuple(entry for entry, _ in listed)
        self.origins = tuple(origin for _, origin in listed)
        self._hash = hash(self.entries)

    @staticmethod
    def merge(*glossaries: Glossary) -> Glossary:
        """All entries of several glossaries; equal entries count once.

        Raises UserError where the glossaries contradict each other.
        """
        merged: dict[Entry, Origin | None] = {}
        for glossary in glossaries:
            for entry, origin in zip(glossary.entries, glossary.origins, strict=True):
                merged.setdefault(entry, origin)
        return Glossary(merged, merged.values())

    def completed_by(self, other: Glossary) -> Glossary:
        """This glossary with the entries of another that concern none of its words."""
        if not self.entries:
            return other
        named = frozenset(name for entry in self.entries for name in _names(entry))
        kept = [named.isdisjoint(_names(entry)) for entry in other.entries]
        return Glossary(
            (*self.entries, *compress(other.entries, kept)),
            (*self.origins, *compress(other.origins, kept)),
        )

    def for_scope(self, scope: Scope) -> Glossary:
        """The entries that are looked for in one kind of text."""
        inside = [scope in entry.scope for entry in self.entries]
        return Glossary(compress(self.entries, inside), compress(self.origins, inside))

    @property
    def fingerprint(self) -> str:
        """A digest of the entries that is the same in every process."""
        return hashlib.blake2b(msgpack.encode(self.entries), digest_size=16).hexdigest()

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return self.entries == other.entries if isinstance(other, Glossary) else NotImplemented

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Glossary({self.entries!r})"


def _check(listed: list[tuple[Entry, Origin | None]]) -> None:
    """Refuse terms that stand twice, and entries that want different forms of one word."""
    terms: dict[str, Origin | None] = {}
    right: dict[str, tuple[Entry, Origin | None]] = {}
    forms: dict[str, tuple[Entry, Origin | None, str]] = {}
    for entry, origin in listed:
        term = composed(entry.term)
        if term in terms:
            _refuse(origin, f"the term `{entry.term}` is already {_on(terms[term], origin)}")
        terms[term] = origin
        for form in (term, *map(composed, entry.accept)):
            right.setdefault(form, (entry, origin))
    for entry, origin in listed:
        for form in entry.forbid:
            if composed(form) in right:
                by, at = right[composed(form)]
                if by is entry:
                    _refuse(origin, f"`{form}` is accepted and forbidden by the same entry")
                _refuse(origin, f"`{form}` is forbidden here and accepted {_on(at, origin)}")
    for entry, origin in listed:
        for form in (entry.term, *entry.accept, *entry.forbid):
            name = " ".join(map(key, form.split()))
            by, at, other = forms.setdefault(name, (entry, origin, form))
            if by is not entry:
                variant = "" if form == other else f", its variant `{other}`"
                _refuse(
                    origin,
                    f"`{form}` is to be written `{entry.term}` here, "
                    f"but{variant} `{by.term}` {_on(at, origin)}",
                )


def _names(entry: Entry) -> Iterator[str]:
    return map(key, (entry.term, *entry.accept, *entry.forbid))


def _on(there: Origin | None, here: Origin | None) -> str:
    if there is None:
        return "in another entry"
    same_file = here is not None and here.path == there.path
    return f"on line {there.line}" if same_file else f"in {place(there.path, there.line)}"


def _refuse(origin: Origin | None, message: str) -> NoReturn:
    where = place(origin.path, origin.line) if origin else "glossary"
    raise UserError(f"{where}: {message}")


def load_glossary(path: str, text: str) -> Glossary:
    """The glossary of a YAML text. `path` names the file in messages.

    Raises UserError, with path and line, for whatever is wrong.
    """
    from vaultlint.terms.glossary_file import read_entries

    listed = read_entries(path, text)
    return Glossary((entry for entry, _ in listed), (Origin(path, line) for _, line in listed))
