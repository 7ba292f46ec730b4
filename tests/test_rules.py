"""Every rule: documented, exampled, true to its examples, and equal whichever way it is run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from vaultlint.config import default_settings
from vaultlint.pages import rule_page
from vaultlint.rule import Rule
from vaultlint.testing import Case, Expected, findings, open_case, read_case, run_case

ROOT = Path(__file__).parents[1]
RULES = {rule.id: rule for rule in default_settings().registry}
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*/*.md"))
PAGES = ROOT / "docs" / "rules"
ALL_CASES = {
    **{f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8") for path in GOLDEN},
    **{f"{rule.id}/{part}": rule.doc[part] for rule in RULES.values() for part in ("Bad", "Good")},
}


def rules_of(name: str) -> list[str] | None:
    """A rule's own examples show that rule alone; golden cases run whatever is on."""
    rule_id, _, part = name.partition("/")
    return [rule_id] if part in ("Bad", "Good") else None


@pytest.mark.parametrize("name", ALL_CASES)
def test_case_gives_exactly_the_expected_findings(name: str) -> None:
    case = read_case(ALL_CASES[name])
    assert run_case(case, rules_of(name)) == case.expected


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_bad_example_expects_its_rule(rule: Rule) -> None:
    expected = read_case(rule.doc["Bad"]).expected
    assert expected
    assert {finding.rule for finding in expected} == {rule.id}


@pytest.mark.parametrize("name", ALL_CASES)
def test_one_note_at_a_time_gives_the_same(name: str) -> None:
    case = read_case(ALL_CASES[name])
    session = open_case(case.files, rules_of(name))
    session.vault.tracked = session.files.tracked()
    for path in sorted(case.files, reverse=True):
        session.update([path])
    assert findings(session) == case.expected


@pytest.mark.parametrize("name", ALL_CASES)
def test_removing_and_adding_a_note_changes_nothing(name: str) -> None:
    case = read_case(ALL_CASES[name])
    session = open_case(case.files, rules_of(name))
    session.load()
    for path, data in list(session.files.files.items()):  # type: ignore[attr-defined]
        del session.files.files[path]  # type: ignore[attr-defined]
        session.update([path])
        session.files.files[path] = data  # type: ignore[attr-defined]
        session.update([path])
    assert findings(session) == case.expected


@pytest.mark.parametrize("name", ALL_CASES)
def test_cr_lf_gives_the_same(name: str) -> None:
    case = read_case(ALL_CASES[name])
    files = {path: with_cr_lf(path, data) for path, data in case.files.items()}
    assert run_case(Case(files, []), rules_of(name)) == case.expected


def with_cr_lf(path: str, data: str | bytes) -> str | bytes:
    return data.replace("\n", "\r\n") if isinstance(data, str) and path.endswith(".md") else data


@pytest.mark.parametrize("name", ALL_CASES)
def test_columns_count_code_points(name: str) -> None:
    """Astral characters before the text of every plain line move the columns by one each."""
    case = read_case(ALL_CASES[name])
    files = {path: with_astral(path, data) for path, data in case.files.items()}
    moved = [
        Expected(f.path, f.line, (f.columns[0] + 1, f.columns[1] + 1), f.rule, f.message)
        if line_of(files, f).startswith(ASTRAL) and f.columns != (1, 1)
        else f
        for f in case.expected
    ]
    if files == case.files:
        pytest.skip("no plain line in this case")
    found = run_case(Case(files, []), rules_of(name))
    assert [f[:4] for f in found] == [f[:4] for f in sorted(moved)]


ASTRAL = "\U0001f5fa"
PLAIN = re.compile(r"[A-Z][a-z]+ ")


def is_plain(line: str) -> bool:
    return bool(PLAIN.match(line)) and "|" not in line


def line_of(files: Mapping[str, str | bytes], finding: Expected) -> str:
    text = files[finding.path]
    return text.split("\n")[finding.line - 1] if isinstance(text, str) else ""


def with_astral(path: str, data: str | bytes) -> str | bytes:
    if not path.endswith(".md") or isinstance(data, bytes):
        return data
    lines, inside = [], 0
    for line in data.split("\n"):
        inside ^= line.lstrip("> ").startswith(("```", "~~~", "$$", "%%"))
        plain = is_plain(line) and not inside and not data.startswith("---")
        lines.append(ASTRAL + line if plain else line)
    return "\n".join(lines)


def test_every_rule_has_golden_cases_and_every_case_a_rule() -> None:
    folders = {path.parent.name for path in GOLDEN}
    assert folders == set(RULES)


def test_ids_and_codes_are_unique_and_grouped() -> None:
    codes = [rule.code for rule in RULES.values()]
    assert len(set(codes)) == len(codes)
    hundreds: dict[str, set[str]] = {}
    for rule in RULES.values():
        hundreds.setdefault(rule.group, set()).add(rule.code[:3])
    assert all(len(prefixes) == 1 for prefixes in hundreds.values()), hundreds


def test_module_names_are_the_rule_ids() -> None:
    for rule in RULES.values():
        file = rule.origin.rpartition(":")[0]
        if file.endswith(".py"):
            assert Path(file).stem == rule.id.replace("-", "_")


def test_pages_are_those_of_the_rules() -> None:
    pages = {path.stem: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    wanted = {rule.id: rule_page(rule) for rule in RULES.values()}
    index = pages.pop("index")
    assert pages == wanted, "docs/rules is stale: run `make docs`"
    assert all(f"({rule}.md)" in index for rule in wanted)
