"""Asks git what has changed, and what commits and the index hold. It writes nothing.

Nothing here imports anything large: a hook that has nothing to do ends with it. Paths are relative
to the top of the repository's work tree, with `/`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from vaultlint.locate import find_repository
from vaultlint.model import UserError

if TYPE_CHECKING:
    from subprocess import Popen

#: Modes of entries that are no files: links, and other repositories.
LINK, SUBMODULE = "120000", "160000"
#: So many bytes of contents are kept, so that what is read to be measured is not read again.
_KEPT = 64_000_000
#: Variables by which git tells a hook where the repository is.
_PLACES = ("GIT_DIR", "GIT_WORK_TREE")


class GitError(UserError):
    """Git cannot be asked, or refuses to answer."""


class Change(NamedTuple):
    """A file that differs between two trees.

    `status` is git's letter: A, M, D, R, C, T or U. `old` is the path that a renamed or copied file
    had, else `path`. `is_same`: it was renamed or copied without any other change.
    """

    status: str
    path: str
    old: str
    is_same: bool = False


class Entry(NamedTuple):
    """A file of a tree: its mode, the id of its content, and its path."""

    mode: str
    id: str
    path: str


class Repository:
    """A repository with a work tree, whose top is `top`, without symbolic links."""

    def __init__(self, top: str, folder: str) -> None:
        """`folder` is where git is asked."""
        self.top = top
        self._folder = folder

    @classmethod
    def find(cls, start: str) -> Repository | None:
        """The repository of a path; that of the hook that runs, where git names it.

        Raises GitError.
        """
        if any(os.environ.get(name) for name in _PLACES):
            here = os.getcwd()
            top = cls("", here).ask("rev-parse", "--show-toplevel").rstrip(b"\n")
            return cls(os.path.realpath(os.fsdecode(top)), here)
        found = find_repository(os.path.realpath(start))
        return None if found is None else cls(found, found)

    def ask(self, *arguments: str) -> bytes:
        """What a git command prints. Raises GitError."""
        code, out, said = self._run(*arguments)
        if code:
            raise GitError(f"git {arguments[0]}: {said}")
        return out

    def _run(self, *arguments: str) -> tuple[int, bytes, str]:
        import subprocess

        command = ("git", *arguments)
        try:
            done = subprocess.run(  # noqa: S603  # no shell, and no option comes from a user
                command,
                cwd=self._folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}") from error
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return done.returncode, done.stdout, lines[0] if lines else f"exit code {done.returncode}"

    def find_commit(self, ref: str) -> str | None:
        """The id of the commit that a name stands for."""
        if not ref or ref.startswith("-") or "\0" in ref:
            return None
        code, out, _ = self._run("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        return None if code else out.decode().strip()

    def find_merge_base(self, one: str, other: str) -> str | None:
        """The id of the commit where the histories of two commits part."""
        code, out, _ = self._run("merge-base", one, other)
        return None if code else out.decode().strip()

    def is_shallow(self) -> bool:
        """Does it lack older commits?"""
        return self.ask("rev-parse", "--is-shallow-repository").strip() == b"true"

    def changes(self, *trees: str, renames: bool = True) -> list[Change]:
        """What `git diff` lists between trees, `--cached` among them; without any: not staged."""
        how = "-M" if renames else "--no-renames"
        out = self.ask("diff", "--name-status", "-z", how, "--no-relative", *trees, "--")
        return list(_read_changes(out))

    def beside(self, folder: str, *, ignored: bool) -> list[str]:
        """The files below a folder that git does not track: those it ignores, or all others."""
        which = ("--ignored",) if ignored else ()
        return self._list("ls-files", "-z", "--others", *which, "--exclude-standard", folder=folder)

    def _list(self, *arguments: str, folder: str) -> list[str]:
        place = f":(top,literal){folder}" if folder else ":(top)"
        out = self.ask(*arguments, "--full-name", "--", place)
        return [os.fsdecode(name) for name in out.split(b"\0") if name]

    def staged_entries(self, folder: str) -> Iterator[Entry]:
        """The files of the index below a folder; of unmerged ones that of the current branch."""
        for line in self._list("ls-files", "-z", "--stage", folder=folder):
            head, _, path = line.partition("\t")
            mode, id, stage = head.split(" ")
            if stage in ("0", "2"):
                yield Entry(mode, id, path)

    def commit_entries(self, commit: str, folder: str) -> Iterator[Entry]:
        """The files of a commit below a folder."""
        place = (f"{folder}/",) if folder else ()
        out = self.ask("ls-tree", "-r", "-z", "--full-tree", commit, *place)
        for line in out.split(b"\0"):
            head, _, path = line.partition(b"\t")
            if path:
                mode, _, id = head.decode().split(" ")
                yield Entry(mode, id, os.fsdecode(path))

    def start(self, *arguments: str) -> Popen[bytes]:
        """Start a git command that is asked on its standard input. Raises GitError."""
        import subprocess

        command = ("git", *arguments)
        try:
            return subprocess.Popen(  # noqa: S603  # no shell, and no option comes from a user
                command,
                cwd=self._folder,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}") from error


def _environment() -> dict[str, str]:
    """Our own, but that git does not write what it finds out of the index into it."""
    return {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}


def _read_changes(out: bytes) -> Iterator[Change]:
    fields = iter(os.fsdecode(field) for field in out.split(b"\0"))
    for status in fields:
        if status:
            old = path = next(fields)
            if status[0] in "RC":
                path = next(fields)
            yield Change(status[0], path, old, is_same=status[1:] == "100")


class Contents:
    """Reads contents out of a repository, by ids or as `<commit>:<path>`, each once.

    A process that was forked from this one asks a git of its own.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._git: Popen[bytes] | None = None
        self._owner = 0
        self._kept: dict[str, bytes] = {}
        self._size = 0

    def read(self, name: str) -> bytes | None:
        """The bytes of a content; None where there is none of the name. Raises GitError."""
        if name in self._kept:
            return self._kept[name]
        if "\n" in name:
            return None
        data = self._ask(name)
        if data is not None and self._size + len(data) <= _KEPT:
            self._kept[name] = data
            self._size += len(data)
        return data

    def _ask(self, name: str) -> bytes | None:
        if self._git is None or self._owner != os.getpid():
            self._git = self._repository.start("cat-file", "--batch")
            self._owner = os.getpid()
        ask, answer = self._git.stdin, self._git.stdout
        assert ask is not None
        assert answer is not None
        try:
            ask.write(os.fsencode(name) + b"\n")
            ask.flush()
        except OSError as error:
            raise GitError(f"git cat-file: {error.strerror}") from error
        head = answer.readline().split()
        if not head:
            raise GitError("git cat-file ended before it had answered")
        if len(head) != 3 or head[1] not in (b"blob", b"tree", b"commit", b"tag"):
            return None
        data = answer.read(int(head[2]) + 1)[:-1]
        return data if head[1] == b"blob" else None

    def close(self) -> None:
        """End the git that was asked."""
        if self._git is not None and self._owner == os.getpid():
            self._git.communicate()
        self._git = None


def below(paths: Iterable[str], folder: str) -> Iterator[str]:
    """Of some paths those below a folder, as seen from it."""
    start = f"{folder}/" if folder else ""
    return (path[len(start) :] for path in paths if path.startswith(start))
