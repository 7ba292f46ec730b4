"""Azure Pipelines' logging commands. They know errors and warnings only: remarks are warnings."""

from __future__ import annotations

from typing import TextIO

from vaultlint.report import Report, with_origin
from vaultlint.report.details import gravest_first
from vaultlint.report.terminal import printable


def write(report: Report, out: TextIO) -> None:
    """Write a command for each finding, the gravest first: only the first few are shown."""
    for violation in gravest_first(report.violations):
        line, column = report.lines(violation.path).position(violation.span.start)
        values = {
            "type": "error" if violation.severity == "error" else "warning",
            "sourcepath": report.rooted(violation.path),
            "linenumber": line,
            "columnnumber": column,
            "code": f"{report.codes[violation.rule]} {violation.rule}",
        }
        properties = "".join(f"{key}={_property(str(value))};" for key, value in values.items())
        out.write(f"##vso[task.logissue {properties}]{_data(with_origin(violation))}\n")


def _data(text: str) -> str:
    return printable(text).replace("%", "%AZP25")


def _property(text: str) -> str:
    return _data(text).replace(";", "%3B").replace("]", "%5D")
