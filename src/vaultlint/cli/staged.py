"""What a hook guards: which files change, in which vaults, and whether any of that can matter.

Nothing here imports anything large: most hooks end with it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from vaultlint.cli.located import Located, Options, find_vault, locate_config, shown_path
from vaultlint.git import Change, GitError, Repository
from vaultlint.locate import FILE_NAMES, find_nested_vaults, is_vault

#: Ends of files that count by being there: what is in them decides nothing. No configuration names
#: such a file, as it may name any other.
_OPAQUE = (
    ".avif .bmp .gif .heic .ico .jpeg .jpg .png .svg .tif .tiff .webp "
    ".3gp .flac .m4a .mkv .mov .mp3 .mp4 .ogg .ogv .opus .wav .webm "
    ".docx .epub .gz .odt .pdf .pptx .tar .xlsx .zip "
    ".c .cpp .css .go .h .html .ipynb .java .js .jsx .lock .lua .php .py .r .rb .rs .sh .sql "
    ".tex .ts .tsx"
)
_OPAQUE_SUFFIXES = tuple(_OPAQUE.split())
#: The variables by which pre-commit and prek tell what is pushed, or was asked for.
_FROM, _TO = "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"


class Step(NamedTuple):
    """The change that a hook guards: `changes` lead from a commit to another, or to the index.

    `old` is the id of the commit before (empty: there is none), `new` that of the commit after;
    None: the index. `name` is what messages call it.
    """

    changes: Sequence[Change]
    old: str
    new: str | None
    name: str


def read_step(repository: Repository) -> Step:
    """What is about to be committed, or pushed. Raises GitError."""
    start, end = os.environ.get(_FROM, ""), os.environ.get(_TO, "")
    if not (start and end):
        return Step(repository.changes("--cached"), "HEAD", None, "this commit")
    new, old = repository.find_commit(end), repository.find_commit(start)
    if new is None:
        raise GitError(f"{_TO}: git knows no commit `{end}`")
    if not start.strip("0"):
        empty = repository.ask("hash-object", "-t", "tree", os.devnull).decode().strip()
        return Step(repository.changes(empty, new), "", new, "these commits")
    if old is None:
        raise GitError(f"{_FROM}: git knows no commit `{start}`")
    base = repository.find_merge_base(old, new) or old
    return Step(repository.changes(base, new), base, new, "these commits")


def is_seen(change: Change, place: str, *, configured: bool) -> bool:
    """Can a change matter to the vault in a folder of the repository?

    `configured`: it has a configuration, which may name files anywhere.
    """
    for path in {change.path, change.old}:
        if path.rpartition("/")[2] in FILE_NAMES:
            return True
        inside = f"{place}/" if place else ""
        in_vault = path.startswith(inside)
        seen_from_vault = path[len(inside) :] if in_vault else path
        is_opaque = path.lower().endswith(_OPAQUE_SUFFIXES)
        if seen_from_vault.startswith(".obsidian/") and in_vault:
            from vaultlint.obsidian import SETTINGS_FILES

            if seen_from_vault.removeprefix(".obsidian/") in SETTINGS_FILES:
                return True
        elif not in_vault or seen_from_vault.startswith(".") or "/." in seen_from_vault:
            if configured and not is_opaque:
                return True
        elif change.status not in "MT" or not is_opaque:
            return True
    return False


def find_vaults(
    repository: Repository, changes: Iterable[Change], options: Options
) -> list[Located]:
    """The vaults of changed files, each once.

    Files in no vault belong to that of the whole repository, where it holds no other vaults.
    """
    folders = {os.path.dirname(path) for change in changes for path in {change.path, change.old}}
    top = repository.top
    places = {_existing(os.path.join(top, folder) if folder else top) for folder in folders}
    found: dict[str, Located] = {}
    for place in sorted(places):
        vault = find_vault(place, options)
        if vault.root not in found and not _is_shelf(vault, repository):
            config = locate_config(vault.root, options) or vault.config
            found[vault.root] = vault._replace(config=config)
    return list(found.values())


def _existing(folder: str) -> str:
    """A folder, or the nearest one above it that is there: its files may all be deleted."""
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def _is_shelf(vault: Located, repository: Repository) -> bool:
    """Is it a repository that is no vault, but holds some?"""
    if vault.config is not None or is_vault(vault.root) or vault.root != repository.top:
        return False
    return bool(find_nested_vaults(vault.root))


def place_of(vault: Located, repository: Repository) -> str:
    """The folder of a vault in its repository; empty for the top. Raises GitError."""
    place = os.path.relpath(os.path.realpath(vault.root), repository.top).replace(os.sep, "/")
    if place.startswith(".."):
        raise GitError(
            f"the vault `{shown_path(vault.root)}` is not within the git repository"
            f" `{shown_path(repository.top)}`"
        )
    return "" if place == "." else place


def find_repository(start: str) -> Repository:
    """The repository of a path. Raises GitError."""
    repository = Repository.find(start)
    if repository is None:
        raise GitError(f"`{shown_path(start)}` is in no git repository")
    return repository


def has_nothing_to_do() -> bool:
    """Does a hook without further options end here? Raises GitError."""
    repository = find_repository(os.getcwd())
    changes = read_step(repository).changes
    return not changes or not any(
        is_seen(change, place_of(vault, repository), configured=vault.config is not None)
        for vault in find_vaults(repository, changes, Options())
        for change in changes
    )
