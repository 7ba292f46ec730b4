"""Which addresses are asked, and in which form."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from yarl import URL

from vaultlint.matching import text_glob
from vaultlint.web_settings import WebSettings

#: Nobody has these names: they stand in examples (RFC 2606, RFC 6761).
_EXAMPLES = ("example.com", "example.net", "example.org", "example", "invalid", "test")
_RESERVED = (*_EXAMPLES, "localhost", "onion")
#: Names that mean something in one network only.
_LOCAL = ("local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "arpa")
#: An address that is sent as it is written, as browsers do: yarl would undo escapes in it.
_PLAIN = re.compile(
    r"https?://[a-z0-9._-]++(?::[0-9]++)?+"
    r"(?:[/?](?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f][0-9A-Fa-f])*+)?+"
)
#: No browser takes longer ones everywhere.
_LONGEST = 2_048


class NotAsked(Exception):
    """An address that cannot be asked, and counts as unknown; the message says why."""


def read_url(address: str) -> URL:
    """An address without its fragment. Raises NotAsked."""
    if len(address) > _LONGEST:
        raise NotAsked("it is too long")
    try:
        written = address.partition("#")[0]
        is_plain = _PLAIN.fullmatch(written) is not None and "/." not in written
        url = URL(written, encoded=is_plain)
        is_web = url.scheme in ("http", "https") and bool(url.raw_host) and url.port != 0
    except ValueError as error:
        raise NotAsked("it is no address") from error
    if not is_web:
        raise NotAsked("it is no address of the web")
    if url.user is not None or url.password is not None:
        raise NotAsked("it holds a name or a password")
    return url


def is_left_out(url: URL, settings: WebSettings) -> bool:
    """Is an address of an example, or one that the configuration ignores?"""
    host = host_name(url)
    if host in _EXAMPLES or host.endswith(tuple(f".{name}" for name in _RESERVED)):
        return True
    whole = str(url).lower()
    return any(_is_ignored(whole, host, pattern.lower()) for pattern in settings.ignore)


def _is_ignored(address: str, host: str, pattern: str) -> bool:
    if "/" not in pattern:
        return host == pattern or host.endswith(f".{pattern}") or _fits(pattern, host)
    return _fits(pattern, address if "://" in pattern else address.partition("://")[2])


def _fits(pattern: str, text: str) -> bool:
    return text_glob(pattern).fullmatch(text) is not None


def host_name(url: URL) -> str:
    """The host of an address in lower case, as it is looked up, without a last dot."""
    return (url.raw_host or "").lower().rstrip(".")


def require_public(url: URL) -> None:
    """Raise NotAsked where an address says itself that it is one of the local network."""
    host = host_name(url)
    try:
        number = ip_address(host)
    except ValueError:
        last = host.rpartition(".")[2]
        if host == last or last in _LOCAL:
            raise NotAsked(f"`{host}` is a name of the local network") from None
        return
    if not is_public(number):
        raise NotAsked(f"`{host}` is in the local network")


def is_public(number: IPv4Address | IPv6Address) -> bool:
    """Is a host's number one of the internet? One that holds another is as public as that."""
    if isinstance(number, IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour
        if inner is None and number.packed.startswith(_HOLDS_IPV4):
            inner = IPv4Address(number.packed[-4:])
        if inner is not None:
            return is_public(inner)
        if number.teredo is not None:
            return False
    return number.is_global and not (number.is_multicast or number.is_reserved)


#: Prefixes of IPv6 whose last four bytes are a number of IPv4: NAT64, and the old mapping.
_HOLDS_IPV4 = (bytes.fromhex("0064ff9b0000000000000000"), bytes(12))
