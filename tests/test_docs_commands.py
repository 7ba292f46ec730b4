"""Every command line in the documentation runs, and prints what the documentation shows.

A `console` block holds lines `$ command` with the output below them; commands run at the root of
the repository. In the output `…` alone on a line stands for any lines, elsewhere for any text.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from repositories import Repository, git_environment

from vaultlint.cli import main

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
CI_BLOCK = re.compile(r"^ *```(?:sh|yaml)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
COMPARES = re.compile("--(?:hook|since|diff-base)")
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """A command line and the output shown for it."""

    page: str
    command: str
    output: list[str]


def examples() -> list[Example]:
    found = []
    for page in PAGES:
        for block in BLOCK.findall(page.read_text(encoding="utf-8")):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, *output = part.rstrip("\n").split("\n")
                found.append(Example(page.name, command, output))
    return found


def test_there_are_examples() -> None:
    assert {example.page for example in examples()} >= {"README.md", "configuration.md"}


@pytest.mark.parametrize("example", examples(), ids=lambda e: f"{e.page}: {e.command}")
def test_the_example_is_true(example: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    program, *arguments = shlex.split(example.command)
    assert program == "vaultlint"
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code in (0, 1), result.output
    assert re.fullmatch(pattern(example.output), result.output), result.output


def make_history(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a folder be a repository with a commit, which all names in the documentation stand for."""
    repository = Repository(folder, git_environment(folder))
    repository.init()
    commit = repository.commit()
    repository.git("tag", "v1.0")
    repository.git("update-ref", "refs/remotes/origin/main", commit)
    monkeypatch.setenv("CI_COMMIT_BEFORE_SHA", commit)


def commands() -> list[tuple[str, str]]:
    """The page and command line of each `vaultlint` in a block of shell or of a CI's YAML."""
    return [
        (page.name, line)
        for page in PAGES
        for block in CI_BLOCK.findall(page.read_text(encoding="utf-8"))
        for line in re.findall(r"^\s*(?:- )?(?:run: )?(vaultlint .*)$", block, re.MULTILINE)
    ]


@pytest.mark.parametrize(("page", "line"), commands())
def test_the_command_line_runs(
    page: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a copy of the example, whatever it finds there; what it is piped to is not tried."""
    shutil.copytree(ROOT / "examples" / "css-notes", tmp_path / "notes")
    monkeypatch.chdir(tmp_path / "notes")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    if COMPARES.search(line):
        make_history(tmp_path / "notes", monkeypatch)
    line = os.path.expandvars(line.partition(" | ")[0].partition("  #")[0])
    program, *arguments = shlex.split(line)
    assert program == "vaultlint"
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code in (0, 1), f"{page}: {result.output}"


def pattern(lines: list[str]) -> str:
    """The output shown as an expression; `…` at the start of a cut line is text, not a gap."""
    parts = []
    for line in lines:
        if line == "…":
            parts.append(r"(?:.*\n)*?")
        elif re.match(r"\d+ \| ", line):
            parts.append(re.escape(line) + r"\n")
        else:
            parts.append(re.escape(line).replace("…", ".*?") + r"\n")
    return "".join(parts)


def test_links_between_pages_lead_somewhere() -> None:
    settings = ["--config", 'vault.dialect="commonmark"', "--select", "links", "--isolated"]
    pages = [
        str(page) for page in (*PAGES, ROOT / "CHANGELOG.md", ROOT / "docs" / "rules" / "index.md")
    ]
    result = CliRunner().invoke(main, ["check", *pages, *settings], catch_exceptions=False)
    assert result.exit_code == 0, result.output
