"""Looks up the numbers of hosts, and lets none pass that is of the local network."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from ipaddress import ip_address
from threading import Thread
from typing import NamedTuple

from aiohttp.abc import AbstractResolver, ResolveResult

from vaultlint.web.addresses import is_public

#: So many names are looked up at once.
_LOOK_UPS = 8


class NoSuchHost(OSError):
    """There is no host of a name."""


class LocalHost(OSError):
    """A name leads into the local network."""


class Found(NamedTuple):
    """A number of a host, and the port to ask there."""

    number: str
    port: int


def look_up(host: str, port: int) -> list[Found]:
    """The numbers of a host, as the system finds them. Raises OSError."""
    try:
        return _look_up(host, port)
    except NoSuchHost:
        return _look_up(host, port)  # a name is missing only where it is so twice


def _look_up(host: str, port: int) -> list[Found]:
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_NONAME:
            raise NoSuchHost(host) from error
        raise
    except UnicodeError as error:
        raise OSError(str(error)) from error
    return [Found(str(info[4][0]), port) for info in infos]


class Resolver(AbstractResolver):
    """Looks up names for aiohttp, which connects to what it gives without a second look.

    `trusted` are the hosts of proxies, which may be near. A look-up that hangs holds nothing up:
    it has a thread that nobody waits for.
    """

    def __init__(self, trusted: frozenset[str], *, allow_private: bool) -> None:
        self._trusted = trusted
        self._allow_private = allow_private
        self._slots = asyncio.Semaphore(_LOOK_UPS)

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002  # all are asked for
    ) -> list[ResolveResult]:
        """The public numbers of a host. Raises OSError."""
        async with self._slots:
            found = await _in_thread(host, port)
        if not self._allow_private and host not in self._trusted:
            public = [each for each in found if is_public(ip_address(each.number))]
            if found and not public:
                raise LocalHost(host)
            found = public
        return [
            ResolveResult(
                hostname=host,
                host=each.number,
                port=each.port,
                family=socket.AF_INET6 if ":" in each.number else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for each in found
        ]

    async def close(self) -> None:
        """Nothing is open."""


async def _in_thread(host: str, port: int) -> list[Found]:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[list[Found]] = loop.create_future()

    def tell(found: list[Found] | OSError) -> None:
        if done.done():
            return
        if isinstance(found, OSError):
            done.set_exception(found)
        else:
            done.set_result(found)

    def run() -> None:
        try:
            found: list[Found] | OSError = look_up(host, port)
        except OSError as error:
            found = error
        with suppress(RuntimeError):  # the run has ended in the meantime
            loop.call_soon_threadsafe(tell, found)

    Thread(target=run, daemon=True, name=f"look up {host}").start()
    return await done
