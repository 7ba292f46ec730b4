"""JSON, version 1: for scripts, editors and agents."""

from __future__ import annotations

import json
from typing import Any, TextIO

from vaultlint.model import Span, Violation
from vaultlint.report import Report

VERSION = 1


def write(report: Report, out: TextIO) -> None:
    """Write one JSON object; paths are relative to the vault's root."""
    summary = report.summary
    data: dict[str, Any] = {
        "version": VERSION,
        "findings": [as_json(violation, report) for violation in report.violations],
        "summary": {
            "notes": summary.notes,
            "findings": summary.total,
            **summary.counts,
            "failures": summary.failures,
        },
    }
    json.dump(data, out, ensure_ascii=False, indent=2)
    out.write("\n")


def as_json(violation: Violation, report: Report) -> dict[str, Any]:
    """One finding; lines and columns count from 1, columns in code points."""
    return {
        "path": violation.path,
        **_place(violation.path, violation.span, report),
        "rule": violation.rule,
        "code": report.codes[violation.rule],
        "severity": violation.severity,
        "message": violation.message,
        "suggestions": list(violation.suggestions),
        "related": [
            {"path": other.path, **_place(other.path, other.span, report), "message": other.note}
            for other in violation.related
        ],
        "asked_by": violation.asked_by or None,
    }


def _place(path: str, span: Span, report: Report) -> dict[str, int]:
    lines = report.lines(path)
    line, column = lines.position(span.start)
    end_line, end_column = lines.position(span.end)
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}
