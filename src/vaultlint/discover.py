"""Where a vault begins, and which files belong to it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from vaultlint.config import VaultTable
from vaultlint.obsidian import ObsidianSettings, read_obsidian_settings
from vaultlint.schema import match_path

#: Files that are parsed: notes, canvases, bases.
PARSED_SUFFIXES = (".md", ".canvas", ".base")


class Files(Protocol):
    """The files of a vault, on a disk or in memory. Paths are relative, with `/`."""

    name: str

    def paths(self) -> list[str]:
        """All files but those below a name that begins with a dot (rule V2)."""

    def read(self, path: str) -> bytes:
        """The bytes of a file, of `.obsidian/` too. Raises OSError."""

    def size(self, path: str) -> int:
        """About how many bytes a file has; 0 where it cannot be told."""

    def tracked(self) -> frozenset[str] | None:
        """The files that git knows; None where the vault is in no repository."""


class MemoryFiles:
    """Files given as a mapping of paths to texts or bytes."""

    def __init__(self, files: Mapping[str, str | bytes], name: str = "vault") -> None:
        self.name = name
        self.files = {
            path: data.encode() if isinstance(data, str) else data for path, data in files.items()
        }

    def paths(self) -> list[str]:
        """All files but those below a name that begins with a dot."""
        return [
            path for path in self.files if not any(part.startswith(".") for part in path.split("/"))
        ]

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        try:
            return self.files[path]
        except KeyError as error:
            raise FileNotFoundError(path) from error

    def size(self, path: str) -> int:
        """The bytes that a file has."""
        return len(self.files.get(path, b""))

    def tracked(self) -> frozenset[str] | None:
        """The lines of `.git/index`, which stands for the real one."""
        index = self.files.get(".git/index")
        return None if index is None else frozenset(index.decode().splitlines())


class DiskFiles:
    """The files below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._base = str(root)
        self.name = root.resolve().name

    def paths(self) -> list[str]:
        """All files but those below a name that begins with a dot, in a stable order.

        Links to folders are followed unless their target overlaps the vault; links to files and
        what is no regular file are left out (rule V7).
        """
        return list(self._walk(str(self.root), "", {os.path.realpath(self.root)}))

    def _walk(self, folder: str, prefix: str, seen: set[str]) -> Iterator[str]:
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            return
        for entry in found:
            name = entry.name
            if name.startswith("."):
                continue
            if entry.is_symlink():
                if entry.is_dir() and self._is_outside(entry.path, seen):
                    yield from self._walk(entry.path, f"{prefix}{name}/", seen)
            elif entry.is_dir():
                yield from self._walk(entry.path, f"{prefix}{name}/", seen)
            elif entry.is_file():
                yield prefix + name

    @staticmethod
    def _is_outside(path: str, seen: set[str]) -> bool:
        """Does a link lead to a folder that neither holds nor lies in one walked before?"""
        real = os.path.realpath(path)
        for known in seen:
            if os.path.commonpath((real, known)) in (real, known):
                return False
        seen.add(real)
        return True

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        with open(f"{self._base}/{path}", "rb", buffering=0) as file:
            return file.readall()

    def size(self, path: str) -> int:
        """The bytes that a file has."""
        try:
            return os.stat(f"{self._base}/{path}").st_size
        except OSError:
            return 0

    def tracked(self) -> frozenset[str] | None:
        """What `git ls-files` lists below the root, submodules' files too."""
        if _upwards(self.root, lambda path: (path / ".git").exists()) is None:
            return None
        listing = ("git", "-C", str(self.root), "ls-files", "-z", "--recurse-submodules")
        try:
            done = subprocess.run(listing, capture_output=True, check=True, timeout=60)  # noqa: S603  # a fixed command
        except (OSError, subprocess.SubprocessError):
            return None
        return frozenset(os.fsdecode(name) for name in done.stdout.split(b"\0") if name)


class Selection(NamedTuple):
    """The files of a vault: all, those that are parsed, and those that are checked."""

    all: list[str]
    parsed: list[str]
    checked: frozenset[str]


def select_files(files: Files, table: VaultTable) -> Selection:
    """Which files of a vault are parsed and checked.

    Not checked, but still where links may lead: what the configuration excludes, what the owner
    excludes in Obsidian, and templates.
    """
    settings = obsidian_settings(files)
    paths = files.paths()
    parsed = [path for path in paths if path.lower().endswith(PARSED_SUFFIXES)]
    checked = frozenset(path for path in paths if _is_checked(path, settings, table.exclude))
    return Selection(paths, parsed, checked)


def obsidian_settings(files: Files) -> ObsidianSettings:
    """The vault's own settings."""

    def read(name: str) -> bytes | None:
        try:
            return files.read(f".obsidian/{name}")
        except OSError:
            return None

    return read_obsidian_settings(read)


def _is_checked(path: str, settings: ObsidianSettings, exclude: tuple[str, ...]) -> bool:
    return not (
        settings.is_template(path)
        or settings.is_ignored(path)
        or (exclude and match_path(path, exclude))
    )


def find_root(start: Path, config: Path | None, root: str) -> Path:
    """The folder where the vault of a path begins.

    The configuration's `root`, else the nearest folder upwards with `.obsidian/`, else the
    configuration's folder, else the git repository's, else the path itself. `start` is absolute.
    """
    folder = start if start.is_dir() else start.parent
    if config is not None and root:
        return (config.parent / root).resolve()
    obsidian = _upwards(folder, is_vault)
    if obsidian is not None:
        return obsidian
    if config is not None:
        return config.parent
    return _upwards(folder, lambda path: (path / ".git").exists()) or folder


def find_nested_vaults(folder: Path) -> list[Path]:
    """The outermost folders with `.obsidian/` at most five levels below a folder."""
    found: list[Path] = []
    base = len(folder.parts)
    for path, folders, _ in os.walk(folder):
        if ".obsidian" in folders:
            found.append(Path(path))
            folders.clear()
        elif len(Path(path).parts) - base >= 5:
            folders.clear()
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "node_modules")
    return found


def is_vault(folder: Path) -> bool:
    """Does a folder have Obsidian's own settings?"""
    return (folder / ".obsidian").is_dir()


def _upwards(folder: Path, holds: Callable[[Path], bool]) -> Path | None:
    return next((path for path in (folder, *folder.parents) if holds(path)), None)
