"""Learns from vaults in memory, and checks them with what was learned."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from vaultlint.config import Settings, load_settings
from vaultlint.discover import MemoryFiles, obsidian_settings
from vaultlint.learn import Proposal, Report, learn, try_proposal
from vaultlint.rule import TypedNote
from vaultlint.sections import SectionMatch
from vaultlint.session import Session

Files = Mapping[str, str | bytes]
_TARGET = Path("vaultlint.toml")
_GROUPS = {"select": ["structure", "properties"]}


class Learned(NamedTuple):
    """What was learned from a vault, and the text that says so."""

    files: Files
    proposal: Proposal
    text: str

    @property
    def settings(self) -> Settings:
        """The settings that the text makes."""
        return load_settings(_TARGET, text=self.text, overrides=(_GROUPS,))

    @property
    def types(self) -> dict[str, list[str]]:
        """The headings that each type asks for, the first spelling of each."""
        return {
            each.name: [s.headings[0] for s in each.sections if s.required]
            for each in self.proposal.types
        }

    def reports(self) -> list[Report]:
        """What rules about types find in the vault."""
        return list(check(self.files, self.text))

    def deviating(self) -> set[str]:
        """The notes in which rules about types find anything."""
        return {report.path for report in self.reports()}

    def members(self, name: str) -> set[str]:
        """The notes that have a type."""
        settings = self.settings
        session = load(self.files, settings)
        return {
            path
            for path in session.checked
            if path.endswith(".md")
            and settings.shared.types[name].matches(session.vault.notes[path])
        }


def load(files: Files, settings: Settings) -> Session:
    session = Session(MemoryFiles(files), settings)
    session.load()
    return session


def check(files: Files, text: str) -> Iterator[Report]:
    settings = load_settings(_TARGET, text=text, overrides=(_GROUPS,))
    about = {rule.id for rule in settings.registry if rule.subject in (SectionMatch, TypedNote)}
    for violation in load(files, settings).check().violations:
        if violation.asked_by or violation.rule in about:
            yield Report(violation.path, violation.rule, violation.asked_by)


def learn_from(files: Files) -> Learned:
    session = load(files, load_settings(None, overrides=({"select": []},)))
    vault = obsidian_settings(session.files)
    notes = {path: session.vault.notes[path] for path in session.vault.notes}
    proposal = learn(
        [note for path, note in notes.items() if path in session.checked and path[-3:] == ".md"],
        [note for path, note in notes.items() if vault.is_template(path)],
    )
    for each in proposal.types:
        each.from_template = False  # the template is in no file that settings could read
    text = try_proposal(proposal, lambda text: check(files, text))
    tomllib.loads(text)
    return Learned(files, proposal, text)


def note(*headings: str, properties: str = "", body: str = "Text.") -> str:
    """A note with these headings, of level 2 where they have none, and some text below each."""
    head = f"---\n{properties}\n---\n" if properties else ""
    lines = (f"{'' if h.startswith('#') else '## '}{h}\n{body}\n" for h in headings)
    return f"{head}Opening.\n\n" + "\n".join(lines)
