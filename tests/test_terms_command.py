"""`vaultlint terms`: counts of the glossary's terms, and a glossary that is proposed."""

from __future__ import annotations

import json

from conftest import Vault

from vaultlint.terms.glossary import load_glossary

NOTES = {
    "Data lake.md": "On GitHub a data lake is a store. Data Lake it is.\n\n> data-lake",
    "A.md": "A data lake with GitHub and Github, by Zworp. `data lake`",
    "B.md": "The data lake of Zworp on GitHub: GitHub rules Zworp. The house, the House.",
}


class TestCounts:
    def test_right_and_wrong_forms(self, vault: Vault) -> None:
        vault.write({**NOTES, "g.yml": "- GitHub\n- data lake\n- unused term\n"})
        arguments = ("--config", 'terms.glossary=["g.yml"]')
        assert vault.run("terms", *arguments).stdout.splitlines() == [
            "     4  data lake    `data lake` 3, `Data Lake` 1",
            "     4  GitHub       wrong: `Github` 1",
            "     0  unused term",
        ]
        data = json.loads(vault.run("terms", "--output-format", "json", *arguments).stdout)
        assert data["version"] == 1
        assert data["terms"][1] == {
            "term": "GitHub",
            "count": 4,
            "forms": {"GitHub": 4},
            "variants": {"Github": 1},
        }

    def test_of_packs_what_is_used(self, vault: Vault) -> None:
        vault.write(NOTES)
        result = vault.run("terms", "--config", 'terms.packs=["obsidian"]')
        assert result.stdout.splitlines() == ["     4  GitHub  wrong: `Github` 1"]

    def test_without_a_glossary_there_is_a_hint(self, vault: Vault) -> None:
        vault.write(NOTES)
        result = vault.run("terms")
        assert result.stdout == ""
        assert "`--suggest` proposes one" in result.stderr

    def test_several_vaults_are_named(self, vault: Vault) -> None:
        vault.write({"a/.obsidian/app.json": "{}", "b/.obsidian/app.json": "{}", "a/n.md": "x"})
        (vault.root / ".obsidian").rmdir()
        assert "holds 2 vaults, name one of them: `a`, `b`" in vault.error("terms", ".")


class TestProposal:
    def test_it_is_a_glossary_that_fits(self, vault: Vault) -> None:
        vault.write(NOTES)
        text = vault.run("terms", "--suggest").stdout
        assert text.splitlines() == [
            "- data lake  # 4 in 3 notes",
            "- GitHub  # 5 in 3 notes",
            "- Zworp  # 3 in 2 notes",
        ]
        vault.write({"g.yml": text})
        found = vault.found(
            "--config", 'terms.glossary=["g.yml"]', "--select", "term-variant,near-term"
        )
        assert found == [("A.md", "term-variant")]

    def test_what_stands_often_is_accepted(self, vault: Vault) -> None:
        vault.write({f"{n}.md": "We use GitHub and GitHub, or github." for n in "abc"})
        data = json.loads(vault.run("terms", "--suggest", "--output-format", "json").stdout)
        assert [(row["term"], row["accept"]) for row in data["terms"]] == [("GitHub", ["github"])]

    def test_what_is_in_a_glossary_is_not_proposed(self, vault: Vault) -> None:
        vault.write({**NOTES, "g.yml": "- GitHub\n- data lake\n"})
        result = vault.run("terms", "--suggest", "--config", 'terms.glossary=["g.yml"]')
        assert result.stdout == "- Zworp  # 3 in 2 notes\n"

    def test_odd_names_are_quoted(self, vault: Vault) -> None:
        vault.write(
            {f"{n}.md": "The C3–PO2 and C3–PO2 and AT&T of O'Neill. At AT&T." for n in "ab"}
        )
        text = vault.run("terms", "--suggest").stdout
        assert all(len(load_glossary("g", line)) == 1 for line in text.splitlines())

    def test_nothing_is_nothing(self, vault: Vault) -> None:
        vault.write({"a.md": "Nothing here."})
        result = vault.run("terms", "--suggest")
        assert (result.stdout, result.stderr) == ("", "nothing to propose\n")
