"""What is kept between runs: a snapshot of a vault as it was checked, and the facts of its notes.

A snapshot is one file, written beside and renamed. It lists the vault's files as they were, what
was found in them, and where their facts stand in packs, files that never change once they are
written. All is MessagePack that is checked against the types below, and sums guard against damage:
whatever a cache holds, the worst that comes of it is a cold run.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from time import time, time_ns
from typing import NamedTuple
from zlib import crc32

import msgspec

from vaultlint.locate import find_repository
from vaultlint.model import FailOn, Span, Violation
from vaultlint.ties import UNREADABLE, Anchor, DamagedRecord

#: The name of the folder in a git repository.
FOLDER = ".vaultlint_cache"

_MAGIC = b"vaultlint cache 5\n"
_TAG = (
    b"Signature: 8a477f597d28d172789f06886806bc55\n"
    b"# Made by vaultlint; it can be deleted. See https://bford.info/cachedir/\n"
)
_IGNORE = b"*\n"
#: Files that mark a cache folder as one, and what is in them.
MARKS = {".gitignore": _IGNORE, "CACHEDIR.TAG": _TAG}
#: Names of files that only a cache has: others may lie in a folder that is given for it.
_OURS = re.compile(
    r"[0-9a-f]{24}(?:\.snapshot|-[0-9a-f]+\.pack)(?:\.[0-9a-f]+\.tmp)?"
    r"|(?:\.gitignore|CACHEDIR\.TAG)\.[0-9a-f]+\.tmp"
)
_DAY = 86_400
#: The coarsest step of a file system's clock, in nanoseconds.
_COARSE = 2_000_000_000
#: What nobody has used for so long is deleted, in seconds.
_KEPT = 30 * _DAY
#: A pack that no snapshot names is left alone so long, in seconds: another run may yet name it.
_GRACE = 3_600
#: More packs than that are written anew as one.
_MOST_PACKS = 8


class Place(NamedTuple):
    """Lines and columns of a span's start and end, from 1."""

    line: int
    column: int
    end_line: int
    end_column: int


class Placed(NamedTuple):
    """A finding with its place, and those of the places it speaks of."""

    violation: Violation
    places: tuple[Place, ...]

    def positions(self) -> Iterator[tuple[str, int, tuple[int, int]]]:
        """Each offset that the finding names, with its file, and its line and column."""
        for (path, span), place in zip(spans_of(self.violation), self.places, strict=True):
            yield path, span.start, (place.line, place.column)
            yield path, span.end, (place.end_line, place.end_column)


def spans_of(violation: Violation) -> list[tuple[str, Span]]:
    """The places of a finding and of what it speaks of, each with its file."""
    return [(violation.path, violation.span), *((r.path, r.span) for r in violation.related)]


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A parsed file in a snapshot.

    `digest` is that of its bytes; `names`, `uncertain`, `anchors`, `is_asked` and `wanted` are
    as in a Record. `findings` are what note rules found, encoded. The outline and the other facts
    follow each other in a pack, from `offset` on; `checksum` guards them.
    """

    digest: bytes
    names: bytes
    uncertain: bool
    anchors: tuple[Anchor, ...]
    is_asked: bool
    wanted: tuple[str, ...]
    findings: bytes
    pack: int
    offset: int
    outline_size: int
    rest_size: int
    checksum: int


class Input(NamedTuple):
    """A file that is no note and decides what is found: its path, and its bytes' digest.

    The digest is empty where there is no such file. Paths are relative to the vault's root, where
    they can be.
    """

    path: str
    digest: bytes


class Snapshot(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A vault as it was checked.

    `taken_at` is when its files were listed, in nanoseconds since 1970. `name` is the vault's,
    which links in `obsidian://` form have; `paths` are all files;
    `stats` the size, mtime_ns and inode of those that are parsed, in turn; `folders` the path,
    mtime_ns and inode of all folders. `tracked` stands for the files that git knows, `untracked`
    are the numbers of those it does not (None: there is no repository). `note_key` stands for the
    settings that note rules depend on. `entries` are the encoded `Entry` of each
    parsed file, `reports` what is reported of a file, an encoded list of `Placed`, by its number
    in `paths`. `unchecked` are the numbers of files that are not checked, `always_asked` those of
    files that vault rules are asked about whatever their links, `with_missing_parts` those of notes
    whose links name parts that are missing, though they all lead to files. `is_whole`: what is
    found in a note may hang on any other. `codes` maps rule ids to codes; `fail_on` is as
    configured.
    """

    taken_at: int
    name: str
    inputs: tuple[Input, ...]
    note_key: bytes
    tracked: bytes
    untracked: list[int] | None
    paths: list[str]
    stats: list[int]
    folders: list[tuple[str, int, int]]
    unchecked: list[int]
    is_whole: bool
    always_asked: list[int]
    with_missing_parts: list[int]
    fail_on: FailOn
    codes: dict[str, str]
    packs: tuple[str, ...]
    reports: dict[int, bytes]
    entries: list[bytes]


_encode = msgspec.msgpack.Encoder().encode
_read_snapshot = msgspec.msgpack.Decoder(Snapshot).decode
_read_placed = msgspec.msgpack.Decoder(list[Placed]).decode
_read_entry = msgspec.msgpack.Decoder(Entry).decode


def write_entry(entry: Entry) -> bytes:
    """The bytes of an entry."""
    return _encode(entry)


def read_entry(data: bytes) -> Entry:
    """The entry that bytes hold. Raises DamagedRecord."""
    try:
        return _read_entry(data)
    except UNREADABLE as error:
        raise DamagedRecord(str(error)) from error


def read_placed(data: bytes, path: str) -> list[Placed]:
    """What is reported of the file of a path. Raises DamagedRecord."""
    try:
        placed = _read_placed(data)
    except UNREADABLE as error:
        raise DamagedRecord(str(error)) from error
    for violation, places in placed:
        if violation.path != path or len(places) != 1 + len(violation.related):
            raise DamagedRecord("a report is of another file, or lacks places")
    return placed


def write_placed(placed: Sequence[Placed]) -> bytes:
    """The bytes of placed findings."""
    return _encode(placed)


def is_fresh(mtime_ns: int, taken_at: int) -> bool:
    """Was a file changed so shortly before a moment that a later change could look the same?

    Clocks of file systems tick in steps of a few milliseconds, or of up to two seconds.
    """
    step = 50_000_000 if mtime_ns % 1_000_000_000 else _COARSE
    return mtime_ns + step >= taken_at


def find_fresh(mtimes: Sequence[int], taken_at: int) -> list[int]:
    """The numbers of those times of which `is_fresh` holds."""
    if max(mtimes, default=0) + _COARSE < taken_at:
        return []
    return [number for number, mtime in enumerate(mtimes) if is_fresh(mtime, taken_at)]


def find_folder(root: str, given: str | None) -> str | None:
    """The folder of the cache for a vault: the one given, that of its git repository, the user's.

    `root` is absolute. Outside of a repository nothing is written into a vault: it may be synced.
    None: there is no folder that would do. In a repository a link is none: who made it may have
    chosen where we write.
    """
    if given:
        return os.path.abspath(given)
    if os.environ.get("VAULTLINT_CACHE_DIR"):
        return os.path.abspath(os.environ["VAULTLINT_CACHE_DIR"])
    repository = find_repository(root)
    if repository:
        folder = os.path.join(repository, FOLDER)
        return None if os.path.islink(folder) else folder
    folder = _user_folder()
    is_inside = os.path.realpath(folder).startswith(os.path.join(os.path.realpath(root), ""))
    return folder if os.path.isabs(folder) and not is_inside else None


def _user_folder() -> str:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):  # as the specification of these folders wants it
            base = os.path.expanduser("~/.cache")
    return os.path.join(base, "vaultlint")


class Store:
    """The files of one vault in a cache folder; `name` tells its snapshots from others."""

    def __init__(self, folder: str, name: str) -> None:
        self.folder = folder
        self._name = name
        self._path = os.path.join(folder, f"{name}.snapshot")

    def read(self) -> Snapshot | None:
        """The snapshot; None where there is none that can be used."""
        try:
            with open(_open(self._path), "rb", buffering=0) as file:
                data = file.readall()
            start = len(_MAGIC) + 4
            payload = memoryview(data)[start:]
            checksum = int.from_bytes(data[len(_MAGIC) : start], "big")
            if not data.startswith(_MAGIC) or crc32(payload) != checksum:
                return None
            snapshot = _read_snapshot(payload)
        except (OSError, *UNREADABLE):
            return None
        if not _is_whole(snapshot):
            return None
        self._touch((self._path, *map(self.pack_path, snapshot.packs)))
        return snapshot

    @staticmethod
    def _touch(paths: Iterable[str]) -> None:
        """Let files in use look young, so that they are not deleted by their age."""
        for path in paths:
            with suppress(OSError):  # they can be used where they cannot be touched
                if time() - os.stat(path).st_mtime > _DAY:
                    os.utime(path)

    def pack_path(self, pack: str) -> str:
        """Where a pack of this vault is."""
        return os.path.join(self.folder, os.path.basename(pack))

    def write(self, snapshot: Snapshot) -> None:
        """Keep a snapshot in place of the one before. Raises OSError."""
        payload = _encode(snapshot)
        checksum = crc32(payload).to_bytes(4, "big")
        self._prepare_folder()
        write_file(self._path, _MAGIC + checksum + payload)
        self._touch(map(self.pack_path, snapshot.packs))
        self._delete_old(snapshot.packs)

    def forget(self) -> None:
        """Delete the snapshot: the next run is a cold one. Raises OSError."""
        os.unlink(self._path)

    def write_pack(self, blobs: Iterable[bytes]) -> str:
        """Write facts into a new pack; gives its name. Raises OSError."""
        self._prepare_folder()
        name = f"{self._name}-{os.getpid():x}{time_ns():x}.pack"
        write_file(self.pack_path(name), b"".join(blobs))
        return name

    def _prepare_folder(self) -> None:
        """Make the folder, and mark it as a cache, unless it serves for other things too."""
        if os.path.isfile(os.path.join(self.folder, "CACHEDIR.TAG")):
            return
        os.makedirs(self.folder, exist_ok=True)
        if all(name in MARKS or is_ours(name) for name in os.listdir(self.folder)):
            for name, content in MARKS.items():
                write_file(os.path.join(self.folder, name), content)

    def _delete_old(self, used: Sequence[str]) -> None:
        now = time()
        with os.scandir(self.folder) as found:
            entries = [entry for entry in found if is_ours(entry.name)]
        for entry in entries:
            own = entry.name.startswith(f"{self._name}-") and entry.name not in used
            kept = _GRACE if own or entry.name.endswith(".tmp") else _KEPT
            try:
                if now - entry.stat().st_mtime > kept:
                    os.unlink(entry.path)
            except OSError:
                continue


def is_ours(name: str) -> bool:
    """Is it the name of a file that only a cache has?"""
    return _OURS.fullmatch(name) is not None


def write_file(path: str, data: bytes) -> None:
    """Write a file beside its place and rename it: it is there whole, or as before.

    Raises OSError.
    """
    put_in_place(write_beside(path, data), path)


def write_beside(path: str, data: bytes) -> str:
    """Write what a file is to hold into another one beside it, and give that one's path.

    Raises OSError.
    """
    temporary = f"{path}.{os.getpid():x}{time_ns():x}.tmp"
    try:
        with open(temporary, "xb") as file:
            file.write(data)
    except BaseException:
        _delete(temporary)
        raise
    return temporary


def put_in_place(temporary: str, path: str, mode: int | None = None) -> None:
    """Give a file that was written beside its place its name, and a mode. Raises OSError."""
    try:
        if mode is not None:
            os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        _delete(temporary)
        raise


def _delete(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)


def _open(path: str) -> int:
    """Open a file for reading: no link, and nothing that never ends or never begins."""
    only = ("O_BINARY", "O_NOFOLLOW", "O_NONBLOCK")
    flags = sum(getattr(os, name, 0) for name in only)
    file = os.open(path, os.O_RDONLY | flags)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(f"no file: {path}")
    return file


def _is_whole(snapshot: Snapshot) -> bool:
    """Do the parts of a snapshot fit each other?"""
    numbers = (
        snapshot.reports,
        snapshot.unchecked,
        snapshot.untracked or (),
        snapshot.always_asked,
        snapshot.with_missing_parts,
    )
    return (
        len(snapshot.stats) == 3 * len(snapshot.entries)
        and all(0 <= number < len(snapshot.paths) for part in numbers for number in part)
        and all(map(is_ours, snapshot.packs))
    )


class Packs:
    """The packs of a snapshot, open for reading."""

    def __init__(self, store: Store, names: Sequence[str]) -> None:
        """Raises OSError."""
        self.names = list(names)
        self._files: list[int] = []
        try:
            for name in names:
                self._files.append(_open(store.pack_path(name)))
        except OSError:
            self.close()
            raise
        self._sizes = [os.fstat(file).st_size for file in self._files]

    def read(self, entry: Entry) -> tuple[bytes, bytes]:
        """The outline and the other facts of an entry. Raises DamagedRecord."""
        if not 0 <= entry.pack < len(self._files):
            raise DamagedRecord("no such pack")
        size = entry.outline_size + entry.rest_size
        if min(entry.outline_size, entry.rest_size, entry.offset) < 0:
            raise DamagedRecord("no such place in a pack")
        if entry.offset + size > self._sizes[entry.pack]:
            raise DamagedRecord("a pack is too short")
        try:
            data = _read_at(self._files[entry.pack], size, entry.offset)
        except OSError as error:
            raise DamagedRecord(str(error)) from error
        if len(data) != size or crc32(data) != entry.checksum:
            raise DamagedRecord("a pack is damaged")
        return data[: entry.outline_size], data[entry.outline_size :]

    @property
    def are_many(self) -> bool:
        """Should what is in them be written anew, as one?"""
        return len(self.names) >= _MOST_PACKS

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            os.close(file)
        self._files = []


def _read_at(file: int, size: int, offset: int) -> bytes:
    if hasattr(os, "pread"):
        return os.pread(file, size, offset)
    os.lseek(file, offset, os.SEEK_SET)
    return os.read(file, size)
