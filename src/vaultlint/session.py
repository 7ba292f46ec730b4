"""A vault that is open: loaded once, checked, and updated file by file."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from time import perf_counter

from vaultlint.answers import Answer
from vaultlint.cache import read_placed
from vaultlint.config import Settings
from vaultlint.discover import DiskFiles, Files, select_files
from vaultlint.engine import (
    NoteStage,
    SuppressionStage,
    VaultStage,
    examine,
    parse_file,
    sort_violations,
)
from vaultlint.facts import NoteFacts
from vaultlint.fingerprint import digest
from vaultlint.libraries import Libraries
from vaultlint.listing import is_parsed
from vaultlint.model import Violation
from vaultlint.planned import Planned
from vaultlint.recall import (
    Recall,
    place_all,
)
from vaultlint.record import Failure, Findings, read_findings
from vaultlint.text import Lines, decode
from vaultlint.ties import DamagedRecord
from vaultlint.vault import Vault
from vaultlint.workers import Accounts, Outcome, Task, count_jobs, examine_files


@dataclass
class Result:
    """What a check found, in order. `notes` is the number of files checked, `seconds` the time.

    `lines` gives the text of a file, for reports. `suppressed` counts what suppressions hide, by
    the path of the note.
    """

    violations: list[Violation]
    failures: list[Failure]
    notes: int
    seconds: float
    lines: Callable[[str], Lines] = field(repr=False)
    suppressed: dict[str, int] = field(default_factory=dict)


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


class _LinesByPath(dict[str, Lines]):
    """The lines of files, read when they are asked for."""

    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = read

    def __missing__(self, path: str) -> Lines:
        lines = self[path] = Lines(self._read(path))
        return lines


class Session:
    """One vault and its settings.

    `kept`: what is found is kept for the next run. `accounts` is where the time of loading went;
    `timed`: that of each rule too. `missed` says of files why they were examined though there is
    a snapshot, `recall`; `valid` are the files of which all that it knows holds. `is_whole`: what
    was found in a note may hang on any other. `progress` is told how many of all files that have
    to be examined are.
    """

    def __init__(
        self,
        files: Files,
        settings: Settings,
        *,
        timed: bool = False,
        kept: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.files = files
        self.settings = settings
        self.vault = Vault((), files.name, settings.file.vault.dialect)
        self.kept = kept
        self._progress = progress
        self.checked: set[str] = set()
        self.accounts = Accounts()
        self.missed: dict[str, str] = {}
        self._digests: dict[str, bytes] = {}
        self.reports: dict[str, bytes] = {}
        self._timings = self.accounts.rules if timed else None
        self._stage = NoteStage(settings, self._timings)
        self.codes = {rule.id: rule.code for rule in settings.registry}
        self._unreadable: dict[str, Failure] = {}
        self._lines = _LinesByPath(lambda path: decode(self._read(path)).text)
        self._overlays: dict[str, bytes] = {}
        self.recall: Recall | None = None
        self.is_whole = False
        self.valid: set[str] = set()
        self._with_missing_parts: set[str] = set()
        self._suppressed: dict[str, int] = {}
        ignored = settings.file.ignore_suppressions
        self._suppressions = None if ignored else SuppressionStage(settings, self._timings)
        self.libraries = self._open_libraries()

    def _open_libraries(self) -> Libraries:
        folder = self.settings.path.parent if self.settings.path else Path()
        named = [self.files.path_of(file, folder) for file in self.settings.bibliographies]
        return Libraries(self.vault, named, lambda path: parse_file(path, self._read(path))[0])

    def load(self, jobs: int | None = 1) -> None:
        """Examine all files of the vault, in as many processes (None: as pay off)."""
        with _collector_paused():
            parsed = self._index()
            self._examine_all(parsed, jobs)
            self.vault.notes.arrange(parsed)

    def load_changes(
        self,
        files: DiskFiles,
        recall: Recall,
        jobs: int | None = 1,
        *,
        same_notes: bool = True,
        same_settings: bool = True,
    ) -> None:
        """Examine the files of the vault that a snapshot does not know as they are.

        `same_notes`: note rules would find what they found. `same_settings`: so would vault rules,
        as far as settings decide. Raises DamagedRecord.
        """
        with _collector_paused():
            parsed = self._index()
            listing = files.listing()
            changed = self._recollect(parsed, recall.same(listing), recall, same_notes=same_notes)
            self._examine_all(changed, jobs)
            self.vault.notes.arrange(parsed)
            self.recall = recall
            if same_notes and same_settings:
                self.valid = self._unaffected(changed, self._moved(listing.paths, recall), recall)
            elif same_notes:
                self.vault.tie_all()

    def _index(self) -> list[str]:
        """Find the files of the vault; gives those that are parsed."""
        selection = select_files(self.files, self.settings.file.vault)
        self.checked = set(selection.checked)
        self.vault.tracked = self.files.tracked()
        self.vault.add_files(selection.all)
        self._stage.use(selection.obsidian)
        return selection.parsed

    def _examine_all(self, paths: Collection[str], jobs: int | None) -> None:
        """Read and parse files, and run the note rules on those that are checked."""
        if not paths:
            return
        sizes = self.files.sizes()
        tasks = [Task(path, sizes.get(path, 0)) for path in paths]
        count = count_jobs(jobs, tasks)
        found = examine_files(tasks, self._examine, count, self.accounts)
        for done, (path, outcome) in enumerate(found, 1):
            self._take(path, outcome)
            if self._progress is not None:
                self._progress(done, len(tasks))

    def _recollect(
        self, parsed: Iterable[str], same: Collection[str], recall: Recall, *, same_notes: bool
    ) -> list[str]:
        """Take over what is known of files; gives those of which too little is known."""
        changed: list[str] = []
        known: list[str] = []
        for path in parsed:
            if path not in recall:
                self.missed[path] = "it is new"
            elif not same_notes:
                self.missed[path] = "settings that note rules depend on have changed"
            elif path in same or self._has_digest(path, recall.entry(path).digest):
                known.append(path)
                continue
            else:
                self.missed[path] = "it has changed"
            changed.append(path)
        self.vault.notes.remember(recall, known)
        return changed

    def _has_digest(self, path: str, wanted: bytes) -> bool:
        try:
            return digest(self._read(path)) == wanted
        except OSError:
            return False

    def _moved(self, paths: Sequence[str], recall: Recall) -> set[str]:
        """The files that came or went, and those that git came to know or forgot."""
        snapshot = recall.snapshot
        moved = set(paths).symmetric_difference(snapshot.paths)
        before, tracked = snapshot.untracked, self.vault.tracked
        if before is None or tracked is None:
            return moved if before is None and tracked is None else moved.union(paths)
        unknown = {snapshot.paths[number] for number in before}
        return moved.union(unknown.symmetric_difference(set(paths).difference(tracked)))

    def _unaffected(
        self, changed: Collection[str], moved: Collection[str], recall: Recall
    ) -> set[str]:
        """The files in which vault rules would find what they found.

        What they find in a note hangs on the note, on the files of the names that its links look
        for, on the parts of other notes that its links name, and, where a link is uncertain or
        names a part that is missing, on the names of everything in the vault: suggestions may lead
        anywhere. Of notes whose links look for names of files that `moved`, ties are made anew.
        """
        notes, stage = self.vault.notes, self._vault_stage()
        if not changed and not moved:
            return set(notes)
        if self._looks_everywhere(stage) or (moved and self.vault.dialect != "obsidian"):
            if moved:
                self.vault.tie_all()
            return set()
        names = self.vault.names_of(moved)
        numbers = recall.snapshot.always_asked
        unaffected = set(notes).difference(changed)
        unaffected.difference_update(recall.snapshot.paths[number] for number in numbers)
        renamed = set()
        for path in changed:
            record = notes.record(path)
            known = path in recall and recall.entry(path).names
            if record is None or record.names != known:
                renamed.add(path)
        if not renamed and not moved:
            return unaffected
        snapshot = recall.snapshot
        unaffected.difference_update(snapshot.paths[n] for n in snapshot.with_missing_parts)
        for path, record in notes.records():
            uncertain, anchors = record.ties
            if moved and (uncertain or path in moved or not names.isdisjoint(record.wanted)):
                self.vault.retie(path)
                unaffected.discard(path)
            elif uncertain or any(anchor.target in renamed for anchor in anchors):
                unaffected.discard(path)
        return unaffected

    def _looks_everywhere(self, stage: VaultStage) -> bool:
        """May what is found in a note hang on any other? So it may where wanting notes count."""
        planned = self.settings.file.vault.planned
        counts = any(entry.startswith(">") for entry in planned)
        return counts or stage.is_broad or stage.asks_attachments

    def overlay(self, path: str, data: bytes) -> None:
        """Let a file have other bytes than on the disk, or be there though it is not."""
        self._overlays[path] = data
        self.libraries = self._open_libraries()
        self.checked.add(path)
        is_new = not self.vault.has_file(path)
        self.vault.add_file(path)
        self._take(path, self._examine(path))
        self.valid = set()
        if is_new:
            self.vault.tie_all()

    def update(self, paths: Iterable[str]) -> None:
        """Read files anew that were changed, made or removed."""
        self.files.refresh()
        self.libraries = self._open_libraries()
        selection = select_files(self.files, self.settings.file.vault)
        present = set(selection.all)
        self.checked = set(selection.checked)
        self.valid = set()
        moved = False
        if self._stage.use(selection.obsidian):
            paths = dict.fromkeys((*paths, *selection.parsed))
        for path in paths:
            if path not in present:
                self.vault.remove_file(path)
                self._unreadable.pop(path, None)
                moved = True
                continue
            moved |= not self.vault.has_file(path)
            self.vault.add_file(path)
            if is_parsed(path):
                self._take(path, self._examine(path))
        if moved:
            self.vault.tie_all()

    def _examine(self, path: str) -> Outcome:
        try:
            data = self._read(path)
        except OSError as error:
            return Outcome(None, Failure(path, "", f"cannot be read: {error.strerror}"))
        stage = self._stage if path in self.checked else None
        try:
            record = examine(path, data, stage, self.vault, kept=self.kept)
            return Outcome(record, None, digest(data) if self.kept else b"")
        except Exception as error:  # noqa: BLE001  # our own error: told with the note, not hidden
            message = f"cannot be parsed: {type(error).__name__}: {error}"
            return Outcome(None, Failure(path, "", message))

    def _take(self, path: str, outcome: Outcome) -> None:
        self._lines.pop(path, None)
        self._unreadable.pop(path, None)
        self._digests[path] = outcome.digest
        if outcome.record is not None:
            self.vault.put(path, outcome.record)
        if outcome.failure is not None:
            self.vault.notes.remove(path)
            self._unreadable[path] = outcome.failure._replace(path=path)

    def _read(self, path: str) -> bytes:
        overlay = self._overlays.get(path)
        return self.files.read(path) if overlay is None else overlay

    def lines(self, path: str) -> Lines:
        """The text of a file, with its lines."""
        return self._lines[path]

    def _vault_stage(self) -> VaultStage:
        planned = Planned(self.settings.file.vault.planned, self.vault)
        return VaultStage(self.vault, self.settings, planned, self.libraries, self._timings)

    def check(self, paths: Collection[str] | None = None) -> Result:
        """All findings in the files that are checked, or in those of them that are named."""
        started = perf_counter()
        chosen = sorted(self.checked if paths is None else self.checked.intersection(paths))
        violations: list[Violation] = []
        failures: list[Failure] = []
        notes = 0
        with _collector_paused():
            stage = self._vault_stage()
            self.is_whole = self._looks_everywhere(stage)
            before = self.recall.reports() if self.recall else {}
            hidden = self.recall.suppressed() if self.recall else {}
            self._suppressed = {path: hidden[path] for path in self.valid.intersection(hidden)}
            for path in chosen:
                if path in self._unreadable:
                    failures.append(self._unreadable[path])
                notes += path in self.vault.notes
                if path in self.valid:
                    if path in before:
                        violations += self._take_over(path, before[path])
                    continue
                found = self._find(path, stage)
                failures += found.failures
                violations += sort_violations(found.violations, self.codes)
            beside = [path for path in self.libraries.beside if paths is None or path in paths]
            for path in beside:
                facts = self.libraries.load(path)
                found = stage.check(facts) if facts is not None else Findings([], [])
                failures += found.failures
                violations += sort_violations(found.violations, self.codes)
            if beside:
                violations.sort(key=attrgetter("path"))
        suppressed = {path: self._suppressed[path] for path in chosen if path in self._suppressed}
        seconds = perf_counter() - started
        return Result(violations, failures, notes, seconds, self.lines, suppressed)

    def find_addresses(self, paths: Collection[str] | None = None) -> Iterator[str]:
        """The web addresses in files that are checked, of all or of those named, as rules ask."""
        stage = self._vault_stage()
        for note in self._with_addresses(paths):
            if stage.asks_web(note):
                yield from (link.address for link in note.web_links)

    def add_web(
        self,
        result: Result,
        answers: Mapping[str, Answer],
        paths: Collection[str] | None = None,
    ) -> None:
        """Add to a result what follows from the answers of addresses; it is kept nowhere."""
        stage = self._vault_stage()
        for note in self._with_addresses(paths):
            violations, failures = stage.check_web(note, answers)
            if self._suppressions is not None and note.suppressions:
                kept = self._suppressions.hide(note, violations)
                hidden = len(violations) - len(kept)
                violations = kept
                if hidden:
                    before = result.suppressed.get(note.path, 0)
                    result.suppressed[note.path] = before + hidden
            result.violations += violations
            result.failures += failures
        result.violations[:] = sort_violations(result.violations, self.codes)

    def _with_addresses(self, paths: Collection[str] | None) -> Iterator[NoteFacts]:
        for path in sorted(self.checked if paths is None else self.checked.intersection(paths)):
            note = self.vault.notes.get(path)
            if note is not None and note.web_links:
                yield note

    def _take_over(self, path: str, report: bytes) -> list[Violation]:
        """What was reported of a file, with its places, so that its text need not be read."""
        self.reports[path] = report
        placed = read_placed(report, path)
        self._require_sense(violation for violation, _ in placed)
        lines = self._lines[path] = Lines(lambda: decode(self._read(path)).text)
        for each in placed:
            for other, offset, position in each.positions():
                if other == path:
                    lines.know(offset, position)
        return [violation for violation, _ in placed]

    def _find(self, path: str, stage: VaultStage) -> Findings:
        """What the rules of both stages find in a file."""
        record = self.vault.notes.record(path)
        if record is None:
            return stage.check_attachment(path) if stage.asks_attachments else Findings([], [])
        found = read_findings(record.findings, path)
        self._require_sense(found.violations)
        if not stage.is_quiet(record):
            in_vault = stage.check(self.vault.notes[path])
            if in_vault.violations and not record.ties.uncertain:
                self._with_missing_parts.add(path)
            found.violations.extend(in_vault.violations)
            found.failures.extend(in_vault.failures)
        return self._suppress(path, found) if record.is_asked else found

    def _suppress(self, path: str, found: Findings) -> Findings:
        """What suppressions leave of what was found in a file, with what is wrong with them."""
        facts = self.vault.notes[path]
        if self._suppressions is None or not facts.suppressions:
            return found
        found, hidden = self._suppressions.check(facts, found)
        if hidden:
            self._suppressed[path] = hidden
        return found

    def _require_sense(self, violations: Iterable[Violation]) -> None:
        """Raise DamagedRecord where what is remembered is of a rule or a file that there is not."""
        for violation in violations:
            paths = (related.path for related in violation.related)
            if violation.rule not in self.codes or not all(map(self.vault.has_file, paths)):
                raise DamagedRecord("a finding is of no rule, or speaks of no file")

    @property
    def is_complete(self) -> bool:
        """Could all files be examined, those too that are not checked?"""
        return not self._unreadable

    def holds_all(self, violations: Iterable[Violation]) -> bool:
        """Are findings in files of the vault, and in none that lies above it?"""
        beside = {path for path in self.libraries.beside if not self.vault.has_file(path)}
        return all(violation.path not in beside for violation in violations)

    def digest(self, path: str) -> bytes:
        """The digest of a file's bytes, as they were when it was examined, now or before."""
        known = self._digests.get(path)
        if known is None:
            assert self.recall is not None
            known = self.recall.entry(path).digest
        return known

    def find_untracked(self, paths: Sequence[str]) -> list[int] | None:
        """The numbers of paths that git does not know; None where there is no repository."""
        tracked = self.vault.tracked
        if tracked is None:
            return None
        return [number for number, path in enumerate(paths) if path not in tracked]

    def find_asked(self, paths: Sequence[str]) -> list[int]:
        """The numbers of paths of files that vault rules are asked about whatever their links."""

        def is_asked(path: str) -> bool:
            record = self.vault.notes.record(path)
            return record is not None and record.is_asked

        before = self.recall.snapshot.always_asked if self.recall else ()
        return self._find_numbers(paths, before, is_asked)

    def find_missing_parts(self, paths: Sequence[str]) -> list[int]:
        """The numbers of paths of notes whose links lead to files, but lack parts of them."""
        before = self.recall.snapshot.with_missing_parts if self.recall else ()
        return self._find_numbers(paths, before, self._with_missing_parts.__contains__)

    def _find_numbers(
        self, paths: Sequence[str], before: Iterable[int], holds: Callable[[str], bool]
    ) -> list[int]:
        """The numbers of paths of which something holds, or held and cannot have changed."""
        known = {self.recall.snapshot.paths[number] for number in before} if self.recall else set()
        return [
            number
            for number, path in enumerate(paths)
            if (path in known if path in self.valid else holds(path))
        ]

    def place_reports(self, violations: Iterable[Violation]) -> dict[str, bytes]:
        """What is reported of each file, encoded with lines and columns."""
        by_path: dict[str, list[Violation]] = {}
        for violation in violations:
            by_path.setdefault(violation.path, []).append(violation)
        reports: Mapping[str, bytes] = self.reports
        return {
            path: reports.get(path) or place_all(found, self._lines)
            for path, found in by_path.items()
        }
