"""The hook, run by pre-commit itself in a real repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from repositories import git_environment

ROOT = Path(__file__).parents[1]
PARTS = ("src", "rules", "docs", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")


class Repository:
    """A git repository with the hook installed."""

    def __init__(self, root: Path, env: dict[str, str]) -> None:
        self.root = root
        self.env = env

    def git(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=self.env,
            capture_output=True,
            text=True,
            check=check,
        )

    def commit(self) -> tuple[int, str]:
        """Stage all, and try to commit: the exit code, and what was said."""
        self.git("add", "-A")
        done = self.git("commit", "-m", "change", check=False)
        return done.returncode, done.stdout + done.stderr


def environment(home: Path) -> dict[str, str]:
    return {**git_environment(home), "PRE_COMMIT_HOME": str(home / "pre-commit")}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    home = tmp_path_factory.mktemp("home")
    env = environment(home)
    tool = Repository(home / "tool", env)
    tool.root.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(source, tool.root / part, ignore=ignored)
        else:
            shutil.copy(source, tool.root / part)
    tool.git("init", "-q", "-b", "main")
    assert tool.commit()[0] == 0
    tool.git("tag", "v0")
    vault = Repository(home / "vault", env)
    (vault.root / "Topics").mkdir(parents=True)
    (vault.root / ".obsidian").mkdir()
    (vault.root / ".obsidian" / "app.json").write_text("{}", encoding="utf-8")
    (vault.root / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {tool.root.as_uri()}\n    rev: v0\n    hooks:\n      - id: vaultlint\n"
        "      - id: vaultlint-all\n        stages: [manual]\n",
        encoding="utf-8",
    )
    vault.git("init", "-q", "-b", "main")
    run = (sys.executable, "-m", "pre_commit", "install", "--install-hooks")
    done = subprocess.run(run, cwd=vault.root, env=env, capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    if done.returncode and "ould not find a version" in output:
        pytest.skip(f"no package registry is in reach: {output}")
    assert done.returncode == 0, output
    return vault


def test_the_hook_guards_commits(repository: Repository) -> None:
    notes = repository.root / "Topics"
    (notes / "Trade.md").write_text("See [[Aid]].\n", encoding="utf-8")
    (notes / "Aid.md").write_text("Text.\n", encoding="utf-8")
    code, output = repository.commit()
    assert code == 0, output

    (notes / "Rates.md").write_text("See [[Tarde]].\n", encoding="utf-8")
    code, output = repository.commit()
    assert code == 1
    assert "broken-link (VL101): no note `Tarde`; did you mean `Trade`?" in output
    assert "--> Topics/Rates.md:1:5\n" in output
    (notes / "Rates.md").write_text("See [[Trade]].\n", encoding="utf-8")
    code, output = repository.commit()
    assert code == 0, output

    (notes / "Aid.md").unlink()
    code, output = repository.commit()
    assert code == 1
    assert "--> Topics/Trade.md:1:5\n" in output
    assert "`Topics/Aid.md` was deleted in this commit" in output

    whole = (sys.executable, "-m", "pre_commit", "run", "vaultlint-all", "--hook-stage", "manual")
    done = subprocess.run(
        whole,
        cwd=repository.root,
        env=repository.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Topics/Trade.md:1:5: VL101 broken-link no note `Aid`" in done.stdout
