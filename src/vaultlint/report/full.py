"""Findings with their source line, a mark under the place, and what to write instead."""

from __future__ import annotations

from typing import TextIO

from vaultlint.model import Violation
from vaultlint.report import Report
from vaultlint.report.summary import summary_line
from vaultlint.report.terminal import hyperlink, printable, style, width

#: A repair that cures more findings than this is shown once; so many places are listed.
_PLACES = 5


def write(report: Report, out: TextIO) -> None:
    """Write the findings, those that one repair cures together, and the summary."""
    together: dict[tuple[str, str], list[Violation]] = {}
    for violation in report.violations:
        if violation.about:
            together.setdefault((violation.rule, violation.about), []).append(violation)
    for violation in report.violations:
        group = together.get((violation.rule, violation.about), [violation])
        if group[0] is violation:
            _write_one(violation, group[1:], report, out)
    out.write(summary_line(report.summary, color=report.color) + "\n")


def _write_one(violation: Violation, others: list[Violation], report: Report, out: TextIO) -> None:
    color = report.color
    severity = style(violation.severity, violation.severity, color=color)
    rule = f"{violation.rule} ({report.codes[violation.rule]})"
    rule = hyperlink(style(rule, "bold", color=color), report.page(violation.rule))
    out.write(f"{severity}: {rule}: {printable(violation.message)}\n")
    line, column = report.lines(violation.path).position(violation.span.start)
    number = str(line)
    pad = " " * len(number)
    arrow, bar = style("-->", "rule", color=color), style("|", "rule", color=color)
    out.write(f"{pad}{arrow} {printable(report.shown(violation.path))}:{line}:{column}\n")
    text, mark = _excerpt(violation, report, report.width - len(number) - 4)
    if text.strip():
        out.write(f"{pad} {bar}\n{style(number, 'rule', color=color)} {bar} {text}\n")
        out.write(f"{pad} {bar} {style(mark, violation.severity, color=color)}\n")
    equals = style("=", "rule", color=color)
    out.writelines(
        f"{pad} {equals} write: {printable(suggestion)}\n"
        for suggestion in violation.suggestions[:1]
    )
    for other in violation.related:
        at = report.lines(other.path).position(other.span.start)[0]
        out.write(
            f"{pad} {equals} {printable(other.note)}: {printable(report.shown(other.path))}:{at}\n"
        )
    if violation.asked_by:
        out.write(f"{pad} {equals} asked for by: {printable(violation.asked_by)}\n")
    if others:
        out.write(f"{pad} {equals} {_places(violation, others, report)}\n")
    out.write("\n")


def _places(violation: Violation, others: list[Violation], report: Report) -> str:
    notes = len({other.path for other in (violation, *others)})
    places = [
        f"{printable(report.shown(o.path))}:{report.lines(o.path).position(o.span.start)[0]}"
        for o in others[:_PLACES]
    ]
    rest = len(others) - len(places)
    more = f" and {rest} more" if rest else ""
    where = f"in {notes} notes" if notes > 1 else f"{len(others) + 1} times in this note"
    return f"the same {where}: also at {', '.join(places)}{more}"


def _excerpt(violation: Violation, report: Report, room: int) -> tuple[str, str]:
    """The source line and the marks below it, both cut to `room` columns around the span."""
    lines = report.lines(violation.path)
    line, column = lines.position(violation.span.start)
    text = lines.line(line)
    start = column - 1
    end = min(start + max(violation.span.end - violation.span.start, 1), max(len(text), start + 1))
    room = max(room, 20)
    left, right = 0, len(text)
    if right > room:
        left = max(0, min(start - room // 3, right - room))
        right = min(right, left + room)
    end = min(end, max(right, start + 1))
    before = printable(text[left:start])
    shown = before + printable(text[start:right])
    lead, tail = "…" if left else "", "…" if right < len(text) else ""
    marks = " " * width(lead + before) + "^" * max(1, width(printable(text[start:end])))
    return lead + shown + tail, marks
