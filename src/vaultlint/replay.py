"""Reports again what a snapshot holds, where nothing has changed that could change it.

Nothing here imports anything large: on most runs this is all that runs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import NamedTuple

from vaultlint.cache import Placed, Snapshot, find_fresh, is_fresh, read_entry, read_placed
from vaultlint.fingerprint import digest_file, index_key
from vaultlint.listing import Listing, is_parsed
from vaultlint.model import Violation
from vaultlint.text import Lines, decode
from vaultlint.ties import DamagedRecord


class Replayed(NamedTuple):
    """What was found in a vault, in how many notes it was looked for, and how much was hidden."""

    violations: list[Violation]
    lines: Callable[[str], Lines]
    notes: int
    suppressed: int


class Stale(Exception):
    """A snapshot does not tell what holds now; the message says why."""


def check_inputs(root: str, snapshot: Snapshot) -> None:
    """Raise Stale where a file that decides what is found has changed, or what git knows."""
    for path, known in snapshot.inputs:
        if digest_file(os.path.join(root, path)) != known:
            raise Stale(f"`{path}` has changed")
    if index_key(root) != snapshot.tracked:
        raise Stale("the files that git knows have changed")


def check_listing(listing: Listing, snapshot: Snapshot) -> None:
    """Raise Stale where files came, went or changed, or may have."""
    if listing.paths != snapshot.paths:
        raise Stale("files came or went")
    stats = snapshot.stats
    if listing.stats != stats:
        raise Stale("notes have changed")
    if find_fresh(stats[1::3], snapshot.taken_at):
        raise Stale("notes were changed as they were read")


def check_some(root: str, snapshot: Snapshot, paths: Iterable[str]) -> None:
    """Raise Stale where what is found in some notes may have changed, looking only where it must.

    The names of files are known from the times of their folders; what vault rules find in a note
    whose links all lead somewhere hangs on that note and on those that it links to.
    """
    if snapshot.is_whole:
        raise Stale("a rule looks at the whole vault")
    for folder, mtime, inode in snapshot.folders:
        stat = _stat(f"{root}/{folder}")
        if stat is None or (stat.st_mtime_ns, stat.st_ino) != (mtime, inode):
            raise Stale("files came or went")
        if is_fresh(mtime, snapshot.taken_at):
            raise Stale("files came or went as they were listed")
    numbers = {path: number for number, path in enumerate(filter(is_parsed, snapshot.paths))}
    missing = {snapshot.paths[number] for number in snapshot.with_missing_parts}
    if len(numbers) != len(snapshot.entries):
        raise Stale("the snapshot is damaged")
    for path in paths:
        if path not in numbers:
            raise Stale("a path is no note")
        try:
            entry = read_entry(snapshot.entries[numbers[path]])
        except DamagedRecord as error:
            raise Stale("the snapshot is damaged") from error
        if entry.uncertain or entry.is_asked or path in missing:
            raise Stale("what is found hangs on the whole vault")
        for name in (path, *(anchor.target for anchor in entry.anchors)):
            if name in numbers:
                _check_stat(root, snapshot, name, numbers[name])


def _check_stat(root: str, snapshot: Snapshot, path: str, number: int) -> None:
    stat = _stat(f"{root}/{path}")
    known = snapshot.stats[3 * number : 3 * number + 3]
    if stat is None or [stat.st_size, stat.st_mtime_ns, stat.st_ino] != known:
        raise Stale("notes have changed")
    if is_fresh(stat.st_mtime_ns, snapshot.taken_at):
        raise Stale("notes were changed as they were read")


def _stat(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (OSError, ValueError):  # a damaged snapshot may hold a path that is none
        return None


def replay(root: str, snapshot: Snapshot, chosen: frozenset[str] | None) -> Replayed:
    """What a snapshot holds of the chosen files (None: all). Raises Stale where it is damaged."""
    unchecked = {snapshot.paths[number] for number in snapshot.unchecked}
    if chosen is None:
        notes = len(snapshot.entries) - sum(map(is_parsed, unchecked))
    else:
        notes = sum(map(is_parsed, chosen - unchecked))
    violations: list[Violation] = []
    lines: dict[str, Lines] = {}
    for number in sorted(snapshot.reports, key=snapshot.paths.__getitem__):
        path = snapshot.paths[number]
        if chosen is None or path in chosen:
            placed = _read(snapshot.reports[number], path)
            violations += (violation for violation, _ in placed)
            _know(placed, lines, root)
    known = set(snapshot.paths)
    told = {violation.rule for violation in violations}
    if not (
        known.issuperset(lines) and all(map(_is_inside, lines)) and told <= set(snapshot.codes)
    ):
        raise Stale("the snapshot is damaged")
    hidden = snapshot.suppressed.items()
    suppressed = sum(
        count for number, count in hidden if chosen is None or snapshot.paths[number] in chosen
    )
    return Replayed(violations, lambda path: lines[path], notes, suppressed)


def _read(data: bytes, path: str) -> list[Placed]:
    try:
        return read_placed(data, path)
    except DamagedRecord as error:
        raise Stale("the snapshot is damaged") from error


def _is_inside(path: str) -> bool:
    """Does a path stay below the folder that it is joined to?"""
    return not (os.path.isabs(path) or ".." in path.replace(os.sep, "/").split("/"))


def _know(placed: list[Placed], lines: dict[str, Lines], root: str) -> None:
    """Remember the lines and columns of findings; texts are read when they must be shown."""
    for each in placed:
        for path, offset, position in each.positions():
            if path not in lines:
                lines[path] = Lines(lambda path=path: _text(root, path), {})  # type: ignore[misc]
            lines[path].know(offset, position)


def _text(root: str, path: str) -> str:
    try:
        with open(f"{root}/{path}", "rb") as file:
            return decode(file.read()).text
    except OSError:  # it went away just now: findings are shown without their line
        return ""
