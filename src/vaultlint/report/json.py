"""JSON, version 1: for scripts, editors and agents."""

from __future__ import annotations

import json
from typing import Any, TextIO

import msgspec
from msgspec import UNSET

from vaultlint.model import Violation
from vaultlint.report import Report
from vaultlint.report.details import range_of
from vaultlint.report.fingerprints import find_fingerprints
from vaultlint.report.json_types import (
    VERSION,
    CheckOutput,
    Comparison,
    Failed,
    Finding,
    RelatedPlace,
    RuleCount,
    Totals,
)
from vaultlint.report.statistics import count_by_rule


def write(report: Report, out: TextIO) -> None:
    """Write one JSON object; paths are relative to the vault's root."""
    summary = report.summary
    output = CheckOutput(
        VERSION,
        find_findings(report),
        [Failed(*unchecked) for unchecked in report.unchecked],
        Totals(
            notes=summary.notes,
            findings=summary.total,
            error=summary.counts["error"],
            warning=summary.counts["warning"],
            info=summary.counts["info"],
            failures=summary.failures,
            baseline=UNSET if summary.baseline is None else summary.baseline.known,
            baseline_gone=UNSET if summary.baseline is None else summary.baseline.gone,
            suppressed=summary.suppressed,
        ),
    )
    if report.statistics:
        tallies = [
            RuleCount(rule, report.codes[rule], severity, findings, files)
            for rule, severity, findings, files in count_by_rule(report.violations)
        ]
        output = msgspec.structs.replace(output, statistics=tallies)
    if summary.tally is not None:
        output = msgspec.structs.replace(output, comparison=Comparison(*summary.tally))
    json.dump(msgspec.to_builtins(output), out, ensure_ascii=False, indent=2)
    out.write("\n")


def find_findings(report: Report) -> list[Finding]:
    """The findings as they are written."""
    fingerprints = find_fingerprints(report.violations, report.lines)
    return [
        _as_finding(violation, report, fingerprints[violation]) for violation in report.violations
    ]


def _as_finding(violation: Violation, report: Report, fingerprint: str) -> Finding:
    related = [
        RelatedPlace(other.path, *range_of(report.lines(other.path), other.span), other.note)
        for other in violation.related
    ]
    return Finding(
        violation.path,
        *range_of(report.lines(violation.path), violation.span),
        violation.rule,
        report.codes[violation.rule],
        violation.severity,
        violation.message,
        list(violation.suggestions),
        related,
        violation.asked_by or None,
        fingerprint,
    )


def one_line(data: Any) -> str:
    """A value as JSON on one line, which no character in it can break."""
    text = json.dumps(data, ensure_ascii=False, separators=(", ", ": "))
    return text.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
