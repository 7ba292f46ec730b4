"""The demo vault gives the faults that were put into it, each at its place, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from vaultlint.cli import main

VAULT = Path(__file__).parents[1] / "examples" / "css-notes"

#: Note, line, column, rule, the first suggestion.
FAULTS = [
    ("Current Affairs/Artificial Intelligence and Public Policy", 22, 135, "broken-link", None),
    ("Current Affairs/Artificial Intelligence and Public Policy", 44, 1, "reference-section-empty", None),
    (
        "Current Affairs/Digital Economy", 25, 26, "unescaped-pipe-in-table",
        r"[[Belt and Road Initiative\|the initiative]]",
    ),
    ("Current Affairs/Digital Economy", 39, 55, "term-variant", "geoeconomics"),
    ("Governance/Local Government", 18, 188, "known-misspelling", "separate"),
    ("Governance/Local Government", 24, 1, "empty-section", None),
    ("Ideas/Citizenship and equality in the founding speeches", 23, 1, "unused-footnote", None),
    ("Ideas/Cold War alliances and their legacy", 19, 1, "too-few-references", None),
    ("Ideas/From geopolitics to geoeconomics", 9, 75, "undefined-footnote", None),
    ("Ideas/Hedging between great powers", 9, 252, "unknown-citekey", "@morgenthau1948"),
    (
        "Ideas/Water as a source of conflict and cooperation", 1, 1, "reference-section-missing",
        "## References",
    ),
    ("Ideas/Why federations depend on trust", 16, 1, "empty-footnote", None),
    ("Ideas/Why federations depend on trust", 17, 1, "duplicate-footnote", None),
    ("Ideas/Youth bulge or demographic dividend", 5, 1, "duplicate-property", None),
    ("Ideas/Youth bulge or demographic dividend", 12, 1, "unattributed-quotation", None),
    ("International Relations/Balance of Power", 52, 85, "bad-identifier", None),
    (
        "International Relations/Pakistan and India", 14, 118, "broken-block",
        "[[Kashmir Dispute#^ceasefire]]",
    ),
    ("International Relations/Pakistan and India", 22, 141, "term-variant", "Indo-Pacific"),
    (
        "International Relations/United Nations Reform", 18, 227, "alias-as-link",
        "[[Organisation of Islamic Cooperation|OIC]]",
    ),
    (
        "International Relations/United Nations Reform", 22, 177, "broken-heading",
        "[[Rule of Law#Unequal Access]]",
    ),
    ("Pakistan Affairs/Energy Crisis", 53, 3, "duplicate-reference", None),
    ("Pakistan Affairs/National Integration", 18, 115, "known-misspelling", "government"),
    ("Pakistan Affairs/National Integration", 28, 91, "broken-link", "[[Federalism in Pakistan]]"),
    ("Pakistan Affairs/Pakistan and the United States", 10, 4, "term-variant", "Pak–US"),
    ("Pakistan Affairs/Pakistan and the United States", 12, 1, "broken-embed", None),
    ("Pakistan Affairs/Pakistan and the United States", 30, 34, "known-misspelling", "assistance"),
    ("Pakistan Affairs/Pakistan and the United States", 38, 29, "known-phrase", "pose a threat"),
    ("Pakistan Affairs/Pakistan and the United States", 42, 22, "known-phrase", "has been based on"),
    ("Pakistan Affairs/Pakistan and the United States", 42, 142, "near-term", "geoeconomics"),
    ("Pakistan Affairs/Pakistan and the United States", 56, 3, "reference-without-source", None),
    ("Pakistan Affairs/Pakistan and the United States", 57, 3, "reference-without-source", None),
    ("Pakistan Affairs/Pakistan and the United States", 58, 3, "reference-without-source", None),
    ("Pakistan Affairs/Political Stability", 1, 1, "missing-section", "## Related Ideas"),
    (
        "Pakistan Affairs/Political Stability", 22, 88, "broken-heading",
        "[[Federalism in Pakistan#Challenges of Shared Powers]]",
    ),
    ("library.bib", 17, 3, "broken-bib-entry", None),
    ("library.bib", 22, 7, "duplicate-bib-key", None),
]  # fmt: skip


def test_exactly_the_faults() -> None:
    result = CliRunner().invoke(main, ["check", str(VAULT), "--output-format", "json"])
    found = json.loads(result.stdout)["findings"]
    assert [
        (
            finding["path"].removesuffix(".md"),
            finding["line"],
            finding["column"],
            finding["rule"],
            (finding["suggestions"] or [None])[0],
        )
        for finding in found
    ] == FAULTS


@pytest.mark.parametrize("note", sorted({fault[0] for fault in FAULTS}))
def test_one_note_is_checked_against_the_whole_vault(note: str) -> None:
    path = VAULT / (note if "." in note else f"{note}.md")
    result = CliRunner().invoke(main, ["check", str(path), "--output-format", "json"])
    rules = [finding["rule"] for finding in json.loads(result.stdout)["findings"]]
    assert rules == [fault[3] for fault in FAULTS if fault[0] == note]
