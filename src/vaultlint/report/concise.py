"""One line a finding: `path:line:column: CODE rule-id message`."""

from __future__ import annotations

from typing import TextIO

from vaultlint.report import Report, with_origin
from vaultlint.report.summary import summary_line
from vaultlint.report.terminal import hyperlink, printable, style


def write(report: Report, out: TextIO) -> None:
    """Write the findings in order, and the summary."""
    for violation in report.violations:
        line, column = report.lines(violation.path).position(violation.span.start)
        path = style(printable(report.shown(violation.path)), "bold", color=report.color)
        code = style(report.codes[violation.rule], violation.severity, color=report.color)
        message = printable(with_origin(violation))
        rule = hyperlink(violation.rule, report.page(violation.rule))
        out.write(f"{path}:{line}:{column}: {code} {rule} {message}\n")
    out.write(summary_line(report.summary, color=report.color) + "\n")
