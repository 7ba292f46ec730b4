"""A finding a line, each as in JSON's `findings`; nothing where all is clean."""

from __future__ import annotations

from typing import TextIO

import msgspec

from vaultlint.report import Report
from vaultlint.report.json import find_findings, one_line


def write(report: Report, out: TextIO) -> None:
    """Write one JSON object for each finding."""
    findings = msgspec.to_builtins(find_findings(report))
    out.writelines(f"{one_line(finding)}\n" for finding in findings)
