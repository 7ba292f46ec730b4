"""The lists that ship, which save reading modules and YAML, say what those say."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vaultlint import packs, rule_index
from vaultlint.rule import Rule

Put = Callable[[bytes], None]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Puts another text in the place of the list; the modules stay as they are."""

    def put(text: bytes) -> None:
        file = tmp_path / "index.json"
        file.write_bytes(text)
        monkeypatch.setattr(rule_index, "INDEX", file)

    return put


def _parts(rule: Rule) -> tuple[object, ...]:
    return (
        rule.id,
        rule.code,
        rule.group,
        rule.severity,
        rule.default,
        rule.subject,
        rule.vault_wide,
        rule.options,
        rule.applies,
        rule.mentions,
        rule.former,
        rule.summary,
        dict(rule.doc),
        rule.origin.rpartition(".py")[0],
    )


def test_the_list_is_that_of_the_modules() -> None:
    assert rule_index.INDEX.read_bytes() == rule_index.write_index(), "stale: run `make docs`"


def test_listed_rules_are_those_that_modules_make(index: Put) -> None:
    listed = list(rule_index.load_rules())
    index(b"[]")
    made = list(rule_index.load_rules())
    assert [_parts(rule) for rule in listed] == [_parts(rule) for rule in made]
    assert len(listed) > 90
    assert listed != made  # they were not read


@pytest.mark.parametrize("text", [b"", b"[", b"{}", b'[{"module": "broken_link"}]', b"\xff"])
def test_without_a_list_rules_come_from_their_modules(index: Put, text: bytes) -> None:
    whole = [_parts(rule) for rule in rule_index.load_rules()]
    index(text)
    assert [_parts(rule) for rule in rule_index.load_rules()] == whole


def test_a_module_of_another_size_is_read(index: Put) -> None:
    text = rule_index.INDEX.read_bytes()
    wrong = text.replace(b'"severity":"error"', b'"severity":"info"')
    index(wrong)
    assert {r.id: r.severity for r in rule_index.load_rules()}["broken-link"] == "info"
    entry = next(line for line in wrong.splitlines() if b'"broken_link"' in line)
    size = entry.partition(b'"bytes":')[2].partition(b",")[0]
    index(wrong.replace(entry, entry.replace(size, b"1", 1)))
    assert {r.id: r.severity for r in rule_index.load_rules()}["broken-link"] == "error"


def test_only_rules_that_run_are_read() -> None:
    program = (
        "import sys\n"
        "from vaultlint.config import default_settings\n"
        "from vaultlint.engine import NoteStage\n"
        "from vaultlint.parse.extract import parse_note\n"
        "stage = NoteStage(default_settings())\n"
        "stage.check(parse_note('a.md', '# A\\n\\nWords, and [a link](b.md).\\n'))\n"
        "print(*(name for name in sys.modules if name.startswith('vaultlint.rules.')))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    read = done.stdout.decode().split()
    assert "vaultlint.rules.empty_heading" in read
    assert "vaultlint.rules.duplicate_footnote" not in read
    assert "vaultlint.rules.broken_link" not in read
    assert len(read) <= 30


def test_packs_that_ship_are_listed_as_yaml_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert packs.COMPILED.read_bytes() == packs.compile_packs(), "stale: run `make docs`"
    quick = [packs.load_pack(path, path.name) for path in packs.shipped_packs()]
    monkeypatch.setattr(packs, "_compiled", dict)
    slow = [packs.load_pack(path, path.name) for path in packs.shipped_packs()]
    assert [[_parts(rule) for rule in pack.rules] for pack in quick] == [
        [_parts(rule) for rule in pack.rules] for pack in slow
    ]
    assert [pack.types for pack in quick] == [pack.types for pack in slow]
    assert [r.origin for pack in quick for r in pack.rules] == [
        r.origin for pack in slow for r in pack.rules
    ]


def test_settings_read_no_yaml() -> None:
    program = (
        "import sys\n"
        "from vaultlint.config import default_settings\n"
        "assert default_settings().base_plan\n"
        "print('yaml' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.split() == [b"False"]
