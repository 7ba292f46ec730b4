"""What always holds of parsing, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vaultlint.config import default_settings
from vaultlint.engine import NoteStage, parse_file
from vaultlint.parse.canvas import parse_base, parse_canvas
from vaultlint.parse.extract import parse_note
from vaultlint.parse.inline import scan_inline
from vaultlint.parse.prose import HOLE, prose_runs
from vaultlint.text import Lines, decode

#: Texts made of what Markdown and Obsidian give a meaning to.
PIECES = st.sampled_from(
    [
        "\n", "\n\n", "\r\n", "\r", " ", "    ", "\t", "- ", "* ", "1. ", "12) ", "> ", ">", "# ", "### ",
        "===\n", "---\n", "```\n", "~~~\n", "`", "``", "$", "$$", "$$\n", "%%", "%%\n", "[[", "]]", "[", "]",
        "(", ")", "![[", "![", "](", "|", "\\|", "\\", "#", "^", " ^id", "^id\n", "[^1]", "[^1]: ", "^[", "<",
        ">", "<!--", "-->", "<div>\n", "</div>", "<a href=\"b.md\">", "https://e.org/a_(b)", "#tag", "==",
        "**", "_", "~~", "word", "Note", "A#B", "| a | b |\n", "| - | - |\n", "key: value\n", "\ufeff", "\0",
        "\u00a0", "\t\u00a0\t\n", "é", "e\u0301", "\U0001f600", "{{x}}", "<% y %>", "[!note] ", "[ ] ", "[r]: x.md\n",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join)
FRONT = st.builds(lambda a, b: f"---\n{a}\n---\n{b}", TEXTS, TEXTS)
STAGE = NoteStage(default_settings())


@given(TEXTS | FRONT | st.text())
@settings(max_examples=400, deadline=None)
def test_spans_slice_to_what_they_claim(text: str) -> None:
    note = parse_note("Note.md", text)
    flat = text.replace("\r\n", "\n").replace("\r", "\n")
    for heading in note.facts.headings:
        if "\n" not in heading.text:
            assert text[heading.span.start : heading.span.end] == heading.text
    for link in note.facts.links:
        assert 0 <= link.span.start < link.span.end <= len(text)
        assert link.span.start <= link.target.start <= link.target.end <= link.span.end
        if "\n" not in link.raw and link.kind != "frontmatter" and "\t" not in link.raw:
            assert text[link.span.start : link.span.end] == link.raw
        if link.kind in ("wikilink", "embed"):
            assert link.raw in flat
    for tag in note.facts.tags:
        assert text[tag.span.start : tag.span.end] == tag.name
    for block in note.facts.block_ids:
        assert text[block.span.start : block.span.end] == f"^{block.id}"
    for inert in note.facts.inert_block_ids:
        assert text[inert.span.start : inert.span.end] == f"^{inert.id}"


@given(TEXTS | FRONT)
@example("| a | b |\n| - | - |\n| a | b |\n")
@settings(max_examples=300, deadline=None)
def test_blocks_nest_and_follow_one_another(text: str) -> None:
    note = parse_note("Note.md", text)
    end = 0
    for top in note.blocks:
        assert top.span.start >= end
        end = top.span.end
        for block in top.walk():
            for child in block.children:
                assert block.span.start <= child.span.start <= child.span.end <= block.span.end


@given(TEXTS | FRONT)
@settings(max_examples=300, deadline=None)
def test_prose_words_stand_in_the_text(text: str) -> None:
    note = parse_note("Note.md", text)
    for run in prose_runs(note):
        for start, char in enumerate(run.text):
            if char not in (HOLE, "\n", " "):
                span = run.span(start, start + 1)
                assert text[span.start : span.end] == char


@given(st.binary(max_size=300) | TEXTS.map(str.encode) | TEXTS.map(lambda t: t.encode("utf-16")))
@settings(max_examples=400, deadline=None)
def test_no_bytes_raise(data: bytes) -> None:
    for path in ("Note.md", "Board.canvas", "Table.base"):
        _, note = parse_file(path, data)
        if note is not None:
            assert STAGE.check(note).failures == []


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_canvas_text_has_spans_in_the_file(text: str) -> None:
    import json

    canvas = json.dumps(
        {"nodes": [{"type": "text", "text": text}]}, ensure_ascii=len(text) % 2 == 0
    )
    for link in parse_canvas("Board.canvas", canvas).links:
        assert 0 <= link.span.start < link.span.end <= len(canvas)
    parse_canvas("Board.canvas", text)
    parse_base("Table.base", text)


@given(st.text(alphabet=st.sampled_from("a\n\r\u00e9\U0001f600"), max_size=40))
def test_offset_and_line_round_trip(text: str) -> None:
    lines = Lines(text)
    for offset in range(len(text) + 1):
        line, column = lines.position(offset)
        assert lines.offset(line, column) == offset
        assert 1 <= line <= len(lines)


@given(st.binary(max_size=60))
def test_decoding_tells_the_first_bad_byte(data: bytes) -> None:
    text, damaged = decode(data)
    if damaged is None:
        assert text.encode() in (data, data[3:])
    else:
        assert text[damaged] == "\ufffd"


@pytest.mark.parametrize("text", ["see https:// there", "[https://](a.md)", "www. and http://"])
def test_an_address_without_a_host_is_text(text: str) -> None:
    assert all(token.kind == "link" for token in scan_inline(text))
