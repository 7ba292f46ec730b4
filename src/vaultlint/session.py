"""A vault that is open: loaded once, checked, and updated file by file."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from vaultlint.config import Settings
from vaultlint.discover import PARSED_SUFFIXES, Files, select_files
from vaultlint.engine import Failure, Findings, VaultStage, check_note, parse_file, sort_violations
from vaultlint.model import Violation
from vaultlint.planned import Planned
from vaultlint.text import Lines, decode
from vaultlint.vault import Vault


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
    """One vault and its settings."""

    def __init__(self, files: Files, settings: Settings) -> None:
        self.files = files
        self.settings = settings
        self.vault = Vault((), files.name, settings.file.vault.dialect)
        self.checked: set[str] = set()
        self._findings: dict[str, Findings] = {}
        self._unreadable: dict[str, Failure] = {}
        self._lines: dict[str, Lines] = {}
        self._overlays: dict[str, bytes] = {}

    def load(self) -> None:
        """Read and parse all files of the vault, and run the note rules on those to be checked."""
        with _collector_paused():
            self._load_all()

    def _load_all(self) -> None:
        selection = select_files(self.files, self.settings.file.vault)
        self.checked = set(selection.checked)
        self.vault.tracked = self.files.tracked()
        for path in selection.all:
            self.vault.add_file(path)
        for path in selection.parsed:
            self._load(path)

    def overlay(self, path: str, data: bytes) -> None:
        """Let a file have other bytes than on the disk, or be there though it is not."""
        self._overlays[path] = data
        self.checked.add(path)
        self.vault.add_file(path)
        self._load(path)

    def update(self, paths: Iterable[str]) -> None:
        """Read files anew that were changed, made or removed."""
        selection = select_files(self.files, self.settings.file.vault)
        present = set(selection.all)
        self.checked = set(selection.checked)
        for path in paths:
            if path not in present:
                self.vault.remove_file(path)
                self._findings.pop(path, None)
                self._unreadable.pop(path, None)
                continue
            self.vault.add_file(path)
            if path.lower().endswith(PARSED_SUFFIXES):
                self._load(path)

    def _load(self, path: str) -> None:
        self._lines.pop(path, None)
        self._unreadable.pop(path, None)
        try:
            facts, note = parse_file(path, self._read(path))
        except OSError as error:
            self._unreadable[path] = Failure(path, "", f"cannot be read: {error.strerror}")
            return
        except Exception as error:  # noqa: BLE001  # our own error: told with the note, not hidden
            message = f"cannot be parsed: {type(error).__name__}: {error}"
            self._unreadable[path] = Failure(path, "", message)
            return
        self.vault.update(facts)
        if note is not None and path in self.checked:
            self._findings[path] = check_note(note, self.settings)

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
        stage = VaultStage(
            self.vault, self.settings, Planned(self.settings.file.vault.planned, self.vault)
        )
        violations: list[Violation] = []
        failures: list[Failure] = []
        notes = 0
        for path in chosen:
            if path in self._unreadable:
                failures.append(self._unreadable[path])
            facts = self.vault.notes.get(path)
            if facts is None:
                in_vault = stage.check_attachment(path)
            else:
                in_vault = stage.check(facts)
                notes += 1
            for found in (self._findings.get(path), in_vault):
                if found is not None:
                    violations += found.violations
                    failures += found.failures
        codes = {rule.id: rule.code for rule in self.settings.registry}
        ordered = list(sort_violations(violations, codes))
        return Result(ordered, failures, notes, perf_counter() - started, self.lines)
