"""Findings counted by rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TextIO

from vaultlint.model import SEVERITIES, Severity, Violation
from vaultlint.report import Report
from vaultlint.report.summary import summary_line
from vaultlint.report.terminal import hyperlink, style


class RuleTally(NamedTuple):
    """How often a rule found something, in how many files, and the gravest severity of it."""

    rule: str
    severity: Severity
    findings: int
    files: int


def count_by_rule(violations: Iterable[Violation]) -> list[RuleTally]:
    """The rules that found something, the most frequent first."""
    by_rule: dict[str, list[Violation]] = {}
    for violation in violations:
        by_rule.setdefault(violation.rule, []).append(violation)
    tallies = [
        RuleTally(
            rule,
            min((violation.severity for violation in found), key=SEVERITIES.index),
            len(found),
            len({violation.path for violation in found}),
        )
        for rule, found in by_rule.items()
    ]
    return sorted(tallies, key=lambda tally: (-tally.findings, tally.rule))


def write_statistics(report: Report, out: TextIO) -> None:
    """Write a table of the rules that found something, and the summary."""
    rows = [
        (f"{tally.findings:,}", f"{tally.files:,}", report.codes[tally.rule], tally)
        for tally in count_by_rule(report.violations)
    ]
    if rows:
        heads = ("findings", "files")
        findings, files = (max(len(heads[n]), *(len(row[n]) for row in rows)) for n in (0, 1))
        code = max(len(row[2]) for row in rows)
        out.write(f"{heads[0]:>{findings}}  {heads[1]:>{files}}  rule\n")
        for found, where, name, tally in rows:
            shown = style(f"{name:<{code}}", tally.severity, color=report.color)
            rule = hyperlink(tally.rule, report.page(tally.rule))
            out.write(f"{found:>{findings}}  {where:>{files}}  {shown}  {rule}\n")
        out.write("\n")
    out.write(summary_line(report.summary, color=report.color) + "\n")
