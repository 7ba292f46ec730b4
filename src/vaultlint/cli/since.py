"""Checks vaults, and leaves of what is found what a commit did not have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from vaultlint.cache import find_folder
from vaultlint.cli.checked import Accounts, Checked
from vaultlint.cli.checking import Source, check_vault
from vaultlint.cli.diff_base import Base, find_base
from vaultlint.cli.known import open_store
from vaultlint.cli.located import Located, Options
from vaultlint.cli.staged import find_repository, place_of
from vaultlint.comparison import Side, compare_findings
from vaultlint.git import Contents, Repository, below
from vaultlint.git_trees import Tree, TreeFiles
from vaultlint.report import Tally

#: Checks a vault as it is now, with a cache in a folder (None: where it always is).
Check = Callable[[Located, str | None], Checked]


class Comparer:
    """Compares vaults with a commit. `ref` names it; None: the CI service does."""

    def __init__(
        self, ref: str | None, options: Options, jobs: int | None, accounts: Accounts
    ) -> None:
        self._ref = ref
        self._options = options
        self._jobs = jobs
        self._accounts = accounts
        self._bases: dict[str, Base] = {}

    def check(
        self, vaults: Sequence[Located], check: Check, cache_dir: str | None, *, no_cache: bool
    ) -> list[Checked]:
        """Check vaults as they are, then as they were. Raises UserError."""
        for vault in vaults:
            self._base_of(find_repository(vault.root))
        return [self._check(vault, check, cache_dir, no_cache=no_cache) for vault in vaults]

    def _base_of(self, repository: Repository) -> Base:
        if repository.top not in self._bases:
            self._bases[repository.top] = find_base(repository, self._ref)
        return self._bases[repository.top]

    def _check(
        self, vault: Located, check: Check, cache_dir: str | None, *, no_cache: bool
    ) -> Checked:
        repository = find_repository(vault.root)
        place, base = place_of(vault, repository), self._base_of(repository)
        with open_cache(vault, cache_dir, no_cache=no_cache) as folder:
            now = check(vault, folder).without_known()
            before = self._check_base(vault, repository, base, folder).without_known()
        changes = repository.changes(base.commit)
        renames = {
            old: new
            for change in changes
            if change.status == "R"
            for old in below((change.old,), place)
            for new in below((change.path,), place)
        }
        compared = compare_findings(
            Side(before.violations, before.lines), Side(now.violations, now.lines), renames
        )
        fixed = {renames.get(found.path, found.path) for found in compared.fixed}
        chosen = vault.choose(frozenset(fixed))
        gone = [
            found
            for found in compared.fixed
            if chosen is None or renames.get(found.path, found.path) in chosen
        ]
        tally = Tally(base.name, len(compared.new), len(gone), len(compared.known))
        return now._replace(violations=compared.new, tally=tally)

    def _check_base(
        self, vault: Located, repository: Repository, base: Base, folder: str
    ) -> Checked:
        """Check the commit: of files that are the same now, what is known now is taken over."""
        contents = open_contents(repository)
        files = TreeFiles(vault.root, Tree(repository, base.commit), contents)
        store = open_store(vault, self._options, folder)
        snapshot = None if store is None else store.read()
        return check_vault(
            vault._replace(named=None),
            self._options,
            self._jobs,
            None,
            snapshot,
            None,
            self._accounts,
            source=Source(files, packs=store),
        )


@contextmanager
def open_cache(vault: Located, cache_dir: str | None, *, no_cache: bool) -> Iterator[str]:
    """The folder of the cache for a vault, or one for this run alone, for it reads trees twice."""
    folder = None if no_cache else find_folder(vault.root, cache_dir)
    if folder is not None:
        yield folder
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="vaultlint-") as temporary:
        yield temporary


def open_contents(repository: Repository) -> Contents:
    """The contents of a repository, open until the command ends: reports show lines of them."""
    contents = Contents(repository)
    click.get_current_context().call_on_close(contents.close)
    return contents
