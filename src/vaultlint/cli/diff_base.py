"""The commit that findings are compared with: as it is named, or as a CI service tells it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from vaultlint.git import GitError, Repository
from vaultlint.model import UserError

_DEEPER = (
    "let the checkout fetch all commits (`fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` of"
    " GitLab, else `git fetch --unshallow`)"
)


class Base(NamedTuple):
    """A commit to compare with, and what messages call it."""

    commit: str
    name: str


def find_base(repository: Repository, ref: str | None) -> Base:
    """Where the history of HEAD and that of a commit part.

    `ref` names the commit; None: the CI service, or the hook, does. Raises UserError.
    """
    option = "--diff-base" if ref is None else "--since"
    names = list(_told()) if ref is None else [ref]
    if not names:
        raise UserError(
            "--diff-base: no variable of GitHub, GitLab or pre-commit names a commit to compare"
            " with: write `--since REF`"
        )
    found = ((name, repository.find_commit(name)) for name in names)
    name, commit = next((each for each in found if each[1]), (names[0], None))
    if commit is None:
        raise GitError(f"{option}: {_tell_missing(repository, name)}")
    head = repository.find_commit("HEAD")
    if head is None:
        raise GitError(f"{option}: the repository has no commit yet")
    base = repository.find_merge_base(commit, head)
    if base is None and repository.is_shallow():
        raise GitError(f"{option}: this clone is too shallow to compare with `{name}`: {_DEEPER}")
    if base is None:
        raise GitError(f"{option}: `{name}` and HEAD have no commit in common")
    return Base(base, name[:12] if name == commit else name)


def _tell_missing(repository: Repository, name: str) -> str:
    if repository.is_shallow():
        return f"this clone is shallow and has no commit `{name}`: {_DEEPER}"
    from vaultlint.nearest import did_you_mean

    refs = repository.ask("for-each-ref", "--format=%(refname:short)").decode("utf-8", "replace")
    near = did_you_mean(name, refs.split())
    return f"git knows no commit `{name}`{near or ': fetch it, or name another'}"


def _told() -> Iterator[str]:
    """The commits that variables name, the one that is meant first."""
    told = os.environ.get
    if told("PRE_COMMIT_FROM_REF"):
        yield from _real(told("PRE_COMMIT_FROM_REF"))
    elif told("GITHUB_EVENT_PATH") or told("GITHUB_BASE_REF"):
        yield from _told_by_github()
    elif told("CI_COMMIT_SHA") or told("CI_COMMIT_BEFORE_SHA"):
        yield from _real(told("CI_MERGE_REQUEST_DIFF_BASE_SHA"), told("CI_COMMIT_BEFORE_SHA"))
        if branch := told("CI_DEFAULT_BRANCH"):
            yield f"origin/{branch}"


def _told_by_github() -> Iterator[str]:
    event = _read_event(os.environ.get("GITHUB_EVENT_PATH", ""))
    if branch := os.environ.get("GITHUB_BASE_REF"):
        yield f"origin/{branch}"
    yield from _real(
        _at(event, "pull_request", "base", "sha"),
        _at(event, "merge_group", "base_sha"),
        _at(event, "before"),
    )
    if default := _at(event, "repository", "default_branch"):
        yield f"origin/{default}"


def _read_event(path: str) -> Any:
    if not path:
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise UserError(f"GITHUB_EVENT_PATH: `{path}` cannot be read: {error}") from error


def _at(event: Any, *keys: str) -> str | None:
    for key in keys:
        event = event.get(key) if isinstance(event, dict) else None
    return event if isinstance(event, str) else None


def _real(*names: str | None) -> Iterator[str]:
    """Names that are there, but for ids of zeros, which stand for no commit."""
    return (name for name in names if name and name.strip("0"))
