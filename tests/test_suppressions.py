"""Suppressions: what they hide, what is counted, and that a cached run says what a cold run says."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cached import age, cold, is_hit, output
from conftest import Vault
from hypothesis import given, settings
from hypothesis import strategies as st

from vaultlint.config import load_settings
from vaultlint.engine import parse_file
from vaultlint.model import UserError
from vaultlint.registry import Registry, load_registry
from vaultlint.suppress import Names
from vaultlint.testing import open_case


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache-home"))


LINE = "%% vaultlint-disable-line broken-link %%"
FILES = {
    "Aid.md": f"See [[Gone]]. {LINE}\nSee [[Gone]].\n",
    "Debt.md": "---\nvaultlint: {disable: [broken-link]}\n---\nSee [[Gone]], [[Lost]] and [[Aid#No]].\n",
    "Trade.md": "See [[Aid]] and assitance. <!-- vaultlint-disable-line known-misspelling -->\n",
}


@pytest.fixture
def suppressing(vault: Vault) -> Vault:
    """A vault with four suppressed findings, and two others."""
    vault.write(FILES)
    age(vault.root)
    return vault


def summary(vault: Vault, *arguments: str) -> tuple[int, int]:
    """How many findings are reported, and how many suppressed."""
    counts = vault.check(*arguments)["summary"]
    return counts["findings"], counts["suppressed"]


# ---- what is counted, and when nothing is hidden


def test_suppressed_findings_are_counted(suppressing: Vault) -> None:
    assert summary(suppressing) == (2, 4)
    assert summary(suppressing, "Debt.md") == (1, 2)
    done = suppressing.run("check", "--output-format", "concise")
    assert done.stdout.endswith(", 4 suppressed.\n")
    assert ", 4 suppressed." in suppressing.run("check", "--statistics").stdout
    assert "suppressed" not in suppressing.run("check", "--ignore-suppressions").stdout


def test_a_clean_note_says_what_it_hides(vault: Vault) -> None:
    vault.write({"Aid.md": f"See [[Gone]]. {LINE}\n"})
    done = vault.run("check")
    assert done.exit_code == 0
    assert done.stdout.startswith("All clean: 1 note checked")
    assert done.stdout.endswith(", 1 suppressed.\n")


@pytest.mark.parametrize(
    "arguments", [("--ignore-suppressions",), ("--config", "ignore-suppressions=true")]
)
def test_suppressions_can_be_ignored(suppressing: Vault, arguments: tuple[str, ...]) -> None:
    assert summary(suppressing, *arguments) == (6, 0)
    assert summary(suppressing) == (2, 4)


def test_suppressions_are_ignored_on_standard_input_too(vault: Vault) -> None:
    text = f"See [[Gone]]. {LINE}\n"
    assert vault.found("-", input=text) == []
    assert vault.found("-", "--ignore-suppressions", input=text) == [("stdin.md", "broken-link")]


# ---- unused: only what could have been used


@pytest.mark.parametrize(
    ("names", "arguments", "found"),
    [
        ("broken-link", (), True),
        ("broken-link", ("--select", "unused-suppression,broken-link"), True),
        ("broken-link", ("--select", "unused-suppression,self-link"), False),
        ("broken-link", ("--ignore", "broken-link"), False),
        ("links", (), True),
        ("links", ("--select", "unused-suppression,links"), False),
        ("links", ("--extend-select", "self-link"), True),
        ("ALL", ("--ignore", "terms"), False),
        ("", (), True),
        ("", ("--extend-ignore", "terms"), False),
        ("dead-end-note", (), False),
        ("unsourced-claim", (), False),
        ("missing-section", (), False),  # no type asks for one
        ("broken-link", ("--select", "broken-link"), False),
    ],
)
def test_unused_is_said_of_rules_that_ran(
    vault: Vault, names: str, arguments: tuple[str, ...], found: bool
) -> None:
    vault.write({"Aid.md": f"Text. %% vaultlint-disable-line {names} %%\n"})
    wanted = [("Aid.md", "unused-suppression")] if found else []
    assert vault.found(*arguments) == wanted


def test_a_rule_that_fails_leaves_its_suppressions_alone() -> None:
    def crash(*_: object) -> Any:
        raise RuntimeError("no")

    session = open_case({"Aid.md": f"See [[Gone]]. {LINE}\n"})
    rule = session.settings.registry.rules["broken-link"]
    session.settings.registry.rules["broken-link"] = replace(rule, check=crash)
    session.load()
    result = session.check()
    assert [failure.rule for failure in result.failures] == ["broken-link"]
    assert result.violations == []


def test_severity_and_rules_of_overrides_hold_for_suppressions(vault: Vault) -> None:
    text = f"Text. {LINE}\n"
    vault.write(
        {
            "a/Aid.md": text,
            "b/Aid.md": text,
            "c/Aid.md": text,
            "vaultlint.toml": '[[overrides]]\npaths = ["a/"]\nignore = ["unused-suppression"]\n'
            '[[overrides]]\npaths = ["b/"]\nrules.VL901.severity = "info"\n'
            '[[overrides]]\npaths = ["c/"]\nextend-select = ["suppression-without-reason"]\n',
        }
    )
    found = [(f["path"], f["rule"], f["severity"]) for f in vault.check()["findings"]]
    assert found == [
        ("b/Aid.md", "unused-suppression", "info"),
        ("c/Aid.md", "unused-suppression", "warning"),
        ("c/Aid.md", "suppression-without-reason", "warning"),
    ]


# ---- rules that were renamed


def test_former_names_suppress() -> None:
    rules = [
        replace(rule, former=("dead-link",)) if rule.id == "broken-link" else rule
        for rule in load_registry()
    ]
    registry = Registry(rules, {})
    assert registry.get("dead-link").id == "broken-link"
    names = Names(registry)
    assert names.covered("dead-link") == {"broken-link"}
    assert "dead-link" in names.selectors("broken-link")
    with pytest.raises(UserError, match="exists already"):
        Registry([replace(rule, former=("self-link",)) for rule in load_registry()], {})


# ---- cold and cached


def test_cached_runs_say_the_same(suppressing: Vault) -> None:
    for form in ("json", "concise", "full"):
        before = cold(suppressing, form=form)
        assert output(suppressing, form=form) == before
        assert output(suppressing, form=form) == before
    assert is_hit(suppressing)
    assert output(suppressing, "Debt.md") == cold(suppressing, "Debt.md")
    assert output(suppressing, "--ignore-suppressions") == cold(
        suppressing, "--ignore-suppressions"
    )


def test_other_notes_decide_what_is_unused(suppressing: Vault) -> None:
    assert output(suppressing) == cold(suppressing)
    suppressing.write({"Gone.md": "[[Aid]]\n"})
    age(suppressing.root, 50)
    after = output(suppressing)
    assert after == cold(suppressing)
    assert "unused-suppression" in after.stdout
    (suppressing.root / "Gone.md").unlink()
    age(suppressing.root, 40)
    assert output(suppressing) == cold(suppressing)


_TEXTS = (
    "See [[Gone]].\n",
    f"See [[Gone]]. {LINE}\n",
    f"See [[A]]. {LINE}\n",
    "Some assitance. %% vaultlint-disable-line %%\n",
    "---\nvaultlint: {disable: [terms]}\n---\nSome assitance.\n",
    "<!-- vaultlint-disable links -->\n\n[[B#x]] [[Gone]]\n\n<!-- vaultlint-enable -->\n\n[[Gone]]\n",
    "# x\n\n[[A]]\n",
    "`%% vaultlint-disable-file %%` [[Gone]]\n",
)


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_changes_gives_what_a_cold_run_gives(vault: Vault, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # no secret
    seconds = 5_000
    for _ in range(12):
        name = dice.choice(("A.md", "B.md", "C.md", "Gone.md"))
        if dice.random() < 0.2:
            (vault.root / name).unlink(missing_ok=True)
        elif dice.random() < 0.1:
            severity = dice.choice(("info", "error"))
            rule = dice.choice(("broken-link", "unused-suppression", "known-misspelling"))
            vault.write({"vaultlint.toml": f'rules.{rule}.severity = "{severity}"\n'})
        else:
            vault.write({name: dice.choice(_TEXTS)})
        seconds -= 100
        age(vault.root, seconds)
        before = cold(vault)
        assert output(vault) == before
        assert output(vault) == before


# ---- hostile text

_PARTS = st.sampled_from(
    """<!-- |-->|%%|%% |vaultlint-disable|vaultlint-disable-line|vaultlint-disable-next-line|
    vaultlint-enable|vaultlint-disable-file|vaultlint-x| broken-link| ALL|,| -- |why|\n|\n\n|\r\n|\r|
    > |- |    |```\n|`|$|$$\n|# |---\n|[[Gone]]|\\|| | a | |<div>\n|</div>\n|x|---\nvaultlint: |
    {disable: [|]}|disable: |vaultlint: {disable: x}\n|[^1]: |""".replace("\n    ", "").split("|")
)


@settings(max_examples=60)
@given(st.lists(_PARTS, max_size=30).map("".join))
def test_any_text_is_read_and_judged(text: str) -> None:
    session = open_case({"Note.md": text})
    session.load()
    result = session.check()
    assert result.failures == []
    facts = session.vault.notes["Note.md"]
    text = session.lines("Note.md").text
    for each in facts.suppressions:
        assert 0 <= each.span.start < each.span.end <= len(text)
        assert 0 <= each.scope.start <= each.scope.end <= len(text) + 1
        for name in each.names:
            written = text[name.span.start : name.span.end]
            assert each.in_frontmatter or written == name.text
        if not each.in_frontmatter:
            assert text.startswith(("<!--", "%%"), each.span.start)
    assert [e.span for e in facts.suppressions] == sorted(e.span for e in facts.suppressions)
    everything = open_case({"Note.md": text, "vaultlint.toml": "ignore-suppressions = true\n"})
    everything.load()
    found = {(v.span, v.rule) for v in everything.check().violations}
    rest = {(v.span, v.rule) for v in result.violations}
    assert {each for each in rest if "suppression" not in each[1]} <= found


N = 5_000
HOSTILE = {
    "lines": f"[[Gone]] {LINE}\n" * N,
    "on one line": f"{LINE} " * N + "[[Gone]]",
    "one above the other": "<!-- vaultlint-disable-next-line broken-link -->\n" * N
    + "[[Gone]] " * N,
    "with blank lines": "%% vaultlint-disable-next-line broken-link %%\n\n" * N + "[[Gone]] " * N,
    "ranges": "%% vaultlint-disable %%\n[[Gone]]\n%% vaultlint-enable %%\n" * N,
    "names": "%% vaultlint-disable " + "broken-link " * N + "%%\n[[Gone]]\n",
    "unknown names": "%% vaultlint-disable " + " ".join(f"a{i}" for i in range(N)) + " %%\n",
    "never closed": "<!-- vaultlint-disable\n\n" * N,
    "never closed in a line": "a <!-- vaultlint-disable " * N,
    "half of them closed": "%% vaultlint-disable\n\n" * N,
    "in each other": "%% vaultlint-disable <!-- vaultlint-disable " * N,
    "in HTML": "<div>\n" + "<!-- vaultlint-disable-next-line x -->\n" * N + "</div>",
    "names in the frontmatter": "---\nvaultlint: {disable: ["
    + ", ".join('"\\x61b"' for _ in range(N))
    + "]}\n---\n",
    "lone CR": f"[[Gone]] {LINE}\r" * N,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_suppressions_end_soon(name: str) -> None:
    facts, _ = parse_file("Note.md", HOSTILE[name].encode())
    assert facts.suppressions or name == "never closed in a line"
    session = open_case({"Note.md": HOSTILE[name]}, ["links", "suppressions"])
    session.load()
    assert session.check().failures == []


def test_the_configuration_key_is_known() -> None:
    found = load_settings(None, overrides=({"ignore-suppressions": True},))
    assert found.file.ignore_suppressions


def test_the_schema_of_the_output_has_the_count(suppressing: Vault) -> None:
    properties = json.loads(suppressing.run("schema", "--output").stdout)["$defs"]["Totals"]
    assert "suppressed" in properties["properties"]
