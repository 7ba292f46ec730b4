"""The benchmark's vaults are what their manifests say, and its table and chart can be read."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from conftest import Vault

from bench import report
from bench.measure import Command, measure
from bench.report import Results, sized
from bench.vaults import great_note, write_vault


def test_the_same_vault_comes_out_each_time(tmp_path: Path) -> None:
    defects = [write_vault(tmp_path / name, 40, share=0.5) for name in ("one", "two")]
    assert defects[0] == defects[1]
    trees = [
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (tmp_path / "one", tmp_path / "two")
    ]
    assert trees[0] == trees[1]


def test_the_manifest_names_all_that_is_wrong(vault: Vault) -> None:
    made = vault.root / "made"
    defects = write_vault(made, 150, share=0.5)
    assert len({defect.rule for defect in defects}) == 6
    for defect in defects:
        lines = (made / defect.path).read_text(encoding="utf-8").split("\n")
        assert defect.text in lines[defect.line - 1]
    findings = vault.check(str(made))["findings"]
    found = [(finding["rule"], finding["path"], finding["line"]) for finding in findings]
    assert sorted(found) == sorted(defect[:3] for defect in defects)


def test_notes_have_the_size_of_study_notes(tmp_path: Path) -> None:
    write_vault(tmp_path / "vault", 300)
    sizes = [path.stat().st_size for path in (tmp_path / "vault" / "Notes").rglob("*.md")]
    assert len(sizes) == 300
    assert 2900 < sum(sizes) / len(sizes) < 3300


def test_great_notes_are_as_great_as_was_asked() -> None:
    text, line = great_note("text", 50_000), great_note("line", 50_000)
    assert 50_000 <= len(text) < 50_500
    assert 50_000 <= len(line) < 50_500
    assert text.count("\n") > 100
    assert line.count("\n") == 1
    assert great_note("links", 200).count("[[") == 200


def test_commands_are_measured(tmp_path: Path) -> None:
    fails = Command("fails", (sys.executable, "-c", "raise SystemExit(3)"), tmp_path)
    changes: list[int] = []
    runs = fails._replace(name="runs", fine=(3,), before=lambda: changes.append(1))
    samples = measure((fails, runs), 2, os.environ)
    assert {key: len(values) for key, values in samples["runs"].items()} == {
        "wall": 2, "cpu": 2, "memory": 2, "odd": 0,
    }  # fmt: skip
    assert samples["fails"]["odd"] == [3, 3, 3]
    assert len(changes) == 3
    says = Command("says", (sys.executable, "-c", "import no_such_module"), tmp_path, silent=True)
    with pytest.raises(RuntimeError, match="no_such_module"):
        measure((says,), 1, os.environ)


@pytest.fixture
def results() -> Results:
    """Made-up results: vaultlint takes two seconds everywhere, all others one."""
    sizes = (1_000, 10_000)
    names = [value for name, value in vars(report).items() if name.isupper() and name[0] != "_"]
    names += [sized(name, notes) for name, _, _ in report._CHARTED for notes in sizes]
    samples = {}
    for name in (*names, "a note of 1 MB", "a note of 2 MB"):
        seconds = 2.0 if name.startswith("vaultlint") else 1.0
        samples[name] = {"wall": [seconds] * 3, "cpu": [seconds] * 3, "memory": [30.0], "odd": []}
    return Results(
        date="2025-01-02",
        machine="2 cores",
        versions={"vaultlint": "1"},
        notes=10_000,
        size=31_000_000,
        sizes=sizes,
        base=1_000,
        doubled=[("a note of 1 MB", "a note of 2 MB")],
        samples=samples,
    )


def test_the_table_says_what_is_reached(results: Results) -> None:
    table = report.table(results)
    assert (
        "| 10,000 notes, no cache | 2.00 s (2.00–2.00) | rumdl, no cache: 1.00 s (1.00–1.00)"
        " | 2.00 | ≤ 1 | **not reached** |" in table
    )
    assert "| one note named, of 10,000 notes |" in table
    assert "| 2.00 | ≤ 2.5 | reached |" in table
    assert "| 1.00 | ≤ 11 | reached |" in table
    assert {line.count("|") for line in table.splitlines()} == {7}
    results.samples["mdsmith"]["odd"] = [101]
    assert table + "\n\nNot expected: mdsmith exits with 101." == report.table(results)


def test_the_page_names_what_was_measured_and_where(results: Results) -> None:
    page = report.page(replace(results, machine="2 cores of a kind"))
    assert "Machine: 2 cores of a kind" in page
    assert report.table(results) in page
    assert "{" not in page


def test_the_chart_is_svg_with_a_name_for_each_line(results: Results) -> None:
    chart = ET.fromstring(report.chart(results))  # noqa: S314  # our own text
    texts = {"".join(element.itertext()) for element in chart.findall("{*}text")}
    assert {name for name, _, _ in report._CHARTED} | {"1,000", "10,000", "notes"} <= texts
    lines = chart.findall("{*}polyline")
    assert len(lines) == len(report._CHARTED)
    assert all(len(line.attrib["points"].split()) == 2 for line in lines)
