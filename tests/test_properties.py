"""Where the values of properties stand, and what the rules about them cost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Vault

from vaultlint.config import Settings, default_settings, load_settings
from vaultlint.engine import VaultStage
from vaultlint.json_schema import _compile
from vaultlint.libraries import Libraries
from vaultlint.parse.extract import parse_note
from vaultlint.planned import Planned
from vaultlint.property_types import rewritten
from vaultlint.tag_names import corrected, fault_of_tag
from vaultlint.testing import findings, open_case
from vaultlint.vault import Vault as Index

NESTED = """---
title: A  # comment
people:
  - name: "Ann"
    roles: [x, 'y z']
  - {name: Bo}
empty:
? [a, b]
: pair
---
Text.
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("title",), "title", "A"),
        (("people", 0, "name"), "name", '"Ann"'),
        (("people", 0, "roles", 1), "'y z'", "'y z'"),
        (("people", 1), "{name: Bo}", "{name: Bo}"),
        (("people", 1, "name"), "name", "Bo"),
        (("people", 1, "gone", 3), "{name: Bo}", "{name: Bo}"),
        (("empty",), "empty", ""),
        (("[a, b]",), "[a, b]", "pair"),
        (("gone",), "", ""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_value_is_located_by_its_path(
    path: tuple[str | int, ...], key: str, value: str, end: str
) -> None:
    note = parse_note("A.md", NESTED.replace("\n", end))
    for of_key, expected in ((True, key), (False, value)):
        start, stop = note.locate_value(*path, key=of_key)
        assert note.text[start:stop] == expected


@pytest.mark.parametrize(
    "inner", ["a: [x, 'y', \"z\"]", "a:\n  - x\n  - 'y'  \n  - \"z\"", "a: &b [x]"]
)
def test_items_of_lists_know_their_places(inner: str) -> None:
    note = parse_note("A.md", f"---\n{inner}\n---\n")
    (found,) = note.facts.frontmatter.properties
    written = [note.text[start:end] for start, end in found.item_spans]
    assert [text.strip("'\"") for text in written] == found.value


def settings_of(folder: Path, text: str) -> Settings:
    (folder / "vaultlint.toml").write_text(text)
    return load_settings(folder / "vaultlint.toml")


def is_broad(settings: Settings) -> bool:
    vault = Index(())
    libraries = Libraries(vault, (), lambda path: vault.notes[path])
    return VaultStage(vault, settings, Planned((), vault), libraries).is_broad


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("properties = {id = {unique = true}}", "duplicate-property-value"),
        ('properties = {up = {link-type = "a"}}', "wrong-link-type"),
    ],
)
def test_rules_that_ask_nothing_are_not_asked(tmp_path: Path, text: str, rule: str) -> None:
    """They look at every note, and then nothing may be taken over from the run before."""
    assert not is_broad(default_settings())
    asked = settings_of(tmp_path, f'[types.a]\npaths = ["*.md"]\n{text}\n')
    assert is_broad(asked)
    assert rule in [active.rule.id for active in asked.base_plan]
    idle = settings_of(tmp_path, '[types.a]\npaths = ["*.md"]\n')
    assert not is_broad(idle)
    assert rule not in [active.rule.id for active in idle.base_plan]
    extended = settings_of(tmp_path, f'[[overrides]]\npaths = ["x"]\nextend-select = ["{rule}"]\n')
    assert not is_broad(extended)


def test_no_rule_about_types_is_asked_where_there_are_none() -> None:
    planned = {active.rule.id for active in default_settings().base_plan}
    idle = {"missing-property", "missing-section", "schema-violation", "unknown-property"}
    assert planned.isdisjoint(idle)
    assert {"wrong-property-type", "invalid-tag"} <= planned


def test_types_of_obsidian_that_change_are_seen_by_an_open_session() -> None:
    session = open_case({"A.md": "---\nyear: x\n---\n"})
    session.load()
    assert findings(session) == []
    files = session.files.files  # type: ignore[attr-defined]
    files[".obsidian/types.json"] = b'{"types": {"Year": "number"}}'
    session.update([".obsidian/types.json"])
    assert [found.rule for found in findings(session)] == ["wrong-property-type"]
    del files[".obsidian/types.json"]
    session.update([".obsidian/types.json"])
    assert findings(session) == []


def test_a_schema_needs_the_extra(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.write({
        "vaultlint.toml": '[types.a]\nschema = "s.json"\n',
        "s.json": '{"title": "not yet known"}',
    })  # fmt: skip
    _compile.cache_clear()
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    message = vault.error("check")
    assert message == (
        "error: vaultlint.toml:2: JSON schemas need an extra: `pip install 'vaultlint[schema]'`"
    )


def test_without_a_schema_its_library_is_not_imported(vault: Vault) -> None:
    vault.write({"A.md": "---\na: 1\n---\n", "vaultlint.toml": '[types.a]\npaths = ["*.md"]\n'})
    code = (
        "import sys; from vaultlint.cli import main\n"
        "main(['check', '--no-cache'], standalone_mode=False)\n"
        "sys.exit('jsonschema_rs' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=vault.root, check=False).returncode == 0


@pytest.mark.parametrize(
    ("value", "written", "type", "better"),
    [
        (1984, "1984", "text", ['"1984"']),
        ("a", "a", "list", ["[a]"]),
        ("a: b, c", "a: b, c", "list", ['["a: b, c"]']),
        ("[[A]]", '"[[A]]"', "list", ['["[[A]]"]']),
        ("17", '"17"', "number", ["17"]),
        ("17 AD", "17 AD", "number", []),
        ("Yes", "Yes", "checkbox", ["true"]),
        ("perhaps", "perhaps", "checkbox", []),
        ("2024/5/1", "2024/5/1", "date", ["2024-05-01"]),
        ("2024-05-01T09:30", "2024-05-01T09:30", "date", ["2024-05-01"]),
        ("1.5.2024", "1.5.2024", "date", []),
        ("2024/13/1", "2024/13/1", "date", []),
        ("2024-05-01", "2024-05-01", "datetime", []),
        ([1], "[1]", "text", []),
    ],
)
def test_what_to_write(value: object, written: str, type: str, better: list[str]) -> None:
    assert rewritten(value, written, type) == better  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "fault", "better"),
    [
        ("world trade", "has a space in it", "world-trade"),
        ("a//b/", "has an empty part", "a/b"),
        ("a.b", "has a `.` in it, which no tag has", ""),
        ("2024", "has only digits", ""),
        ("/", "is empty", ""),
        ("20 24", "has a space in it", "20-24"),
        ("y2024/05", "", ""),
        ("日本/東京", "", ""),
    ],
)
def test_tags(name: str, fault: str, better: str) -> None:
    assert (fault_of_tag(name), corrected(name)) == (fault, better)
