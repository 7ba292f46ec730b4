"""When a host may be asked: a few requests at a time, and a pause between two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from vaultlint.web_settings import WebSettings

#: A host that could not be reached so often in a row is left alone, and one whose pages gave no
#: answer so often in a row.
_MOST_FAILURES, _MOST_SILENT = 3, 6
#: So is one that said so often in a row that it is asked too often.
_MOST_REFUSALS = 3


class LeftAlone(Exception):
    """A host is not asked any more; the message says why."""


class Host:
    """A host as it is treated. `get_first`: it does not answer HEAD as it does GET."""

    def __init__(self, per_host: int) -> None:
        self.slots = asyncio.Semaphore(per_host)
        self.ready_at = 0.0
        self.left_alone = ""
        self.get_first = False
        self._failures = 0
        self._silent = 0
        self._refusals = 0

    def note_busy(self, *, is_busy: bool) -> None:
        """Note whether it said that it is asked too often."""
        self._refusals = self._refusals + 1 if is_busy else 0

    @property
    def is_impatient(self) -> bool:
        """Has it said so often enough?"""
        return self._refusals >= _MOST_REFUSALS

    def note_answer(self) -> None:
        """Note that it has answered."""
        self._failures = self._silent = 0

    def note_failure(self, *, reached: bool) -> None:
        """Note that there was no answer; `reached`: though there was a connection."""
        self._failures = 0 if reached else self._failures + 1
        self._silent += 1
        if self._failures >= _MOST_FAILURES:
            self.left_alone = "its host could not be reached several times"
        elif self._silent >= _MOST_SILENT:
            self.left_alone = "its host did not answer several times"


class Pace:
    """Gives out turns; none begins after `deadline`, a moment of the monotonic clock."""

    def __init__(self, settings: WebSettings, deadline: float) -> None:
        self._settings = settings
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._hosts: dict[str, Host] = {}
        self.deadline = deadline

    def host(self, name: str) -> Host:
        """The host of a name."""
        if name not in self._hosts:
            self._hosts[name] = Host(self._settings.per_host)
        return self._hosts[name]

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """A turn to ask a host. Raises LeftAlone."""
        host = self.host(name)
        async with host.slots:
            while (wait := host.ready_at - monotonic()) > 0 and not host.left_alone:
                await asyncio.sleep(wait)
            if host.left_alone:
                raise LeftAlone(host.left_alone)
            host.ready_at = monotonic() + self._settings.delay
            async with self._slots:
                yield

    def can_wait(self, seconds: float) -> bool:
        """Is there time to wait, and then to ask?"""
        return monotonic() + seconds < self.deadline

    def hold(self, name: str, seconds: float) -> None:
        """Do not ask a host for a while."""
        host = self.host(name)
        host.ready_at = max(host.ready_at, monotonic() + seconds)
