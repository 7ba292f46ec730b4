"""`vaultlint init`."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import click

from vaultlint.cli.located import shown_path
from vaultlint.cli.writing import write_new
from vaultlint.config import Settings, load_settings
from vaultlint.discover import DiskFiles, obsidian_settings
from vaultlint.learn import Proposal, Report, learn, try_proposal
from vaultlint.learn.starter import STARTER
from vaultlint.learn.writer import counted
from vaultlint.locate import find_config, find_root
from vaultlint.model import UserError
from vaultlint.report.terminal import printable
from vaultlint.rule import TypedNote
from vaultlint.sections import SectionMatch
from vaultlint.session import Session

_GROUPS = ("structure", "properties")
_NEXT = "next: vaultlint check"


@click.command("init")
@click.argument("folder", default=".", type=click.Path(file_okay=False, exists=True))
@click.option("--dry-run", is_flag=True, help="Print the configuration, and write nothing.")
@click.option("--diff", is_flag=True, help="Print how it differs from the one that is there.")
def command(folder: str, dry_run: bool, diff: bool) -> None:
    """Write a vaultlint.toml that asks of notes what most of them keep.

    Types, sections and properties are learned from the notes of FOLDER; each line says what speaks
    for it. Where nothing can be learned it is a commented file to start from. An existing file is
    never replaced.
    """
    if dry_run and diff:
        raise UserError("--dry-run and --diff cannot be given together")
    target = os.path.join(folder, "vaultlint.toml")
    existing = _existing(folder)
    if existing is not None and not (dry_run or diff):
        hint = "`--diff` compares it with what would be written, `--dry-run` prints that"
        raise UserError(f"{shown_path(existing)}: exists already; {hint}")
    if diff:
        before = _read(existing or target) if existing else ""
    vault = _Vault(folder, existing)
    proposal = vault.learn()
    text = try_proposal(proposal, vault.check) if len(proposal.survey) else STARTER
    if dry_run:
        click.echo(text, nl=False)
    elif diff:
        shown = shown_path(existing or target)
        lines = unified_diff(
            before.splitlines(keepends=True), text.splitlines(keepends=True), shown, "proposed"
        )
        for line in lines:
            click.echo(printable(line.rstrip("\n")))
    else:
        write_new(target, text)
        click.echo(f"wrote {shown_path(target)}")
    for line in _summary(proposal, vault):
        click.echo(printable(line), err=dry_run or diff)


def _existing(folder: str) -> str | None:
    """The configuration file that is in a folder."""
    target = os.path.join(folder, "vaultlint.toml")
    if os.path.lexists(target):
        return target
    found = find_config(os.path.abspath(folder))
    if found is None or os.path.dirname(found) != os.path.abspath(folder):
        return None
    return found


def _read(path: str) -> str:
    if os.path.basename(path) == "pyproject.toml":
        raise UserError(f"{shown_path(path)}: --diff compares with a vaultlint.toml only")
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{shown_path(path)}: is not UTF-8") from error
    except OSError as error:
        raise UserError(f"{shown_path(path)}: cannot be read: {error.strerror}") from error


class _Vault:
    """The vault that a folder is, or is in: its notes, and how they are checked."""

    def __init__(self, folder: str, existing: str | None) -> None:
        start = os.path.abspath(folder)
        self._target = Path(start, "vaultlint.toml")
        path = Path(existing) if existing is not None and os.path.exists(existing) else None
        settings = load_settings(
            path, shown=shown_path(existing or ""), overrides=({"select": []},)
        )
        self._table = settings.file.vault
        self._glossary = tuple(
            (each, ()) if isinstance(each, str) else (each.file, each.paths)
            for each in settings.file.terms.glossary
        )
        self._root = find_root(start, str(self._target), self._table.root)
        inside = os.path.relpath(start, self._root).replace(os.sep, "/")
        self._below = "" if inside == "." else f"{inside}/"
        self._settings = settings
        self.templates = 0
        self.left_out = 0

    def learn(self) -> Proposal:
        """What its notes have in common; of a folder in a vault, the notes in the folder."""
        session = self._load(self._settings)
        vault = obsidian_settings(session.files)
        paths = [
            path
            for path in session.vault.notes
            if path.endswith(".md") and path.startswith(self._below)
        ]
        notes = [session.vault.notes[path] for path in paths if path in session.checked]
        notes = [note for note in notes if not note.is_drawing]
        templates = []
        if not self._below:
            unchecked = (path for path in paths if path not in session.checked)
            templates = [session.vault.notes[p] for p in unchecked if vault.is_template(p)]
        proposal = learn(notes, templates, self._table.exclude)
        self.templates = len(proposal.survey.templates)
        self.left_out = len(paths) - len(proposal.survey) - self.templates
        proposal.root, proposal.dialect = self._table.root, self._table.dialect
        proposal.planned, proposal.glossary = self._table.planned, self._glossary
        return proposal

    def _load(self, settings: Settings) -> Session:
        session = Session(DiskFiles(self._root), settings)
        session.load(None)
        gc.freeze()  # the facts are no garbage: the collector need not look at them
        return session

    def check(self, text: str) -> Iterator[Report]:
        """What the rules about types find with the text of a configuration."""
        settings = load_settings(
            self._target,
            shown="vaultlint.toml",
            text=text,
            overrides=({"select": list(_GROUPS)},),
        )
        about_types = {
            rule.id for rule in settings.registry if rule.subject in (SectionMatch, TypedNote)
        }
        for violation in self._load(settings).check().violations:
            if violation.asked_by or violation.rule in about_types:
                yield Report(violation.path, violation.rule, violation.asked_by)


def _summary(proposal: Proposal, vault: _Vault) -> Iterator[str]:
    """What was found, for people."""
    read = len(proposal.survey)
    parts = [f"{counted(read, 'note')} read"]
    if vault.templates:
        parts.append(counted(vault.templates, "template"))
    if vault.left_out:
        parts.append(f"{vault.left_out} left out")
    yield ", ".join(parts)
    typed: set[int] = set()
    for each in proposal.types:
        typed |= each.members
        sections = counted(sum(section.required for section in each.sections), "section")
        properties = counted(len(each.properties), "property", "properties")
        asked = [words for words in (sections, properties) if not words.startswith("0")]
        keep = "all have them"
        if each.deviating:
            keep = f"{len(each.deviating)} {'deviates' if len(each.deviating) == 1 else 'deviate'}"
        yield (
            f"type {each.name}: {counted(len(each.members), 'note')} {each.group.label}; "
            f"{' and '.join(asked)} required; {keep}"
        )
    if proposal.types:
        yield f"no type: {counted(read - len(typed), 'note')}"
        yield _NEXT
    else:
        yield "no type: no group of notes has sections or properties in common"
