"""Words that real vaults and their histories hold: what must be found, and what must not."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from vaultlint.terms.dictionary import is_word
from vaultlint.terms.fold import composed
from vaultlint.terms.glossary import Entry, Glossary
from vaultlint.terms.matcher import TermMatcher
from vaultlint.testing import open_case

TRUTH = Path(__file__).parents[2] / "shared" / "data" / "ground-truth"

pytestmark = pytest.mark.skipif(not TRUTH.is_dir(), reason="shared/data is not beside the checkout")

#: Rules of words that look at more than one note have tests of their own.
VAULT_RULES = ("near-vault-word", "dash-variant")
REMARK = re.compile(r" \(.*\)$")
CASE = re.compile(r" \(case (\w+)\)$")


def rows() -> list[dict[str, str]]:
    if not TRUTH.is_dir():
        return []
    with (TRUTH / "words.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def json_rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (TRUTH / name).read_text(encoding="utf-8").splitlines()]


def reports(text: str, glossary: str = "", rules: str = "terms") -> list[tuple[str, str]]:
    """The rule and the first suggestion of each finding in a note of one text."""
    files = {"N.md": text + "\n", "vaultlint.toml": f'select = ["{rules}"]\n'}
    if glossary:
        files["g.yml"] = glossary
        files["vaultlint.toml"] += 'ignore = ["term-not-linked"]\nterms.glossary = ["g.yml"]\n'
    session = open_case(files)
    session.load()
    return [(found.rule, found.suggestions[0]) for found in session.check().violations]


def entry(listed: str) -> str:
    case = CASE.search(listed)
    fields = f"term: {CASE.sub('', listed)}" + (f", case: {case[1]}" if case else "")
    return f"- {{{fields}}}\n"


POSITIVE = [
    row
    for row in rows()
    if row["expect_code"]
    in ("near-term", "term-variant", "known-misspelling", "known-phrase", "two-initials")
]


@pytest.mark.parametrize("row", POSITIVE, ids=lambda row: f"{row['expect_code']} {row['text']}")
def test_what_must_be_found(row: Mapping[str, str]) -> None:
    if "forbidden" in row["expected"]:
        listed = f"- {{term: {row['glossary']}, forbid: [{row['text']}]}}\n"
        assert reports(row["text"], listed) == [("forbidden-term", row["glossary"])]
        return
    glossary = entry(row["glossary"]) if row["glossary"] else ""
    if row["expect_code"] == "two-initials":
        glossary = f"- {row['expected']}\n"
    found = reports(f"It is {row['text']} here.", glossary)
    assert found
    wanted = " ".join(suggestion for _, suggestion in found)
    assert wanted.casefold() == row["expected"].casefold()


def test_a_forbidden_form() -> None:
    glossary = "- {term: Kerry-Lugar Bill, forbid: [Kerry-Lugar Act]}\n"
    assert reports("The Kerry-Lugar Act.", glossary) == [("forbidden-term", "Kerry-Lugar Bill")]


NEGATIVE = [row for row in rows() if row["expect_code"] == "none"]


@pytest.mark.parametrize("row", NEGATIVE, ids=lambda row: f"{row['glossary']} {row['text']}"[:60])
def test_what_must_not_be_found(row: Mapping[str, str]) -> None:
    listed = row["glossary"]
    if listed.startswith("(apostrophe"):
        pairs = re.findall(r"(\S+) / ([^\s,]+)", row["text"])
        assert [reports(f"So {b} it.", f"- {a}\n") for a, b in pairs] == [[]] * len(pairs)
        return
    if listed.startswith("hyphen"):
        for pair in re.findall(r"(\S+) / (\S+?)(?:,|$)", row["text"]):
            assert reports(f"They {pair[1]} it.", f"- {pair[0]}\n") == []
        return
    if listed.startswith("set-up"):
        assert reports("They set up the set-up.", "- set-up\n") == []
        return
    terms = [term.strip() for term in re.split(r",", listed) if term.strip()]
    glossary = "".join(f"- {term}\n" for term in terms)
    if terms == ["US"]:
        text = "Trade with the US.\n\n## References\n- Smith (2010): The U.S. and trade"
    elif "`" in row["text"]:
        text = row["text"].replace("[[geoeocnomics note]]", "[x](https://a.org/geoeocnomics)")
    else:
        text = f"It is {REMARK.sub('', row['text'])}, and the rest of it is here."
    assert reports(text, glossary) == []


def test_what_is_not_misspelt_is_not_found() -> None:
    for row in json_rows("not-misspelt.jsonl"):
        assert reports(f"It is {row['word']} here.") == []
        assert reports(f"It is {row['word']} here.", f"- {row['changed_to']}\n") == []


#: Changes of phrases, and the reverse ones, in which the preferred form is no term.
SHARE = 0.93


def test_the_owners_edits_are_found_once_the_form_is_a_term() -> None:
    edits = json_rows("term-edits.jsonl")
    missed = []
    for row in edits:
        wrong, right = row["wrong"].strip(), row["right"].strip()
        matcher = TermMatcher(Glossary([Entry(right, case="exact")]), is_word)
        found = [hit.found for hit in matcher.hits(f"We use the {wrong} here")]
        if not any(composed(wrong) in each or each in composed(wrong) for each in found):
            missed.append((wrong, right))
    assert 1 - len(missed) / len(edits) >= SHARE, missed


def test_doubled_function_words_that_owners_mended_are_found() -> None:
    doubled = [row for row in json_rows("misspellings.jsonl") if row["cls"] == "doubled-word"]
    sure = [row for row in doubled if row["right"] in ("the", "to", "at", "of", "and")]
    assert sure
    for row in sure:
        assert reports(f"So it is {row['wrong']} thing.", rules="doubled-word")
