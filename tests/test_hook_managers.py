"""The hook as managers of hooks run it, and git itself, in real repositories."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from repositories import Repository, open_repository

import vaultlint

NOTES: dict[str, str | bytes] = {
    ".obsidian/app.json": "{}",
    ".gitignore": ".vaultlint_cache/\n",
    "Trade.md": "See [[Aid]] and [[never written]].\n",
    "Aid.md": "# Aid\n",
    "Ports.md": "# Ports\n",
}
COMMAND = f'"{sys.executable}" -m vaultlint check --hook'


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with a vault; hooks find this version of the program."""
    source = str(Path(vaultlint.__file__).parents[1])
    monkeypatch.setenv("PYTHONPATH", source)
    return open_repository(tmp_path, monkeypatch)


def install_git(repo: Repository) -> None:
    repo.commit(NOTES)
    for name in ("pre-commit", "pre-merge-commit"):
        hook = repo.root / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\nexec {COMMAND}\n", encoding="utf-8")
        hook.chmod(hook.stat().st_mode | stat.S_IXUSR)


def _config(stage: str = "pre-commit") -> str:
    return (
        "repos:\n  - repo: local\n    hooks:\n      - id: vaultlint\n        name: vaultlint\n"
        f"        entry: '{COMMAND}'\n        language: system\n        always_run: true\n"
        f"        pass_filenames: false\n        stages: [{stage}, manual]\n"
    )


def install_pre_commit(repo: Repository) -> None:
    if find_spec("pre_commit") is None:
        pytest.skip("pre-commit is not installed: `pip install pre-commit`")
    repo.commit({**NOTES, ".pre-commit-config.yaml": _config()})
    _run(repo, sys.executable, "-m", "pre_commit", "install")


def _program(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed: `pip install {name}`")
    return found


def install_prek(repo: Repository) -> None:
    prek = _program("prek")
    repo.commit({**NOTES, ".pre-commit-config.yaml": _config()})
    _run(repo, prek, "install")


def install_lefthook(repo: Repository) -> None:
    lefthook = _program("lefthook")
    jobs = f"pre-commit:\n  jobs:\n    - name: vaultlint\n      run: '{COMMAND}'\n"
    repo.commit({**NOTES, "lefthook.yml": jobs})
    _run(repo, lefthook, "install")


def _run(repo: Repository, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=repo.root,
        env={**repo.env, **variables},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


def commit(repo: Repository, *arguments: str) -> tuple[bool, str]:
    """Try to commit what is staged: was it done, and what was said."""
    done = repo.git("commit", "-m", "change", *arguments, check=False)
    return done.returncode == 0, done.stdout + done.stderr


MANAGERS = {
    "git": install_git,
    "pre-commit": install_pre_commit,
    "prek": install_prek,
    "lefthook": install_lefthook,
}


@pytest.mark.parametrize("manager", MANAGERS)
def test_the_hook_guards_commits(repo: Repository, manager: str) -> None:
    MANAGERS[manager](repo)
    repo.stage({"Ports.md": "# Ports\n\n[[Aid]]\n"})
    repo.write({"Ports.md": "[[not staged]]\n"})
    done, said = commit(repo)
    assert done, said
    assert "not staged" not in said
    assert (repo.root / "Ports.md").read_text(encoding="utf-8") == "[[not staged]]\n"

    repo.git("checkout", "-q", ".")
    repo.git("rm", "-q", "Aid.md")
    done, said = commit(repo)
    assert not done
    assert "also at Trade.md:1\n" in said
    assert "`Aid.md` was deleted in this commit" in said
    assert "2 errors in 2 notes checked" in said  # the commit breaks another link in Ports
    assert "no note `never written`" not in said


def test_git_with_an_index_of_its_own(repo: Repository) -> None:
    """`git commit -a` and `git commit FILE` name the index that they commit to the hook."""
    install_git(repo)
    repo.write({"Aid.md": "[[gone]]\n", "Ports.md": "[[Trade]]\n"})
    done, said = commit(repo, "Ports.md")
    assert done, said
    done, said = commit(repo, "-a")
    assert not done
    assert "no note `gone`" in said


def test_git_in_a_linked_work_tree_and_in_a_folder(repo: Repository) -> None:
    install_git(repo)
    repo.git("worktree", "add", "-q", "../linked")
    linked = Repository(repo.root.parent / "linked", repo.env)
    linked.git("rm", "-q", "Aid.md")
    done, said = commit(linked)
    assert not done
    assert "Trade.md:1:5" in said
    (repo.root / "deep").mkdir()
    repo.git("rm", "-q", "Aid.md")
    inside = Repository(repo.root / "deep", repo.env)
    assert not commit(inside)[0]


def test_a_merge(repo: Repository) -> None:
    install_git(repo)
    repo.git("checkout", "-q", "-b", "side")
    repo.git("rm", "-q", "Ports.md")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.commit({"New.md": "[[Ports]]\n"})
    done = repo.git("merge", "--no-ff", "-m", "merge", "side", check=False)
    assert done.returncode
    assert "`Ports.md` was deleted in this commit" in done.stdout + done.stderr


@pytest.mark.parametrize("manager", ["pre-commit", "prek"])
def test_what_is_pushed(repo: Repository, manager: str) -> None:
    MANAGERS[manager](repo)
    start = repo.git("rev-parse", "HEAD").stdout.strip()
    repo.git("rm", "-q", "Aid.md")
    repo.commit()
    run = (sys.executable, "-m", "pre_commit") if manager == "pre-commit" else (_program("prek"),)
    command = (*run, "run", "--hook-stage", "manual", "--from-ref", start, "--to-ref", "HEAD")
    with pytest.raises(subprocess.CalledProcessError) as raised:
        _run(repo, *command)
    assert "`Aid.md` was deleted in these commits" in raised.value.stdout
