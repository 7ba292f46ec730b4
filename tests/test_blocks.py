"""Block structure and its line maps, compared with markdown-it-py's."""

from __future__ import annotations

import tarfile
from collections import Counter
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from vaultlint.parse.blocks import parse_blocks
from vaultlint.parse.frontmatter import read_frontmatter
from vaultlint.parse.source import whole
from vaultlint.parse.tree import Block
from vaultlint.text import Lines, decode

VAULTS = Path(__file__).parents[2] / "shared" / "data" / "vaults"
PEER = MarkdownIt("commonmark").enable("table")
KINDS = {
    "blockquote_open": "quote",
    "list_item_open": "item",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "heading_open": "heading",
    "fence": "code",
    "code_block": "code",
    "paragraph_open": "paragraph",
    "html_block": "html",
    "hr": "rule",
}
Lined = Counter[tuple[str, int, int]]


def ours(text: str) -> Lined:
    """Our blocks by kind, first line and last line, from 1."""
    lines = Lines(text)
    return Counter(
        (block.kind, lines.position(block.span.start)[0], lines.position(block.span.end - 1)[0])
        for top in parse_blocks(whole(text))
        for block in top.walk()
        if block.kind in KINDS.values()
    )


def theirs(text: str) -> Lined:
    """The peer's blocks; what counts as blank at the end of a container is left out."""
    lines = [
        line.strip(" \t>") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ]
    found: Lined = Counter()
    for token in PEER.parse(text):
        if token.type in KINDS and token.map:
            start, end = token.map
            while end > start + 1 and token.type != "fence" and not lines[end - 1]:
                end -= 1
            found[KINDS[token.type], start + 1, min(end, len(lines))] += 1
    return found


SAMPLES = {
    "paragraphs": "one\ntwo\n\nthree\n",
    "atx": "# One #\ntext\n###### Six\n####### seven\n#no\n",
    "setext": "One\n===\nTwo\nmore\n---\n",
    "lazy quote": "> one\ntwo\n> three\n\nfour\n",
    "quote ended by a heading": "> one\n# two\n",
    "quote ended by a list": "> one\n- two\n",
    "quote in quote": "> one\n> > two\n> three\n",
    "code in a quote": "> ```\n> one\n> ```\ntwo\n",
    "open fence in a quote": "> ```\n> one\ntwo\n",
    "list": "- one\n- two\n\n  more\n- three\n",
    "list in list": "- one\n  - two\n    - three\n  - four\n- five\n",
    "lazy item": "- one\ntwo\n\n- three\nfour\n",
    "list kinds": "- one\n* two\n1. three\n2) four\n",
    "ordered list does not interrupt": "one\n2. two\n",
    "item that begins with a blank line": "-\n  one\n\n-\n\n  two\n",
    "item with code": "-     code\n- \tone\n",
    "tabs": "-\tone\n\n\ttwo\n\n>\tthree\n",
    "quote in item": "- > one\n  > two\n- three\n",
    "fence": "```py\none\n```\n~~~\n```\n~~~\n````\n```\n",
    "indented code": "one\n    two\n\n    three\n\n\n    four\nfive\n",
    "html": "<div>\none\n\ntwo\n\n<span>\nthree\n</span>\n\n<!-- a\n\nb -->\nfour\n",
    "rules": "***\n---\n- - -\n_ _ _\n* *\n",
    "table": "| a | b |\n| - | - |\n| c | d |\n\ntext\n",
    "definition": "[a]: b\n[c]:\n  d\n  'title'\n\ntext [a]\n",
    "no end": "one\n> two",
}


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CR LF", "CR"])
def test_samples_agree(text: str, end: str) -> None:
    text = text.replace("\n", end)
    assert ours(text) == theirs(text)


@pytest.mark.skipif(not VAULTS.is_dir(), reason="shared/data is not beside the checkout")
def test_real_vaults_agree() -> None:
    """What differs is Obsidian's own: comments, math, footnotes, and definitions beside them."""
    blocks = 0
    differing = []
    for archive in sorted(VAULTS.glob("*.tar.gz")):
        with tarfile.open(archive) as tar:
            for member in tar:
                if not member.name.endswith(".md"):
                    continue
                file = tar.extractfile(member)
                assert file is not None
                text = decode(file.read()).text
                body = text[read_frontmatter(text).body_start :]
                mine = ours(body)
                blocks += mine.total()
                own = any(mark in body for mark in ("%%", "$$", "[^"))
                if mine != theirs(body) and not own:
                    differing.append(member.name)
    assert blocks > 25_000
    assert len(differing) <= 1, differing


def spans(text: str) -> list[Block]:
    return [block for top in parse_blocks(whole(text)) for block in top.walk()]


def test_a_row_of_a_table_ends_where_a_line_has_no_pipe() -> None:
    blocks = spans("| a |\n| - |\n| b |\n^id\n")
    assert [block.kind for block in blocks] == [
        "table", "row", "cell", "row", "cell", "paragraph",
    ]  # fmt: skip


def test_a_table_does_not_interrupt_a_paragraph() -> None:
    assert [block.kind for block in spans("text\n| a |\n| - |\n")] == ["paragraph"]


def test_comment_block_interrupts_and_hides_blocks() -> None:
    blocks = spans("text\n%%\n# hidden\n\n- no\n%%\n\n# shown\n")
    assert [block.kind for block in blocks] == ["paragraph", "comment", "heading"]


def test_comment_block_without_end_runs_to_the_end() -> None:
    assert [block.kind for block in spans("%%\n# a\n\n# b\n")] == ["comment"]


def test_footnote_holds_indented_blocks() -> None:
    blocks = spans("[^1]: one\ntwo\n\n    - three\n\nfour\n")
    assert [block.kind for block in blocks] == [
        "footnote", "paragraph", "list", "item", "paragraph", "paragraph",
    ]  # fmt: skip


def test_math_block_is_opaque() -> None:
    blocks = spans("$$\n# no\n$$\nafter\n\n$$ x $$\n")
    assert [block.kind for block in blocks] == ["math", "paragraph", "paragraph"]
