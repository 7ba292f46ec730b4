"""`vaultlint check`."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Any, TextIO

import click

from vaultlint.cli.opening import Opened, config_options, open_vaults, shown_path, use_color
from vaultlint.model import SEVERITIES, UserError, Violation
from vaultlint.record import Failure
from vaultlint.report import Report, Summary, count_by_severity
from vaultlint.report.formats import FORMATS, find_writer
from vaultlint.report.terminal import printable, style
from vaultlint.session import Result


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
@click.option("--output-file", metavar="FILE", help="Write the report to a file.")
@click.option(
    "--fail-on",
    type=click.Choice((*SEVERITIES, "never")),
    help="The mildest severity that makes the exit code 1; warning by default.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 though there are findings.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    help="How many processes read notes; by default as many as pay off.",
)
@click.option("--stdin-filename", metavar="PATH", help="The path of the note read from `-`.")
@click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", help="Use colours."
)
@click.option("-q", "--quiet", is_flag=True, help="Write nothing; only the exit code tells.")
def command(
    paths: tuple[str, ...],
    config: tuple[str, ...],
    isolated: bool,
    output_format: str | None,
    output_file: str | None,
    fail_on: str | None,
    exit_zero: bool,
    jobs: int | None,
    stdin_filename: str | None,
    color: str,
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
    opened = _open(paths, stdin_filename, config, isolated, extra, jobs)
    results = [(vault, vault.session.check(vault.chosen)) for vault in opened]
    with ExitStack() as stack:
        out: TextIO = sys.stdout
        if output_file:
            out = stack.enter_context(_open_output(output_file))
        chosen = output_format or ("full" if out.isatty() else "concise")
        report = _merge(results, perf_counter() - started, use_color(color, out))
        if not quiet:
            find_writer(chosen)(report, out)
    failures = [(vault, failure) for vault, result in results for failure in result.failures]
    for vault, failure in failures:
        _show_failure(vault, failure, use_color(color, sys.stderr))
    sys.exit(_exit_code(results, exit_zero=exit_zero))


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


def _open(
    paths: tuple[str, ...],
    stdin_filename: str | None,
    config: tuple[str, ...],
    isolated: bool,
    extra: dict[str, Any],
    jobs: int | None,
) -> list[Opened]:
    if "-" not in paths:
        if stdin_filename:
            raise UserError("--stdin-filename needs `-` as the path")
        return open_vaults(paths, config, isolated=isolated, extra=extra, jobs=jobs)
    if len(paths) > 1:
        raise UserError("`-` stands alone: other paths cannot be checked with it")
    name = Path(stdin_filename or "stdin.md")
    folder = name.parent
    if not folder.is_dir():
        raise UserError(f"--stdin-filename: there is no folder `{folder}`")
    (vault,) = open_vaults((str(folder),), config, isolated=isolated, extra=extra, jobs=jobs)
    path = (folder.absolute() / name.name).resolve().relative_to(vault.root.resolve()).as_posix()
    vault.session.overlay(path, sys.stdin.buffer.read())
    return [vault._replace(chosen=frozenset((path,)))]


def _open_output(path: str) -> TextIO:
    try:
        return open(path, "w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise UserError(f"--output-file: `{path}` cannot be written: {error.strerror}") from error


def _merge(results: list[tuple[Opened, Result]], seconds: float, color: bool) -> Report:
    """One report; with several vaults, paths begin with the vault's place."""
    base = Path(os.path.commonpath([vault.root for vault, _ in results]))
    violations: list[Violation] = []
    owners: dict[str, tuple[Opened, str]] = {}
    for vault, result in results:
        prefix = "" if len(results) == 1 else f"{vault.root.relative_to(base).as_posix()}/"
        for found in result.violations:
            related = tuple(r._replace(path=prefix + r.path) for r in found.related)
            violations.append(found._replace(path=prefix + found.path, related=related))
            for path in (found.path, *(r.path for r in found.related)):
                owners[prefix + path] = (vault, path)
    codes = {rule.id: rule.code for vault, _ in results for rule in vault.session.settings.registry}
    summary = Summary(
        sum(result.notes for _, result in results),
        count_by_severity(violations),
        sum(len(result.failures) for _, result in results),
        seconds,
    )
    columns = shutil.get_terminal_size((100, 24)).columns
    return Report(
        violations,
        summary,
        lambda path: owners[path][0].session.lines(owners[path][1]),
        lambda path: owners[path][0].shown(owners[path][1]),
        codes,
        columns,
        color,
    )


def _show_failure(vault: Opened, failure: Failure, color: bool) -> None:
    label = style("failure", "error", color=color)
    rule = f" in the rule {failure.rule}" if failure.rule else ""
    path = printable(shown_path(vault.root / failure.path))
    click.echo(f"{label}: {path}: {printable(failure.message)}{rule}", err=True)


def _exit_code(results: list[tuple[Opened, Result]], *, exit_zero: bool) -> int:
    if any(result.failures for _, result in results):
        return 2
    for vault, result in results:
        fail_on = vault.session.settings.file.fail_on
        if fail_on == "never" or exit_zero:
            continue
        grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        if any(violation.severity in grave for violation in result.violations):
            return 1
    return 0
