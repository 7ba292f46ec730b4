"""A summary in Markdown: for GitHub's job summaries, for comments and for people."""

from __future__ import annotations

import os
import re
from itertools import groupby
from typing import TextIO
from urllib.parse import quote

from vaultlint.model import Violation
from vaultlint.report import Report
from vaultlint.report.details import details, gravest_first
from vaultlint.report.statistics import count_by_rule
from vaultlint.report.summary import summary_line
from vaultlint.report.terminal import printable

_MARKS = {"error": "❌", "warning": "⚠️", "info": "💡"}
#: GitHub takes a summary of 1 MiB; this leaves room for what other programs write.
_MOST_BYTES = 900_000
#: Runs of text in backticks, and what is outside of them.
_CODE = re.compile(r"(`[^`]+`)")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~@$&])")


def write(report: Report, out: TextIO) -> None:
    """Write what was found in all, a table by rule, and the findings of each note."""
    state = "❌" if report.summary.counts["error"] or report.unchecked else "✅"
    if state == "✅" and report.violations:
        state = _MARKS[gravest_first(report.violations)[0].severity]
    out.write(f"## {state} vaultlint\n\n{summary_line(report.summary, color=False)}\n")
    if report.unchecked:
        out.write("\n| Not checked | Why |\n| :-- | :-- |\n")
        for unchecked in report.unchecked:
            path, why = (_cell(text) for text in (report.shown(unchecked.path), unchecked.message))
            out.write(f"| {path} | {why} |\n")
    if report.violations:
        out.write(_by_rule(report))
        _write_findings(report, out)


def _by_rule(report: Report) -> str:
    texts = report.describe()
    rows = ["", "| | Rule | Findings | Notes | |", "| :-: | :-- | --: | --: | :-- |"]
    for tally in count_by_rule(report.violations):
        about = _cell(texts[tally.rule].summary) if tally.rule in texts else ""
        rows.append(
            f"| {_MARKS[tally.severity]} | `{tally.rule}` "
            f"| {tally.findings:,} | {tally.files:,} | {about} |"
        )
    return "\n".join(rows) + "\n"


def _write_findings(report: Report, out: TextIO) -> None:
    left, room = len(report.violations), _MOST_BYTES
    for path, group in groupby(report.violations, key=lambda violation: violation.path):
        head = f"\n### {_escape(report.shown(path))}\n\n| | Line | What is wrong | Rule |\n"
        head += "| :-: | --: | :-- | :-- |\n"
        for violation in group:
            row = head + _row(violation, report)
            room -= len(row.encode("utf-8", "replace"))
            if room < 0:
                out.write(f"\n{left:,} more findings have no room here.\n")
                return
            out.write(row)
            head, left = "", left - 1


def _row(violation: Violation, report: Report) -> str:
    line, _ = report.lines(violation.path).position(violation.span.start)
    address = _address(report.rooted(violation.path), line)
    where = f"[{line}]({address})" if address else str(line)
    lines = [violation.message, *details(violation, report, report.shown)]
    if violation.suggestions:
        lines[1] = f"write: `{violation.suggestions[0]}`"
        if "`" in violation.suggestions[0]:
            lines[1] = f"write: {violation.suggestions[0]}"
    what = "<br>".join(map(_cell, lines))
    return f"| {_MARKS[violation.severity]} | {where} | {what} | `{violation.rule}` |\n"


def _address(path: str, line: int) -> str:
    """Where a service shows the line, as its variables tell; empty elsewhere."""
    get = os.environ.get
    path = quote(path.encode("utf-8", "replace"), safe="/")
    if get("GITHUB_REPOSITORY") and get("GITHUB_SHA"):
        server = get("GITHUB_SERVER_URL", "https://github.com")
        place = f"{server}/{get('GITHUB_REPOSITORY')}/blob/{get('GITHUB_SHA')}"
        return f"{place}/{path}?plain=1#L{line}"
    if get("CI_PROJECT_URL") and get("CI_COMMIT_SHA"):
        return f"{get('CI_PROJECT_URL')}/-/blob/{get('CI_COMMIT_SHA')}/{path}?plain=1#L{line}"
    return ""


def _cell(text: str) -> str:
    """Text that stays in its cell: what stands in backticks is code, nothing else is markup."""
    text = printable(text)
    if text.count("`") % 2:
        return _escape(text)
    parts = _CODE.split(text)
    return "".join(
        part.replace("|", "\\|") if number % 2 else _escape(part)
        for number, part in enumerate(parts)
    )


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", printable(text))
