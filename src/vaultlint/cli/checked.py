"""What a check of one vault gives, and where its time went."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

import click

from vaultlint.cli.located import Located
from vaultlint.model import Violation
from vaultlint.report import BaselineCounts
from vaultlint.text import Lines

if TYPE_CHECKING:
    from vaultlint import workers
    from vaultlint.cli.baseline import Marked
    from vaultlint.record import Failure
    from vaultlint.report import Tally

#: So many rules are listed with their time.
_SLOWEST = 10


class Checked(NamedTuple):
    """A vault that was checked; `codes` maps rule ids to codes.

    `violations` are all that was found; `baseline` tells which of them are in one.
    `suppressed` is the number of findings that suppressions hide. `tally` counts what a comparison
    gave, where only new findings are in `violations`.
    """

    located: Located
    violations: list[Violation]
    failures: Sequence[Failure]
    notes: int
    lines: Callable[[str], Lines]
    codes: Mapping[str, str]
    fail_on: str
    suppressed: int = 0
    baseline: Marked | None = None
    tally: Tally | None = None

    def without_known(self) -> Checked:
        """The vault without the findings that are in its baseline."""
        if self.baseline is None:
            return self
        known = self.baseline.judged.known
        return self._replace(violations=[each for each in self.violations if each not in known])


def count_known(checked: Iterable[Checked]) -> BaselineCounts | None:
    """What the baselines of vaults did together; None where there is none."""
    counts = [vault.baseline.counts for vault in checked if vault.baseline is not None]
    return BaselineCounts(*map(sum, zip(*counts, strict=True))) if counts else None


class Accounts:
    """Tells on the standard error where the time went, if that is wanted.

    `progress`, where there is one, is told how many of all files are read.
    """

    def __init__(self, *, wanted: bool) -> None:
        self.wanted = wanted
        self.progress: Callable[[int, int], None] | None = None
        self._seconds: dict[str, float] = {}
        self._rules: dict[str, float] = {}

    def say(self, message: str) -> None:
        """One line about what happens."""
        if self.wanted:
            from vaultlint.report.terminal import printable

            click.echo(printable(message), err=True)

    def add(self, stage: str, started: float) -> None:
        """Add the time since `started` to a stage's."""
        self._seconds[stage] = self._seconds.get(stage, 0.0) + perf_counter() - started

    def count_rules(self, accounts: workers.Accounts) -> None:
        """Add the time of each rule, in all processes."""
        for rule, seconds in accounts.rules.items():
            self._rules[rule] = self._rules.get(rule, 0.0) + seconds

    def tell(self, started: float) -> None:
        """The time of all stages, of the slowest rules, and of the whole."""
        if not self.wanted:
            return
        for stage, seconds in self._seconds.items():
            self.say(f"{seconds:8.3f} s  {stage}")
        self.say(f"{perf_counter() - started:8.3f} s  in all, after the start of Python")
        slowest = sorted(self._rules.items(), key=lambda item: -item[1])[:_SLOWEST]
        if slowest:
            self.say("slowest rules, all processes together:")
        for rule, seconds in slowest:
            self.say(f"{seconds:8.3f} s  {rule}")
