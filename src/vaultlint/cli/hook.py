"""Checks what is about to be committed: changed notes, and what the change breaks in others."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import NamedTuple

import click

from vaultlint.cache import Snapshot, Store
from vaultlint.causes import Causes
from vaultlint.cli.checked import Accounts, Checked
from vaultlint.cli.checking import Source, check_vault
from vaultlint.cli.known import open_store
from vaultlint.cli.located import Located, Options, locate_vaults, shown_path
from vaultlint.cli.opening import read_settings
from vaultlint.cli.since import open_cache, open_contents
from vaultlint.cli.staged import Step, find_repository, find_vaults, is_seen, place_of, read_step
from vaultlint.comparison import Side, compare_findings
from vaultlint.config import Settings
from vaultlint.git import Change, Contents, Repository, below
from vaultlint.git_trees import Tree, TreeFiles
from vaultlint.listing import is_parsed
from vaultlint.locate import FILE_NAMES
from vaultlint.model import UserError, Violation
from vaultlint.obsidian import SETTINGS_FILES
from vaultlint.report import Tally
from vaultlint.text import Lines
from vaultlint.vault import Vault

#: Ends of files that only a configuration may name, packs and glossaries among them.
_NAMED_SUFFIXES = (".bib", ".json", ".toml", ".yaml", ".yml")


#: What in a path a shell would not take as it is, and what not even within double quotes.
_IN_NEED = re.compile(r"[^\w./-]")
_SPECIAL = re.compile(r'["$`\\!]')


class _Place(NamedTuple):
    """A vault in a repository, and its folder there."""

    vault: Located
    repository: Repository
    folder: str
    contents: Contents

    def files(self, commit: str | None, settings_root: str | None = None) -> TreeFiles:
        """The vault as a commit has it, or the index (None)."""
        tree = Tree(self.repository, commit)
        return TreeFiles(self.vault.root, tree, self.contents, settings_root=settings_root)

    def from_root(self, path: str) -> str:
        """A path of the repository as seen from the vault's root."""
        return os.path.relpath(path, self.folder or ".").replace(os.sep, "/")


class Hook:
    """Checks vaults for a hook of git."""

    def __init__(self, options: Options, jobs: int | None, accounts: Accounts) -> None:
        self._options = options
        self._jobs = jobs
        self._accounts = accounts

    def check(
        self, paths: Sequence[str], cache_dir: str | None, *, no_cache: bool
    ) -> list[Checked]:
        """Check the vaults of changed files, or those of some paths; untouched ones are left out.

        Raises UserError.
        """
        if paths:
            located = locate_vaults(paths, self._options)
            vaults = [(vault, find_repository(vault.root)) for vault in located]
        else:
            repository = find_repository(os.getcwd())
            changes = read_step(repository).changes
            vaults = [(v, repository) for v in find_vaults(repository, changes, self._options)]
        checked: list[Checked] = []
        for vault, repository in vaults:
            step = read_step(repository)
            folder = place_of(vault, repository)
            configured = vault.config is not None
            if any(is_seen(change, folder, configured=configured) for change in step.changes):
                place = _Place(vault, repository, folder, open_contents(repository))
                with open_cache(vault, cache_dir, no_cache=no_cache) as cache:
                    checked += self._check(place, step, cache)
        return checked

    def _check(self, place: _Place, step: Step, cache: str) -> Iterator[Checked]:
        vault = place.vault
        settings = read_settings(vault.config, self._options)
        changes = _InVault.read(step, place, _find_decisive(settings, place))
        if not changes.seen and not changes.settings:
            return
        store = open_store(vault, self._options, cache, "git")
        assert store is not None
        snapshot, packs = self._recall(vault, store, cache)
        files = place.files(step.new)
        old = place.repository.find_commit(step.old) if step.old else None
        before = None
        if old is not None and changes.settings:  # while what is known was found with those before
            before = self._check_settings_before(place, old, settings, snapshot, packs)
        now = self._check_tree(place, store, snapshot, Source(files, settings, packs=packs))
        if old is not None and before is None:
            source = Source(place.files(old), settings, packs=store)
            before = self._check_tree(place, None, store.read(), source)
        all_found = _choose(vault, now.violations)
        fresh, tally = set(all_found), None
        if old is not None and before is not None:
            compared = compare_findings(
                Side(_choose(vault, before.violations, changes.renames), before.lines),
                Side(all_found, now.lines),
                changes.renames,
            )
            fresh = set(compared.new)
            name = "HEAD" if step.new is None else old[:12]
            tally = Tally(name, len(compared.new), len(compared.fixed), len(compared.known))
        causes = Causes(changes.seen, changes.settings, step.name, files.paths(), now.lines)
        unadded = _Unadded(place)
        violations = [
            unadded.tell(causes.add(found) if found in fresh else found)
            for found in all_found
            if found in fresh or found.path in changes.edited
        ]
        lines = _TreeLines(now, files.paths())
        yield now._replace(violations=violations, lines=lines, tally=tally)

    def _recall(
        self, vault: Located, store: Store, cache: str
    ) -> tuple[Snapshot | None, Store | None]:
        """What is known from the last hook, else from a check of the disk; who has the packs."""
        snapshot = store.read()
        if snapshot is not None:
            return snapshot, store
        other = open_store(vault, self._options, cache)
        return (None if other is None else other.read()), other

    def _check_tree(
        self, place: _Place, store: Store | None, snapshot: Snapshot | None, source: Source
    ) -> Checked:
        vault = place.vault._replace(named=None)
        options, accounts = self._options, self._accounts
        checked = check_vault(
            vault, options, self._jobs, store, snapshot, None, accounts, source=source
        )
        return checked.without_known()

    def _check_settings_before(
        self,
        place: _Place,
        commit: str,
        settings: Settings,
        snapshot: Snapshot | None,
        packs: Store | None,
    ) -> Checked | None:
        """Check the commit before with the configuration that it has; None: that is damaged."""
        temporary = TemporaryDirectory(prefix="vaultlint-")
        click.get_current_context().call_on_close(temporary.cleanup)
        top = os.path.realpath(temporary.name)
        _export_settings(place, commit, settings, top)
        root = os.path.normpath(os.path.join(top, place.folder))
        os.makedirs(root, exist_ok=True)
        try:
            before = read_settings(self._config_in(top, root, place), self._options)
        except UserError:
            return None
        source = Source(place.files(commit, root), before, root, packs)
        return self._check_tree(place, None, snapshot, source)

    def _config_in(self, top: str, root: str, place: _Place) -> str | None:
        """The configuration that holds for a vault in a copy of the repository's settings."""
        if self._options.isolated and not self._options.config:
            return None
        files = [value for value in self._options.config if "=" not in value]
        if files:
            file = os.path.realpath(files[0])
            inside = os.path.relpath(file, place.repository.top)
            copy = os.path.join(top, inside)
            return copy if not inside.startswith("..") and os.path.isfile(copy) else file
        from vaultlint.locate import find_config

        found = find_config(root)
        return found if found is not None and found.startswith(top + os.sep) else None


def _choose(
    vault: Located,
    violations: Iterable[Violation],
    renames: Mapping[str, str] = MappingProxyType({}),
) -> list[Violation]:
    """Of findings those in files that were named, by the names that they have later."""
    found = [(renames.get(each.path, each.path), each) for each in violations]
    chosen = vault.choose(frozenset(path for path, _ in found))
    return [each for path, each in found if chosen is None or path in chosen]


class _InVault(NamedTuple):
    """The changes of a step as a vault sees them, with paths from its root.

    `seen` are those of its files, `settings` those of files that decide what is found; `edited` are
    the files whose content changed, `renames` maps paths before to those after.
    """

    seen: list[Change]
    settings: list[Change]
    edited: frozenset[str]
    renames: Mapping[str, str]

    @classmethod
    def read(cls, step: Step, place: _Place, decisive: Collection[str]) -> _InVault:
        seen, settings, edited, renames = [], [], set(), {}
        for change in step.changes:
            path, old = (next(below((each,), place.folder), None) for each in change[1:3])
            if {change.path, change.old} & set(decisive) or _is_config(change, place):
                shown = [place.from_root(each) for each in (change.path, change.old)]
                settings.append(change._replace(path=shown[0], old=shown[1]))
            if not is_seen(change, place.folder, configured=False):
                continue
            if path is None and old is None:
                continue
            if path is None:
                seen.append(change._replace(path=place.from_root(change.path), old=old or ""))
                continue
            if change.status == "R" and old is None:
                change = change._replace(status="A", is_same=False)  # noqa: PLW2901  # it came from outside
            seen.append(change._replace(path=path, old=path if old is None else old))
            if change.status == "R" and old is not None:
                renames[old] = path
            if change.status != "D" and not (change.status == "R" and change.is_same):
                edited.add(path)
        return cls(seen, settings, frozenset(edited), renames)


def _is_config(change: Change, place: _Place) -> bool:
    """Is it a file that may be the vault's configuration, by its name and place?"""
    for path in {change.path, change.old}:
        folder, _, name = path.rpartition("/")
        if name in FILE_NAMES and (not folder or f"{place.folder}/".startswith(f"{folder}/")):
            return True
    return False


def _find_decisive(settings: Settings, place: _Place) -> frozenset[str]:
    """The files that decide what is found, from the top: settings, and what they name."""
    folder = Path() if settings.path is None else settings.path.parent
    files = [*settings.named, *(folder / name for name in settings.file.packs)]
    files += [] if settings.path is None else [settings.path]
    files += [Path(place.vault.root, ".obsidian", name) for name in SETTINGS_FILES]
    top = place.repository.top
    return frozenset(
        os.path.relpath(os.path.realpath(file), top).replace(os.sep, "/") for file in files
    )


def _export_settings(place: _Place, commit: str, settings: Settings, top: str) -> None:
    """Write the files of a commit that may be settings into a folder, as if they were old."""
    decisive = _find_decisive(settings, place)
    tree = Tree(place.repository, commit)
    for entry in tree.entries(""):
        if not (entry.path in decisive or entry.path.endswith(_NAMED_SUFFIXES)):
            continue
        data = place.contents.read(entry.id)
        if data is not None:
            path = os.path.join(top, entry.path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            Path(path).write_bytes(data)
            os.utime(path, (0, 0))


class _Unadded:
    """Tells of missing files that they are there, but not in git."""

    def __init__(self, place: _Place) -> None:
        self._place = place
        self._files: dict[str, str] | None = None

    def tell(self, violation: Violation) -> Violation:
        """A finding; where it misses a file that was not added, its message says so."""
        if not (violation.rule.startswith("broken-") and violation.about):
            return violation
        path = self._find(violation.about)
        if path is None:
            return violation
        said = violation.message.partition("; did you mean ")[0]
        shown = shown_path(os.path.join(self._place.repository.top, path))
        message = f"{said}: `{shown}` is here, but not in git: `git add {_quoted(shown)}`"
        return violation._replace(message=message, suggestions=())

    def _find(self, name: str) -> str | None:
        if self._files is None:
            repository, folder = self._place.repository, self._place.folder
            self._files = {}
            for path in repository.beside(folder, ignored=False):
                for each in Vault.names_of((path,)):
                    self._files.setdefault(each, path)
        return self._files.get(name.lower().rpartition("/")[2])


def _quoted(path: str) -> str:
    """A path as a shell reads it; double quotes, where they do, are those of Windows too."""
    if not _IN_NEED.search(path):
        return path
    return shlex.quote(path) if _SPECIAL.search(path) else f'"{path}"'


class _TreeLines:
    """The lines of files; those that are gone, and those that are no text, have none."""

    def __init__(self, now: Checked, paths: Iterable[str]) -> None:
        self._lines = now.lines
        self._paths = frozenset(filter(is_parsed, paths))
        self._found = frozenset(violation.path for violation in now.violations)

    def __call__(self, path: str) -> Lines:
        return self._lines(path) if path in self._paths | self._found else Lines("")
