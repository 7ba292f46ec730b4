"""Runs commands in turn, and tells what each run took."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

#: A value for each run: `wall` and `cpu` (user and system) in seconds, `memory` in MiB, the most
#: that any one process of the run held. `odd` lists exit codes that were not expected.
Samples = dict[str, list[float]]


class Command(NamedTuple):
    """A program with its arguments, run in a folder.

    `fine` are the exit codes that are expected; a `silent` program writes nothing to stderr unless
    it fails. `before` is called ahead of each run, and is not measured.
    """

    name: str
    argv: Sequence[str]
    folder: Path
    fine: tuple[int, ...] = (0, 1)
    silent: bool = False
    before: Callable[[], object] | None = None


def measure(commands: Sequence[Command], rounds: int, env: Mapping[str, str]) -> dict[str, Samples]:
    """Run each command once in a round, in an order that moves on by one, so drift falls on all.

    A round ahead of the others warms up, and is not counted. Raises RuntimeError where a silent
    program complains. Linux counts what this process holds as its children's memory, so keep it
    small.
    """
    samples: dict[str, Samples] = {
        command.name: {"wall": [], "cpu": [], "memory": [], "odd": []} for command in commands
    }
    for number in range(-1, rounds):
        start = number % len(commands)
        for command in (*commands[start:], *commands[:start]):
            if command.before:
                command.before()
            wall, cpu, memory, code = _run(command, env)
            sample = samples[command.name]
            if code not in command.fine:
                sample["odd"].append(code)
            if number >= 0:
                sample["wall"].append(wall)
                sample["cpu"].append(cpu)
                sample["memory"].append(memory)
    return samples


def _run(command: Command, env: Mapping[str, str]) -> tuple[float, float, float, int]:
    with tempfile.TemporaryFile() as complaints:
        start = time.perf_counter()
        process = subprocess.Popen(
            command.argv,
            cwd=command.folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints if command.silent else subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        complaints.seek(0)
        if text := complaints.read().decode(errors="replace"):
            raise RuntimeError(f"{command.name} fails: {text}")
    memory = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return wall, usage.ru_utime + usage.ru_stime, memory, process.returncode
