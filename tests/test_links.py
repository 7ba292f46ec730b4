"""What `vaultlint links` lists beside plain links, and links by other dialects' rules."""

from __future__ import annotations

import json

import pytest
from conftest import Vault

FILES = {
    "vaultlint.toml": '[vault]\nplanned = ["Ideas/*", ">= 2"]\n',
    "Trade.md": '[[Aid]] [[Ideas/Ports]] [[Twice]] [[Once]] ![[a "b".png]]\n',
    "Aid.md": "[[Trade#Gone]] [[twice]] %%[[Once.md]]%%\n",
    "Rates.md": "[[Rates]] [[Ideas/Ports]] [[Ideas/Tolls]]\n",
    'a "b".png': "",
}


def test_links_to_a_file(vault: Vault) -> None:
    vault.write(FILES)
    listed = vault.run("links", "--to", "trade").stdout
    assert listed == "Aid.md:1:1: [[Trade#Gone]] -> Trade.md #Gone (missing-heading)\n"
    assert 'Trade.md:1:44: ![[a "b".png]]' in vault.run("links", "--to", 'a "b".png').stdout
    assert "did you mean `Trade.md`?" in vault.error("links", "--to", "Tarde.md")


def test_planned_notes_by_how_often_they_are_wanted(vault: Vault) -> None:
    vault.write(FILES)
    assert vault.run("links", "--planned").stdout.splitlines() == [
        "    2  Ideas/Ports  (from Rates.md, Trade.md)",
        "    2  Once  (from Aid.md, Trade.md)",
        "    2  twice  (from Aid.md, Trade.md)",
        "    1  Ideas/Tolls  (from Rates.md)",
    ]
    data = json.loads(vault.run("links", "--planned", "--output-format", "json").stdout)
    assert data["version"] == 1
    assert data["planned"][0] == {
        "path": "Ideas/Ports",
        "count": 2,
        "sources": ["Rates.md", "Trade.md"],
    }


def test_orphans(vault: Vault) -> None:
    vault.write(FILES)
    assert vault.run("links", "--orphans").stdout == "Rates.md\n"


def test_graph(vault: Vault) -> None:
    vault.write(FILES)
    graph = vault.run("links", "--from", "Trade", "--output-format", "dot").stdout.splitlines()
    assert graph[0] == "digraph vault {"
    assert '  "Once" [style=dashed];' in graph
    assert '  "Trade.md" -> "a \\"b\\".png";' in graph
    assert graph[-1] == "}"


#: The unresolved links of FILES, in the shapes that Obsidian may write.
SHAPES = {
    "mapping": {
        "Aid.md": {"twice": 1, "Once": 1},
        "Rates.md": {"Ideas/Ports": 1, "Ideas/Tolls": 1},
        "Trade.md": {"Ideas/Ports": 1, "Twice": 1, "Once": 1},
    },
    "list": [
        {"link": "twice", "sources": ["Aid.md"]},
        {"link": "Twice", "count": 1, "sources": "Trade.md"},
        {"link": "Once", "sources": {"Aid.md": 1, "Trade.md": 1}},
        {"link": "Ideas/Ports", "sources": "Rates.md, Trade.md"},
        {"link": "Ideas/Tolls", "sources": [{"file": "Rates.md", "count": 1}]},
    ],
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_comparison_with_obsidian(vault: Vault, shape: object) -> None:
    vault.write({**FILES, "unresolved.json": json.dumps(shape)})
    result = vault.run("links", "--compare", "unresolved.json")
    assert (result.exit_code, result.stdout) == (0, "Obsidian lists the same unresolved links.\n")


def test_comparison_tells_every_difference(vault: Vault) -> None:
    theirs = {"Aid.md": {"twice": 2, "Once": 1}, "Trade.md": {"Gone": 1}}
    vault.write({"Aid.md": "[[twice]] [[Once]]\n", "Trade.md": "[[New]]\n"})
    vault.write({"unresolved.json": json.dumps(theirs)})
    result = vault.run("links", "--compare", "unresolved.json")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "Aid.md: `twice`: unresolved 2× in Obsidian, 1× here",
        "Trade.md: `Gone`: unresolved 1× in Obsidian, 0× here",
        "Trade.md: `New`: unresolved 0× in Obsidian, 1× here",
    ]


@pytest.mark.parametrize("text", ["", "3", "[1]", '[{"lnk": "a"}]', '{"a": 1}'])
def test_a_file_that_is_no_list_is_refused(vault: Vault, text: str) -> None:
    vault.write({"unresolved.json": text})
    assert "--compare: " in vault.error("links", "--compare", "unresolved.json")


PAGES = {
    "docs/Start.md": (
        "[a](guide/Set%20up.md#first-steps) [b](/docs/guide/Set%20up.md#first-steps-1)\n"
        "[c](guide/) [d](guide/Set%20up.md#custom) [e](guide/Set%20up.md#by-id) [f](../../up.md)\n"
        "[g](guide/Set%20up.md#First) [h](Set%20up.md) [i](#l10) [[not a link]] ![x](/no.png)\n"
    ),
    "docs/guide/Set up.md": (
        '# First steps!\n\n> ## First *steps*\n\n# Own {#custom}\n\n<a id="by-id"></a>\n'
    ),
}


def test_commonmark(vault: Vault) -> None:
    vault.write({**PAGES, "vaultlint.toml": '[vault]\ndialect = "commonmark"\n'})
    findings = vault.check()["findings"]
    assert [(f["line"], f["column"], f["rule"]) for f in findings] == [
        (3, 1, "broken-heading"),
        (3, 30, "broken-link"),
        (3, 72, "broken-image"),
    ]
    assert findings[0]["suggestions"][0] == "[g](guide/Set%20up.md#first-steps)"
    assert findings[1]["suggestions"][0] == "[h](guide/Set%20up.md)"


def test_foam(vault: Vault) -> None:
    vault.write({
        "vaultlint.toml": '[vault]\ndialect = "foam"\n',
        "a/Start.md": "[[guide]] [[The Guide]] [[b/guide#First]] [x](../b/guide.md#first) [[gone]]\n",
        "b/guide.md": "---\naliases: [The Guide]\n---\n# First\n",
    })  # fmt: skip
    assert [(f["column"], f["rule"]) for f in vault.check()["findings"]] == [(68, "broken-link")]


def test_obsidian_is_the_default(vault: Vault) -> None:
    vault.write(PAGES)
    rules = {f["rule"] for f in vault.check()["findings"]}
    assert {"broken-heading", "broken-link", "broken-image"} <= rules
