"""`vaultlint check`."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping
from dataclasses import replace as replace_fields
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from vaultlint.cli.checked import Accounts, Checked, count_known
from vaultlint.cli.located import Located, Options, locate_vaults, shown_path
from vaultlint.cli.options import config_options, use_color, use_progress
from vaultlint.locate import find_repository
from vaultlint.model import SEVERITIES, UserError, Violation
from vaultlint.report import (
    Report,
    RuleText,
    Summary,
    Tally,
    Unchecked,
    count_by_severity,
)
from vaultlint.report.formats import FORMATS, TEXT_FORMATS, find_writer
from vaultlint.report.terminal import printable, style

if TYPE_CHECKING:
    from vaultlint.cli.online import Online
    from vaultlint.cli.outputs import Target
    from vaultlint.record import Failure

#: The columns of a report that no terminal shows.
_WIDTH = 100


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--select", multiple=True, metavar="RULES", help="Run only these rules.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Do not run these rules.")
@click.option("--extend-select", multiple=True, metavar="RULES", help="Run these rules too.")
@click.option("--extend-ignore", multiple=True, metavar="RULES", help="Leave these out too.")
@config_options
@click.option(
    "--output-format",
    type=click.Choice(FORMATS),
    default=None,
    help="How findings are written; full on a terminal, else concise.",
)
@click.option("--output-file", metavar="FILE", help="Write the report to a file instead.")
@click.option(
    "-o",
    "outputs",
    multiple=True,
    metavar="FORMAT:FILE",
    help="Write the report to a file too; may be repeated.",
)
@click.option(
    "--statistics", is_flag=True, help="Count findings by rule; in text, instead of listing them."
)
@click.option("--show-files", is_flag=True, help="List the files to be checked, and check none.")
@click.option(
    "--baseline",
    metavar="FILE",
    help="Pass over the findings in this file, not those in the vault's own.",
)
@click.option("--no-baseline", is_flag=True, help="Report the findings in the baseline too.")
@click.option(
    "--prune-baseline", is_flag=True, help="Take out of the baseline what no longer occurs."
)
@click.option(
    "--fail-on",
    type=click.Choice((*SEVERITIES, "never")),
    help="The mildest severity that makes the exit code 1; warning by default.",
)
@click.option(
    "--max-warnings",
    type=click.IntRange(min=0),
    metavar="N",
    help="Let warnings make the exit code 1 only where there are more than N.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 though there are findings.")
@click.option(
    "--ignore-suppressions", is_flag=True, help="Report what suppressions in notes hide too."
)
@click.option(
    "--add-suppressions", is_flag=True, help="Write suppressions for all that is found into notes."
)
@click.option("--reason", default="", metavar="TEXT", help="Why, for --add-suppressions.")
@click.option(
    "--since", metavar="REF", help="Report only what is new since a commit, a branch or a tag."
)
@click.option(
    "--diff-base",
    type=click.Choice(("auto",)),
    help="As --since, with the commit that the CI service names.",
)
@click.option(
    "--hook",
    is_flag=True,
    help="Check what is about to be committed: changed notes, and what breaks in others.",
)
@click.option("--stdin-filename", metavar="PATH", help="The path of the note read from `-`.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many processes read notes; by default as many as pay off.",
)
@click.option(
    "--online", is_flag=True, help="Ask web addresses too, whether their pages are there."
)
@click.option(
    "--no-cache", is_flag=True, help="Neither use what is known from before, nor keep it."
)
@click.option(
    "--cache-dir", metavar="FOLDER", help="Where to keep what is known until the next run."
)
@click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", help="Use colours."
)
@click.option("-v", "--verbose", is_flag=True, help="Tell where the time goes, and what is read.")
@click.option("-q", "--quiet", is_flag=True, help="Write no report; the exit code tells.")
def command(
    paths: tuple[str, ...],
    config: tuple[str, ...],
    isolated: bool,
    output_format: str | None,
    output_file: str | None,
    outputs: tuple[str, ...],
    statistics: bool,
    show_files: bool,
    baseline: str | None,
    no_baseline: bool,
    prune_baseline: bool,
    fail_on: str | None,
    max_warnings: int | None,
    exit_zero: bool,
    ignore_suppressions: bool,
    add_suppressions: bool,
    reason: str,
    since: str | None,
    diff_base: str | None,
    hook: bool,
    stdin_filename: str | None,
    jobs: int | None,
    online: bool,
    no_cache: bool,
    cache_dir: str | None,
    color: str,
    verbose: bool,
    quiet: bool,
    **selectors: tuple[str, ...],
) -> None:
    """Check notes, and report what is wrong.

    PATHS are notes or folders, `-` is a note on the standard input; without them the vault of the
    current folder is checked. Links are always resolved in the whole vault. RULES are ids
    (broken-link), codes (VL101), groups (links) or ALL, several with commas.

    Exit codes: 0 clean, 1 findings, 2 an error in usage or configuration, or one of our own.
    """
    started = perf_counter()
    extra = _extra_settings(selectors, fail_on)
    if ignore_suppressions:
        extra["ignore-suppressions"] = True
    options = Options(config, isolated, extra, "" if no_baseline else baseline)
    if no_baseline and (baseline or prune_baseline):
        raise UserError("--no-baseline stands alone: other options ask for a baseline")
    if prune_baseline and "-" in paths:
        raise UserError("--prune-baseline needs notes of the vault, and `-` is none")
    if show_files:
        _show_files(paths, options)
        return
    if reason and not add_suppressions:
        raise UserError("--reason needs --add-suppressions")
    compares = hook or since is not None or diff_base is not None
    if compares:
        given = {
            "--hook": hook,
            "--since": since is not None,
            "--diff-base": diff_base is not None,
            "--online": online,
            "--add-suppressions": add_suppressions,
            "--prune-baseline": prune_baseline,
        }
        _require_one([name for name, is_given in given.items() if is_given], paths)
    if add_suppressions:
        sys.exit(_add_suppressions(paths, options, jobs, reason))
    for_people = hook or sys.stdout.isatty()
    chosen = output_format or ("full" if for_people and not output_file else "concise")
    targets = _read_targets(outputs, output_file, chosen)
    accounts = Accounts(wanted=verbose)
    wants_progress = not (quiet or verbose) and use_progress(sys.stderr)
    asker = _open_online(accounts, progress=wants_progress, quiet=quiet) if online else None
    if "-" in paths:
        checked = [_check_stdin(paths, stdin_filename, options, accounts, asker)]
    elif stdin_filename:
        raise UserError("--stdin-filename needs `-` as the path")
    elif hook:
        from vaultlint.cli.hook import Hook

        checked = Hook(options, jobs, accounts).check(paths, cache_dir, no_cache=no_cache)
        if not checked and not (targets or output_format):
            return
    else:

        def look(located: Located, folder: str | None, *, no_cache: bool = False) -> Checked:
            progress = wants_progress
            given = (located, options, jobs, folder, accounts, asker)
            return _check(*given, no_cache=no_cache, progress=progress)

        found = locate_vaults(paths, options)
        if compares:
            from vaultlint.cli.since import Comparer

            comparer = Comparer(since, options, jobs, accounts)
            checked = comparer.check(found, look, cache_dir, no_cache=no_cache)
        else:
            checked = [look(located, cache_dir, no_cache=no_cache) for located in found]
    reporting = perf_counter()
    checked = _pass_over(checked, options, prune=prune_baseline)
    report = _merge(checked, perf_counter() - started, options, statistics=statistics)
    if targets:
        from vaultlint.cli.outputs import write_files

        plain = replace_fields(report, width=_WIDTH)
        write_files([(target, _render(target.format, plain)) for target in targets])
    if not quiet and not output_file:
        colored = replace_fields(report, color=use_color(color, sys.stdout))
        if chosen in TEXT_FORMATS and colored.color and sys.stdout.isatty():
            from vaultlint.cli.hyperlinks import find_page, use_hyperlinks

            if use_hyperlinks(color, sys.stdout):
                colored = replace_fields(colored, page=find_page)
        sys.stdout.write(_render(chosen, colored))
    for vault in checked:
        for failure in vault.failures:
            _show_failure(vault, failure, use_color(color, sys.stderr))
    accounts.add("report", reporting)
    accounts.tell(started)
    sys.exit(_exit_code(checked, max_warnings, exit_zero=exit_zero))


def _require_one(given: list[str], paths: tuple[str, ...]) -> None:
    """Raise UserError where something else is asked of a run that compares, by a `given` option."""
    if len(given) > 1:
        raise UserError(f"{given[0]} and {given[1]} cannot stand together")
    if "-" in paths:
        raise UserError(f"{given[0]} compares files of git, and `-` is none")


def _show_files(paths: tuple[str, ...], options: Options) -> None:
    from vaultlint.cli.files import show_files

    if "-" in paths:
        raise UserError("--show-files lists files, and `-` is none")
    show_files(paths, options)


def _add_suppressions(
    paths: tuple[str, ...], options: Options, jobs: int | None, reason: str
) -> int:
    from vaultlint.cli.suppressing import add_suppressions

    if "-" in paths:
        raise UserError("--add-suppressions writes into files, and `-` is none")
    return add_suppressions(paths, options, jobs, reason)


def _read_targets(outputs: tuple[str, ...], file: str | None, format: str) -> list[Target]:
    if not outputs and not file:
        return []
    from vaultlint.cli.outputs import read_targets

    return read_targets(outputs, file, format)


def _render(format: str, report: Report) -> str:
    """A report in a format: complete, or not there, whatever happens on the way."""
    out = io.StringIO()
    if report.statistics and format in TEXT_FORMATS:
        from vaultlint.report.statistics import write_statistics

        write_statistics(report, out)
    else:
        find_writer(format)(report, out)
    return out.getvalue()


def _extra_settings(selectors: dict[str, tuple[str, ...]], fail_on: str | None) -> dict[str, Any]:
    """What the command line says, in the words of the configuration file."""
    extra: dict[str, Any] = {
        key.replace("_", "-"): [name.strip() for value in values for name in value.split(",")]
        for key, values in selectors.items()
        if values
    }
    if fail_on:
        extra["fail-on"] = fail_on
    return extra


def _check(
    located: Located,
    options: Options,
    jobs: int | None,
    cache_dir: str | None,
    accounts: Accounts,
    online: Online | None,
    *,
    no_cache: bool,
    progress: bool,
) -> Checked:
    """Check one vault: report again what is known, or look."""
    store = snapshot = listing = None
    started = perf_counter()
    if not no_cache:
        from vaultlint.cli.known import open_store, report_known

        accounts.add("imports", started)
        store = open_store(located, options, cache_dir)
        if store is None:
            accounts.say("no cache: there is no folder for it outside of the vault")
        elif online is not None:
            snapshot = store.read()
        else:
            known = report_known(located, options, store, accounts)
            if isinstance(known, Checked):
                return known
            snapshot, listing = known
    started = perf_counter()
    from vaultlint.cli.checking import check_vault

    accounts.add("imports", started)
    given = (located, options, jobs, store, snapshot, listing, accounts)
    if not progress:
        return check_vault(*given, online=online)
    from vaultlint.cli.progress import Progress

    accounts.progress = shown = Progress(started)
    try:
        return check_vault(*given, online=online)
    finally:
        shown.clear()


def _open_online(accounts: Accounts, *, progress: bool, quiet: bool) -> Online:
    from vaultlint.cli.online import Online, require_web

    require_web()
    return Online(accounts, progress=progress, quiet=quiet)


def _check_stdin(
    paths: tuple[str, ...],
    stdin_filename: str | None,
    options: Options,
    accounts: Accounts,
    online: Online | None,
) -> Checked:
    if len(paths) > 1:
        raise UserError("`-` stands alone: other paths cannot be checked with it")
    name = os.path.abspath(stdin_filename or "stdin.md")
    folder = os.path.dirname(name)
    if not os.path.isdir(folder):
        raise UserError(f"--stdin-filename: there is no folder `{shown_path(folder)}`")
    from vaultlint.cli.checking import check_vault

    (located,) = locate_vaults((folder,), options)
    real = os.path.join(os.path.realpath(folder), os.path.basename(name))
    path = os.path.relpath(real, os.path.realpath(located.root)).replace(os.sep, "/")
    located = located._replace(named=frozenset((path,)))
    overlay = (path, sys.stdin.buffer.read())
    return check_vault(located, options, None, None, None, None, accounts, overlay, online)


def _merge(checked: list[Checked], seconds: float, options: Options, *, statistics: bool) -> Report:
    """One report; with several vaults, paths begin with the vault's place."""
    base = os.path.commonpath([vault.located.root for vault in checked] or [os.getcwd()])
    violations: list[Violation] = []
    owners: dict[str, tuple[Checked, str]] = {}
    unchecked: list[Unchecked] = []
    for vault in checked:
        place = os.path.relpath(vault.located.root, base).replace(os.sep, "/")
        prefix = "" if len(checked) == 1 else f"{place}/"
        for found in vault.violations:
            for path in (found.path, *(r.path for r in found.related)):
                owners[prefix + path] = (vault, path)
            if prefix:
                related = tuple(r._replace(path=prefix + r.path) for r in found.related)
                found = found._replace(path=prefix + found.path, related=related)  # noqa: PLW2901  # the finding as it is shown
            violations.append(found)
        for failure in vault.failures:
            owners[prefix + failure.path] = (vault, failure.path)
            rule = f" in the rule {failure.rule}" if failure.rule else ""
            unchecked.append(Unchecked(prefix + failure.path, f"{failure.message}{rule}"))
    summary = Summary(
        sum(vault.notes for vault in checked),
        count_by_severity(violations),
        sum(len(vault.failures) for vault in checked),
        seconds,
        suppressed=sum(vault.suppressed for vault in checked),
        baseline=count_known(checked),
        tally=_add_tallies(checked),
    )
    return Report(
        violations,
        summary,
        lambda path: owners[path][0].lines(owners[path][1]),
        lambda path: owners[path][0].located.shown(owners[path][1]),
        {rule: code for vault in checked for rule, code in vault.codes.items()},
        _columns(),
        rooted=lambda path: _from_root(
            base, os.path.join(owners[path][0].located.root, owners[path][1])
        ),
        root=lambda: _service_root(base),
        describe=lambda: _describe(checked, options),
        unchecked=unchecked,
        statistics=statistics,
    )


def _add_tallies(checked: list[Checked]) -> Tally | None:
    tallies = [vault.tally for vault in checked if vault.tally is not None]
    if not tallies:
        return None
    return Tally(
        tallies[0].base,
        sum(each.new for each in tallies),
        sum(each.fixed for each in tallies),
        sum(each.known for each in tallies),
    )


@cache
def _service_root(base: str) -> str:
    """The folder from which services count paths: the repository's, or where the command runs."""
    current = os.getcwd()
    inside = base == current or base.startswith(os.path.join(current, ""))
    return find_repository(base) or (current if inside else base)


def _from_root(base: str, path: str) -> str:
    return os.path.relpath(path, _service_root(base)).replace(os.sep, "/")


def _pass_over(checked: list[Checked], options: Options, *, prune: bool) -> list[Checked]:
    """What was checked, without the findings in baselines."""
    if options.baseline and len(checked) > 1:
        raise UserError(f"--baseline names one file, and there are {len(checked)} vaults")
    if prune:
        from vaultlint.cli.baseline import prune_baselines

        checked = prune_baselines(checked, options)
    return [vault.without_known() for vault in checked]


def _describe(checked: list[Checked], options: Options) -> Mapping[str, RuleText]:
    from vaultlint.cli.outputs import describe_rules

    return describe_rules(checked, options)


def _columns() -> int:
    """The width of the terminal: what COLUMNS says, else the terminal, else `_WIDTH`."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _WIDTH  # type: ignore[union-attr]  # told below
    except (AttributeError, ValueError, OSError):
        return _WIDTH


def _show_failure(vault: Checked, failure: Failure, color: bool) -> None:
    label = style("failure", "error", color=color)
    rule = f" in the rule {failure.rule}" if failure.rule else ""
    path = printable(vault.located.shown(failure.path))
    click.echo(f"{label}: {path}: {printable(failure.message)}{rule}", err=True)


def _exit_code(checked: list[Checked], max_warnings: int | None, *, exit_zero: bool) -> int:
    if any(vault.failures for vault in checked):
        return 2
    warnings = 0
    for vault in checked:
        if vault.fail_on == "never" or exit_zero:
            continue
        names: tuple[str, ...] = SEVERITIES
        counts = count_by_severity(vault.violations)
        grave = set(names[: names.index(vault.fail_on) + 1])
        if max_warnings is not None:
            warnings += counts["warning"]
            grave.discard("warning")
        if any(counts[severity] for severity in SEVERITIES if severity in grave):
            return 1
    return int(max_warnings is not None and warnings > max_warnings)
