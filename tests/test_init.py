"""`vaultlint init` at the command line: what it writes, prints, and leaves alone."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from conftest import Vault
from learned import note

EXAMPLE = Path(__file__).parents[1] / "examples" / "css-notes"


@pytest.fixture
def topics(vault: Vault) -> Vault:
    vault.write({f"Topics/N{i}.md": note("Causes", "Effects") for i in range(9)})
    vault.write({"Topics/N9.md": note("Causes"), "Index.md": "# Index\n"})
    return vault


def test_what_is_written_is_told_and_holds(topics: Vault) -> None:
    result = topics.run("init")
    assert result.output.splitlines() == [
        "wrote vaultlint.toml",
        "11 notes read",
        "type topic: 10 notes in `Topics/**`; 2 sections required; 1 deviates",
        "no type: 1 note",
        "next: vaultlint check",
    ]
    assert topics.found("--select", "structure,properties") == [("Topics/N9.md", "missing-section")]


def test_a_dry_run_prints_what_would_be_written(topics: Vault) -> None:
    result = topics.run("init", "--dry-run")
    assert not (topics.root / "vaultlint.toml").exists()
    topics.run("init")
    assert result.stdout == (topics.root / "vaultlint.toml").read_text(encoding="utf-8")
    assert result.stderr.startswith("11 notes read\n")


def test_a_diff_compares_with_the_file_that_is_there(topics: Vault) -> None:
    topics.run("init")
    before = (topics.root / "vaultlint.toml").read_bytes()
    assert topics.run("init", "--diff").stdout == ""
    topics.write({f"Topics/M{i}.md": note("Causes", "Effects", "Maps") for i in range(5)})
    result = topics.run("init", "--diff")
    assert result.exit_code == 0
    assert "--- vaultlint.toml\n+++ proposed\n" in result.stdout
    assert '+  { heading = "Maps", level = 2, optional = true },' in result.stdout
    assert (topics.root / "vaultlint.toml").read_bytes() == before


def test_a_diff_without_a_file_shows_all(topics: Vault) -> None:
    assert "+[types.topic]\n" in topics.run("init", "--diff").stdout


def test_what_the_configuration_says_of_the_vault_holds(topics: Vault) -> None:
    topics.write({f"Old/N{i}.md": note("Plot", "Verdict") for i in range(9)})
    topics.write(
        {
            "vaultlint.toml": '[vault]\nexclude = ["Old/**"]\nplanned = ["Later/*"]\n[terms]\nglossary = ["g.yml"]\n',
            "g.yml": "- GitHub\n",
        }
    )
    output = topics.run("init", "--dry-run").stdout
    assert 'exclude = ["Old/**"]\n' in output
    assert 'planned = ["Later/*"]\n' in output
    assert 'glossary = ["g.yml"]\n' in output
    assert "Verdict" not in output


def test_only_the_notes_of_the_folder_are_learned_from(topics: Vault) -> None:
    topics.write({f"Work/Log/N{i}.md": note("Done", "Open") for i in range(8)})
    output = topics.run("init", "--dry-run", "Work")
    assert output.stderr.startswith("8 notes read\n")
    assert 'paths = ["Work/Log/**"]' in output.stdout


@pytest.mark.parametrize("name", [".vaultlint.toml", "pyproject.toml"])
def test_another_configuration_is_not_hidden_by_a_new_one(topics: Vault, name: str) -> None:
    topics.write({name: "[tool.vaultlint]\n" if name == "pyproject.toml" else ""})
    assert topics.error("init").startswith(f"error: {name}: exists already;")
    assert not (topics.root / "vaultlint.toml").exists()


def test_a_broken_configuration_is_told(topics: Vault) -> None:
    topics.write({"vaultlint.toml": "[vault\n"})
    assert topics.error("init", "--diff").startswith("error: vaultlint.toml:1:")


def test_dry_run_and_diff_exclude_each_other(topics: Vault) -> None:
    assert topics.error("init", "--diff", "--dry-run")


def test_nothing_else_is_left_behind(topics: Vault) -> None:
    before = {path.name for path in topics.root.iterdir()}
    topics.run("init")
    assert {path.name for path in topics.root.iterdir()} - before == {"vaultlint.toml"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(topics: Vault) -> None:
    topics.root.chmod(0o500)
    try:
        assert "cannot be written" in topics.error("init")
    finally:
        topics.root.chmod(0o700)


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    root = tmp_path / "css-notes"
    shutil.copytree(EXAMPLE, root)
    (root / "vaultlint.toml").unlink()
    monkeypatch.chdir(root)
    return Vault(root)


def test_the_demo_vault(example: Vault) -> None:
    """What is learned is what its owner wrote by hand, and the faults put in deviate."""
    output = example.run("init").output
    told = "25 notes with the tag `#topic`; 4 sections and 3 properties required; 2 deviate"
    assert f"type topic: {told}\n" in output
    text = (example.root / "vaultlint.toml").read_text(encoding="utf-8")
    for part in ('"Challenges*"', '"Opportunities*"', '"Related Ideas"', '"References"'):
        assert part in text
    found = [f for f in example.found("--select", "structure") if f[1] != "duplicate-property"]
    assert found == [
        ("Governance/Local Government.md", "empty-section"),
        ("Pakistan Affairs/Political Stability.md", "missing-section"),
    ]


def test_a_note_of_a_learned_type_can_be_made(example: Vault) -> None:
    example.run("init")
    path = example.run("new", "topic", "A new one", "--folder", "Governance").stdout.strip()
    found = [rule for _, rule in example.found("--select", "structure,properties", path)]
    assert set(found) <= {"empty-section"}


def test_file_names_that_are_no_text(vault: Vault) -> None:
    folder = os.fsencode(vault.root) + b"/T\xff"
    try:
        os.mkdir(folder)
    except OSError:
        pytest.skip("the file system has no such names")
    for number in range(8):
        with open(folder + b"/N%d\xfe.md" % number, "wb") as file:
            file.write(note("Causes", "Effects").encode())
    done = vault.process("init")
    assert done.returncode == 0, done.stderr
    assert vault.process("config").returncode == 0


def test_the_written_file_has_the_rights_of_others(vault: Vault) -> None:
    vault.write({"A.md": ""})
    vault.run("init")
    umask = os.umask(0)
    os.umask(umask)
    assert (vault.root / "vaultlint.toml").stat().st_mode & 0o777 == 0o666 & ~umask
