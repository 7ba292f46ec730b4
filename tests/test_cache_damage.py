"""A cache that is damaged, hostile, full, locked or shared: the worst is a cold run."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import pytest
from cached import age, cache_files, cold, is_hit, output, verbose
from conftest import Vault

import vaultlint
from vaultlint import cache
from vaultlint.cache import Entry, Packs, Snapshot, Store
from vaultlint.discover import DiskFiles
from vaultlint.replay import replay
from vaultlint.ties import DamagedRecord

NOTES: Mapping[str, str] = {
    "Aid.md": "# Rates\n\nA block. ^one\n\n[[Trade#Rates]] [[Trade#Gone]] [[Tarifs]]\n",
    "Trade.md": "---\naliases: [Duties]\ntags: [a, b]\n---\n# Rates\n\nAssitance ^no\nhere.\n\n[[Aid#^one]]\n",
    "Tariffs.md": "# T\n\n[[Duties]] ![[chart.png]] [x](Trade.md) [[Aid]]\n\na ^x\n\nb ^x\n",
    "x/Aid.md": "[[Aid]] [[Aid#^no]] %%[[Lost]]%%\n",
    "chart.png": "",
}


@pytest.fixture
def kept(vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """A vault with a cache that knows it."""
    monkeypatch.setenv("VAULTLINT_CACHE_DIR", str(tmp_path / "kept"))
    vault.write(NOTES)
    age(vault.root)
    assert output(vault) == cold(vault)
    assert is_hit(vault)
    return Kept(vault, tmp_path / "kept")


class Kept:
    """A vault, and the files of its cache as they were written."""

    def __init__(self, vault: Vault, folder: Path) -> None:
        self.vault = vault
        self.folder = folder
        self.files = {path.name: path.read_bytes() for path in folder.iterdir()}
        (self.snapshot,) = cache_files(folder, ".snapshot")
        (self.pack,) = cache_files(folder, ".pack")
        self.forms = {form: cold(vault, form=form) for form in ("json", "full")}

    def restore(self) -> None:
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        for name, data in self.files.items():
            (self.folder / name).write_bytes(data)

    def change_a_note(self) -> None:
        """A name that links want is another: facts of other notes must be read."""
        self.vault.write({"Trade.md": NOTES["Trade.md"].replace("# Rates", "# Rate")})
        age(self.vault.root, 50)
        self.forms = {form: cold(self.vault, form=form) for form in self.forms}

    def read(self) -> list[Any]:
        """The snapshot as plain values."""
        values: list[Any] = msgspec.msgpack.decode(self.files[self.snapshot.name][len(MAGIC) + 4 :])
        return values

    def write(self, values: Any) -> None:
        """A snapshot of plain values, with the right sum."""
        payload = msgspec.msgpack.encode(values)
        self.snapshot.write_bytes(MAGIC + crc32(payload).to_bytes(4, "big") + payload)

    def assert_as_cold(self, *why: object) -> None:
        for form, expected in self.forms.items():
            assert output(self.vault, form=form) == expected, why
        assert output(self.vault, "Aid.md", "x") == cold(self.vault, "Aid.md", "x"), why


MAGIC = cache._MAGIC
FIELDS = {name: number for number, name in enumerate(Snapshot.__struct_fields__)}
ENTRY_FIELDS = {name: number for number, name in enumerate(Entry.__struct_fields__)}


# ---- damage


def test_a_snapshot_cut_anywhere_is_none(kept: Kept) -> None:
    data = kept.files[kept.snapshot.name]
    store = Store(str(kept.folder), kept.snapshot.stem)
    assert store.read() is not None
    for length in range(len(data)):
        kept.snapshot.write_bytes(data[:length])
        assert store.read() is None


@pytest.mark.parametrize("keep", ["nothing", "magic", "sum", "half", "all but one", "one more"])
@pytest.mark.parametrize("which", ["snapshot", "pack"])
def test_files_that_are_cut(kept: Kept, keep: str, which: str) -> None:
    path = kept.snapshot if which == "snapshot" else kept.pack
    data = kept.files[path.name]
    length = {
        "nothing": 0,
        "magic": len(MAGIC),
        "sum": len(MAGIC) + 4,
        "half": len(data) // 2,
        "all but one": len(data) - 1,
    }
    path.write_bytes(data[: length[keep]] if keep in length else data + b"\0")
    kept.assert_as_cold()
    kept.restore()
    kept.change_a_note()
    path.write_bytes(data[: length[keep]] if keep in length else data + b"\0")
    kept.assert_as_cold()


def flips(data: bytes, seed: int, count: int) -> Iterator[bytes]:
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    for _ in range(count):
        flipped = bytearray(data)
        flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        yield bytes(flipped)


def test_a_flipped_bit_is_noticed(kept: Kept) -> None:
    store = Store(str(kept.folder), kept.snapshot.stem)
    snapshot = store.read()
    assert snapshot is not None
    for data in flips(kept.files[kept.snapshot.name], 1, 200):
        kept.snapshot.write_bytes(data)
        assert store.read() is None
    for data in flips(kept.files[kept.pack.name], 2, 200):
        kept.pack.write_bytes(data)
        packs = Packs(store, snapshot.packs)
        damaged = 0
        for entry in map(cache.read_entry, snapshot.entries):
            try:
                packs.read(entry)
            except DamagedRecord:
                damaged += 1
        packs.close()
        assert damaged == 1


def test_flipped_bits_change_no_output(kept: Kept) -> None:
    for which, data in enumerate(flips(kept.files[kept.snapshot.name], 3, 10)):
        kept.snapshot.write_bytes(data)
        kept.assert_as_cold(which)
        kept.restore()
    kept.change_a_note()
    for which, data in enumerate(flips(kept.files[kept.pack.name], 4, 40)):
        kept.restore()
        kept.pack.write_bytes(data)
        kept.assert_as_cold(which)


PAYLOADS: Mapping[str, bytes] = {
    "nothing": b"",
    "nil": b"\xc0",
    "a number": b"\x07",
    "an empty list": b"\x90",
    "an empty map": b"\x80",
    "a string": b"\xa3abc",
    "a list of nils": b"\xdc\x00\x0f" + b"\xc0" * 15,
    "a huge list": b"\xdd\xff\xff\xff\xff",
    "a huge map": b"\xdf\xff\xff\xff\xff",
    "a huge string": b"\xdb\xff\xff\xff\xff",
    "huge bytes": b"\xc6\xff\xff\xff\xff",
    "a huge list in its place": b"\x9f\x00\xdd\xff\xff\xff\xff",
    "a huge extension": b"\xc9\xff\xff\xff\xff\x01",
    "a timestamp": b"\xd6\xff\x00\x00\x00\x00",
    "nested lists": b"\x91" * 100_000 + b"\xc0",
    "nested maps": b"\x81\xa1a" * 100_000 + b"\xc0",
    "pickle": b"\x80\x04\x95\x1e\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x8c\x06system\x93.",
    "random bytes": random.Random(5).randbytes(5_000),  # noqa: S311
    "JSON": b'{"version": 1}',
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_other_bytes_with_the_right_sum(kept: Kept, payload: bytes) -> None:
    kept.snapshot.write_bytes(MAGIC + crc32(payload).to_bytes(4, "big") + payload)
    kept.assert_as_cold()
    # as the last part of a snapshot that is else right: what is too much is passed over
    whole = kept.files[kept.snapshot.name][len(MAGIC) + 4 :]
    longer = b"\xdc" + (len(FIELDS) + 1).to_bytes(2, "big") + whole[1:] + payload
    kept.snapshot.write_bytes(MAGIC + crc32(longer).to_bytes(4, "big") + longer)
    kept.assert_as_cold()


@pytest.mark.parametrize(
    "magic", [b"", b"vaultlint cache 0\n", b"vaultlint cache 3\n", b"\x80\x04"]
)
def test_another_version(kept: Kept, magic: bytes) -> None:
    kept.snapshot.write_bytes(magic + kept.files[kept.snapshot.name][len(MAGIC) :])
    kept.assert_as_cold()
    assert is_hit(kept.vault)


def test_a_cache_of_another_program_version_is_not_used(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaultlint.cli.known.tool_key", lambda: b"another")
    kept.assert_as_cold()
    assert len(cache_files(kept.folder, ".snapshot")) == 2


# ---- right sums around wrong values

DEEP: Any = None
for _ in range(400):
    DEEP = [DEEP]
HOSTILE: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1,
    1 << 31,
    (1 << 63) - 1,
    (1 << 64) - 1,
    -(1 << 63),
    1.5,
    float("nan"),
    "",
    "\0",
    "..",
    "/dev/zero",
    "../../etc/passwd",
    "Trade.md",
    "x" * 10_000,
    "\U0001f5fa",
    b"",
    b"\xff" * 16,
    b"\xdd\xff\xff\xff\xff",
    b"\x91" * 5_000,
    [],
    {},
    [[]],
    {"a": {}},
    DEEP,
)


def spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all values in a value, in bytes of MessagePack too."""
    yield path
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from spots(item, (*path, number))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from spots(item, (*path, key))
    elif isinstance(value, bytes) and len(value) > 20:
        try:
            inner = msgspec.msgpack.decode(value)
        except msgspec.DecodeError:
            return
        if isinstance(inner, list):
            yield from spots(inner, (*path, "inside"))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A value with another one in a place."""
    if not path:
        return new
    first, *rest = path
    if first == "inside":
        return msgspec.msgpack.encode(replaced(msgspec.msgpack.decode(value), tuple(rest), new))
    if isinstance(value, dict):
        return {**value, first: replaced(value[first], tuple(rest), new)}
    return [
        replaced(item, tuple(rest), new) if number == first else item
        for number, item in enumerate(value)
    ]


def test_a_wrong_value_anywhere_ends_in_no_traceback(kept: Kept) -> None:
    """What a sum vouches for may be untrue, and then so is the report. Nothing worse comes of it."""
    values = kept.read()
    places = list(spots(values))
    chance = random.Random(6)  # noqa: S311  # repeatable, not secret
    for number in range(150):
        place, new = chance.choice(places), chance.choice(HOSTILE)
        kept.restore()
        kept.write(replaced(values, place, new))
        form, paths = (("full", ()), ("json", ("Aid.md",)), ("concise", ("x/Aid.md",)))[number % 3]
        if number % 2:
            kept.vault.write({"Tariffs.md": f"{NOTES['Tariffs.md']}\n# N{number}\n"})
        done = output(kept.vault, *paths, form=form)
        assert done.code in (0, 1), (place, new)


def test_wrong_values_in_packs_end_in_no_traceback(kept: Kept) -> None:
    kept.change_a_note()
    values = kept.read()
    entry_values: list[Any] = [msgspec.msgpack.decode(data) for data in values[FIELDS["entries"]]]
    pack = kept.files[kept.pack.name]
    chance = random.Random(7)  # noqa: S311  # repeatable, not secret
    for number in range(100):
        blobs: list[bytes] = []
        entries = []
        for entry in entry_values:
            offset = entry[ENTRY_FIELDS["offset"]]
            middle = offset + entry[ENTRY_FIELDS["outline_size"]]
            end = middle + entry[ENTRY_FIELDS["rest_size"]]
            parts: list[Any] = [
                msgspec.msgpack.decode(pack[offset:middle]),
                msgspec.msgpack.decode(pack[middle:end]),
            ]
            parts = replaced(parts, chance.choice(list(spots(parts))[1:]), chance.choice(HOSTILE))
            outline, rest = map(msgspec.msgpack.encode, parts)
            changed = list(entry)
            changed[ENTRY_FIELDS["offset"]] = sum(map(len, blobs))
            changed[ENTRY_FIELDS["outline_size"]] = len(outline)
            changed[ENTRY_FIELDS["rest_size"]] = len(rest)
            changed[ENTRY_FIELDS["checksum"]] = crc32(outline + rest)
            blobs += (outline, rest)
            entries.append(msgspec.msgpack.encode(changed))
        kept.restore()
        kept.write(replaced(values, (FIELDS["entries"],), entries))
        kept.pack.write_bytes(b"".join(blobs))
        assert output(kept.vault).code in (0, 1, 2), number


FORGED: Mapping[str, Callable[[list[Any]], None]] = {}


def forged(change: Callable[[list[Any]], None]) -> Callable[[list[Any]], None]:
    FORGED[change.__name__] = change  # type: ignore[index]
    return change


def _each_entry(values: list[Any], **new: Any) -> None:
    entries = values[FIELDS["entries"]]
    for number, data in enumerate(entries):
        entry = msgspec.msgpack.decode(data)
        for name, value in new.items():
            entry[ENTRY_FIELDS[name]] = value
        entries[number] = msgspec.msgpack.encode(entry)


def _each_report(values: list[Any], change: Callable[[list[Any]], None]) -> None:
    reports = values[FIELDS["reports"]]
    for number, data in reports.items():
        placed = msgspec.msgpack.decode(data)
        for each in placed:
            change(each)
        reports[number] = msgspec.msgpack.encode(placed)


@forged
def negative_offsets(values: list[Any]) -> None:
    _each_entry(values, offset=-1)


@forged
def huge_offsets(values: list[Any]) -> None:
    _each_entry(values, offset=(1 << 64) - 1)


@forged
def huge_sizes(values: list[Any]) -> None:
    _each_entry(values, outline_size=1 << 62, rest_size=1 << 62)


@forged
def negative_sizes(values: list[Any]) -> None:
    _each_entry(values, outline_size=10, rest_size=-10)


@forged
def packs_that_are_not_there(values: list[Any]) -> None:
    _each_entry(values, pack=7)


@forged
def negative_packs(values: list[Any]) -> None:
    _each_entry(values, pack=-1)


@forged
def empty_facts(values: list[Any]) -> None:
    _each_entry(values, outline_size=0, rest_size=0, checksum=0)


@forged
def findings_that_are_none(values: list[Any]) -> None:
    _each_entry(values, findings=b"\x91" * 5_000)


@forged
def findings_of_no_rule(values: list[Any]) -> None:
    violation = ["Aid.md", [0, 1], "no-such-rule", "x", "error", [], [], ""]
    _each_entry(values, findings=msgspec.msgpack.encode([[violation], []]))


@forged
def entries_that_are_none(values: list[Any]) -> None:
    values[FIELDS["entries"]] = [b"\x91\x91\x91" for _ in values[FIELDS["entries"]]]


@forged
def fewer_entries(values: list[Any]) -> None:
    values[FIELDS["entries"]].pop()


@forged
def fewer_entries_and_stats(values: list[Any]) -> None:
    values[FIELDS["entries"]].pop()
    del values[FIELDS["stats"]][-3:]


@forged
def no_entries(values: list[Any]) -> None:
    values[FIELDS["entries"]] = []
    values[FIELDS["stats"]] = []


@forged
def reports_of_no_file(values: list[Any]) -> None:
    values[FIELDS["reports"]][99] = b"\x90"


@forged
def reports_of_the_last_but_one(values: list[Any]) -> None:
    values[FIELDS["reports"]][-2] = b"\x90"


@forged
def reports_outside(values: list[Any]) -> None:
    _each_report(values, lambda placed: placed[0].__setitem__(0, "../../etc/passwd"))


@forged
def files_outside(values: list[Any]) -> None:
    for name in ("../../etc/passwd", "/etc/passwd"):
        values[FIELDS["paths"]].append(name)
        number = len(values[FIELDS["paths"]]) - 1
        violation = [name, [0, 9], "broken-link", "x", "error", [], [], ""]
        values[FIELDS["reports"]][number] = msgspec.msgpack.encode([[violation, [[1, 1, 1, 9]]]])


@forged
def related_places_outside(values: list[Any]) -> None:
    def change(placed: list[Any]) -> None:
        placed[0][6] = [["../../etc/passwd", [0, 1], "here"]]
        placed[1] = [[1, 1, 1, 2], [1, 1, 1, 2]]

    _each_report(values, change)


@forged
def reports_of_other_notes(values: list[Any]) -> None:
    _each_report(values, lambda placed: placed[0].__setitem__(0, "chart.png"))


@forged
def reports_of_no_rule(values: list[Any]) -> None:
    _each_report(values, lambda placed: placed[0].__setitem__(2, "no-such-rule"))


@forged
def reports_without_places(values: list[Any]) -> None:
    _each_report(values, lambda placed: placed.__setitem__(1, []))


@forged
def no_codes(values: list[Any]) -> None:
    values[FIELDS["codes"]] = {}


@forged
def failing_on_nothing_known(values: list[Any]) -> None:
    values[FIELDS["fail_on"]] = "sometimes"


@forged
def unchecked_files_that_are_none(values: list[Any]) -> None:
    values[FIELDS["unchecked"]] = [-1, 1 << 40]


@forged
def inert_ids_in_no_file(values: list[Any]) -> None:
    values[FIELDS["always_asked"]] = [1 << 40]
    values[FIELDS["with_missing_parts"]] = [-1]


@forged
def inputs_that_never_end(values: list[Any]) -> None:
    values[FIELDS["inputs"]] = [["/dev/zero", b"\0" * 16], ["a\0b", b""]]


@forged
def inputs_of_another_place(values: list[Any]) -> None:
    values[FIELDS["inputs"]] = [["../../../../etc/passwd", b"\0" * 16]]


@forged
def folders_that_are_none(values: list[Any]) -> None:
    values[FIELDS["folders"]] = [["a\0b", 0, 0], ["../..", 0, 0]]


@forged
def packs_outside(values: list[Any]) -> None:
    values[FIELDS["packs"]] = ["../../../etc/passwd", "/etc/passwd", "..", ".", "", "a\0b"]


@forged
def packs_with_many_names(values: list[Any]) -> None:
    values[FIELDS["packs"]] = [f"{number:024x}-1.pack" for number in range(5_000)]


@forged
def another_order(values: list[Any]) -> None:
    values[FIELDS["paths"]].reverse()


@pytest.mark.parametrize("name", FORGED)
@pytest.mark.parametrize("changed", [False, True])
def test_forged_values_with_right_sums(kept: Kept, name: str, *, changed: bool) -> None:
    if changed:
        kept.change_a_note()
    values = kept.read()
    FORGED[name](values)
    kept.write(values)
    for form, expected in kept.forms.items():
        kept.write(values)
        assert output(kept.vault, form=form) == expected
    for arguments in (("Aid.md",), ("x/Aid.md", "Tariffs.md"), ("x",)):
        kept.restore()
        kept.write(values)
        assert output(kept.vault, *arguments) == cold(kept.vault, *arguments)


@pytest.mark.parametrize("line", [0, -1, 10_000, -(1 << 63)])
def test_lines_that_are_not_there_are_shown_empty(kept: Kept, line: int) -> None:
    def change(placed: list[Any]) -> None:
        placed[1] = [[line] * 4] * len(placed[1])

    values = kept.read()
    _each_report(values, change)
    kept.write(values)
    assert output(kept.vault, form="full").code == 1


def test_a_note_that_goes_as_it_is_reported(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def go(*arguments: Any) -> Any:
        replayed = replay(*arguments)
        (kept.vault.root / "Aid.md").unlink()
        (kept.vault.root / "Tariffs.md").write_text("")
        return replayed

    monkeypatch.setattr("vaultlint.cli.known.replay", go)
    assert output(kept.vault, form="full").code == 1


# ---- what lies in the folder


def special(path: Path, kind: str) -> None:
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "FIFO":
        os.mkfifo(path)
    elif kind == "link to a device":
        path.symlink_to("/dev/zero")
    elif kind == "link to nothing":
        path.symlink_to("nothing")
    elif kind == "link to itself":
        path.symlink_to(path)


@pytest.mark.skipif(sys.platform == "win32", reason="files of POSIX")
@pytest.mark.parametrize(
    "kind", ["nothing", "folder", "FIFO", "link to a device", "link to nothing", "link to itself"]
)
@pytest.mark.parametrize("which", ["snapshot", "pack"])
def test_no_file_in_a_file_s_place(kept: Kept, kind: str, which: str) -> None:
    path = kept.snapshot if which == "snapshot" else kept.pack
    special(path, kind)
    kept.assert_as_cold()
    kept.restore()
    kept.change_a_note()
    special(path, kind)
    kept.assert_as_cold()


def test_a_snapshot_that_cannot_be_replaced_leaves_no_packs(kept: Kept) -> None:
    special(kept.snapshot, "folder")
    for _ in range(3):
        kept.assert_as_cold()
    assert cache_files(kept.folder, ".pack") == [kept.pack]
    assert cache_files(kept.folder, ".tmp") == []


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode there")
def test_a_vault_with_a_name_that_is_no_text_leaves_no_packs(kept: Kept) -> None:
    (kept.vault.root / os.fsdecode(b"\xff.png")).write_bytes(b"")
    for _ in range(3):
        assert output(kept.vault) == cold(kept.vault)
    assert cache_files(kept.folder, ".pack") == [kept.pack]


def test_a_damaged_pack_is_made_anew_though_no_rule_reads_it(vault: Vault, tmp_path: Path) -> None:
    """Packs that are many are written as one, and then all facts are read."""
    folder = tmp_path / "kept"
    cached = ("--cache-dir", str(folder))
    vault.write({"A.md": "Words.\n", "B.md": "Words.\n"})
    for number in range(8):
        vault.write({"A.md": f"Words {number}.\n"})
        age(vault.root, 90 - number)
        assert output(vault, *cached) == cold(vault)
    packs = cache_files(folder, ".pack")
    assert len(packs) == 8
    for pack in packs:
        pack.write_bytes(b"\0" * pack.stat().st_size)
    vault.write({"A.md": "Other words.\n"})
    age(vault.root, 20)
    said = verbose(vault, *cached)
    assert "cache: not written, and made anew by the next run: a pack is damaged" in said
    assert output(vault, *cached) == cold(vault)
    assert is_hit(vault, *cached)


def test_a_file_in_the_folder_s_place(vault: Vault, tmp_path: Path) -> None:
    vault.write(NOTES)
    (tmp_path / "file").write_text("mine")
    for folder in ("file", "file/below"):
        assert output(vault, "--cache-dir", str(tmp_path / folder)) == cold(vault)
    assert "cache: not written: " in verbose(vault, "--cache-dir", str(tmp_path / "file"))
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_that_cannot_be_written(vault: Vault, tmp_path: Path) -> None:
    vault.write(NOTES)
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("permissions do not bind this user")
    assert output(vault, "--cache-dir", str(folder)) == cold(vault)
    assert "cache: not written: " in verbose(vault, "--cache-dir", str(folder))


def test_a_cache_that_cannot_be_touched_is_used(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (kept.snapshot, kept.pack):
        os.utime(path, (time.time() - 200_000,) * 2)

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "utime", refuse)
    assert is_hit(kept.vault)


def test_an_unreadable_file_that_is_not_checked(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.write({"vaultlint.toml": 'vault.exclude = ["Old/"]\n', "A.md": "", "Old/B.md": ""})
    read = DiskFiles.read

    def refuse(files: DiskFiles, path: str) -> bytes:
        if path == "Old/B.md":
            raise PermissionError(errno.EACCES, "Permission denied")
        return read(files, path)

    monkeypatch.setattr(DiskFiles, "read", refuse)
    for _ in range(2):
        assert output(vault) == cold(vault)
        assert output(vault).code == 0


# ---- full disks


@pytest.mark.parametrize("call", ["write", "replace"])
@pytest.mark.parametrize("suffix", [".pack", ".snapshot", ".gitignore", "CACHEDIR.TAG"])
def test_a_full_disk(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, suffix: str
) -> None:
    vault.write(NOTES)
    age(vault.root)
    expected = cold(vault)
    write, replace = cache.write_file, os.replace

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def write_none(path: str, data: bytes) -> None:
        full() if path.endswith(suffix) else write(path, data)

    def replace_none(source: str, target: str) -> None:
        full() if target.endswith(suffix) else replace(source, target)

    cached = ("--cache-dir", str(tmp_path / "kept"))
    with monkeypatch.context() as patch:
        if call == "write":
            patch.setattr(cache, "write_file", write_none)
        else:
            patch.setattr(os, "replace", replace_none)
        for _ in range(2):
            assert output(vault, *cached) == expected
        assert "cache: not written: [Errno 28]" in verbose(vault, *cached)
    assert cache_files(tmp_path / "kept", ".tmp") == []
    assert cache_files(tmp_path / "kept", ".pack") == []
    assert output(vault, *cached) == expected
    assert is_hit(vault, *cached)


@pytest.mark.skipif(shutil.which("mount") is None, reason="there is no mount")
def test_a_disk_that_is_really_full(vault: Vault, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk))
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this user cannot mount")
    try:
        vault.write({f"N{number}.md": f"[[Gone {number}]]\n" * 40 for number in range(30)})
        age(vault.root)
        cached = ("--cache-dir", str(disk / "kept"))
        for _ in range(2):
            assert output(vault, *cached) == cold(vault)
        assert "No space left on device" in verbose(vault, *cached)
        assert cache_files(disk / "kept", ".tmp") == []
        assert cache_files(disk / "kept", ".pack") == []
    finally:
        subprocess.run(("umount", str(disk)), check=True)


# ---- kills, and several runs at once


def start(vault: Vault, *arguments: str, code: str = "") -> subprocess.Popen[bytes]:
    """Start `check` in a process of its own; `code` runs before it."""
    source = str(Path(vaultlint.__file__).parents[1])
    program = f"{code}\nfrom vaultlint.cli import main\nmain(prog_name='vaultlint')"
    return subprocess.Popen(
        [sys.executable, "-c", program, "check", "--output-format", "json", *arguments],
        cwd=vault.root,
        env={**os.environ, "PYTHONPATH": source},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


#: Ends the process at the nth system call that writes the cache, half way through where it writes.
_KILL_AT = """
import os, signal
from vaultlint import cache
left = {left}
def step():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
replace, write_file, makedirs = os.replace, cache.write_file, os.makedirs
class File:
    def __init__(self, file): self.file = file
    def __enter__(self): return self
    def __exit__(self, *_): self.file.close()
    def write(self, data):
        step()
        self.file.write(data[:len(data) // 2])
        self.file.flush()
        step()
        self.file.write(data[len(data) // 2:])
        self.file.flush()
        step()
def opened(path, mode="r", *rest, **more):
    file = open(path, mode, *rest, **more)
    return File(file) if mode == "xb" else file
def replaced(*paths):
    step()
    replace(*paths)
    step()
cache.open = opened
os.replace = replaced
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL")
@pytest.mark.parametrize("known", [False, True])
def test_a_kill_at_any_moment_of_writing(vault: Vault, tmp_path: Path, *, known: bool) -> None:
    folder = tmp_path / "kept"
    cached = ("--cache-dir", str(folder))
    vault.write(NOTES)
    age(vault.root)
    if known:
        assert output(vault, *cached) == cold(vault)
        vault.write({"Trade.md": "# Rate\n"})
        age(vault.root, 50)
    expected = cold(vault)
    before = {path.name: path.read_bytes() for path in cache_files(folder)}
    killed = 0
    for left in range(1, 30, 2):
        shutil.rmtree(folder, ignore_errors=True)
        if known:
            folder.mkdir()
            for name, data in before.items():
                (folder / name).write_bytes(data)
        process = start(vault, *cached, code=_KILL_AT.format(left=left))
        process.communicate(timeout=60)
        if process.returncode >= 0:
            break
        killed += process.returncode == -signal.SIGKILL
        assert output(vault, *cached) == expected
        assert output(vault, *cached) == expected
        assert is_hit(vault, *cached)
    assert killed >= (4 if known else 9)
    for path in cache_files(folder, ".tmp"):
        os.utime(path, (time.time() - 7_200,) * 2)
    vault.write({"Trade.md": "# Other\n"})
    assert output(vault, *cached) == cold(vault)
    assert cache_files(folder, ".tmp") == []


def test_runs_at_once(vault: Vault, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    cached = ("--cache-dir", str(folder))
    vault.write(NOTES)
    age(vault.root)
    for number in range(3):
        vault.write({"Trade.md": f"# Rates {number}\n\n[[Aid]]\n"})
        age(vault.root, 90 - number)
        processes = [start(vault, *cached) for _ in range(4)]
        ended = [(*process.communicate(timeout=60), process.returncode) for process in processes]
        stdouts = {out.split(b'"summary"')[0] for out, _, _ in ended}
        assert len(stdouts) == 1
        assert {(err, code) for _, err, code in ended} == {(b"", 1)}
        assert output(vault, *cached) == cold(vault)
        assert is_hit(vault, *cached)
    assert cache_files(folder, ".tmp") == []


def test_what_a_run_wrote_is_read_by_all(kept: Kept) -> None:
    """The files have usual permissions: a cache may be shared."""
    mode = stat.S_IMODE(kept.snapshot.stat().st_mode)
    reference = kept.vault.root / "Aid.md"
    assert mode == stat.S_IMODE(reference.stat().st_mode)
