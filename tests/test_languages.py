"""Which notes are in English, and codespell's list."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Vault

from vaultlint.terms import codespell
from vaultlint.terms.codespell import read_list
from vaultlint.terms.dictionary import is_word
from vaultlint.terms.language import is_english_name, reads_as_english

ENGLISH = [
    "",
    "Definately short.",
    "GitHub Obsidian Excalidraw Dataview Templater Kanban Zotero Pandoc Logseq",
    "The plan, which was agreed in May, has been put off, for the money is not there and will not be.",
    "Buy milk. Call Ann. Write report. Check invoices. Book flights. Water plants. Fix bike. Pay rent. Read paper.",
    "The Treaty of Rome (Traité de Rome) of the EEC was signed by the six in Rome, and is in force still.",
]
OTHER = [
    "Dies ist ein Text, der auf Deutsch geschrieben ist, und er hat genug Wörter, um das zu zeigen.",
    "Ceci est un texte qui est écrit en français, et il a assez de mots pour que cela soit clair.",
    "Este es un texto que está escrito en español, y tiene bastantes palabras para que sea claro.",
    "To jest tekst napisany po polsku, który ma wystarczająco dużo słów, aby było to całkiem jasne.",
    "Tämä on suomeksi kirjoitettu teksti, jossa on tarpeeksi sanoja, jotta kieli olisi täysin selvä kaikille.",
    "Bu metin Türkçe yazılmıştır ve dilin açıkça anlaşılması için yeterince kelime içermektedir, değil mi acaba?",
    "Это текст на русском языке.",
    "这是一篇中文的笔记。",
    "هذه ملاحظة باللغة العربية",
]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_told(text: str) -> None:
    assert reads_as_english(text, is_word)


@pytest.mark.parametrize("text", OTHER)
def test_other_languages_are_told(text: str) -> None:
    assert not reads_as_english(text, is_word)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("en", True),
        ("en-GB", True),
        ("EN_us", True),
        ("English", True),
        ("de", False),
        ("pt-BR", False),
        ("Urdu", False),
        ("python", None),
        ("C", None),
        (["de", "en"], True),
        (["python"], None),
        (3, None),
        (None, None),
    ],
)
def test_names_of_languages(name: object, answer: bool | None) -> None:
    assert is_english_name(name) is answer


def test_a_note_in_another_language_has_glossary_alone(vault: Vault) -> None:
    vault.write(
        {
            "vaultlint.toml": '[terms]\nglossary = ["g.yml"]\nlanguages = { "De/*" = "de", "En/*" = "en" }\n',
            "g.yml": "- GitHub\n",
            "De/n.md": "Github recieve should of of",
            "En/n.md": OTHER[0] + " Github recieve",
            "x.md": "---\nlang: fr\n---\nGithub recieve should of of",
        }
    )
    assert vault.found() == [
        ("De/n.md", "term-variant"),
        ("En/n.md", "term-variant"),
        ("x.md", "term-variant"),
    ]


class TestCodespell:
    LIST = "recieve->receive\nteh->the\nnto->not, into,\nrecieving->receiving, reviving,\nabandonned->abandoned\ncolour->color\nspecifing->specyfing\nfoobaring->foo, bar, oddly\n"

    @pytest.fixture
    def installed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "dictionary.txt"
        path.write_text("zworping->sweeping\nabandonned->abandoned\n", encoding="utf-8")
        monkeypatch.setattr(codespell, "find_list", lambda: path)
        from vaultlint import prose_check

        prose_check._listed_words.cache_clear()

    def test_only_what_is_certain_is_taken(self) -> None:
        assert read_list(self.LIST, is_word) == {
            "recieve": "receive",
            "abandonned": "abandoned",
            "recieving": "receiving, reviving",
        }

    @pytest.mark.usefixtures("installed")
    def test_it_is_used_where_it_is_asked_for(self, vault: Vault) -> None:
        vault.write({"n.md": "A zworping abandonned word of Abandonned. He met Abandonned.\n"})
        off = ("--config", "terms.likely=false")
        assert vault.found(*off) == []
        on = ("--config", "terms.codespell=true", *off)
        assert vault.found(*on) == [("n.md", "known-misspelling")] * 2

    @pytest.mark.usefixtures("installed")
    def test_names_and_terms_are_left_out(self, vault: Vault) -> None:
        vault.write({"Zworping.md": "A zworping abandonned.", "g.yml": "- abandonned\n"})
        on = ("--config", "terms.codespell=true", "--config", 'terms.glossary=["g.yml"]')
        assert vault.found(*on) == []

    def test_its_absence_is_told(self, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(codespell, "find_list", lambda: None)
        vault.write({"vaultlint.toml": "[terms]\ncodespell = true\n"})
        assert vault.error("check") == (
            "error: vaultlint.toml:2: codespell is not installed: `pip install 'vaultlint[spell]'`"
        )
