"""Which rules run: selectors on the command line, in the configuration, and in overrides."""

from __future__ import annotations

import pytest
from conftest import Vault

from vaultlint.registry import ALL, load_registry
from vaultlint.rule import GROUPS

CONFIG = '[types.topic]\npaths = ["**"]\nsections = [{ heading = "Needed" }]\n'
NOTE = "%%[[Lost]]%% [[Gone]]\n\n#draft\n"

LINK, SELF, SECTION, DEAD_END = (
    "broken-link",
    "broken-link-in-comment",
    "missing-section",
    "dead-end-note",
)


@pytest.fixture
def faulty(vault: Vault) -> Vault:
    """A note with findings of two groups."""
    vault.write({"A.md": NOTE, "vaultlint.toml": CONFIG})
    return vault


def rules(vault: Vault, *arguments: str) -> set[str]:
    return {rule for _, rule in vault.found(*arguments)} & {LINK, SELF, SECTION}


SELECTIONS: list[tuple[str, set[str]]] = [
    ("", {LINK, SELF, SECTION}),
    ("--select broken-link", {LINK}),
    ("--select VL101", {LINK}),
    ("--select links", {LINK, SELF}),
    ("--select structure", {SECTION}),
    ("--select terms", set()),
    ("--select broken-link,missing-section", {LINK, SECTION}),
    ("--select broken-link --select missing-section", {LINK, SECTION}),
    ("--ignore broken-link", {SELF, SECTION}),
    ("--ignore VL101,VL109", {SECTION}),
    ("--ignore links", {SECTION}),
    ("--ignore ALL", set()),
    ("--extend-ignore links", {SECTION}),
    ("--ignore links --extend-ignore structure", set()),
    # the most exact selector wins, wherever it stands
    ("--select links --ignore broken-link-in-comment", {LINK}),
    ("--select broken-link-in-comment --ignore links", {SELF}),
    ("--select ALL --ignore links", {SECTION}),
    ("--select links --ignore ALL", {LINK, SELF}),
    ("--ignore links --extend-select broken-link-in-comment", {SELF, SECTION}),
    ("--ignore ALL --extend-select links --extend-ignore VL109", {LINK}),
    ("--select ALL --ignore links --extend-select VL101", {LINK, SECTION}),
    # at a tie the refusal wins
    ("--select broken-link-in-comment --ignore VL109", set()),
    ("--select links --ignore links", set()),
    ("--select ALL --ignore ALL", set()),
    ("--extend-select structure --ignore structure", {LINK, SELF}),
    # --select replaces what is on by default, --extend-select adds to it
    ("--extend-select broken-link", {LINK, SELF, SECTION}),
    ("--select structure --extend-select broken-link", {LINK, SECTION}),
]


@pytest.mark.parametrize(("arguments", "expected"), SELECTIONS)
def test_selectors(faulty: Vault, arguments: str, expected: set[str]) -> None:
    assert rules(faulty, *arguments.split()) == expected


@pytest.mark.parametrize(("arguments", "expected"), SELECTIONS)
def test_selectors_in_the_configuration_say_the_same(
    faulty: Vault, arguments: str, expected: set[str]
) -> None:
    values: dict[str, list[str]] = {}
    words = arguments.split()
    for option, value in zip(words[::2], words[1::2], strict=True):
        values.setdefault(option.removeprefix("--"), []).extend(value.split(","))
    lines = [f"{key} = {names}" for key, names in values.items()]
    faulty.write({"vaultlint.toml": "\n".join([*lines, CONFIG])})
    assert rules(faulty) == expected


def test_rules_that_are_off_by_default(vault: Vault) -> None:
    vault.write({"A.md": "text\n"})
    assert vault.found() == []
    only = [("A.md", DEAD_END)]
    assert vault.found("--select", DEAD_END) == only
    assert vault.found("--extend-select", "VL123") == only
    assert DEAD_END in {rule for _, rule in vault.found("--select", "ALL")}
    assert DEAD_END in {rule for _, rule in vault.found("--select", "links")}
    assert vault.found("--select", "ALL", "--ignore", "links") == []


def test_spaces_around_selectors_do_not_count(faulty: Vault) -> None:
    assert rules(faulty, "--select", " broken-link , structure ") == {LINK, SECTION}


def test_the_command_line_replaces_the_configuration(faulty: Vault) -> None:
    faulty.write({"vaultlint.toml": f'select = ["structure"]\nignore = ["VL201"]\n{CONFIG}'})
    assert rules(faulty) == set()
    assert rules(faulty, "--select", "links") == {LINK, SELF}
    assert rules(faulty, "--extend-select", "broken-link") == {LINK}
    assert rules(faulty, "--ignore", "broken-link") == {SECTION}
    assert rules(faulty, "--extend-ignore", "broken-link") == set()


def test_every_name_selects() -> None:
    registry = load_registry()
    for rule in registry:
        assert registry.expand(rule.id) == registry.expand(rule.code) == (2, frozenset((rule.id,)))
    for group in GROUPS:
        ids = frozenset(rule.id for rule in registry if rule.group == group)
        assert registry.expand(group) == (1, ids)
    assert registry.expand(ALL) == (0, frozenset(rule.id for rule in registry))


# ---- severities


def test_severity_by_id_and_by_code(faulty: Vault) -> None:
    faulty.write(
        {
            "vaultlint.toml": 'rules.broken-link.severity = "info"\n'
            f'rules.VL201.severity = "error"\n{CONFIG}'
        }
    )
    severities = {f["rule"]: f["severity"] for f in faulty.check()["findings"]}
    assert (severities[LINK], severities[SECTION], severities[SELF]) == ("info", "error", "info")
    assert faulty.run("check", "--fail-on", "error", "--ignore", "structure").exit_code == 0


def test_a_severity_does_not_switch_a_rule_on(vault: Vault) -> None:
    vault.write({"A.md": "", "vaultlint.toml": 'rules.dead-end-note.severity = "error"\n'})
    assert vault.found() == []


# ---- overrides

OVERRIDES: list[tuple[str, set[str]]] = [
    ("", {LINK, SELF, SECTION}),
    ('ignore = ["links"]', {SECTION}),
    ('paths = ["A.md"]\nignore = ["links"]', {SECTION}),
    ('paths = ["*.md"]\nignore = ["links"]', {SECTION}),
    ('paths = ["/A.md"]\nignore = ["links"]', {SECTION}),
    ('paths = ["b/**", "A.*"]\nignore = ["links"]', {SECTION}),
    ('paths = ["b/**"]\nignore = ["links"]', {LINK, SELF, SECTION}),
    ('paths = ["a.md"]\nignore = ["links"]', {LINK, SELF, SECTION}),
    ('types = ["topic"]\nignore = ["links"]', {SECTION}),
    ('types = ["other", "topic"]\nignore = ["links"]', {SECTION}),
    ('types = ["other"]\nignore = ["links"]', {LINK, SELF, SECTION}),
    ('tags = ["draft"]\nignore = ["links"]', {SECTION}),
    ('tags = ["#Draft"]\nignore = ["links"]', {SECTION}),
    ('tags = ["drafts"]\nignore = ["links"]', {LINK, SELF, SECTION}),
    # all keys must hold
    ('paths = ["A.md"]\ntypes = ["topic"]\ntags = ["draft"]\nignore = ["links"]', {SECTION}),
    ('paths = ["B.md"]\ntags = ["draft"]\nignore = ["links"]', {LINK, SELF, SECTION}),
    ('paths = ["A.md"]\ntypes = ["other"]\nignore = ["links"]', {LINK, SELF, SECTION}),
    # the most exact selector wins here too
    ('ignore = ["ALL"]', set()),
    ('ignore = ["links"]\nextend-select = ["broken-link-in-comment"]', {SELF, SECTION}),
    ('extend-select = ["links"]\nignore = ["VL109"]', {LINK, SECTION}),
]


@pytest.mark.parametrize(("override", "expected"), OVERRIDES)
def test_overrides(faulty: Vault, override: str, expected: set[str]) -> None:
    other = '[types.other]\npaths = ["other/**"]\n'
    faulty.write({"vaultlint.toml": f"{CONFIG}{other}[[overrides]]\n{override}\n"})
    assert rules(faulty) == expected


def test_an_override_switches_rules_on_for_its_notes_only(vault: Vault) -> None:
    vault.write(
        {
            "A.md": "",
            "sub/B.md": "",
            "vaultlint.toml": '[[overrides]]\npaths = ["sub/**"]\nextend-select = ["dead-end-note"]\n',
        }
    )
    assert vault.found() == [("sub/B.md", DEAD_END)]


def test_a_nested_tag_matches_its_parents(vault: Vault) -> None:
    vault.write(
        {
            "A.md": "---\ntags: [work/draft]\n---\n[[Gone]]\n",
            "B.md": "#work/draft/x [[Gone]]\n",
            "C.md": "#worker [[Gone]]\n",
            "vaultlint.toml": '[[overrides]]\ntags = ["Work/Draft"]\nignore = ["links"]\n',
        }
    )
    assert vault.found() == [("C.md", LINK)]


def test_later_overrides_win(vault: Vault) -> None:
    vault.write(
        {
            "A.md": "[[Gone]]\n",
            "sub/B.md": "[[Gone]]\n",
            "vaultlint.toml": 'rules.broken-link.severity = "info"\n'
            '[[overrides]]\nrules.broken-link.severity = "warning"\n'
            '[[overrides]]\npaths = ["sub/**"]\nrules.VL101.severity = "error"\n',
        }
    )
    findings = vault.check()["findings"]
    assert [(f["path"], f["severity"]) for f in findings] == [
        ("A.md", "warning"),
        ("sub/B.md", "error"),
    ]


def test_overrides_reach_canvases_bases_and_attachments(vault: Vault) -> None:
    vault.write(
        {
            "C.canvas": '{"nodes": [{"id": "1", "type": "file", "file": "Gone.md"}]}',
            "sub/C.canvas": '{"nodes": [{"id": "1", "type": "file", "file": "Gone.md"}]}',
            "p.png": b"",
            "sub/p.png": b"",
            "vaultlint.toml": 'select = ["broken-canvas-target"]\n'
            '[[overrides]]\npaths = ["sub/**"]\nignore = ["VL108"]\n'
            'extend-select = ["unused-attachment"]\n',
        }
    )
    assert vault.found() == [
        ("C.canvas", "broken-canvas-target"),
        ("sub/p.png", "unused-attachment"),
    ]
