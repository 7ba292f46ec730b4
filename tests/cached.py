"""What the tests of the cache share: runs that are compared, and files that look old."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from conftest import Vault

_SECONDS = re.compile(r"\(\d+\.\d\d s\)|\"seconds\": [\d.e-]+")


class Output(NamedTuple):
    """What a run said, without its seconds."""

    stdout: str
    stderr: str
    code: int


def output(vault: Vault, *arguments: str, form: str = "json") -> Output:
    """Run `check`. An exception that leaves it fails the test."""
    done = vault.run("check", "--output-format", form, *arguments)
    return Output(_SECONDS.sub("(… s)", done.stdout), done.stderr, done.exit_code)


def cold(vault: Vault, *arguments: str, form: str = "json") -> Output:
    """Run `check` without a cache."""
    return output(vault, "--no-cache", *arguments, form=form)


def verbose(vault: Vault, *arguments: str) -> str:
    """What `check --verbose` says of the cache."""
    lines = vault.run("check", "--verbose", *arguments).stderr.splitlines()
    return "\n".join(line for line in lines if line.startswith("cache:"))


def reads(vault: Vault, *arguments: str) -> list[str]:
    """The notes that a run parses though there is a snapshot."""
    return re.findall(r"^cache: `(.*)` is read:", verbose(vault, *arguments), re.MULTILINE)


def is_hit(vault: Vault, *arguments: str) -> bool:
    """Is all that a run reports known from the run before?"""
    return verbose(vault, *arguments).endswith("cache: nothing has changed")


def everything(root: Path) -> Iterator[Path]:
    """A folder, and all files and folders in it but those of git."""
    yield root
    for path in sorted(root.iterdir()):
        if path.name == ".git":
            continue
        if path.is_dir() and not path.is_symlink():
            yield from everything(path)
        elif not path.is_symlink():
            yield path


def age(root: Path, seconds: float = 100) -> None:
    """Let files and folders look as if they had been written some time ago.

    What was written as a run began counts as changed, for a change after it might look the same.
    """
    then = time.time_ns() - int(seconds * 1e9) + 7
    for path in everything(root):
        os.utime(path, ns=(then, then))


def cache_files(folder: Path, suffix: str = "") -> list[Path]:
    """The files of a cache folder, by the end of their names."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.name.endswith(suffix))
