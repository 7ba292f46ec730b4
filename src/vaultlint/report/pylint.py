"""Pylint's lines, which many programs read: `path:line: [CODE] rule-id: message`."""

from __future__ import annotations

from typing import TextIO

from vaultlint.report import Report, with_origin
from vaultlint.report.terminal import printable


def write(report: Report, out: TextIO) -> None:
    """Write a line for each finding; nothing where all is clean."""
    for violation in report.violations:
        line, _ = report.lines(violation.path).position(violation.span.start)
        code = report.codes[violation.rule]
        message = printable(f"{violation.rule}: {with_origin(violation)}")
        out.write(f"{printable(report.shown(violation.path))}:{line}: [{code}] {message}\n")
