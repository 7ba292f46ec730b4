"""Glossaries of every form: what is wrong in them is told with file and line."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from conftest import Vault

from vaultlint.glossary_note import read_glossary_note
from vaultlint.model import UserError
from vaultlint.terms.glossaries import Glossaries, ScopedGlossary
from vaultlint.terms.glossary import Entry, Glossary, load_glossary


def terms(text: str, path: str = "Glossary.md") -> list[str]:
    return [entry.term for entry in read_glossary_note(path, text)]


def scoped(text: str, *paths: str, name: str = "a.yml") -> ScopedGlossary:
    return ScopedGlossary(load_glossary(name, text), paths)


class TestNote:
    def test_terms_of_every_form(self) -> None:
        text = (
            "# Words\n\nIntro.\n\n**Alpha**: one\n\n## Beta gamma\ntext\n\n"
            "| Term | Avoid |\n| - | - |\n| DeltaX | Delta-X |\n"
        )
        assert terms(text) == ["Alpha", "DeltaX"]
        assert terms(text.replace("| - | - |", "no table")) == ["Alpha", "Beta gamma"]

    def test_a_heading_over_terms_is_a_title_of_theirs(self) -> None:
        assert terms("## Group\n- **One** is\n- **Two** is\n## Empty\n## Three\nIt is.\n") == [
            "One",
            "Three",
            "Two",
        ]

    def test_columns_have_further_forms(self) -> None:
        text = "| Term | Also | Avoid | Acronym |\n| - | - | - | - |\n| Pak–US | PakUS2, US–Pak | US-P | PUR |\n"
        assert list(read_glossary_note("G.md", text)) == [
            Entry("PUR", expand="Pak–US"),
            Entry("Pak–US", ("PakUS2", "US–Pak"), ("US-P",)),
        ]

    def test_an_abbreviation_in_brackets_has_a_long_form(self) -> None:
        assert list(read_glossary_note("G.md", "- **Belt and Road (BR)**, a plan\n")) == [
            Entry("BR", expand="Belt and Road"),
            Entry("Belt and Road", case="any"),
        ]

    def test_a_note_without_terms_is_one(self) -> None:
        text = "---\naliases: [BRI, One Belt]\n---\nA plan.\n"
        assert terms(text, "Terms/Belt and Road.md") == ["BRI", "Belt and Road"]
        assert terms("A plan.\n") == []

    def test_contradictions_name_both_lines(self) -> None:
        with pytest.raises(UserError, match=r"^G\.md:5: `Geo-economics` is to be .* on line 2$"):
            read_glossary_note("G.md", "\n**Geoeconomics** is\n\n## X\n- **Geo-economics** is\n")

    def test_the_same_twice_is_no_contradiction(self) -> None:
        assert terms("**One** is\n\n**One** was\n") == ["One"]


class TestPlaces:
    def test_one_of_a_place_may_not_contradict_one_of_all(self) -> None:
        with pytest.raises(UserError, match=r"^b\.yml:1: .* in a\.yml:1$"):
            Glossaries([scoped("- a-b"), scoped("- ab", "Law/**", name="b.yml")])

    @pytest.mark.parametrize("paths", [("Law/x/**",), ("*.md",), ("L*",)])
    def test_places_that_may_meet_may_not_contradict(self, paths: Iterable[str]) -> None:
        with pytest.raises(UserError):
            Glossaries([scoped("- a-b", "Law/**"), scoped("- ab", *paths, name="b.yml")])

    def test_places_apart_may_differ(self) -> None:
        found = Glossaries([scoped("- a-b", "Law/**"), scoped("- ab", "Trade/", name="b.yml")])
        assert [e.term for e in found.of("Law/n.md")] == ["a-b"]
        assert [e.term for e in found.of("Trade/n.md")] == ["ab"]
        assert len(found.of("n.md")) == 0

    def test_what_the_owner_says_goes_before_packs(self) -> None:
        pack = Glossary([Entry("Kyiv", forbid=("Kiev",)), Entry("NATO")])
        found = Glossaries([scoped("- Kiev")], [pack])
        assert [e.term for e in found.of("n.md")] == ["Kiev", "NATO"]

    def test_the_fingerprint_tells_places_apart(self) -> None:
        texts = [
            Glossaries([scoped("- a")]),
            Glossaries([scoped("- a", "x/**")]),
            Glossaries([], [Glossary([Entry("a")])]),
        ]
        assert len({each.fingerprint for each in texts}) == 3


class TestConfiguration:
    @pytest.mark.parametrize(
        ("line", "message"),
        [
            (
                'glossary = [{ file = "no.yml", paths = [] }]',
                ":2: the glossary `no.yml` cannot be read",
            ),
            (
                'glossary = [{ file = "g.yml", path = ["x"] }]',
                ":2: unknown key `path`; did you mean `paths`?",
            ),
            (
                'glossary = ["g.yml", "G.md"]',
                "G.md:3: `Ab` is to be written `Ab` here, but, its variant `a-b` `a-b` in g.yml:2",
            ),
            ('packs = ["obsidan"]', ":2: no pack of terms `obsidan`; did you mean `obsidian`?"),
            ('english = "uk"', ":2: `english` is `us`, `gb` or `any`, and not `uk`"),
        ],
    )
    def test_errors_name_the_line(self, vault: Vault, line: str, message: str) -> None:
        vault.write(
            {
                "vaultlint.toml": f"[terms]\n{line}\n",
                "g.yml": "\n- a-b\n",
                "G.md": "\n\n- **Ab** is\n",
            }
        )
        assert message in vault.error("check")

    def test_a_changed_note_is_read_anew(self, vault: Vault) -> None:
        vault.write(
            {
                "vaultlint.toml": '[terms]\nglossary = ["G.md"]\n',
                "G.md": "- **Pak–US** is\n",
                "n.md": "Pak-US and Github\n",
            }
        )
        assert vault.found() == vault.found() == [("n.md", "term-variant")]
        vault.write({"G.md": "- **GitHub** is\n- **Pak–US** is\n"})
        assert vault.found() == [("n.md", "term-variant")] * 2
        vault.write({"vaultlint.toml": '[terms]\nglossary = [{file = "G.md", paths = ["m.md"]}]\n'})
        assert vault.found() == []
