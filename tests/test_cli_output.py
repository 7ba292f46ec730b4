"""What `check` writes: formats, places, colours, and text that is safe on any terminal."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import jsonschema
import pytest
from conftest import Vault
from hypothesis import given
from hypothesis import strategies as st

import vaultlint
from vaultlint.cli.options import use_color
from vaultlint.discover import MemoryFiles
from vaultlint.model import SEVERITIES
from vaultlint.report import Report, Summary, count_by_severity
from vaultlint.report.formats import FORMATS, TEXT_FORMATS, find_writer
from vaultlint.report.json_types import output_schema
from vaultlint.report.summary import summary_line
from vaultlint.report.terminal import printable, style, width
from vaultlint.session import Session
from vaultlint.testing import case_settings


def mask(text: str) -> str:
    """A report whose seconds do not matter."""
    return re.sub(r"\(\d+\.\d\d s\)", "(… s)", text)


def test_the_formats() -> None:
    named = "azure checkstyle concise full github gitlab grouped json json-lines junit markdown"
    assert (*named.split(), "pylint", "rdjson", "sarif") == FORMATS
    assert set(TEXT_FORMATS) < set(FORMATS)


# ---- the last line


@pytest.mark.parametrize("output_format", TEXT_FORMATS)
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, "All clean: 0 notes checked (… s)."),
        ({"A.md": ""}, "All clean: 1 note checked (… s)."),
        ({"A.md": "", "B.md": ""}, "All clean: 2 notes checked (… s)."),
        ({"A.md": "[[Gone]]"}, "1 error in 1 note checked (… s)."),
        ({"A.md": "[[Gone]] %%[[Lost]]%%"}, "1 error, 1 remark in 1 note checked (… s)."),
        (
            {"A.md": "[[No]] %%[[B1]] [[B2]]%%\n\na ^x\n\nb ^x\n\n[[Gone]]\n", "B.md": ""},
            "2 errors, 1 warning, 2 remarks in 2 notes checked (… s).",
        ),
    ],
)
def test_the_last_line_counts(
    vault: Vault, files: dict[str, str], expected: str, output_format: str
) -> None:
    vault.write(files)
    output = vault.run("check", "--output-format", output_format).output
    assert mask(output).endswith(expected + "\n")
    assert output.count(" checked (") == 1
    if expected.startswith("All clean"):
        assert mask(output) == expected + "\n"


def test_large_numbers_and_failures() -> None:
    counts = dict(zip(SEVERITIES, (1234, 1, 0), strict=True))
    line = summary_line(Summary(10_000, counts, 2, 3.14159), color=False)
    assert line == "1,234 errors, 1 warning, 2 failures in 10,000 notes checked (3.14 s)."


# ---- text


@pytest.fixture
def faulty(vault: Vault) -> Vault:
    """Two notes with three findings."""
    vault.write(
        {
            "Trade.md": "# Trade\n\nSee [[Tarifs]] and %%[[Lost]]%%.\n",
            "sub/Law.md": "[[Gone]]\n",
            "Tariffs.md": "[[Law]]\n",
        }
    )
    return vault


def test_concise(faulty: Vault) -> None:
    assert mask(faulty.run("check", "--output-format", "concise").output) == (
        "Trade.md:3:5: VL101 broken-link no note `Tarifs`; did you mean `Tariffs`?\n"
        "Trade.md:3:22: VL109 broken-link-in-comment no note `Lost`\n"
        "sub/Law.md:1:1: VL101 broken-link no note `Gone`\n"
        "2 errors, 1 remark in 3 notes checked (… s).\n"
    )


def test_grouped(faulty: Vault) -> None:
    assert mask(faulty.run("check", "--output-format", "grouped").output) == (
        "Trade.md\n"
        "   3:5  VL101 broken-link  no note `Tarifs`; did you mean `Tariffs`?\n"
        "  3:22  VL109 broken-link-in-comment  no note `Lost`\n"
        "\n"
        "sub/Law.md\n"
        "  1:1  VL101 broken-link  no note `Gone`\n"
        "\n"
        "2 errors, 1 remark in 3 notes checked (… s).\n"
    )


def test_full(faulty: Vault) -> None:
    assert mask(faulty.run("check", "--output-format", "full").output) == (
        "error: broken-link (VL101): no note `Tarifs`; did you mean `Tariffs`?\n"
        " --> Trade.md:3:5\n"
        "  |\n"
        "3 | See [[Tarifs]] and %%[[Lost]]%%.\n"
        "  |     ^^^^^^^^^^\n"
        "  = write: [[Tariffs]]\n"
        "\n"
        "info: broken-link-in-comment (VL109): no note `Lost`\n"
        " --> Trade.md:3:22\n"
        "  |\n"
        "3 | See [[Tarifs]] and %%[[Lost]]%%.\n"
        "  |                      ^^^^^^^^\n"
        "\n"
        "error: broken-link (VL101): no note `Gone`\n"
        " --> sub/Law.md:1:1\n"
        "  |\n"
        "1 | [[Gone]]\n"
        "  | ^^^^^^^^\n"
        "\n"
        "2 errors, 1 remark in 3 notes checked (… s).\n"
    )


def test_full_shows_related_places(vault: Vault) -> None:
    vault.write({"A.md": "a ^x\n\nb ^x\n"})
    assert "\n  = " in vault.run("check", "--output-format", "full").output
    (finding,) = vault.check()["findings"]
    (related,) = finding["related"]
    assert (related["path"], related["line"]) == ("A.md", 1)


def test_full_groups_a_target_that_is_missing_in_many_notes(vault: Vault) -> None:
    vault.write({f"N{number}.md": "[[Gone]]\n" for number in range(9)})
    vault.write({"N0.md": "[[Gone]]\n\n[[Gone]] [[Lost]]\n"})
    output = mask(vault.run("check", "--output-format", "full").output)
    assert output.count("no note `Gone`") == 1
    assert output.count("no note `Lost`") == 1
    assert (
        "  = the same in 9 notes: also at "
        "N0.md:3, N1.md:1, N2.md:1, N3.md:1, N4.md:1 and 4 more\n" in output
    )
    assert output.endswith("11 errors in 9 notes checked (… s).\n")
    assert len(vault.check()["findings"]) == 11


def test_full_groups_in_one_note(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]]\n\n[[Gone]]\n"})
    output = vault.run("check", "--output-format", "full").output
    assert "  = the same 2 times in this note: also at A.md:3\n" in output


@pytest.mark.parametrize("output_format", TEXT_FORMATS)
@pytest.mark.parametrize(
    ("folder", "arguments", "expected"),
    [
        (".", [], "sub/deep/A.md"),
        ("sub", [], "deep/A.md"),
        ("sub/deep", [], "A.md"),
        ("other", [".."], "../sub/deep/A.md"),
        ("..", ["vault"], "vault/sub/deep/A.md"),
        ("..", ["vault/sub/deep/A.md"], "vault/sub/deep/A.md"),
    ],
)
def test_paths_are_as_seen_from_where_the_command_runs(
    vault: Vault,
    monkeypatch: pytest.MonkeyPatch,
    folder: str,
    arguments: list[str],
    expected: str,
    output_format: str,
) -> None:
    vault.write({"sub/deep/A.md": "[[Gone]]\n", "other/B.md": ""})
    monkeypatch.chdir(vault.root / folder)
    output = vault.run("check", *arguments, "--output-format", output_format).output
    assert re.search(rf"(^|\s){re.escape(expected)}(:|$)", output, re.MULTILINE)
    assert vault.found(*arguments) == [("sub/deep/A.md", "broken-link")]


# ---- JSON

SCHEMA = output_schema()


def test_json_of_the_example_has_its_schema() -> None:
    example = Path(__file__).parents[1] / "examples" / "css-notes"
    data = Vault(example).check(str(example), "--select", "ALL")
    jsonschema.validate(data, SCHEMA)
    assert data["findings"]
    assert any(finding["suggestions"] for finding in data["findings"])
    counts = data["summary"]
    assert counts["findings"] == len(data["findings"]) == sum(counts[s] for s in SEVERITIES)
    order = [(f["path"], f["line"], f["column"]) for f in data["findings"]]
    assert order == sorted(order)


def test_json_of_a_finding(vault: Vault) -> None:
    vault.write({"A.md": "😀 é e\u0301 [[Tarifs]] x\n", "sub/Tariffs.md": "[[A]]\n"})
    data = vault.check()
    assert data == {
        "version": 1,
        "findings": [
            {
                "path": "A.md",
                "line": 1,
                "column": 8,
                "end_line": 1,
                "end_column": 18,
                "rule": "broken-link",
                "code": "VL101",
                "severity": "error",
                "message": "no note `Tarifs`; did you mean `Tariffs`?",
                "suggestions": ["[[Tariffs]]"],
                "related": [],
                "asked_by": None,
                "fingerprint": data["findings"][0]["fingerprint"],
            }
        ],
        "failures": [],
        "summary": {
            "notes": 2,
            "findings": 1,
            "error": 1,
            "warning": 0,
            "info": 0,
            "failures": 0,
            "suppressed": 0,
        },
    }


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_every_way(vault: Vault, end: str) -> None:
    vault.write({"A.md": f"\ufeffa{end}{end}😀 [[Gone]]{end}b{end}".encode()})
    (finding,) = vault.check()["findings"]
    place = [finding[key] for key in ("line", "column", "end_line", "end_column")]
    assert place == [3, 3, 3, 11]


def test_a_json_report_without_notes(vault: Vault) -> None:
    data = vault.check()
    jsonschema.validate(data, SCHEMA)
    assert data["summary"]["notes"] == 0


def test_json_of_several_vaults_begins_paths_with_the_vault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Vault(tmp_path)
    folder.write(
        {
            "one/.obsidian/app.json": "",
            "one/A.md": "a ^x\n\nb ^x\n",
            "x/two/.obsidian/app.json": "",
            "x/two/sub/A.md": "[[Gone]]\n",
        }
    )
    monkeypatch.chdir(tmp_path / "one")
    data = folder.check("..")
    jsonschema.validate(data, SCHEMA)
    assert [f["path"] for f in data["findings"]] == ["one/A.md", "x/two/sub/A.md"]
    assert data["findings"][0]["related"][0]["path"] == "one/A.md"


# ---- the format that is taken where none is asked for


def run_on_terminal(vault: Vault, *arguments: str, program: str = "", **env: str) -> str:
    """What a command, or a program in Python, writes where its streams are a terminal."""
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    source = str(Path(vaultlint.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, *(["-c", program] if program else ["-m", "vaultlint", *arguments])],
        cwd=vault.root,
        env={**os.environ, "PYTHONPATH": source, **env},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    ) as process:
        os.close(slave)
        output = b""
        while True:
            try:
                data = os.read(master, 65536)
            except OSError:  # the other end is closed
                break
            if not data:
                break
            output += data
        process.wait(timeout=60)
    os.close(master)
    return output.decode().replace("\r\n", "\n")


def test_full_with_colours_on_a_terminal(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]]\n"})
    output = run_on_terminal(vault, "check")
    assert output.startswith("\x1b[1;31merror\x1b[0m: \x1b[1mbroken-link (VL101)\x1b[0m: no note")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    assert mask(plain) == mask(vault.run("check", "--output-format", "full").output)


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_full_without_colours_on_a_terminal(vault: Vault, env: dict[str, str]) -> None:
    vault.write({"A.md": "[[Gone]]\n"})
    output = run_on_terminal(vault, "check", **env)
    assert output.startswith("error: broken-link (VL101): no note `Gone`\n --> A.md:1:1\n")
    assert "\x1b" not in output


def test_concise_elsewhere(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]]\n"})
    assert vault.process("check").stdout.startswith(b"A.md:1:1: VL101 broken-link no note `Gone`\n")


# ---- colours


class _Stream(io.StringIO):
    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("choice", "terminal", "env", "expected"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"FORCE_COLOR": ""}, False),
        ("auto", True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", True, {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("always", False, {"TERM": "dumb"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
        ("never", True, {}, False),
    ],
)
def test_when_there_are_colours(
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    terminal: bool,
    env: dict[str, str],
    expected: bool,
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert use_color(choice, _Stream(terminal=terminal)) is expected


@pytest.mark.parametrize("output_format", TEXT_FORMATS)
def test_colours_change_nothing_else(faulty: Vault, output_format: str) -> None:
    arguments = ("check", "--output-format", output_format, "--color")
    plain, coloured = (faulty.run(*arguments, choice).output for choice in ("never", "always"))
    assert "\x1b" not in plain
    assert "\x1b[1;31m" in coloured
    assert mask(re.sub(r"\x1b\[[0-9;]*m", "", coloured)) == mask(plain)
    for line in coloured.splitlines():
        assert line.count("\x1b[0m") * 2 == line.count("\x1b")  # no style leaves its line


def test_json_has_no_colours(faulty: Vault) -> None:
    output = faulty.run("check", "--output-format", "json", "--color", "always").output
    assert "\x1b" not in output


def test_style() -> None:
    assert style("x", "bold", color=False) == "x"
    assert style("x", "bold", color=True) == "\x1b[1mx\x1b[0m"


# ---- characters that a terminal would obey

HOSTILE = "\x1b[2J\x1b]0;owned\x07\x08\x7f\x9b31m\u202e\u2066\ufeff"


def unsafe(text: str) -> set[str]:
    """The characters of a text that could steer a terminal."""
    return {c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Cf")} - {
        "\u200c",
        "\u200d",
    }


@pytest.mark.parametrize("output_format", TEXT_FORMATS)
def test_no_note_and_no_name_steers_the_terminal(vault: Vault, output_format: str) -> None:
    vault.write(
        {
            f"{HOSTILE}\r.md": f"\0[[Gone{HOSTILE}]] {HOSTILE} ![[{HOSTILE}.png]]\n",
            "B.md": f'---\na: "[[\\e[2J]]"\n---\n# {HOSTILE}\n\n[[C#{HOSTILE}]]\n',
            "C.md": f"text ^x\n\n{HOSTILE} ^x\n",
        }
    )
    result = vault.run("check", "--output-format", output_format, "--select", "ALL")
    assert result.exit_code == 1
    for rule in ("broken-link", "broken-embed", "broken-heading", "broken-frontmatter-link"):
        assert rule in result.stdout
    assert not unsafe(result.stdout)
    assert result.stderr == ""


@pytest.mark.parametrize(
    "arguments", [("links", "--all-kinds"), ("inspect", "A.md"), ("inspect", "B.md")]
)
def test_other_commands_do_not_either(vault: Vault, arguments: tuple[str, ...]) -> None:
    front = f'---\n"k{HOSTILE[:4]}\\e[2J": "\\e[2J"\naliases: ["\\e[2J"]\ntags: ["\\e[2J"]\n---\n'
    vault.write(
        {
            "A.md": f"# {HOSTILE}\n\n[[{HOSTILE}]] #tag{HOSTILE}\n\n[^{HOSTILE}]: x ^{HOSTILE}\n",
            "B.md": front,
        }
    )
    output = vault.run(*arguments).output
    assert not unsafe(output)


@pytest.mark.parametrize(
    "arguments", [("check",), ("links",), ("inspect", "A.md")], ids=lambda value: value[0]
)
def test_json_shows_the_old_control_characters_as_escapes(
    vault: Vault, arguments: tuple[str, ...]
) -> None:
    vault.write({"A.md": "[[a\x1b[2J\x07b]]\n"})
    output = vault.run(*arguments, "--output-format", "json").output
    assert not {c for c in output if c < " " and c != "\n"}
    assert "a\\u001b[2J\\u0007b" in output


@given(st.text())
def test_printable_is_safe_and_keeps_all_else(text: str) -> None:
    shown = printable(text)
    assert not unsafe(shown)
    assert "\n" not in shown
    kept = [c for c in text if not unsafe(c) and c not in "\n\t"]
    rest = iter(shown)
    assert all(c in rest for c in kept)
    assert printable(shown) == shown


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("é", 1), ("e\u0301", 1), ("漢字", 4), ("😀", 2), ("a\u200db", 2)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


# ---- the excerpt of the format `full`

_LINE_TEXT = st.text(
    st.one_of(
        st.sampled_from("ab 漢😀é\u0301\t\u200b\u202e\u200d\x1b"),
        st.characters(exclude_characters="[]\n\r`%$<>\\#|^!&*_~=", exclude_categories=["Cs"]),
    ),
    max_size=120,
)


SETTINGS = case_settings({}, ["broken-link"])


def report_of(files: dict[str, str | bytes], columns: int = 100) -> Report:
    session = Session(MemoryFiles(files), SETTINGS)
    session.load()
    result = session.check()
    assert not result.failures
    summary = Summary(result.notes, count_by_severity(result.violations), 0, 0.0)
    codes = {rule.id: rule.code for rule in session.settings.registry}
    return Report(result.violations, summary, session.lines, str, codes, columns)


@given(before=_LINE_TEXT, after=_LINE_TEXT, columns=st.integers(0, 200))
def test_the_marks_stand_under_the_place(before: str, after: str, columns: int) -> None:
    report = report_of({"A.md": f"x{before} [[Gone]] {after}\n"}, columns)
    assert len(report.violations) == 1
    out = io.StringIO()
    find_writer("full")(report, out)
    lines = out.getvalue().split("\n")
    source = next(line for line in lines if line.startswith("1 | "))
    marks = next(line for line in lines if line.startswith("  | ^") or re.match(r"  \| +\^", line))
    start = width(marks[: marks.index("^")])
    seen, at = 0, 0
    while seen < start:
        seen += width(source[at])
        at += 1
    while at < len(source) and source[at] != "[" and width(source[at]) == 0:
        at += 1  # marks that combine with the character before
    assert source[at:].startswith("[[Gone]]")
    assert marks.count("^") == len("[[Gone]]")


@given(data=st.binary(max_size=300), columns=st.integers(-5, 40))
def test_every_format_writes_every_note(data: bytes, columns: int) -> None:
    report = report_of({"A.md": b"[[Gone]]" + data}, columns)
    for name in FORMATS:
        out = io.StringIO()
        find_writer(name)(report, out)
        if name == "json":
            jsonschema.validate(json.loads(out.getvalue()), SCHEMA)
        elif name in TEXT_FORMATS:
            assert not unsafe(out.getvalue())


def test_a_finding_in_an_empty_note_has_no_excerpt(vault: Vault) -> None:
    vault.write({"A.md": "", "vaultlint.toml": 'select = ["orphan-note"]\n'})
    output = vault.run("check", "--output-format", "full").output
    assert output.startswith(
        "info: orphan-note (VL122): nothing links to this note\n --> A.md:1:1\n\n"
    )


# ---- UTF-8 whatever the locale

LOCALES: list[dict[str, str]] = [
    {"LC_ALL": "C", "PYTHONUTF8": "0"},
    {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"},
    {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "ascii:strict"},
]


@pytest.mark.parametrize(
    "env", LOCALES, ids=lambda env: " ".join(f"{k}={v}" for k, v in env.items())
)
def test_text_is_utf_8_in_and_out(vault: Vault, env: dict[str, str]) -> None:
    vault.write(
        {
            "A.md": "[[Göne – 😀]]\n",
            "vaultlint.toml": '[types."größe"]\npaths = ["**"]\nsections = [{ heading = "Über" }]\n',
        }
    )
    done = vault.process("check", env=env)
    lines = done.stdout.decode().splitlines()
    assert lines[0].endswith(
        " notes of the type `größe` have a section `Über`: it is missing here (vaultlint.toml:3)"
    )
    assert lines[1] == "A.md:1:1: VL101 broken-link no note `Göne – 😀`"
    assert done.stderr == b""
    assert "Göne – 😀" in vault.process("check", "--output-format=json", env=env).stdout.decode()
    assert "Göne – 😀" in vault.process("links", env=env).stdout.decode()
    stdin = vault.process("check", "-", input="[[Wö]]".encode(), env=env).stdout.decode()
    assert "no note `Wö`" in stdin
    vault.process("check", "--output-file", "report", env=env)
    assert "Göne – 😀" in (vault.root / "report").read_bytes().decode()
    vault.write({"vaultlint.toml": '"größe" = 1\n'})
    assert vault.process("check", env=env).stderr.decode() == (
        "error: vaultlint.toml:1: unknown key `größe`\n"
    )


# ---- a reader that goes away


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end in another way there")
@pytest.mark.parametrize("command", ["check", "links", "rules", "schema"])
def test_a_closed_pipe_is_no_traceback(vault: Vault, command: str) -> None:
    vault.write({"A.md": "[[Gone]]\n" * 20_000})
    source = str(Path(vaultlint.__file__).parents[1])
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "vaultlint", command],
        cwd=vault.root,
        env={**os.environ, "PYTHONPATH": source},
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert done.stderr == b""
