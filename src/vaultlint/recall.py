"""What a session takes over from the run before, and what it leaves for the next."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from zlib import crc32

import msgspec

from vaultlint.cache import (
    Entry,
    Input,
    Packs,
    Place,
    Placed,
    Snapshot,
    Store,
    find_fresh,
    read_entry,
    spans_of,
    write_entry,
    write_placed,
)
from vaultlint.listing import Listing, is_parsed
from vaultlint.model import FailOn, Violation
from vaultlint.record import Notes, Record
from vaultlint.text import Lines
from vaultlint.ties import DamagedRecord, Ties


class Recall:
    """A snapshot as a session uses it: which files are as they were, and what is known of them."""

    def __init__(self, snapshot: Snapshot, packs: Packs) -> None:
        self.snapshot = snapshot
        self.packs = packs
        parsed = list(filter(is_parsed, snapshot.paths))
        if len(parsed) != len(snapshot.entries):
            raise DamagedRecord("the snapshot's parts do not fit")
        self._numbers = {path: number for number, path in enumerate(parsed)}
        self._entries: dict[str, Entry] = {}

    def __contains__(self, path: object) -> bool:
        return path in self._numbers

    def entry(self, path: str) -> Entry:
        """What is known of a file that was there. Raises DamagedRecord."""
        known = self._entries.get(path)
        if known is None:
            known = self._entries[path] = read_entry(self.encoded(path))
        return known

    def encoded(self, path: str) -> bytes:
        """An entry as it stands in the snapshot."""
        return self.snapshot.entries[self._numbers[path]]

    def record(self, path: str) -> Record:
        """The record of a file, but for its facts, which stay in their pack."""
        entry = self.entry(path)
        ties = Ties(entry.uncertain, entry.anchors)
        asked, wanted = entry.is_asked, entry.wanted
        return Record(b"", b"", entry.findings, entry.names, ties, asked, wanted)

    def blobs(self, path: str) -> tuple[bytes, bytes]:
        """The encoded outline and other facts of a file. Raises DamagedRecord."""
        return self.packs.read(self.entry(path))

    def same(self, listing: Listing) -> set[str]:
        """The files of which the file system says what it said, where that can be trusted."""
        before = dict(zip(self._numbers, _stats(self.snapshot.stats), strict=True))
        now = zip(filter(is_parsed, listing.paths), _stats(listing.stats), strict=True)
        same = {path for path, stat in now if before.get(path) == stat}
        fresh = find_fresh(self.snapshot.stats[1::3], self.snapshot.taken_at)
        if fresh:
            paths = list(self._numbers)
            same.difference_update(paths[number] for number in fresh)
        return same

    def reports(self) -> dict[str, bytes]:
        """What was reported of files, encoded, by path."""
        return {self.snapshot.paths[number]: data for number, data in self.snapshot.reports.items()}

    def suppressed(self) -> dict[str, int]:
        """How many findings suppressions hid in files, by path."""
        return {self.snapshot.paths[n]: count for n, count in self.snapshot.suppressed.items()}


def _stats(flat: list[int]) -> Iterator[tuple[int, int, int]]:
    """Size, mtime_ns and inode of each file."""
    return zip(flat[::3], flat[1::3], flat[2::3], strict=True)


def place(violation: Violation, lines: Mapping[str, Lines]) -> Placed:
    """A finding with the lines and columns of all its places."""
    return Placed(
        violation,
        tuple(
            Place(*lines[path].position(span.start), *lines[path].position(span.end))
            for path, span in spans_of(violation)
        ),
    )


class Leaving(msgspec.Struct):
    """What a session leaves: all that a snapshot needs beside the vault's records."""

    listing: Listing
    name: str
    inputs: tuple[Input, ...]
    note_key: bytes
    tracked: bytes
    untracked: list[int] | None
    unchecked: list[int]
    is_whole: bool
    always_asked: list[int]
    with_missing_parts: list[int]
    fail_on: FailOn
    codes: dict[str, str]
    digest: Callable[[str], bytes]
    reports: dict[str, bytes]
    suppressed: Mapping[str, int]


def leave(
    store: Store, notes: Notes, leaving: Leaving, recall: Recall | None, valid: frozenset[str]
) -> None:
    """Write a snapshot, and a pack of the facts that no pack has yet.

    `valid` are the files of which all that is known holds as it was. Raises OSError.
    """
    if recall is not None and recall.packs.are_many:
        recall, valid = None, frozenset()
    parsed = list(filter(is_parsed, leaving.listing.paths))
    packs = [] if recall is None else list(recall.packs.names)
    blobs: list[bytes] = []
    fresh = [path for path in parsed if path not in valid]
    made = dict(_make_entries(fresh, notes, leaving, recall, len(packs), blobs))
    numbers = {path: number for number, path in enumerate(leaving.listing.paths)}
    pack = store.write_pack(blobs) if blobs else None
    try:
        store.write(
            Snapshot(
                leaving.listing.taken_at,
                leaving.name,
                leaving.inputs,
                leaving.note_key,
                leaving.tracked,
                leaving.untracked,
                leaving.listing.paths,
                leaving.listing.stats,
                leaving.listing.folders,
                leaving.unchecked,
                leaving.is_whole,
                leaving.always_asked,
                leaving.with_missing_parts,
                leaving.fail_on,
                leaving.codes,
                (*packs, pack) if pack else tuple(packs),
                {numbers[path]: data for path, data in leaving.reports.items()},
                {numbers[path]: count for path, count in leaving.suppressed.items()},
                [
                    made[path] if recall is None or path in made else recall.encoded(path)
                    for path in parsed
                ],
            )
        )
    except BaseException:
        if pack:  # no snapshot names it
            with suppress(OSError):
                os.unlink(store.pack_path(pack))
        raise


def _make_entries(
    paths: Iterable[str],
    notes: Notes,
    leaving: Leaving,
    recall: Recall | None,
    pack: int,
    blobs: list[bytes],
) -> Iterator[tuple[str, bytes]]:
    """The entries of files; facts that are in no pack are added to `blobs`."""
    offset = 0
    for path in paths:
        record = notes.record(path)
        assert record is not None
        if recall is not None and notes.is_stored(path):
            old = recall.entry(path)
            where = (old.pack, old.offset, old.outline_size, old.rest_size, old.checksum)
        else:
            outline, rest = notes.blobs(path)
            where = (pack, offset, len(outline), len(rest), crc32(rest, crc32(outline)))
            offset += len(outline) + len(rest)
            blobs += (outline, rest)
        yield (
            path,
            write_entry(
                Entry(
                    leaving.digest(path),
                    record.names,
                    record.ties.uncertain,
                    record.ties.anchors,
                    record.is_asked,
                    record.wanted,
                    record.findings,
                    *where,
                )
            ),
        )


def place_all(violations: Iterable[Violation], lines: Mapping[str, Lines]) -> bytes:
    """What is reported of a file, encoded."""
    return write_placed([place(violation, lines) for violation in violations])
