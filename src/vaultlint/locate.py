"""Where things are: the configuration of a path, and the root of its vault.

Nothing here parses or imports anything large: it is part of every run.
"""

from __future__ import annotations

import os
from collections.abc import Callable

#: The names of configuration files, the first found in a folder wins.
FILE_NAMES = ("vaultlint.toml", ".vaultlint.toml", "pyproject.toml")

#: How deep below a folder that is in no vault vaults are looked for.
_DEPTH = 5


def find_config(start: str) -> str | None:
    """The nearest configuration file in a folder (an absolute path) or above it."""

    def has_config(folder: str) -> bool:
        return _config_in(folder) is not None

    folder = upwards(start, has_config)
    return None if folder is None else _config_in(folder)


def _config_in(folder: str) -> str | None:
    for name in FILE_NAMES:
        path = os.path.join(folder, name)
        if os.path.isfile(path) and (name != "pyproject.toml" or _is_ours(path)):
            return path
    return None


def _is_ours(pyproject: str) -> bool:
    try:
        with open(pyproject, "rb") as file:
            return b"[tool.vaultlint" in file.read()
    except OSError:
        return False


def find_root(start: str, config: str | None, root: str) -> str:
    """The folder where the vault of a path begins.

    The configuration's `root`, else the nearest folder upwards with `.obsidian/`, else the
    configuration's folder, else the git repository's, else the path itself. Paths are absolute.
    """
    folder = start if os.path.isdir(start) else os.path.dirname(start)
    if config is not None and root:
        return os.path.realpath(os.path.join(os.path.dirname(config), root))
    obsidian = upwards(folder, is_vault)
    if obsidian is not None:
        return obsidian
    if config is not None:
        return os.path.dirname(config)
    return find_repository(folder) or folder


def find_repository(folder: str) -> str | None:
    """The nearest folder upwards that is the top of a git repository or worktree."""
    return upwards(folder, lambda path: os.path.exists(os.path.join(path, ".git")))


def find_nested_vaults(folder: str) -> list[str]:
    """The outermost folders with `.obsidian/` at most five levels below a folder."""
    found: list[str] = []
    base = folder.rstrip(os.sep).count(os.sep)
    for path, folders, _ in os.walk(folder):
        if ".obsidian" in folders:
            found.append(path)
            folders.clear()
        elif path.rstrip(os.sep).count(os.sep) - base >= _DEPTH:
            folders.clear()
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "node_modules")
    return found


def is_vault(folder: str) -> bool:
    """Does a folder have Obsidian's own settings?"""
    return os.path.isdir(os.path.join(folder, ".obsidian"))


def upwards(folder: str, holds: Callable[[str], bool]) -> str | None:
    """The nearest folder, from one on upwards, of which something holds."""
    while not holds(folder):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder
