"""Reports of findings: one module for each output format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TextIO

from vaultlint.model import SEVERITIES, Severity, Violation
from vaultlint.text import Lines


class BaselineCounts(NamedTuple):
    """What a baseline did: findings that it has, entries that no longer occur, and entries that
    were taken out of it.
    """

    known: int
    gone: int
    pruned: int = 0


class Tally(NamedTuple):
    """How many findings a comparison with `base`, as the user calls it, gave of each kind."""

    base: str
    new: int
    fixed: int
    known: int


@dataclass(frozen=True)
class Summary:
    """What a run did: files checked, findings by severity, our own errors, seconds.

    `baseline` is None where there is none; `suppressed` is the number of findings that suppressions
    hide, which are not among the others. `tally` tells of findings that are not reported, where
    only new ones are.
    """

    notes: int
    counts: Mapping[Severity, int]
    failures: int
    seconds: float
    baseline: BaselineCounts | None = None
    suppressed: int = 0
    tally: Tally | None = None

    @property
    def total(self) -> int:
        """All findings."""
        return sum(self.counts.values())


class RuleText(NamedTuple):
    """What a format can tell of a rule; `page` is its documentation as Markdown."""

    code: str
    group: str
    severity: Severity
    summary: str
    about: str
    why: str
    page: str


class Unchecked(NamedTuple):
    """A file that could not be checked, because of an error of our own or of the system."""

    path: str
    message: str


def _find_no_page(_rule: str) -> str:
    return ""


def _describe_nothing() -> Mapping[str, RuleText]:
    return {}


@dataclass(frozen=True)
class Report:
    """What a format writes. `shown` turns a path of the vault into the path that people see.

    `lines` gives the text of a file of the vault; `codes` maps rule ids to codes. `rooted` turns
    a path of the vault into one from `root`, the folder of the repository, in which services
    look for files. `describe` gives what is known of rules by their ids; it is slow. With
    `statistics`, formats that can count findings by rule do so. `page` gives the address of a
    rule's page, which its id leads to on a terminal; empty where there is none.
    """

    violations: list[Violation]
    summary: Summary
    lines: Callable[[str], Lines]
    shown: Callable[[str], str]
    codes: Mapping[str, str]
    width: int = 100
    color: bool = False
    rooted: Callable[[str], str] = str
    root: Callable[[], str] = str
    describe: Callable[[], Mapping[str, RuleText]] = _describe_nothing
    unchecked: Sequence[Unchecked] = ()
    statistics: bool = False
    page: Callable[[str], str] = _find_no_page


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
