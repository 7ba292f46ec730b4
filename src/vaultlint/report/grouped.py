"""Findings under the notes they are in."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO

from vaultlint.report import Report, with_origin
from vaultlint.report.summary import summary_line
from vaultlint.report.terminal import hyperlink, printable, style


def write(report: Report, out: TextIO) -> None:
    """Write a heading for each note, its findings below it, and the summary."""
    for path, group in groupby(report.violations, key=lambda violation: violation.path):
        violations = list(group)
        lines = report.lines(path)
        places = ["{}:{}".format(*lines.position(v.span.start)) for v in violations]
        pad = max(map(len, places))
        out.write(style(printable(report.shown(path)), "bold", color=report.color) + "\n")
        for place, violation in zip(places, violations, strict=True):
            code = style(report.codes[violation.rule], violation.severity, color=report.color)
            message = printable(with_origin(violation))
            rule = hyperlink(violation.rule, report.page(violation.rule))
            out.write(f"  {place:>{pad}}  {code} {rule}  {message}\n")
        out.write("\n")
    out.write(summary_line(report.summary, color=report.color) + "\n")
