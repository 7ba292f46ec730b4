"""Inputs that are meant to break a parser: each gives facts or a finding, and ends soon.

None of these asserts a time. Each is so large that work which grows faster than the input would
not end within the suite's patience.
"""

from __future__ import annotations

import pytest

from vaultlint.config import default_settings
from vaultlint.engine import NoteStage, parse_file
from vaultlint.facts import NoteFacts

STAGE = NoteStage(default_settings())
N = 60_000

NOTES = {
    "nested quotes": ">" * N + " [[A]]",
    "nested quotes with spaces": "> " * N + "[[A]]",
    "nested lists": "".join("  " * (i % 400) + "- x\n" for i in range(4_000)),
    "deep list": "\n".join("  " * i + "- [[A]]" for i in range(600)),
    "list markers on one line": "- " * N,
    "open brackets": "[" * N,
    "open wikilinks": "[[" * N,
    "open wikilinks and a close": "[[" * N + "]]",
    "open embeds": "![[" * N,
    "open images": "![" * N,
    "links without end": "[a](" * N,
    "links with titles without end": '[a](b "' * N,
    "bracket pairs": "[]" * N,
    "nested bracket pairs": "[" * N + "]" * N + "(x.md)",
    "backticks of many lengths": " ".join("`" * (i % 300 + 1) for i in range(4_000)),
    "dollars": "$" * N,
    "dollars and letters": "$a " * N,
    "comment marks": "%%a " * N,
    "comment fences": "%%\n" * N,
    "HTML comments": "<!--" * N,
    "angle brackets": "<" * N,
    "open tags": "<a b='" * N,
    "attributes": "<a " + "b " * N,
    "backslashes": "\\" * N,
    "carets": "^" * N,
    "inline notes": "^[" * N,
    "hashes": "#" * N,
    "hash words": " #a" * N,
    "stars": "*" * N,
    "stars and letters": "*a" * N,
    "underscores": "_a_" * N,
    "pipes": "|" * N,
    "table of one row": "|a" * N + "\n" + "|-" * N + "\n" + "|b" * N,
    "table of many rows": "|a|b|\n|-|-|\n" + "|[[A\\|b]]|c|\n" * 10_000,
    "one long line": "word " * 1_000_000,
    "one long word": "a" * 5_000_000,
    "empty lines": "\n" * N,
    "CR": "\r" * N,
    "CR LF": "\r\n" * N,
    "tabs": "\t" * N,
    "tabs and no-break spaces": "\t\u00a0\t\n" * N,
    "spaces and a hash": "# " + " " * N + "#" + " " * N + "x",
    "dashes": "- " * 20 + "-" * N + "x",
    "setext lines": "a\n=\n" * N,
    "definitions": "".join(f"[{i}]: x.md\n" for i in range(20_000)),
    "definitions with open titles": "[a]: b '\n" * 10_000,
    "footnotes": "".join(f"[^{i}]: x\n" for i in range(20_000)),
    "block ids": "a ^id\n\n" * 20_000,
    "own-line block ids": "a\n\n" + "^id\n\n" * 20_000,
    "links": "[[A]] " * 30_000,
    "headings": "# [[A]]\n" * 20_000,
    "NUL": "\0" * N,
    "placeholders": "{{" * N,
    "templater": "<%" * N,
    "entities": "&" * N,
    "long entity": "&" + "a" * N,
    "URLs": "https://" * N,
    "URL with brackets": "https://e.org/" + "(" * N,
    "zero width": "\u200b" * N,
    "combining": "a" + "\u0301" * N,
    "surrogates": "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace") * 1_000,
    "byte order marks": "\ufeff" * 1_000,
    "fences": "```\n" * N,
    "open frontmatter": "---\n" + "a: b\n" * 10_000,
    "nested YAML": "---\na: " + "[" * 20_000 + "\n---\n",
    "nested YAML blocks": "---\n" + "- " * 20_000 + "a\n---\n",
    "YAML aliases": "---\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" if i else 'a0: &a0 ["[[x]]"]\n'
        for i in range(60)
    ) + "---\n",
    "many properties": "---\n" + "".join(f"k{i}: [[x]]\n" for i in range(5_000)) + "---\n",
}  # fmt: skip


@pytest.mark.parametrize("text", NOTES.values(), ids=NOTES)
def test_note(text: str) -> None:
    facts, note = parse_file("Note.md", text.encode("utf-8", "replace"))
    assert note is not None
    assert isinstance(facts, NoteFacts)
    assert STAGE.check(note).failures == []


CANVASES = {
    "nested arrays": "[" * 100_000,
    "deep nodes": '{"nodes": ' + "[" * 900 + "]" * 900 + "}",
    "wrong types": '{"nodes": [1, null, "a", [], {"type": "file", "file": 3}, {"type": 4, "text": []}]}',
    "nodes are no list": '{"nodes": {"a": {"b": "c"}}}',
    "duplicate keys": '{"nodes": [{"type": "file", "file": "a.md", "file": "b.md"}]}',
    "escapes": '{"nodes": [{"type": "text", "text": "\\ud83d\\ude00 [[A\\nB]] \\u005b\\u005bC]]"}]}',
    "many strings": '{"nodes": [' + ", ".join(['{"type": "text", "text": "[[A]]"}'] * 5_000) + "]}",
    "unclosed": '{"nodes": [{"type": "text", "text": "[[A]]',
    "list": "[1, 2]",
    "number": "3",
    "empty": "",
}


@pytest.mark.parametrize("text", CANVASES.values(), ids=CANVASES)
@pytest.mark.parametrize("name", ["Board.canvas", "Table.base"])
def test_canvas_and_base(text: str, name: str) -> None:
    facts, note = parse_file(name, text.encode())
    assert note is None
    assert facts.path == name


@pytest.mark.parametrize(
    ("data", "damaged"),
    [
        (b"", None),
        (b"\xef\xbb\xbf", None),
        (b"\xef\xbb\xbf---\na: b\n---\n", None),
        (b"caf\xe9", 3),
        (b"\xff\xfeA\0", 0),
        ("[[Ä]]".encode("latin-1"), 2),
    ],
)
def test_bytes(data: bytes, damaged: int | None) -> None:
    facts, note = parse_file("Note.md", data)
    assert facts.damaged_at == damaged
    assert note is not None
    rules = [violation.rule for violation in STAGE.check(note).violations]
    assert rules == ([] if damaged is None else ["undecodable-text"])


def test_emoji_escape_in_a_canvas_keeps_columns() -> None:
    facts, _ = parse_file("Board.canvas", CANVASES["escapes"].encode())
    (link,) = [link for link in facts.links if link.path == "C"]
    assert CANVASES["escapes"][link.span.start : link.span.end] == "\\u005b\\u005bC]]"
