"""Counted calls: what a run does at most. Unlike seconds they are the same on every machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cached import age
from conftest import Vault, run_apart

import vaultlint
from vaultlint import engine
from vaultlint.vault import Vault as Index

FOLDERS = ("", "a/", "a/b/", "c/")
COUNT = 40


def notes() -> dict[str, str]:
    """Notes in four folders, each with links that hold, headings, and a finding of a note rule."""
    files = {}
    for number in range(COUNT):
        after = (number + 1) % COUNT
        text = f"# Heading\n\nA ^one\n\n[[N{after}]] [[N{after}#Heading]] [x](N{after}.md#^one)\n\n"
        files[f"{FOLDERS[number % 4]}N{number}.md"] = f"{text}Some assitance.\n"
    return files


@pytest.fixture
def known(vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    """A vault that the cache knows."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache-home"))
    vault.write(notes())
    vault.write({"vaultlint.toml": 'vault.exclude = ["none/**"]\n', "chart.png": ""})
    age(vault.root)
    vault.run("check")
    return vault


#: Runs `check`, and prints what it did: opened and listed below the vault, and which modules it has.
_WATCH = """
import json, os, sys
root = os.getcwd()
opened, listed, stats = [], [], []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        opened.append(arguments[0])
    elif event in ("os.scandir", "os.listdir"):
        listed.append(str(arguments[0]))
sys.addaudithook(watch)
stat = os.stat
def counted(path, *rest, **more):
    if isinstance(path, str):
        stats.append(path)
    return stat(path, *rest, **more)
os.stat = counted
parsed = []
from vaultlint.cli import main
def watch_parser():
    from vaultlint import engine
    parse = engine.parse_file
    def counted_parse(path, data):
        parsed.append(path)
        return parse(path, data)
    engine.parse_file = counted_parse
if {cold}:
    watch_parser()
code = 0
try:
    main({arguments}, prog_name="vaultlint")
except SystemExit as end:
    code = end.code
below = lambda paths: [os.path.relpath(p, root) for p in paths if os.path.abspath(p).startswith(root)]
print(json.dumps({{
    "code": code,
    "opened": below(opened),
    "listed": below(listed),
    "stats": below(stats),
    "parsed": parsed,
    "modules": sorted(sys.modules),
}}), file=sys.stderr)
"""


def watched(vault: Vault, *arguments: str, cold: bool = False) -> dict[str, Any]:
    """What `check` does in a process of its own; `cold`: it is known that it parses."""
    command = ["check", "--output-format", "concise", *arguments]
    done = subprocess.run(
        [sys.executable, "-c", _WATCH.format(cold=cold, arguments=command)],
        cwd=vault.root,
        env={**os.environ, "PYTHONPATH": str(Path(vaultlint.__file__).parents[1])},
        capture_output=True,
        check=True,
    )
    seen: dict[str, Any] = json.loads(done.stderr)
    assert seen["code"] in (0, 1)
    assert b"known-misspelling" in done.stdout
    return seen


def note_files(paths: list[str]) -> list[str]:
    return [path for path in paths if path.endswith(".md")]


# ---- nothing has changed


def test_a_warm_run_reads_no_note_and_lists_each_folder_once(known: Vault) -> None:
    seen = watched(known)
    assert note_files(seen["opened"]) == []
    assert sorted(seen["listed"]) == sorted([".", "a", "a/b", "c"])
    assert seen["parsed"] == []
    assert "vaultlint.engine" not in seen["modules"]


def test_a_warm_run_opens_only_settings(known: Vault) -> None:
    seen = watched(known)
    assert set(seen["opened"]) <= {"vaultlint.toml", ".obsidian/app.json"}
    assert len(seen["opened"]) <= 4


def test_a_warm_run_with_the_form_for_people_reads_notes_with_findings_only(known: Vault) -> None:
    seen = watched(known, "--output-format", "full")
    assert Counter(note_files(seen["opened"])) == Counter(list(notes()))


def test_a_named_note_lists_nothing_and_asks_folders_and_links_only(known: Vault) -> None:
    seen = watched(known, "N0.md")
    assert seen["listed"] == []
    assert note_files(seen["opened"]) == ["N0.md"][:0]
    inside = Counter(path for path in seen["stats"] if path != "vaultlint.toml")
    of_notes = {path: count for path, count in inside.items() if path.endswith(".md")}
    assert set(of_notes) == {"N0.md", "a/N1.md"}
    assert sum(of_notes.values()) <= 4 + 4  # the notes, as paths and for the links of one
    assert len(seen["stats"]) <= len(FOLDERS) + 30


def test_what_a_named_note_costs_does_not_grow_with_the_vault(known: Vault) -> None:
    before = len(watched(known, "N0.md")["stats"])
    known.write({f"a/More{number}.md": "Words.\n" for number in range(200)})
    age(known.root, 50)
    known.run("check")
    seen = watched(known, "N0.md")
    assert len(seen["stats"]) == before
    assert seen["listed"] == []


# ---- something has changed


@pytest.mark.parametrize("path", ["N0.md", "a/b/N2.md"])
def test_one_changed_note_is_the_one_that_is_parsed(known: Vault, path: str) -> None:
    known.write({path: f"{notes()[path]}More words.\n"})
    seen = watched(known, cold=True)
    assert seen["parsed"] == [path]
    assert set(note_files(seen["opened"])) == {path}
    assert len(note_files(seen["opened"])) <= 3  # to compare, to parse, and to show lines
    assert sorted(seen["listed"]) == sorted([".", "a", "a/b", "c"])


def test_a_changed_name_reads_no_other_note(known: Vault) -> None:
    known.write({"N4.md": notes()["N4.md"].replace("# Heading", "# Other")})
    seen = watched(known, cold=True)
    assert seen["parsed"] == ["N4.md"]
    assert set(note_files(seen["opened"])) <= {"N4.md", "c/N3.md"}
    assert len(note_files(seen["opened"])) <= 4


def test_a_new_note_and_a_deleted_one(known: Vault) -> None:
    known.write({"New.md": "Words.\n"})
    (known.root / "N8.md").unlink()
    seen = watched(known, cold=True)
    assert seen["parsed"] == ["New.md"]


def test_touched_notes_are_read_once_and_not_parsed(known: Vault) -> None:
    age(known.root, 50)
    seen = watched(known, cold=True)
    assert seen["parsed"] == []
    assert Counter(note_files(seen["opened"])) == Counter(list(notes()))
    assert note_files(watched(known)["opened"]) == []


def test_settings_of_vault_rules_parse_nothing(known: Vault) -> None:
    known.write({"vaultlint.toml": 'vault.exclude = ["none/**"]\nvault.planned = ["x"]\n'})
    age(known.root)
    seen = watched(known, cold=True)
    assert seen["parsed"] == []


# ---- cold


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often notes are parsed, links resolved and their files found, in this process."""
    counted: Counter[str] = Counter()

    def count(owner: Any, name: str) -> None:
        call = getattr(owner, name)

        def counting(*arguments: Any, **more: Any) -> Any:
            counted[name] += 1
            return call(*arguments, **more)

        monkeypatch.setattr(owner, name, counting)

    count(engine, "parse_note")
    for name in ("resolve", "ties", "holds", "_find"):
        count(Index, name)
    return counted


def test_cold_each_note_is_parsed_once_and_each_link_looked_up_once(
    vault: Vault, counts: Counter[str]
) -> None:
    vault.write(notes())
    vault.run("check", "--no-cache", "--jobs", "1")
    assert counts["parse_note"] == counts["ties"] == COUNT
    assert counts["resolve"] == 0  # no rule asks about a link that holds
    assert counts["holds"] == 2 * COUNT  # the parts that links name
    assert counts["_find"] <= 3 * COUNT


def test_cold_a_broken_link_is_resolved_once(vault: Vault, counts: Counter[str]) -> None:
    files = notes()
    files["N0.md"] += "[[Gone]] [[N5#Gone]]\n"
    vault.write(files)
    vault.run("check", "--no-cache", "--jobs", "1")
    assert counts["parse_note"] == COUNT
    assert counts["resolve"] == 5  # the links of the one note that has a broken one


def test_cold_the_files_are_listed_once_and_each_note_read_once(vault: Vault) -> None:
    vault.write(notes())
    seen = watched(vault, "--no-cache", "--jobs", "1", cold=True)
    assert sorted(seen["parsed"]) == sorted(notes())
    opened = Counter(note_files(seen["opened"]))
    assert set(opened) == set(notes())
    assert max(opened.values()) <= 2  # to parse, and for the lines of its findings
    assert sorted(seen["listed"]) == sorted([".", "a", "a/b", "c"])


# ---- modules of a warm run

#: All of our modules that a run imports where nothing has changed. Each costs every run: the list
#: grows only for a reason.
WARM = frozenset(
    f"vaultlint{name}"
    for name in (
        "",
        ".cache",
        ".cli",
        ".cli.check",
        ".cli.checked",
        ".cli.known",
        ".cli.located",
        ".cli.options",
        ".fingerprint",
        ".listing",
        ".locate",
        ".model",
        ".replay",
        ".report",
        ".report.concise",
        ".report.formats",
        ".report.summary",
        ".report.terminal",
        ".text",
        ".ties",
    )
)
#: What is large, and has no place in such a run.
LARGE = (
    "concurrent.futures",
    "frontmatter",
    "json",
    "mistune",
    "multiprocessing",
    "rapidfuzz",
    "subprocess",
    "tempfile",
    "tomllib",
    "yaml",
)
ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "the vault": (),
    "a note": ("N0.md",),
    "a folder": ("a",),
    "selected rules": ("--select", "terms"),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_warm_run_imports_just_these_modules(known: Vault, name: str) -> None:
    arguments = ARGUMENTS[name]
    known.run("check", *arguments)
    command = ["check", "--output-format", "concise", *arguments]
    done = run_apart(command, known.root, os.environ)
    assert done.returncode == 1
    modules = set(done.stderr.split())
    ours = {module for module in modules if module.partition(".")[0] == "vaultlint"}
    assert ours - WARM == set()
    assert WARM - ours == set()
    assert not modules.intersection(LARGE)
