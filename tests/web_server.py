"""A server on this machine that answers as badly as any, and a network in which it is all hosts.

It speaks HTTP from bytes, so that it can break every rule. Names lead to it by a look-up of our own;
nothing else can be reached.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import trustme

from vaultlint.web.names import Found, NoSuchHost


class Request(NamedTuple):
    """What a client asked."""

    scheme: str
    method: str
    host: str
    path: str
    headers: Mapping[str, str]


#: Sends an answer; true: the connection serves for more.
Answer = Callable[[Request, socket.socket], bool]


def reply(
    status: int,
    body: bytes = b"",
    *,
    head: int | None = None,
    type: str = "text/html; charset=utf-8",
    **headers: str,
) -> Answer:
    """An orderly answer; `head`: the status that HEAD has."""

    def answer(request: Request, client: socket.socket) -> bool:
        code = head if head is not None and request.method == "HEAD" else status
        lines = [
            f"HTTP/1.1 {code} {'A' * 5}",
            f"Content-Length: {len(body)}",
            f"Content-Type: {type}",
        ]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        client.sendall("\r\n".join((*lines, "", "")).encode("latin-1"))
        if request.method != "HEAD":
            client.sendall(body)
        return True

    return answer


def redirect(status: int, location: str) -> Answer:
    return reply(status, Location=location)


def raw(*pieces: bytes, pause: float = 0.0, times: int = 1) -> Answer:
    """Bytes as they are, again and again, and then the end of the connection."""

    def answer(_: Request, client: socket.socket) -> bool:
        for _round in range(times):
            for piece in pieces:
                client.sendall(piece)
                time.sleep(pause)
        return False

    return answer


class Web:
    """The server. `pages` are answers by `host/path`, or by `host` for all of it."""

    def __init__(self, folder: Path) -> None:
        self.pages: dict[str, Answer] = {}
        self.seen: list[Request] = []
        self.connected: list[str] = []
        self.looked_up: list[str] = []
        self.missing: set[str] = set()
        self.numbers: dict[str, str] = {}
        self._running = True
        self._listeners: list[socket.socket] = []
        authority = trustme.CA()
        self.trusted = folder / "trusted.pem"
        authority.cert_pem.write_to_path(str(self.trusted))
        good = authority.issue_cert("*.nowhere.dev", "nowhere.dev", "*.elsewhere.dev")
        old = authority.issue_cert(
            "old.nowhere.dev", not_after=datetime.now(UTC) - timedelta(days=1)
        )
        other = authority.issue_cert("*.another.dev")
        unknown = trustme.CA().issue_cert("self.nowhere.dev")
        self._tunnel = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        good.configure_cert(self._tunnel)
        self._plain = self._listen(None)
        self._secure = self._listen(good)
        self._ports = {
            "old.nowhere.dev": self._listen(old),
            "wrong.nowhere.dev": self._listen(other),
            "self.nowhere.dev": self._listen(unknown),
        }

    def _listen(self, certificate: trustme.LeafCert | None) -> int:
        listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
        self._listeners.append(listener)
        threading.Thread(target=self._accept, args=(listener, context), daemon=True).start()
        port: int = listener.getsockname()[1]
        return port

    def _accept(self, listener: socket.socket, context: ssl.SSLContext | None) -> None:
        while self._running:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client, context), daemon=True).start()

    def _serve(self, client: socket.socket, context: ssl.SSLContext | None) -> None:
        client.settimeout(20)
        with contextlib.suppress(OSError), client:
            if context is not None:
                with context.wrap_socket(client, server_side=True) as secured:
                    self._talk("https", secured)
            else:
                self._talk("http", client)

    def _talk(self, scheme: str, client: socket.socket) -> None:
        with client.makefile("rb") as lines:
            while first := lines.readline().decode("latin-1").split():
                headers = {}
                while line := lines.readline().decode("latin-1").strip():
                    name, _, value = line.partition(":")
                    headers[name.lower()] = value.strip()
                host = headers.get("host", "")
                request = Request(scheme, first[0], host, first[1], headers)
                self.seen.append(request)
                if request.method == "CONNECT":
                    client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                    with self._tunnel.wrap_socket(client, server_side=True) as secured:
                        self._talk("https", secured)
                    return
                page = f"{host}{request.path}"
                answer = self.pages.get(f"{scheme}://{page}") or self.pages.get(page)
                answer = answer or self.pages.get(host) or reply(404)
                if not answer(request, client):
                    return

    def look_up(self, host: str, port: int) -> list[Found]:
        """What stands for the system's look-up of names."""
        self.looked_up.append(host)
        if host in self.missing:
            raise NoSuchHost(host)
        if host in self.numbers:
            return [Found(self.numbers[host], port)]
        if not host.endswith((".dev", "localhost")):
            raise OSError(f"a test asked for {host}")
        if port not in (80, 443):
            return [Found("127.0.0.1", port)]
        secure = self._ports.get(host, self._secure)
        return [Found("127.0.0.1", self._plain if port == 80 else secure)]

    @property
    def port(self) -> int:
        """The port that speaks without encryption."""
        return self._plain

    def counts(self) -> Counter[str]:
        """How often each address was asked, in whatever way."""
        return Counter(f"{seen.scheme}://{seen.host}{seen.path}" for seen in self.seen)

    def methods(self, page: str) -> list[str]:
        """How a page was asked, in turn."""
        return [seen.method for seen in self.seen if f"{seen.host}{seen.path}" == page]

    def close(self) -> None:
        self._running = False
        for listener in self._listeners:
            listener.close()


@contextlib.contextmanager
def watch_connections(web: Web) -> Iterator[None]:
    """Note every address that this process connects to."""
    is_on = True

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if is_on and event == "socket.connect":
            address = arguments[1]
            web.connected.append(str(address[0]) if isinstance(address, tuple) else "")

    sys.addaudithook(watch)
    try:
        yield
    finally:
        is_on = False
