"""The Reviewdog Diagnostic Format. Its columns count bytes of UTF-8."""

from __future__ import annotations

import json
from typing import Any, TextIO

from vaultlint.model import Span, Violation
from vaultlint.report import Report, with_origin
from vaultlint.report.details import byte_range_of


def write(report: Report, out: TextIO) -> None:
    """Write one JSON object."""
    data = {
        "source": {"name": "vaultlint"},
        "diagnostics": [_diagnostic(violation, report) for violation in report.violations],
    }
    json.dump(data, out, ensure_ascii=False, indent=2)
    out.write("\n")


def _diagnostic(violation: Violation, report: Report) -> dict[str, Any]:
    location = _location(violation.path, violation.span, report)
    diagnostic: dict[str, Any] = {
        "message": with_origin(violation),
        "location": location,
        "severity": violation.severity.upper(),
        "code": {"value": violation.rule},
    }
    if violation.suggestions:  # one: reviewdog offers each to be taken, not one of them
        diagnostic["suggestions"] = [{"range": location["range"], "text": violation.suggestions[0]}]
    if violation.related:
        diagnostic["related_locations"] = [
            {"message": other.note, "location": _location(other.path, other.span, report)}
            for other in violation.related
        ]
    return diagnostic


def _location(path: str, span: Span, report: Report) -> dict[str, Any]:
    place = byte_range_of(report.lines(path), span)
    return {
        "path": report.shown(path),
        "range": {
            "start": {"line": place.line, "column": place.column},
            "end": {"line": place.end_line, "column": place.end_column},
        },
    }
