"""The baseline: findings that a vault is known to have, and that no check reports.

The file holds one finding a line, sorted, and no line numbers, so that git merges it, and so that
it changes only where findings come or go. Its list ends with `null`: every finding has its comma,
and no line changes because another one is added.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
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

#: So many code points of a message are kept, for people; so many are compared.
_SHOWN, _COMPARED = 120, 60
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

    @property
    def hint(self) -> tuple[str, str]:
        """What entries of the same finding in different notes have in common."""
        return self.rule, normalize_message(self.message)[:_COMPARED]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    findings: list[Entry | None]


class _Version(Struct, frozen=True):
    version: int


class Judged(NamedTuple):
    """Findings held against a baseline.

    `new` are not in it, `known` counts those that are. `moved` maps fingerprints of entries to
    entries for the notes in which their findings are now; `gone` are those that no longer occur.
    """

    new: list[Violation]
    known: int
    moved: dict[str, Entry]
    gone: list[Entry]


def read_baseline(data: bytes, shown: str) -> list[Entry]:
    """The entries of a baseline file, each once. Raises UserError with the file and the line."""
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
    equal findings in other notes, for that is what a renamed note looks like. `is_examined` tells
    whether the finding of an entry would have been found, were it still there.
    """
    known = {entry.fingerprint for entry in entries}
    fingerprints = find_fingerprints(violations, lines)
    new = [violation for violation in violations if fingerprints[violation] not in known]
    left = known.difference(fingerprints.values())
    moved: dict[str, Entry] = {}
    if new and left:
        away = [e for e in entries if e.fingerprint in left and not exists(e.path)]
        found = _find_moved(away, set(new), fingerprints, lines)
        new = [violation for violation in new if violation not in found]
        moved = {
            before: _make_entry(violation, fingerprints[violation])
            for violation, before in found.items()
        }
    gone = [
        entry
        for entry in entries
        if entry.fingerprint in left and entry.fingerprint not in moved and is_examined(entry)
    ]
    return Judged(new, len(violations) - len(new), moved, gone)


def _find_moved(
    away: Iterable[Entry],
    new: set[Violation],
    fingerprints: Iterable[Violation],
    lines: Callable[[str], Lines],
) -> dict[Violation, str]:
    """New findings whose fingerprints, were they in a note that is gone, are those of entries.

    Notes with the same file name come first: most are moved to another folder.
    """
    paths: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    wanted: set[str] = set()
    for entry in away:
        paths[entry.hint].add(entry.path)
        wanted.add(entry.fingerprint)
    if not wanted:
        return {}
    changed = {violation.path for violation in new}
    seen: Counter[Identity] = Counter()
    asked: list[tuple[Violation, Identity, int]] = []
    for violation in fingerprints:
        if violation.path in changed:
            identity = identify(violation, lines(violation.path).text)
            if violation in new:
                asked.append((violation, identity, seen[identity]))
            seen[identity] += 1
    found: dict[Violation, str] = {}
    for same_name in (True, False):
        for violation, identity, number in asked:
            if violation in found:
                continue
            hint = violation.rule, normalize_message(_shorten(violation.message))[:_COMPARED]
            for path in sorted(paths.get(hint, ())):
                if same_name and _name(path) != _name(violation.path):
                    continue
                before = digest_identity(identity._replace(path=path), number)
                if before in wanted:
                    wanted.remove(before)
                    found[violation] = before
                    break
    return found


def find_added(
    before: Iterable[Entry], entries: Iterable[Entry], exists: Callable[[str], bool]
) -> list[Entry]:
    """The entries that an older baseline lacks; those of a note that was renamed it has."""
    old = {entry.fingerprint: entry for entry in before}
    now = {entry.fingerprint: entry for entry in entries}
    spare = Counter(
        entry.hint
        for fingerprint, entry in old.items()
        if fingerprint not in now and not exists(entry.path)
    )
    added = []
    for fingerprint, entry in now.items():
        if fingerprint in old:
            continue
        if spare[entry.hint]:
            spare[entry.hint] -= 1
        else:
            added.append(entry)
    return added


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _is_inside(path: str) -> bool:
    """Does a path of a file that others wrote stay in the vault?"""
    parts = path.replace("\\", "/").split("/")
    return ".." not in parts and parts[0] != "" and "\0" not in path


# ---- what is wrong with a file


def _other_version(shown: str, version: int) -> UserError:
    return UserError(
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
