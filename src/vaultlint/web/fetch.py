"""One address, asked: HEAD, then GET where that tells more, and again where it may help."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Literal, NamedTuple
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

from vaultlint import __version__
from vaultlint.web.addresses import NotAsked, host_name, is_left_out, require_public
from vaultlint.web.names import LocalHost, NoSuchHost, Resolver
from vaultlint.web.pace import Host, LeftAlone, Pace
from vaultlint.web_settings import WebSettings

FaultKind = Literal["no-host", "certificate", "refused", "timeout", "network", "left-alone"]

#: Seconds to wait before asking again, where a host is busy or the network failed.
RETRIES = (1.0, 4.0)
#: A host that wants to be left alone for longer than that is, in seconds.
_LONGEST_WAIT = 60.0
#: The part of the time for an answer in which a connection must stand.
_CONNECTING = 0.8
#: So much of a page is read for the names of its parts, in bytes.
_MOST_READ = 4_000_000
_HOST_IS_BUSY = (429, 503)
_BUSY = (*_HOST_IS_BUSY, 500, 502, 504)
_AGENT = f"Mozilla/5.0 (compatible; vaultlint/{__version__}; link check)"
#: Codes of OpenSSL for what no reader's browser lets pass either.
_CERTIFICATE_FAULTS: Mapping[int, str] = {
    10: "the certificate of `{}` has expired",
    62: "the certificate of `{}` is of another host",
}

#: Does Python leave secure connections half open that a server does not close (CPython 118950)?
_LEAVES_CONNECTIONS = sys.version_info < (3, 12, 7) or sys.version_info[:3] == (3, 13, 0)


class Fault(Exception):
    """There was no answer; the message says why."""

    def __init__(self, kind: FaultKind, message: str, *, reached: bool = False) -> None:
        """`reached`: the host was, and what then went wrong is a matter of the page."""
        super().__init__(message)
        self.kind = kind
        self.reached = reached


class Reply(NamedTuple):
    """An answer of a server: its status, where it leads on, and what it is.

    `body` is the whole page where it was wanted, and none of it where it is too large, cut short,
    or no page. `wait` are the seconds that the server asks to wait.
    """

    status: int
    location: str
    type: str
    charset: str
    wait: float | None = None
    body: bytes | None = None

    @property
    def status_text(self) -> str:
        """The status as people know it."""
        try:
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return f"status {self.status}"


class Fetcher:
    """Asks addresses; what it was told of one it need not ask again."""

    def __init__(self, settings: WebSettings, pace: Pace) -> None:
        self._settings = settings
        self._pace = pace
        self._proxies = getproxies()
        hosts = (_host(proxy) for proxy in self._proxies.values())
        self._proxy_hosts = frozenset(filter(None, hosts))
        self._replies: dict[URL, asyncio.Task[Reply]] = {}
        #: Hosts that answered, in each way: if any did, the network is there.
        self.reached: set[tuple[str, str]] = set()
        resolver = Resolver(self._proxy_hosts, allow_private=settings.allow_private)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=resolver,
                ssl=ssl.create_default_context(),
                limit=settings.concurrency,
                ttl_dns_cache=None,
                family=socket.AF_UNSPEC,
                enable_cleanup_closed=_LEAVES_CONNECTIONS,
            ),
            timeout=aiohttp.ClientTimeout(
                total=settings.timeout, sock_connect=_CONNECTING * settings.timeout
            ),
            headers={
                "User-Agent": settings.user_agent or _AGENT,
                "Accept": "text/html,*/*;q=0.8",
                "Accept-Encoding": "identity",
            },
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    def require_allowed(self, url: URL) -> None:
        """Raise NotAsked where an address must not be asked, wherever it comes from."""
        if is_left_out(url, self._settings):
            raise NotAsked(f"it leads to `{host_name(url)}`, which is left out")
        if not self._settings.allow_private:
            require_public(url)
            if host_name(url) in self._proxy_hosts:
                raise NotAsked("it is the address of a proxy")

    async def ask(self, url: URL, *, page: bool = False) -> Reply:
        """What a server says of an address; with `page` also what is there. Raises Fault."""
        if page:
            return await self._ask_patiently(url, page=True)
        known = self._replies.get(url)
        if known is None:
            known = self._replies[url] = asyncio.create_task(self._ask_patiently(url, page=False))
        return await known

    async def _ask_patiently(self, url: URL, *, page: bool) -> Reply:
        """Ask, and again after a while where a host is busy, or was not reached."""
        host = self._pace.host(host_name(url))
        for pause in (*RETRIES, None):
            try:
                reply = await self._visit(url, page=page)
            except Fault as fault:
                if fault.kind != "network" or pause is None or not self._may_wait(pause):
                    raise
                await asyncio.sleep(pause)
                continue
            host.note_busy(is_busy=reply.status == 429)
            if reply.status not in _BUSY:
                return reply
            wait = pause if reply.wait is None else reply.wait
            if pause is None or wait is None or host.is_impatient or not self._may_wait(wait):
                break
            if reply.status in _HOST_IS_BUSY:
                self._pace.hold(host_name(url), wait)
            else:
                await asyncio.sleep(wait)
        if host.is_impatient or (reply.wait is not None and not self._may_wait(reply.wait)):
            host.left_alone = f"its host wants to be left alone ({reply.status_text})"
        return reply

    def _may_wait(self, seconds: float) -> bool:
        return seconds <= _LONGEST_WAIT and self._pace.can_wait(seconds)

    async def _visit(self, url: URL, *, page: bool) -> Reply:
        """Ask in one turn, and note whether the host could be reached."""
        name = host_name(url)
        host = self._pace.host(name)
        try:
            async with self._pace.turn(name):
                reply = await self._ask_either_way(host, url, page=page)
        except LeftAlone as error:
            raise Fault("left-alone", str(error)) from error
        except Fault as fault:
            if fault.kind in ("timeout", "network"):
                host.note_failure(reached=fault.reached)
            raise
        host.note_answer()
        self.reached.add((url.scheme, name))
        return reply

    async def _ask_either_way(self, host: Host, url: URL, *, page: bool) -> Reply:
        """Ask with HEAD, and with GET where a server may know no HEAD."""
        if page or host.get_first:
            return await self._exchange("GET", url, page=page)
        try:
            reply = await self._exchange("HEAD", url, page=False)
        except Fault as fault:
            if fault.kind not in ("network", "timeout"):
                raise
        else:
            if reply.status < 400 or reply.status in _HOST_IS_BUSY:
                return reply
        second = await self._exchange("GET", url, page=False)
        host.get_first = second.status < 400
        return second

    async def _exchange(self, method: str, url: URL, *, page: bool) -> Reply:
        """One request. Raises Fault, whatever the server does."""
        proxy = self._proxy_of(url)
        try:
            async with self._session.request(
                method, url, allow_redirects=False, proxy=proxy
            ) as response:
                body = await _read_page(response) if page and response.status == 200 else None
                headers = response.headers
                charset = response.charset or ""
                _hang_up(response)
                return Reply(
                    response.status,
                    headers.get("Location", ""),
                    response.content_type,
                    charset,
                    _read_wait(headers.get("Retry-After", "")),
                    body,
                )
        except aiohttp.ConnectionTimeoutError as error:
            raise Fault("timeout", "its host did not answer in time") from error
        except TimeoutError as error:
            raise Fault("timeout", "it did not answer in time", reached=True) from error
        except aiohttp.ClientConnectorCertificateError as error:
            if proxy is not None and proxy.lower().startswith("https:"):
                raise Fault("refused", "a certificate on the way is not good") from error
            raise _certificate_fault(error, host_name(url)) from error
        except aiohttp.ClientConnectorDNSError as error:
            if proxy is not None:
                raise Fault("refused", "its proxy could not be reached") from error
            raise _name_fault(error.os_error, host_name(url)) from error
        except (aiohttp.ClientError, OSError, ValueError, EOFError) as error:
            reached = not isinstance(error, aiohttp.ClientConnectorError)
            said = f"it could not be reached ({type(error).__name__})"
            raise Fault("network", said, reached=reached) from error

    def _proxy_of(self, url: URL) -> str | None:
        proxy = self._proxies.get(url.scheme) or self._proxies.get("all")
        if not proxy or proxy_bypass(host_name(url)):
            return None
        if not proxy.lower().startswith(("http://", "https://")):
            raise Fault("refused", "the proxy for it speaks no HTTP")
        return proxy


def _host(proxy: str) -> str:
    try:
        return host_name(URL(proxy))
    except ValueError:
        return ""


def _hang_up(response: aiohttp.ClientResponse) -> None:
    """End the connection at once where more comes than was wanted; else it may serve again."""
    if not response.content.is_eof() and response.connection is not None:
        transport = response.connection.transport
        if transport is not None:
            transport.abort()


async def _read_page(response: aiohttp.ClientResponse) -> bytes | None:
    """The whole of a page of HTML; None where it is none, breaks off, or is more than is read."""
    is_page = response.content_type in ("text/html", "application/xhtml+xml")
    if not is_page or response.headers.get("Content-Encoding", "identity").lower() != "identity":
        return None
    body = bytearray()
    try:
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > _MOST_READ:
                return None
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return None
    return bytes(body)


def _read_wait(text: str) -> float | None:
    """The seconds that a `Retry-After` means: a number, or a date."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        moment = parsedate_to_datetime(text[:100])
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _certificate_fault(error: aiohttp.ClientConnectorCertificateError, host: str) -> Fault:
    cause = error.certificate_error
    code = cause.verify_code if isinstance(cause, ssl.SSLCertVerificationError) else 0
    known = _CERTIFICATE_FAULTS.get(code)
    if known is None:
        return Fault("refused", "its certificate could not be verified here")
    return Fault("certificate", known.format(host))


def _name_fault(error: BaseException, host: str) -> Fault:
    if isinstance(error, NoSuchHost):
        return Fault("no-host", f"there is no host `{host}`")
    if isinstance(error, LocalHost):
        return Fault("refused", f"`{host}` is in the local network")
    return Fault("network", f"`{host}` could not be looked up")
