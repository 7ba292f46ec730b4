"""Types over whole vaults: each note that deviates is told, and no other."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import Vault

from vaultlint.config import load_settings

ROOT = Path(__file__).parents[1]
MAKER = ROOT.parent / "shared" / "bench" / "make_vault.py"
EXAMPLE = ROOT / "examples" / "css-notes"


#: Other names of the same faults: of the manifest, and of reference sections.
SAME = {"missing-references": "missing-section", "reference-section-empty": "empty-section"}


@pytest.mark.skipif(not MAKER.is_file(), reason="shared/bench is not beside the checkout")
def test_a_made_vault_has_exactly_the_faults_of_its_manifest(
    vault: Vault, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = tmp_path_factory.mktemp("made") / "vault"
    command = [sys.executable, str(MAKER), str(made), "--notes", "400", "--defect-rate", "0.4"]
    subprocess.run(command, check=True, capture_output=True)
    manifest = json.loads(Path(f"{made}.manifest.json").read_text(encoding="utf-8"))
    subjects = ["Foreign Affairs", "History", "Economics", "Political Theory", "Law", "Science"]
    sections = ", ".join(f'{{ heading = "{name}" }}' for name in manifest["required_sections"])
    (made / "vaultlint.toml").write_text(
        f"[types.topic]\npaths = {[f'Notes/{name}/**' for name in subjects]}\n"
        f'order = "as-listed"\nsections = [{sections}]\n',
        encoding="utf-8",
    )
    wanted = {
        (defect["file"], defect["kind"])
        for defect in manifest["defects"]
        if defect["kind"] in ("missing-section", "empty-section", "missing-references")
    }
    assert len(wanted) > 20
    result = vault.run("check", str(made), "--select", "structure,VL402", "--output-format", "json")
    found = {
        (finding["path"], finding["rule"])
        for finding in json.loads(result.stdout)["findings"]
        if finding["path"].startswith("Notes/") and finding["rule"] != "title-mismatch"
    }
    assert {(path, SAME.get(rule, rule)) for path, rule in found} == {
        (path, SAME.get(kind, kind)) for path, kind in wanted
    }


def test_the_example_deviates_from_the_pack_where_a_reader_would_say_so(vault: Vault) -> None:
    vault.write({
        "vaultlint.toml": '[types.topic]\nextends = "study-note"\npaths = ["G/**"]\n',
        **{f"G/{path.name}": path.read_text(encoding="utf-8") for path in EXAMPLE.glob("Governance/*.md")},
    })  # fmt: skip
    assert vault.found("--select", "VL201,VL202,VL204,VL209,VL211,VL214") == [
        ("G/Local Government.md", "empty-section")
    ]


def findings(vault: Vault, *options: str) -> list[Mapping[str, Any]]:
    result = vault.run("check", "--output-format", "json", *options)
    found: list[Mapping[str, Any]] = json.loads(result.stdout)["findings"]
    return found


def test_every_format_names_the_line_that_asks(vault: Vault) -> None:
    vault.write({
        "vaultlint.toml": '[types.t]\npaths = ["*"]\nsections = [\n  { heading = "A" },\n]\n',
        "Note.md": "Text.\n",
    })  # fmt: skip
    assert [finding["asked_by"] for finding in findings(vault)] == ["vaultlint.toml:4"]
    assert "(vaultlint.toml:4)\n" in vault.run("check", "--output-format", "concise").output
    assert "(vaultlint.toml:4)\n" in vault.run("check", "--output-format", "grouped").output
    assert (
        "= asked for by: vaultlint.toml:4\n" in vault.run("check", "--output-format", "full").output
    )


def test_a_line_that_moves_in_the_configuration_moves_in_the_finding(vault: Vault) -> None:
    text = '[types.t]\npaths = ["*"]\nsections = [{ heading = "A" }]\n'
    vault.write({"vaultlint.toml": text, "Note.md": "Text.\n"})
    assert findings(vault)[0]["asked_by"] == "vaultlint.toml:3"
    vault.write({"vaultlint.toml": "# first\n" + text})
    assert findings(vault)[0]["asked_by"] == "vaultlint.toml:4"


def test_a_template_that_changes_is_read_again(vault: Vault) -> None:
    vault.write({
        "vaultlint.toml": '[types.t]\npaths = ["N/*"]\ntemplate = "T/Topic.md"\n',
        "T/Topic.md": "## A\n",
        "N/Note.md": "## A\nText.\n",
    })  # fmt: skip
    assert findings(vault) == []
    vault.write({"T/Topic.md": "## A\n## B\n"})
    assert [finding["rule"] for finding in findings(vault)] == ["missing-section"]


def test_a_template_is_not_judged_by_itself(vault: Vault) -> None:
    vault.write({
        "vaultlint.toml": '[types.t]\npaths = ["**"]\ntemplate = "T/Topic.md"\n',
        "T/Topic.md": "## A\n",
        "Note.md": "## A\nText.\n",
    })  # fmt: skip
    assert findings(vault) == []


def test_keys_may_be_written_with_underscores(tmp_path: Path) -> None:
    path = tmp_path / "vaultlint.toml"
    path.write_text(
        "fail_on = 'error'\n[types.my_type]\npaths = ['*']\n"
        "sections = [{ any_of = [{ heading = 'A', min_words = 3, not_contains = ['task'] }] }]\n"
        "properties = { my_key = 'x', other_key = { min_items = 1 } }\n",
        encoding="utf-8",
    )
    settings = load_settings(path)
    note_type = settings.shared.types["my_type"]
    (spec,) = note_type.plan.specs
    assert settings.file.fail_on == "error"
    assert (spec.content.min_words, spec.content.not_contains) == (3, ("task",))
    assert note_type.conditions == {"my_key": "x"}
    assert [(prop.name, prop.min_items) for prop in note_type.properties] == [("other_key", 1)]


def test_own_sections_stand_among_inherited_ones(tmp_path: Path) -> None:
    path = tmp_path / "vaultlint.toml"
    path.write_text(
        "[types.a]\norder = 'as-listed'\nsections = [{ heading = 'A' }, { heading = 'B' }]\n"
        "[types.b]\nextends = 'a'\nsections = ["
        "{ heading = 'X' }, { heading = 'B', optional = true }, { heading = 'Z' }]\n",
        encoding="utf-8",
    )
    plan = load_settings(path).shared.types["b"].plan
    shown = [(spec.name, spec.presence) for spec in plan.specs]
    assert shown == [
        ("A", "required"), ("X", "required"), ("B", "optional"), ("Z", "required"),
    ]  # fmt: skip
    assert plan.order == "as-listed"


def test_a_type_of_an_own_pack_can_be_extended(vault: Vault) -> None:
    vault.write({
        "mine.yaml": "types:\n  base:\n    sections: [{heading: A, min_words: 2}]\n",
        "vaultlint.toml": 'packs = ["mine.yaml"]\n[types.t]\nextends = "base"\npaths = ["*"]\n',
        "Note.md": "## A\nText.\n",
    })  # fmt: skip
    found = findings(vault)
    assert [(f["rule"], f["asked_by"]) for f in found] == [("thin-section", "mine.yaml")]


@pytest.mark.parametrize(
    ("pack", "words"),
    [
        ("types: []\n", ["mine.yaml:1", "mapping"]),
        ("typos: {}\n", ["mine.yaml:1", "`types`"]),
        ("types:\n  base: {sectoins: []}\n", ["mine.yaml", "`base`", "sectoins"]),
        ("types:\n  base:\n    sections: [{heading: A, level: 9}]\n", ["mine.yaml", "level"]),
        ("types:\n  base: {template: a.md}\n", ["mine.yaml", "a.md"]),
    ],
)
def test_a_pack_with_wrong_types(vault: Vault, pack: str, words: list[str]) -> None:
    vault.write({
        "mine.yaml": pack,
        "vaultlint.toml": 'packs = ["mine.yaml"]\n[types.t]\nextends = "base"\npaths = ["*"]\n',
    })  # fmt: skip
    message = vault.error("check")
    assert all(word in message for word in words), message


@pytest.mark.parametrize("path", ["N", "./N/**", "N/", "./N/A.md", "/N/*"])
def test_paths_may_name_a_folder(vault: Vault, path: str) -> None:
    vault.write({
        "vaultlint.toml": f'[types.t]\npaths = ["{path}"]\nsections = [{{ heading = "A" }}]\n',
        "N/A.md": "Text.\n",
        "M/A.md": "Text.\n",
    })  # fmt: skip
    assert vault.found("--select", "missing-section") == [("N/A.md", "missing-section")]


def test_templates_are_notes_of_no_type_wherever_the_vault_begins(vault: Vault) -> None:
    vault.write({
        "vaultlint.toml": (
            '[vault]\nroot = "vault"\n[types.t]\npaths = ["**"]\ntemplate = "vault/T/Note.md"\n'
            '[types.u]\nextends = "t"\npaths = ["T/**"]\nsections = [{ heading = "B" }]\n'
        ),
        "vault/T/Note.md": "## A\n",
        "vault/T/Other.md": "## B\nText.\n",
    })  # fmt: skip
    assert vault.found("--select", "missing-section", "vault") == [
        ("T/Other.md", "missing-section")
    ]
