"""Real vaults: silence where nothing is wrong, and exactly what is wrong where something is."""

from __future__ import annotations

import csv
import json
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from vaultlint.config import load_settings
from vaultlint.discover import MemoryFiles
from vaultlint.facts import NoteFacts
from vaultlint.parse.extract import parse_note
from vaultlint.session import Session
from vaultlint.text import Lines, decode

DATA = Path(__file__).parents[2] / "shared" / "data"
TRUTH = DATA / "ground-truth"
#: Archive, folder of the vault in it, dialect.
VAULTS = {
    "obsidian-tasks docs": ("obsidian-tasks", "docs/", "obsidian"),
    "obsidian-tasks contributing": ("obsidian-tasks", "contributing/", "obsidian"),
    "data-engineering-wiki": ("data-engineering-wiki", "", "obsidian"),
    "kepano-obsidian": ("kepano-obsidian", "", "obsidian"),
    "foam": ("foam", "", "foam"),
    "bramses-vault": ("bramses-vault", "", "obsidian"),
}
REPOSITORIES = {
    "foambubble/foam": "foam",
    "obsidian-tasks-group/obsidian-tasks": "obsidian-tasks",
    "data-engineering-community/data-engineering-wiki": "data-engineering-wiki",
    "kepano/kepano-obsidian": "kepano-obsidian",
}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="shared/data is not beside the checkout")


@cache
def archive(name: str) -> dict[str, bytes]:
    files = {}
    with tarfile.open(DATA / "vaults" / f"{name}.tar.gz") as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isfile() else None
            if file is not None:
                files[member.name.partition("/")[2]] = file.read()
    return files


@cache
def session(name: str, *select: str) -> Session:
    source, folder, dialect = VAULTS[name]
    below = {
        path[len(folder) :]: data
        for path, data in archive(source).items()
        if path.startswith(folder)
    }
    chosen = {"select": list(select)} if select else {}
    settings = load_settings(None, overrides=({"vault": {"dialect": dialect}, **chosen},))
    opened = Session(MemoryFiles(below, source), settings)
    opened.load()
    return opened


def broken(name: str, *, below: str = "") -> set[tuple[str, int, str]]:
    """Path, line and source text of the links that are reported as leading nowhere."""
    opened = session(name)
    result = opened.check()
    assert result.failures == []
    found = set()
    for violation in result.violations:
        lead_nowhere = violation.rule.startswith("broken-") or violation.rule == "alias-as-link"
        remark = violation.rule == "broken-html-link"
        if lead_nowhere and not remark and violation.path.startswith(below):
            lines = opened.lines(violation.path)
            line = lines.position(violation.span.start)[0]
            text = lines.text[violation.span.start : violation.span.end]
            found.add((violation.path, line, text))
    return found


def judged(repository: str, *verdicts: str) -> set[tuple[str, int, str]]:
    lines = (TRUTH / "unresolved-links.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return {
        (row["file"], row["line"], row["raw"])
        for row in rows
        if row["repo"] == repository and row["verdict"] in verdicts
    }


@pytest.mark.parametrize("name", ["obsidian-tasks docs", "obsidian-tasks contributing"])
def test_nothing_is_broken_in_obsidian_tasks(name: str) -> None:
    assert broken(name) == set()


def test_foam_has_its_five_broken_links() -> None:
    assert broken("foam", below="docs/") == judged("foambubble/foam", "broken")


def test_only_planned_pages_are_missing_in_the_wiki() -> None:
    repository = "data-engineering-community/data-engineering-wiki"
    assert broken("data-engineering-wiki") == judged(repository, "stub")


def test_only_planned_pages_are_missing_in_the_template_vault() -> None:
    """Its templates are not checked: what they link to is left to the notes made of them."""
    found = {(path, line) for path, line, _ in broken("kepano-obsidian")}
    planned = {(path, line) for path, line, _ in judged("kepano/kepano-obsidian", "stub")}
    assert found == {(path, line) for path, line in planned if not path.startswith("Templates/")}


@pytest.mark.parametrize("name", VAULTS)
def test_no_property_is_wrong_where_nothing_is_asked(name: str) -> None:
    """But for types of properties, which one vault's own settings name, and its notes follow."""
    opened = session(name)
    groups = {rule.id: rule.group for rule in opened.settings.registry}
    found = [each for each in opened.check().violations if groups[each.rule] == "properties"]
    assert [(each.path, each.message) for each in found] == []


def not_links() -> Iterator[dict[str, Any]]:
    for line in (TRUTH / "not-links.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["repo"] in REPOSITORIES:
            yield row


def test_what_only_looks_like_a_link_is_none() -> None:
    """In code there is no link. In comments there may be one, which is no more than a remark."""
    rows = [row for row in not_links() if row["file"] in archive(REPOSITORIES[row["repo"]])]
    assert len(rows) > 100
    wrong = []
    for row in rows:
        name = REPOSITORIES[row["repo"]]
        facts, lines = parsed(name, row["file"])
        for link in facts.links:
            here = lines.position(link.span.start)[0] == row["line"] and link.raw == row["text"]
            once = lines.line(row["line"]).count(row["text"]) == 1
            if here and once and row["reason"] in ("code", "inline-code"):
                wrong.append((row["file"], row["line"], row["text"]))
    assert wrong == []


@pytest.mark.parametrize("name", ["obsidian-tasks docs", "data-engineering-wiki", "foam"])
def test_nothing_that_is_no_link_is_reported(name: str) -> None:
    source, folder, _ = VAULTS[name]
    places = {
        (row["file"], row["line"], row["text"])
        for row in not_links()
        if REPOSITORIES[row["repo"]] == source
    }
    assert not {(folder + path, line, text) for path, line, text in broken(name)} & places


@cache
def parsed(name: str, path: str) -> tuple[NoteFacts, Lines]:
    text = decode(archive(name)[path]).text
    return parse_note(path, text).facts, Lines(text)


#: Rules that may only be right: each report on a real vault was read, and is listed here.
READ = {
    "ambiguous-link": 4,
    "accidental-link": 0,
    "unescaped-pipe-in-table": 0,
    "encoded-link": 0,
    "duplicate-block-id": 0,
    "inert-block-id": 0,
    "invalid-frontmatter": 0,
    "duplicate-property": 0,
    "unquoted-frontmatter-link": 0,
    "undecodable-text": 0,
    "reference-without-source": 0,
    "reference-section-empty": 0,
    "known-misspelling": 23,
    "known-phrase": 0,
    "doubled-word": 2,
}


def test_other_rules_say_no_more_than_was_read() -> None:
    counts = dict.fromkeys(READ, 0)
    for name in VAULTS:
        for violation in session(name).check().violations:
            if violation.rule in counts:
                counts[violation.rule] += 1
    assert counts == READ


def judged_reports() -> dict[tuple[str, str, int, str, str], str]:
    """The reports of all rules about sources, with whether a person agrees."""
    with (Path(__file__).parent / "data" / "reference-reports.tsv").open(encoding="utf-8") as file:
        return {
            (row["vault"], row["path"], int(row["line"]), row["rule"], row["message"]): row[
                "verdict"
            ]
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        }


def test_reports_about_sources_are_those_that_were_judged() -> None:
    """With the rules too that are off by default; those that are on are right with every report."""
    found, on = set(), set()
    for name in VAULTS:
        opened = session(name, "references")
        on |= {rule.id for rule in opened.settings.registry if rule.default}
        for violation in opened.check().violations:
            line = opened.lines(violation.path).position(violation.span.start)[0]
            found.add((name, violation.path, line, violation.rule, violation.message))
    reports = judged_reports()
    assert found == set(reports)
    assert all(verdict == "right" for (*_, rule, _), verdict in reports.items() if rule in on)
