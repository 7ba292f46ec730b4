"""`check --since` and `--diff-base`: only what is new since a commit."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cached import age
from repositories import Repository, open_repository

from vaultlint import engine
from vaultlint.comparison import Side, compare_findings
from vaultlint.model import Span, Violation
from vaultlint.report.json_types import output_schema
from vaultlint.text import Lines

NOTES: dict[str, str | bytes] = {
    ".obsidian/app.json": "{}",
    "Trade.md": "# Trade\n\n[[Aid]] [[old one]] [[old one]]\n",
    "Aid.md": "# Aid\n\n[[old two]]\n",
    "topics/Ports.md": "# Ports\n\n[[Aid#Grants]]\n",
}


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with a vault that has four findings."""
    repository = open_repository(tmp_path, monkeypatch)
    repository.commit(NOTES)
    return repository


def since(repo: Repository, *arguments: str) -> dict[str, Any]:
    data = repo.check(*(arguments or ("--since", "HEAD")))
    jsonschema.validate(data, output_schema())
    return data


def told(data: dict[str, Any]) -> tuple[list[tuple[str, str]], tuple[int, int, int]]:
    """The path and message of each finding, and how many are new, fixed and known."""
    findings = [(found["path"], found["message"]) for found in data["findings"]]
    counts = data["comparison"]
    return findings, (counts["new"], counts["fixed"], counts["known"])


def test_nothing_is_new(repo: Repository) -> None:
    assert told(since(repo)) == ([], (0, 0, 4))
    result = repo.run("check", "--since", "HEAD")
    assert result.exit_code == 0
    assert result.output.startswith("Nothing new: 3 notes checked (")
    assert result.output.endswith("; 0 new, 0 fixed, 4 known since HEAD.\n")


def test_only_new_findings_are_told_and_fail(repo: Repository) -> None:
    repo.write({"Trade.md": "# Trade\n\nWords.\n\n[[old one]] [[new]] [[Aid]]\n"})
    assert told(since(repo)) == ([("Trade.md", "no note `new`")], (1, 1, 3))
    result = repo.run("check", "--since", "HEAD")
    assert result.exit_code == 1
    assert result.output.endswith("; 1 new, 1 fixed, 3 known since HEAD.\n")
    assert repo.run("check", "--since", "HEAD", "--exit-zero").exit_code == 0


def test_a_third_of_two_equal_findings_is_new(repo: Repository) -> None:
    repo.write({"Trade.md": f"{NOTES['Trade.md']!s}\n[[old one]]\n"})
    data = since(repo)
    assert [(found["line"], found["message"]) for found in data["findings"]] == [
        (5, "no note `old one`")
    ]


def test_findings_follow_a_renamed_note(repo: Repository) -> None:
    repo.git("mv", "Aid.md", "Foreign aid.md")
    findings, counts = told(since(repo))
    assert findings == [
        ("Trade.md", "no note `Aid`; did you mean `Foreign aid`?"),
        ("topics/Ports.md", "no note `Aid`; did you mean `Foreign aid`?"),
    ]
    assert counts == (2, 1, 3)
    repo.git("reset", "-q", "--hard")
    repo.git("mv", "topics", "subjects")
    assert told(since(repo)) == ([], (0, 0, 4))


def test_findings_follow_what_they_speak_of(repo: Repository) -> None:
    repo.git("mv", "Aid.md", "topics/Aid.md")
    assert told(since(repo)) == ([], (0, 0, 4))


def test_the_configuration_of_now_judges_both(repo: Repository) -> None:
    repo.write({"vaultlint.toml": 'extend-select = ["orphan-note"]\n'})
    findings, counts = told(since(repo))
    assert findings == []
    assert counts[2] > 4
    repo.write({"vaultlint.toml": 'select = ["broken-heading"]\n'})
    assert told(since(repo))[1] == (0, 0, 1)


def test_notes_that_are_named(repo: Repository) -> None:
    repo.write({"Trade.md": "[[new]]\n", "Aid.md": "[[newer]]\n"})
    assert told(since(repo, "--since", "HEAD", "Aid.md")) == (
        [("Aid.md", "no note `newer`")],
        (1, 1, 0),
    )


def test_where_histories_part_counts(repo: Repository) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"Fresh.md": "[[new]]\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({"Trade.md": "Clean.\n"})
    repo.git("checkout", "-q", "side")
    assert told(since(repo, "--since", "main")) == ([("Fresh.md", "no note `new`")], (1, 0, 4))


def test_what_git_does_not_know_is_new_and_what_it_ignores_is_not(repo: Repository) -> None:
    repo.commit(
        {".gitignore": "private/\n*.pdf\n.vaultlint_cache/\n", "Cites.md": "[[paper.pdf]]\n"}
    )
    repo.write({"Fresh.md": "[[new]]\n", "private/Diary.md": "[[secret]]\n", "paper.pdf": b""})
    findings, counts = told(since(repo))
    assert findings == [("Fresh.md", "no note `new`")]
    assert counts == (1, 0, 6)


def test_several_vaults_are_counted_together(repo: Repository) -> None:
    repo.git("rm", "-rq", ".")
    for name in ("one", "two"):
        repo.write({f"{name}/{path}": data for path, data in NOTES.items()})
    repo.commit()
    repo.write({"one/Trade.md": "Clean.\n", "two/Aid.md": "[[new]] [[old two]]\n"})
    assert told(since(repo)) == ([("two/Aid.md", "no note `new`")], (1, 2, 6))


def test_line_ends_that_git_changes_make_nothing_new(repo: Repository) -> None:
    repo.commit({".gitattributes": "*.md text eol=crlf\n"})
    for path in ("Trade.md", "Aid.md"):
        (repo.root / path).unlink()
    repo.git("checkout", "-q", ".")
    assert b"\r\n" in (repo.root / "Trade.md").read_bytes()
    repo.write({"Trade.md": f"{NOTES['Trade.md']!s}More.\n".replace("\n", "\r\n")})
    assert told(since(repo)) == ([], (0, 0, 4))


def test_each_note_is_parsed_once(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: Counter[bytes] = Counter()
    parse = engine.parse_file

    def counting(path: str, data: bytes) -> object:
        parsed[data] += 1
        return parse(path, data)

    monkeypatch.setattr(engine, "parse_file", counting)
    age(repo.root)
    repo.write({"Trade.md": "[[new]]\n"})
    for arguments in (("--since", "HEAD"), ("--since", "HEAD", "--no-cache")):
        repo.run("check", *arguments)
        assert len(parsed) == 4  # three notes, and one as it was
        assert set(parsed.values()) == {1}
        parsed.clear()
    repo.run("check", "--since", "HEAD")
    assert len(parsed) <= 2  # the note as it was, and as it is: it was written just now


# ---- errors, each of one sentence that says what to write


def test_a_commit_that_there_is_not(repo: Repository) -> None:
    assert repo.error("check", "--since", "mian") == (
        "error: --since: git knows no commit `mian`; did you mean `main`?"
    )
    assert repo.error("check", "--since", "zzz") == (
        "error: --since: git knows no commit `zzz`: fetch it, or name another"
    )
    assert repo.error("check", "--since", "--output=x") == (
        "error: --since: git knows no commit `--output=x`: fetch it, or name another"
    )


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repo: Repository) -> None:
    (tmp_path / "plain").mkdir()
    monkeypatch.chdir(tmp_path / "plain")
    assert repo.error("check", "--since", "HEAD") == "error: `.` is in no git repository"


def test_no_commit(repo: Repository) -> None:
    repo.git("checkout", "-q", "--orphan", "fresh")
    assert (
        repo.error("check", "--since", "main") == "error: --since: the repository has no commit yet"
    )


def test_no_common_commit(repo: Repository) -> None:
    repo.git("checkout", "-q", "--orphan", "fresh")
    repo.commit({"Trade.md": "Words.\n"})
    assert repo.error("check", "--since", "main") == (
        "error: --since: `main` and HEAD have no commit in common"
    )


def test_a_shallow_clone(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    first = repo.git("rev-parse", "HEAD").stdout.strip()
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"Fresh.md": "[[new]]\n"})
    clone = repo.root.parent / "clone"
    repo.git("clone", "-q", "--depth=1", repo.root.as_uri(), str(clone))
    monkeypatch.chdir(clone)
    assert repo.error("check", "--since", first) == (
        f"error: --since: this clone is shallow and has no commit `{first}`: let the checkout fetch"
        " all commits (`fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` of GitLab, else"
        " `git fetch --unshallow`)"
    )
    Repository(clone, repo.env).git("fetch", "-q", "--depth=1", "origin", "main:main")
    assert repo.error("check", "--since", "main").startswith(
        "error: --since: this clone is too shallow to compare with `main`: let the checkout fetch"
    )


# ---- what CI tells


def ci(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def branch(repo: Repository) -> tuple[Repository, str, str]:
    """A clone with a branch of two commits, each with a new finding; their ids."""
    clone = Repository(repo.root.parent / "clone", repo.env)
    repo.git("clone", "-q", str(repo.root), str(clone.root))
    clone.git("checkout", "-q", "-b", "side")
    return clone, clone.commit({"One.md": "[[first]]\n"}), clone.commit({"Two.md": "[[second]]\n"})


def test_github(
    branch: tuple[Repository, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone, first, _ = branch
    monkeypatch.chdir(clone.root)
    event = tmp_path / "event.json"
    ci(monkeypatch, GITHUB_EVENT_PATH=str(event))

    def new(**payload: Any) -> tuple[str, int]:
        repository = {"default_branch": "main"}
        event.write_text(json.dumps({"repository": repository, **payload}), encoding="utf-8")
        comparison = since(clone, "--diff-base", "auto")["comparison"]
        return comparison["base"], comparison["new"]

    assert new(before=first) == (first[:12], 1)
    assert new(before="0" * 40) == ("origin/main", 2)  # a new branch
    assert new(before="1" * 40) == ("origin/main", 2)  # after a push by force
    assert new() == ("origin/main", 2)  # a scheduled run
    assert new(merge_group={"base_sha": first}) == (first[:12], 1)
    assert new(pull_request={"base": {"sha": first}}) == (first[:12], 1)
    ci(monkeypatch, GITHUB_BASE_REF="main")
    assert new(pull_request={"base": {"sha": first}}) == ("origin/main", 2)
    ci(monkeypatch, GITHUB_BASE_REF="mian", GITHUB_EVENT_PATH="")
    assert clone.error("check", "--diff-base", "auto") == (
        "error: --diff-base: git knows no commit `origin/mian`; did you mean `origin/main`?"
    )
    ci(monkeypatch, GITHUB_EVENT_PATH=str(tmp_path))
    assert "GITHUB_EVENT_PATH" in clone.error("check", "--diff-base", "auto")


def test_gitlab_and_hooks(
    branch: tuple[Repository, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clone, first, _ = branch
    monkeypatch.chdir(clone.root)

    def new() -> int:
        count: int = since(clone, "--diff-base", "auto")["comparison"]["new"]
        return count

    ci(monkeypatch, CI_COMMIT_SHA="x", CI_COMMIT_BEFORE_SHA="0" * 40, CI_DEFAULT_BRANCH="main")
    assert new() == 2
    ci(monkeypatch, CI_COMMIT_BEFORE_SHA=first)
    assert new() == 1
    ci(monkeypatch, CI_MERGE_REQUEST_DIFF_BASE_SHA="origin/main")
    assert new() == 2
    ci(monkeypatch, PRE_COMMIT_FROM_REF=first)
    assert new() == 1


def test_no_service_tells(repo: Repository) -> None:
    assert repo.error("check", "--diff-base", "auto") == (
        "error: --diff-base: no variable of GitHub, GitLab or pre-commit names a commit to compare"
        " with: write `--since REF`"
    )


# ---- the comparison alone


def test_equal_findings_are_told_apart_by_their_number() -> None:
    def found(path: str, start: int) -> Violation:
        return Violation(path, Span(start, start + 1), "broken-link", "no note `x`", "error")

    lines = dict.fromkeys(("a.md", "b.md", "c.md"), Lines("xxxx"))
    old = Side([found("a.md", 0), found("a.md", 1), found("b.md", 0)], lines.__getitem__)
    new = Side([found("c.md", 0), found("b.md", 0), found("b.md", 1)], lines.__getitem__)
    compared = compare_findings(old, new, {"a.md": "c.md"})
    assert compared.new == [found("b.md", 1)]
    assert compared.fixed == [found("a.md", 1)]
    assert compared.known == [found("c.md", 0), found("b.md", 0)]
