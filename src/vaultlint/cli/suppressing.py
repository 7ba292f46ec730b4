"""`vaultlint check --add-suppressions`: writes suppressions for what is found."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import click

from vaultlint.cache import put_in_place, write_beside
from vaultlint.cli.located import Options
from vaultlint.cli.opening import Opened, open_vaults
from vaultlint.engine import parse_file
from vaultlint.model import Span, Violation
from vaultlint.parse.note import ParsedNote
from vaultlint.report.terminal import printable
from vaultlint.session import Result
from vaultlint.suppress import GROUP
from vaultlint.suppression_text import (
    WAYS,
    Insertion,
    Origins,
    Wording,
    insert,
    is_sound,
    place_suppressions,
)

_MARK = b"\xef\xbb\xbf"


class _Left(NamedTuple):
    """A finding that is not suppressed, and why."""

    violation: Violation
    reason: str


def add_suppressions(
    paths: tuple[str, ...], options: Options, jobs: int | None, reason: str
) -> int:
    """Write suppressions for all findings in the vaults of some paths; gives the exit code.

    Raises UserError.
    """
    opened = open_vaults(paths, options, jobs)
    code = 0
    for vault in opened:
        wording = Wording(vault.session.settings.shared.dialect, reason)
        if reason:
            wording.require_inert()
        code = max(code, _Adding(vault, wording).run())
    return code


class _Adding:
    """The findings of one vault, and what is written to suppress them."""

    def __init__(self, opened: Opened, wording: Wording) -> None:
        self._opened = opened
        self._session = opened.session
        self._wording = wording
        self._notes: dict[str, ParsedNote] = {}
        self._bytes: dict[str, bytes] = {}
        self._wanted: dict[str, list[Violation]] = {}
        self._ways: dict[str, int] = {}
        self._insertions: dict[str, list[Insertion]] = {}
        self._left: list[_Left] = []

    def run(self) -> int:
        """Find, place, try, write, and tell."""
        before = self._session.check()
        for failure in before.failures:
            rule = f" in the rule {failure.rule}" if failure.rule else ""
            shown = self._opened.shown(failure.path)
            click.echo(f"failure: {printable(shown)}: {printable(failure.message)}{rule}", err=True)
        if before.failures:
            return 2
        self._sort(before)
        for path in self._wanted:
            self._place(path, 0)
        while bad := self._find_disturbed(before):
            for path in bad:
                self._place(path, self._ways[path] + 1)
        written = [path for path in sorted(self._insertions) if self._write(path)]
        self._tell(written)
        return 1 if self._left else 0

    def _sort(self, before: Result) -> None:
        """Read the notes with findings that can be suppressed; the others are left."""
        chosen = self._opened.chosen
        group = {rule.id: rule.group for rule in self._session.settings.registry}
        for violation in before.violations:
            path = violation.path
            if chosen is not None and path not in chosen:
                continue
            if group[violation.rule] == GROUP:
                self._leave([violation], "it is about a suppression")
            elif self._read(path):
                self._wanted.setdefault(path, []).append(violation)
            else:
                self._leave([violation], "no suppression can stand in this file")

    def _leave(self, violations: Iterable[Violation], reason: str) -> None:
        self._left += (_Left(violation, reason) for violation in violations)

    def _read(self, path: str) -> bool:
        """Read and parse a file; false where it is no note, or no UTF-8."""
        if path in self._notes:
            return True
        if not path.lower().endswith((".md", ".markdown")) or not self._session.vault.has_file(
            path
        ):
            return False
        data = self._session.files.read(path)
        note = parse_file(path, data)[1]
        if note is None or note.facts.damaged_at is not None:
            return False
        self._notes[path], self._bytes[path] = note, data
        return True

    def _place(self, path: str, first: int) -> None:
        """Find the most exact sound way to suppress what is found in a note, from one on."""
        note = self._notes[path]
        for way in WAYS[first:]:
            insertions = place_suppressions(note, self._wanted[path], self._wording, way)
            if is_sound(note, insertions):
                self._ways[path] = way
                self._insertions[path] = insertions
                self._session.overlay(path, self._encode(path))
                return
        self._insertions.pop(path, None)
        self._session.overlay(path, self._bytes[path])
        self._leave(self._wanted.pop(path), "a suppression would change the note")

    def _encode(self, path: str) -> bytes:
        """A note with its suppressions, as it is written."""
        text = insert(self._notes[path].text, self._insertions[path]).encode()
        return (_MARK if self._bytes[path].startswith(_MARK) else b"") + text

    def _find_disturbed(self, before: Result) -> list[str]:
        """The notes in which something else is found with the suppressions than is meant."""
        wanted = {id(violation) for found in self._wanted.values() for violation in found}
        meant = _by_path(v for v in before.violations if id(v) not in wanted)
        after = _by_path(self._session.check().violations, self._insertions)
        disturbed = {
            path for path in meant.keys() | after.keys() if meant.get(path) != after.get(path)
        }
        own = disturbed.intersection(self._insertions)
        return sorted(own or (self._insertions if disturbed else ()))

    def _write(self, path: str) -> bool:
        """Write a note, unless it has changed meanwhile."""
        place = os.path.realpath(os.path.join(self._opened.root, path))
        try:
            with open(place, "rb") as file:
                same = file.read() == self._bytes[path]
            if not same:
                self._leave(self._wanted[path], "the note has changed meanwhile")
                return False
            temporary = write_beside(place, self._encode(path))
            put_in_place(temporary, place, stat.S_IMODE(os.stat(place).st_mode))
        except OSError as error:
            self._leave(self._wanted[path], f"the note cannot be written: {error.strerror}")
            return False
        return True

    def _tell(self, written: list[str]) -> None:
        """Say what was written, and what was not and why."""
        for violation, reason in sorted(self._left, key=lambda left: left.violation[:3]):
            line, column = self._position(violation)
            where = f"{self._opened.shown(violation.path)}:{line}:{column}"
            click.echo(f"{printable(where)}: {violation.rule} is not suppressed: {reason}")
        count = sum(len(self._wanted[path]) for path in written)
        findings = "1 finding" if count == 1 else f"{count:,} findings"
        notes = "1 note" if len(written) == 1 else f"{len(written):,} notes"
        click.echo(f"Suppressed {findings} in {notes}." if written else "Nothing was written.")

    def _position(self, violation: Violation) -> tuple[int, int]:
        note = self._notes.get(violation.path)
        if note is None:
            return self._session.lines(violation.path).position(violation.span.start)
        from vaultlint.text import Lines

        return Lines(note.text).position(violation.span.start)


def _by_path(
    violations: Iterable[Violation], insertions: Mapping[str, list[Insertion]] | None = None
) -> dict[str, Counter[tuple[str, Span]]]:
    """The findings of each file by rule and the place that they had before insertions."""
    found: dict[str, Counter[tuple[str, Span]]] = {}
    origins = {path: Origins(each) for path, each in (insertions or {}).items()}
    for violation in violations:
        way_back = origins.get(violation.path)
        span = way_back.span(violation.span) if way_back else violation.span
        found.setdefault(violation.path, Counter())[violation.rule, span] += 1
    return found
