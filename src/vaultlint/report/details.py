"""What a finding has besides its message, and its place, for formats that other programs read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from vaultlint.model import SEVERITIES, Span, Violation
from vaultlint.report import Report
from vaultlint.text import Lines


class Range(NamedTuple):
    """A range as lines and columns, which count from 1; the end column is past the last one."""

    line: int
    column: int
    end_line: int
    end_column: int


def range_of(lines: Lines, span: Span) -> Range:
    """A span's lines, and its columns in code points."""
    return Range(*lines.position(span.start), *lines.position(span.end))


def byte_range_of(lines: Lines, span: Span) -> Range:
    """A span's lines, and its columns in bytes of UTF-8."""
    place = range_of(lines, span)

    def column(line: int, column: int) -> int:
        return len(lines.line(line)[: column - 1].encode("utf-8", "replace")) + 1

    return Range(
        place.line,
        column(place.line, place.column),
        place.end_line,
        column(place.end_line, place.end_column),
    )


def gravest_first(violations: Iterable[Violation]) -> list[Violation]:
    """Findings by severity, else in their order."""
    return sorted(violations, key=lambda violation: SEVERITIES.index(violation.severity))


def details(violation: Violation, report: Report, shown: Callable[[str], str]) -> Iterator[str]:
    """Lines that say what to write, what else the finding speaks of, and what asks for it."""
    for suggestion in violation.suggestions[:1]:
        yield f"write: {suggestion}"
    for other in violation.related:
        is_named = other.path in violation.message and other.path not in other.note
        if other.span == Span(0, 0) and is_named:
            continue  # a whole note that the message names
        line = report.lines(other.path).position(other.span.start)[0]
        yield f"{other.note}: {shown(other.path)}:{line}"
    if violation.asked_by:
        yield f"asked for by: {violation.asked_by}"
