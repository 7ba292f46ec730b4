"""Examines many files, in this process or in several side by side, with the same outcome."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from vaultlint.record import Failure, Record, write

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

#: So many bytes of notes are worth a process of their own: below, to start it costs more than it
#: saves (measured: `docs/performance.md`).
WORTH_A_PROCESS = 600_000

#: A chunk is about so many bytes: enough to cost little to hand over, few enough to end together.
_CHUNK = 200_000


class Outcome(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What came of one file: its record, or why there is none; and a digest of its bytes."""

    record: Record | None
    failure: Failure | None
    digest: bytes = b""


class Task(NamedTuple):
    """A file to be examined, and its size in bytes."""

    path: str
    size: int


class Accounts(msgspec.Struct, array_like=True):
    """Seconds spent: to parse and to collect facts, in all rules together, and in each rule."""

    examine: float = 0.0
    rules: dict[str, float] = msgspec.field(default_factory=dict)

    def add(self, other: Accounts) -> None:
        """Add the seconds of another process."""
        self.examine += other.examine
        for rule, seconds in other.rules.items():
            self.rules[rule] = self.rules.get(rule, 0.0) + seconds


Examine = Callable[[str], Outcome]


def count_jobs(wanted: int | None, tasks: Sequence[Task]) -> int:
    """How many processes examine the files: as many as wanted, or as pay off on this machine."""
    if wanted is not None:
        return max(1, min(wanted, len(tasks)))
    size = sum(task.size for task in tasks)
    return max(1, min(_cores(), size // WORTH_A_PROCESS, len(tasks)))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def examine_files(
    tasks: Sequence[Task], examine: Examine, jobs: int, accounts: Accounts
) -> Iterator[tuple[str, Outcome]]:
    """The outcome of each file, in no order. `accounts` is filled on the way.

    With several jobs the process is copied, so that `examine` and all that it knows need not be
    handed over; where the system cannot do that, one process does the work.
    """
    if jobs > 1 and sys.platform not in ("win32", "darwin"):
        yield from _examine_side_by_side(tasks, examine, jobs, accounts)
        return
    started = perf_counter()
    for task in tasks:
        yield task.path, examine(task.path)
    accounts.examine += perf_counter() - started


def _chunks(tasks: Sequence[Task]) -> list[tuple[int, int]]:
    """The tasks in ranges of about equal size."""
    chunks = []
    start = size = 0
    for index, task in enumerate(tasks):
        size += task.size + 1000
        if size >= _CHUNK:
            chunks.append((start, index + 1))
            start, size = index + 1, 0
    if start < len(tasks):
        chunks.append((start, len(tasks)))
    return chunks


class _Reply(msgspec.Struct, array_like=True):
    start: int
    outcomes: list[Outcome]
    accounts: Accounts


_read_reply = msgspec.msgpack.Decoder(_Reply).decode


class _Worker:
    """A process that examines chunks; `at` tells which file it is at, also when it is dead."""

    def __init__(self, context: Any, work: Work, others: Sequence[_Worker]) -> None:
        self.at = context.RawValue("q", -1)
        self.connection, far = context.Pipe()
        inherited = [self.connection, *(other.connection for other in others)]
        self.process = context.Process(
            target=_serve, args=(far, inherited, self.at, work), daemon=True
        )
        # a worker never takes an interrupt: the run that started it does, and ends it
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        far.close()
        self.chunk = (0, 0)

    def send(self, chunk: tuple[int, int] | None) -> None:
        """Hand over a chunk; None: there are no more."""
        self.chunk = chunk or (0, 0)
        self.at.value = -1
        with suppress(OSError):  # it died; that is seen where its answer is awaited
            self.connection.send(chunk)


#: Examines a range of the tasks, and tells which one it is at; gives an encoded `_Reply`.
Work = Callable[[int, int, Any], bytes]


def _serve(link: Connection, inherited: Sequence[Connection], at: Any, work: Work) -> None:
    """The life of a worker: chunks in, outcomes out, until there are no more."""
    for other in inherited:
        other.close()
    try:
        while chunk := link.recv():
            start, end = chunk
            link.send_bytes(work(start, end, at))
    except (EOFError, BrokenPipeError):
        pass  # the run has ended
    link.close()


def _examine_side_by_side(
    tasks: Sequence[Task], examine: Examine, jobs: int, accounts: Accounts
) -> Iterator[tuple[str, Outcome]]:
    from multiprocessing import connection, get_context

    context = get_context("fork")
    chunks = _chunks(tasks)[::-1]

    def work(start: int, end: int, at: Any) -> bytes:
        started = perf_counter()
        outcomes = []
        for index in range(start, end):
            at.value = index
            outcomes.append(examine(tasks[index].path))
        spent = dict(accounts.rules)
        accounts.rules.clear()
        return write(_Reply(start, outcomes, Accounts(perf_counter() - started, spent)))

    workers: dict[Any, _Worker] = {}

    def start_worker() -> None:
        worker = _Worker(context, work, list(workers.values()))
        workers[worker.connection] = worker
        worker.send(chunks.pop())

    try:
        for _ in range(min(jobs, len(chunks))):
            start_worker()
        while workers:
            for ready in connection.wait(list(workers)):
                worker = workers[ready]
                try:
                    reply = _read_reply(worker.connection.recv_bytes())
                except (EOFError, OSError):
                    del workers[ready]
                    worker.process.join()
                    worker.connection.close()
                    start, end = worker.chunk
                    if start < end:
                        dead = min(max(int(worker.at.value), start), end - 1)
                        yield tasks[dead].path, _died(tasks[dead].path, worker.process.exitcode)
                        parts = ((start, dead), (dead + 1, end))
                        chunks += [part for part in parts if part[0] < part[1]]
                    if chunks and len(workers) < jobs:
                        start_worker()
                    continue
                worker.send(chunks.pop() if chunks else None)
                accounts.add(reply.accounts)
                for index, outcome in enumerate(reply.outcomes, reply.start):
                    yield tasks[index].path, outcome
    finally:
        for worker in workers.values():
            worker.process.kill()
            worker.process.join()
            worker.connection.close()


def _died(path: str, exit_code: int | None) -> Outcome:
    """The outcome of the file that a worker was at when it died."""
    how = f"signal {-exit_code}" if exit_code and exit_code < 0 else f"exit code {exit_code}"
    return Outcome(None, Failure(path, "", f"the process that checked it died ({how})"))
