"""What is known of a vault from the run before: all that many a check needs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from time import perf_counter

from vaultlint.cache import Snapshot, Store, find_folder
from vaultlint.cli.checked import Accounts, Checked
from vaultlint.cli.located import Located, Options, may_have_baseline, shown_path
from vaultlint.fingerprint import snapshot_name, tool_key
from vaultlint.listing import Listing, list_files
from vaultlint.replay import Replayed, Stale, check_inputs, check_listing, check_some, replay


def open_store(located: Located, options: Options, cache_dir: str | None, *of: str) -> Store | None:
    """The place in the cache for a vault that is checked with some options; None: there is none.

    `of` tells what is checked, if not the files on the disk.
    """
    folder = find_folder(located.root, cache_dir)
    if folder is None:
        return None
    anchor = os.path.dirname(folder)
    # what the command line names without a configuration file is looked for in the current folder
    base = located.config or (os.getcwd() if options.config else None)
    config = base and os.path.relpath(base, located.root)
    wanted = (
        tool_key(),
        config,
        options.config,
        options.isolated,
        sorted(options.extra.items()),
        *of,
    )
    return Store(folder, snapshot_name(located.root, anchor, wanted))


def report_known(
    located: Located, options: Options, store: Store, accounts: Accounts
) -> Checked | tuple[Snapshot | None, Listing | None]:
    """What was found, where it still holds; else what else is of use: a snapshot, and a listing."""
    started = perf_counter()
    snapshot = store.read()
    accounts.add("cache", started)
    accounts.say(f"cache: {shown_path(store.folder)}")
    if snapshot is None:
        accounts.say("cache: nothing is known of this vault, checked in this way")
        return None, None
    listing = None
    try:
        check_inputs(located.root, snapshot)
        replayed = _report_some(located, snapshot)
        if replayed is None:
            started = perf_counter()
            listing = list_files(located.root)
            accounts.add("discovery", started)
            check_listing(listing, snapshot)
            replayed = replay(located.root, snapshot, _choose(located, snapshot))
    except Stale as stale:
        accounts.say(f"cache: {stale}")
        return snapshot, listing
    accounts.say("cache: nothing has changed")
    checked = Checked(
        located,
        replayed.violations,
        (),
        replayed.notes,
        replayed.lines,
        snapshot.codes,
        snapshot.fail_on,
        replayed.suppressed,
    )
    return mark_known(checked, options, snapshot.paths)


def mark_known(checked: Checked, options: Options, paths: Sequence[str]) -> Checked:
    """What was found in a vault with these files, with what is in its baseline if it has one."""
    if not may_have_baseline(checked.located, options):
        return checked
    from vaultlint.cli.baseline import mark

    return mark(checked, options, frozenset(paths))


def _choose(located: Located, snapshot: Snapshot) -> frozenset[str] | None:
    if located.named is None:
        return None
    unchecked = {snapshot.paths[number] for number in snapshot.unchecked}
    return located.choose(frozenset(snapshot.paths) - unchecked)


def _report_some(located: Located, snapshot: Snapshot) -> Replayed | None:
    """What is known of the notes that were named, if it can be told without looking at all."""
    if located.named is None:
        return None
    try:
        check_some(located.root, snapshot, located.named)
    except Stale:
        return None
    return replay(located.root, snapshot, located.named)
