"""Checks a vault for `vaultlint check`, and leaves a snapshot for the next run."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable
from contextlib import ExitStack, closing, suppress
from time import perf_counter, time_ns
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from vaultlint.cache import Input, Packs, Snapshot, Store, is_fresh
from vaultlint.cli.checked import Accounts, Checked
from vaultlint.cli.known import mark_known
from vaultlint.cli.located import Located, Options
from vaultlint.cli.opening import read_settings
from vaultlint.config import Settings
from vaultlint.discover import DiskFiles
from vaultlint.engine import compares_sources
from vaultlint.fingerprint import ABSENT, digest_file, digest_of, index_key
from vaultlint.listing import Listing
from vaultlint.obsidian import SETTINGS_FILES
from vaultlint.recall import Leaving, Recall, leave
from vaultlint.session import Result, Session
from vaultlint.ties import DamagedRecord
from vaultlint.web_settings import WebSettings

if TYPE_CHECKING:
    from vaultlint.cli.online import Online


def check_vault(
    located: Located,
    options: Options,
    jobs: int | None,
    store: Store | None,
    snapshot: Snapshot | None,
    listing: Listing | None,
    accounts: Accounts,
    overlay: tuple[str, bytes] | None = None,
    online: Online | None = None,
    source: Source | None = None,
) -> Checked:
    """Check a vault with what a snapshot knows of it, and keep a new one.

    `overlay` gives one file other bytes than it has on the disk; then nothing is kept. `online`
    adds what follows from the answers of web addresses, which no snapshot holds. The files are
    those of `source`, where there is one.
    """
    started, began = perf_counter(), time_ns()
    source = source or Source()
    settings = source.settings or read_settings(located.config, options)
    accounts.add("settings and rules", started)
    started = perf_counter()
    folder = store.folder if store is not None else None
    keys = _Keys.read(settings, source.folder or located.root, began)
    files = source.files or DiskFiles(located.root, listing)
    files.listing()
    accounts.add("discovery", started)
    if settings.file.plugins:
        accounts.say("no cache: a plugin's code may change unseen")
        store = snapshot = None
    holder = source.packs or store
    with ExitStack() as stack:
        known = None
        if holder is not None and snapshot is not None:
            try:
                packs = Packs(holder, snapshot.packs, own=holder is store)
                known = Recall(snapshot, stack.enter_context(closing(packs)))
            except (DamagedRecord, OSError) as error:
                accounts.say(f"cache: not used: {error}")

        def load(known: Recall | None) -> Session:
            kept = store is not None
            folder = source.folder or files.root
            session = _open(settings, files, jobs, known, keys, accounts, folder=folder, kept=kept)
            if overlay is not None:
                session.overlay(*overlay)
            return session

        try:
            session = load(known)
            started = perf_counter()
            result = session.check()
            addresses = online.find(located, session) if online is not None else ()
        except DamagedRecord as error:
            accounts.say(f"cache: not used: {error}")
            session = load(None)
            started = perf_counter()
            result = session.check()
            addresses = online.find(located, session) if online is not None else ()
        accounts.add("rules over the vault", started)
        accounts.count_rules(session.accounts)
        gc.freeze()  # the facts live until the process ends: the collector need not look at them
        complete = session.is_complete and session.holds_all(result.violations)
        if store is not None and overlay is None and not result.failures and complete:
            started = perf_counter()
            _keep(session, settings, files, keys, store, result, accounts)
            accounts.add("cache", started)
        if online is not None:
            online.add(located, session, result, folder, addresses)
    checked = _choose(located, session, settings, result)
    return mark_known(checked, options, files.listing().paths)


class Source(NamedTuple):
    """What is checked where it is not the disk as it is now.

    `files` are the vault's; `settings` judge them, and files that decide what is found are looked
    for as if `folder` were the vault's root; `packs` has the packs of the snapshot.
    """

    files: DiskFiles | None = None
    settings: Settings | None = None
    folder: str | None = None
    packs: Store | None = None


class _Keys(NamedTuple):
    """What decides findings and is no note, as it was when it was read.

    `inputs` are files; `note_key` stands for all settings that note rules, and where they run,
    depend on; `tracked` for the files that git knows.
    """

    inputs: tuple[Input, ...]
    note_key: bytes
    tracked: bytes

    @classmethod
    def read(cls, settings: Settings, root: str, began: int) -> _Keys:
        """The keys of settings that were read after the moment `began`."""
        file, shared = settings.file, settings.shared
        folder = "" if settings.path is None else str(settings.path.parent)
        own = [] if settings.path is None else [str(settings.path)]
        own += map(str, settings.named)

        def read(paths: Iterable[str]) -> list[Input]:
            return [_read_input(path, root, began) for path in paths]

        in_vault = read(f"{root}/.obsidian/{name}" for name in SETTINGS_FILES)
        packs = read(os.path.join(folder, name) for name in file.packs)
        plan = [
            (active.rule.id, active.severity, repr(active.options))
            for active in settings.base_plan
            if not active.rule.vault_wide
        ]
        types = list(shared.types.values())
        references = msgspec.structs.replace(file.references, web=WebSettings())
        parts = (file.overrides, types, references, shared.terms)
        tables = [msgspec.to_builtins(part, order="deterministic") for part in parts]
        exclude, glossary = file.vault.exclude, shared.glossaries.fingerprint
        rest = (exclude, glossary, shared.dialect, compares_sources(settings))
        note_key = digest_of((plan, packs, in_vault, tables, *rest))
        return cls((*in_vault, *packs, *read(own)), note_key, index_key(root))

    def are_those_of(self, snapshot: Snapshot, root: str) -> bool:
        """Are a snapshot's inputs as they were? Those that notes name follow those of settings."""
        count = len(self.inputs)
        named = snapshot.inputs[count:]
        return snapshot.inputs[:count] == self.inputs and all(
            digest_file(os.path.join(root, path)) == known for path, known in named
        )

    def with_named(self, session: Session, root: str) -> tuple[Input, ...]:
        """The inputs, with the files that notes name and that are not parsed with the vault."""
        known = {each.path for each in self.inputs}
        before = session.recall.snapshot.inputs[len(self.inputs) :] if session.recall else ()
        named = {*session.libraries.opened, *(each.path for each in before)}
        now = time_ns()
        paths = sorted(named.difference(known))
        return (*self.inputs, *(_read_input(f"{root}/{path}", root, now) for path in paths))


def _read_input(path: str, root: str, began: int) -> Input:
    """A file's digest; one that no file has where it may have changed since it was read."""
    shown = os.path.relpath(path, root)
    try:
        if is_fresh(os.stat(path).st_mtime_ns, began):
            return Input(shown, b"changing")
    except OSError:
        return Input(shown, ABSENT)
    return Input(shown, digest_file(path))


def _open(
    settings: Settings,
    files: DiskFiles,
    jobs: int | None,
    known: Recall | None,
    keys: _Keys,
    accounts: Accounts,
    *,
    folder: str,
    kept: bool,
) -> Session:
    session = Session(files, settings, timed=accounts.wanted, kept=kept, progress=accounts.progress)
    started = perf_counter()
    if known is None:
        session.load(jobs)
    else:
        snapshot = known.snapshot
        session.load_changes(
            files,
            known,
            jobs,
            same_notes=snapshot.note_key == keys.note_key,
            same_settings=snapshot.name == files.name and keys.are_those_of(snapshot, folder),
        )
        for path, reason in session.missed.items():
            accounts.say(f"cache: `{path}` is read: {reason}")
    accounts.add("parse and rules over notes", started)
    return session


def _keep(
    session: Session,
    settings: Settings,
    files: DiskFiles,
    keys: _Keys,
    store: Store,
    result: Result,
    accounts: Accounts,
) -> None:
    listing = files.listing()
    try:
        leaving = Leaving(
            listing,
            files.name,
            keys.with_named(session, files.root),
            keys.note_key,
            keys.tracked,
            session.find_untracked(listing.paths),
            [n for n, path in enumerate(listing.paths) if path not in session.checked],
            session.is_whole,
            session.find_asked(listing.paths),
            session.find_missing_parts(listing.paths),
            settings.file.fail_on,
            session.codes,
            session.digest,
            session.place_reports(result.violations),
            result.suppressed,
        )
        leave(store, session.vault.notes, leaving, session.recall, frozenset(session.valid))
    except DamagedRecord as error:
        accounts.say(f"cache: not written, and made anew by the next run: {error}")
        with suppress(OSError):
            store.forget()
    except (OSError, UnicodeEncodeError) as error:
        accounts.say(f"cache: not written: {error}")


def _choose(located: Located, session: Session, settings: Settings, result: Result) -> Checked:
    """Of all that was found, what is in the files that were named."""
    violations, failures, notes = result.violations, result.failures, result.notes
    chosen = located.choose(frozenset(session.checked))
    if chosen is not None:
        violations = [found for found in violations if found.path in chosen]
        failures = [failure for failure in failures if failure.path in chosen]
        notes = len(chosen.intersection(session.vault.notes))
    hidden = result.suppressed.items()
    return Checked(
        located,
        violations,
        failures,
        notes,
        session.lines,
        session.codes,
        settings.file.fail_on,
        sum(count for path, count in hidden if chosen is None or path in chosen),
    )
