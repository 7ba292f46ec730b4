"""`check`: several reports at once, what is counted, what makes it fail, and how it ends early."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from conftest import Vault
from test_cli_output import mask, run_on_terminal

import vaultlint
from vaultlint.cli import progress
from vaultlint.cli.options import use_progress
from vaultlint.cli.progress import Progress
from vaultlint.report.formats import FORMATS
from vaultlint.report.json_types import output_schema


@pytest.fixture
def faulty(vault: Vault) -> Vault:
    """Two errors of a rule, and three warnings of another, in two notes."""
    vault.write(
        {"A.md": "Some assitance.\n\n[[Gone]]\n", "B.md": "[[Lost]] assitance, assitance\n"}
    )
    return vault


# ---- -o FORMAT:FILE


def test_several_reports_of_one_run(faulty: Vault, tmp_path: Path) -> None:
    arguments = [f"-o{name}:{tmp_path}/{name}" for name in FORMATS]
    result = faulty.run("check", "--output-format", "pylint", *arguments)
    assert result.exit_code == 1
    assert result.stdout == faulty.run("check", "--output-format", "pylint").stdout
    for name in FORMATS:
        text = (tmp_path / name).read_text(encoding="utf-8")
        alone = faulty.run("check", "--output-format", name).stdout
        if name != "junit":  # it holds the time
            assert mask(text) == mask(alone)


def test_files_have_no_colours_and_no_width_of_the_terminal(
    faulty: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    faulty.write({"A.md": f"[[Gone]] {'word ' * 15}\n"})
    result = faulty.run("check", "--color", "always", "-o", f"full:{tmp_path}/x")
    assert "\x1b" in result.stdout
    text = (tmp_path / "x").read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert f"1 | [[Gone]] {'word ' * 15}\n".replace(" \n", "") in text


def test_quiet_writes_files_only(faulty: Vault, tmp_path: Path) -> None:
    result = faulty.run("check", "-q", "-o", f"json:{tmp_path}/x")
    assert (result.exit_code, result.output) == (1, "")
    jsonschema.validate(json.loads((tmp_path / "x").read_text()), output_schema())


def test_a_file_keeps_its_rights_and_a_link_stays_one(faulty: Vault, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("old")
    (tmp_path / "x").chmod(0o604)
    (tmp_path / "link").symlink_to("x")
    faulty.run("check", "-o", f"json:{tmp_path}/link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "x").read_text().startswith("{")
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o604
    assert sorted(os.listdir(tmp_path)) == ["link", "vault", "x"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such devices")
def test_a_device_is_written_and_not_replaced(faulty: Vault) -> None:
    assert faulty.run("check", "-q", "-o", "json:/dev/null").exit_code == 1
    assert not Path("/dev/null").is_file()


def test_what_cannot_be_written_leaves_the_old_file(
    faulty: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "x").write_text("old")
    monkeypatch.setattr("vaultlint.cli.outputs.os.replace", fail)
    message = faulty.error("check", "--no-cache", "-q", "-o", f"json:{tmp_path}/x")
    assert message == f"error: -o: `{tmp_path}/x` cannot be written: No space left on device"
    assert (tmp_path / "x").read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["vault", "x"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "json"], "-o: `json` is not of the form FORMAT:FILE"),
        (["-o", "json:"], "-o: `json:` is not of the form FORMAT:FILE"),
        (["-o", "sarfi:x"], "-o: no format `sarfi`; did you mean `sarif`?"),
        (["-o", "json:-"], "-o: the standard output has a format of its own: --output-format"),
        (["-o", "json:x", "-o", "sarif:./x"], "-o: two reports go to the same file `./x`"),
        (
            ["-o", "json:x", "--output-file", "x"],
            "--output-file: two reports go to the same file `x`",
        ),
        (["-o", "json:no/x"], "-o: `no/x` cannot be written: there is no folder for it"),
        (["-o", "json:.obsidian"], "-o: `.obsidian` cannot be written: it is a folder"),
    ],
)
def test_what_is_wrong_with_files(faulty: Vault, arguments: list[str], message: str) -> None:
    assert faulty.error("check", *arguments) == f"error: {message}"
    assert not (faulty.root / "x").exists()


# ---- --statistics


@pytest.mark.parametrize("name", ["concise", "full", "grouped"])
def test_statistics(faulty: Vault, name: str) -> None:
    result = faulty.run("check", "--statistics", "--output-format", name)
    assert result.exit_code == 1
    assert mask(result.stdout) == (
        "findings  files  rule\n"
        "       3      2  VL303  known-misspelling\n"
        "       2      2  VL101  broken-link\n"
        "\n"
        "2 errors, 3 warnings in 2 notes checked (… s).\n"
    )


def test_statistics_of_a_clean_vault(vault: Vault) -> None:
    assert mask(vault.run("check", "--statistics").stdout) == (
        "All clean: 0 notes checked (… s).\n"
    )


def test_statistics_in_json(faulty: Vault) -> None:
    data = faulty.check("--statistics")
    jsonschema.validate(data, output_schema())
    assert data["statistics"] == [
        {
            "rule": "known-misspelling",
            "code": "VL303",
            "severity": "warning",
            "findings": 3,
            "files": 2,
        },
        {"rule": "broken-link", "code": "VL101", "severity": "error", "findings": 2, "files": 2},
    ]
    assert "statistics" not in faulty.check()


def test_statistics_leave_other_formats_alone(faulty: Vault) -> None:
    arguments = ("check", "--output-format", "sarif")
    assert faulty.run(*arguments, "--statistics").stdout == faulty.run(*arguments).stdout


# ---- --show-files


def test_show_files(vault: Vault) -> None:
    vault.write(
        {
            "B.md": "[[Gone]]\n",
            "sub/A.md": "",
            "sub/C.canvas": "{}",
            "x.png": "",
            "out/D.md": "",
            "vaultlint.toml": 'vault.exclude = ["out/**"]\n',
        }
    )
    result = vault.run("check", "--show-files")
    assert (result.exit_code, result.stdout) == (0, "B.md\nsub/A.md\nsub/C.canvas\n")
    assert vault.run("check", "--show-files", "sub").stdout == "sub/A.md\nsub/C.canvas\n"
    assert vault.run("check", "--show-files", "out/D.md").stdout == ""
    assert vault.run("check", "--show-files", "--isolated").stdout.count("out/D.md") == 1
    assert vault.error("check", "--show-files", "-") == (
        "error: --show-files lists files, and `-` is none"
    )


# ---- what makes a check fail


@pytest.mark.parametrize(
    ("arguments", "errors", "code"),
    [
        ([], False, 1),
        (["--max-warnings", "3"], False, 0),
        (["--max-warnings", "2"], False, 1),
        (["--max-warnings", "0"], False, 1),
        (["--max-warnings", "3"], True, 1),
        (["--max-warnings", "3", "--fail-on", "never"], True, 0),
        (["--max-warnings", "2", "--fail-on", "error"], False, 1),
        (["--max-warnings", "3", "--fail-on", "error"], False, 0),
        (["--max-warnings", "3", "--fail-on", "info"], False, 0),
        (["--max-warnings", "0", "--exit-zero"], True, 0),
    ],
)
def test_max_warnings(vault: Vault, arguments: list[str], errors: bool, code: int) -> None:
    vault.write({"A.md": f"assitance assitance assitance\n{'[[Gone]]' * errors}\n"})
    assert vault.run("check", *arguments).exit_code == code


def test_max_warnings_counts_all_vaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Vault(tmp_path)
    for name in ("one", "two"):
        folder.write({f"{name}/.obsidian/app.json": "", f"{name}/A.md": "assitance\n"})
    monkeypatch.chdir(tmp_path)
    assert folder.run("check", "--max-warnings", "1").exit_code == 1
    assert folder.run("check", "--max-warnings", "2").exit_code == 0


def test_max_warnings_is_a_number(vault: Vault) -> None:
    assert vault.run("check", "--max-warnings", "-1").exit_code == 2


# ---- errors of the command line are not put down to a file


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--config", "slect=1"], "command line: unknown key `slect`; did you mean `select`?"),
        (["--select", "lnks"], "command line: no rule or group `lnks`; did you mean `links`?"),
        (
            ["--select", "lnks", "--isolated"],
            "command line: no rule or group `lnks`; did you mean `links`?",
        ),
    ],
)
def test_the_command_line_is_named(vault: Vault, arguments: list[str], message: str) -> None:
    vault.write({"vaultlint.toml": 'fail-on = "error"\n'})
    assert vault.error("check", *arguments) == f"error: {message}"


def test_a_file_that_is_wrong_is_named_though_the_command_line_says_more(vault: Vault) -> None:
    vault.write({"vaultlint.toml": "slect = []\n"})
    message = "error: vaultlint.toml:1: unknown key `slect`; did you mean `select`?"
    assert vault.error("check", "--select", "lnks") == message


# ---- progress


_SLOW = """
import time
from vaultlint import session
from vaultlint.cli import progress, main
examine = session.examine
def slowly(*arguments, **more):
    time.sleep(0.02)
    return examine(*arguments, **more)
session.examine = slowly
progress._PATIENCE = progress._INTERVAL = 0.05
main(["check", "--no-cache", "--jobs", "1"], prog_name="vaultlint")
"""


@pytest.mark.parametrize("env", [{"CI": ""}, {"CI": "true"}, {"CI": "", "TERM": "dumb"}])
def test_progress_of_a_slow_check(vault: Vault, env: dict[str, str]) -> None:
    pytest.importorskip("pty")
    vault.write({f"{number}.md": "" for number in range(20)})
    output = run_on_terminal(vault, program=_SLOW, **{"NO_COLOR": "1", **env})
    shown = env == {"CI": ""}
    assert ("of 20 notes read" in output) is shown
    assert output.rpartition("\r")[2].startswith("All clean")
    assert output.startswith("\r" if shown else "All clean")


def test_progress_waits_and_clears_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    now = 100.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(progress, "perf_counter", lambda: now)
        shown = Progress(now)
        shown(1, 10_000)
        shown.clear()
        now = 100.6
        shown(1_000, 10_000)
        shown(1_001, 10_000)
        now = 100.8
        shown(9, 10)
        now = 101.0
        shown(10, 10)
        shown.clear()
        shown.clear()
    written = capsys.readouterr().err
    first, second = "1,000 of 10,000 notes read", "9 of 10 notes read"
    blank = " " * len(first)
    assert written == f"\r{first}\r{second}{' ' * (len(first) - len(second))}\r{blank}\r"


def test_progress_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("CI", raising=False)
    assert use_progress(Terminal())
    assert not use_progress(object())
    monkeypatch.setenv("CI", "1")
    assert not use_progress(Terminal())


# ---- an interrupt, and a reader that goes away

_ENDLESS = """
import os, signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
from vaultlint import session
def endless(*_, **__):
    os.write(1, b"at work\\n")
    time.sleep(600)
session.examine = endless
from vaultlint.cli import main
main(["check", "--jobs", "1", "--no-cache", "-o", "json:report"], prog_name="vaultlint")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are other ones there")
def test_an_interrupt_is_a_whole_line_and_130(vault: Vault) -> None:
    vault.write({"A.md": "", "report": "old"})
    process = subprocess.Popen(
        [sys.executable, "-c", _ENDLESS],
        cwd=vault.root,
        env={**os.environ, "PYTHONPATH": str(Path(vaultlint.__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"at work\n"
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout, stderr) == (130, b"", b"interrupted\n")
    assert (vault.root / "report").read_text() == "old"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end in another way there")
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize("size", [1, 20_000])
def test_a_closed_pipe_has_its_own_code(vault: Vault, stream: str, size: int) -> None:
    vault.write({"A.md": "[[Gone]]\n" * size})
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        [sys.executable, "-m", "vaultlint", "check", "--verbose"],
        cwd=vault.root,
        env={**os.environ, "PYTHONPATH": str(Path(vaultlint.__file__).parents[1])},
        stdout=writer if stream == "stdout" else subprocess.PIPE,
        stderr=writer if stream == "stderr" else subprocess.PIPE,
    )
    os.close(writer)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 141
    assert b"Traceback" not in (stderr or b"")
    assert b"ignored" not in (stderr or b"")
