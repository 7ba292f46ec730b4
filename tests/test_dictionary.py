from __future__ import annotations

import gzip
import importlib.util
import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import pytest

from vaultlint.terms.dictionary import fold, is_word, spelling, word_count

ROOT = Path(__file__).parents[1]
MISSPELLINGS = Path(__file__).parents[2] / "shared/data/ground-truth/misspellings.jsonl"


def lines(name: str) -> list[str]:
    data = files("vaultlint.data").joinpath(name).read_bytes()
    return gzip.decompress(data).decode("ascii").split("\n")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("a i the and of note word vault policy mountain", id="common"),
        pytest.param(
            "went notes studied stopping happier theories mice children's", id="inflected"
        ),
        pytest.param("colour color centre center travelled traveled jewellery", id="both sides"),
        pytest.param(
            "analyse analyze organise organize organisation organization", id="-ise, -ize"
        ),
        pytest.param(
            "typology theology topology apology recount lifelong moments", id="near others"
        ),
        pytest.param("motivation litigation mitigation legislator legislature", id="nearer others"),
        pytest.param("homomorphism homeomorphism hegemon multipolarity securitisation", id="rare"),
        pytest.param("geopolitics counterterrorism sovereignty deterrence", id="politics"),
        pytest.param("backlink namespace plugin coroutine metadata tooltip", id="computing"),
        pytest.param("London kashmir Taliban Afghanistan Baluchistan Hayward NATO", id="names"),
        pytest.param("don't we'll o'clock shouldn't could've", id="contractions"),
    ],
)
def test_words(words: str) -> None:
    assert [word for word in words.split() if not is_word(word)] == []


NO_WORDS = """
    assitance recieve definately occured seperate goverment soveriegnty multipolartiy geoeocnomics
    geoecononmics Talliban Afganistan Exclidraw Olllama wich teh thier enviroment supercede
    publically unline todays dependancy accidently calender sematic pallette b x zz
"""


@pytest.mark.parametrize("word", NO_WORDS.split())
def test_misspellings_are_no_words(word: str) -> None:
    assert not is_word(word)


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("Colour", "colour"),
        ("COLOUR'S", "colour"),
        ("colour’s", "colour"),
        ("Don’t", "don't"),
        ("café", "cafe"),
        ("cafe\u0301s", "cafes"),
        ("Æsir", "aesir"),
        ("smørrebrød", "smorrebrod"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("co\u00adlour", "colour"),
        ("well-being", "well-being"),
        ("", ""),
    ],
)
def test_folding(word: str, form: str) -> None:
    assert fold(word) == form
    assert fold(form) == form


def test_what_is_no_single_word_is_none() -> None:
    for text in (
        "",
        " ",
        "'",
        "'s",
        "well-being",
        "two words",
        "word\n",
        "wor2d",
        "слово",
        "\ud800",
    ):
        assert not is_word(text), text


def test_both_sides_of_a_spelling() -> None:
    assert [spelling(word) for word in ("color", "Colors", "analyze", "theater", "CENTER")] == [
        "american"
    ] * 5
    assert [spelling(word) for word in ("colour", "analysed", "organisation", "centre’s")] == [
        "british"
    ] * 4
    # The last four: Oxford's spelling, a usual variant, a name, and no word at all.
    neither = "note program organize judgment williamsburg colr"
    assert [spelling(word) for word in neither.split()] == [None] * 6


def test_the_data_is_sorted_and_folded() -> None:
    words = lines("words.txt.gz")
    assert words == sorted(set(words))
    assert len(words) == word_count() > 200_000
    assert [word for word in words if fold(word) != word] == []
    assert {word for word in words if len(word) == 1} == {"a", "i", "o"}
    assert {char for word in words for char in word} <= set("abcdefghijklmnopqrstuvwxyz'")


def test_marks_of_a_spelling_are_words_of_one_side() -> None:
    marks = lines("spellings.txt.gz")
    between = marks.index("")
    american, british = marks[:between], marks[between + 1 :]
    assert american == sorted(set(american))
    assert british == sorted(set(british))
    assert set(american).isdisjoint(british)
    assert [word for word in american + british if not is_word(word)] == []


def test_nothing_is_read_before_it_is_asked_for() -> None:
    code = (
        "import sys, vaultlint.terms.dictionary as d;"
        "assert not {'zlib', 'importlib.resources'} & set(sys.modules), sys.modules;"
        "assert d._words.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-S", "-c", code], check=True, cwd=ROOT / "src", timeout=60)


# --- Words that people wrote and corrected


@pytest.fixture(scope="module")
def corrections() -> list[tuple[str, str]]:
    """Wrong and right forms of misspellings that dictionaries can judge (tier A)."""
    if not MISSPELLINGS.exists():
        pytest.skip("shared/data/ground-truth/misspellings.jsonl is not beside the repository")
    rows = map(json.loads, MISSPELLINGS.read_text("utf-8").splitlines())
    return [(row["wrong"], row["right"]) for row in rows if row["tier"] == "A"]


def test_right_forms_are_words(corrections: list[tuple[str, str]]) -> None:
    assert [right for _, right in corrections if not is_word(right)] == []


def test_wrong_forms_are_no_words(corrections: list[tuple[str, str]]) -> None:
    assert [wrong for wrong, _ in corrections if is_word(wrong)] == []


# --- Building the data


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = ROOT / "scripts/build_dictionary.py"
    spec = importlib.util.spec_from_file_location("build_dictionary", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


LISTS = {
    "english-words.10": "today unlike note's Note",
    "english-words.80": "todays unline hegemony bis noote",
    "english-words.95": "thrangity",
    "english-words.70": "reconsider calender",
    "english-upper.50": "Zürich Ångström",
    "english-contractions.35": "don't 'tis",
    "english-abbreviations.50": "b St. e-mail",
    "american-words.35": "color organize judgment",
    "british-words.35": "colour organise judgement",
    "british_z-words.35": "colour organize judgement",
    "british_variant_1-words.35": "judgment",
    "README": "readme",
}


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    folder = tmp_path / "lists"
    folder.mkdir()
    for name, words in LISTS.items():
        (folder / name).write_text("\n".join(words.split()) + "\n", "utf-8")
    return folder


def test_building(
    script: ModuleType, lists: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script.build(lists, tmp_path)
    words = gzip.decompress((tmp_path / "words.txt.gz").read_bytes()).decode().split("\n")
    expected = """
        today unlike note hegemony reconsider zurich angstrom don't
        color organize judgment colour organise judgement
    """
    assert words == sorted({*expected.split(), *script.MISSING})
    spellings = gzip.decompress((tmp_path / "spellings.txt.gz").read_bytes()).decode()
    assert spellings == "color\n\ncolour\njudgement\norganise"
    printed = capsys.readouterr().out
    assert "1 American only, 3 British only" in printed
    assert "taken out, but not in the lists: absorbant" in printed


def test_building_twice_gives_the_same_bytes(
    script: ModuleType, lists: Path, tmp_path: Path
) -> None:
    built = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        script.build(lists, tmp_path / name)
        built.append([path.read_bytes() for path in sorted((tmp_path / name).iterdir())])
    assert built[0] == built[1]
    assert len(built[0]) == 3


def test_lists_in_the_encoding_of_their_publisher(script: ModuleType, lists: Path) -> None:
    (lists / "english-upper.50").write_bytes("Zürich\nBogotá\n".encode("latin-1"))
    assert {"zurich", "bogota"} <= {entry.form for entry in script.read_lists(lists)}


def test_a_folder_without_lists_is_refused(script: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no word lists"):
        script.build(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("ntoe", True),
        ("nte", True),
        ("notes", True),
        ("nite", True),
        ("onte", True),
        ("note", True),
        ("ntos", False),
        ("noe", True),
        ("none", True),
        ("notary", False),
        ("teno", False),
    ],
)
def test_at_most_one_edit_away(script: ModuleType, word: str, near: bool) -> None:
    assert (word in script.Neighbourhood(["note"])) is near
