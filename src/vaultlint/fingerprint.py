"""Short values that are equal only where what they stand for is: the tool, files, git's index.

Nothing here imports anything large: it is part of every run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b

from vaultlint import __version__
from vaultlint.locate import find_repository

#: Packages whose version decides what is found.
_LIBRARIES = ("mistune-", "msgspec-", "python_frontmatter-", "pyyaml-", "rapidfuzz-")

#: What an absent file has in place of a digest.
ABSENT = b""


def digest(data: bytes) -> bytes:
    """The digest by which contents are compared."""
    return blake2b(data, digest_size=16).digest()


def digest_of(values: object) -> bytes:
    """The digest of plain values: texts, numbers, and sequences and mappings of them."""
    return digest(repr(values).encode("utf-8", "surrogateescape"))


def digest_file(path: str) -> bytes:
    """The digest of a file's bytes; `ABSENT` where there is no such file, or it cannot be read."""
    try:
        if not os.path.isfile(path):  # a device may have no end
            return ABSENT
        with open(path, "rb", buffering=0) as file:
            return digest(file.readall())
    except (OSError, ValueError):  # a damaged snapshot may hold a path that is none
        return ABSENT


def tool_key() -> bytes:
    """What stands for this program: its code, its rules, the libraries that decide, and Python.

    An installed package is known by the digests that its installer wrote down, so that the same
    version has the same key everywhere; a checkout by the times of its files.
    """
    package = os.path.dirname(os.path.abspath(__file__))
    site = os.path.dirname(package)
    record = os.path.join(site, f"vaultlint-{__version__}.dist-info", "RECORD")
    if os.path.isfile(record):
        own: object = digest_file(record)
    else:
        rules = os.path.join(os.path.dirname(site), "rules")
        own = [*_stats(package, (".py", ".gz", ".json", ".yaml")), *_stats(rules, (".yaml",))]
    return digest_of((own, sys.version_info[:3], sorted(_libraries())))


def _stats(folder: str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(files):
            if name.endswith(suffixes):
                stat = os.stat(os.path.join(path, name))
                yield name, stat.st_size, stat.st_mtime_ns


def _libraries() -> Iterator[str]:
    """The names of installed libraries with their versions, as their folders have them."""
    import msgspec

    site = os.path.dirname(os.path.dirname(os.path.abspath(msgspec.__file__)))
    for name in os.listdir(site):
        if name.lower().startswith(_LIBRARIES) and name.endswith(".dist-info"):
            yield name.lower()


def index_key(root: str) -> bytes:
    """What stands for the vault's name, and the files that git knows, without asking it."""
    name = os.path.basename(os.path.realpath(root))
    repository = find_repository(root)
    if repository is None:
        return digest_of(name)
    folder = os.path.join(repository, ".git")
    if os.path.isfile(folder):
        with suppress(OSError), open(folder, encoding="utf-8", errors="surrogateescape") as file:
            folder = os.path.join(repository, file.read().partition("gitdir:")[2].strip())
    own = os.environ.get("GIT_INDEX_FILE", "")  # so git has it in hooks
    index = os.path.join(repository, own) if own else os.path.join(folder, "index")
    return digest_of([name, os.path.relpath(root, repository), _stat(index), *_indexes(folder)])


def _indexes(folder: str) -> Iterator[tuple[int, int, int] | None]:
    """The stats of the indexes of the submodules in `modules`."""
    modules = os.path.join(folder, "modules")
    if os.path.isdir(modules):
        for path, folders, files in os.walk(modules):
            if "index" in files:
                folders[:] = [name for name in folders if name == "modules"]
                yield _stat(os.path.join(path, "index"))
                yield from _indexes(path)


def _stat(path: str) -> tuple[int, int, int] | None:
    try:
        stat = os.stat(path)
    except (OSError, ValueError):
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def snapshot_name(root: str, anchor: str, options: Iterable[object]) -> str:
    """The name of the snapshot of a vault that is checked with some options.

    Paths count from `anchor`, the cache's own surroundings, so that the name is the same where both
    have been moved.
    """
    try:
        place = os.path.relpath(root, anchor).replace(os.sep, "/")
    except ValueError:  # on another drive
        place = root
    return digest_of((place, list(options))).hex()[:24]
