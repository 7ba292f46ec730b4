"""The files of a folder with what the file system says of them, in one walk.

Nothing here imports anything large: it is part of every run.
"""

from __future__ import annotations

import os
from time import time_ns
from typing import NamedTuple

#: Files that are parsed: notes, canvases, bases, bibliographies.
PARSED_SUFFIXES = (".md", ".canvas", ".base", ".bib")


class Listing(NamedTuple):
    """All files below a folder but those below a name that begins with a dot, in a stable order.

    `paths` are relative with `/`. `stats` are the size in bytes, mtime_ns and inode of those that
    are parsed, in turn; `folders` path, mtime_ns and inode of every folder, its parent first;
    `taken_at` nanoseconds since 1970, before the walk began.
    """

    paths: list[str]
    stats: list[int]
    folders: list[tuple[str, int, int]]
    taken_at: int


def list_files(root: str) -> Listing:
    """Walk a folder.

    Links to folders are followed unless their target overlaps the vault; links to files and what is
    no regular file are left out (rule V7).
    """
    listing = Listing([], [], [], time_ns())
    _walk(root, "", listing, {os.path.realpath(root)})
    return listing


def _walk(folder: str, prefix: str, listing: Listing, seen: set[str]) -> None:
    paths, stats, folders, _ = listing
    try:
        own = os.stat(folder)
        with os.scandir(folder) as entries:
            found = sorted(entries, key=_name)
    except OSError:
        return
    folders.append((prefix, own.st_mtime_ns, own.st_ino))
    for entry in found:
        name = entry.name
        if name[0] == ".":
            continue
        if entry.is_file(follow_symlinks=False):
            if name.endswith(PARSED_SUFFIXES) or name.lower().endswith(PARSED_SUFFIXES):
                try:
                    stat = entry.stat()
                except OSError:
                    continue
                stats += (stat.st_size, stat.st_mtime_ns, stat.st_ino)
            paths.append(prefix + name)
        elif entry.is_symlink():
            if entry.is_dir() and _is_outside(entry.path, seen):
                _walk(entry.path, f"{prefix}{name}/", listing, seen)
        elif entry.is_dir():
            _walk(entry.path, f"{prefix}{name}/", listing, seen)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _is_outside(path: str, seen: set[str]) -> bool:
    """Does a link lead to a folder that neither holds nor lies in one walked before?"""
    real = os.path.realpath(path)
    for known in seen:
        if os.path.commonpath((real, known)) in (real, known):
            return False
    seen.add(real)
    return True


def is_parsed(path: str) -> bool:
    """Is a file one that is parsed, by its name?"""
    return path.endswith(PARSED_SUFFIXES) or path.lower().endswith(PARSED_SUFFIXES)
