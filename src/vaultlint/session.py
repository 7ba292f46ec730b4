"""A vault that is open: loaded once, checked, and updated file by file."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from time import perf_counter

from vaultlint.config import Settings
from vaultlint.discover import PARSED_SUFFIXES, Files, select_files
from vaultlint.engine import NoteStage, VaultStage, examine, sort_violations
from vaultlint.model import Violation
from vaultlint.planned import Planned
from vaultlint.record import Failure, Findings, read_findings
from vaultlint.text import Lines, decode
from vaultlint.vault import Vault
from vaultlint.workers import Accounts, Outcome, Task, count_jobs, examine_files


@dataclass
class Result:
    """What a check found, in order. `notes` is the number of files checked, `seconds` the time.

    `lines` gives the text of a file, for reports.
    """

    violations: list[Violation]
    failures: list[Failure]
    notes: int
    seconds: float
    lines: Callable[[str], Lines] = field(repr=False)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Without the cyclic garbage collector: parsing makes many objects, and no cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Session:
    """One vault and its settings.

    `accounts` is where the time of loading went; `timed`: that of each rule too.
    """

    def __init__(self, files: Files, settings: Settings, *, timed: bool = False) -> None:
        self.files = files
        self.settings = settings
        self.vault = Vault((), files.name, settings.file.vault.dialect)
        self.checked: set[str] = set()
        self.accounts = Accounts()
        self._timings = self.accounts.rules if timed else None
        self._stage = NoteStage(settings, self._timings)
        self._unreadable: dict[str, Failure] = {}
        self._lines: dict[str, Lines] = {}
        self._overlays: dict[str, bytes] = {}

    def load(self, jobs: int | None = 1) -> None:
        """Examine all files of the vault, in as many processes (None: as pay off)."""
        selection = select_files(self.files, self.settings.file.vault)
        self.checked = set(selection.checked)
        self.vault.tracked = self.files.tracked()
        with _collector_paused():
            for path in selection.all:
                self.vault.add_file(path)
            self.examine(selection.parsed, jobs)

    def examine(self, paths: Iterable[str], jobs: int | None = 1) -> None:
        """Read and parse files, and run the note rules on those that are checked."""
        tasks = [Task(path, self.files.size(path)) for path in paths]
        count = count_jobs(jobs, tasks)
        for path, outcome in examine_files(tasks, self._examine, count, self.accounts):
            self._take(path, outcome)

    def overlay(self, path: str, data: bytes) -> None:
        """Let a file have other bytes than on the disk, or be there though it is not."""
        self._overlays[path] = data
        self.checked.add(path)
        is_new = not self.vault.has_file(path)
        self.vault.add_file(path)
        self._take(path, self._examine(path))
        if is_new:
            self.vault.tie_all()

    def update(self, paths: Iterable[str]) -> None:
        """Read files anew that were changed, made or removed."""
        selection = select_files(self.files, self.settings.file.vault)
        present = set(selection.all)
        self.checked = set(selection.checked)
        moved = False
        for path in paths:
            if path not in present:
                self.vault.remove_file(path)
                self._unreadable.pop(path, None)
                moved = True
                continue
            moved |= not self.vault.has_file(path)
            self.vault.add_file(path)
            if path.lower().endswith(PARSED_SUFFIXES):
                self._take(path, self._examine(path))
        if moved:
            self.vault.tie_all()

    def _examine(self, path: str) -> Outcome:
        try:
            data = self._read(path)
        except OSError as error:
            return Outcome(None, Failure(path, "", f"cannot be read: {error.strerror}"))
        digest = blake2b(data, digest_size=16).digest()
        stage = self._stage if path in self.checked else None
        try:
            return Outcome(examine(path, data, stage, self.vault), None, digest)
        except Exception as error:  # noqa: BLE001  # our own error: told with the note, not hidden
            message = f"cannot be parsed: {type(error).__name__}: {error}"
            return Outcome(None, Failure(path, "", message))

    def _take(self, path: str, outcome: Outcome) -> None:
        self._lines.pop(path, None)
        self._unreadable.pop(path, None)
        if outcome.record is not None:
            self.vault.put(path, outcome.record)
        if outcome.failure is not None:
            self.vault.notes.remove(path)
            self._unreadable[path] = outcome.failure

    def _read(self, path: str) -> bytes:
        overlay = self._overlays.get(path)
        return self.files.read(path) if overlay is None else overlay

    def lines(self, path: str) -> Lines:
        """The text of a file, with its lines."""
        if path not in self._lines:
            self._lines[path] = Lines(decode(self._read(path)).text)
        return self._lines[path]

    def check(self, paths: Collection[str] | None = None) -> Result:
        """All findings in the files that are checked, or in those of them that are named."""
        started = perf_counter()
        chosen = sorted(self.checked if paths is None else self.checked.intersection(paths))
        violations: list[Violation] = []
        failures: list[Failure] = []
        notes = 0
        with _collector_paused():
            stage = VaultStage(
                self.vault,
                self.settings,
                Planned(self.settings.file.vault.planned, self.vault),
                self._timings,
            )
            for path in chosen:
                if path in self._unreadable:
                    failures.append(self._unreadable[path])
                notes += path in self.vault.notes
                for found in self._find(path, stage):
                    violations += found.violations
                    failures += found.failures
            codes = {rule.id: rule.code for rule in self.settings.registry}
            ordered = list(sort_violations(violations, codes))
        return Result(ordered, failures, notes, perf_counter() - started, self.lines)

    def _find(self, path: str, stage: VaultStage) -> Iterator[Findings]:
        """What the rules of both stages find in a file."""
        record = self.vault.notes.records.get(path)
        if record is None:
            if stage.asks_attachments:
                yield stage.check_attachment(path)
            return
        if record.findings:
            yield read_findings(record.findings)
        if not stage.is_quiet(record):
            yield stage.check(self.vault.notes[path])
