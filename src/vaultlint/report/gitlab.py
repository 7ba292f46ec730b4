"""GitLab's Code Quality report."""

from __future__ import annotations

import json
from typing import TextIO

from vaultlint.report import Report, with_origin
from vaultlint.report.details import range_of
from vaultlint.report.fingerprints import find_fingerprints

#: GitLab's words: info, minor, major, critical, blocker.
_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def write(report: Report, out: TextIO) -> None:
    """Write one list, whose fingerprints GitLab compares with those of the target branch."""
    fingerprints = find_fingerprints(report.violations, report.lines)
    findings = []
    for violation in report.violations:
        place = range_of(report.lines(violation.path), violation.span)
        findings.append(
            {
                "description": with_origin(violation),
                "check_name": violation.rule,
                "fingerprint": fingerprints[violation],
                "severity": _SEVERITIES[violation.severity],
                "location": {
                    "path": report.rooted(violation.path),
                    "lines": {"begin": place.line, "end": place.end_line},
                },
            }
        )
    json.dump(findings, out, ensure_ascii=False, indent=2)
    out.write("\n")
