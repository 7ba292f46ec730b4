"""Every phrase and word of `rules/english.yaml` is found, and its correction is silent."""

from __future__ import annotations

from pathlib import Path

import yaml

from vaultlint.session import Session
from vaultlint.terms.dictionary import is_word
from vaultlint.testing import open_case

PACK = yaml.safe_load(
    (Path(__file__).parents[1] / "rules" / "english.yaml").read_text(encoding="utf-8")
)
RULES = {rule["id"]: rule for rule in PACK["rules"]}
PHRASES: dict[str, str] = RULES["known-phrase"]["phrases"]
WORDS: dict[str, str] = RULES["known-misspelling"]["words"]
WRONG = {wrong: right for wrong, right in PHRASES.items() if wrong != right}
GUARDS = [right for wrong, right in PHRASES.items() if wrong == right]


def findings(lines: list[str]) -> dict[int, list[tuple[str, str]]]:
    """The rules and corrections found in each line, by its index."""
    session: Session = open_case({"N.md": "\n\n".join(lines)})
    session.load()
    found: dict[int, list[tuple[str, str]]] = {}
    for violation in session.check().violations:
        line = session.lines("N.md").position(violation.span.start)[0]
        found.setdefault((line - 1) // 2, []).append((violation.rule, violation.suggestions[0]))
    return found


def sentence(phrase: str) -> str:
    return f"Here they say {phrase}, and so on."


def test_every_phrase_is_found_and_corrected() -> None:
    found = findings([sentence(wrong) for wrong in WRONG])
    assert found == {i: [("known-phrase", right)] for i, right in enumerate(WRONG.values())}


def test_a_capital_at_the_start_is_kept() -> None:
    found = findings([f"{wrong[0].upper()}{wrong[1:]} is said." for wrong in WRONG])
    wanted = [f"{right[0].upper()}{right[1:]}" for right in WRONG.values()]
    assert found == {i: [("known-phrase", right)] for i, right in enumerate(wanted)}


def test_a_soft_line_break_changes_nothing() -> None:
    found = findings([sentence(wrong).replace(" ", "\n") for wrong in list(WRONG)[:1]])
    assert list(found)


def test_no_correction_and_no_guard_is_found() -> None:
    assert findings([sentence(right) for right in (*WRONG.values(), *GUARDS)]) == {}


def test_every_word_is_found_and_its_correction_is_not() -> None:
    found = findings([sentence(wrong) for wrong in WORDS])
    assert found == {i: [("known-misspelling", right)] for i, right in enumerate(WORDS.values())}
    assert findings([sentence(right) for right in WORDS.values()]) == {}


def test_no_wrong_word_is_in_the_dictionary() -> None:
    assert [wrong for wrong in WORDS if is_word(wrong)] == []
    assert [right for right in WORDS.values() if not all(map(is_word, right.split()))] == []
