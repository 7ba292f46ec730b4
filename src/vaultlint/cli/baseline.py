"""`vaultlint baseline`, and what `check` does with the file that it writes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

import click

from vaultlint.baseline import (
    Entry,
    Judged,
    OtherVersion,
    find_added,
    judge,
    make_entries,
    read_baseline,
    write_baseline,
)
from vaultlint.cli.checked import Accounts, Checked
from vaultlint.cli.located import BASELINE, Located, Options, config_text, locate_vaults, shown_path
from vaultlint.cli.options import config_options
from vaultlint.listing import list_files
from vaultlint.model import UserError, place
from vaultlint.report import BaselineCounts
from vaultlint.report.terminal import printable

#: So many entries are listed where a baseline must be mended.
_LISTED = 20
#: Keys of the configuration that leave which findings there are as it is.
_HARMLESS = ("baseline", "fail-on", "fail_on")


class Place(NamedTuple):
    """The file of a baseline, absolute, and what asks for it: empty where nothing does."""

    path: str
    asked_by: str = ""


@click.command("baseline")
@click.argument("path", default=".")
@config_options
@click.option("--baseline", "file", metavar="FILE", help="Another file than the vault's.")
@click.option(
    "--check",
    "is_check",
    is_flag=True,
    help="Write nothing, and exit with 1 where entries no longer occur.",
)
@click.option(
    "--since", metavar="REF", help="With --check: and where entries were added since a commit."
)
@click.option(
    "--no-cache", is_flag=True, help="Neither use what is known from before, nor keep it."
)
@click.option(
    "--cache-dir", metavar="FOLDER", help="Where to keep what is known until the next run."
)
def command(
    path: str,
    config: tuple[str, ...],
    isolated: bool,
    file: str | None,
    is_check: bool,
    since: str | None,
    no_cache: bool,
    cache_dir: str | None,
) -> None:
    """Write down all findings of a vault, so that `check` reports new ones only.

    PATH is a vault, or a folder or note in one. The file is .vaultlint-baseline.json at the vault's
    root, or the `baseline` of the configuration.

    Exit codes: 0 written, or with --check nothing to mend; 1 with --check, else; 2 an error.
    """
    options = Options(config, isolated, baseline=file)
    if since is not None and not is_check:
        raise UserError("--since goes with --check")
    vaults = [located._replace(named=None) for located in locate_vaults((path,), options)]
    if file and len(vaults) > 1:
        raise UserError(f"--baseline names one file, and there are {len(vaults)} vaults")
    code = 0
    for located in vaults:
        where = find_baseline(located, options)
        checked = _check(located, options, cache_dir, no_cache=no_cache)
        for failure in checked.failures:
            shown = printable(located.shown(failure.path))
            click.echo(f"failure: {shown}: {printable(failure.message)}", err=True)
        if checked.failures:
            code = 2
        elif not is_check:
            _write_all(checked, where)
        elif not _demand_less(checked, where, options, since):
            code = max(code, 1)
    sys.exit(code)


def _check(located: Located, options: Options, cache_dir: str | None, *, no_cache: bool) -> Checked:
    from vaultlint.cli.checking import check_vault
    from vaultlint.cli.known import open_store, report_known

    accounts = Accounts(wanted=False)
    options = options._replace(baseline="")
    store = None if no_cache else open_store(located, options, cache_dir)
    snapshot = listing = None
    if store is not None:
        known = report_known(located, options, store, accounts)
        if isinstance(known, Checked):
            return known
        snapshot, listing = known
    return check_vault(located, options, None, store, snapshot, listing, accounts)


# ---- writing


def _write_all(checked: Checked, where: Place) -> None:
    """Write a baseline of all findings; the lines of those that it has stay as they are."""
    entries = make_entries(checked.violations, checked.lines)
    before: dict[str, Entry] = {}
    if os.path.isfile(where.path):
        with suppress(OtherVersion):
            before = {entry.fingerprint: entry for entry in _read(where.path)}
    kept = [before.get(entry.fingerprint, entry) for entry in entries]
    _write(where.path, kept)
    added = sum(entry.fingerprint not in before for entry in entries)
    gone = len(before) - (len(entries) - added)
    changes = [f"{added:,} added"] * (added > 0) + [f"{gone:,} taken out"] * (gone > 0)
    told = f" ({', '.join(changes)})" if before and changes else ""
    click.echo(f"{_shown(where.path)}: {_count(len(kept), 'finding')}{told}.")


def _write(path: str, entries: Iterable[Entry]) -> None:
    from vaultlint.cli.outputs import Target, write_files

    write_files([(Target("baseline", "json", shown_path(path)), write_baseline(entries))])


# ---- demanding that it shrinks


def _demand_less(checked: Checked, where: Place, options: Options, since: str | None) -> bool:
    """Say which entries no longer occur, and which were added since a commit; is there none?"""
    entries = _read_asked(where)
    exists = frozenset(list_files(checked.located.root).paths).__contains__
    judged = judge(
        entries,
        checked.violations,
        checked.lines,
        exists=exists,
        is_examined=_examination(checked, options),
    )
    shown = _shown(where.path)
    gone, added = judged.gone, []
    if since is not None:
        before = _read_commit(where.path, since)
        if before is None:
            click.echo(f"{shown}: there is none at {printable(since)}.")
        else:
            added = find_added(before, entries, exists)
    if gone:
        _list(gone)
        are = "entry no longer occurs" if len(gone) == 1 else "entries no longer occur"
        click.echo(
            f"{shown}: {len(gone):,} {are}: `vaultlint check --prune-baseline` takes "
            f"{'it' if len(gone) == 1 else 'them'} out."
        )
    if added:
        _list(added)
        were = "entry was added" if len(added) == 1 else "entries were added"
        click.echo(
            f"{shown}: {len(added):,} {were} since {printable(str(since))}: mend the notes instead."
        )
    if gone or added:
        return False
    click.echo(f"{shown}: {_count(len(entries), 'finding')}, and all still occur.")
    return True


def _list(entries: Sequence[Entry]) -> None:
    for entry in entries[:_LISTED]:
        click.echo(f"{printable(entry.path)}: {printable(entry.rule)} {printable(entry.message)}")
    if len(entries) > _LISTED:
        click.echo(f"… and {len(entries) - _LISTED:,} more")


def _read_commit(path: str, ref: str) -> list[Entry] | None:
    """The entries of a baseline where the history of a commit and that of HEAD part.

    None: there was no such file. Raises UserError.
    """
    import subprocess

    folder, name = os.path.split(os.path.realpath(path))

    def git(*arguments: str) -> bytes | None:
        try:
            done = subprocess.run(  # noqa: S603  # fixed commands, and a name that is no option
                ["git", "-C", folder, *arguments],  # noqa: S607  # git is where PATH has it
                capture_output=True,
                check=False,
                timeout=60,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise UserError(f"--since: git cannot be run: {error}") from error
        return done.stdout if done.returncode == 0 else None

    commit = git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if commit is None:
        raise UserError(f"--since: git knows no commit `{ref}` here")
    base = git("merge-base", "HEAD", commit.decode().strip())
    if base is None:
        raise UserError(
            f"--since: `{ref}` and HEAD have no commit in common here: fetch the whole history"
        )
    data = git("cat-file", "blob", f"{base.decode().strip()}:./{name}")
    return None if data is None else read_baseline(data, f"{ref}:{_shown(path)}")


# ---- checking with it


def find_baseline(located: Located, options: Options) -> Place:
    """Where the baseline of a vault is, or would be: as the command line says, else as the
    configuration does, else at the vault's root.
    """
    if options.baseline:
        return Place(os.path.abspath(options.baseline), "--baseline")
    for value in reversed(options.config):
        key, equals, text = value.partition("=")
        if equals and key.strip() == "baseline":
            name = _read_value(text)
            folder = os.path.dirname(located.config) if located.config else os.getcwd()
            if not name:
                break
            return Place(os.path.join(folder, name), "--config")
    else:
        named = _read_config(located.config)
        if named is not None:
            return named
    return Place(os.path.join(located.root, BASELINE))


def _read_config(config: str | None) -> Place | None:
    if config and "baseline" in (text := config_text(config)):
        return _read_key(text, config)
    return None


def _read_value(text: str) -> str:
    """A value of the command line, with or without quotes."""
    import tomllib

    try:
        return str(tomllib.loads(f"value = {text}")["value"])
    except tomllib.TOMLDecodeError:
        return text.strip()


def _read_key(text: str, config: str) -> Place | None:
    """The file that a configuration's `baseline` names.

    What is wrong with the configuration is told where all of it is read.
    """
    import tomllib

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    table = ("tool", "vaultlint") if os.path.basename(config) == "pyproject.toml" else ()
    for key in table:
        data = data.get(key, {})
    name = data.get("baseline")
    if not isinstance(name, str) or not name:
        return None
    from vaultlint.toml_lines import key_lines

    line = key_lines(text).get((*table, "baseline"))
    return Place(os.path.join(os.path.dirname(config), name), place(shown_path(config), line))


class Marked(NamedTuple):
    """A baseline and what a check made of it. `pruned` counts entries that were taken out."""

    place: Place
    entries: list[Entry]
    judged: Judged
    pruned: int = 0

    @property
    def counts(self) -> BaselineCounts:
        """What reports tell."""
        known = len(self.judged.known)
        return BaselineCounts(known, len(self.judged.gone) - self.pruned, self.pruned)


def mark(checked: Checked, options: Options, paths: frozenset[str]) -> Checked:
    """A vault with what is in its baseline, if it has one; `paths` are the vault's files.

    Raises UserError for a baseline that cannot be read, and for one that is asked for and missing.
    """
    where = find_baseline(checked.located, options)
    if not where.asked_by and not os.path.lexists(where.path):
        return checked
    entries = _read_asked(where)
    judged = judge(
        entries,
        checked.violations,
        checked.lines,
        exists=paths.__contains__,
        is_examined=_examination(checked, options),
    )
    return checked._replace(baseline=Marked(where, entries, judged))


def prune_baselines(checked: Sequence[Checked], options: Options) -> list[Checked]:
    """Take out of the baselines of vaults what no longer occurs. Raises UserError."""
    if _is_selective(options):
        raise UserError("--prune-baseline needs all rules, and the command line changes them")
    if all(vault.baseline is None for vault in checked):
        path = _shown(os.path.join(checked[0].located.root, BASELINE))
        raise UserError(f"there is no `{path}`: `vaultlint baseline` writes it")
    return [_prune(vault) for vault in checked]


def _prune(checked: Checked) -> Checked:
    marked = checked.baseline
    if marked is None:
        return checked
    moved, gone = marked.judged.moved, marked.judged.gone
    out = {entry.fingerprint for entry in gone}
    kept = [
        moved.get(entry.fingerprint, entry)
        for entry in marked.entries
        if entry.fingerprint not in out
    ]
    if kept != marked.entries:
        _write(marked.place.path, kept)
    return checked._replace(baseline=marked._replace(pruned=len(gone)))


def _is_selective(options: Options) -> bool:
    """May the command line change which rules run, and what they find?"""
    keys = [value.partition("=")[0].strip() for value in options.config if "=" in value]
    return options.isolated or any(key not in _HARMLESS for key in (*keys, *options.extra))


def _examination(checked: Checked, options: Options) -> Callable[[Entry], bool]:
    """Whether the finding of an entry would have been found, were it still there."""
    if checked.failures or _is_selective(options):
        return lambda _: False
    choose = checked.located.choose
    if checked.located.named is None:
        return lambda _: True
    return lambda entry: bool(choose(frozenset((entry.path,))))


def _read_asked(where: Place) -> list[Entry]:
    if not os.path.lexists(where.path):
        asked = f"{where.asked_by}: " if where.asked_by else ""
        raise UserError(
            f"{asked}there is no baseline `{_shown(where.path)}`: `vaultlint baseline` writes it"
        )
    return _read(where.path)


def _read(path: str) -> list[Entry]:
    shown = _shown(path)
    if not os.path.isfile(path):  # a pipe may have no end
        raise UserError(f"{shown}: is not a file")
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise UserError(f"{shown}: cannot be read: {error.strerror}") from error
    return read_baseline(data, shown)


def _shown(path: str) -> str:
    return printable(shown_path(path))


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'s' * (number != 1)}"
