"""Likely misspellings: what the judgement of a form says, and what is reported in real vaults."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from test_real_vaults import DATA, VAULTS, session

from vaultlint.terms.likely import judge
from vaultlint.testing import open_case

#: Every report of `known-misspelling` in the vaults of shared/data, and whether a person agrees.
REPORTS = Path(__file__).parent / "data" / "misspellings-in-vaults.tsv"
TRUTH = DATA / "ground-truth" / "misspellings.jsonl"

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="shared/data is not beside the checkout")


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ("porposal", "proposal"),
        ("embarass", "embarrass"),
        ("convesion", "conversion"),
        ("availiable", "available"),
        ("storys", "stories"),
        ("februrary", "February"),
        ("targetting", "targeting"),
        ("noticable", "noticeable"),
        ("dissapointed", "disappointed"),
        ("equivelant", "equivalent"),
    ],
)
def test_a_slip_is_told(form: str, wanted: str) -> None:
    verdict = judge(form)
    assert verdict is not None
    assert verdict.doubt <= 0
    assert verdict.wanted[0] == wanted


RIGHT = """
    government colour organise organize travelling judgment sandboxed templater preloaded readlines
    minimap lifelog refcount debounced transpiler untrusted deletable ecommerce reindexing tappable
    reactjs flickr typograph elementos inversos requiere deine qwertz xyzzy abc postgres foldering
"""


@pytest.mark.parametrize("form", RIGHT.split())
def test_no_slip(form: str) -> None:
    verdict = judge(form)
    assert verdict is None or verdict.doubt > 0


def test_it_can_be_switched_off() -> None:
    case = open_case({"N.md": "A convesion.", "vaultlint.toml": "terms.likely = false"})
    case.load()
    assert case.check().violations == []


@needs_data
def test_what_is_reported_in_real_vaults_was_judged() -> None:
    with REPORTS.open(encoding="utf-8", newline="") as lines:
        judged = list(csv.DictReader(lines, delimiter="\t"))
    known = [(row["vault"], row["note"], int(row["line"]), row["found"]) for row in judged]
    found = []
    for name in VAULTS:
        vault = session(name)
        for violation in vault.check().violations:
            if violation.rule == "known-misspelling":
                line = vault.lines(violation.path).position(violation.span.start)[0]
                found.append((name, violation.path, line, violation.message.split("`")[1]))
    assert sorted(found) == sorted(known)
    right = sum(row["verdict"] == "misspelt" for row in judged)
    assert right >= 0.97 * len(judged)


@needs_data
def test_more_is_found_than_typos_and_codespell_find_together() -> None:
    """They find 68 of 100 (`bench/misspellings.py`), each word in a sentence of its own."""
    rows = [json.loads(line) for line in TRUTH.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["tier"] == "A"]
    files = {
        f"{number}.md": f"We have seen that the {row['wrong']} was in this text.\n"
        for number, row in enumerate(rows)
    }
    vault = open_case(files, ["known-misspelling"])
    vault.load()
    assert len({found.path for found in vault.check().violations}) > 0.69 * len(rows)
