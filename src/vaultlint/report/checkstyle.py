"""Checkstyle's XML."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO

from vaultlint.report import Report, with_origin
from vaultlint.report.xml import xml_tag


def write(report: Report, out: TextIO) -> None:
    """Write an element for each note that has findings."""
    out.write('<?xml version="1.0" encoding="utf-8"?>\n<checkstyle version="4.3">\n')
    for path, violations in groupby(report.violations, key=lambda violation: violation.path):
        out.write(f"  {xml_tag('file', {'name': report.shown(path)})}\n")
        for violation in violations:
            line, column = report.lines(path).position(violation.span.start)
            attributes = {
                "line": line,
                "column": column,
                "severity": violation.severity,
                "message": with_origin(violation),
                "source": f"vaultlint.{violation.rule}",
            }
            out.write(f"    {xml_tag('error', attributes, empty=True)}\n")
        out.write("  </file>\n")
    out.write("</checkstyle>\n")
