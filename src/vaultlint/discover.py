"""Which files belong to a vault, and which of them are checked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from vaultlint.config import VaultTable
from vaultlint.listing import Listing, is_parsed, list_files
from vaultlint.locate import find_repository
from vaultlint.matching import match_path
from vaultlint.obsidian import ObsidianSettings, read_obsidian_settings


class Files(Protocol):
    """The files of a vault, on a disk or in memory. Paths are relative, with `/`."""

    name: str

    def paths(self) -> list[str]:
        """All files but those below a name that begins with a dot (rule V2)."""

    def read(self, path: str) -> bytes:
        """The bytes of a file, of `.obsidian/` too. Raises OSError."""

    def refresh(self) -> None:
        """Files may have come and gone: look again at the next question."""

    def sizes(self) -> Mapping[str, int]:
        """The bytes that each parsed file has."""

    def tracked(self) -> frozenset[str] | None:
        """The files that git knows; None where the vault is in no repository."""

    def path_of(self, file: Path, folder: Path) -> str:
        """The path of a file that a configuration in a folder names; it may lie above the vault."""


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

    def refresh(self) -> None:
        """The mapping is always asked anew."""

    def sizes(self) -> Mapping[str, int]:
        """The bytes that each file has."""
        return {path: len(data) for path, data in self.files.items()}

    def tracked(self) -> frozenset[str] | None:
        """The lines of `.git/index`, which stands for the real one."""
        index = self.files.get(".git/index")
        return None if index is None else frozenset(index.decode().splitlines())

    def path_of(self, file: Path, folder: Path) -> str:
        """The path as seen from the configuration, which stands for the vault's root."""
        return os.path.relpath(file, folder).replace(os.sep, "/")


class DiskFiles:
    """The files below a folder."""

    def __init__(self, root: str, listing: Listing | None = None) -> None:
        """`listing` is what a walk just found, if one was made."""
        self.root = root
        self.name = os.path.basename(os.path.realpath(root))
        self._listing = listing

    def listing(self) -> Listing:
        """The files, as they were when first asked for."""
        if self._listing is None:
            self._listing = list_files(self.root)
        return self._listing

    def paths(self) -> list[str]:
        """All files but those below a name that begins with a dot, in a stable order."""
        return self.listing().paths

    def refresh(self) -> None:
        """Look again at the next question."""
        self._listing = None

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        with open(f"{self.root}/{path}", "rb", buffering=0) as file:
            return file.readall()

    def sizes(self) -> Mapping[str, int]:
        """The bytes that each parsed file has."""
        listing = self.listing()
        return dict(zip(filter(is_parsed, listing.paths), listing.stats[::3], strict=True))

    def tracked(self) -> frozenset[str] | None:
        """What `git ls-files` lists below the root, submodules' files too."""
        import subprocess

        if find_repository(self.root) is None:
            return None
        command = ("git", "-C", self.root, "ls-files", "-z", "--recurse-submodules")
        try:
            done = subprocess.run(command, capture_output=True, check=True, timeout=60)  # noqa: S603  # a fixed command
        except (OSError, subprocess.SubprocessError):
            return None
        return frozenset(os.fsdecode(name) for name in done.stdout.split(b"\0") if name)

    def path_of(self, file: Path, folder: Path) -> str:  # noqa: ARG002  # as the protocol has it
        """The path as seen from the vault's root."""
        return os.path.relpath(file, self.root).replace(os.sep, "/")


class Selection(NamedTuple):
    """The files of a vault: all, those that are parsed, and those that are checked.

    `obsidian` are the vault's own settings.
    """

    all: list[str]
    parsed: list[str]
    checked: frozenset[str]
    obsidian: ObsidianSettings


def select_files(files: Files, table: VaultTable) -> Selection:
    """Which files of a vault are parsed and checked.

    Not checked, but still where links may lead: what the configuration excludes, what the owner
    excludes in Obsidian, and templates.
    """
    settings = obsidian_settings(files)
    paths = files.paths()
    parsed = list(filter(is_parsed, paths))
    checked = frozenset(paths)
    if settings.ignored or settings.templates or table.exclude:
        checked = frozenset(path for path in paths if _is_checked(path, settings, table.exclude))
    return Selection(paths, parsed, checked, settings)


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
