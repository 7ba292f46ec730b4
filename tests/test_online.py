"""`check --online`, against a server on this machine; nothing else is ever asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from conftest import Vault
from web_server import Answer, Web, raw, redirect, reply, watch_connections

from vaultlint.web import fetch, names

OK = reply(200, b"<p id=here>Text</p>")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    web = Web(tmp_path_factory.mktemp("web"))
    with watch_connections(web):
        yield web
    web.close()


@pytest.fixture
def web(
    server: Web, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Web]:
    """The server, with no page yet; the vault may ask it, quickly."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache-home"))
    monkeypatch.setenv("SSL_CERT_FILE", str(server.trusted))
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(names, "look_up", server.look_up)
    monkeypatch.setattr(fetch, "RETRIES", (0.01, 0.01))
    for kept in (server.pages, server.missing, server.numbers):
        kept.clear()
    server.seen.clear()
    server.connected.clear()
    configure(vault)
    yield server
    assert set(server.connected) <= {"127.0.0.1", "::1"}


def configure(vault: Vault, **settings: object) -> None:
    """Write the settings of `[references.web]`, over some that make tests quick."""
    given = {"allow_private": True, "delay": 0, "timeout": 5, **settings}
    lines = [f"{key} = {json.dumps(value)}" for key, value in given.items()]
    vault.write({"vaultlint.toml": "\n".join(("[references.web]", *lines, ""))})


def online(vault: Vault, *arguments: str) -> list[tuple[str, str, list[str]]]:
    """The rule, message and suggestions of each finding about the web."""
    found = vault.check("--online", *arguments)["findings"]
    web = ("dead-url", "redirected-url", "insecure-url")
    return [(f["rule"], f["message"], f["suggestions"]) for f in found if f["rule"] in web]


def unknown(vault: Vault, *arguments: str) -> dict[str, str]:
    """What `--verbose` says of addresses of which nothing can be told."""
    done = vault.run("check", "--online", "--verbose", *arguments)
    assert done.exit_code in (0, 1), done.output
    told = [line[9:] for line in done.stderr.splitlines() if line.startswith("unknown: ")]
    return dict(line.split(": ", 1) for line in told)


def note(vault: Vault, *addresses: str) -> None:
    vault.write({"Note.md": "".join(f"- <{address}>\n" for address in addresses)})


A = "https://a.nowhere.dev"
GOOD = "https://good.elsewhere.dev/"


def test_smoke(vault: Vault, web: Web) -> None:
    web.pages |= {
        "a.nowhere.dev/ok": OK,
        "a.nowhere.dev/gone": reply(404),
        "a.nowhere.dev/moved": redirect(301, "/ok"),
        "http://b.nowhere.dev/plain": OK,
        "https://b.nowhere.dev/plain": OK,
    }
    note(vault, f"{A}/ok", f"{A}/gone", f"{A}/moved", "http://b.nowhere.dev/plain")
    assert online(vault) == []
