"""`[[overrides]]`: severity, options and choice of every kind of rule, by path, type and tag."""

from __future__ import annotations

import pytest
from conftest import Vault

#: A rule of each kind, and a line of a note in which it finds something. Those with a star are off
#: by default.
RULES = {
    "skipped-heading-level*": "## A\n\n#### B\n\nText.\n",  # of the note
    "reference-url-only*": "## References\n\n- https://example.org/a\n- Hobbes, *Leviathan*\n",  # of the note, with options
    "known-misspelling": "Some assitance.\n",  # of a pack
    "missing-property": "",  # of properties
    "unknown-property": "",
    "missing-section": "",  # of sections
    "broken-link": "See [[Gone]].\n",  # of the vault
    "ambiguous-link": "See [[Same]].\n",
    "dead-end-note*": "",  # of the vault, about every note
    "unused-suppression": "Text. %% vaultlint-disable-line broken-link %%\n",
    "suppression-without-reason*": "See [[Gone]]. %% vaultlint-disable-line broken-link %%\n",
}
FRONT = "---\ntags: [draft, topic]\nodd: 1\n---\n"
TYPES = (
    '[types.topic]\ntags = ["topic"]\nproperties = { required = ["author"] }\n'
    'other-properties = "forbid"\nsections = [{ heading = "Aims" }]\n'
)
KEYS = ('paths = ["Drafts/**"]', 'types = ["topic"]', 'tags = ["draft"]')


def write(vault: Vault, rule: str, override: str) -> None:
    """Two notes with the same fault: the override is for the one in `Drafts`, if for any."""
    text = RULES.get(rule, RULES.get(f"{rule}*", ""))
    plain = FRONT.replace("draft", "final")
    vault.write(
        {
            "Drafts/Note.md": FRONT + text,
            "Other.md": plain + text,
            "a/Same.md": "x",
            "b/Same.md": "x",
            "Trade.md": "x",
            "vaultlint.toml": f'{TYPES}[[overrides]]\npaths = ["Drafts/**"]\n{override}\n',
        }
    )


def severities(vault: Vault, rule: str, *arguments: str) -> dict[str, str]:
    """The severity with which a rule finds something in a note."""
    findings = vault.check(*arguments)["findings"]
    return {f["path"]: f["severity"] for f in findings if f["rule"] == rule}


@pytest.mark.parametrize("rule", [rule.rstrip("*") for rule in RULES])
def test_any_rule_is_set_and_chosen_for_some_notes(vault: Vault, rule: str) -> None:
    is_off = f"{rule}*" in RULES
    write(vault, rule, f'extend-select = ["{rule}"]')
    found = severities(vault, rule)
    assert "Drafts/Note.md" in found
    assert ("Other.md" in found) is not is_off
    usual = found["Drafts/Note.md"]
    other = "error" if usual == "info" else "info"
    write(vault, rule, f'extend-select = ["{rule}"]\nrules.{rule}.severity = "{other}"')
    expected = {"Drafts/Note.md": other, **({} if is_off else {"Other.md": usual})}
    assert {path: severities(vault, rule).get(path) for path in expected} == expected
    write(vault, rule, f'ignore = ["{rule}"]')
    assert "Drafts/Note.md" not in severities(vault, rule)
    assert ("Other.md" in severities(vault, rule)) is not is_off


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("rule", ["broken-link", "known-misspelling", "missing-property"])
def test_every_key_reaches_rules_of_every_kind(vault: Vault, rule: str, key: str) -> None:
    text = RULES[rule]
    vault.write(
        {
            "Drafts/Note.md": FRONT + text,
            "Other.md": "---\ntags: [final]\n---\n" + text,
            "vaultlint.toml": f'{TYPES}[[overrides]]\n{key}\nrules.{rule}.severity = "info"\n',
        }
    )
    found = severities(vault, rule)
    assert found.pop("Drafts/Note.md") == "info"
    assert set(found.values()) <= {"error", "warning"}


def test_options_of_a_rule_are_merged_key_by_key(vault: Vault) -> None:
    override = (
        'rules.reference-url-only.allow-domains = ["example.org"]\n'
        '[rules.reference-url-only]\nseverity = "error"\n'
    )
    write(vault, "reference-url-only", override)
    selected = ("--extend-select", "reference-url-only")
    assert severities(vault, "reference-url-only", *selected) == {"Other.md": "error"}


def test_an_override_can_leave_only_some_rules(vault: Vault) -> None:
    vault.write(
        {
            "Drafts/Note.md": "See [[Gone]] and assitance.\n",
            "vaultlint.toml": '[[overrides]]\npaths = ["Drafts/"]\nignore = ["ALL"]\n'
            'extend-select = ["broken-link"]\n',
        }
    )
    assert vault.found() == [("Drafts/Note.md", "broken-link")]


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ('rules.broken-lnk.severity = "info"', ["vaultlint.toml:2:", "`broken-link`"]),
        ('rules.broken-link.severity = "bad"', ["vaultlint.toml:2:", "error, warning or info"]),
        (
            'rules.reference-url-only.allow-domain = ["x"]',
            ["vaultlint.toml:2:", "`allow-domains`"],
        ),
        ('select = ["links"]', ["vaultlint.toml:2:", "unknown key `select`"]),
        ('extend-select = ["lnks"]', ["vaultlint.toml:2:", "`links`"]),
    ],
)
def test_errors_in_overrides_name_the_line(vault: Vault, override: str, said: list[str]) -> None:
    vault.write({"vaultlint.toml": f"[[overrides]]\n{override}\n"})
    message = vault.error("check")
    assert all(part in message for part in said), message
