"""What is learned from a vault is what a person would see in it, and most of its notes keep it."""

from __future__ import annotations

import itertools
import subprocess
import sys
import tarfile
from json import loads as json_loads
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from learned import Learned, learn_from, note

from vaultlint.learn.headings import singular
from vaultlint.learn.proposal import MOST_DEVIATING, is_enough
from vaultlint.learn.writer import quoted

SHARED = Path(__file__).parents[2] / "shared"


def vault(
    count: int, *headings: str, folder: str = "Topics", properties: str = ""
) -> dict[str, str]:
    return {f"{folder}/N{i:02}.md": note(*headings, properties=properties) for i in range(count)}


def strangers(count: int, properties: str = "") -> dict[str, str]:
    """Notes that have nothing in common."""
    words = [
        "".join(pair) for pair in itertools.product("bdfgkl", ("ana", "ilo", "usa", "emu", "oto"))
    ]
    return {
        f"Box/M{word}.md": note(f"{word} x{word}", properties=properties) for word in words[:count]
    }


def only_type(learned: Learned) -> str:
    (name,) = learned.types
    return name


# ---- sections


def test_headings_that_all_notes_of_a_folder_share_are_its_sections() -> None:
    learned = learn_from({**vault(8, "Causes", "Effects"), "Index.md": "# Index\n"})
    assert learned.types == {"topic": ["Causes", "Effects"]}
    assert 'paths = ["Topics/**"]' in learned.text
    assert 'order = "as-listed"  # kept in all 8' in learned.text
    assert '  { heading = "Causes", level = 2 },  # in all 8' in learned.text
    assert learned.deviating() == set()


def test_notes_that_deviate_are_named_and_reported() -> None:
    files = {**vault(10, "Causes", "Effects"), "Topics/N03.md": note("Causes")}
    learned = learn_from(files)
    assert learned.types == {"topic": ["Causes", "Effects"]}
    assert (
        '{ heading = "Effects", level = 2 },  # in 9 of 10; not in `Topics/N03.md`' in learned.text
    )
    assert "# 10 notes: 9 have all that is asked for here, but not `Topics/N03.md`." in learned.text
    assert learned.deviating() == {"Topics/N03.md"}


def test_headings_that_some_notes_have_are_optional_with_their_share() -> None:
    files = vault(10, "Causes", "Effects")
    files |= {f"Topics/N{i:02}.md": note("Causes", "Maps", "Effects") for i in range(4)}
    assert (
        '  { heading = "Maps", level = 2, optional = true },  # in 4 of 10 (40 %)'
        in learn_from(files).text
    )


def test_an_optional_section_that_wanders_does_not_spoil_the_order() -> None:
    files = vault(20, "Causes", "Effects", "Sources")
    places = itertools.cycle(
        [("Maps", "Causes", "Effects", "Sources"), ("Causes", "Effects", "Sources", "Maps")]
    )
    files |= {f"Topics/N{i:02}.md": note(*next(places)) for i in range(10)}
    text = learn_from(files).text
    assert 'order = "as-listed"  # kept in all 20' in text
    assert '  # { heading = "Maps", level = 2, optional = true },' in text


def test_no_order_is_asked_where_there_is_none() -> None:
    files = vault(10, "Causes", "Effects")
    files |= {f"Topics/N{i:02}.md": note("Effects", "Causes") for i in range(5)}
    assert "order" not in learn_from(files).text


def test_a_level_is_asked_where_it_is_always_the_same() -> None:
    files = vault(10, "## Causes", "### Effects")
    files["Topics/N01.md"] = note("## Causes", "## Effects")
    text = learn_from(files).text
    assert '{ heading = "Causes", level = 2 }' in text
    assert '{ heading = "Effects" }' in text


@pytest.mark.parametrize(
    ("spellings", "written"),
    [
        (["References", "REFERENCES", "**References**", "5. References"], '"References"'),
        (["Well-being", "Well\N{EN DASH}being", "well-being:"], '"Well-being"'),
        (["Reference", "References"], '["Reference", "References"]'),
        (["Organisation", "Organization"], '["Organisation", "Organization"]'),
        (["Key points", "Keypoints"], '["Key points", "Keypoints"]'),
    ],
)
def test_near_equal_headings_are_one_section(spellings: list[str], written: str) -> None:
    around = itertools.cycle(spellings)
    files = {f"Topics/N{i:02}.md": note(next(around)) for i in range(12)}
    learned = learn_from(files)
    assert f"{{ heading = {written}, level = 2 }},  # in all 12" in learned.text
    assert learned.deviating() == set()


def test_a_rare_misspelling_deviates() -> None:
    files = {**vault(20, "References"), "Topics/N07.md": note("Refrences")}
    learned = learn_from(files)
    assert '{ heading = "References", level = 2 },  # in 19 of 20; not in `Topics/N07.md`' in (
        learned.text
    )


def test_two_headings_of_one_note_are_two_sections_however_alike() -> None:
    assert learn_from(vault(9, "Cause", "Causes")).types == {"topic": ["Cause", "Causes"]}


@pytest.mark.parametrize(
    ("pattern", "glob"),
    [("Challenges of {}", "Challenges*"), ("{} Timeline", "* Timeline")],
)
def test_headings_with_common_words_are_a_glob(pattern: str, glob: str) -> None:
    subjects = ["Trade", "Aid", "Debt", "Oil", "Wheat", "Tea", "Coal", "Iron"]
    files = {f"Topics/{s}.md": note(pattern.format(s), "Sources") for s in subjects}
    learned = learn_from(files)
    assert sorted(learned.types["topic"]) == sorted([glob, "Sources"])
    assert learned.deviating() == set()


def test_a_glob_takes_in_no_other_ending() -> None:
    subjects = ["Trade", "Aid", "Debt", "Oil", "Wheat", "Tea", "Coal", "Iron"]
    files = {f"Tools/{s}.md": note(f"{s} Advantages", f"{s} Disadvantages") for s in subjects}
    assert learn_from(files).types == {"tool": ["* Advantages", "* Disadvantages"]}


def test_several_headings_with_one_first_word_are_no_section() -> None:
    parts = ["Data lakes", "Data marts", "Data models", "Data flows"]
    files = {f"Topics/N{i}.md": note(*(f"{p} {i}" for p in parts)) for i in range(8)}
    assert learn_from(files).types == {}


def test_the_title_of_a_note_is_no_section() -> None:
    files = {f"Topics/N{i}.md": note(f"# N{i}", "## Causes") for i in range(8)}
    assert learn_from(files).types == {"topic": ["Causes"]}


def test_a_section_that_is_often_empty_may_be_so() -> None:
    files = vault(10, "Causes", "Effects")
    files |= {f"Topics/N{i:02}.md": f"{note('Causes')}\n## Effects\n" for i in range(4)}
    learned = learn_from(files)
    assert learned.types == {"topic": ["Causes", "Effects"]}
    assert 'ignore = ["empty-section"]  # it would report 4 of 10 notes' in learned.text
    assert learned.deviating() == set()


# ---- groups


def test_folders_with_the_same_sections_are_one_type() -> None:
    files = vault(6, "Causes", "Effects", folder="History")
    files |= vault(7, "Causes", "Effects", folder="Law")
    files |= vault(2, "Causes", "Effects", folder="Arts")
    files |= {f"Log/{i}.md": note(f"Day {i}") for i in range(12)}
    learned = learn_from(files)
    assert learned.types == {"topic": ["Causes", "Effects"]}
    assert 'paths = ["Arts/**", "History/**", "Law/**"]' in learned.text


def test_a_tag_is_a_type_where_folders_are_not() -> None:
    files = {
        f"Box/N{i}.md": note("Plot", "Verdict", properties="tags: [book]") for i in range(7)
    } | strangers(12)
    learned = learn_from(files)
    assert learned.types == {"book": ["Plot", "Verdict"]}
    assert 'tags = ["book"]' in learned.text


@pytest.mark.parametrize("value", ["Book", "[[Book]]", "[Book, Shelf]", "['[[Book|b]]']"])
def test_a_property_is_a_type(value: str) -> None:
    quoted_value = f"'{value}'" if value.startswith("[[") else value
    files = {
        f"Box/N{i}.md": note("Plot", "Verdict", properties=f"category: {quoted_value}")
        for i in range(7)
    } | strangers(12)
    learned = learn_from(files)
    assert learned.types == {"book": ["Plot", "Verdict"]}
    assert 'category = "book"  # the notes that the type is for' in learned.text
    assert learned.members("book") == {f"Box/N{i}.md" for i in range(7)}


def test_a_type_may_be_called_by_a_number() -> None:
    """Two types, so that a finding could be laid to the wrong one."""
    files = {
        f"A/{kind}{i}.md": note(heading, properties=f"type: '{kind}'", body=body)
        for kind, heading, body in (("2025-x", "Causes", ""), ("z", "Effects", "Text."))
        for i in range(6)
    }
    learned = learn_from(files)
    assert learned.types == {"2025-x": ["Causes"], "z": ["Effects"]}
    assert 'types = ["2025-x"]\nignore = ["empty-section"]' in learned.text
    assert learned.deviating() == set()


def test_a_state_is_no_type() -> None:
    files = {
        f"Topics/N{i:02}.md": note("Causes", properties=f"status: {'done' if i % 2 else 'seed'}")
        for i in range(20)
    }
    assert learn_from(files).types == {"topic": ["Causes"]}


def test_a_type_for_all_leaves_to_a_smaller_one_what_only_that_has() -> None:
    files = {f"{f}/N{i}.md": note("Sources") for f in "ABCD" for i in range(10)}
    files |= {f"Books/N{i}.md": note("Plot", "Verdict", "Sources") for i in range(9)}
    learned = learn_from(files)
    assert learned.types == {"note": ["Sources"], "book": ["Plot", "Verdict"]}
    assert 'paths = ["**"]' in learned.text


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_few_notes_are_no_type(count: int) -> None:
    assert learn_from(vault(count, "Causes", "Effects")).types == {}


def test_notes_without_a_common_structure_are_no_type() -> None:
    assert learn_from(strangers(28)).types == {}


def test_drawings_are_no_type() -> None:
    text = (
        "---\nexcalidraw-plugin: parsed\ntags: [excalidraw]\n---\n# Text Elements\n# Drawing\nx\n"
    )
    assert learn_from({f"Draw/{i}.excalidraw.md": text for i in range(9)}).types == {}


# ---- properties


def test_properties_with_their_types_and_values() -> None:
    files = {
        f"Topics/N{i:02}.md": note(
            "Causes",
            properties=(
                f"title: N{i}\ntags: [a{i}]\ncreated: 2025-01-{i + 1:02}\nat: 2025-01-01T10:{i:02}\n"
                f"pages: {i}\nread: {'true' if i % 2 else 'false'}\nauthors: [A{i}]\n"
                f"status: {('seed', 'done')[i % 2]}\nempty:\nmixed: {i if i % 2 else 'x'}"
            ),
        )
        for i in range(20)
    }
    text = learn_from(files).text
    for line in (
        'title = { required = true, type = "text" }  # in all 20',
        'tags = { required = true, type = "tags" }',
        'created = { required = true, type = "date" }',
        'at = { required = true, type = "datetime" }',
        'pages = { required = true, type = "number" }',
        'read = { required = true, type = "checkbox" }',
        'authors = { required = true, type = "list" }',
        'status = { required = true, type = "text", values = ["done", "seed"] }',
        "mixed = { required = true }  # in all 20",
    ):
        assert line in text
    assert "empty" not in text
    assert "other-properties" not in text


def test_a_value_that_stands_once_is_none_of_an_enum() -> None:
    files = {
        f"Topics/N{i:02}.md": note("Causes", properties=f"status: {('seed', 'done')[i % 2]}")
        for i in range(39)
    }
    files["Topics/N39.md"] = note("Causes", properties="status: sede")
    assert 'values = ["seed", "done"] }  # in all 40; another value in `Topics/N39.md`' in (
        learn_from(files).text
    )


# ---- the rest of the file


def test_templates_give_names_and_are_left_out() -> None:
    files: dict[str, str] = vault(9, "Causes of war", "Effects", folder="Notes")
    files["Muster/Essay template.md"] = "# {{title}}\n\n## Causes of war\n\n## Effects\n"
    files[".obsidian/templates.json"] = '{"folder": "Muster"}'
    learned = learn_from(files)
    assert [each.template for each in learned.proposal.types] == ["Muster/Essay template.md"]
    assert "Muster/Essay template.md" in learned.text


def test_a_folder_of_templates_that_no_setting_names_is_excluded() -> None:
    files = {**vault(9, "Causes"), "_templates/T.md": "# {{title}}\n"}
    assert 'exclude = ["_templates/**"]  # placeholders stand in _templates/' in (
        learn_from(files).text
    )
    files["_templates/T.md"] = "# About templates\n"
    assert "\nexclude" not in learn_from(files).text


def test_reference_sections_give_their_names() -> None:
    files = vault(9, "Causes", "Quellen") | vault(3, "Causes", "Sources", folder="More")
    text = learn_from(files).text
    assert 'names = ["Quellen", "Sources"]  # 12 of 12 notes have such a section' in text


def test_names_with_an_odd_case_or_dash_are_glossary_candidates() -> None:
    files = {
        "GitHub flow.md": "x",
        "About GitHub.md": "x",
        "Pak\N{EN DASH}US ties.md": "x",
        "B.md": "---\naliases: ['Pak\N{EN DASH}US']\n---\n",
        "Plain-name.md": "x",
        "Plain.md": "x",
    }
    text = learn_from(files).text
    assert "#   - GitHub  # in 2 notes" in text
    assert "#   - Pak\N{EN DASH}US  # in 2 notes" in text
    assert "Plain" not in text


def test_learning_does_not_hang_on_the_order_of_files() -> None:
    files = vault(9, "Causes", "Effects") | vault(7, "Plot", "Verdict", folder="Books")
    reverse = dict(reversed(files.items()))
    assert learn_from(files).text == learn_from(reverse).text


# ---- hostile vaults

ODD = [
    'Q"uote',
    "Back\\slash",
    "Hash#x",
    "[Brackets]",
    "Ümläut",
    "漢字",
    "a'b",
    "{curly}",
    "x = 1",
    "🗺️ maps",
]


@pytest.mark.parametrize("name", ODD)
def test_odd_characters_are_quoted(name: str) -> None:
    yaml = name.replace("\\", "\\\\").replace('"', '\\"')
    files = {
        f"{name}/N{i}.md": note(name, "Causes", properties=f'"{yaml}": "{yaml}"\ntags: ["{yaml}"]')
        for i in range(8)
    }
    learned = learn_from(files)
    assert learned.members(only_type(learned)) == set(files)
    assert learned.deviating() == set()


@pytest.mark.parametrize(
    "name", ["a*b", "a?b", "a\tb", "a\x7fb", "a\u202eb", "/a/", "*", "/", "x" * 300]
)
def test_what_a_configuration_cannot_say_is_left_out(name: str) -> None:
    folder = name.strip("/") or "f"
    files: dict[str, str | bytes] = {
        f"{folder}/N{i}.md": note(f"## {name}", "## Causes") for i in range(8)
    }
    learned = learn_from(files)
    assert learned.deviating() == set()
    assert all("Causes" in headings for headings in learned.types.values())


def test_thousands_of_headings() -> None:
    files = {
        f"Topics/N{i:03}.md": note("Causes", *(f"Part {i}-{j} of it" for j in range(30)))
        for i in range(100)
    }
    assert learn_from(files).types == {"topic": ["Causes"]}


def test_bytes_that_are_no_text() -> None:
    files: dict[str, str | bytes] = {
        f"Topics/N{i}.md": b"## Causes\n\xff\xfe\x00\n## \xe4\xf6\n" for i in range(8)
    }
    assert learn_from(files).deviating() == set()


@pytest.mark.parametrize("files", [{}, {"A.md": ""}, {"A.md": "# A"}, {"x.png": b"1"}])
def test_vaults_with_nothing_in_them(files: dict[str, str | bytes]) -> None:
    assert learn_from(files).types == {}


# ---- what always holds

HEADINGS = [
    "Causes",
    "causes",
    "Cause",
    "Effects",
    "Effcets",
    "Sources",
    "References",
    "Notes of A",
    "Notes on B",
    "Notes",
    "1. Causes",
    "**Effects**",
    "A Timeline",
    "B Timeline",
    "[[Link]]",
    "# Top",
    "### Deep",
    "*",
    "/x/",
    "a * b",
    '"',
    "`code`",
    "Causes (old)",
]
NAMES = ["A", "B b", 'C"c', "D'd", "E.e", "F#f", "T/U", "T/V"]
VALUES = ["x", "y", "2025-01-01", "3", "true", "[a, b]", "", "'[[A]]'", "2025-01-01T10:00"]

notes = st.builds(
    lambda headings, values, tags, body: note(
        *headings,
        properties="\n".join(
            [*(f"{k}: {v}" for k, v in values.items()), f"tags: [{', '.join(tags)}]"]
        ),
        body=body,
    ),
    st.lists(st.sampled_from(HEADINGS), max_size=5),
    st.dictionaries(
        st.sampled_from(["type", "kind", "status", "due", "n", "a b"]), st.sampled_from(VALUES)
    ),
    st.lists(st.sampled_from(["one", "two", "two/three"]), max_size=2),
    st.sampled_from(["Text.", ""]),
)
vaults = st.lists(st.tuples(st.sampled_from(NAMES), notes, st.integers(1, 6)), max_size=12).map(
    lambda kinds: {
        f"{folder}/N{n}-{copy}.md": text
        for n, (folder, text, copies) in enumerate(kinds)
        for copy in range(copies)
    }
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(vaults)
def test_most_notes_keep_what_is_learned(files: dict[str, str]) -> None:
    learned = learn_from(files)
    reports = learned.reports()
    assert set(learned.settings.shared.types) == set(learned.types)
    named = {learned.proposal.survey.path(n) for t in learned.proposal.types for n in t.deviating}
    assert {report.path for report in reports} <= named
    for proposal in learned.proposal.types:
        members = learned.members(proposal.name)
        assert members == {learned.proposal.survey.path(n) for n in proposal.members}
        assert len(members) >= 5
        assert proposal.required
        assert len(proposal.deviating) <= MOST_DEVIATING * len(members)


@given(st.text())
def test_any_text_is_quoted(text: str) -> None:
    import tomllib

    if not any(0xD800 <= ord(char) < 0xE000 for char in text):
        assert tomllib.loads(f"x = {quoted(text)}") == {"x": text}


def test_small_groups_must_agree_more() -> None:
    assert [n for n in range(4, 8) if is_enough(n - 1, n)] == [5, 6, 7]
    assert not is_enough(4, 6)
    assert is_enough(8, 10)


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("Topics", "topic"),
        ("Categories", "category"),
        ("Status", "status"),
        ("Glass", "glass"),
        ("Study Notes", "study notes"),
    ],
)
def test_a_type_is_called_by_one_of_its_notes(name: str, one: str) -> None:
    assert singular(name) == one


# ---- made and real vaults


def test_the_notes_that_were_damaged_are_those_that_deviate(tmp_path: Path, shared: Path) -> None:
    out = tmp_path / "made"
    command = [sys.executable, str(shared / "bench" / "make_vault.py"), str(out)]
    subprocess.run(
        [*command, "--notes", "300", "--seed", "11", "--defect-rate", "0.2"],
        check=True,
        capture_output=True,
    )
    manifest = json_loads(Path(f"{out}.manifest.json").read_text(encoding="utf-8"))
    files = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    learned = learn_from(files)
    assert {n: sorted(h) for n, h in learned.types.items()} == {
        "study-note": sorted(manifest["required_sections"])
    }
    (proposal,) = learned.proposal.types
    assert sorted(p.name for p in proposal.properties) == sorted(manifest["required_frontmatter"])
    kinds = ("missing-section", "missing-references", "empty-section", "missing-frontmatter-key")
    damaged = {d["file"] for d in manifest["defects"] if d["kind"] in kinds}
    empty_references = {
        d["file"]
        for d in manifest["defects"]
        if d["kind"] == "empty-section" and d["text"] == "## References"
    }
    named = {learned.proposal.survey.path(n) for n in proposal.deviating}
    assert damaged - empty_references <= named <= damaged


#: The types that each real vault is given, and the sections they ask for: read, and accepted.
REAL = {
    "bramses-vault": {"note": []},
    "data-engineering-wiki": {
        "topic": ["This note in GitHub"],
        "description": ["* Advantages", "* Disadvantages"],
        "data-architecture": ["* Advantages", "* Disadvantages"],
        "data-ingestion": ["* Documentation", "* Advantages", "* Disadvantages", "* Posts"],
        "file-formats": ["* Disadvantages"],
    },
    "foam": {},
    "kepano-obsidian": {"reference": [], "clipping": []},
    "obsidian-tasks": {
        "doc": [],
        "stress-test": [],
        "styling": ["Status grouped by status.type"],
        "status-collections": [
            "Introduction",
            "Screenshot",
            "Supported statuses",
            "Tasks' one-click addition",
        ],
    },
}


@pytest.mark.parametrize("name", REAL)
def test_real_vaults_are_given_types_that_their_notes_keep(name: str, shared: Path) -> None:
    archive = shared / "data" / "vaults" / f"{name}.tar.gz"
    if not archive.is_file():
        pytest.skip(f"{archive.name} is not here")
    files = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isfile() else None
            if file is not None:
                files[member.name.partition("/")[2]] = file.read()
    learned = learn_from(files)
    assert learned.types == REAL[name]
    named = {learned.proposal.survey.path(n) for t in learned.proposal.types for n in t.deviating}
    assert learned.deviating() <= named
    for proposal in learned.proposal.types:
        assert len(proposal.deviating) <= MOST_DEVIATING * len(proposal.members)
