"""What is kept between runs: a run that uses it says what a cold run says, whatever has changed."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from cached import Output, age, cache_files, cold, everything, is_hit, output, reads, verbose
from conftest import SHARED, Vault

from vaultlint.config import load_settings
from vaultlint.testing import read_case

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*/*.md"))
FORMS = ("concise", "full", "json")
ARCHIVES = SHARED / "data" / "vaults"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache-home"))


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false")
    command = ("git", *identity, "-C", str(root), *arguments)
    subprocess.run(command, check=True, capture_output=True)


# ---- cold, first and second runs


def three_runs(vault: Vault, *arguments: str) -> dict[str, tuple[Output, Output, Output]]:
    """The output of a cold run, of one that fills the cache, and of one that uses it."""
    return {
        form: (
            cold(vault, *arguments, form=form),
            output(vault, "--cache-dir", str(vault.root.parent / form), *arguments, form=form),
            output(vault, "--cache-dir", str(vault.root.parent / form), *arguments, form=form),
        )
        for form in FORMS
    }


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_golden_cases_give_the_same_cold_first_and_cached(vault: Vault, path: Path) -> None:
    files = dict(read_case(path.read_text(encoding="utf-8")).files)
    index = files.pop(".git/index", None)
    vault.write(files)
    if isinstance(index, str):
        git(vault.root, "init", "-q")
        git(vault.root, "add", "--", *index.splitlines())
    age(vault.root)
    for form, (before, first, second) in three_runs(vault).items():
        assert first == before
        assert second == before
        assert is_hit(vault, "--cache-dir", str(vault.root.parent / form))


REAL = {
    "bramses-vault": "obsidian",
    "data-engineering-wiki": "obsidian",
    "foam": "foam",
    "kepano-obsidian": "obsidian",
    "obsidian-tasks": "obsidian",
}


@pytest.mark.parametrize("name", REAL)
def test_real_vaults_give_the_same_cold_first_and_cached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    archive = ARCHIVES / f"{name}.tar.gz"
    if not archive.is_file():
        pytest.skip(f"the vault is not here: {archive}")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "vault", filter="data")
    (root,) = (tmp_path / "vault").iterdir()
    (root / "vaultlint.toml").write_text(f'vault.dialect = "{REAL[name]}"\n')
    age(root)
    monkeypatch.chdir(root)
    vault = Vault(root)
    cache = ("--cache-dir", str(tmp_path / "kept"))
    before = {form: cold(vault, form=form) for form in FORMS}
    assert output(vault, *cache, form="concise") == before["concise"]
    assert is_hit(vault, *cache)
    assert {form: output(vault, *cache, form=form) for form in FORMS} == before
    # one note more, so that most is taken over and the names of files count anew
    (root / "A new note.md").write_text("# New\n\n[[Gone]]\n")
    assert output(vault, *cache) == cold(vault)
    assert reads(vault, *cache) in ([], ["A new note.md"])


# ---- what is a hit

SMALL: Mapping[str, str] = {
    "Aid.md": "# Rates\n\nA block. ^one\n\n[[Trade#Rates]] [[Gone]]\n",
    "Trade.md": "---\naliases: [Duties]\ntitle: Trade\n---\n# Rates\n\n[[Aid#^one]]\n",
    "x/Rules.md": "[[Aid]] [[Trade]] [[Trade#Rates]] ![[chart.png]]\n",
    "chart.png": "",
}


@pytest.fixture
def small(vault: Vault) -> Vault:
    """A vault that the cache knows."""
    vault.write(SMALL)
    age(vault.root)
    assert output(vault) == cold(vault)
    assert is_hit(vault)
    return vault


def test_nothing_is_known_at_first(vault: Vault) -> None:
    vault.write(SMALL)
    assert verbose(vault).endswith("nothing is known of this vault, checked in this way")
    assert reads(vault) == []


def test_verbose_says_which_notes_are_read_and_why(small: Vault) -> None:
    small.write({"Aid.md": "[[Trade]]\n", "New.md": ""})
    age(small.root, 50)
    said = verbose(small).splitlines()
    assert "cache: files came or went" in said
    assert "cache: `Aid.md` is read: it has changed" in said
    assert "cache: `New.md` is read: it is new" in said
    small.write({"vaultlint.toml": 'rules.duplicate-block-id.severity = "info"\n'})
    assert "settings that note rules depend on have changed" not in verbose(small)  # a new place
    small.write({"vaultlint.toml": 'rules.duplicate-block-id.severity = "error"\n'})
    said = verbose(small).splitlines()
    assert "cache: `vaultlint.toml` has changed" in said
    assert "cache: `Aid.md` is read: settings that note rules depend on have changed" in said


def test_no_cache_neither_reads_nor_writes(small: Vault, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in everything(tmp_path / "cache-home")}
    assert verbose(small, "--no-cache") == ""
    small.write({"Aid.md": ""})
    cold(small)
    assert {p: p.stat().st_mtime_ns for p in everything(tmp_path / "cache-home")} == before


@pytest.mark.parametrize("how", ["touched", "copied", "written again"])
def test_a_note_of_other_times_and_the_same_content_is_not_parsed(small: Vault, how: str) -> None:
    path = small.root / "Trade.md"
    if how == "touched":
        os.utime(path, (1_000_000_000, 1_000_000_000.5))
    elif how == "copied":
        shutil.copy2(path, small.root / "copy")
        (small.root / "copy").replace(path)
    else:
        path.write_bytes(path.read_bytes())
    age(small.root, 50)
    assert output(small) == cold(small)
    assert reads(small) == []
    assert is_hit(small)


def test_another_note_of_the_same_size_and_time(small: Vault) -> None:
    path = small.root / "Trade.md"
    before = path.stat()
    other = small.root / "other"
    other.write_text(SMALL["Trade.md"].replace("# Rates", "# Ratez"))
    os.utime(other, ns=(before.st_mtime_ns, before.st_mtime_ns))
    other.replace(path)
    assert path.stat().st_size == before.st_size
    for named in ((), ("Aid.md",), ("x/Rules.md",), ("Trade.md",)):
        assert output(small, *named) == cold(small, *named)
    assert "broken-heading" in output(small).stdout


@pytest.mark.parametrize("when", ["future", "now", "a whole second ago"])
def test_a_note_written_twice_within_a_tick_of_the_clock(
    small: Vault, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The second text has the first one's size, time and inode, and came after the first run."""
    at = {
        "future": time.time_ns() + 10**12 + 1,
        "now": time.time_ns(),
        "a whole second ago": time.time_ns() // 10**9 * 10**9 - 10**9,
    }[when]
    path = small.root / "Trade.md"
    monkeypatch.setattr("vaultlint.listing.time_ns", lambda: at + 1)
    for heading in ("# Rates", "# Ratez", "# Rates"):
        path.write_text(SMALL["Trade.md"].replace("# Rates", heading))
        os.utime(path, ns=(at, at))
        for named in ((), ("x/Rules.md",), ("Trade.md",)):
            assert output(small, *named) == cold(small, *named)


CHANGES: Mapping[str, Mapping[str, str | None]] = {
    "a body": {"Aid.md": f"{SMALL['Aid.md']}More words.\n"},
    "a heading": {"Trade.md": "# Rate\n"},
    "a block id": {"Aid.md": "# Rates\n\nA block. ^two\n"},
    "an alias": {"Trade.md": "---\naliases: [Gone]\n---\n# Rates\n"},
    "a title": {"Trade.md": "---\ntitle: Gone\n---\n# Rates\n"},
    "a new note": {"Gone.md": ""},
    "a new note with a near name": {"Gome.md": ""},
    "a new note that makes a link ambiguous": {"y/Trade.md": ""},
    "no note": {"Trade.md": None},
    "a renamed note": {"Trade.md": None, "Trades.md": SMALL["Trade.md"]},
    "a moved note": {"Trade.md": None, "x/Trade.md": SMALL["Trade.md"]},
    "no attachment": {"chart.png": None},
    "another attachment": {"x/chart.png": ""},
    "a renamed folder": {"x/Rules.md": None, "z/Rules.md": SMALL["x/Rules.md"]},
    "filters": {".obsidian/app.json": '{"userIgnoreFilters": ["Aid"]}'},
    "templates": {".obsidian/templates.json": '{"folder": "x"}'},
    "severity": {"vaultlint.toml": 'rules.broken-link.severity = "info"\n'},
    "planned": {"vaultlint.toml": 'vault.planned = ["Gone"]\n'},
    "excluded": {"vaultlint.toml": 'vault.exclude = ["Aid.md"]\n'},
    "dialect": {"vaultlint.toml": 'vault.dialect = "foam"\n'},
    "types": {"vaultlint.toml": 'types.law = {paths = ["x/**"], sections = ["History"]}\n'},
    "types of Obsidian": {".obsidian/types.json": '{"types": {"aliases": "number"}}'},
    "properties": {
        "vaultlint.toml": 'types.law.paths = ["x/**"]\n'
        'types.law.properties = {required = ["id"], up = {link-type = "law"}, n = {unique = true}}\n'
    },
    "glossary": {
        "vaultlint.toml": 'terms.glossary = ["terms.yml"]\n',
        "terms.yml": "terms:\n  - term: stop\n    forbidden: [block]\n",
    },
    "wrong settings": {"vaultlint.toml": "wrong = 1\n"},
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("arguments", [(), ("--select", "ALL")])
def test_each_change_is_seen(vault: Vault, name: str, arguments: tuple[str, ...]) -> None:
    """There, and back again."""
    vault.write({**SMALL, "vaultlint.toml": "", "terms.yml": "terms: []\n"})
    named = ((), ("Aid.md",), ("x",), ("Aid.md", "Trade.md"))
    present = {path: path.read_bytes() for path in everything(vault.root) if path.is_file()}
    age(vault.root)
    assert output(vault, *arguments) == cold(vault, *arguments)
    for turn, files in enumerate((CHANGES[name], SMALL, CHANGES[name])):
        for path in everything(vault.root):
            if path.is_file() and path.suffix in (".md", ".png"):
                path.unlink()
        for path, data in present.items():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        for path_name, text in files.items():
            if text is None:
                (vault.root / path_name).unlink()
            else:
                vault.write({path_name: text})
        age(vault.root, 90 - turn)
        for each in (named[turn], (), ("Aid.md",)):
            paths = [path for path in each if (vault.root / path).exists()]
            assert output(vault, *arguments, *paths) == cold(vault, *arguments, *paths)


def test_what_hangs_on_the_properties_of_other_notes_is_asked_again(vault: Vault) -> None:
    """A note is as it was, and yet another one has its id now, or has lost the type it links to."""
    vault.write({
        "vaultlint.toml": (
            'types.book.tags = ["book"]\n'
            "types.book.properties = {id = {unique = true}, by = {link-type = \"person\"}}\n"
            'types.person.tags = ["person"]\n'
        ),
        "A.md": '---\ntags: [book]\nid: 1\nby: "[[P]]"\n---\n',
        "B.md": "---\ntags: [book]\nid: 2\n---\n",
        "P.md": "---\ntags: [person]\n---\n",
    })  # fmt: skip
    age(vault.root)
    assert vault.found() == []
    vault.write({"B.md": "---\ntags: [book]\nid: 1\n---\n", "P.md": "---\ntags: [place]\n---\n"})
    age(vault.root, 50)
    assert vault.found() == [
        ("A.md", "duplicate-property-value"),
        ("A.md", "wrong-link-type"),
        ("B.md", "duplicate-property-value"),
    ]
    assert output(vault) == cold(vault)


def test_a_schema_that_changes(vault: Vault) -> None:
    vault.write({
        "vaultlint.toml": 'types.book = {paths = ["*.md"], schema = "s.json"}\n',
        "s.json": '{"properties": {"year": {"type": "integer"}}}',
        "A.md": "---\nyear: x\n---\n",
    })  # fmt: skip
    age(vault.root)
    assert vault.found() == [("A.md", "schema-violation")]
    vault.write({"s.json": "{}"})
    age(vault.root, 50)
    assert vault.found() == []


def test_a_glossary_that_only_the_command_line_names(
    small: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("--config", 'terms.glossary=["t.yml"]')
    for word in ("block", "rates"):
        small.write({"t.yml": f"terms:\n  - term: stop\n    forbidden: [{word}]\n"})
        age(small.root, 50)
        for _ in range(2):
            assert output(small, *arguments) == cold(small, *arguments)
    small.write({"x/t.yml": "terms: []\n"})
    age(small.root, 40)
    monkeypatch.chdir(small.root / "x")
    assert output(small, "..", *arguments) == cold(small, "..", *arguments)


def test_settings_that_change_as_they_are_read(
    small: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run uses what it read; the next one sees what is there."""
    small.write({"vaultlint.toml": ""})
    age(small.root, 50)

    def change(*arguments: Any, **more: Any) -> Any:
        settings = load_settings(*arguments, **more)
        small.write({"vaultlint.toml": 'ignore = ["links"]\n'})
        return settings

    with monkeypatch.context() as patch:
        patch.setattr("vaultlint.cli.opening.load_settings", change)
        assert "broken-link" in output(small).stdout
    assert output(small) == cold(small)
    assert "broken-link" not in output(small).stdout


def test_other_options_are_other_snapshots(small: Vault) -> None:
    for arguments in (
        ("--select", "ALL"),
        ("--ignore", "links"),
        ("--fail-on", "never"),
        ("--isolated",),
        ("--config", "vault.dialect=foam"),
    ):
        for _ in range(2):
            assert output(small, *arguments) == cold(small, *arguments)
        assert is_hit(small, *arguments)
    assert is_hit(small)


def test_the_standard_input_is_checked_cold(small: Vault) -> None:
    before = cold(small)
    arguments = ("check", "-", "--stdin-filename", "Aid.md", "--output-format", "concise")
    assert "no note `Other`" in small.run(*arguments, input="[[Other]]\n").stdout
    assert output(small) == before
    assert is_hit(small)


def test_a_plugin_is_never_taken_from_the_cache(small: Vault) -> None:
    small.write({"vaultlint.toml": 'plugins = ["no-such-plugin"]\n'})
    for _ in range(2):
        done = small.run("check")
        assert done.exit_code == 2
        assert "no plugin `no-such-plugin` is installed" in done.stderr


# ---- git

in_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def repository(vault: Vault) -> Vault:
    """A vault in git that the cache knows; one note is not in git."""
    vault.write({**SMALL, "New.md": "# N\n", "Aid.md": "[[New]] [[Trade#Rates]]\n"})
    git(vault.root, "init", "-q")
    git(vault.root, "add", "-A")
    git(vault.root, "rm", "-q", "--cached", "New.md")
    git(vault.root, "commit", "-qm", "All")
    age(vault.root)
    assert output(vault) == cold(vault)
    assert is_hit(vault)
    assert "target-untracked" in output(vault).stdout
    return vault


@in_git
def test_what_is_added_to_git_is_seen(repository: Vault) -> None:
    for command in (("add", "New.md"), ("rm", "-q", "--cached", "New.md"), ("add", "-A")):
        git(repository.root, *command)
        for named in ((), ("Aid.md",)):
            assert output(repository, *named) == cold(repository, *named)
        assert ("target-untracked" in output(repository).stdout) == (command[0] == "rm")
        assert reads(repository) == []


@in_git
def test_the_index_that_a_hook_is_given_is_seen(
    repository: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = repository.root / ".git" / "next-index"
    shutil.copy(repository.root / ".git" / "index", other)
    with monkeypatch.context() as patch:
        patch.setenv("GIT_INDEX_FILE", str(other))
        git(repository.root, "add", "New.md")
        assert output(repository) == cold(repository)
        assert "target-untracked" not in output(repository).stdout
    assert output(repository) == cold(repository)
    assert "target-untracked" in output(repository).stdout


@in_git
def test_the_cache_of_a_repository_is_in_it_and_git_does_not_see_it(repository: Vault) -> None:
    folder = repository.root / ".vaultlint_cache"
    assert (folder / ".gitignore").read_bytes() == b"*\n"
    tag = (folder / "CACHEDIR.TAG").read_bytes()
    assert tag.startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")
    assert len(cache_files(folder, ".snapshot")) == len(cache_files(folder, ".pack")) == 1
    status = ("git", "-C", str(repository.root), "status", "--porcelain", "--untracked-files=all")
    done = subprocess.run(status, check=True, capture_output=True, text=True)
    assert done.stdout == "?? New.md\n"
    assert not (repository.root.parent / "cache-home").exists()


@in_git
def test_the_cache_is_at_the_top_of_the_repository(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.write({"docs/.obsidian/app.json": "", "docs/A.md": "[[B]]\n", ".git/HEAD": ""})
    vault.run("check", str(tmp_path / "docs"))
    assert cache_files(tmp_path / ".vaultlint_cache", ".snapshot")
    assert not (tmp_path / "docs" / ".vaultlint_cache").exists()


@in_git
def test_a_repository_that_is_moved_or_copied_is_known(repository: Vault, tmp_path: Path) -> None:
    """Where it has the same name it is known; and whatever its name, no note is parsed."""
    for target in ("deep/below/vault", "another"):
        root = tmp_path / target
        shutil.copytree(repository.root, root, symlinks=True)
        copied = Vault(root)
        assert reads(copied, str(root)) == []
        assert output(copied, str(root)) == cold(copied, str(root))
        assert is_hit(copied, str(root))


@in_git
def test_a_fresh_clone_with_the_cache_of_another_parses_nothing(
    repository: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "clones" / "vault"
    root.parent.mkdir()
    git(tmp_path, "clone", "-q", str(repository.root), str(root))
    (root / ".obsidian").mkdir()
    shutil.copy(repository.root / "New.md", root)
    shutil.copytree(repository.root / ".vaultlint_cache", root / ".vaultlint_cache")
    monkeypatch.chdir(root)
    clone = Vault(root)
    assert reads(clone) == []
    assert output(clone) == cold(clone)


@in_git
def test_checking_out_and_back_parses_what_differs(repository: Vault) -> None:
    git(repository.root, "checkout", "-qb", "other")
    repository.write({"Trade.md": "# Other\n"})
    git(repository.root, "commit", "-qam", "Other")
    age(repository.root, 50)
    assert reads(repository) == ["Trade.md"]
    git(repository.root, "checkout", "-q", "-")
    assert reads(repository) == ["Trade.md"]
    assert output(repository) == cold(repository)


def test_the_name_of_the_vault_counts(tmp_path: Path) -> None:
    """A link that names a vault is of this one, or of another."""
    for name in ("vault", "other"):
        root = tmp_path / name / "vault" if name == "vault" else tmp_path / name
        Vault(root).write({".git/HEAD": "", "A.md": "[x](obsidian://open?vault=vault&file=Gone)\n"})
    age(tmp_path)
    here, other = Vault(tmp_path / "vault" / "vault"), Vault(tmp_path / "other")
    assert "broken-obsidian-uri" in output(here, str(here.root)).stdout
    shutil.copytree(here.root / ".vaultlint_cache", other.root / ".vaultlint_cache")
    shutil.copystat(here.root / "A.md", other.root / "A.md")
    assert reads(other, str(other.root)) == []
    assert output(other, str(other.root)) == cold(other, str(other.root))
    assert "broken-obsidian-uri" not in output(other, str(other.root)).stdout


@pytest.mark.parametrize("target", ["elsewhere", ".git/objects/pack", "."])
def test_a_link_in_the_cache_s_place_is_not_followed(vault: Vault, target: str) -> None:
    """A repository from elsewhere may bring one: it must not choose where we write and delete."""
    vault.write({**SMALL, ".git/HEAD": "", ".git/objects/pack/pack-1.pack": "x", "elsewhere/a": ""})
    old = vault.root / ".git/objects/pack/pack-1.pack"
    os.utime(old, (1_000_000_000, 1_000_000_000))
    (vault.root / ".vaultlint_cache").symlink_to(target)
    before = list(everything(vault.root))
    for _ in range(2):
        assert output(vault) == cold(vault)
    assert list(everything(vault.root)) == before
    assert old.exists()
    assert (
        "no cache: there is no folder for it outside of the vault"
        in vault.run("check", "--verbose").stderr
    )


# ---- places


def test_outside_of_git_the_cache_is_the_user_s(small: Vault, tmp_path: Path) -> None:
    assert cache_files(tmp_path / "cache-home" / "vaultlint", ".snapshot")
    names = {str(path.relative_to(small.root)) for path in everything(small.root)}
    assert names == {".", ".obsidian", "x", *SMALL}


@pytest.mark.parametrize("base", ["relative", "", None])
def test_the_user_s_cache_is_never_relative(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str | None
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    if base is None:
        monkeypatch.delenv("XDG_CACHE_HOME")
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", base)
    vault.write({"A.md": ""})
    vault.run("check")
    assert [path.name for path in vault.root.iterdir()] == [".obsidian", "A.md"]
    if sys.platform == "linux":
        assert cache_files(tmp_path / "home" / ".cache" / "vaultlint", ".snapshot")


@pytest.mark.parametrize("home", ["", "inside"])
def test_nothing_is_written_below_a_vault(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    """Whatever the environment says: the vault may be synced, and its files are counted."""
    if home:
        monkeypatch.setenv("XDG_CACHE_HOME", str(vault.root / home))
    else:
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setattr("os.path.expanduser", lambda path: path)
    vault.write({"A.md": "[[Gone]]\n"})
    for _ in range(2):
        assert output(vault) == cold(vault)
    assert sorted(path.name for path in vault.root.iterdir()) == [".obsidian", "A.md"]


def test_cache_dir_wins_over_the_environment(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.write({"A.md": "", ".git/HEAD": ""})
    monkeypatch.setenv("VAULTLINT_CACHE_DIR", str(tmp_path / "one"))
    vault.run("check")
    assert cache_files(tmp_path / "one", ".snapshot")
    vault.run("check", "--cache-dir", "../two")
    assert cache_files(tmp_path / "two", ".snapshot")
    assert not (vault.root / ".vaultlint_cache").exists()
    assert not (tmp_path / "cache-home").exists()


def test_a_folder_that_holds_other_things_is_not_marked(vault: Vault, tmp_path: Path) -> None:
    """`--cache-dir .` must not let git and backups pass over all that is there."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / ".gitignore").write_text("mine\n")
    (folder / "notes.tmp").write_text("mine")
    os.utime(folder / "notes.tmp", (1_000_000_000, 1_000_000_000))
    vault.write(SMALL)
    age(vault.root)
    cached = ("--cache-dir", str(folder))
    vault.run("check", *cached)
    assert is_hit(vault, *cached)
    assert (folder / ".gitignore").read_text() == "mine\n"
    assert (folder / "notes.tmp").exists()
    assert not (folder / "CACHEDIR.TAG").exists()


def test_an_empty_folder_is_marked(vault: Vault, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    vault.write({"A.md": ""})
    vault.run("check", "--cache-dir", str(folder))
    assert (folder / "CACHEDIR.TAG").exists()


def test_vaults_share_a_folder(tmp_path: Path) -> None:
    vaults = []
    for name in ("one", "two"):
        vault = Vault(tmp_path / name)
        vault.write({"A.md": f"[[{name}]]\n", ".obsidian/app.json": ""})
        vaults.append(vault)
    age(tmp_path)
    for _ in range(2):
        for vault in vaults:
            assert output(vault, str(vault.root)) == cold(vault, str(vault.root))
    assert all(is_hit(vault, str(vault.root)) for vault in vaults)
    both = [str(vault.root) for vault in vaults]
    assert output(vaults[0], *both) == cold(vaults[0], *both)


# ---- age

DAY = 86_400


def set_age(path: Path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds,) * 2)


def write_something(vault: Vault) -> None:
    """Let the next run write."""
    path = vault.root / "Aid.md"
    path.write_text(f"{path.read_text()}\nMore.\n")
    age(vault.root, 50)


def test_what_nobody_uses_goes_by_age(small: Vault, tmp_path: Path) -> None:
    folder = tmp_path / "cache-home" / "vaultlint"
    kept = {path.name for path in folder.iterdir()}
    ages = {
        f"{'a' * 24}.snapshot": (31 * DAY, False),
        f"{'b' * 24}.snapshot": (29 * DAY, True),
        f"{'a' * 24}-1.pack": (31 * DAY, False),
        f"{'b' * 24}-1.pack": (29 * DAY, True),
        f"{'a' * 24}.snapshot.1f.tmp": (2 * 3_600, False),
        f"{'b' * 24}-1.pack.2f.tmp": (1_800, True),
        ".gitignore.3f.tmp": (2 * 3_600, False),
        "another.snapshot": (99 * DAY, True),
        "pack-1.pack": (99 * DAY, True),
        "report.tmp": (99 * DAY, True),
        "notes.md": (99 * DAY, True),
    }
    for name, (seconds, _) in ages.items():
        (folder / name).write_bytes(b"")
        set_age(folder / name, seconds)
    write_something(small)
    assert output(small) == cold(small)
    left = {path.name for path in folder.iterdir()}
    assert left >= kept
    assert {name for name in ages if name in left} == {n for n, (_, stays) in ages.items() if stays}


def test_packs_that_the_snapshot_no_longer_names_go_soon(small: Vault, tmp_path: Path) -> None:
    folder = tmp_path / "cache-home" / "vaultlint"
    for number in range(20):
        small.write({"Aid.md": f"{SMALL['Aid.md']}{number}\n"})
        age(small.root, 90 - number)
        for path in cache_files(folder, ".pack"):
            set_age(path, 2 * 3_600)
        assert output(small) == cold(small)
        assert len(cache_files(folder, ".pack")) <= 9
    assert len(cache_files(folder, ".snapshot")) == 1


@pytest.mark.parametrize("writes", [False, True])
def test_what_is_used_stays_young(small: Vault, tmp_path: Path, *, writes: bool) -> None:
    folder = tmp_path / "cache-home" / "vaultlint"
    files = (*cache_files(folder, ".snapshot"), *cache_files(folder, ".pack"))
    for path in files:
        set_age(path, 29 * DAY)
    if writes:
        set_age(cache_files(folder, ".snapshot")[0], 60)
        write_something(small)
    assert output(small) == cold(small)
    assert all(time.time() - path.stat().st_mtime < DAY for path in files)


# ---- random changes

NAMES = ("Aid", "Rules", "Tariff", "Tariffs", "Trade", "Quotas")
FOLDERS = ("", "x/", "x/y/", "Old/")
HEADINGS = ("Rates", "Rates now", "History", "See also")
IDS = ("rates", "rate", "note-1")
ALIASES = ("Duties", "Customs", "Quotas")
IMAGES = ("chart.png", "map.svg", "x/chart.png")
SETTINGS = (
    "{}",
    '{"userIgnoreFilters": ["Old/"]}',
    '{"userIgnoreFilters": ["x/y/", "/^T/"]}',
)
CONFIGURATIONS = (
    "",
    'rules.broken-link.severity = "info"\n',
    'ignore = ["VL103"]\n',
    'vault.exclude = ["x/**"]\n',
    'vault.planned = ["Tariff*", "#plan"]\n',
    'types.law = {paths = ["x/**"], sections = ["History", "Rates"]}\n',
    'types.law = {tags = ["plan"], sections = ["See also"]}\n',
    'types.law = {paths = ["x/**"], properties = {aliases = {unique = true}}}\n',
    '[[overrides]]\npaths = ["x/**"]\nextend-select = ["orphan-note"]\n',
    '[[overrides]]\ntags = ["plan"]\nrules.broken-link.severity = "warning"\n',
    'fail-on = "never"\n',
)
GLOSSARIES = (
    "terms:\n  - term: Value Added Tax\n    forbidden: [added value tax]\n",
    "terms:\n  - term: Value Added Tax\n",
    "terms:\n  - term: Federal Board of Revenue\n    forbidden: [tax board]\n",
)


class Garden:
    """A small vault in which anything may change, by a seed; every change has another time."""

    def __init__(self, vault: Vault, seed: int, configuration: str, *, in_git: bool) -> None:
        self.vault = vault
        self.root = vault.root
        self.random = random.Random(seed)  # noqa: S311  # repeatable, not secret
        self.configuration = configuration
        self.in_git = in_git
        self.began = time.time_ns()
        self.clock = self.began - 100_000_000_000_000
        for _ in range(12):
            self.write(self.place(), self.text())
        self.write(".obsidian/app.json", "{}")
        self.write("vaultlint.toml", configuration)
        if in_git:
            git(self.root, "init", "-q")
            git(self.root, "add", "-A")
        self.settle(always=True)

    # files

    def place(self) -> str:
        return f"{self.random.choice(FOLDERS)}{self.random.choice(NAMES)}.md"

    def notes(self) -> list[Path]:
        return [path for path in everything(self.root) if path.suffix == ".md"]

    def note(self) -> Path:
        notes = self.notes()
        if not notes:
            self.write("Aid.md", self.text())
            return self.root / "Aid.md"
        return self.random.choice(notes)

    def write(self, name: str, text: str) -> None:
        self.vault.write({name: text})

    def settle(self, *, always: bool = False) -> None:
        """Let what was written just now look older, with a time that nothing had before."""
        for path in everything(self.root):
            young = path.stat().st_mtime_ns > self.began - 50_000_000_000
            if young and (always or self.random.random() < 0.9):
                self.clock += self.random.choice((1_000_000_000, 1_234_567_891))
                os.utime(path, ns=(self.clock, self.clock))

    # texts

    def text(self) -> str:
        pick, parts = self.random.choice, []
        if self.random.random() < 0.5:
            parts.append(self.front())
        if self.random.random() < 0.4:
            parts.append(f"# {pick(HEADINGS)}\n")
        parts += [pick(self.PARTS)(self) for _ in range(self.random.randrange(1, 6))]
        return "\n".join(parts)

    def front(self) -> str:
        lines = []
        if self.random.random() < 0.6:
            lines.append(f"aliases: [{self.random.choice(ALIASES)}]")
        if self.random.random() < 0.5:
            lines.append(f"title: {self.random.choice((*ALIASES, *NAMES))}")
        if self.random.random() < 0.4:
            lines.append("tags: [plan]")
        if self.random.random() < 0.3:
            lines.append(f'up: "[[{self.random.choice(NAMES)}]]"')
        return "---\n" + "".join(f"{line}\n" for line in lines) + "---\n"

    def heading(self) -> str:
        return f"{'#' * self.random.randrange(1, 4)} {self.random.choice(HEADINGS)}\n"

    def block(self) -> str:
        return f"A paragraph. ^{self.random.choice(IDS)}\n"

    def inert(self) -> str:
        return f"A paragraph ^{self.random.choice(IDS)}\nof two lines.\n"

    def target(self) -> str:
        folder = self.random.choice(("", "", "", "x/", "/x/", "./", "../"))
        return folder + self.random.choice((*NAMES, "Gone", "Duties", "aid", "Tarif"))

    def subpath(self) -> str:
        heads = (*HEADINGS, "Rate", "Histori", "rates", "Rates#Rates now")
        return self.random.choice(
            ("", "", *(f"#{head}" for head in heads), *(f"#^{i}" for i in (*IDS, "gone")))
        )

    def wikilink(self) -> str:
        return f"See [[{self.target()}{self.subpath()}]].\n"

    def own_link(self) -> str:
        return f"See [[{self.subpath() or '#History'}]].\n"

    def embed(self) -> str:
        return f"![[{self.random.choice((*IMAGES, 'chrt.png', 'map.png', *NAMES))}]]\n"

    def markdown(self) -> str:
        anchor = self.random.choice(("", "", "#rates", "#history", "#see-also", "#gone"))
        return f"See [this]({self.target()}.md{anchor}) and [that]({self.target()}{anchor}).\n"

    def other(self) -> str:
        return self.random.choice(
            (
                "Financial assitance.\n",
                "%%[[Lost]] [[Aid]]%%\n",
                '<a href="Aid.md">x</a> <img src="chart.png">\n',
                "[a]: Tariff.md\n\nSee [a].\n",
                "See [here](obsidian://open?vault=vault&file=Trade).\n",
                "See [here](obsidian://open?vault=other&file=Gone).\n",
                "The added value tax, and the tax board.\n",
                "Text[^1] and[^2].\n\n[^1]: A note.\n",
                "See [[Aid#^[^1]]].\n",
                "#plan\n",
                "| a | b |\n| --- | --- |\n| [[Aid|x]] | 1 |\n",
            )
        )

    PARTS: tuple[Callable[[Garden], str], ...] = (
        heading,
        heading,
        block,
        inert,
        wikilink,
        wikilink,
        wikilink,
        own_link,
        embed,
        markdown,
        other,
    )

    # changes

    def change(self) -> str:
        """Change something; says what."""
        change = self.random.choice(self.CHANGES)
        change(self)
        return change.__name__

    def replace_in(self, path: Path, old: str, new: str) -> None:
        text = path.read_text()
        path.write_text(text.replace(old, new, 1) if old in text else f"{text}\n{new}")

    def write_anew(self) -> None:
        self.note().write_text(self.text())

    def change_body(self) -> None:
        path = self.note()
        path.write_text(f"{path.read_text()}\nMore words.\n")

    def add_part(self) -> None:
        path = self.note()
        path.write_text(f"{path.read_text()}\n{self.random.choice(self.PARTS)(self)}")

    def move_down(self) -> None:
        """Everything stands some lines lower, and nothing else has changed."""
        path = self.note()
        text = path.read_text()
        if not text.startswith("---"):
            path.write_text(f"\nWords.\n\n{text}")

    def change_heading(self) -> None:
        old, new = self.random.sample(HEADINGS, 2)
        self.replace_in(self.note(), f"# {old}\n", f"# {new}\n")

    def change_block(self) -> None:
        old, new = self.random.sample(IDS, 2)
        self.replace_in(self.note(), f"^{old}\n", f"^{new}\n")

    def change_front(self) -> None:
        path = self.note()
        text = path.read_text()
        body = text.split("---\n", 2)[2] if text.startswith("---\n") else text
        path.write_text(self.front() + body if self.random.random() < 0.8 else body)

    def add_note(self) -> None:
        self.write(self.place(), self.text())

    def delete_note(self) -> None:
        if len(self.notes()) > 5:
            self.note().unlink()

    def rename_note(self) -> None:
        new = self.root / self.place()
        new.parent.mkdir(parents=True, exist_ok=True)
        self.note().rename(new)

    def rename_only_case(self) -> None:
        path = self.note()
        path.rename(path.with_name(path.stem.swapcase() + ".md"))

    def toggle_attachment(self) -> None:
        path = self.root / self.random.choice(IMAGES)
        if path.exists():
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"\x89PNG")

    def toggle_canvas(self) -> None:
        path = self.root / "Board.canvas"
        if path.exists() and self.random.random() < 0.5:
            path.unlink()
            return
        file = f"{self.random.choice(FOLDERS)}{self.random.choice(NAMES)}.md"
        node = {"id": "1", "type": "file", "file": file, "subpath": self.subpath()}
        path.write_text(json.dumps({"nodes": [node]}))

    def rename_folder(self) -> None:
        old, new = self.random.sample(("x", "x/y", "Old", "z"), 2)
        source, target = self.root / old, self.root / new
        if source.is_dir() and not target.exists() and not new.startswith(f"{old}/"):
            target.parent.mkdir(exist_ok=True)
            source.rename(target)

    def change_filters(self) -> None:
        self.write(".obsidian/app.json", self.random.choice(SETTINGS))

    def change_types(self) -> None:
        types = {"aliases": self.random.choice(("number", "date", "aliases"))}
        self.write(".obsidian/types.json", json.dumps({"types": types}))

    def change_templates(self) -> None:
        folder = self.random.choice(("Old", "x/y", ""))
        self.write(".obsidian/templates.json", json.dumps({"folder": folder}))

    def change_configuration(self) -> None:
        self.write("vaultlint.toml", self.configuration + self.random.choice(CONFIGURATIONS))

    def change_glossary(self) -> None:
        self.write("terms.yml", self.random.choice(GLOSSARIES))
        self.write("vaultlint.toml", self.configuration + 'terms.glossary = ["terms.yml"]\n')

    def change_git(self) -> None:
        if self.in_git:
            note = str(self.note().relative_to(self.root))
            if self.random.random() < 0.5:
                git(self.root, "add", "--", note)
            else:
                git(self.root, "rm", "-q", "-f", "--cached", "--ignore-unmatch", "--", note)

    def same_size_and_time(self) -> None:
        """Another file with the old one's size and time, as tools write that keep times."""
        path = self.note()
        stat, text = path.stat(), path.read_text()
        other = path.with_suffix(".tmp")
        other.write_text(text.replace("Rates", "Ratez").replace("rates", "ratez"))
        os.utime(other, ns=(stat.st_mtime_ns, stat.st_mtime_ns))
        other.replace(path)

    def touch(self) -> None:
        os.utime(self.note())

    def exchange(self) -> None:
        one, other = self.note(), self.note()
        spare = self.root / "spare"
        for source, target in ((one, spare), (other, one), (spare, other)):
            if source.exists():
                source.rename(target)

    CHANGES: tuple[Callable[[Garden], None], ...] = (
        write_anew,
        write_anew,
        change_body,
        add_part,
        add_part,
        move_down,
        change_heading,
        change_heading,
        change_heading,
        change_block,
        change_block,
        change_front,
        change_front,
        add_note,
        delete_note,
        rename_note,
        rename_only_case,
        toggle_attachment,
        toggle_canvas,
        rename_folder,
        change_filters,
        change_types,
        change_templates,
        change_configuration,
        change_glossary,
        change_git,
        same_size_and_time,
        touch,
        exchange,
    )


#: Steps, configuration, options, and whether the vault is in git.
KINDS: Mapping[str, tuple[int, str, tuple[str, ...], bool]] = {
    "usual": (150, "", (), False),
    "all rules": (40, "", ("--select", "ALL"), False),
    "foam": (40, 'vault.dialect = "foam"\n', (), False),
    "plain Markdown": (40, 'vault.dialect = "commonmark"\n', (), False),
    "planned by number": (30, 'vault.planned = [">= 2"]\n', ("--extend-select", "VL121"), False),
    "in git": (40, "", (), True),
}
MORE = int(os.environ.get("VAULTLINT_MORE_STEPS", "1"))
SEED = int(os.environ.get("VAULTLINT_SEED", "1"))


@pytest.mark.parametrize("kind", KINDS)
def test_random_changes_give_the_same_cached_and_cold(vault: Vault, kind: str) -> None:
    steps, configuration, options, in_git = KINDS[kind]
    garden = Garden(vault, SEED, configuration, in_git=in_git)
    done: list[str] = []
    for step in range(steps * MORE):
        done.append(" and ".join(garden.change() for _ in range(garden.random.choice((1, 1, 2)))))
        garden.settle()
        form = garden.random.choice(FORMS)
        named: list[str] = []
        if garden.random.random() < 0.5:
            named = [str(garden.note().relative_to(garden.root)) for _ in range(2)]
        cached = output(vault, *options, "--", *named, form=form)
        expected = cold(vault, *options, "--", *named, form=form)
        assert cached == expected, (step, done[-4:], named)
        if named and garden.random.random() < 0.7:
            assert output(vault, *options) == cold(vault, *options), (step, done[-4:])
