"""The last line of a report for people."""

from __future__ import annotations

from vaultlint.report import BaselineCounts, Summary
from vaultlint.report.terminal import printable, style

_NAMES = {"error": "error", "warning": "warning", "info": "remark"}


def summary_line(summary: Summary, *, color: bool) -> str:
    """Findings by severity, notes checked, seconds, and what is suppressed; a clean run says so.

    Below it stands what has become of a baseline.
    """
    told = "." if summary.baseline is None else _tell(summary.baseline)
    checked = f"{_count(summary.notes, 'note')} checked ({summary.seconds:.2f} s)"
    if summary.suppressed:
        checked += f", {summary.suppressed:,} suppressed"
    tally = summary.tally
    if tally is not None:
        counts = f"{tally.new:,} new, {tally.fixed:,} fixed, {tally.known:,} known"
        checked += f"; {counts} since {printable(tally.base)}"
    if summary.total == 0 and summary.failures == 0:
        knows = tally is not None or (summary.baseline is not None and summary.baseline.known)
        good = "Nothing new" if knows else "All clean"
        return f"{style(good, 'good', color=color)}: {checked}{told}"
    parts = [
        style(_count(count, _NAMES[severity]), severity, color=color)
        for severity, count in summary.counts.items()
        if count
    ]
    if summary.failures:
        parts.append(style(_count(summary.failures, "failure"), "error", color=color))
    return f"{', '.join(parts)} in {checked}{told}"


def _tell(baseline: BaselineCounts) -> str:
    known, gone, pruned = baseline
    lines = [f"; {known:,} in the baseline." if known else "."]
    if gone:
        lines.append(
            f"{_entries(gone)} of the baseline no longer {'occurs' if gone == 1 else 'occur'}: "
            f"`vaultlint check --prune-baseline` takes {'it' if gone == 1 else 'them'} out."
        )
    if pruned:
        lines.append(f"{_entries(pruned)} taken out of the baseline.")
    return "\n".join(lines)


def _entries(number: int) -> str:
    return f"{number:,} {'entry' if number == 1 else 'entries'}"


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}" if number == 1 else f"{number:,} {name}s"
