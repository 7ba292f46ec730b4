"""`vaultlint references`: the sources of notes, by note, by source, and as BibTeX stubs."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cached import age, cold, is_hit, output, reads
from conftest import Vault
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.bibtex_stubs import make_key, write_stubs
from vaultlint.discover import DiskFiles
from vaultlint.model import Span
from vaultlint.parse.bibtex import Kept, read_bibtex
from vaultlint.parse.extract import parse_note
from vaultlint.references import address_key
from vaultlint.rule import ReferenceSettings
from vaultlint.sources import Mention, Place, find_mentions, group_sources

TRADE = """---
doi: 10.1000/182
source: "[[Port statistics]]"
isbn: 9780306406157
url: [https://example.org/a?x=1, true]
issn: 0317-8471
rating: https://example.org/rating
---
Ports [@malik2019, p. 3] and [rates](https://example.org/rates).[^1] Also ^[see https://arxiv.org/abs/2101.00001v2].

## References
- A. Malik, *Ports & "Power"*, https://doi.org/10.1000/182
- [Why {ports} are 100% full](https://example.org/ports/?utm_source=feed)
- [@khan2021], [[@ali2020]]
- [[Notes/Port statistics#Tides|tides]]
- https://www.example.org/ports

| Claim | Link |
| --- | --- |
| Ali | https://example.org/table |

[^1]: R. Khan, *Freight* (Harbour Press, 2019), p. 3.
[^2]: In 2019, an aside.
"""
NOTES = {
    "Trade.md": TRADE,
    "Aid.md": "Aid.\n\n## Sources\n- [Ports](http://example.org/ports/)\n- Malik 2019, doi:10.1000/182\n",
    "None.md": "Nothing, but [a link](https://example.org/rates).",
    "library.bib": "@book{malik2019, title = {The {Ports}}, doi = {10.1000/182}}\n",
}


def listed(vault: Vault, *arguments: str) -> Any:
    return json.loads(vault.run("references", "--output-format", "json", *arguments).stdout)


def mentions(text: str, *, links: bool = False) -> list[tuple[str, str]]:
    found = find_mentions(parse_note("a.md", text), ReferenceSettings(), links=links)
    return [(mention.form, mention.text) for mention in found]


class TestByNote:
    def test_each_place_is_told(self, vault: Vault) -> None:
        vault.write(NOTES)
        assert vault.run("references").stdout.splitlines() == [
            "Aid.md:4: Ports  http://example.org/ports/",
            "Aid.md:5: Malik 2019, doi:10.1000/182",
            "Trade.md:2: 10.1000/182",
            "Trade.md:3: [[Port statistics]]",
            "Trade.md:4: 9780306406157  ISBN 9780306406157",
            "Trade.md:5: https://example.org/a?x=1",
            "Trade.md:9: @malik2019",
            "Trade.md:9: see  arXiv:2101.00001",
            'Trade.md:12: A. Malik, Ports & "Power"  doi:10.1000/182',
            "Trade.md:13: Why {ports} are 100% full  https://example.org/ports/?utm_source=feed",
            "Trade.md:14: @khan2021",
            "Trade.md:14: @ali2020",
            "Trade.md:15: tides",
            "Trade.md:16: https://www.example.org/ports",
            "Trade.md:20: Ali  https://example.org/table",
            "Trade.md:22: R. Khan, Freight (Harbour Press, 2019), p. 3.",
        ]

    def test_as_data(self, vault: Vault) -> None:
        vault.write(NOTES)
        data = listed(vault, str(vault.root / "Aid.md"))
        assert data == {
            "version": 1,
            "notes": [
                {
                    "path": "Aid.md",
                    "sources": [
                        {
                            "line": 4,
                            "form": "entry",
                            "text": "Ports",
                            "title": "Ports",
                            "doi": [],
                            "isbn": [],
                            "arxiv": [],
                            "pmid": [],
                            "url": ["http://example.org/ports/"],
                            "citekey": [],
                            "note": None,
                            "listed": False,
                        },
                        {
                            "line": 5,
                            "form": "entry",
                            "text": "Malik 2019, doi:10.1000/182",
                            "title": None,
                            "doi": ["10.1000/182"],
                            "isbn": [],
                            "arxiv": [],
                            "pmid": [],
                            "url": [],
                            "citekey": [],
                            "note": None,
                            "listed": True,
                        },
                    ],
                }
            ],
        }

    def test_missing(self, vault: Vault) -> None:
        vault.write(
            {**NOTES, "Templates/T.md": "x", "D.md": "---\nexcalidraw-plugin: parsed\n---\n"}
        )
        vault.write({".obsidian/templates.json": '{"folder": "Templates"}'})
        assert vault.run("references", "--missing").stdout == "None.md\n"
        assert listed(vault, "--missing") == {"version": 1, "missing": [{"path": "None.md"}]}
        linked = vault.run("references", "--missing", "--links")
        assert (linked.stdout, linked.stderr) == ("", "every note names a source\n")

    def test_no_source_at_all(self, vault: Vault) -> None:
        vault.write({"A.md": "x"})
        result = vault.run("references")
        assert (result.stdout, result.stderr) == ("", "no note names a source\n")
        assert listed(vault) == {"version": 1, "notes": []}
        assert vault.run("references", "--format", "bibtex").stdout == ""


class TestBySource:
    def test_places_are_brought_together(self, vault: Vault) -> None:
        vault.write(NOTES)
        rows = listed(vault, "--by", "source")["sources"]
        assert [
            (row["title"] or row["text"], row["listed"], len(row["places"])) for row in rows[:4]
        ] == [
            ("The Ports", True, 4),
            ("Why {ports} are 100% full", False, 3),
            ("[[Port statistics]]", False, 2),
            ("9780306406157", False, 1),
        ]
        assert rows[0]["citekey"] == ["malik2019"]
        assert rows[0]["places"][0] == {"path": "Aid.md", "line": 5, "form": "entry"}
        text = vault.run("references", "--by", "source").stdout
        assert text.startswith("     4  Malik 2019, doi:10.1000/182\n        Aid.md:5\n")

    def test_of_libraries_nothing(self, vault: Vault) -> None:
        named = "---\nbibliography: ../more.json\n---\n[@khan2021; @nobody]"
        more = '[{"id": "khan2021", "URL": "https://example.org/ports"}]'
        vault.write({**NOTES, "Sub/N.md": named, "more.json": more})
        text = vault.run("references", "--by", "source", "--unlisted").stdout
        assert "khan2021" not in text
        assert "ports" not in text.replace("Port", "")
        assert "@nobody" in text

    def test_several_vaults(self, vault: Vault) -> None:
        vault.write({f"{name}/.obsidian/app.json": "{}" for name in "ab"})
        (vault.root / ".obsidian").rmdir()
        vault.write({f"{name}/N.md": "## Sources\n- <https://example.org/x>" for name in "ab"})
        rows = listed(vault, "--by", "source")["sources"]
        assert [place["path"] for place in rows[0]["places"]] == ["a/N.md", "b/N.md"]
        assert vault.run("references").stdout.startswith("a/N.md:2: ")

    def test_chapters_of_a_book_are_others(self) -> None:
        text = "## References\n- A, doi:10.1000/1, ISBN 0-306-40615-2\n- B, doi:10.1000/2, ISBN 0-306-40615-2\n"
        found = find_mentions(parse_note("a.md", text), ReferenceSettings())
        assert len(group_sources(Place("a.md", 1, each) for each in found)) == 2


class TestMentions:
    def test_links_of_the_text_by_option(self) -> None:
        text = (
            "A [link](https://a.org/x), [own](b.md), %%https://c.org/x%% and [^1].\n\n"
            "## Sources\n- [In](https://d.org/x)\n\n[^1]: https://e.org/x\n"
        )
        assert mentions(text) == [("entry", "In"), ("footnote", "https://e.org/x")]
        assert mentions(text, links=True) == [("link", "link"), *mentions(text)]

    def test_citations_in_an_entry_are_its_own(self) -> None:
        text = "[@a].\n\n## Sources\n- Malik\n\n  [@b, p. 3].\n- See [@c; @d].\n"
        found = find_mentions(parse_note("a.md", text), ReferenceSettings())
        assert [(each.form, each.keys) for each in found] == [
            ("citation", ("a",)),
            ("entry", ("b",)),
            ("citation", ("c",)),
            ("citation", ("d",)),
        ]

    def test_many_take_no_longer_than_they_are(self) -> None:
        text = "## Sources\n" + "".join(
            f"- [@k{n}] <https://a.org/{n}> ^[x]\n" for n in range(3000)
        )
        assert len(mentions(text, links=True)) == 3000


class TestStubs:
    def test_they_can_be_read(self, vault: Vault) -> None:
        vault.write(NOTES)
        text = vault.run("references", "--format", "bibtex").stdout
        kept: Kept = []
        library = read_bibtex(text, kept)
        assert library.faults == ()
        assert [entry.key for entry in library.entries] == [
            "arxiv:2101.00001",
            "doi:10.1000/182",
            "example.org/a-x-1-b92cc2",
            "example.org/ports",
            "example.org/table",
            "isbn:9780306406157",
        ]
        fields = {entry.key: values for entry, values in kept}
        assert fields["example.org/ports"] == {
            "title": r"Why \textbraceleft{}ports\textbraceright{} are 100\% full",
            "url": "http://example.org/ports/",
        }
        assert fields["doi:10.1000/182"]["doi"] == "10.1000/182"
        assert fields["arxiv:2101.00001"]["archiveprefix"] == "arXiv"

    def test_what_libraries_have_is_left_out_by_choice(self, vault: Vault) -> None:
        vault.write(NOTES)
        text = vault.run("references", "--format", "bibtex", "--unlisted").stdout
        assert "10.1000/182" not in text
        assert text.count("@") == 5

    def test_a_taken_key_is_left_alone(self) -> None:
        mention = find_mentions(parse_note("a.md", "[^1]: https://a.org/x\n"), ReferenceSettings())[
            0
        ]
        (source,) = group_sources([Place("a.md", 1, mention)])
        (stub,) = write_stubs([source], {"a.org/x"})
        assert re.match(r"@misc\{a\.org/x-[0-9a-f]{8},\n", stub)

    @given(st.lists(st.text(max_size=80), max_size=6))
    def test_keys_are_valid_and_texts_whole(self, names: list[str]) -> None:
        places = [Place("a.md", 1, mention) for name in names for mention in (_web(name),)]
        stubs = list(write_stubs(group_sources(places)))
        kept: Kept = []
        library = read_bibtex("\n".join(stubs), kept)
        assert library.faults == ()
        keys = [entry.key for entry in library.entries]
        assert len(keys) == len(set(keys)) == len(stubs)
        for key in keys:
            cited = parse_note("a.md", f"[@{key}]").facts.citations
            assert [each.key for each in cited] == [key]
        for _, values in kept:
            assert set(values) <= {"title", "url", "note"}

    @given(st.text(min_size=1))
    def test_a_key_hangs_on_the_name_alone(self, name: str) -> None:
        assert make_key(name) == make_key(name)
        assert re.fullmatch(r"[A-Za-z0-9.:/-]+", make_key(name))


def _web(name: str) -> Mention:
    text = " ".join(name.split())
    return Mention("link", Span(0, 0), text, text, address=f"https://example.org/{name}")


class TestSourceInSeveralNotes:
    """Sources are among a note's facts only where the rule may run."""

    RULE = ("--extend-select", "source-in-several-notes")

    def test_what_is_remembered_is_enough(self, vault: Vault) -> None:
        vault.write({f"{name}.md": "## Sources\n- <https://example.org/x>\n" for name in "abc"})
        age(vault.root)
        without = output(vault)
        first = output(vault, *self.RULE)
        assert "`a.md` and 1 more name this source too" in first.stdout
        assert "`a.md`" not in without.stdout
        assert first == cold(vault, *self.RULE)
        assert is_hit(vault, *self.RULE)
        vault.write({"a.md": "## Sources\n- <https://example.org/y>\n"})
        age(vault.root)
        assert reads(vault, *self.RULE) == ["a.md"]
        assert output(vault, *self.RULE) == cold(vault, *self.RULE)
        assert "`b.md` names this source too" in output(vault, *self.RULE).stdout

    def test_by_override(self, vault: Vault) -> None:
        vault.write(
            {f"{name}/n{name}.md": "## Sources\n- <https://example.org/x>\n" for name in "ab"}
        )
        vault.write(
            {
                "vaultlint.toml": '[[overrides]]\npaths = ["b/*"]\nextend-select = ["source-in-several-notes"]\n'
            }
        )
        found = json.loads(cold(vault).stdout)["findings"]
        assert [(each["path"], each["rule"]) for each in found] == [
            ("b/nb.md", "source-in-several-notes")
        ]


class TestErrors:
    def test_choices_that_contradict(self, vault: Vault) -> None:
        vault.write(NOTES)
        assert "--missing lists notes" in vault.error("references", "--missing", "--by", "note")
        assert "bibtex lists sources" in vault.error(
            "references", "--format", "bibtex", "--by", "note"
        )
        assert "there is no file or folder `Nope`" in vault.error("references", "Nope")

    def test_a_note_that_cannot_be_read(
        self, vault: Vault, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        vault.write(NOTES)
        read = DiskFiles.read

        def fail(files: DiskFiles, path: str) -> bytes:
            if path == "Aid.md":
                raise PermissionError(13, "Permission denied")
            return read(files, path)

        monkeypatch.setattr(DiskFiles, "read", fail)
        result = vault.run("references", "--by", "source")
        assert "failure: Aid.md: cannot be read: Permission denied" in result.stderr
        assert "Trade.md:12" in result.stdout
        assert result.exit_code == 2


@given(
    st.from_regex(
        r"https?://(?:www\.)?[a-z0-9.-]{1,12}(?:/[\w/.;:@&=+,~%-]{0,12})?", fullmatch=True
    )
)
def test_common_addresses_have_the_key_of_all(address: str) -> None:
    assert address_key(address) == address_key(address.replace("http", "HTTP", 1))
