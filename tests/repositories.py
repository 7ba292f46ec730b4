"""Git repositories for tests."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import Vault


def git_environment(home: Path) -> dict[str, str]:
    """An environment in which git knows nothing of who runs the tests, and of no hook."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "PRE_COMMIT", "GITHUB_", "CI_"))
    }
    return {
        **clean,
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
        "GIT_ALLOW_PROTOCOL": "file",
    }


class Found(NamedTuple):
    """A finding as a hook tells it: where, which rule, and what caused it."""

    path: str
    rule: str
    cause: str


class Repository(Vault):
    """A repository, which is the current folder of the tests that run commands in it."""

    def __init__(self, root: Path, env: Mapping[str, str]) -> None:
        super().__init__(root)
        self.env = dict(env)

    def git(
        self, *arguments: str, check: bool = True, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run git."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env={**self.env, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def init(self) -> None:
        """Make the repository."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def stage(self, files: Mapping[str, str | bytes] | None = None) -> None:
        """Write files, and stage all that is there."""
        self.write(files or {})
        self.git("add", "-A")

    def commit(self, files: Mapping[str, str | bytes] | None = None) -> str:
        """Write files, and commit all that is there; gives the commit's id."""
        self.stage(files)
        self.git("commit", "-q", "--no-verify", "-m", "change")
        return self.git("rev-parse", "HEAD").stdout.strip()

    def hook(self, *arguments: str) -> list[Found]:
        """What `check --hook` finds, in order."""
        result = self.run("check", "--hook", "--output-format", "json", *arguments)
        assert result.exit_code in (0, 1), result.output
        data: dict[str, Any] = json.loads(result.stdout)
        grave = any(found["severity"] != "info" for found in data["findings"])
        assert result.exit_code == grave
        return [
            Found(
                found["path"],
                found["rule"],
                found["related"][-1]["message"] if found["related"] else "",
            )
            for found in data["findings"]
        ]

    def messages(self, *arguments: str) -> list[str]:
        """What `check --hook` says of each finding."""
        result = self.run("check", "--hook", "--output-format", "json", *arguments)
        return [found["message"] for found in json.loads(result.stdout)["findings"]]


def open_repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A new repository below a folder, which becomes the current one, in a neutral environment."""
    env = git_environment(folder)
    for name in set(os.environ) - set(env):
        monkeypatch.delenv(name)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    repository = Repository(folder / "repo", env)
    repository.init()
    monkeypatch.chdir(repository.root)
    return repository
