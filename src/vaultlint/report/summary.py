"""The last line of a report for people."""

from __future__ import annotations

from vaultlint.report import Summary
from vaultlint.report.terminal import printable, style

_NAMES = {"error": "error", "warning": "warning", "info": "remark"}


def summary_line(summary: Summary, *, color: bool) -> str:
    """Findings by severity, notes checked, and seconds; a clean run says so."""
    checked = f"{_count(summary.notes, 'note')} checked ({summary.seconds:.2f} s)"
    tally = summary.tally
    if tally is not None:
        counts = f"{tally.new:,} new, {tally.fixed:,} fixed, {tally.known:,} known"
        checked += f"; {counts} since {printable(tally.base)}"
    if summary.total == 0 and summary.failures == 0:
        clean = "All clean" if tally is None else "Nothing new"
        return f"{style(clean, 'good', color=color)}: {checked}."
    parts = [
        style(_count(count, _NAMES[severity]), severity, color=color)
        for severity, count in summary.counts.items()
        if count
    ]
    if summary.failures:
        parts.append(style(_count(summary.failures, "failure"), "error", color=color))
    return f"{', '.join(parts)} in {checked}."


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}" if number == 1 else f"{number:,} {name}s"
