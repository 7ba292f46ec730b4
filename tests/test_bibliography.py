"""Bibliography files: what is read of them, whatever they hold, and that changes of them are seen."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from cached import age, cold, is_hit, output, reads
from conftest import Vault
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.facts import Library
from vaultlint.parse.bibtex import MOST_FAULTS, read_bibtex
from vaultlint.parse.csl import read_csl


def keys(library: Library) -> list[str]:
    return [entry.key for entry in library.entries]


# --- whatever stands in a file ---

PIECES = ["@book{", "a", ",", "=", "{", "}", '"', "#", "\n", " ", "\\", "%", "@comment{", "(", ")"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_places_of_keys_and_faults_are_in_the_text(text: str) -> None:
    library = read_bibtex(text)
    for entry in library.entries:
        assert text[entry.span.start : entry.span.end] == entry.key
    for fault in library.faults:
        assert 0 <= fault.span.start < fault.span.end <= len(text)


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_whatever_stands_before_it_a_good_entry_counts(text: str) -> None:
    """A comment may hold it; nothing else may."""
    if "comment" not in text:
        assert "good" in keys(read_bibtex(f"{text}\n\n@book{{good,\n  title = {{Ports}}\n}}\n"))


JSON_PIECES = ["[", "]", "{", "}", ",", ":", '"id"', '"a"', "1", " ", "\\", "null"]


@given(st.lists(st.sampled_from(JSON_PIECES)).map("".join))
def test_places_in_json_are_in_the_text(text: str) -> None:
    library = read_csl(text)
    spans = [e.span for e in library.entries] + [f.span for f in library.faults]
    assert all(0 <= start <= end <= len(text) for start, end in spans)


HOSTILE = [
    "{",
    "\0",
    "@a{b,",
    "\n@a{b,",
    "@a{b,c={",
    "\n@a{b,c={",
    "@comment{",
    "\n@comment{",
    "\n@string{",
    '\n@a{b,c="{',
    "\n@a{b,x={\\{}",
    "%@a{b,}",
    "@a{b,}",
    "c={x},",
    "@a(b,",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text_alone(piece: str) -> None:
    """Four times the text takes about four times as long: not sixteen."""

    def seconds(size: int) -> float:
        text = "@a{b," + piece * (size // len(piece))
        best = 60.0
        for _ in range(3):
            started = time.process_time()
            library = read_bibtex(text)
            best = min(best, time.process_time() - started)
        assert len(library.faults) <= MOST_FAULTS
        return best

    assert seconds(200_000) < 10 * seconds(50_000) + 0.02


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '[{"a":' * 50_000, '[{"id": 1},' * 20_000, '{"' * 9]
)
def test_deep_and_broken_json_is_read_as_far_as_it_goes(text: str) -> None:
    assert len(read_csl(text).faults) >= 1


def test_a_broken_entry_costs_no_other() -> None:
    entries = [f"@book{{k{n},\n  title = {{Ports {n}}},\n  year = {n}\n}}\n" for n in range(100)]
    entries[50] = "@book{k50,\n  title = {Ports,\n  year = 50\n}\n"
    library = read_bibtex("\n".join(entries))
    assert keys(library) == [f"k{n}" for n in range(100)]
    assert len(library.faults) == 1


# --- in a vault ---

BIB = "@book{malik2019, title = {Ports}}\n"
CITING = "Ports [@malik2019].\n"
CONFIG = '[references]\nbibliography = ["library.bib"]\n'


def rules(vault: Vault, *arguments: str) -> list[tuple[str, str]]:
    found = json.loads(output(vault, *arguments).stdout)["findings"]
    return [(finding["path"], finding["rule"]) for finding in found]


def in_turn(vault: Vault, changes: Mapping[str, str | None], cache: str) -> list[tuple[str, str]]:
    """What is found after changes, which is what a cold run finds."""
    for name, content in changes.items():
        if content is None:
            (vault.root / name).unlink()
        else:
            vault.write({name: content})
    age(vault.root)
    found = rules(vault, "--cache-dir", cache)
    assert output(vault, "--cache-dir", cache) == cold(vault)
    return found


@pytest.mark.parametrize(
    ("named", "property"),
    [
        ("library.bib", ""),
        ("library.bib", "---\nbibliography: library.bib\n---\n"),
        ("export.json", ""),
        ("export.json", "---\nbibliography: export.json\n---\n"),
    ],
)
def test_changes_of_a_bibliography_are_seen(
    vault: Vault, tmp_path: Path, named: str, property: str
) -> None:
    def entry(key: str) -> str:
        is_json = named.endswith(".json")
        return f'[{{"id": "{key}"}}]' if is_json else f"@book{{{key}, title = {{Ports}}}}\n"

    config = "" if property else f'[references]\nbibliography = ["{named}"]\n'
    cache = str(tmp_path / "kept")
    vault.write({"vaultlint.toml": config, "Other.md": "Text.\n"})
    files = {"Trade.md": property + CITING, named: entry("malik2019")}
    assert in_turn(vault, files, cache) == []
    assert is_hit(vault, "--cache-dir", cache)
    unknown = [("Trade.md", "unknown-citekey")]
    assert in_turn(vault, {named: entry("malik2020")}, cache) == unknown
    assert is_hit(vault, "--cache-dir", cache)
    assert in_turn(vault, {"Other.md": "More.\n"}, cache) == unknown
    assert in_turn(vault, {named: entry("malik2019")}, cache) == []
    assert in_turn(vault, {"Other.md": "Less.\n"}, cache) == []
    if property:
        assert in_turn(vault, {named: None}, cache) == unknown
        assert in_turn(vault, {named: entry("malik2019")}, cache) == []


def test_links_to_literature_notes_are_asked_again(vault: Vault, tmp_path: Path) -> None:
    cache = str(tmp_path / "kept")
    note = "---\nbibliography: library.bib\n---\n[[@malik2019]]\n"
    broken = ("Trade.md", "broken-link")
    assert in_turn(vault, {"Trade.md": note, "library.bib": BIB}, cache) == [broken]
    unknown = ("Trade.md", "unknown-citekey")
    changed = {"library.bib": BIB.replace("2019", "2020")}
    assert in_turn(vault, changed, cache) == [unknown]


def test_a_library_that_has_not_changed_is_not_read_again(vault: Vault, tmp_path: Path) -> None:
    cache = ("--cache-dir", str(tmp_path / "kept"))
    vault.write({"vaultlint.toml": CONFIG, "library.bib": BIB, "Trade.md": CITING})
    age(vault.root)
    output(vault, *cache)
    vault.write({"Trade.md": "Ports [@malik2018].\n"})
    assert reads(vault, *cache) == ["Trade.md"]
    assert rules(vault, *cache) == [("Trade.md", "unknown-citekey")]


def test_a_library_above_the_vault(vault: Vault, tmp_path: Path) -> None:
    config = '[vault]\nroot = "notes"\n' + CONFIG
    broken = BIB + "@book{khan2021, title = {Freight}\n"
    vault.write({"vaultlint.toml": config, "library.bib": broken, "notes/Trade.md": CITING})
    cache = ("notes", "--cache-dir", str(tmp_path / "kept"))
    for _ in range(2):
        found = rules(vault, *cache)
        assert found == [("../library.bib", "broken-bib-entry")]
    concise = output(vault, *cache, form="concise").stdout
    assert concise.startswith("library.bib:2:7: VL425 ")
    vault.write({"library.bib": BIB})
    age(vault.root)
    assert rules(vault, *cache) == []
    assert is_hit(vault, *cache)
    vault.write({"library.bib": BIB.replace("malik", "ali")})
    assert rules(vault, *cache) == [("Trade.md", "unknown-citekey")]


def test_a_library_that_is_not_there_is_an_error(vault: Vault) -> None:
    vault.write(
        {"vaultlint.toml": '[references]\nbibliography = ["libary.bib"]\n', "library.bib": BIB}
    )
    result = vault.run("check")
    assert result.exit_code == 2
    assert (
        "vaultlint.toml:2: there is no bibliography `libary.bib`; did you mean `library.bib`?"
        in result.stderr
    )


def test_findings_in_a_file_that_is_not_utf_8(vault: Vault) -> None:
    vault.write({"library.bib": b"@book{m\xfcller, title = {Ports}\n@book{b, title = {\0}}\n"})
    assert rules(vault) == [("library.bib", "broken-bib-entry")]
