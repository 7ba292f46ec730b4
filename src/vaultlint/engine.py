"""Runs rules: over each note alone, then over the vault. It reads no file."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from vaultlint.config import Active, Settings
from vaultlint.facts import Frontmatter, Heading, Link, NoteFacts
from vaultlint.model import Span, Violation
from vaultlint.parse.canvas import parse_base, parse_canvas
from vaultlint.parse.extract import parse_note
from vaultlint.parse.note import ParsedNote
from vaultlint.planned import Planned
from vaultlint.rule import (
    Attachment,
    BrokenLink,
    LiveLink,
    NoteContext,
    PlannedLink,
    VaultContext,
)
from vaultlint.suggest import Suggester
from vaultlint.text import decode
from vaultlint.vault import Vault


class Failure(NamedTuple):
    """An error of our own: the note that caused it, the rule that ran, and what happened."""

    path: str
    rule: str
    message: str


class Findings(NamedTuple):
    """What the rules of one stage found in a note."""

    violations: list[Violation]
    failures: list[Failure]


def parse_file(path: str, data: bytes) -> tuple[NoteFacts, ParsedNote | None]:
    """The facts of a file, and the parsed note where it is one."""
    text, damaged_at = decode(data)
    lower = path.lower()
    if lower.endswith(".canvas"):
        return parse_canvas(path, text, damaged_at), None
    if lower.endswith(".base"):
        return parse_base(path, text, damaged_at), None
    note = parse_note(path, text, damaged_at)
    return note.facts, note


_NOTE_SUBJECTS: dict[type, Callable[[ParsedNote], Iterable[Any]]] = {
    ParsedNote: lambda note: (note,),
    NoteFacts: lambda note: (note.facts,),
    Heading: lambda note: note.facts.headings,
}


def check_note(note: ParsedNote, settings: Settings) -> Findings:
    """The findings of note rules: they depend on this note and the settings only."""
    types = settings.types_of(note.facts)
    violations: list[Violation] = []
    failures: list[Failure] = []
    for active in settings.plan(note.facts, types):
        rule = active.rule
        if rule.vault_wide:
            continue
        context = NoteContext(
            rule, active.severity, active.options, note.facts, types, settings.shared
        )
        subjects = _NOTE_SUBJECTS[rule.subject](note)
        _run(active, subjects, context, violations, failures)
    return Findings(violations, failures)


class VaultStage:
    """Runs vault rules over one vault; what it looks up is kept for the next note."""

    def __init__(self, vault: Vault, settings: Settings, planned: Planned) -> None:
        self._vault = vault
        self._settings = settings
        self._planned = planned
        self._suggester = Suggester(vault)

    def check(self, note: NoteFacts) -> Findings:
        """The findings of vault rules in one note, canvas or base."""
        types = self._settings.types_of(note)
        active = [a for a in self._settings.plan(note, types) if a.rule.vault_wide]
        return self._run(active, note, types, self._subjects(note) if active else {})

    def check_attachment(self, path: str) -> Findings:
        """The findings in a file that was not parsed."""
        note = NoteFacts(path, Frontmatter("none", Span(0, 0)))
        active = [a for a in self._settings.plan(note, ()) if a.rule.subject is Attachment]
        return self._run(active, note, (), {Attachment: (Attachment(path),)})

    def _run(
        self,
        active: Iterable[Active],
        note: NoteFacts,
        types: tuple[str, ...],
        subjects: Mapping[type, Sequence[Any]],
    ) -> Findings:
        violations: list[Violation] = []
        failures: list[Failure] = []
        for each in active:
            found = subjects.get(each.rule.subject, ())
            if not found:
                continue
            context = VaultContext(
                each.rule,
                each.severity,
                each.options,
                note,
                types,
                self._settings.shared,
                self._vault,
                self._suggester,
            )
            _run(each, found, context, violations, failures)
        return Findings(violations, failures)

    def _subjects(self, note: NoteFacts) -> dict[type, Sequence[Any]]:
        broken: list[BrokenLink] = []
        live: list[LiveLink] = []
        planned: list[PlannedLink] = []
        for link in self._vault.links(note):
            resolution = self._vault.resolve(link, note.path)
            if not resolution.reason.startswith("missing-"):
                live.append(LiveLink(link, resolution))
            elif resolution.way == "outside" or is_excused(link, self._vault):
                continue
            elif resolution.target is None and self._planned.covers(link, note):
                planned.append(PlannedLink(link))
            else:
                broken.append(BrokenLink(link, resolution))
        return {
            NoteFacts: (note,),
            Link: tuple(self._vault.links(note)),
            BrokenLink: broken,
            LiveLink: live,
            PlannedLink: planned,
        }


#: Placeholders of Templater and of core templates: what they become is not known.
_PLACEHOLDER = re.compile(r"<%|\{\{")


def is_excused(link: Link, vault: Vault) -> bool:
    """Is a link without target none that anyone could repair?

    Placeholders of templates, addresses that begin with `//` (browsers take them as external),
    and `obsidian://` addresses of other vaults.
    """
    if _PLACEHOLDER.search(link.raw) or link.path.startswith("//"):
        return True
    if link.kind == "obsidian-uri":
        return link.display != vault.name
    if link.kind == "base-folder":
        return vault.has_folder(link.path)
    return False


def _run(
    active: Active,
    subjects: Iterable[Any],
    context: NoteContext[Any] | VaultContext[Any],
    violations: list[Violation],
    failures: list[Failure],
) -> None:
    """Call one rule; where it crashes, that is a failure: neither a finding nor silence."""
    try:
        for subject in subjects:
            violations.extend(active.rule.check(subject, context))
    except Exception as error:  # noqa: BLE001  # whatever a rule raises is reported, not hidden
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
        message = f"{type(error).__name__}: {error} ({where})"
        failures.append(Failure(context.note.path, active.rule.id, message))


def sort_violations(violations: Iterable[Violation], codes: Mapping[str, str]) -> list[Violation]:
    """Findings by path, place and code."""
    return sorted(violations, key=lambda v: (v.path, v.span, codes[v.rule], v.message))
