"""SARIF 2.1.0, as GitHub's code scanning and editors read it.

The gravest findings come first: GitHub takes 25,000 results of a run, and shows 5,000. It takes no
more than 10 MB, packed as gzip does.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from vaultlint import __version__
from vaultlint.model import Span, Violation
from vaultlint.report import Report, RuleText, with_origin
from vaultlint.report.details import gravest_first, range_of
from vaultlint.report.fingerprints import find_fingerprints

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}
#: So many results GitHub takes of one run.
_MOST = 25_000
#: So many bytes it takes, packed; the rest is room for what is around them.
_MOST_BYTES = 9_900_000
#: The name of the folder that relative addresses begin at; GitHub's own for the repository.
_BASE = "%SRCROOT%"


def write(report: Report, out: TextIO) -> None:
    """Write one run, with as many results as GitHub takes."""
    fingerprints = find_fingerprints(report.violations, report.lines)
    chosen = gravest_first(report.violations)[:_MOST]
    text = _render(chosen, fingerprints, report)
    while chosen and (size := _packed_size(text)) > _MOST_BYTES:
        chosen = chosen[: len(chosen) * _MOST_BYTES * 9 // (size * 10)]
        text = _render(chosen, fingerprints, report)
    out.write(text)


def _packed_size(text: str) -> int:
    """The bytes of a text as they are sent; those of a short text, which are fewer, as they are."""
    data = text.encode()
    return len(data) if len(data) <= _MOST_BYTES else len(zlib.compress(data))


def _render(
    chosen: Sequence[Violation], fingerprints: Mapping[Violation, str], report: Report
) -> str:
    rules = sorted({violation.rule for violation in chosen}, key=report.codes.__getitem__)
    numbers = {rule: number for number, rule in enumerate(rules)}
    texts = report.describe() if rules else {}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "vaultlint",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule, report.codes[rule], texts) for rule in rules],
            }
        },
        "invocations": [_invocation(report, len(report.violations) - len(chosen))],
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": [
            _result(violation, numbers[violation.rule], fingerprints[violation], report)
            for violation in chosen
        ],
    }
    if root := report.root():
        run["originalUriBaseIds"] = {_BASE: {"uri": f"{Path(root).as_uri().rstrip('/')}/"}}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rule(rule: str, code: str, texts: Mapping[str, RuleText]) -> dict[str, Any]:
    described: dict[str, Any] = {"id": rule, "name": _pascal(rule)}
    text = texts.get(rule)
    if text is None:
        return described
    return {
        **described,
        "shortDescription": {"text": f"{text.summary}."},
        "fullDescription": {"text": " ".join(text.about.split())},
        "help": {"text": f"{text.about}\n\n{text.why}", "markdown": text.page},
        "defaultConfiguration": {"level": _LEVELS[text.severity]},
        "properties": {
            "code": code,
            "tags": [text.group],
            "precision": "high",
            "problem.severity": _PROBLEMS[text.severity],
        },
    }


def _pascal(rule: str) -> str:
    return "".join(word.capitalize() for word in rule.split("-"))


def _invocation(report: Report, cut: int) -> dict[str, Any]:
    notes: list[dict[str, Any]] = [
        {
            "level": "error",
            "message": {"text": f"cannot be checked: {unchecked.message}"},
            "locations": [{"physicalLocation": _artifact(unchecked.path, report)}],
        }
        for unchecked in report.unchecked
    ]
    if cut:
        text = f"{cut:,} findings are left out, the mildest: GitHub takes no more of one run"
        notes.append({"level": "warning", "message": {"text": text}})
    invocation: dict[str, Any] = {"executionSuccessful": not report.unchecked}
    if notes:
        invocation["toolExecutionNotifications"] = notes
    return invocation


def _result(violation: Violation, rule: int, fingerprint: str, report: Report) -> dict[str, Any]:
    place = _place(violation.path, violation.span, report)
    result: dict[str, Any] = {
        "ruleId": violation.rule,
        "ruleIndex": rule,
        "level": _LEVELS[violation.severity],
        "message": {"text": with_origin(violation)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"vaultlint/v1": fingerprint},
    }
    if violation.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": other.note},
                "physicalLocation": _place(other.path, other.span, report),
            }
            for number, other in enumerate(violation.related)
        ]
    if violation.suggestions:
        result["fixes"] = [
            {
                "description": {"text": f"write: {suggestion}"},
                "artifactChanges": [
                    {
                        "artifactLocation": place["artifactLocation"],
                        "replacements": [
                            {
                                "deletedRegion": place["region"],
                                "insertedContent": {"text": suggestion},
                            }
                        ],
                    }
                ],
            }
            for suggestion in violation.suggestions
        ]
    if violation.asked_by:
        result["properties"] = {"askedBy": violation.asked_by}
    return result


def _place(path: str, span: Span, report: Report) -> dict[str, Any]:
    place = range_of(report.lines(path), span)
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    return {**_artifact(path, report), "region": region}


def _artifact(path: str, report: Report) -> dict[str, Any]:
    address = quote(report.rooted(path).encode("utf-8", "replace"), safe="/")
    return {"artifactLocation": {"uri": address, "uriBaseId": _BASE}}
