"""What is read without a parser reads as with one: block trees, properties, facts."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaultlint.parse import plain, properties
from vaultlint.parse.extract import parse_note
from vaultlint.parse.tree import Block
from vaultlint.text import decode

ROOT = Path(__file__).parents[1]
VAULTS = ROOT.parent / "shared" / "data" / "vaults"
NEVER = re.compile(r"(?!)")

#: Beginnings of lines, which decide what a block is, and how they go on.
_BEGINNINGS = st.sampled_from(
    """- |* |+ |1. |2) |10. |> |>|> [!note] |> [!note]: |# |## |###### |####### |#|#tag |``` |~~~|---|
    ***|===|| |    |  | |\t|[x]: |[^1]: |[[A]] |**b** |__b__ |_i_ |*i* |`c` |$$|$5 |%%|% |<div>|
    <!-- |<https://a.b> |![[p.png]]|- [ ] |- [x]: |1984 was |10.5 |1.|=x=|~~s~~ |: |\\- |a | b|--|- - -|
    * * *|_ _ _|-|>> |> - |> # |\f|\v|\xa0|\u2028|é |```py|:--|:-: | --- | --- ||
""".replace("\n    ", "").split("|")
)
_RESTS = st.sampled_from(
    ("", "text", "text  ", "a `b` c", "a | b", "[[A|b]]", "#", "x ##", "] x", ": y", "-- ^id", "*")
)
_LINES = st.builds("{}{}".format, _BEGINNINGS, _RESTS)
_MARKDOWN = st.lists(st.one_of(st.just(""), _LINES), max_size=9).map("\n".join)

_VALUES = st.sampled_from(
    (
        "",
        " ",
        " a",
        " a b ",
        " 2024-01-02",
        " 12:30",
        " 0o17",
        " 1.5e3",
        " .5",
        " yes",
        " true",
        " ~",
        " null",
        ' "q"',
        ' "q" ',
        ' "a\\n"',
        ' "[[A]]"',
        " '[[A|b]]'",
        " 'it''s'",
        " [[A]]",
        " []",
        " [a, b]",
        " [\"a\", 'b', c d ]",
        " [a,b]",
        " [a, [b]]",
        " [a, ]",
        " {a: b}",
        " a: b",
        " https://x.y/z#f",
        " a #c",
        " #c",
        " a#c",
        " |",
        " >-",
        " &a",
        " *a",
        " !t x",
        " @x",
        " -1",
        " - a",
        "\n- a",
        "\n  - a\n  - b",
        "\n  - a\n   - b",
        "\n  - a\n - b",
        "\n  - [[A]]",
        "\n  - a: b",
        '\n  - "a b"',
        "\n  -",
        "\n  a",
        "\n  a: b",
        " a\n  b",
        " a\n b",
        " é",
        " \x85",
        " \u2028x",
        " a\tb",
        "\ta",
        "a",
        " a,b]",
        " a]",
        " 'a' b",
        ' "a"b',
    )
)
_KEYS = st.sampled_from(
    ("a", "b", "tags", "A-b_1", "a b", "1", "true", '"k"', "é", "-", " a", "#c")
)
_PROPERTIES = st.lists(st.builds("{}:{}".format, _KEYS, _VALUES), max_size=5).map("\n".join)


@contextmanager
def _no_fast_paths() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "_BLOCK", NEVER)
        patch.setattr(properties, "_PROPERTY", NEVER)
        yield


def _tree(blocks: Iterable[Block]) -> list[Any]:
    return [(b.kind, b.span, b.text, b.level, b.info, _tree(b.children)) for b in blocks]


def _parsed(text: str) -> tuple[Any, ...]:
    note = parse_note("n.md", text)
    places = [text.span(0, len(text.text)) for text in note.text_blocks]
    tokens = [text.tokens for text in note.text_blocks]
    return _tree(note.blocks), note.facts, note.unquoted_links, note.empty_links, places, tokens


def _assert_same(text: str) -> None:
    fast = _parsed(text)
    with _no_fast_paths():
        assert _parsed(text) == fast


def _notes(archive: Path) -> Iterator[str]:
    with tarfile.open(archive) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.name.endswith(".md") else None
            if file is not None:
                yield decode(file.read()).text


@pytest.mark.skipif(not VAULTS.is_dir(), reason="shared/data is not beside the checkout")
@pytest.mark.parametrize("archive", sorted(VAULTS.glob("*.tar.gz")), ids=lambda path: path.name)
def test_real_vaults_read_the_same(archive: Path) -> None:
    for text in _notes(archive):
        _assert_same(text)
        _assert_same(text.replace("\n", "\r\n"))


@pytest.mark.parametrize("folder", ["examples", "docs", "tests/golden"])
def test_the_repository_reads_the_same(folder: str) -> None:
    paths = sorted((ROOT / folder).rglob("*.md"))
    assert paths
    for path in paths:
        _assert_same(path.read_text(encoding="utf-8"))


@settings(max_examples=1500, deadline=None)
@given(_MARKDOWN)
def test_any_lines_read_the_same(text: str) -> None:
    _assert_same(text)


@settings(max_examples=1500, deadline=None)
@given(_PROPERTIES, st.sampled_from(("\n", "")))
def test_any_properties_read_the_same(inner: str, end: str) -> None:
    _assert_same(f"---\n{inner}{end}\n---\ntext")


def test_the_fast_paths_are_taken() -> None:
    note = '---\ntags: [a, b]\nup: "[[X]]"\n---\n# T\n\nA paragraph.\n\n- a\n- b\n\n> q\n'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vaultlint.parse.markdown._PARSER.parse", None)
        patch.setattr("vaultlint.parse.frontmatter.read_plain_properties", _must_not_be_none)
        parse_note("n.md", note)


def _must_not_be_none(inner: str, offset: int) -> properties.Properties:
    found = properties.read_plain_properties(inner, offset)
    assert found is not None
    return found
