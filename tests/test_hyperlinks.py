"""Ids of rules lead to their pages, on terminals that know how to show that."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import Vault

import vaultlint
from vaultlint.cli import hyperlinks
from vaultlint.cli.hyperlinks import find_page, use_hyperlinks
from vaultlint.config import default_settings
from vaultlint.report.terminal import hyperlink

LINK = re.compile(r"\x1b\]8;;([^\x1b]*)\x1b\\(.*?)\x1b\]8;;\x1b\\")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "foot-extra"}, True),
        ({"TERM_PROGRAM": "vscode"}, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM_PROGRAM": "vscode", "TERM": "dumb"}, False),
        ({"TERM_PROGRAM": "vscode", "CI": "true"}, False),
        ({"TERM_PROGRAM": "WezTerm", "TERM": "tmux-256color"}, False),
        ({"WT_SESSION": "1"}, True),
        ({"VTE_VERSION": "7600"}, True),
        ({"VTE_VERSION": "4800"}, False),
        ({"VTE_VERSION": "new"}, False),
        ({"FORCE_HYPERLINK": "1", "CI": "true"}, True),
        ({"FORCE_HYPERLINK": "0", "WT_SESSION": "1"}, False),
    ],
)
def test_only_on_terminals_that_are_known_for_it(env: Mapping[str, str], expected: bool) -> None:
    assert use_hyperlinks("auto", Terminal(), env) is expected
    assert not use_hyperlinks("never", Terminal(), env)
    assert not use_hyperlinks("always", io.StringIO(), env)


def test_no_color_turns_them_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert not use_hyperlinks("auto", Terminal(), {"WT_SESSION": "1"})
    assert use_hyperlinks("always", Terminal(), {"WT_SESSION": "1"})


def test_each_rule_has_a_page() -> None:
    for rule in default_settings().registry:
        place = urlsplit(find_page(rule.id))
        assert place.scheme == "file"
        page = Path(unquote(place.path)).read_text(encoding="utf-8")
        assert page.startswith(f"# {rule.id}\n")
    assert find_page("rule-of-another-pack") == ""
    assert hyperlink("x", "") == "x"


def test_addresses_are_addresses() -> None:
    assert hyperlinks._address("/a b/é%.md") == "/a%20b/%C3%A9%25.md"
    assert hyperlinks._address("C:/a.md") == "/C:/a.md"


def on_a_terminal(vault: Vault, *arguments: str, env: Mapping[str, str]) -> str:
    """What `check` writes where its standard output is a terminal."""
    ours, theirs = pty.openpty()
    source = str(Path(vaultlint.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-m", "vaultlint", "check", *arguments],
        cwd=vault.root,
        env={**os.environ, "PYTHONPATH": source, **env},
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(theirs)
        written = b""
        while True:
            try:
                data = os.read(ours, 65_536)
            except OSError:
                break
            if not data:
                break
            written += data
        process.wait(60)
    os.close(ours)
    return written.decode()


def test_the_id_is_the_link(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]]\n"})
    page = find_page("broken-link")
    for form, shown in (
        ("full", "\x1b[1mbroken-link (VL101)\x1b[0m"),
        ("concise", "broken-link"),
    ):
        arguments = ("--output-format", form)
        with_links = on_a_terminal(vault, *arguments, env={"WT_SESSION": "1"})
        assert LINK.findall(with_links) == [(page, shown)]
        without = on_a_terminal(vault, *arguments, env={})
        seconds = re.compile(r"\(\d.\d\d s\)")
        assert seconds.sub("", LINK.sub(r"\2", with_links)) == seconds.sub("", without)
    assert not LINK.search(on_a_terminal(vault, "--output-format", "json", env={"WT_SESSION": "1"}))


@pytest.mark.parametrize("arguments", [("--output-format", "grouped"), ("--statistics",)])
def test_other_forms_for_people(vault: Vault, arguments: tuple[str, ...]) -> None:
    vault.write({"A.md": "[[Gone]]\n"})
    text = on_a_terminal(vault, *arguments, env={"WT_SESSION": "1"})
    assert LINK.findall(text) == [(find_page("broken-link"), "broken-link")]


def test_files_have_none(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]]\n"})
    on_a_terminal(vault, "-o", "concise:../report", env={"WT_SESSION": "1"})
    assert "\x1b" not in (vault.root.parent / "report").read_text(encoding="utf-8")
