"""`vaultlint check --add-suppressions`: writes suppressions for what is found."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import click

from vaultlint.cache import put_in_place, write_beside
from vaultlint.cli.checked import Checked
from vaultlint.cli.known import mark_known
from vaultlint.cli.located import Options
from vaultlint.cli.opening import Opened, open_vaults
from vaultlint.engine import parse_file
from vaultlint.listing import list_files
from vaultlint.model import Span, UserError, Violation
from vaultlint.parse.note import ParsedNote
from vaultlint.report.terminal import printable
from vaultlint.session import Result
from vaultlint.suppress import GROUP
from vaultlint.suppression_text import (
    WHOLE_FILE,
    Insertion,
    Origins,
    Placed,
    Ways,
    Wording,
    find_unsound,
    insert,
    place_suppressions,
)
from vaultlint.text import Lines
from vaultlint.wording import count

#: So often a vault is checked to find out which suppressions change what is found; then all in the
#: notes where something is wrong are given up.
_MOST_ROUNDS = 12
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
    code, findings, notes = 0, 0, 0
    for vault in open_vaults(paths, options, jobs):
        if vault.session.settings.file.ignore_suppressions:
            raise UserError("--add-suppressions is of no use where suppressions are ignored")
        wording = Wording(vault.session.settings.shared.dialect, reason)
        if reason:
            wording.require_inert()
        adding = _Adding(vault, wording, options)
        code = max(code, adding.run())
        findings += adding.count
        notes += len(adding.written)
    said = f"{count(findings, 'finding')} in {count(notes, 'note')}"
    click.echo(f"Suppressed {said}." if notes else "Nothing was written.")
    return code


class _Adding:
    """The findings of one vault, and what is written to suppress them.

    `written` are the notes that were, `count` is the number of findings that are suppressed there.
    """

    def __init__(self, opened: Opened, wording: Wording, options: Options) -> None:
        self._opened = opened
        self._options = options
        self._session = opened.session
        self._wording = wording
        self._notes: dict[str, ParsedNote] = {}
        self._bytes: dict[str, bytes] = {}
        self._wanted: dict[str, list[Violation]] = {}
        self._ways: dict[str, Ways] = {}
        self._placed: dict[str, list[Placed]] = {}
        self._left: list[_Left] = []
        self.written: list[str] = []
        self.count = 0

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
        for path in list(self._wanted):
            self._ways[path] = Ways()
            self._place(path, ())
        rounds = 0
        while disturbed := self._find_disturbed(before):
            rounds += 1
            for path, lines in disturbed.items():
                own = {each.line for each in self._placed[path]}
                self._place(path, _find_causes(lines, own) if rounds < _MOST_ROUNDS else own)
        self.written = [
            path for path, placed in sorted(self._placed.items()) if placed and self._write(path)
        ]
        self.count = sum(len(self._wanted[path]) for path in self.written)
        self._tell()
        return 1 if self._left else 0

    def _sort(self, before: Result) -> None:
        """Read the notes with findings that can be suppressed; the others are left.

        What a baseline has is passed over already.
        """
        known = self._find_known(before)
        chosen = self._opened.chosen
        group = {rule.id: rule.group for rule in self._session.settings.registry}
        for violation in before.violations:
            path = violation.path
            if violation in known or (chosen is not None and path not in chosen):
                continue
            if group[violation.rule] == GROUP:
                self._leave([violation], "it is about a suppression")
            elif self._read(path):
                self._wanted.setdefault(path, []).append(violation)
            else:
                self._leave([violation], "no comment can stand in this file; write an override")

    def _find_known(self, before: Result) -> Collection[Violation]:
        session, located = self._session, self._opened.located
        checked = Checked(
            located,
            before.violations,
            before.failures,
            before.notes,
            before.lines,
            session.codes,
            session.settings.file.fail_on,
        )
        marked = mark_known(checked, self._options, list_files(located.root).paths).baseline
        return frozenset() if marked is None else marked.judged.known

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

    def _place(self, path: str, given_up: Collection[int]) -> None:
        """Find the most exact way to suppress what is found in a note that leaves it as it is.

        For the lines that are given up it is the next one.
        """
        note, ways = self._notes[path], self._ways[path]
        ways.give_up(given_up)
        while True:
            placed, left = place_suppressions(note, self._wanted[path], self._wording, ways)
            given_up = find_unsound(note, placed)
            if not given_up:
                break
            ways.give_up(given_up)
        self._leave(left, "a suppression would change the note")
        unplaced = set(map(id, left))
        self._wanted[path] = [v for v in self._wanted[path] if id(v) not in unplaced]
        self._placed[path] = placed
        self._session.overlay(path, self._encode(path))

    def _insertions(self, path: str) -> list[Insertion]:
        return [each.insertion for each in self._placed[path]]

    def _encode(self, path: str) -> bytes:
        """A note with its suppressions, as it is written."""
        text = insert(self._notes[path].text, self._insertions(path)).encode()
        return (_MARK if self._bytes[path].startswith(_MARK) else b"") + text

    def _find_disturbed(self, before: Result) -> dict[str, set[int]]:
        """The lines in which something else is found than is meant, by note."""
        wanted = {id(violation) for found in self._wanted.values() for violation in found}
        meant = _by_path(v for v in before.violations if id(v) not in wanted)
        insertions = {path: self._insertions(path) for path in self._placed}
        after = _by_path(self._session.check().violations, insertions)
        disturbed: dict[str, set[int]] = {}
        is_disturbed = False
        for path in meant.keys() | after.keys():
            now, then = after.get(path, Counter()), meant.get(path, Counter())
            differing = [span for _, span in (now - then) + (then - now)]
            is_disturbed |= bool(differing)
            if differing and self._placed.get(path):
                lines = Lines(self._notes[path].text)
                disturbed[path] = {lines.position(span.start)[0] - 1 for span in differing}
        if is_disturbed and not disturbed:  # in notes that are as they were
            placed = {path: {each.line for each in own} for path, own in self._placed.items()}
            return {path: lines for path, lines in placed.items() if lines}
        return disturbed

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

    def _tell(self) -> None:
        """Say what is not suppressed, and why."""
        for violation, reason in sorted(self._left, key=lambda left: left.violation[:3]):
            line, column = self._position(violation)
            where = f"{self._opened.shown(violation.path)}:{line}:{column}"
            click.echo(f"{printable(where)}: {violation.rule} is not suppressed: {reason}")

    def _position(self, violation: Violation) -> tuple[int, int]:
        note = self._notes.get(violation.path)
        if note is None:
            return self._session.lines(violation.path).position(violation.span.start)
        return Lines(note.text).position(violation.span.start)


def _find_causes(lines: Iterable[int], own: set[int]) -> set[int]:
    """Of the lines with suppressions of their own those that most likely changed others."""
    same = own.intersection(lines)
    if same or WHOLE_FILE in own:
        return same or {WHOLE_FILE}
    return {min(own, key=lambda line: abs(line - other)) for other in lines}


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
