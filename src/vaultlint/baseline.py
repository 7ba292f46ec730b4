"""The baseline: findings that a vault is known to have, and that no check reports.

The file holds one finding a line, sorted, and no line numbers, so that git merges it, and so that
it changes only where findings come or go. Its list ends with `null`: every finding has its comma,
and no line changes because another one is added.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct

from vaultlint.model import UserError, Violation, place
from vaultlint.report.fingerprints import (
    Identity,
    digest_identity,
    find_fingerprints,
    identify,
    normalize_message,
    without_hint,
)
from vaultlint.text import Lines

#: Goes up where the file changes its form, and where fingerprints are made in another way.
VERSION: Literal[1] = 1

#: So many code points of a message are kept, for people.
_SHOWN = 160
#: A quoted text, and one that may be the path of a file.
_QUOTED = re.compile(r"`([^`]*)`")
_QUOTED_PATH = re.compile(r"`[^`./]*+[./][^`]*+`")
_PLACE = re.compile(r"\$\.findings\[(\d+)\]")
_OPENING = re.compile(r'"findings"\s*+:\s*+\[')
_BETWEEN = re.compile(r"[\s,]*+")
_MERGE_MARK = re.compile(r"^(?:<{7}|={7}|>{7})", re.MULTILINE)


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """A finding in a baseline. `path` is relative to the vault's root; `message` is for people."""

    path: Annotated[str, Meta(min_length=1)]
    rule: Annotated[str, Meta(min_length=1)]
    fingerprint: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    message: str


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    findings: list[Entry | None]


class _Version(Struct, frozen=True):
    version: int


class Judged(NamedTuple):
    """Findings held against a baseline.

    `known` are those that are in it. `moved` maps fingerprints of entries to
    entries for the notes in which their findings are now; `gone` are those that no longer occur.
    """

    known: frozenset[Violation]
    moved: dict[str, Entry]
    gone: list[Entry]


def read_baseline(data: bytes, shown: str) -> list[Entry]:
    """The entries of a baseline file, each once. Raises UserError with the file and the line."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _explain(data, shown, error) from error
    if file.version != VERSION:
        raise _other_version(shown, file.version)
    entries = {entry.fingerprint: entry for entry in file.findings if entry is not None}
    for entry in entries.values():
        if not _is_inside(entry.path):
            line = _line_of_text(data, entry.fingerprint)
            raise UserError(f"{place(shown, line)}: `path`: leads out of the vault")
    return list(entries.values())


def write_baseline(entries: Iterable[Entry]) -> str:
    """The text of a baseline file."""
    from vaultlint.report.json import one_line

    rows = [
        one_line(
            {
                "path": entry.path,
                "rule": entry.rule,
                "fingerprint": entry.fingerprint,
                "message": entry.message,
            }
        )
        for entry in sorted(entries, key=lambda e: (e.path, e.rule, e.message, e.fingerprint))
    ]
    return "\n".join(
        (
            "{",
            f'"version": {VERSION},',
            '"findings": [',
            *(f"{row}," for row in rows),
            "null\n]\n}\n",
        )
    )


def make_entries(violations: Iterable[Violation], lines: Callable[[str], Lines]) -> list[Entry]:
    """The entries of findings; `lines` gives the text of a file."""
    return [
        _make_entry(violation, fingerprint)
        for violation, fingerprint in find_fingerprints(violations, lines).items()
    ]


def _make_entry(violation: Violation, fingerprint: str) -> Entry:
    return Entry(violation.path, violation.rule, fingerprint, _shorten(violation.message))


def _shorten(message: str) -> str:
    said = " ".join(without_hint(message).split())
    return said if len(said) <= _SHOWN else f"{said[: _SHOWN - 1]}…"


def judge(
    entries: Sequence[Entry],
    violations: Sequence[Violation],
    lines: Callable[[str], Lines],
    *,
    exists: Callable[[str], bool],
    is_examined: Callable[[Entry], bool],
) -> Judged:
    """Hold findings against a baseline.

    `exists` tells of a path whether the vault has it: entries of a note that is gone stand for
    equal findings in other notes, and a message that names a file which is gone for one that names
    another, for that is what renamed files look like. `is_examined` tells whether the finding of
    an entry would have been found, were it still there.
    """
    known = {entry.fingerprint for entry in entries}
    fingerprints = find_fingerprints(violations, lines)
    new = [violation for violation in violations if fingerprints[violation] not in known]
    left = known.difference(fingerprints.values())
    moved: dict[str, Entry] = {}
    if new and left:
        spare = _Spare((e for e in entries if e.fingerprint in left), exists)
        found = _find_moved(spare, new, violations, lines)
        new = [violation for violation in new if violation not in found]
        moved = {
            before.fingerprint: _make_entry(violation, fingerprints[violation])
            for violation, before in found.items()
        }
    gone = [
        entry
        for entry in entries
        if entry.fingerprint in left and entry.fingerprint not in moved and is_examined(entry)
    ]
    return Judged(frozenset(fingerprints).difference(new), moved, gone)


class _Spare:
    """Entries whose findings are not where they were, each to be taken once."""

    def __init__(self, entries: Iterable[Entry], exists: Callable[[str], bool]) -> None:
        self._exists = exists
        self._entries: defaultdict[tuple[str, ...], dict[str, Entry]] = defaultdict(dict)
        for entry in entries:
            for key in _keys(entry):
                self._entries[key][entry.fingerprint] = entry

    def take(
        self,
        finding: Violation | Entry,
        is_same: Callable[[Entry, Mapping[str, str]], bool],
        *,
        same_name: bool = False,
    ) -> Entry | None:
        """The first entry that renamed files can have made of a finding; or in notes of its name.

        `is_same` decides; it is given the old names of files by their new ones.
        """
        message = _shorten(finding.message)
        for entry in self._entries.get(_keys(finding)[same_name], {}).values():
            renamed = self._renamed(entry, finding.path, message)
            if renamed is not None and is_same(entry, renamed):
                for key in _keys(entry):
                    del self._entries[key][entry.fingerprint]
                return entry
        return None

    def _renamed(self, entry: Entry, path: str, message: str) -> dict[str, str] | None:
        """Old names by new ones, where an entry can be of a message; None: it cannot."""
        pairs = [(path, entry.path)]
        if message != entry.message:
            pairs += zip(_QUOTED.findall(message), _QUOTED.findall(entry.message), strict=False)
        renamed = {now: before for now, before in pairs if now != before}
        for now, before in renamed.items():
            if self._exists(before) or not self._exists(now):
                return None
        return renamed


def _keys(finding: Violation | Entry) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a finding has in common with itself after files were renamed, and after moves alone."""
    said = _QUOTED_PATH.sub("`/`", normalize_message(_shorten(finding.message)))
    return (finding.rule, said), (finding.rule, said, finding.path.rpartition("/")[2])


def _find_moved(
    spare: _Spare,
    new: Sequence[Violation],
    violations: Iterable[Violation],
    lines: Callable[[str], Lines],
) -> dict[Violation, Entry]:
    """New findings whose fingerprints, had files their old names, are those of entries.

    Notes with the same file name come first: most are moved to another folder.
    """
    changed = {violation.path for violation in new}
    identities: dict[Violation, tuple[Identity, int]] = {}
    seen: Counter[Identity] = Counter()
    for violation in violations:
        if violation.path in changed and violation not in identities:
            identity = identify(violation, lines(violation.path).text)
            identities[violation] = identity, seen[identity]
            seen[identity] += 1
    found: dict[Violation, Entry] = {}
    for same_name in (True, False):
        for violation in new:
            if violation in found:
                continue
            identity, number = identities[violation]

            def is_same(
                entry: Entry,
                renamed: Mapping[str, str],
                identity: Identity = identity,
                number: int = number,
            ) -> bool:
                return digest_identity(_rename(identity, renamed), number) == entry.fingerprint

            if entry := spare.take(violation, is_same, same_name=same_name):
                found[violation] = entry
    return found


def _rename(identity: Identity, renamed: Mapping[str, str]) -> Identity:
    """An identity with the old names of files."""
    message, about = identity.message, identity.about
    for now, before in renamed.items():
        message = message.replace(f"`{now}`", f"`{before}`")
        about = about.replace(now, before)
    path = renamed.get(identity.path, identity.path)
    return identity._replace(path=path, message=message, about=about)


def find_added(
    before: Iterable[Entry], entries: Iterable[Entry], exists: Callable[[str], bool]
) -> list[Entry]:
    """The entries that an older baseline lacks, but for those that renamed files made of it."""
    old = {entry.fingerprint: entry for entry in before}
    now = {entry.fingerprint: entry for entry in entries}
    spare = _Spare((e for key, e in old.items() if key not in now), exists)
    return [
        entry
        for key, entry in now.items()
        if key not in old and not spare.take(entry, lambda _, renamed: bool(renamed))
    ]


def _is_inside(path: str) -> bool:
    """Does a path of a file that others wrote stay in the vault?"""
    parts = path.replace("\\", "/").split("/")
    return ".." not in parts and parts[0] != "" and "\0" not in path


# ---- what is wrong with a file


class OtherVersion(UserError):
    """A baseline of another version of this program."""


def _other_version(shown: str, version: int) -> UserError:
    return OtherVersion(
        f"{shown}: the baseline has version {version}, and this vaultlint reads version {VERSION}: "
        "`vaultlint baseline` writes it anew"
    )


def _explain(data: bytes, shown: str, error: Exception) -> UserError:
    """The user's error for a file that cannot be read, with the line where it is wrong."""
    import json

    try:
        text = data.decode()
    except UnicodeDecodeError as undecoded:
        line = data.count(b"\n", 0, undecoded.start) + 1
        return UserError(f"{place(shown, line)}: is not UTF-8")
    if mark := _MERGE_MARK.search(text):
        line = text.count("\n", 0, mark.start()) + 1
        return UserError(
            f"{place(shown, line)}: holds the marks of a merge conflict: keep the lines of both "
            "sides, in any order"
        )
    try:
        json.loads(text)
    except json.JSONDecodeError as broken:
        return UserError(f"{place(shown, broken.lineno)}: is not JSON: {broken.msg}")
    except (RecursionError, ValueError):
        return UserError(f"{shown}: is not a baseline: it is nested too deeply")
    try:
        version = msgspec.json.decode(data, type=_Version).version
    except msgspec.MsgspecError:
        version = VERSION
    if version != VERSION:
        return _other_version(shown, version)
    found = _PLACE.search(str(error))
    line = _line_of_entry(text, int(found[1])) if found else 1
    reason = str(error).partition(" - at `")[0]
    return (
        UserError(f"{place(shown, line)}: is no entry of a baseline: {reason}")
        if (found)
        else UserError(f"{place(shown, line)}: is not a baseline: {reason}")
    )


def _line_of_entry(text: str, number: int) -> int:
    """The line of an entry in a text that is JSON."""
    from json import JSONDecoder

    opening = _OPENING.search(text)
    at = opening.end() if opening else 0
    skip, decode = _BETWEEN.match, JSONDecoder().raw_decode
    for _ in range(number):
        at = decode(text, _end(skip(text, at)))[1]
    return text.count("\n", 0, _end(skip(text, at))) + 1


def _end(found: re.Match[str] | None) -> int:
    assert found is not None  # it matches the empty text too
    return found.end()


def _line_of_text(data: bytes, text: str) -> int:
    return data.count(b"\n", 0, data.find(text.encode())) + 1
