"""The values that leave the engine: spans, severities and violations."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

Severity = Literal["error", "warning", "info"]

#: All severities, gravest first.
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

#: The mildest severity that makes a check fail.
FailOn = Literal["error", "warning", "info", "never"]


class Span(NamedTuple):
    """Half-open range of code points of the text of one file, counted from 0."""

    start: int
    end: int


class Related(NamedTuple):
    """Another place that a violation speaks of, and what it is, in a few words."""

    path: str
    span: Span
    note: str


class Violation(NamedTuple):
    """One finding.

    `suggestions` are texts that can stand in the place of `span`, the best first.
    `about` names what has to be repaired where one repair cures many findings (a missing
    target, say): findings of one rule with an equal, non-empty `about` belong together.
    """

    path: str
    span: Span
    rule: str
    message: str
    severity: Severity
    suggestions: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    about: str = ""
    asked_by: str = ""


class UserError(Exception):
    """A mistake in what the user wrote (configuration, pack, glossary, command line).

    `str(error)` is a complete message that names the file and, where known, the line.
    """


def place(path: str, line: int | None = None) -> str:
    """`path` or `path:line`, as error messages begin."""
    return path if line is None else f"{path}:{line}"
