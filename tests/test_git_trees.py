"""Files read out of git are those that a checkout has, with the same findings."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from cached import age
from repositories import Repository, open_repository

from vaultlint.cli.checked import Accounts, Checked
from vaultlint.cli.checking import Source, check_vault
from vaultlint.cli.known import open_store
from vaultlint.cli.located import Located, Options
from vaultlint.discover import DiskFiles
from vaultlint.git import Contents, GitError
from vaultlint.git import Repository as Git
from vaultlint.git_trees import Tree, TreeFiles
from vaultlint.model import Violation


class Trees:
    """A repository, and its vault as commits and the index have it."""

    def __init__(self, repo: Repository, place: str = "") -> None:
        self.repo = repo
        self.root = str(repo.root / place) if place else str(repo.root)
        git = Git.find(self.root)
        assert git is not None
        self.git = git
        self.contents = Contents(git)
        self.located = Located(self.root, None, None)

    def files(self, commit: str | None) -> TreeFiles:
        """The vault in a commit, or in the index (None)."""
        return TreeFiles(self.root, Tree(self.git, commit), self.contents)

    def check(self, source: Source | None = None, *, kept: bool = False) -> list[Violation]:
        """All findings, with what is known from before, or with nothing."""
        store = open_store(self.located, Options(), str(self.repo.root.parent / "cache"))
        assert store is not None
        snapshot = store.read()
        if source is not None:
            source = source._replace(packs=store)
        found: Checked = check_vault(
            self.located,
            Options(),
            1,
            store if kept else None,
            snapshot if kept or source is not None else None,
            None,
            Accounts(wanted=False),
            source=source,
        )
        return found.violations


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    return open_repository(tmp_path, monkeypatch)


@pytest.fixture
def trees(repo: Repository) -> Iterator[Trees]:
    repo.commit({".obsidian/app.json": "{}"})
    found = Trees(repo)
    yield found
    found.contents.close()


NAMES = (
    "plain.md",
    "two words.md",
    'q"uote.md',
    "tab\there.md",
    "line\nbreak.md",
    "Füße – 🎓.md",
    "a/b.md",
    "a b/c.md",
    "a.md",
    "a/.hidden/d.md",
    ".e.md",
    ":(top)f.md",
    "-n.md",
    "[g].md",
    "chart.png",
    "Board.canvas",
)


def test_names_of_all_kinds_are_read_as_from_the_disk(trees: Trees) -> None:
    for name in NAMES:
        trees.repo.write({name: f"# {name}\n"})
    (Path(trees.root) / os.fsdecode(b"caf\xe9.md")).write_bytes(b"x")
    trees.repo.commit()
    disk = DiskFiles(trees.root)
    for name in disk.paths():
        if name != "plain.md":
            (Path(trees.root) / name).rename(Path(trees.root) / ".gone")
    expected = disk.paths()
    for commit in (None, "HEAD"):
        files = trees.files(commit)
        assert files.paths() == expected
        assert files.tracked() == frozenset(expected)
        assert [files.read(name) for name in NAMES if name in expected] == [
            f"# {name}\n".encode() for name in NAMES if name in expected
        ]
        assert files.sizes()["a.md"] == len("# a.md\n")
        assert len(files.sizes()) == len(list(files.sizes())) == len(expected)
        with pytest.raises(FileNotFoundError):
            files.read("none.md")
        with pytest.raises(FileNotFoundError):
            files.read("none\n.md")


def test_a_vault_in_a_folder_reads_files_beside_it_out_of_git_too(repo: Repository) -> None:
    repo.commit({"notes/.obsidian/app.json": "{}", "notes/A.md": "a", "refs.bib": "before"})
    repo.write({"refs.bib": "after"})
    trees = Trees(repo, "notes")
    assert trees.files("HEAD").paths() == ["A.md"]
    assert trees.files("HEAD").read("../refs.bib") == b"before"
    assert trees.files("HEAD").read(".obsidian/app.json") == b"{}"
    (repo.root.parent / "far.bib").write_bytes(b"far")
    assert trees.files("HEAD").read("../../far.bib") == b"far"
    trees.contents.close()


def test_an_empty_tree_has_no_files(trees: Trees) -> None:
    files = trees.files("")
    assert files.paths() == []
    with pytest.raises(FileNotFoundError):
        files.read("A.md")


def test_of_unmerged_files_that_of_the_current_branch_counts(trees: Trees) -> None:
    trees.repo.commit({"A.md": "one\n"})
    trees.repo.git("checkout", "-q", "-b", "side")
    trees.repo.commit({"A.md": "side\n"})
    trees.repo.git("checkout", "-q", "main")
    trees.repo.commit({"A.md": "main\n"})
    trees.repo.git("merge", "-q", "side", check=False)
    assert trees.files(None).read("A.md") == b"main\n"


def write_vault(repo: Repository, chance: random.Random) -> list[str]:
    """Notes with links of all kinds, some of which hold."""
    names = [f"{folder}N{number}.md" for number, folder in enumerate(["", "a/", "a/b/", "c/"] * 6)]
    for name in names:
        lines = ["---", "tags: [x]", "---", f"# {name}", ""]
        for _ in range(4):
            other = chance.choice(names)
            stem = Path(other).stem
            forms = (f"[[{stem}]]", f"[[{other}#Part|x]]", f"![[{stem}#^one]]", f"[x]({other})")
            lines += [chance.choice(forms), "", "## Part", "", "Some assitance. ^one", ""]
        repo.write({name: "\n".join(lines)})
    return names


def change_vault(repo: Repository, names: list[str], chance: random.Random) -> None:
    """Delete, rename, move, edit and add notes."""
    chance.shuffle(names)
    root = repo.root
    for name in names[:3]:
        (root / name).unlink()
    for name in names[3:6]:
        (root / name).rename(root / name.replace("N", "M"))
    (root / "d").mkdir()
    for name in names[6:8]:
        (root / name).rename(root / "d" / Path(name).name)
    for name in names[8:12]:
        text = (root / name).read_text(encoding="utf-8")
        repo.write({name: text.replace("## Part", "## Other", 2) + "[[gone]]\n"})
    repo.write({"New.md": f"[[{Path(names[0]).stem}]]\n", "c/N1.md": "Words.\n"})


@pytest.mark.parametrize("seed", range(3))
def test_findings_are_those_of_a_checkout(trees: Trees, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same in every run
    repo = trees.repo
    names = write_vault(repo, chance)
    repo.commit()
    age(repo.root)
    before = trees.check(kept=True)
    assert before
    assert trees.check(Source(trees.files("HEAD"))) == before
    change_vault(repo, names, chance)
    repo.stage()
    after = trees.check()
    assert after != before
    assert trees.check(Source(trees.files("HEAD"))) == before  # from what is known of it
    assert trees.check(Source(trees.files(None))) == after
    assert trees.check(kept=True) == after
    assert trees.check(Source(trees.files("HEAD"))) == before  # from what is known of the index
    for name in names[12:16]:
        repo.write({name: "[[on the disk alone]]\n"})
    (repo.root / names[17]).unlink()
    assert trees.check(Source(trees.files(None))) == after
    repo.git("reset", "-q", "--hard")
    assert trees.check() == before


def test_git_that_cannot_be_run(trees: Trees, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "error: git cannot be run: " in trees.repo.error("check", "--hook")


def test_git_that_refuses(trees: Trees, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    error = trees.repo.error("check", "--hook")
    assert error == "error: git rev-parse: fatal: not a git repository: '/nowhere'"


def test_git_that_ends_early(trees: Trees, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees.git, "start", lambda *_: _ended(trees))
    with pytest.raises(GitError, match="git cat-file"):
        trees.contents.read("HEAD:none")


def _ended(trees: Trees) -> object:
    process = Git.start(trees.git, "--version")
    process.wait()
    return process
