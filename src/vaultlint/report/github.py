"""GitHub's workflow commands: annotations of the changed files, and the rest for the log.

GitHub shows at most ten errors, ten warnings and ten notices of a step; the gravest come first.
The rest is written to the log, where nothing in it is taken for a command.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from hashlib import blake2b
from typing import TextIO

from vaultlint.model import Violation
from vaultlint.report import Report, with_origin
from vaultlint.report.details import details, gravest_first, range_of
from vaultlint.report.summary import summary_line
from vaultlint.report.terminal import printable

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
#: So many annotations of a kind are shown; of notices one fewer, for the note of what was cut.
_SHOWN = {"error": 10, "warning": 10, "info": 9}


def write(report: Report, out: TextIO) -> None:
    """Write an annotation for each finding that GitHub shows, then the others and the summary."""
    shown: Counter[str] = Counter()
    rest: list[Violation] = []
    for unchecked in report.unchecked[: _SHOWN["error"]]:
        shown["error"] += 1
        where = {"title": "vaultlint could not check this", "file": report.rooted(unchecked.path)}
        out.write(_command("error", where, unchecked.message))
    for violation in gravest_first(report.violations):
        if shown[violation.severity] < _SHOWN[violation.severity]:
            shown[violation.severity] += 1
            out.write(_annotation(violation, report))
        else:
            rest.append(violation)
    if rest:
        number = f"{len(rest):,} more finding{'s' * (len(rest) != 1)}"
        hint = "GitHub shows ten of a kind; all are in the log, and in `-o markdown:FILE`"
        out.write(_command("notice", {"title": f"vaultlint: {number}"}, hint))
    lines = [_line(violation, report) for violation in rest]
    text = "".join(lines) + summary_line(report.summary, color=False) + "\n"
    guard = blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
    out.write(f"::stop-commands::{guard}\n{text}::{guard}::\n" if lines else text)


def _annotation(violation: Violation, report: Report) -> str:
    place = range_of(report.lines(violation.path), violation.span)
    where: dict[str, object] = {
        "title": f"{violation.rule} ({report.codes[violation.rule]})",
        "file": report.rooted(violation.path),
        "line": place.line,
        "endLine": place.end_line,
    }
    if place.line == place.end_line:  # GitHub takes columns of one line only
        where |= {"col": place.column, "endColumn": place.end_column}
    text = [violation.message, *details(violation, report, report.rooted)]
    return _command(_COMMANDS[violation.severity], where, "\n".join(text))


def _line(violation: Violation, report: Report) -> str:
    line, column = report.lines(violation.path).position(violation.span.start)
    where = f"{printable(report.rooted(violation.path))}:{line}:{column}"
    return f"{where}: {violation.severity}: {violation.rule} {printable(with_origin(violation))}\n"


def _command(name: str, properties: Mapping[str, object], message: str) -> str:
    values = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {values}::{_data(message)}\n"


def _data(text: str) -> str:
    text = "\n".join(printable(line) for line in text.split("\n"))
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
