"""One line on the terminal that tells how far a slow check is."""

from __future__ import annotations

import sys
from time import perf_counter

#: A check that is ready before so many seconds shows nothing.
_PATIENCE = 0.5
_INTERVAL = 0.1


class Progress:
    """Shows on the standard error how many notes are read, or whatever is done."""

    def __init__(self, started: float, done: str = "notes read") -> None:
        self._done = done
        self._next = started + _PATIENCE
        self._shown = 0

    def __call__(self, done: int, total: int) -> None:
        """Tell that some of all are done."""
        now = perf_counter()
        if now < self._next or done == total:
            return
        self._next = now + _INTERVAL
        text = f"{done:,} of {total:,} {self._done}"
        sys.stderr.write(f"\r{text}{' ' * (self._shown - len(text))}")
        sys.stderr.flush()
        self._shown = max(self._shown, len(text))

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write(f"\r{' ' * self._shown}\r")
            sys.stderr.flush()
            self._shown = 0
