"""`vaultlint clean`: what the cache keeps goes, and nothing else does."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from cached import age, cache_files, is_hit
from conftest import Vault

from vaultlint import cache
from vaultlint.cache import MARKS


@pytest.fixture
def kept(vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder of a vault that was checked."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    vault.write({"A.md": "[[B]]\n", "sub/B.md": "[[Gone]]\n"})
    age(vault.root)
    vault.run("check")
    folder = tmp_path / "home" / "vaultlint"
    assert cache_files(folder, ".snapshot")
    return folder


def clean(vault: Vault, *arguments: str) -> str:
    result = vault.run("clean", *arguments)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


@pytest.mark.parametrize("path", [(), (".",), ("sub",), ("sub/B.md",)])
def test_all_goes_and_the_folder_too(vault: Vault, kept: Path, path: tuple[str, ...]) -> None:
    size = sum(file.stat().st_size for file in kept.iterdir())
    assert clean(vault, *path) == f"../home/vaultlint: 4 files deleted, {size:,} bytes.\n"
    assert not kept.exists()
    assert kept.parent.exists()
    assert clean(vault) == "../home/vaultlint: there is nothing to delete.\n"
    assert vault.run("check").exit_code == 1
    assert is_hit(vault)


def test_in_a_repository(vault: Vault) -> None:
    vault.write({".git/HEAD": "", "A.md": ""})
    vault.run("check")
    folder = vault.root / ".vaultlint_cache"
    assert folder.is_dir()
    assert re.fullmatch(r"\.vaultlint_cache: 4 files deleted, [\d,]+ bytes\.\n", clean(vault))
    assert not folder.exists()


def test_a_folder_that_is_given(vault: Vault, kept: Path, tmp_path: Path) -> None:
    vault.run("check", "--cache-dir", "../own")
    assert "../own: 4 files deleted, " in clean(vault, "--cache-dir", "../own")
    assert not (tmp_path / "own").exists()
    assert kept.exists()


def test_files_of_others_stay(vault: Vault, kept: Path) -> None:
    others = {
        "pack-1.pack": b"a",
        "mine.snapshot": b"b",
        "report.tmp": b"c",
        "notes.md": b"d",
        f"{'A' * 24}.snapshot": b"upper case is not ours",
        f"{'a' * 24}.snapshot.bak": b"e",
    }
    for name, data in others.items():
        (kept / name).write_bytes(data)
    (kept / f"{'b' * 24}.snapshot").mkdir()
    (kept / f"{'b' * 24}.snapshot" / f"{'c' * 24}.snapshot").write_bytes(b"f")
    for name in (f"{'d' * 24}-1.pack", f"{'d' * 24}.snapshot.1.tmp", ".gitignore.1.tmp"):
        (kept / name).write_bytes(b"")
    assert ": 7 files deleted, " in clean(vault)
    left = {path.name: path.read_bytes() for path in kept.iterdir() if path.is_file()}
    assert left == others
    assert (kept / f"{'b' * 24}.snapshot" / f"{'c' * 24}.snapshot").exists()


def test_marks_that_someone_else_made_stay(vault: Vault, kept: Path) -> None:
    for name in MARKS:
        (kept / name).write_text("mine\n")
    assert ": 2 files deleted, " in clean(vault)
    assert {path.name for path in kept.iterdir()} == set(MARKS)


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_links_are_not_followed(vault: Vault, kept: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    victim = outside / f"{'a' * 24}.snapshot"
    victim.write_bytes(b"mine")
    (kept / f"{'e' * 24}.snapshot").symlink_to(victim)
    (kept / f"{'f' * 24}-1.pack").symlink_to(outside)
    clean(vault)
    assert victim.read_bytes() == b"mine"
    # in a repository the folder itself may be a link that came with it
    vault.write({".git/HEAD": ""})
    (vault.root / cache.FOLDER).symlink_to(outside)
    assert clean(vault) == ""
    assert victim.read_bytes() == b"mine"


def test_nothing_is_there(vault: Vault, tmp_path: Path) -> None:
    for folder in ("gone", "gone/below"):
        said = clean(vault, "--cache-dir", str(tmp_path / folder))
        assert said == f"../{folder}: there is nothing to delete.\n"
    assert not (tmp_path / "gone").exists()


def test_what_cannot_be_emptied(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    message = vault.error("clean", "--cache-dir", "../file")
    assert message == "error: `../file` cannot be emptied: Not a directory"
    assert vault.error("clean", "nowhere") == "error: there is no file or folder `nowhere`"


def test_what_vanishes_meanwhile(vault: Vault, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink, left = os.unlink, [2]

    def unlink_late(path: str) -> None:
        unlink(path)
        left[0] -= 1
        if left[0] >= 0:
            raise FileNotFoundError(path)

    monkeypatch.setattr(os, "unlink", unlink_late)
    assert "../home/vaultlint: 2 files deleted, " in clean(vault)
    assert not kept.exists()
