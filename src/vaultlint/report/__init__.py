"""Reports of findings: one module for each output format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TextIO

from vaultlint.model import SEVERITIES, Severity, Violation
from vaultlint.text import Lines


@dataclass(frozen=True)
class Summary:
    """What a run did: files checked, findings by severity, our own errors, seconds."""

    notes: int
    counts: Mapping[Severity, int]
    failures: int
    seconds: float

    @property
    def total(self) -> int:
        """All findings."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Report:
    """What a format writes. `shown` turns a path of the vault into the path that people see.

    `lines` gives the text of a file of the vault; `codes` maps rule ids to codes.
    """

    violations: list[Violation]
    summary: Summary
    lines: Callable[[str], Lines]
    shown: Callable[[str], str]
    codes: Mapping[str, str]
    width: int = 100
    color: bool = False


class Writer(Protocol):
    """A format: writes a report to a stream."""

    def __call__(self, report: Report, out: TextIO) -> None:
        """Write the report."""


def count_by_severity(violations: list[Violation]) -> dict[Severity, int]:
    """The number of findings of each severity, gravest first."""
    counts: dict[Severity, int] = dict.fromkeys(SEVERITIES, 0)
    for violation in violations:
        counts[violation.severity] += 1
    return counts


def with_origin(violation: Violation) -> str:
    """A finding's message, with the place in the configuration that asks for it."""
    asked_by = violation.asked_by
    return f"{violation.message} ({asked_by})" if asked_by else violation.message
