"""Checks a vault for `vaultlint check`, and leaves a snapshot for the next run."""

from __future__ import annotations

import gc
import os
from time import perf_counter

import msgspec

from vaultlint.cache import Input, Packs, Snapshot, Store
from vaultlint.cli.checked import Accounts, Checked
from vaultlint.cli.located import Located, Options
from vaultlint.cli.opening import read_settings
from vaultlint.config import Settings
from vaultlint.discover import DiskFiles
from vaultlint.fingerprint import digest_file, digest_of, index_key
from vaultlint.listing import Listing
from vaultlint.obsidian import SETTINGS_FILES
from vaultlint.recall import Leaving, Recall, leave
from vaultlint.record import DamagedRecord
from vaultlint.session import Result, Session


def check_vault(
    located: Located,
    options: Options,
    jobs: int | None,
    store: Store | None,
    snapshot: Snapshot | None,
    listing: Listing | None,
    accounts: Accounts,
    overlay: tuple[str, bytes] | None = None,
) -> Checked:
    """Check a vault with what a snapshot knows of it, and keep a new one.

    `overlay` gives one file other bytes than it has on the disk; then nothing is kept.
    """
    started = perf_counter()
    settings = read_settings(located.config, options)
    files = DiskFiles(located.root, listing)
    accounts.add("discovery", started)
    if settings.file.plugins and store is not None:
        accounts.say("no cache: a plugin's code may change unseen")
        store = snapshot = None
    try:
        session = _open(settings, files, jobs, snapshot, store, accounts)
    except (DamagedRecord, OSError) as error:
        accounts.say(f"cache: not used: {error}")
        session = _open(settings, files, jobs, None, store, accounts)
    if overlay is not None:
        session.overlay(*overlay)
    started = perf_counter()
    try:
        result = session.check()
    except DamagedRecord as error:
        accounts.say(f"cache: not used: {error}")
        session = _open(settings, files, jobs, None, store, accounts)
        if overlay is not None:
            session.overlay(*overlay)
        result = session.check()
    accounts.add("rules over the vault", started)
    accounts.count_rules(session.accounts)
    gc.freeze()  # the facts live until the process ends: the collector need not look at them
    if store is not None and overlay is None and not result.failures:
        started = perf_counter()
        _keep(session, settings, files, located, store, result, accounts)
        accounts.add("cache", started)
    return _choose(located, session, settings, result)


def _open(
    settings: Settings,
    files: DiskFiles,
    jobs: int | None,
    snapshot: Snapshot | None,
    store: Store | None,
    accounts: Accounts,
) -> Session:
    session = Session(files, settings, timed=accounts.wanted, kept=store is not None)
    started = perf_counter()
    if snapshot is None or store is None:
        session.load(jobs)
    else:
        recall = Recall(snapshot, Packs(store, snapshot.packs))
        same_inputs = snapshot.inputs == _inputs(settings, files.root)
        session.load_changes(
            files,
            recall,
            jobs,
            same_notes=snapshot.note_key == _note_key(settings, files.root),
            same_vault=same_inputs and snapshot.tracked == index_key(files.root),
        )
        for path, reason in session.missed.items():
            accounts.say(f"cache: `{path}` is read: {reason}")
    accounts.add("parse and rules over notes", started)
    return session


def _inputs(settings: Settings, root: str) -> tuple[Input, ...]:
    """The files that decide what is found and are no notes."""
    paths = [f".obsidian/{name}" for name in SETTINGS_FILES]
    if settings.path is not None:
        folder = settings.path.parent
        named = (*settings.file.terms.glossary, *settings.file.packs)
        files = [settings.path, *(folder / name for name in named)]
        paths += [os.path.relpath(file, root) for file in files]
    return tuple(Input(path, digest_file(os.path.join(root, path))) for path in paths)


def _note_key(settings: Settings, root: str) -> bytes:
    """What stands for all settings that note rules, and where they run, depend on."""
    file, shared = settings.file, settings.shared
    plan = [
        (active.rule.id, active.severity, repr(active.options))
        for active in settings.base_plan
        if not active.rule.vault_wide
    ]
    folder = "." if settings.path is None else str(settings.path.parent)
    packs = [digest_file(os.path.join(folder, pack)) for pack in file.packs]
    vault = [digest_file(f"{root}/.obsidian/{name}") for name in SETTINGS_FILES]
    tables = [msgspec.to_builtins(part) for part in (file.overrides, file.types, file.references)]
    return digest_of((plan, packs, vault, tables, file.vault.exclude, shared.glossary.fingerprint))


def _keep(
    session: Session,
    settings: Settings,
    files: DiskFiles,
    located: Located,
    store: Store,
    result: Result,
    accounts: Accounts,
) -> None:
    listing = files.listing()
    try:
        leaving = Leaving(
            listing,
            _inputs(settings, located.root),
            _note_key(settings, files.root),
            index_key(located.root),
            [n for n, path in enumerate(listing.paths) if path not in session.checked],
            session.is_whole,
            session.find_inert_ids(listing.paths),
            settings.file.fail_on,
            {rule.id: rule.code for rule in settings.registry},
            session.digest,
            session.place_reports(result.violations),
        )
        leave(store, session.vault.notes, leaving, session.recall, frozenset(session.valid))
    except (OSError, UnicodeEncodeError, DamagedRecord) as error:
        accounts.say(f"cache: not written: {error}")


def _choose(located: Located, session: Session, settings: Settings, result: Result) -> Checked:
    """Of all that was found, what is in the files that were named."""
    violations, failures, notes = result.violations, result.failures, result.notes
    chosen = located.choose(frozenset(session.checked))
    if chosen is not None:
        violations = [found for found in violations if found.path in chosen]
        failures = [failure for failure in failures if failure.path in chosen]
        notes = len(chosen.intersection(session.vault.notes))
    codes = {rule.id: rule.code for rule in settings.registry}
    return Checked(
        located, violations, failures, notes, session.lines, codes, settings.file.fail_on
    )
