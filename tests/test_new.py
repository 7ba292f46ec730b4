"""`vaultlint new`: notes that their own type accepts, but for what only their writer can tell."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from conftest import Vault

from vaultlint.config import load_settings
from vaultlint.facts import Frontmatter
from vaultlint.frontmatter_text import set_properties
from vaultlint.model import Span
from vaultlint.parse.extract import parse_note
from vaultlint.sections import match_sections
from vaultlint.template_text import fill_template, format_date

EXAMPLE = Path(__file__).parents[1] / "examples" / "css-notes"

#: What a skeleton never breaks, of the rules that there are.
NEVER = {
    "missing-section",
    "misspelt-section",
    "misplaced-section",
    "wrong-heading-level",
    "unknown-section",
    "duplicate-section",
    "missing-property",
    "wrong-property-type",
    "invalid-property-value",
    "unknown-property",
    "section-lacks-content",
    "skipped-heading-level",
    "invalid-frontmatter",
}

FULL = """
[types.full]
paths = ["Full/**"]
tags = ["area/sub"]
order = "as-listed"
other = "forbid"
opening = { min-words = 20 }
sections = [
  { heading = "Summary", level = 2, min-words = 30 },
  { heading = ["Causes*", "Reasons*"], min-subsections = 2 },
  { any-of = [{ heading = "/^Maps?$/" }, { heading = "Atlas" }] },
  { heading = "History of *", sections = [
    { heading = "Before" },
    { heading = "After", sections = [{ heading = "Long after" }] },
  ], order = "as-listed", other = "forbid" },
  { heading = "Gossip", forbidden = true },
  { heading = "Extra", optional = true },
  { heading = "* Advantages", contains = ["list", "table"], min-items = 3 },
  { heading = "Tasks", contains = ["task", "callout", "quotation"] },
  { heading = "Sources", contains = ["note-link", "embed", "footnote", "image", "drawing"] },
]

[types.full.properties]
type = "topic"
kind = "book*"
required = ["free"]
status = { required = true, values = ["seed", "done"] }
created = { required = true, type = "date" }
at = { required = true, type = "datetime" }
pages = { required = true, type = "number", min = 3 }
read = { required = true, type = "checkbox" }
authors = { required = true, type = "list", min-items = 2 }
"odd key: #" = { required = true, type = "text" }
id = { required = true, type = "text", pattern = "[0-9]{12}" }
title = { required = true }
maybe = { type = "text" }
"""


def left_in(vault: Vault, path: str) -> set[str]:
    return {rule for _, rule in vault.found("--select", "structure,properties", path)}


def test_a_note_has_all_that_its_type_asks_for(vault: Vault) -> None:
    vault.write({"vaultlint.toml": FULL})
    result = vault.run("new", "full", "The Indus")
    assert (result.exit_code, result.stdout) == (0, "Full/The Indus.md\n")
    text = (vault.root / "Full/The Indus.md").read_text(encoding="utf-8")
    headings = [line for line in text.split("\n") if line.startswith("#")]
    assert headings == [
        "## Summary",
        "## Causes",
        "### Part 1",
        "### Part 2",
        "## Maps",
        "## History of The Indus",
        "### Before",
        "### After",
        "#### Long after",
        "## The Indus Advantages",
        "## Tasks",
        "## Sources",
    ]
    now = datetime.now().astimezone()
    values = {p.key: p.value for p in parse_note("x.md", text).facts.frontmatter.properties}
    assert values["tags"] == ["area/sub"]
    assert (values["type"], values["kind"], values["status"]) == ("topic", "book", "seed")
    assert values["created"] == now.date().isoformat()
    assert (values["pages"], values["read"], values["title"]) == (3, False, "The Indus")
    assert values["authors"] == ["{{authors}}", "{{authors 2}}"]
    assert values["odd key: #"] == "{{odd key: #}}"
    assert "maybe" not in values
    assert not left_in(vault, "Full/The Indus.md") & NEVER
    full = load_settings(vault.root / "vaultlint.toml").shared.types["full"]
    match = match_sections(parse_note("Full/The Indus.md", text), full)
    faults = match._asdict()
    for name in ("note", "type", "found"):
        del faults[name]
    assert [name for name, found in faults.items() if found] == []


def test_what_is_left_to_write_is_told(vault: Vault) -> None:
    vault.write({"vaultlint.toml": FULL})
    told = vault.run("new", "full", "X").stderr
    assert told.startswith("left to write:\n")
    assert "the section `Summary` is empty" in told
    assert "authors: " in told


def test_a_dry_run_prints_the_note(vault: Vault) -> None:
    vault.write({"vaultlint.toml": FULL})
    for option in ("--dry-run", "--stdout"):
        assert vault.run("new", "full", "X", option).stdout.startswith("---\n")
    assert not (vault.root / "Full").exists()


def test_a_note_of_the_demo_vault() -> None:
    vault = Vault(EXAMPLE)
    result = vault.run("new", "topic", "Trade", "--folder", str(EXAMPLE / "Governance"), "--stdout")
    lines = [line for line in result.stdout.split("\n") if line.startswith("## ")]
    assert lines == ["## Challenges", "## Opportunities", "## Related Ideas", "## References"]


def test_a_type_with_a_template_starts_from_it(vault: Vault) -> None:
    config = """
[types.topic]
paths = ["Topics/*"]
template = "T/Topic.md"
order = "as-listed"
sections = [{ heading = "Sources" }, { heading = "See also" }]
properties = { required = ["status"], kind = "x" }
"""
    template = (
        "---\n# a comment\ncreated: '{{date:YYYY}}'\nup: [[A]]\n---\nAbout {{title}}, {{time:[at] HH}}.\n\n"
        "## Why {{title}}\n\nSay why.\n\n## See also\n"
    )
    vault.write({"vaultlint.toml": config, "T/Topic.md": template})
    text = vault.run("new", "topic", "Tea", "--stdout").stdout
    now = datetime.now().astimezone()
    assert f"# a comment\ncreated: '{now.year}'\nup: [[A]]\nkind: x\nstatus: " in text
    assert f"About Tea, at {now:%H}." in text
    headings = [line for line in text.split("\n") if line.startswith("## ")]
    assert headings == ["## Why Tea", "## Sources", "## See also"]


def test_a_note_with_two_types_has_what_both_ask_for(vault: Vault) -> None:
    config = """
types.all = { paths = ["**"], sections = [{ heading = "Sources" }] }
types.book = { paths = ["Books/**"], sections = [{ heading = "Plot" }] }
"""
    vault.write({"vaultlint.toml": config})
    path = vault.run("new", "book", "Emma").stdout.strip()
    assert not left_in(vault, path) & NEVER


@pytest.mark.parametrize("title", ["a/b", "a\\b", "a:b", "a|b", "a#b", "a^b", "[a", "a]", "a\nb"])
def test_titles_that_no_note_can_have_are_refused(vault: Vault, title: str) -> None:
    vault.write({"vaultlint.toml": FULL})
    assert "which no name of a note can have" in vault.error("new", "full", title)


@pytest.mark.parametrize("title", ["", " ", ".hidden", "end."])
def test_titles_that_are_no_names_are_refused(vault: Vault, title: str) -> None:
    vault.write({"vaultlint.toml": FULL})
    assert "no name of a note" in vault.error("new", "full", title)


def test_no_note_is_replaced(vault: Vault) -> None:
    vault.write({"vaultlint.toml": FULL, "Full/tea.md": "mine"})
    assert vault.error("new", "full", "Tea") == "error: Full/tea.md: exists already"
    assert (vault.root / "Full/tea.md").read_text(encoding="utf-8") == "mine"


def test_an_unknown_type_names_the_nearest(vault: Vault) -> None:
    vault.write({"vaultlint.toml": FULL})
    assert vault.error("new", "ful", "X") == "error: no type `ful`; did you mean `full`?"
    vault.write({"vaultlint.toml": ""})
    assert "no types are configured" in vault.error("new", "full", "X")


@pytest.mark.parametrize(
    ("globs", "path"),
    [
        ('["Topics/**"]', "Topics/X.md"),
        ('["Topics/Sub/*"]', "Topics/Sub/X.md"),
        ('["**"]', "X.md"),
        ('["/*"]', "X.md"),
        ('["A/*/B/**", "C/*.md"]', "C/X.md"),
        ('["X*"]', "X.md"),
        ('["Deep/"]', "Deep/X.md"),
    ],
)
def test_the_folder_is_that_of_the_paths(vault: Vault, globs: str, path: str) -> None:
    vault.write({"vaultlint.toml": f"types.t.paths = {globs}\n"})
    assert vault.run("new", "t", "X").stdout == f"{path}\n"
    assert (vault.root / path).exists()


def test_a_folder_that_is_not_the_type_s_is_refused(vault: Vault) -> None:
    vault.write(
        {"vaultlint.toml": 'types.t.paths = ["A/*/B/**"]\n', "C/y.md": "", "A/1/B/y.md": ""}
    )
    assert "`--folder` names the folder" in vault.error("new", "t", "X")
    assert "is not of `A/*/B/**`" in vault.error("new", "t", "X", "--folder", "C")
    assert vault.run("new", "t", "X", "--folder", "A/1/B").stdout == "A/1/B/X.md\n"


def test_a_type_without_paths_is_written_where_the_command_runs(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.write({"vaultlint.toml": 'types.t.tags = ["t"]\n', "Sub/y.md": ""})
    monkeypatch.chdir(vault.root / "Sub")
    assert vault.run("new", "t", "X").stdout == "X.md\n"
    assert (vault.root / "Sub/X.md").read_text(encoding="utf-8") == "---\ntags: [t]\n---\n"


def test_a_type_that_no_note_can_have_is_told(vault: Vault) -> None:
    vault.write({"vaultlint.toml": 'types.t.sections = [{ heading = "A" }]\n'})
    assert "no note can be made of the type `t`" in vault.error("new", "t", "X")


def test_a_heading_of_a_pattern_that_cannot_be_told_is_left(vault: Vault) -> None:
    config = 'types.t = { paths = ["T/*"], sections = [{ heading = "/^[a-c]{3}\\\\d$/" }] }\n'
    vault.write({"vaultlint.toml": config})
    told = vault.run("new", "t", "X").stderr
    assert "have a section `/^[a-c]{3}\\d$/`: it is missing here" in told


def test_dates_in_all_formats() -> None:
    now = datetime(2025, 3, 4, 15, 6, 7)  # noqa: DTZ001  # formats know no zones
    pattern = "YYYY YY MMMM MMM MM M DD Do D dddd ddd HH H hh h mm m ss s A a DDDD ww [week] w"
    assert format_date(pattern, now) == (
        "2025 25 March Mar 03 3 04 4th 4 Tuesday Tue 15 15 03 3 06 6 07 7 PM pm 063 10 week 10"
    )
    text = fill_template("{{title}} {{ Date }} {{time}} {{date:DD.MM.}} {{other}}", "T", now)
    assert text == "T 2025-03-04 15:06 04.03. {{other}}"


def test_properties_are_written_so_that_they_are_read_again() -> None:
    values: dict[str, object] = {
        "a": 'say "x": #1',
        "b": ["x, y", "z", 3, True],
        "c": None,
        "d": {"k": [1]},
        "e": "yes",
        "f": "12",
        "g": "2025-01-01",
        "k: #": -1.5,
        "h": "- x",
        "i": "a\nb",
    }
    text = set_properties("Body.\n", Frontmatter("none", Span(0, 0)), values)
    facts = parse_note("x.md", text).facts
    assert {p.key: p.value for p in facts.frontmatter.properties} == values
    again = set_properties(text, facts.frontmatter, {"a": 1, "new": "x"})
    read = {p.key: p.value for p in parse_note("x.md", again).facts.frontmatter.properties}
    assert read == {**values, "a": 1, "new": "x"}
    assert again.endswith("---\n\nBody.\n")


def test_empty_frontmatter_is_filled() -> None:
    facts = parse_note("x.md", "---\n---\nBody.\n").facts
    assert set_properties("---\n---\nBody.\n", facts.frontmatter, {"a": 1}) == (
        "---\na: 1\n---\nBody.\n"
    )


def test_a_template_keeps_what_it_has(vault: Vault) -> None:
    template = b"---\r\nauthor:\r\nversion: 1.10 # of the form\r\n---\r\n\r\n## Summary\r\n"
    vault.write(
        {
            "Templates/Book.md": template,
            "vaultlint.toml": '[types.book]\npaths = ["Books/**"]\ntemplate = "Templates/Book.md"\n'
            'properties = { author = { required = true, values = ["Ada"] } }\n'
            'sections = [{ heading = "Summary" }, { heading = "Verdict" }]\n',
        }
    )
    assert vault.run("new", "book", "Dune").exit_code == 0
    written = (vault.root / "Books/Dune.md").read_bytes()
    assert written.startswith(template.replace(b"author:", b"author: Ada").rstrip())
    assert b"## Verdict" in written
    assert b"\n" not in written.replace(b"\r\n", b"")
