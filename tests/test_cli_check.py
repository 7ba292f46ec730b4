"""`vaultlint check`: what is checked, what fails, and how our own errors end."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from conftest import Vault

from vaultlint.discover import DiskFiles

# ---- paths


@pytest.fixture
def linked(vault: Vault) -> Vault:
    """Notes in folders, each with one broken link and one that works only in the whole vault."""
    vault.write(
        {
            "A.md": "[[C]] [[Gone]]\n",
            "sub/B.md": "[[A]] [[Gone]]\n",
            "sub/deep/C.md": "[[B]] [[Gone]]\n",
        }
    )
    return vault


A, B, C = (
    ("A.md", "broken-link"),
    ("sub/B.md", "broken-link"),
    ("sub/deep/C.md", "broken-link"),
)


@pytest.mark.parametrize(
    ("folder", "paths", "expected"),
    [
        (".", [], [A, B, C]),
        (".", ["."], [A, B, C]),
        (".", ["A.md"], [A]),
        (".", ["./A.md"], [A]),
        (".", ["sub"], [B, C]),
        (".", ["sub/"], [B, C]),
        (".", ["sub/B.md", "A.md"], [A, B]),
        (".", ["A.md", "A.md"], [A]),
        (".", ["A.md", "."], [A, B, C]),
        (".", [".", "A.md"], [A, B, C]),
        (".", ["sub/deep", "sub/B.md"], [B, C]),
        ("sub", [".."], [A, B, C]),
        ("sub", ["."], [B, C]),
        ("sub", ["../A.md"], [A]),
        ("sub", ["deep/../B.md"], [B]),
        ("sub/deep", ["../../A.md", "C.md"], [A, C]),
        ("..", ["vault"], [A, B, C]),
        ("..", ["vault/sub/deep/C.md"], [C]),
    ],
)
def test_what_is_named_is_checked_and_links_are_resolved_in_the_whole_vault(
    linked: Vault,
    monkeypatch: pytest.MonkeyPatch,
    folder: str,
    paths: list[str],
    expected: list[tuple[str, str]],
) -> None:
    monkeypatch.chdir(linked.root / folder)
    data = linked.check(*paths)
    assert [(f["path"], f["rule"]) for f in data["findings"]] == expected
    assert data["summary"]["notes"] == len(expected)


def test_an_absolute_path(linked: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert linked.found(str(linked.root / "sub")) == [B, C]


def test_a_path_that_begins_with_a_dash(vault: Vault) -> None:
    vault.write({"-q.md": "[[Gone]]\n"})
    assert vault.found("--", "-q.md") == vault.found("./-q.md") == [("-q.md", "broken-link")]


def test_a_missing_path_is_named(vault: Vault) -> None:
    assert vault.error("check", "A.md") == "error: there is no file or folder `A.md`"


# ---- the root of the vault


def test_the_root_is_the_nearest_folder_with_obsidian(vault: Vault) -> None:
    vault.write(
        {
            "vaultlint.toml": "",
            "Outer.md": "",
            "inner/.obsidian/app.json": "{}",
            "inner/sub/A.md": "[[Outer]]\n",
        }
    )
    assert vault.found("inner/sub/A.md") == [("sub/A.md", "broken-link")]
    assert vault.found() == []


@pytest.mark.parametrize("name", ["vaultlint.toml", ".vaultlint.toml"])
def test_the_root_is_else_where_the_configuration_is(tmp_path: Path, name: str) -> None:
    folder = Vault(tmp_path)
    folder.write(
        {".git/HEAD": "", "notes/B.md": "", "notes/sub/A.md": "[[B]]\n", f"notes/{name}": ""}
    )
    assert folder.found(str(tmp_path / "notes" / "sub")) == []
    folder.write({"B2.md": "", "notes/sub/A.md": "[[B2]]\n"})
    assert folder.found(str(tmp_path / "notes" / "sub")) == [("sub/A.md", "broken-link")]


def test_the_root_is_else_the_git_repository(tmp_path: Path) -> None:
    folder = Vault(tmp_path)
    folder.write({".git/HEAD": "", "B.md": "", "notes/A.md": "[[B]] [[C]]\n"})
    assert folder.found(str(tmp_path / "notes")) == [("notes/A.md", "broken-link")]


def test_the_root_is_else_the_folder_that_is_named(tmp_path: Path) -> None:
    folder = Vault(tmp_path)
    folder.write({"B.md": "", "notes/A.md": "[[B]]\n"})
    assert folder.found(str(tmp_path / "notes")) == [("A.md", "broken-link")]
    assert folder.found(str(tmp_path / "notes" / "A.md")) == [("A.md", "broken-link")]
    assert folder.found(str(tmp_path)) == []


def test_the_configuration_may_name_the_root(tmp_path: Path) -> None:
    folder = Vault(tmp_path)
    folder.write(
        {
            "etc/vaultlint.toml": 'vault.root = ".."\n',
            "etc/A.md": "[[B]]\n",
            "B.md": "[[A]]\n",
        }
    )
    assert folder.found(str(tmp_path / "etc")) == []


def test_a_folder_that_is_no_vault_but_holds_some_checks_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Vault(tmp_path)
    folder.write(
        {
            "one/.obsidian/app.json": "",
            "one/A.md": "[[B]]\n",
            "two/notes/.obsidian/app.json": "",
            "two/notes/B.md": "[[A]]\n",
            "two/.hidden/.obsidian/app.json": "",
            "two/.hidden/C.md": "[[Gone]]\n",
            "two/D.md": "[[Gone]]\n",
        }
    )
    monkeypatch.chdir(tmp_path)
    expected = [("one/A.md", "broken-link"), ("two/notes/B.md", "broken-link")]
    assert folder.found() == expected
    assert folder.found("one", "two/notes") == expected
    assert folder.found("one/A.md", "two") == expected


def test_several_vaults_each_have_their_own_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Vault(tmp_path)
    folder.write(
        {
            "one/vaultlint.toml": 'ignore = ["links"]\n',
            "one/A.md": "[[Gone]]\n",
            "two/vaultlint.toml": 'rules.broken-link.severity = "info"\n',
            "two/B.md": "[[Gone]]\n",
        }
    )
    monkeypatch.chdir(tmp_path)
    data = folder.check("one", "two")
    assert [(f["path"], f["severity"]) for f in data["findings"]] == [("two/B.md", "info")]
    output = folder.run("check", "one", "two/B.md").output
    assert output.startswith("two/B.md:1:1: VL101 broken-link no note `Gone`\n1 remark in 2 notes")


# ---- what is not checked, but can be linked to

NOT_CHECKED: dict[str, tuple[dict[str, str], str]] = {
    "the configuration excludes it": (
        {"vaultlint.toml": 'vault.exclude = ["Old/**"]\n'},
        "Old/T.md",
    ),
    "a pattern without a folder": ({"vaultlint.toml": 'vault.exclude = ["T.*"]\n'}, "a/b/T.md"),
    "a pattern of a folder": ({"vaultlint.toml": 'vault.exclude = ["Old/"]\n'}, "Old/x/T.md"),
    "Obsidian ignores the folder": (
        {".obsidian/app.json": '{"userIgnoreFilters": ["Old/"]}'},
        "Old/T.md",
    ),
    "Obsidian ignores a regular expression": (
        {".obsidian/app.json": '{"userIgnoreFilters": ["/^o.d/"]}'},
        "Old/T.md",
    ),
    "core templates": ({".obsidian/templates.json": '{"folder": "Forms"}'}, "Forms/T.md"),
    "Templater": (
        {
            ".obsidian/plugins/templater-obsidian/data.json": '{"templates_folder": "Forms/x"}',
        },
        "forms/X/T.md",
    ),
    "the template of daily notes": (
        {".obsidian/daily-notes.json": '{"template": "Forms/T"}'},
        "Forms/T.md",
    ),
}


@pytest.mark.parametrize(("settings", "note"), NOT_CHECKED.values(), ids=NOT_CHECKED.keys())
def test_not_checked_but_linkable(vault: Vault, settings: dict[str, str], note: str) -> None:
    vault.write({**settings, note: "# H\n\n[[Gone]]\n", "A.md": "[[T]] [[T#H]] [[T#No]]\n"})
    data = vault.check()
    assert [(f["path"], f["rule"]) for f in data["findings"]] == [("A.md", "broken-heading")]
    assert data["summary"]["notes"] == 1
    assert vault.found(note) == []


@pytest.mark.parametrize("damage", ["{", "[]", '{"userIgnoreFilters": 3}', "\xff", "[" * 100_000])
def test_damaged_settings_of_obsidian_are_as_absent(vault: Vault, damage: str) -> None:
    vault.write({".obsidian/app.json": damage, "Old/A.md": "[[Gone]]\n"})
    assert vault.found() == [("Old/A.md", "broken-link")]


def test_hidden_files_are_not_there(vault: Vault) -> None:
    vault.write({"A.md": "[[H]] [[I]]\n", ".trash/H.md": "[[Gone]]\n", ".I.md": "[[Gone]]\n"})
    assert vault.found() == [("A.md", "broken-link"), ("A.md", "broken-link")]


# ---- the standard input


def test_a_note_on_the_standard_input(vault: Vault) -> None:
    vault.write({"B.md": ""})
    data = vault.check("-", input="[[B]] [[Gone]]\n")
    (finding,) = data["findings"]
    assert (finding["path"], finding["line"], finding["column"]) == ("stdin.md", 1, 7)
    assert data["summary"]["notes"] == 1


def test_the_standard_input_stands_for_a_file(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.write({"sub/A.md": "[[Old]]\n", "sub/B.md": "[[A#New]]\n", "C.md": "[[Gone]]\n"})
    arguments = ("-", "--stdin-filename", "sub/A.md")
    assert vault.found(*arguments, input="# New\n\n[[./B]]\n") == []
    assert vault.found(*arguments, input="[[./C]]\n") == [("sub/A.md", "broken-link")]
    monkeypatch.chdir(vault.root / "sub")
    assert vault.found("-", "--stdin-filename", "A.md", input="[[Z]]") == [
        ("sub/A.md", "broken-link")
    ]
    assert vault.run("check", "-", "--stdin-filename", "../sub/A.md", input="[[Z]]").output.split(
        "\n"
    )[0] == ("A.md:1:1: VL101 broken-link no note `Z`")


def test_the_standard_input_may_stand_for_a_new_file(vault: Vault) -> None:
    vault.write({"A.md": ""})
    arguments = ("-", "--stdin-filename", "New.md")
    assert vault.found(*arguments, input="[[New]] %%[[Lost]]%%\n") == [
        ("New.md", "broken-link-in-comment")
    ]
    assert not (vault.root / "New.md").exists()


def test_the_standard_input_takes_the_configuration_of_its_folder(vault: Vault) -> None:
    vault.write({"quiet/vaultlint.toml": 'ignore = ["links"]\n'})
    assert vault.found("-", "--stdin-filename", "quiet/A.md", input="[[Gone]]") == []
    assert vault.found("-", "--stdin-filename", "A.md", input="[[Gone]]") != []


def test_a_canvas_on_the_standard_input(vault: Vault) -> None:
    text = '{"nodes": [{"id": "1", "type": "file", "file": "Gone.md"}]}'
    assert vault.found("-", "--stdin-filename", "C.canvas", input=text) == [
        ("C.canvas", "broken-canvas-target")
    ]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n", b"\0"])
def test_an_empty_standard_input(vault: Vault, data: bytes) -> None:
    assert vault.found("-", input=data) == []


def test_the_standard_input_need_not_be_utf_8(vault: Vault) -> None:
    assert vault.found("-", input=b"a\xff [[Gone]]") == [
        ("stdin.md", "undecodable-text"),
        ("stdin.md", "broken-link"),
    ]


def test_the_standard_input_is_bytes_in_a_process_too(vault: Vault) -> None:
    done = vault.process("check", "-", input="[[Göne]] \u2028 \r\n[[B\r\n".encode())
    assert done.returncode == 1
    assert done.stdout.decode().startswith(
        "stdin.md:1:1: VL101 broken-link no note `Göne`\n1 error"
    )


def test_the_folder_of_the_standard_input_must_be_there(vault: Vault) -> None:
    message = vault.error("check", "-", "--stdin-filename", "nope/A.md")
    assert message == "error: --stdin-filename: there is no folder `nope`"


# ---- exit codes

ERROR, WARNING, INFO = "[[Gone]]\n", "a ^x\n\nb ^x\n", "%%[[Lost]]%%\n"


@pytest.mark.parametrize(
    ("text", "arguments", "expected"),
    [
        ("", (), 0),
        (INFO, (), 0),
        (WARNING, (), 1),
        (ERROR, (), 1),
        (INFO, ("--fail-on", "info"), 1),
        (WARNING, ("--fail-on", "info"), 1),
        (INFO, ("--fail-on", "warning"), 0),
        (WARNING, ("--fail-on", "warning"), 1),
        (WARNING, ("--fail-on", "error"), 0),
        (ERROR, ("--fail-on", "error"), 1),
        (ERROR, ("--fail-on", "never"), 0),
        (ERROR, ("--exit-zero",), 0),
        (ERROR, ("--exit-zero", "--fail-on", "info"), 0),
        (ERROR, ("--config", 'fail-on="never"'), 0),
        (INFO, ("--config", 'fail-on="never"', "--fail-on", "info"), 1),
    ],
)
@pytest.mark.parametrize("output_format", ["full", "concise", "grouped", "json"])
def test_exit_codes(
    vault: Vault, text: str, arguments: tuple[str, ...], expected: int, output_format: str
) -> None:
    vault.write({"A.md": text})
    result = vault.run("check", *arguments, "--output-format", output_format)
    assert result.exit_code == expected
    assert result.stderr == ""


def test_fail_on_in_the_configuration(vault: Vault) -> None:
    vault.write({"A.md": INFO, "vaultlint.toml": 'fail-on = "info"\n'})
    assert vault.run("check").exit_code == 1
    assert vault.run("check", "--fail-on", "error").exit_code == 0


def test_each_vault_fails_by_its_own_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Vault(tmp_path)
    folder.write(
        {
            "one/vaultlint.toml": 'fail-on = "never"\n',
            "one/A.md": ERROR,
            "two/vaultlint.toml": 'fail-on = "error"\n',
            "two/A.md": WARNING,
        }
    )
    monkeypatch.chdir(tmp_path)
    assert folder.run("check", "one", "two").exit_code == 0
    folder.write({"two/vaultlint.toml": ""})
    assert folder.run("check", "one", "two").exit_code == 1


@pytest.mark.parametrize("option", ["-q", "--quiet"])
def test_quiet_tells_by_the_exit_code_only(vault: Vault, option: str) -> None:
    vault.write({"A.md": ERROR})
    result = vault.run("check", option)
    assert (result.exit_code, result.output) == (1, "")


# ---- the report in a file


@pytest.mark.parametrize("output_format", ["full", "concise", "grouped", "json"])
def test_output_file_holds_the_report(vault: Vault, output_format: str) -> None:
    vault.write({"A.md": "[[Göne]] 😀\n"})
    arguments = ("check", "A.md", "--output-format", output_format)
    result = vault.run(*arguments, "--output-file", "report")
    assert (result.exit_code, result.output) == (1, "")
    written = (vault.root / "report").read_bytes().decode()
    shown = vault.run(*arguments).output
    assert written.splitlines()[:-1] == shown.splitlines()[:-1]
    assert "Göne" in written
    assert "\r" not in written
    assert "\x1b" not in written


@pytest.mark.parametrize("path", ["nope/report", "."])
def test_output_file_that_cannot_be_written(vault: Vault, path: str) -> None:
    message = vault.error("check", "--output-file", path)
    assert message.startswith(f"error: --output-file: `{path}` cannot be written: ")


# ---- our own errors

Plugin = Callable[[str], str]

_PLUGIN = '''
from vaultlint.facts import NoteFacts, Link
from vaultlint.model import Span
from vaultlint.rule import Attachment, Found, NoteContext, VaultContext, rule


@rule("raising-rule", "ZZ001", group="links", severity="info")
def check({subject}, ctx: {context}) -> Found:
    """It raises.

    ## What it does

    It raises.

    ## Why

    To see what happens.

    ## Bad

    All.

    ## Good

    None.
    """
{body}


def rules():
    return [check]
'''


@pytest.fixture
def install_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str, str], str]:
    """Install a plugin of one rule: (subject, context, body of the rule) -> the plugin's name."""

    def install(subject: str, context: str, body: str) -> str:
        name = f"plugin_{uuid4().hex}"
        site = tmp_path / "site"
        info = site / f"{name}-1.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[vaultlint.rules]\n{name} = {name}:rules\n")
        source = _PLUGIN.format(
            subject=subject, context=context, body=textwrap.indent(textwrap.dedent(body), "    ")
        )
        (site / f"{name}.py").write_text(source)
        monkeypatch.syspath_prepend(site)
        monkeypatch.setenv("PYTHONPATH", str(site))
        return name

    return install


def test_a_plugin_brings_rules(
    vault: Vault, install_plugin: Callable[[str, str, str], str]
) -> None:
    body = "yield ctx.violation(Span(0, 1), 'seen', ['x'])"
    name = install_plugin("note: NoteFacts", "NoteContext", body)
    vault.write({"vaultlint.toml": f'plugins = ["{name}"]\n', "A.md": "text\n"})
    assert vault.found() == [("A.md", "raising-rule")]
    assert "  ZZ001  raising-rule" in vault.run("rules").output
    assert vault.run("explain", "ZZ001").output.startswith("# raising-rule\n")
    assert vault.found("--ignore", "ZZ001") == []
    assert vault.found("--isolated") == []


CRASHES: Sequence[tuple[str, str, str]] = [
    ("note: NoteFacts", "NoteContext", "raise ValueError('boom')\nyield"),
    ("note: NoteFacts", "VaultContext", "raise KeyError('boom')\nyield"),
    ("link: Link", "VaultContext", "raise RecursionError('boom')\nyield"),
    ("link: Link", "VaultContext", "return [1 / 0, 'boom']"),
    ("note: NoteFacts", "NoteContext", "assert False, 'boom'\nyield"),
    (
        "note: NoteFacts",
        "NoteContext",
        "yield ctx.violation(Span(0, 1), 'ok')\nraise Exception('boom')",
    ),
]


@pytest.mark.parametrize(("subject", "context", "body"), CRASHES)
@pytest.mark.parametrize("output_format", ["full", "concise", "grouped", "json"])
def test_a_rule_that_raises_is_a_failure_with_the_note_and_the_rule(
    vault: Vault,
    install_plugin: Callable[[str, str, str], str],
    subject: str,
    context: str,
    body: str,
    output_format: str,
) -> None:
    name = install_plugin(subject, context, body)
    vault.write({"vaultlint.toml": f'plugins = ["{name}"]\n', "sub/A.md": "[[Gone]]\n"})
    result = vault.run("check", "--output-format", output_format)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("failure: sub/A.md: ")
    assert line.endswith("in the rule raising-rule")
    assert "boom" in line or "division by zero" in line
    assert f"({name}.py:" in line
    assert "broken-link" in result.stdout  # other rules still tell what they found
    if output_format == "json":
        assert '"failures": 1' in result.stdout
    else:
        assert ", 1 failure in 1 note checked (" in result.stdout


@pytest.mark.parametrize("option", ["--exit-zero", "--quiet", "--fail-on=never"])
def test_no_option_hides_a_failure(
    vault: Vault, install_plugin: Callable[[str, str, str], str], option: str
) -> None:
    name = install_plugin("note: NoteFacts", "NoteContext", "raise ValueError('boom')\nyield")
    vault.write({"vaultlint.toml": f'plugins = ["{name}"]\n', "A.md": ""})
    result = vault.run("check", option)
    assert result.exit_code == 2
    assert "failure: A.md: ValueError: boom" in result.stderr


def test_a_failure_without_findings_is_not_clean(
    vault: Vault, install_plugin: Callable[[str, str, str], str]
) -> None:
    name = install_plugin("note: NoteFacts", "NoteContext", "raise ValueError('boom')\nyield")
    vault.write({"vaultlint.toml": f'plugins = ["{name}"]\n', "A.md": "", "B.md": ""})
    output = vault.run("check").stdout
    assert output.startswith("2 failures in 2 notes checked (")


def test_the_message_of_a_failure_cannot_steer_the_terminal(
    vault: Vault, install_plugin: Callable[[str, str, str], str]
) -> None:
    name = install_plugin(
        "note: NoteFacts", "NoteContext", "raise ValueError('a\\x1b[2Jb\\nc')\nyield"
    )
    vault.write({"vaultlint.toml": f'plugins = ["{name}"]\n', "\x1b[31m.md": ""})
    (line,) = vault.run("check", "--color", "never").stderr.splitlines()
    assert "\x1b" not in line


def test_a_crash_of_a_rule_in_a_process_is_exit_code_2(
    vault: Vault, install_plugin: Callable[[str, str, str], str]
) -> None:
    name = install_plugin("note: NoteFacts", "NoteContext", "raise ValueError('boom')\nyield")
    site = os.environ["PYTHONPATH"]
    vault.write({"vaultlint.toml": f'plugins = ["{name}"]\n', "A.md": ""})
    source = str(Path(sys.modules["vaultlint"].__file__ or "").parents[1])
    done = vault.process("check", env={"PYTHONPATH": os.pathsep.join((source, site))})
    assert done.returncode == 2
    assert done.stderr.startswith(b"failure: A.md: ValueError: boom")


def test_an_unknown_plugin(vault: Vault, install_plugin: Callable[[str, str, str], str]) -> None:
    name = install_plugin("note: NoteFacts", "NoteContext", "return []")
    vault.write({"vaultlint.toml": f'plugins = ["{name[:-1]}"]\n', "A.md": ""})
    message = vault.error("check")
    assert message.endswith(f"no plugin `{name[:-1]}` is installed; did you mean `{name}`?")


def test_a_plugin_whose_rule_is_there_already(
    vault: Vault, install_plugin: Callable[[str, str, str], str]
) -> None:
    name = install_plugin("note: NoteFacts", "NoteContext", "return []")
    vault.write({"vaultlint.toml": f'plugins = ["{name}", "{name}"]\n', "A.md": ""})
    assert "the rule `raising-rule` exists already" in vault.error("check")


# ---- files that cannot be read


def test_a_file_that_cannot_be_read_is_a_failure(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.write({"A.md": "[[B]] [[B#H]]\n", "sub/B.md": "# H\n"})
    read = DiskFiles.read

    def refuse(files: DiskFiles, path: str) -> bytes:
        if path == "sub/B.md":
            raise PermissionError(13, "Permission denied")
        return read(files, path)

    monkeypatch.setattr(DiskFiles, "read", refuse)
    result = vault.run("check", "--select", "broken-link")
    assert result.exit_code == 2
    assert result.stderr == "failure: sub/B.md: cannot be read: Permission denied\n"
    assert result.stdout.startswith("1 failure in ")
    assert vault.run("check", "A.md", "--select", "broken-link").exit_code == 0


def test_a_file_without_permission_is_a_failure(vault: Vault) -> None:
    vault.write({"A.md": "text\n", "B.md": "secret\n"})
    path = vault.root / "B.md"
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("permissions do not bind this user")
    result = vault.run("check")
    assert result.exit_code == 2
    assert result.stderr == "failure: B.md: cannot be read: Permission denied\n"
