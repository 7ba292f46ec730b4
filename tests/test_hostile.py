"""Inputs that are meant to break a parser: each gives facts or a finding, and ends soon.

None of these asserts a time. Each is so large that work which grows faster than the input would
not end within the suite's patience.
"""

from __future__ import annotations

import pytest

from vaultlint.config import default_settings
from vaultlint.engine import NoteStage, parse_file
from vaultlint.facts import NoteFacts
from vaultlint.record import write_facts
from vaultlint.testing import case_settings

STAGE = NoteStage(default_settings())
#: Every rule there is, and what makes each of them look at a note.
EVERY_RULE = NoteStage(
    case_settings(
        {
            "vaultlint.toml": """
                select = ["ALL"]
                [terms]
                glossary = ["glossary.yml"]
                [references]
                paths = ["**"]
                min-words = 3
                [types.all]
                paths = ["**"]
                sections = [{heading = "*"}, {heading = "Nowhere"}]
            """,
            "glossary.yml": "- Taliban\n- {term: geoeconomics, forbid: [econ geo]}\n",
        }
    )
)
N = 60_000
MB = 1_000_000

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
    _parse_and_check(text)


def _parse_and_check(text: str) -> NoteFacts:
    facts, note = parse_file("Note.md", text.encode("utf-8", "replace"))
    write_facts(facts)
    assert note is not None
    assert isinstance(facts, NoteFacts)
    assert EVERY_RULE.check(note).failures == []
    return facts


#: What a construct begins with, and how many megabytes of it there are: fewer where a character
#: costs more, but of nothing so few that quadratic work would end.
OPENERS = {
    "[[": 1, "[": 1, "![](": 1, "`": 1, "$": 1, "%%": 1, "<": 1, "<!--": 5, "&": 5, "{{": 5,
    "<%": 1, "*": 5, "_": 5, "~~": 5, "==": 1, "#": 1, "^[": 1, "|": 5, "> ": 1, "- ": 5, "* ": 5,
    "1. ": 5, "[^a]: ": 1, "[a]: ": 1, "---": 5, "-": 5, "=": 1, "```": 1, "\\": 1, "word ": 5,
    "http://a.b/) ": 1, "\u0301\u0316": 1, "<a b='": 1, "\"'": 1, "\u201c": 1, "a/": 1,
}  # fmt: skip


@pytest.mark.parametrize(("opener", "size"), OPENERS.items())
def test_megabytes_of_an_opener_on_one_line(opener: str, size: int) -> None:
    _parse_and_check(opener * (size * MB // len(opener)))


@pytest.mark.parametrize("opener", [*OPENERS, "a\n=", "a\n---", "<div>", "    ", "# a", "- a\n\n"])
def test_many_lines_of_an_opener(opener: str) -> None:
    _parse_and_check((opener + "\n") * (MB // 5 // (len(opener) + 1)))


def _numbered(line: str, count: int = 20_000) -> str:
    return "".join(line.format(number) for number in range(count))


#: Where work was once done again for each of many places, or could easily be.
REPEATED = {
    "footnotes in footnotes": "[^a]: " * N,
    "tabs between attributes": "<x" + "\tb=c\td" * N + "!\n",
    "directives of YAML": "---\n" + _numbered("%TAG !a{0}! b\n", 100_000) + "---\n",
    "a number of many digits": "[a](b&#" + "9" * N + ";)",
    "marks in no order": "[[a" + "\u0301\u0316" * 100_000 + "]]\n# b" + "\u0f73" * 100_000,
    "halfwidth marks in no order": "a" + "\u0301\uff9e" * 100_000,
    "URLs and nothing else": "http://a.b " * 100_000,
    "URLs of one word": "https://a.b/)" * 100_000,
    "commands without end": "a <% b " * 200_000,
    "placeholders without end": "a {{ b " * 200_000,
    "block ids in one paragraph": "a ^id\n" * 100_000,
    "block ids on one line": "a ^id " * 200_000,
    "comments in one paragraph": "%%a%% " * 100_000,
    "HTML comments in one paragraph": "b <!--a--> " * 100_000,
    "definitions in and out of quotes": "> [a]: b\n\n[a]: b\n\n" * 10_000,
    "a table's header and spaces": "a|b\n" + " " * MB + "x",
    "dashes and spaces": "a|b\n-|-" + " " * MB + "x",
    "a lazy line after item marks": "- " * N + "x\nlazy",
    "a lazy line after quote marks": ">" * N + "x\nlazy",
    "a row of links": "|a|\n|-|\n|" + "[[a|b]] ` " * 50_000,
    "quotation marks in references": "## References\n- " + "\u201c" * MB,
    "dashes in references": "## References\n- " + "-a" * 500_000,
    "lines in references": "## References\n\n" + "A [[b]]\n" * 20_000,
    "words without spaces": "teh/" * 200_000,
    "misspelt words": "teh recieve " * 40_000,
    "phrases that overlap": "econ geo " * 60_000,
    "a callout of many paragraphs": "> [!a] " + "b " * 200_000 + "\n" + ">\n> c\n" * 5_000,
    "custom ids": "# " + "{a#a" * 100_000,
    "underscores between letters": "# a" + "_" * MB + "b",
    "a tag of many parts": "#" + "a/" * 200_000,
    "many keys": "---\n" + _numbered("k{0}: [a, b]\n") + "---\n",
    "many keys for YAML": "---\n" + _numbered("k{0}: {{a: b}}\n") + "---\n",
    "a long flow list": "---\na: [" + "b, " * 100_000 + "]\n---\n",
    "deep flow lists": "---\n" + _numbered("k{0}: " + "[" * 90 + "]" * 90 + "\n", 500) + "---\n",
    "many properties of a list": "---\n" + "a:\n" + "  - b\n" * 100_000 + "---\n",
    "10,000 links": _numbered("[[A {0}|b]] [c](d{0}.md#e) ![[f{0}.png]]\n", 10_000),
    "one line of all": "a *b* `c` [[d]] [e](f.md) $g$ #h ~~i~~ ==j== %%k%% https://l.m <n> " * 14_000,
}  # fmt: skip


@pytest.mark.parametrize("text", REPEATED.values(), ids=REPEATED)
def test_work_is_not_repeated(text: str) -> None:
    _parse_and_check(text)


def test_all_links_of_a_long_note_are_found() -> None:
    facts = _parse_and_check(REPEATED["10,000 links"])
    assert len(facts.links) == 30_000
    assert len(_parse_and_check("[[A]] " * 150_000).links) == 150_000


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
