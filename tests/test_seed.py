"""The note that the project grew from gives exactly the findings that a right checker gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from vaultlint.cli import main

VAULT = Path(__file__).parents[2] / "shared" / "seed" / "vault"
NOTE = "Pakistan Affairs/Pakistan and the United States.md"

#: Line, column, rule, correction ("" where none is possible).
EXPECTED = [
    (7, 4, "term-variant", "Pak–US"),
    (9, 1, "broken-embed", ""),
    (28, 80, "known-misspelling", "assistance"),
    (37, 124, "known-phrase", "pose a threat"),
    (41, 54, "known-phrase", "has been based on"),
    (41, 149, "near-term", "geoeconomics"),
    (54, 3, "reference-without-source", ""),
    (55, 3, "reference-without-source", ""),
    (56, 3, "reference-without-source", ""),
]

pytestmark = pytest.mark.skipif(not VAULT.is_dir(), reason="shared/seed is not beside the checkout")


def test_json_gives_exactly_the_table() -> None:
    result = CliRunner().invoke(main, ["check", str(VAULT), "--output-format", "json"])
    assert result.exit_code == 1
    found = json.loads(result.output)["findings"]
    assert {finding["path"] for finding in found} == {NOTE}
    rows = [(f["line"], f["column"], f["rule"], (f["suggestions"] or [""])[0]) for f in found]
    assert rows == EXPECTED


def test_text_gives_exactly_the_table() -> None:
    result = CliRunner().invoke(main, ["check", str(VAULT), "--output-format", "concise"])
    *lines, last = result.output.splitlines()
    places = [line.partition(NOTE)[2].split(" ")[0:3:2] for line in lines]
    assert places == [[f":{line}:{column}:", rule] for line, column, rule, _ in EXPECTED]
    assert all(correction in line for line, (*_, correction) in zip(lines, EXPECTED, strict=True))
    assert last.startswith("2 errors, 7 warnings in 4 notes checked")


def test_without_a_glossary_all_but_one_is_found() -> None:
    command = ["check", str(VAULT), "--isolated", "--select", "terms", "--output-format", "json"]
    found = json.loads(CliRunner().invoke(main, command).output)["findings"]
    rows = [(f["line"], f["column"], f["rule"], (f["suggestions"] or [""])[0]) for f in found]
    assert rows == [
        (7, 4, "dash-variant", "Pak–US"),
        (28, 80, "known-misspelling", "assistance"),
        (37, 124, "known-phrase", "pose a threat"),
        (41, 54, "known-phrase", "has been based on"),
    ]
