"""Unusual files and folders: links between them, odd names, vaults in vaults."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from pathlib import Path

import pytest
from conftest import Vault

from vaultlint.discover import DiskFiles

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names and links of POSIX")


# ---- symbolic links


def test_links_to_folders_outside_are_followed(vault: Vault) -> None:
    outside = Vault(vault.root.parent / "outside")
    outside.write({"deep/B.md": "# H\n\n[[A]] [[Gone]]\n"})
    vault.write({"A.md": "[[B#H]] [[linked/deep/B]]\n"})
    (vault.root / "linked").symlink_to(outside.root)
    assert vault.found() == [("linked/deep/B.md", "broken-link")]
    assert vault.found("linked") == vault.found("linked/deep/B.md") == vault.found()


@pytest.mark.parametrize(
    ("at", "target"),
    [
        ("loop", "."),
        ("loop", ".."),
        ("sub/loop", ".."),
        ("sub/loop", "../.."),
        ("sub/loop", "/"),
        ("sub/loop", "../other"),
    ],
)
def test_links_to_folders_that_overlap_the_vault_are_not_followed(
    vault: Vault, at: str, target: str
) -> None:
    vault.write({"A.md": "[[Gone]]\n", "sub/B.md": "", "other/C.md": ""})
    (vault.root / at).symlink_to(target)
    assert vault.found() == [("A.md", "broken-link")]
    assert vault.check()["summary"]["notes"] == 3


def test_loops_outside_end(vault: Vault) -> None:
    outside = Vault(vault.root.parent / "outside")
    outside.write({"deep/B.md": "[[Gone]]\n"})
    (outside.root / "deep" / "again").symlink_to(outside.root)
    (outside.root / "back").symlink_to(vault.root)
    (vault.root / "linked").symlink_to(outside.root)
    (vault.root / "twice").symlink_to(outside.root)
    (vault.root / "part").symlink_to(outside.root / "deep")
    assert vault.found() == [("linked/deep/B.md", "broken-link")]


def test_links_to_files_and_to_nothing_are_not_there(vault: Vault) -> None:
    vault.write({"A.md": "[[L]] [[N]]\n", "../B.md": "[[Gone]]\n"})
    (vault.root / "L.md").symlink_to("../B.md")
    (vault.root / "N.md").symlink_to("nowhere.md")
    (vault.root / "M.md").symlink_to("A.md")
    assert vault.found() == [("A.md", "broken-link")] * 2


def test_what_is_no_regular_file_is_not_there(vault: Vault) -> None:
    vault.write({"A.md": "[[Pipe]] [[Folder]]\n", "Folder.md/B.md": "[[A]]\n"})
    os.mkfifo(vault.root / "Pipe.md")
    assert vault.found() == [("A.md", "broken-link")] * 2
    assert vault.check("Folder.md")["summary"]["notes"] == 1


def test_a_vault_that_is_reached_through_a_link(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.write({"sub/A.md": "[[B]] [[Gone]]\n", "B.md": ""})
    monkeypatch.chdir(vault.root.parent)
    (vault.root.parent / "alias").symlink_to(vault.root)
    for path in ("alias", "alias/sub", "alias/sub/A.md"):
        output = vault.run("check", path).output
        assert output.startswith("alias/sub/A.md:1:7: VL101 broken-link no note `Gone`\n1 error")
    monkeypatch.chdir("alias/sub")
    assert vault.run("check").output.startswith("A.md:1:7: VL101")


# ---- names

NAMES = {
    "255 bytes": "n" * 252 + ".md",
    "255 bytes of UTF-8": "é" * 126 + ".md",
    "NFD": unicodedata.normalize("NFD", "Élève – Übung.md"),
    "a line end": "new\nline.md",
    "a carriage return": "a\rb.md",
    "a tab": "a\tb.md",
    "an escape": "\x1b[31mred\x1b[0m.md",
    "a bell": "\x07.md",
    "a C1 control": "\x9b31m.md",
    "a change of direction": "\u202ecod.md",
    "a backslash": "a\\b.md",
    "quotes": "\"a'b`.md",
    "brackets": "[[a]].md",
    "a glob": "*?[a].md",
    "spaces": "  a  b .md",
    "a colon": "a:1:2: b.md",
    "percent": "100%25.md",
    "a hash": "#a#b^c|d.md",
    "emoji": "👩‍👩‍👧.md",
    "upper case": "A.MD",
    "a line separator": "a\u2028b.md",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_odd_names(vault: Vault, name: str) -> None:
    vault.write({f"sub/{name}": "x\n[[Gone]]\n", "A.md": "\n"})
    assert vault.found() == [(f"sub/{name}", "broken-link")]
    assert vault.found("--", f"sub/{name}") == [(f"sub/{name}", "broken-link")]
    assert vault.found("-", "--stdin-filename", f"sub/{name}", input="[[Lost]]\n") == [
        (f"sub/{name}", "broken-link")
    ]
    for output_format, lines in (("full", 7), ("concise", 2), ("grouped", 4)):
        output = vault.run("check", "--output-format", output_format).output
        assert output.count("\n") == lines
        assert "2:1" in output
        assert all(char == "\n" or char not in "\r\t\x07\x1b\x9b\u202e" for char in output)
    data = json.loads(vault.run("inspect", f"sub/{name}", "--output-format", "json").output)
    assert data["path"] == f"sub/{name}"


def test_nfd_names_are_found_by_nfc_links_and_the_reverse(vault: Vault) -> None:
    nfc, nfd = (unicodedata.normalize(form, "Élève") for form in ("NFC", "NFD"))
    vault.write({f"{nfd}.md": f"# {nfd}\n", "A.md": f"[[{nfc}]] [[{nfd}]]\n"})
    assert vault.found() == []


def test_names_that_are_not_utf_8(vault: Vault) -> None:
    path = os.fsencode(vault.root) + b"/bad\xff.md"
    try:
        Path(os.fsdecode(path)).write_bytes(b"[[Gone]] [[#Here]]\n")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    for jobs in ("1", "2"):
        done = vault.process("check", "--jobs", jobs)
        assert done.returncode == 1
        assert done.stdout.decode().splitlines()[:2] == [
            "bad\ufffd.md:1:1: VL101 broken-link no note `Gone`",
            "bad\ufffd.md:1:10: VL103 broken-heading this note has no heading `Here`",
        ]
    assert vault.process("check", b"bad\xff.md").stdout[:20] == done.stdout[:20]
    for output_format in ("full", "grouped", "json"):
        done = vault.process("check", "--output-format", output_format)
        assert (done.returncode, done.stderr) == (1, b"")


def test_deep_folders(vault: Vault) -> None:
    deep = "/".join("d" * 10 for _ in range(60))
    vault.write({f"{deep}/A.md": "[[Gone]]\n"})
    assert vault.found() == [(f"{deep}/A.md", "broken-link")]


def test_many_folders_are_walked_in_order(vault: Vault) -> None:
    names = [f"{a}{b}/N.md" for a in "zcam" for b in "y1B"]
    vault.write(dict.fromkeys(names, "[[Gone]]\n"))
    assert vault.found() == [(name, "broken-link") for name in sorted(names)]
    assert DiskFiles(str(vault.root)).paths() == sorted(names)


# ---- vaults in vaults


def test_a_vault_in_a_vault(vault: Vault) -> None:
    vault.write(
        {
            "A.md": "[[Inner]] [[B]]\n",
            "inner/.obsidian/app.json": "",
            "inner/Inner.md": "[[A]] [[B]]\n",
            "inner/B.md": "",
        }
    )
    assert vault.found() == []
    assert vault.found("inner") == [("Inner.md", "broken-link")]
    assert vault.found("inner/Inner.md") == [("Inner.md", "broken-link")]
    assert vault.run("check", "inner").output.startswith("inner/Inner.md:1:1: VL101 broken-link")


def test_two_vaults_where_one_holds_the_other(vault: Vault) -> None:
    vault.write({"A.md": "[[B]]\n", "inner/.obsidian/app.json": "", "inner/B.md": "[[A]]\n"})
    assert vault.found("A.md", "inner/B.md") == [("inner/B.md", "broken-link")]


def test_a_note_named_like_a_folder(vault: Vault) -> None:
    vault.write({"sub.md": "[[sub/sub]] [[Gone]]\n", "sub/sub.md": "[[Gone]]\n"})
    assert vault.found("sub") == [("sub/sub.md", "broken-link")]
    assert vault.found("sub.md") == [("sub.md", "broken-link")]
