"""What is remembered of a file: bytes that go between processes and runs, decoded when asked for.

The bytes are MessagePack, checked against the types below when they are read: whatever they hold,
reading them runs no code, and gives a value of the right type or raises DamagedRecord.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

import msgspec

from vaultlint.facts import (
    Citation,
    Footnote,
    Frontmatter,
    InertBlockId,
    Library,
    Link,
    NamedSource,
    NoteFacts,
    Outline,
    Suppression,
    Tag,
    WebLink,
)
from vaultlint.model import Violation
from vaultlint.ties import UNREADABLE, DamagedRecord, Ties


class Failure(NamedTuple):
    """An error of our own: the note that caused it, the rule that ran, and what happened."""

    path: str
    rule: str
    message: str


class Findings(NamedTuple):
    """What the rules of one stage found in a note."""

    violations: list[Violation]
    failures: list[Failure]


class _Rest(NamedTuple):
    """The facts of a note without its path and outline."""

    frontmatter: Frontmatter
    property_tags: tuple[str, ...]
    tags: tuple[Tag, ...]
    links: tuple[Link, ...]
    inert_block_ids: tuple[InertBlockId, ...]
    footnote_references: tuple[Footnote, ...]
    damaged_at: int | None
    has_query: bool
    citations: tuple[Citation, ...]
    library: Library | None
    web_links: tuple[WebLink, ...]
    suppressions: tuple[Suppression, ...]
    sources: tuple[NamedSource, ...]


class Record(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file as it is remembered.

    `outline` and `rest` are its facts, `findings` those of note rules (empty: none, or not asked),
    `names` a digest of what suggestions and links of other notes can see of it, `wanted` the names
    of files that its links look for. `is_asked`: vault rules are asked about it whatever its links,
    for inert block ids, citations or suppressions, or because it is a bibliography.
    """

    outline: bytes
    rest: bytes
    findings: bytes
    names: bytes
    ties: Ties
    is_asked: bool
    wanted: tuple[str, ...]


encode = msgspec.msgpack.Encoder().encode
_read_outline = msgspec.msgpack.Decoder(Outline).decode
_read_rest = msgspec.msgpack.Decoder(_Rest).decode
_read_findings = msgspec.msgpack.Decoder(Findings).decode


def write(value: Any) -> bytes:
    """The bytes of a value; what MessagePack cannot hold becomes what it can.

    Lone surrogates become U+FFFD, and integers beyond 64 bits floating-point numbers, which is how
    JavaScript has them.
    """
    try:
        return encode(value)
    except (UnicodeEncodeError, OverflowError):
        return encode(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        return float(value) if abs(value) < 1 << 1000 else float("inf")
    if isinstance(value, msgspec.Struct):
        return [_plain(item) for item in msgspec.structs.astuple(value)]
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        items = [_plain(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return value


def write_facts(facts: NoteFacts) -> tuple[bytes, bytes]:
    """The bytes of a note's outline, and of its other facts."""
    return write(facts.outline), write((facts.frontmatter, *facts[3:]))


def write_findings(findings: Findings) -> bytes:
    """The bytes of findings; none where there are none."""
    return write(findings) if findings.violations or findings.failures else b""


def read_findings(data: bytes, path: str) -> Findings:
    """The findings in the file of a path that bytes hold. Raises DamagedRecord."""
    if not data:
        return Findings([], [])
    try:
        violations, failures = _read_findings(data)
    except UNREADABLE as error:
        raise DamagedRecord(str(error)) from error
    return Findings(
        [found if found.path == path else found._replace(path=path) for found in violations],
        [failure._replace(path=path) for failure in failures],
    )


def read_outline(data: bytes) -> Outline:
    """The outline that bytes hold. Raises DamagedRecord."""
    try:
        return _read_outline(data)
    except UNREADABLE as error:
        raise DamagedRecord(str(error)) from error


def read_facts(path: str, outline: bytes, rest: bytes) -> NoteFacts:
    """The facts of the file of a path. Raises DamagedRecord."""
    try:
        facts = _read_rest(rest)
    except UNREADABLE as error:
        raise DamagedRecord(str(error)) from error
    return NoteFacts(path, facts[0], read_outline(outline), *facts[1:])


class Remembered(Protocol):
    """Records that are kept elsewhere, by path."""

    def record(self, path: str) -> Record:
        """The record of a file, but for its facts. Raises DamagedRecord."""

    def blobs(self, path: str) -> tuple[bytes, bytes]:
        """The encoded outline and other facts of a file. Raises DamagedRecord."""


#: So many notes are kept as they were read.
_RECENT = 16


class Notes(Mapping[str, NoteFacts]):
    """The records of a vault's notes, canvases and bases, by path: read as facts, each when asked.

    Of what was read only the last few notes are kept, and outlines, which many links ask of a note.
    """

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._outlines: dict[str, Outline] = {}
        self._recent: dict[str, NoteFacts] = {}
        self._remembered: Remembered | None = None
        #: Paths whose facts are not in their record but remembered.
        self._stored: set[str] = set()
        self._order: dict[str, None] = {}

    def remember(self, remembered: Remembered, paths: Iterable[str]) -> None:
        """Take over the records of some paths; they are read when they are asked for."""
        self._remembered = remembered
        self._stored.update(paths)

    def arrange(self, paths: Iterable[str]) -> None:
        """Stand in the order of some paths: in it is told what suggestions find equally near."""
        self._order = dict.fromkeys(paths)

    def put(self, path: str, record: Record) -> None:
        """Set the record of a file."""
        self._forget(path)
        self._records[path] = record

    def retie(self, path: str, ties: Ties) -> None:
        """Set what a note's links need of the vault."""
        record = self.record(path)
        assert record is not None
        self._records[path] = msgspec.structs.replace(record, ties=ties)

    def remove(self, path: str) -> None:
        """Forget a file."""
        self._forget(path)
        self._records.pop(path, None)

    def _forget(self, path: str) -> None:
        self._outlines.pop(path, None)
        self._recent.pop(path, None)
        self._stored.discard(path)

    def record(self, path: str) -> Record | None:
        """The record of a file; facts that are remembered are not in it. Raises DamagedRecord."""
        record = self._records.get(path)
        if record is None and path in self._stored and self._remembered is not None:
            record = self._records[path] = self._remembered.record(path)
        return record

    def records(self) -> Iterator[tuple[str, Record]]:
        """All paths with their records."""
        for path in list(self):
            record = self.record(path)
            assert record is not None
            yield path, record

    def is_stored(self, path: str) -> bool:
        """Are the facts of a file remembered, and as they were?"""
        return path in self._stored

    def blobs(self, path: str) -> tuple[bytes, bytes]:
        """The outline and the other facts of a file, encoded. Raises DamagedRecord."""
        if path in self._stored and self._remembered is not None:
            return self._remembered.blobs(path)
        record = self._records[path]
        return record.outline, record.rest

    def outline(self, path: str) -> Outline | None:
        """The outline of a file; None where it is none of these."""
        known = self._outlines.get(path)
        if known is None and path in self:
            known = self._outlines[path] = read_outline(self.blobs(path)[0])
        return known

    def outlines(self) -> Iterator[tuple[str, Outline]]:
        """All paths with their outlines."""
        for path in list(self):
            yield path, self._outlines.get(path) or read_outline(self.blobs(path)[0])

    def __getitem__(self, path: str) -> NoteFacts:
        if path not in self:
            raise KeyError(path)
        known = self._recent.pop(path, None)
        if known is None:
            known = read_facts(path, *self.blobs(path))
            if len(self._recent) >= _RECENT:
                del self._recent[next(iter(self._recent))]
        self._recent[path] = known
        return known

    def __iter__(self) -> Iterator[str]:
        arranged = filter(self.__contains__, self._order)
        yield from dict.fromkeys((*arranged, *self._records, *self._stored))

    def __len__(self) -> int:
        return len(self._records.keys() | self._stored)

    def __contains__(self, path: object) -> bool:
        return path in self._records or path in self._stored
