"""The files of a vault as a commit or git's index has them: nothing is checked out."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from time import time_ns

from vaultlint.discover import DiskFiles
from vaultlint.git import LINK, SUBMODULE, Contents, Entry, Repository, below
from vaultlint.listing import Listing, is_parsed, list_files


class Tree:
    """A commit, or the index where `commit` is None; empty, where it is "".

    `unlike` are the files of the work tree that are other than in it, `absent` those of the index
    that are only meant to be added.
    """

    def __init__(self, repository: Repository, commit: str | None) -> None:
        self.repository = repository
        self.commit = commit
        trees = (commit,) if commit else ()
        changes = [] if commit == "" else repository.changes(*trees, renames=False)
        self.unlike = frozenset(change.path for change in changes)
        self.absent = frozenset(
            change.path for change in changes if commit is None and change.status == "A"
        )

    def entries(self, folder: str) -> Iterator[Entry]:
        """All files below a folder."""
        if self.commit == "":
            return iter(())
        if self.commit is not None:
            return self.repository.commit_entries(self.commit, folder)
        staged = self.repository.staged_entries(folder)
        return (entry for entry in staged if entry.path not in self.absent)

    def name_of(self, path: str) -> str | None:
        """What git calls the content of a path."""
        return None if self.commit == "" else f"{self.commit or ''}:{path}"


class TreeFiles(DiskFiles):
    """The files of a vault in a tree.

    Read from the disk are those that are the same there, what git ignores or other repositories
    hold below the vault, for no tree of this one can tell, and, without a `settings_root`, those of
    `.obsidian/`.
    """

    def __init__(
        self, root: str, tree: Tree, contents: Contents, *, settings_root: str | None = None
    ) -> None:
        """`root` is the vault's folder on the disk, which need not be there.

        `settings_root` stands for it where settings are read that the tree has.
        """
        super().__init__(root)
        self._tree = tree
        self._contents = contents
        self._settings_root = settings_root
        self._real = os.path.realpath(root)
        place = os.path.relpath(self._real, tree.repository.top).replace(os.sep, "/")
        self._place = "" if place == "." else place
        self._ids: dict[str, str] = {}
        self._tracked: set[str] = set()

    def refresh(self) -> None:
        """A tree stays as it is."""

    def listing(self) -> Listing:
        """The files, in the order that they have on a disk."""
        if self._listing is None:
            self._listing = self._list()
        return self._listing

    def _list(self) -> Listing:
        taken_at = time_ns()
        stats: dict[str, tuple[int, int, int]] = {}
        self._add_entries(self._place, "", stats, [self._real])
        self._tracked = set(stats)
        for path in below(self._tree.repository.beside(self._place, ignored=True), self._place):
            if _is_hidden(path) or path in stats or os.path.islink(self._disk(path)):
                continue
            if path.endswith("/"):
                self._add_folder(path[:-1], stats)
            else:
                self._add_from_disk(path, stats)
        paths = sorted(stats, key=lambda path: path.split("/"))
        numbers = [number for path in filter(is_parsed, paths) for number in stats[path]]
        return Listing(paths, numbers, [], taken_at)

    def _add_entries(
        self, folder: str, prefix: str, stats: dict[str, tuple[int, int, int]], seen: list[str]
    ) -> None:
        """Add the files below a folder of the tree to those below `prefix` in the vault."""
        for entry in self._tree.entries(folder):
            for inside in below((entry.path,), folder):
                if not _is_hidden(inside):
                    self._add_entry(entry, prefix + inside, stats, seen)

    def _add_entry(
        self, entry: Entry, path: str, stats: dict[str, tuple[int, int, int]], seen: list[str]
    ) -> None:
        if entry.mode == LINK:
            self._follow(entry, path, stats, seen)
        elif entry.mode == SUBMODULE:
            self._add_folder(path, stats)
        elif entry.path in self._tree.unlike or not self._add_from_disk(path, stats):
            self._ids[path] = entry.id
            stats[path] = int(entry.id[:15], 16), 0, int(entry.id[15:30], 16)

    def _add_from_disk(self, path: str, stats: dict[str, tuple[int, int, int]]) -> bool:
        try:
            stat = os.stat(self._disk(path))
        except (OSError, ValueError):
            return False
        stats[path] = stat.st_size, stat.st_mtime_ns, stat.st_ino
        return True

    def _add_folder(self, path: str, stats: dict[str, tuple[int, int, int]]) -> None:
        for name in list_files(self._disk(path)).paths:
            self._add_from_disk(f"{path}/{name}", stats)

    def _follow(
        self, entry: Entry, path: str, stats: dict[str, tuple[int, int, int]], seen: list[str]
    ) -> None:
        """Add what a link to a folder leads to, unless that overlaps what was walked (rule V7)."""
        target = os.fsdecode(self._contents.read(entry.id) or b"")
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), target))
        top = self._tree.repository.top
        real = os.path.normpath(os.path.join(top, folder))
        overlaps = any(os.path.commonpath((real, known)) in (real, known) for known in seen)
        is_outside = posixpath.isabs(target) or folder.startswith("../")
        if overlaps or not (os.path.isdir(real) if is_outside else self._has_folder(folder)):
            return
        seen.append(real)
        if is_outside:
            self._add_folder(path, stats)
        else:
            self._add_entries(folder, f"{path}/", stats, seen)

    def _has_folder(self, folder: str) -> bool:
        paths = (entry.path for entry in self._tree.entries(folder))
        return any(below(paths, folder))

    def _disk(self, path: str) -> str:
        return f"{self.root}/{path}"

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises OSError."""
        self.listing()
        if path in self._ids:
            name: str | None = self._ids[path]
        elif path in self._tracked or (
            path.startswith(".obsidian/") and self._settings_root is None
        ):
            return super().read(path)
        else:
            place = posixpath.normpath(posixpath.join(self._place, path))
            if place.startswith("../"):
                return super().read(path)
            name = self._tree.name_of(place)
        data = None if name is None else self._contents.read(name)
        if data is not None:
            return data
        if path in self.listing().paths:
            return super().read(path)
        raise FileNotFoundError(2, "No such file or directory", path)

    def path_of(self, file: Path, folder: Path) -> str:
        """The path as seen from the vault's root."""
        if self._settings_root is None:
            return super().path_of(file, folder)
        return os.path.relpath(file, self._settings_root).replace(os.sep, "/")

    def sizes(self) -> Mapping[str, int]:
        """The bytes that each parsed file has."""
        return _Sizes(self.listing().paths, self._size)

    def _size(self, path: str) -> int:
        try:
            return len(self.read(path)) if path in self._ids else os.stat(self._disk(path)).st_size
        except OSError:
            return 0

    def tracked(self) -> frozenset[str]:
        """All files but those that git ignores."""
        self.listing()
        return frozenset(self._tracked)


class _Sizes(Mapping[str, int]):
    """The sizes of files, asked one by one: most runs need few."""

    def __init__(self, paths: Collection[str], size: Callable[[str], int]) -> None:
        self._paths = paths
        self._size = size

    def __getitem__(self, path: str) -> int:
        return self._size(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _is_hidden(path: str) -> bool:
    return path.startswith(".") or "/." in path
