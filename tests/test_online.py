"""`check --online`, against a server on this machine; nothing else is ever asked."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from conftest import Vault
from web_server import Answer, Request, Web, raw, redirect, reply, watch_connections

from vaultlint.cli import check, progress
from vaultlint.web import fetch, names
from vaultlint.web.addresses import is_public

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
    server.looked_up.clear()
    server.connected.clear()
    configure(vault)
    yield server
    assert set(server.connected) <= {"127.0.0.1", "::1"}


def configure(vault: Vault, **settings: object) -> None:
    """Write the settings of `[references.web]`, over some that make tests quick."""
    given = {"allow_private": True, "delay": 0, "timeout": 5, **settings}
    lines = [f"{key} = {json.dumps(value)}" for key, value in given.items()]
    vault.write({"vaultlint.toml": "\n".join(("[references.web]", *lines, ""))})


Finding = tuple[str, str, list[str]]


def ask(vault: Vault, *arguments: str) -> tuple[list[Finding], dict[str, str]]:
    """The rule, message and suggestions of each finding about the web, and what is unknown."""
    done = vault.run("check", "--online", "--verbose", "--output-format", "json", *arguments)
    assert done.exit_code in (0, 1), done.output
    rules = ("dead-url", "redirected-url", "insecure-url")
    findings = json.loads(done.stdout)["findings"]
    found = [(f["rule"], f["message"], f["suggestions"]) for f in findings if f["rule"] in rules]
    told = [line[9:] for line in done.stderr.splitlines() if line.startswith("unknown: ")]
    return found, dict(line.split(": ", 1) for line in told)


def online(vault: Vault, *arguments: str) -> list[Finding]:
    return ask(vault, *arguments)[0]


def unknown(vault: Vault, *arguments: str) -> dict[str, str]:
    return ask(vault, *arguments)[1]


def note(vault: Vault, *addresses: str) -> None:
    vault.write({"Note.md": "".join(f"- <{address}>\n" for address in addresses)})


A = "https://a.nowhere.dev"
GOOD = "https://good.elsewhere.dev/"


# --- verdicts ---


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_dead(vault: Vault, web: Web, status: int) -> None:
    web.pages["a.nowhere.dev/p"] = reply(status)
    note(vault, f"{A}/p")
    ((rule, message, suggestions),) = online(vault)
    assert (rule, suggestions) == ("dead-url", [])
    assert f"({status} " in message
    assert web.methods("a.nowhere.dev/p") == ["HEAD", "GET"]


@pytest.mark.parametrize(
    "status", [400, 401, 403, 405, 406, 418, 429, 451, 500, 501, 502, 503, 504, 520, 999]
)
def test_other_statuses_tell_nothing(vault: Vault, web: Web, status: int) -> None:
    web.pages["a.nowhere.dev/p"] = reply(status)
    note(vault, f"{A}/p")
    found, told = ask(vault)
    assert (found, str(status) in told[f"{A}/p"]) == ([], True)


@pytest.mark.parametrize("head", [400, 401, 403, 404, 405, 410, 500, 501])
def test_what_head_says_is_asked_with_get(vault: Vault, web: Web, head: int) -> None:
    web.pages["a.nowhere.dev/p"] = reply(200, b"text", head=head)
    note(vault, f"{A}/p")
    assert ask(vault) == ([], {})
    assert web.methods("a.nowhere.dev/p") == ["HEAD", "GET"]


def test_a_host_that_knows_no_head_is_not_asked_with_it_again(vault: Vault, web: Web) -> None:
    configure(vault, per_host=1)
    web.pages["a.nowhere.dev"] = reply(200, head=405)
    note(vault, *(f"{A}/{number}" for number in range(4)))
    assert online(vault) == []
    assert [seen.method for seen in web.seen] == ["HEAD", "GET", "GET", "GET", "GET"]


def test_a_host_that_does_not_exist_is_dead(vault: Vault, web: Web) -> None:
    web.missing.add("none.nowhere.dev")
    web.pages["good.elsewhere.dev/"] = OK
    note(vault, "https://none.nowhere.dev/a", "https://none.nowhere.dev/b", GOOD)
    found = online(vault)
    assert [rule for rule, _, _ in found] == ["dead-url", "dead-url"]
    assert "(there is no host `none.nowhere.dev`)" in found[0][1]


@pytest.mark.parametrize("host", ["none.nowhere.dev", "old.nowhere.dev", "wrong.nowhere.dev"])
def test_what_may_be_the_network_needs_a_witness(vault: Vault, web: Web, host: str) -> None:
    """Offline no name exists, and a hotel's network has its own certificate for all hosts."""
    web.missing.add("none.nowhere.dev")
    web.pages |= {"good.elsewhere.dev/": OK, host: OK}
    note(vault, f"https://{host}/a")
    assert "no other host answered" in unknown(vault)[f"https://{host}/a"]
    assert online(vault) == []
    note(vault, f"https://{host}/a", GOOD)
    assert [rule for rule, _, _ in online(vault)] == ["dead-url"]


def test_a_witness_that_answered_before_is_asked_again(vault: Vault, web: Web) -> None:
    web.pages["good.elsewhere.dev/"] = OK
    note(vault, GOOD)
    assert online(vault) == []
    web.missing.add("none.nowhere.dev")
    note(vault, "https://none.nowhere.dev/a", GOOD)
    assert [rule for rule, _, _ in online(vault)] == ["dead-url"]
    assert web.methods("good.elsewhere.dev/") == ["HEAD", "HEAD"]


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("old.nowhere.dev", "the certificate of `old.nowhere.dev` has expired"),
        ("wrong.nowhere.dev", "the certificate of `wrong.nowhere.dev` is of another host"),
    ],
)
def test_certificates_that_no_browser_takes(
    vault: Vault, web: Web, host: str, message: str
) -> None:
    web.pages["good.elsewhere.dev/"] = OK
    note(vault, f"https://{host}/", GOOD)
    assert [message in told for _, told, _ in online(vault)] == [True]
    assert not [seen for seen in web.seen if seen.host == host]


def test_an_authority_that_is_not_known_here_tells_nothing(vault: Vault, web: Web) -> None:
    web.pages["good.elsewhere.dev/"] = OK
    note(vault, "https://self.nowhere.dev/", GOOD)
    assert "could not be verified" in unknown(vault)["https://self.nowhere.dev/"]
    assert online(vault) == []


# --- redirects ---


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_gives_the_new_address(vault: Vault, web: Web, status: int) -> None:
    web.pages |= {
        "a.nowhere.dev/old": redirect(status, "new/page?x=1"),
        "a.nowhere.dev/new/page?x=1": OK,
    }
    note(vault, f"{A}/old", f"{A}/old#part")
    assert [(rule, to) for rule, _, to in online(vault)] == [
        ("redirected-url", [f"{A}/new/page?x=1"]),
        ("redirected-url", [f"{A}/new/page?x=1#part"]),
    ]
    assert web.methods("a.nowhere.dev/old") == ["HEAD"]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_redirect_for_a_time_is_none(vault: Vault, web: Web, status: int) -> None:
    web.pages |= {"a.nowhere.dev/old": redirect(status, "/new"), "a.nowhere.dev/new": OK}
    note(vault, f"{A}/old")
    assert ask(vault) == ([], {})


def test_of_several_redirects_those_that_last_count(vault: Vault, web: Web) -> None:
    web.pages |= {
        "a.nowhere.dev/1": redirect(301, "https://b.nowhere.dev/2"),
        "b.nowhere.dev/2": redirect(308, "//c.nowhere.dev/3"),
        "c.nowhere.dev/3": redirect(302, "/4"),
        "c.nowhere.dev/4": redirect(301, "/5"),
        "c.nowhere.dev/5": OK,
    }
    note(vault, f"{A}/1")
    assert [to for _, _, to in online(vault)] == [["https://c.nowhere.dev/3"]]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("/circle", "in a circle"),
        ("/0", "too often"),
        ("ftp://b.nowhere.dev/x", "no address of the web"),
        ("javascript:alert(1)", "no address of the web"),
        ("http://[::bad", "no address"),
        ("https://user:secret@b.nowhere.dev/", "a password"),
        ("https://b.nowhere.dev/" + "x" * 3000, "too long"),
        ("/busy", "503"),
        ("https://www.example.com/", "left out"),
        ("http://x.localhost/", "left out"),
        ("https://sub.ignored.dev/", "left out"),
        ("/", "first page"),
        ("https://b.nowhere.dev/", "first page"),
    ],
)
def test_a_redirect_that_leads_astray_tells_nothing(
    vault: Vault, web: Web, location: str, reason: str
) -> None:
    web.pages |= {f"a.nowhere.dev/{n}": redirect(301, f"/{n + 1}") for n in range(20)}
    web.pages |= {
        "a.nowhere.dev/start": redirect(301, location),
        "a.nowhere.dev/circle": redirect(301, "/start"),
        "a.nowhere.dev/busy": reply(503),
        "a.nowhere.dev/": OK,
        "b.nowhere.dev/": OK,
    }
    configure(vault, ignore=["ignored.dev"])
    note(vault, f"{A}/start")
    found, told = ask(vault)
    assert (found, reason in told[f"{A}/start"]) == ([], True)


def test_a_redirect_to_what_is_gone_is_dead(vault: Vault, web: Web) -> None:
    web.pages["a.nowhere.dev/old"] = redirect(301, "/new")
    note(vault, f"{A}/old")
    ((rule, message, _),) = online(vault)
    assert (rule, "404 Not Found at https://a.nowhere.dev/new" in message) == ("dead-url", True)


def test_what_asks_for_something_first_is_no_new_address(vault: Vault, web: Web) -> None:
    gate = "https://b.nowhere.dev/login?next=%2Fpaper%2F1"
    web.pages |= {
        "a.nowhere.dev/paper/1": redirect(301, gate),
        "b.nowhere.dev/login?next=%2Fpaper%2F1": OK,
    }
    note(vault, f"{A}/paper/1")
    assert ask(vault) == ([], {})


# --- http and https ---


def test_what_is_proposed_may_stand_in_a_link(vault: Vault, web: Web) -> None:
    web.pages |= {
        "a.nowhere.dev/1": redirect(301, "/x_(y)"),
        "a.nowhere.dev/2": redirect(301, "/x)y z|<>"),
        "a.nowhere.dev/x_(y)": OK,
        "a.nowhere.dev/x)y%20z%7C%3C%3E": OK,
    }
    note(vault, f"{A}/1", f"{A}/2")
    proposed = [to for _, _, to in online(vault)]
    assert proposed == [[f"{A}/x_(y)"], [f"{A}/x%29y%20z%7C%3C%3E"]]


def test_http_where_https_answers_equally(vault: Vault, web: Web) -> None:
    web.pages |= {
        "p.nowhere.dev/both": OK,
        "http://p.nowhere.dev/plain": OK,
        "http://p.nowhere.dev/other": OK,
        "https://p.nowhere.dev/other": reply(200, type="image/png"),
        "http://p.nowhere.dev/sent": redirect(301, "https://p.nowhere.dev/sent"),
        "https://p.nowhere.dev/sent": OK,
        "http://p.nowhere.dev/back": OK,
        "https://p.nowhere.dev/back": redirect(302, "http://p.nowhere.dev/back"),
        "http://wrong.nowhere.dev/both": OK,
    }
    names = ("both", "plain", "other", "sent", "back")
    note(
        vault, *(f"http://p.nowhere.dev/{name}" for name in names), "http://wrong.nowhere.dev/both"
    )
    assert [(rule, to) for rule, _, to in online(vault)] == [
        ("insecure-url", ["https://p.nowhere.dev/both"]),
        ("insecure-url", ["https://p.nowhere.dev/sent"]),
    ]


# --- parts of pages ---


PAGE = b"""<h2 id="one">1</h2><a name='two'></a><i ID=three></i>
<h2 id="user-content-four">4</h2><h2 id="a&amp;b">5</h2><h2 id="\xc3\xbcber">6</h2>"""


def test_parts_of_pages_are_looked_for_when_asked(vault: Vault, web: Web) -> None:
    web.pages["a.nowhere.dev/p"] = reply(200, PAGE)
    there = (
        "one",
        "two",
        "three",
        "four",
        "a&b",
        "%C3%BCber",
        "top",
        "",
        "/route",
        "^block",
        "!route",
        "page=3",
    )
    parts = (*there, ":~:text=Text", "none", "One")
    note(vault, *(f"{A}/p#{part}" for part in parts))
    assert online(vault) == []
    assert web.methods("a.nowhere.dev/p") == ["HEAD"]
    configure(vault, anchors=True)
    assert [message[:66] for _, message, _ in online(vault)] == [
        "this address is dead (the page has no part `#none`): write one tha",
        "this address is dead (the page has no part `#One`): write one that",
    ]
    assert web.methods("a.nowhere.dev/p") == ["HEAD", "GET"]
    assert len(online(vault)) == 2
    assert web.methods("a.nowhere.dev/p") == ["HEAD", "GET"]


@pytest.mark.parametrize(
    "page",
    [
        reply(200, b"<div>made by a script</div>"),
        reply(200, PAGE, type="application/pdf"),
        reply(200, PAGE, Content_Encoding="gzip"),
        reply(200, PAGE + b"x" * 5_000_000),
    ],
)
def test_parts_of_what_cannot_be_read_are_not_judged(vault: Vault, web: Web, page: Answer) -> None:
    configure(vault, anchors=True)
    web.pages["a.nowhere.dev/p"] = page
    note(vault, f"{A}/p#none")
    assert ask(vault) == ([], {})


# --- hostile servers ---


_HEAD = b"HTTP/1.1 200 OK\r\n"
HOSTILE = {
    "nothing": raw(),
    "no http": raw(b"\x00\xff\x00garbage\r\n\r\n"),
    "a header without end": raw(_HEAD + b"X: " + b"x" * 20_000),
    "headers without end": raw(_HEAD, *[b"X: y\r\n" * 500] * 400),
    "an endless first line": raw(b"HTTP/1.1 200 " + b"x" * 200_000),
    "slow headers": raw(b"HTTP/1.1 200 OK\r\nX", pause=0.05, times=30),
    "continue for ever": raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 500, times=300),
    "a length that is none": raw(_HEAD + b"Content-Length: many\r\n\r\n"),
    "two lengths": raw(_HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
    "a location of bytes": raw(b"HTTP/1.1 301 X\r\nLocation: /\xff\xfe\x00\r\n\r\n"),
    "a status that is none": raw(b"HTTP/1.1 99999 X\r\n\r\n"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_server_changes_nothing_but_the_finding(
    vault: Vault, web: Web, name: str
) -> None:
    configure(vault, timeout=1)
    web.pages |= {
        "a.nowhere.dev/p": HOSTILE[name],
        "b.nowhere.dev/gone": reply(410),
        "good.elsewhere.dev/": OK,
    }
    note(vault, "http://a.nowhere.dev/p", "https://b.nowhere.dev/gone", GOOD)
    found, told = ask(vault)
    assert [rule for rule, _, _ in found] == ["dead-url"]
    assert set(told) == {"http://a.nowhere.dev/p"}


BODIES = {
    "a body cut short": raw(
        _HEAD + b"Content-Type: text/html\r\nContent-Length: 999\r\n\r\n<p id=x>"
    ),
    "broken chunks": raw(
        _HEAD + b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n<p id=x>\r\n"
    ),
    "a slow body": raw(
        _HEAD + b"Content-Type: text/html\r\nContent-Length: 99999\r\n\r\n",
        b"<",
        pause=0.2,
        times=5,
    ),
    "an endless body": raw(
        _HEAD + b"Content-Type: text/html\r\n\r\n" + b"<p id=x>" * 1_000, times=700
    ),
    "a charset that is none": raw(
        _HEAD + b"Content-Type: text/html; charset=zip\r\nContent-Length: 8\r\n\r\n<p id=x>"
    ),
}


@pytest.mark.parametrize("anchors", [False, True])
@pytest.mark.parametrize("name", BODIES)
def test_hostile_bodies(vault: Vault, web: Web, name: str, anchors: bool) -> None:
    configure(vault, timeout=1, anchors=anchors)
    web.pages["a.nowhere.dev/p"] = BODIES[name]
    note(vault, f"{A}/p#\u00fc")
    assert online(vault) == []


# --- what is asked, and how often ---


def test_each_address_is_asked_once_and_each_place_has_its_finding(vault: Vault, web: Web) -> None:
    web.pages["a.nowhere.dev/gone"] = reply(404)
    gone = f"{A}/gone"
    vault.write(
        {
            **{f"N{n}.md": f"<{gone}> [x]({gone}#a) {gone}\n" for n in range(5)},
            "P.md": f"---\nurl: {gone}\n---\n<a href='{gone}'>x</a>\n",
            "C.canvas": json.dumps({"nodes": [{"type": "link", "url": gone}]}),
        }
    )
    assert len(online(vault)) == 5 * 3 + 2 + 1
    assert web.methods("a.nowhere.dev/gone") == ["HEAD", "GET"]


def test_two_redirects_to_one_page_ask_it_once(vault: Vault, web: Web) -> None:
    web.pages |= {
        "a.nowhere.dev/1": redirect(302, "/page"),
        "a.nowhere.dev/2": redirect(302, "/page"),
        "a.nowhere.dev/page": OK,
    }
    note(vault, f"{A}/1", f"{A}/2", f"{A}/page")
    assert online(vault) == []
    assert web.methods("a.nowhere.dev/page") == ["HEAD"]


def test_what_is_never_asked(vault: Vault, web: Web) -> None:
    configure(vault, ignore=["ignored.dev", f"{A}/private/*", "b.nowhere.dev/x*"])
    note(
        vault,
        "https://example.com/",
        "https://www.example.org/a",
        "http://a.invalid/",
        "http://a.test/",
        "http://a.localhost/",
        "http://x.onion/",
        "https://sub.ignored.dev/",
        f"{A}/private/page",
        "https://b.nowhere.dev/xyz",
        "https://a.nowhere.dev/{{title}}",
        "mailto:me@nowhere.dev",
        "obsidian://open?vault=x",
        "data:text/plain,x",
    )
    assert ask(vault) == ([], {})
    assert (web.seen, web.connected) == ([], [])


def test_offline_nothing_is_asked(vault: Vault, web: Web) -> None:
    web.pages["a.nowhere.dev/gone"] = reply(404)
    note(vault, f"{A}/gone")
    assert vault.found() == []
    assert (web.seen, web.connected, web.looked_up) == ([], [], [])


def test_where_no_rule_asks_nothing_is_asked(vault: Vault, web: Web) -> None:
    web.pages |= {"a.nowhere.dev/1": reply(404), "a.nowhere.dev/2": reply(404)}
    vault.write({"A/N.md": f"<{A}/1>\n", "B/N.md": f"<{A}/2>\n", "Templates/T.md": f"<{A}/3>\n"})
    vault.write({".obsidian/templates.json": '{"folder": "Templates"}'})
    assert vault.found("--online", "--select", "broken-link") == []
    assert web.seen == []
    assert vault.found("--online", "A") == [("A/N.md", "dead-url")]
    assert {seen.path for seen in web.seen} == {"/1"}


def test_names_beyond_ascii_and_escapes(vault: Vault, web: Web) -> None:
    web.pages["xn--bcher-kva.nowhere.dev/a%20b/%C3%BC?q=%C3%BC"] = reply(404)
    note(vault, "https://b\u00fccher.nowhere.dev/a%20b/\u00fc?q=\u00fc")
    assert [rule for rule, _, _ in online(vault)] == ["dead-url"]
    assert {seen.host for seen in web.seen} == {"xn--bcher-kva.nowhere.dev"}


def test_characters_that_are_none(vault: Vault, web: Web) -> None:
    configure(vault, anchors=True)
    web.pages["a.nowhere.dev"] = OK
    nodes = [
        {"type": "link", "url": f"{A}/{text}"} for text in ("1#\ud800", "2\ud800#x", "3#%zz%ff")
    ]
    vault.write({"C.canvas": json.dumps({"nodes": nodes})})
    assert [rule for rule, _, _ in online(vault)] == ["dead-url"] * 3


def test_escapes_are_sent_as_they_are_written(vault: Vault, web: Web) -> None:
    web.pages["a.nowhere.dev/%28a%2Fb%3B%7e?q=%22a+b%27"] = redirect(302, "%28c%29?x=%3B")
    web.pages["a.nowhere.dev/%28c%29?x=%3B"] = OK
    note(vault, "https://A.nowhere.dev/../x/../%C3%BC", f"{A}/%28a%2Fb%3B%7e?q=%22a+b%27#x")
    assert [rule for rule, _, _ in online(vault)] == ["dead-url"]
    assert set(web.counts()) == {
        f"{A}/%C3%BC",
        f"{A}/%28a%2Fb%3B%7e?q=%22a+b%27",
        f"{A}/%28c%29?x=%3B",
    }


def test_standard_input_and_a_cached_vault(vault: Vault, web: Web) -> None:
    """What nothing has changed in is asked as well, and the snapshot holds no answers."""
    web.pages["a.nowhere.dev/gone"] = reply(404)
    vault.write({"Note.md": f"<{A}/gone> [[none]]\n"})
    everything = [("Note.md", "dead-url"), ("Note.md", "broken-link")]
    assert vault.found() == everything[1:]
    assert vault.found("--online") == everything
    assert vault.found() == everything[1:]
    assert vault.found("--online") == everything
    given = vault.found("--online", "-", "--stdin-filename", "New.md", input=f"<{A}/gone>\n")
    assert given == [("New.md", "dead-url")]


# --- manners ---


def test_a_host_is_asked_by_few_at_once(vault: Vault, web: Web) -> None:
    """Each answer waits for a second one that is under way; a third would be seen."""
    under_way, most = 0, 0
    lock = threading.Lock()

    def slow(request: Request, client: socket.socket) -> bool:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        threading.Event().wait(0.05)
        with lock:
            under_way -= 1
        return OK(request, client)

    configure(vault, per_host=2, concurrency=8)
    web.pages |= {f"{host}.nowhere.dev": slow for host in "ab"}
    note(vault, *(f"https://a.nowhere.dev/{number}" for number in range(8)))
    assert online(vault) == []
    assert most in (1, 2)
    configure(vault, per_host=4, concurrency=1)
    note(vault, *(f"https://{host}.nowhere.dev/x{n}" for n in range(3) for host in "ab"))
    most = 0
    assert online(vault) == []
    assert most == 1


def test_a_busy_host_is_asked_again(vault: Vault, web: Web) -> None:
    answers = [reply(503, Retry_After="0"), reply(429), reply(200)]

    def answer(request: Request, client: socket.socket) -> bool:
        return answers.pop(0)(request, client)

    web.pages["a.nowhere.dev/p"] = answer
    note(vault, f"{A}/p")
    assert ask(vault) == ([], {})
    assert web.methods("a.nowhere.dev/p") == ["HEAD"] * 3


@pytest.mark.parametrize(
    "wait", ["3600", "Fri, 31 Dec 2100 23:59:59 GMT", "nonsense", "-1", "9" * 99]
)
def test_a_host_that_wants_to_be_left_alone_is(vault: Vault, web: Web, wait: str) -> None:
    configure(vault, per_host=1)
    web.pages["a.nowhere.dev"] = reply(429, Retry_After=wait)
    note(vault, *(f"{A}/{number}" for number in range(9)))
    assert len(unknown(vault)) == 9
    assert len(web.seen) == (1 if wait[:1] in "3F" else 3)


def test_a_host_that_is_not_there_holds_nothing_up(vault: Vault, web: Web) -> None:
    configure(vault, per_host=1, timeout=0.2)
    web.pages |= {"a.nowhere.dev": raw(b"", pause=1), "good.elsewhere.dev/": OK}
    note(vault, *(f"{A}/{number}" for number in range(50)), GOOD)
    assert len(unknown(vault)) >= 50
    assert len(web.seen) < 15


def test_slow_pages_do_not_hide_a_dead_one(vault: Vault, web: Web) -> None:
    configure(vault, per_host=1, timeout=0.3)
    web.pages |= {f"a.nowhere.dev/{number}": raw(b"", pause=1) for number in range(4)}
    web.pages["a.nowhere.dev/gone"] = reply(404)
    note(vault, *(f"{A}/{number}" for number in range(4)), f"{A}/gone")
    assert [rule for rule, *_ in online(vault)] == ["dead-url"]


def test_the_budget_ends_the_asking(vault: Vault, web: Web) -> None:
    configure(vault, budget=0.6, concurrency=2, per_host=1)
    web.pages |= {f"h{number}.nowhere.dev": raw(b"", pause=3) for number in range(100)}
    web.pages["good.elsewhere.dev/"] = OK
    note(vault, *(f"https://h{number}.nowhere.dev/" for number in range(100)))
    told = unknown(vault)
    assert len(told) == 100
    assert set(told.values()) == {"there was no time left to ask"}
    assert len(web.seen) <= 2


def test_what_was_not_reached_is_asked_by_the_next_run(vault: Vault, web: Web) -> None:
    configure(vault, budget=1.0, delay=0.3, per_host=1)
    web.pages["a.nowhere.dev"] = OK
    note(vault, *(f"{A}/{number}" for number in range(5)))
    done: list[int] = []
    while not done or done[-1]:
        done.append(len(unknown(vault)))
        assert len(done) < 30
    assert max(web.counts().values()) <= 2


# --- the local network ---


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data",
        "http://192.168.0.1/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://2130706433/",
        "http://127.1/",
        "http://0x7f.0.0.1/",
        "http://localhost/",
        "http://router/",
        "http://nas.local/",
        "http://wiki.internal/",
        "http://near.nowhere.dev/",
        "http://near6.nowhere.dev/",
        "http://far.nowhere.dev/",
    ],
)
def test_the_local_network_is_not_asked(vault: Vault, web: Web, address: str) -> None:
    configure(vault, allow_private=False)
    web.numbers |= {
        "near.nowhere.dev": "192.168.7.7",
        "near6.nowhere.dev": "::ffff:10.0.0.1",
        "0x7f.0.0.1": "127.0.0.1",
        "127.1": "127.0.0.1",
    }
    note(vault, address)
    told = unknown(vault)
    assert list(told) == [address]
    assert web.connected == []


def test_the_local_network_is_not_asked_after_a_redirect(
    vault: Vault, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the first host counts as one of the internet here."""
    monkeypatch.setattr(names, "is_public", lambda number: str(number) == "127.0.0.1")
    configure(vault, allow_private=False)
    web.numbers["near.nowhere.dev"] = "127.0.0.2"
    web.pages |= {
        "a.nowhere.dev/1": redirect(301, f"http://127.0.0.1:{web.port}/"),
        "a.nowhere.dev/2": redirect(301, f"http://[::ffff:127.0.0.1]:{web.port}/"),
        "a.nowhere.dev/3": redirect(301, "http://localhost/"),
        "a.nowhere.dev/4": redirect(301, "http://near.nowhere.dev/x"),
    }
    note(vault, *(f"{A}/{number}" for number in range(1, 5)))
    told = unknown(vault)
    assert len(told) == 4
    assert all("local network" in reason for reason in told.values())
    assert {seen.host for seen in web.seen} == {"a.nowhere.dev"}
    assert set(web.connected) == {"127.0.0.1"}


def test_of_a_name_with_several_numbers_the_public_ones_are_asked() -> None:
    assert is_public(ip_address("1.1.1.1"))
    assert is_public(ip_address("2606:4700:4700::1111"))
    assert is_public(ip_address("::ffff:1.1.1.1"))
    assert not is_public(ip_address("2001:0:1:1:1:1:1:1"))


# --- proxies ---


def test_proxies_of_the_environment_are_used(
    vault: Vault, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may be near; what they are asked for may not."""
    monkeypatch.setenv("http_proxy", f"http://localhost:{web.port}")
    configure(vault, allow_private=False)
    web.pages["p.nowhere.devhttp://p.nowhere.dev/a"] = reply(404)
    note(vault, "http://p.nowhere.dev/a", "http://10.0.0.1/", "http://localhost/x")
    found = online(vault)
    assert [rule for rule, _, _ in found] == ["dead-url"]
    assert {seen.path for seen in web.seen} == {"http://p.nowhere.dev/a"}
    assert len(unknown(vault)) == 2


def test_a_tunnel_through_a_proxy(vault: Vault, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands between the proxy and the host is looked up there, and its certificate here."""
    monkeypatch.setenv("https_proxy", f"http://localhost:{web.port}")
    configure(vault, allow_private=False)
    web.pages["a.nowhere.dev/gone"] = reply(404)
    note(vault, f"{A}/gone", "https://foreign.another.dev/")
    found, told = ask(vault)
    assert [message[:30] for _, message, _ in found] == [
        "this address is dead (404 Not ",
        "this address is dead (the cert",
    ]
    assert told == {}
    assert set(web.looked_up) == {"localhost"}
    assert {seen.method for seen in web.seen} == {"CONNECT", "HEAD", "GET"}


def test_a_proxy_of_another_kind_is_told(
    vault: Vault, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", "socks5://localhost:1")
    note(vault, f"{A}/1")
    assert unknown(vault) == {f"{A}/1": "the proxy for it speaks no HTTP"}
    assert web.connected == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_does_not_exist_is_not_the_hosts_fault(
    vault: Vault, web: Web, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv(f"{scheme}_proxy", "http://none.nowhere.dev:8080")
    web.missing.add("none.nowhere.dev")
    web.pages |= {"b.nowhere.dev/": OK, "good.elsewhere.dev/": OK}
    note(vault, f"{scheme}://a.nowhere.dev/1", GOOD, "http://b.nowhere.dev/")
    found, told = ask(vault)
    assert "dead-url" not in [rule for rule, _, _ in found]
    assert f"{scheme}://a.nowhere.dev/1" in told


def test_no_password_leaves(
    vault: Vault, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine a.nowhere.dev login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    web.pages["a.nowhere.dev"] = reply(200, Set_Cookie="a=b")
    note(vault, f"{A}/1", f"{A}/2", "https://me:secret@a.nowhere.dev/3")
    assert "password" in unknown(vault)["https://me:secret@a.nowhere.dev/3"]
    assert {seen.path for seen in web.seen} == {"/1", "/2"}
    for seen in web.seen:
        assert not {"cookie", "authorization", "referer"} & set(seen.headers)
        assert "vaultlint/" in seen.headers["user-agent"]


def test_the_user_agent_is_free(vault: Vault, web: Web) -> None:
    configure(vault, user_agent="notes of mine")
    web.pages["a.nowhere.dev"] = OK
    note(vault, f"{A}/1")
    assert online(vault) == []
    assert web.seen[0].headers["user-agent"] == "notes of mine"


# --- what is kept ---


def kept(tmp_path: Path) -> Path:
    (file,) = (tmp_path / "cache-home" / "vaultlint").glob("*.web.json")
    return file


def age(file: Path, days: float) -> None:
    data = json.loads(file.read_text())
    for entry in data["answers"].values():
        entry["asked"] -= int(days * 86_400)
    file.write_text(json.dumps(data))


def test_answers_are_kept_for_their_time(vault: Vault, web: Web, tmp_path: Path) -> None:
    web.pages |= {
        "a.nowhere.dev/ok": OK,
        "a.nowhere.dev/moved": redirect(301, "/ok"),
        "a.nowhere.dev/gone": reply(404),
        "a.nowhere.dev/403": reply(403),
        "a.nowhere.dev/broken": raw(),
    }
    note(vault, *(f"{A}/{name}" for name in ("moved", "gone", "403", "broken")))
    first = online(vault)
    file = kept(tmp_path)
    told = json.loads(file.read_text())["answers"]
    assert list(told) == sorted(told) == [f"{A}/403", f"{A}/gone", f"{A}/moved"]

    def asked_now() -> set[str]:
        web.seen.clear()
        assert online(vault) == first
        return {seen.path for seen in web.seen}

    assert asked_now() == {"/broken"}
    age(file, 2)
    assert asked_now() == {"/broken", "/403", "/gone"}
    age(file, 29)
    assert asked_now() == {"/broken", "/403", "/gone", "/moved", "/ok"}
    configure(vault, max_age=0)
    assert asked_now() == {"/broken", "/403", "/gone", "/moved", "/ok"}


def test_without_a_cache_nothing_is_kept(vault: Vault, web: Web, tmp_path: Path) -> None:
    web.pages["a.nowhere.dev"] = OK
    note(vault, f"{A}/1")
    assert online(vault, "--no-cache") == online(vault, "--no-cache") == []
    assert len(web.seen) == 2
    assert not list((tmp_path / "cache-home").rglob("*.web.json"))
    assert online(vault, "--cache-dir", "kept") == []
    assert len(list((vault.root / "kept").glob("*.web.json"))) == 1
    assert vault.run("clean", "--cache-dir", "kept").exit_code == 0
    assert not (vault.root / "kept").exists()


ENTRY = {"asked": 0, "verdict": "alive"}
DAMAGE: dict[str, object] = {
    "cut short": b'{"version": 1, "answers": {"https',
    "no text": b"\xff\x00",
    "no mapping": [],
    "another version": {"version": 2, "answers": {f"{A}/gone": {**ENTRY, "asked": 1 << 40}}},
    "nested deeply": b'{"version":1,"answers":' + b"[" * 100_000,
    "of the future": {"version": 1, "answers": {f"{A}/gone": {**ENTRY, "asked": 1 << 40}}},
    "of a verdict that is none": {
        "version": 1,
        "answers": {f"{A}/gone": {"asked": 0, "verdict": "x"}},
    },
    "huge numbers": b'{"version":1,"answers":{"a":{"asked":1e999,"verdict":"alive"}}}',
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_file_is_none(vault: Vault, web: Web, tmp_path: Path, name: str) -> None:
    web.pages["a.nowhere.dev/gone"] = reply(404)
    note(vault, f"{A}/gone")
    first = online(vault)
    data = DAMAGE[name]
    kept(tmp_path).write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    web.seen.clear()
    assert online(vault) == first
    assert len(web.seen) == 2


def test_hostile_addresses_in_a_file_are_not_proposed(
    vault: Vault, web: Web, tmp_path: Path
) -> None:
    web.pages["a.nowhere.dev/gone"] = reply(404)
    note(vault, f"{A}/gone")
    first = online(vault)
    file = kept(tmp_path)
    data = json.loads(file.read_text())
    for to in ("javascript:alert(1)", "https://x/\x1b[2J", "https://x\n"):
        data["answers"][f"{A}/gone"] |= {"verdict": "alive", "moved_to": to}
        file.write_text(json.dumps(data))
        assert online(vault) == first


def test_a_link_in_place_of_the_file_is_not_followed(
    vault: Vault, web: Web, tmp_path: Path
) -> None:
    web.pages["a.nowhere.dev"] = OK
    note(vault, f"{A}/1")
    assert online(vault) == []
    file = kept(tmp_path)
    victim = tmp_path / "victim"
    victim.write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(victim)
    before = victim.read_bytes()
    assert online(vault) == []
    assert len(web.seen) == 2
    assert (victim.read_bytes(), file.is_symlink()) == (before, False)


def test_a_damaged_pack_is_none(vault: Vault, web: Web, tmp_path: Path) -> None:
    """The facts of notes in which nothing else is looked for are read for their addresses."""
    web.pages["a.nowhere.dev/gone"] = reply(404)
    note(vault, f"{A}/gone")
    for path in (vault.root / "Note.md", vault.root / "vaultlint.toml", vault.root):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    assert vault.found() == []
    (pack,) = (tmp_path / "cache-home" / "vaultlint").glob("*.pack")
    data = pack.read_bytes()
    pack.write_bytes(data[:-20] + bytes(20))
    assert "cache: not used" in vault.run("check", "--online", "--verbose").stderr
    assert vault.found("--online") == [("Note.md", "dead-url")]


# --- the command line ---


def test_without_aiohttp_the_error_names_the_extra(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in list(sys.modules):
        if module.startswith("vaultlint.web."):
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    assert vault.error("check", "--online") == (
        "error: --online needs aiohttp: `pip install 'vaultlint[web]'`"
    )
    assert vault.found() == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("timeut = 3", "vaultlint.toml:2: unknown key `timeut`; did you mean `timeout`?"),
        ("timeout = 0", "vaultlint.toml:2: `timeout`: "),
        ("budget = -1", "vaultlint.toml:2: `budget`: "),
        ("budget = nan", "vaultlint.toml:2: `budget`: "),
        ("concurrency = 1000", "vaultlint.toml:2: `concurrency`: "),
        ("max-age = 'x'", "vaultlint.toml:2: `max-age` is a number, and not a text"),
        ('user_agent = "a\\nb"', "vaultlint.toml:2: `user-agent`: "),
        ("online = true", "vaultlint.toml:2: unknown key `online`"),
    ],
)
def test_errors_in_the_table_name_their_line(vault: Vault, text: str, error: str) -> None:
    vault.write({"vaultlint.toml": f"[references.web]\n{text}\n"})
    assert error in vault.error("check")


def test_what_could_not_be_checked_is_counted(vault: Vault, web: Web) -> None:
    web.pages |= {"a.nowhere.dev/ok": OK, "a.nowhere.dev/403": reply(403)}
    note(vault, f"{A}/ok", f"{A}/403")
    said = "1 of 2 addresses could not be checked; --verbose tells which, and why.\n"
    done = vault.run("check", "--online")
    assert (done.exit_code, done.stderr) == (0, said)
    assert vault.run("check", "--online", "--quiet").stderr == ""
    assert vault.run("check").stderr == ""


def test_selection_and_severity_work_as_with_every_rule(vault: Vault, web: Web) -> None:
    web.pages |= {
        "a.nowhere.dev/gone": reply(404),
        "a.nowhere.dev/old": redirect(301, "/new"),
        "a.nowhere.dev/new": OK,
    }
    note(vault, f"{A}/gone", f"{A}/old")
    assert vault.run("check", "--online", "--ignore", "dead-url").exit_code == 0
    config = "rules.dead-url.severity='info'"
    found = vault.check("--online", "--config", config)["findings"]
    assert [(f["rule"], f["severity"]) for f in found] == [
        ("dead-url", "info"),
        ("redirected-url", "info"),
    ]
    sarif = vault.run("check", "--online", "--output-format", "sarif").stdout
    assert f"{A}/new" in sarif


def test_progress_is_told(vault: Vault, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "use_progress", lambda _: True)
    monkeypatch.setattr(progress, "_PATIENCE", -1)
    monkeypatch.setattr(progress, "_INTERVAL", 0)
    web.pages["a.nowhere.dev"] = OK
    note(vault, *(f"{A}/{number}" for number in range(3)))
    stderr = vault.run("check", "--online").stderr
    assert "1 of 3 addresses asked" in stderr
    assert stderr.endswith(" \r")


#: Runs `check --online` with the look-up of a test.
_PROCESS = """
from vaultlint.web import names
from vaultlint.web.names import Found
names.look_up = lambda host, port: [Found("127.0.0.1", {port})]
from vaultlint.cli import main
main(["check", "--online", "--verbose"])
"""


def test_an_interrupt_ends_it_quickly_and_keeps_the_answers(
    vault: Vault, web: Web, tmp_path: Path
) -> None:
    web.pages |= {"a.nowhere.dev/gone": reply(404), "b.nowhere.dev": raw(b"", pause=9)}
    note(vault, "http://a.nowhere.dev/gone", "http://b.nowhere.dev/slow")
    configure(vault, timeout=60)
    code = _PROCESS.format(port=web.port)
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=vault.root, stderr=subprocess.PIPE, env=os.environ
    )
    for _ in range(1_000):
        if len(web.seen) >= 3:
            break
        time.sleep(0.02)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130, stderr
    assert stderr.decode().splitlines()[-1] == "interrupted"
    assert list(json.loads(kept(tmp_path).read_text())["answers"]) == ["http://a.nowhere.dev/gone"]


def test_a_look_up_that_hangs_holds_no_run_up(vault: Vault) -> None:
    configure(vault, budget=0.5)
    note(vault, f"{A}/1")
    code = (
        "import time\nfrom vaultlint.web import names\n"
        "names.look_up = lambda host, port: time.sleep(60)\n"
        "from vaultlint.cli import main\nmain(['check', '--online'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=vault.root, capture_output=True, timeout=30, check=False
    )
    assert (done.returncode, done.stderr.count(b"could not be checked")) == (0, 1)


def test_findings_stand_in_one_order_with_the_others(vault: Vault, web: Web) -> None:
    web.pages["a.nowhere.dev/gone"] = reply(404)
    vault.write({"A.md": f"[[none]]\n\n<{A}/gone>\n\n[[none]]\n", "B.md": f"<{A}/gone> [[none]]\n"})
    assert [f"{path} {rule}" for path, rule in vault.found("--online")] == [
        "A.md broken-link",
        "A.md dead-url",
        "A.md broken-link",
        "B.md dead-url",
        "B.md broken-link",
    ]
