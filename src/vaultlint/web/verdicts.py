"""From what servers say to what is told of an address."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote, urljoin

from yarl import URL

from vaultlint.answers import Answer
from vaultlint.web.addresses import NotAsked, host_name, read_url
from vaultlint.web.fetch import Fault, Fetcher, Reply
from vaultlint.web.fragments import Parts

_PERMANENT = (301, 308)
_REDIRECTS = (*_PERMANENT, 302, 303, 307)
_GONE = (404, 410)
_MOST_REDIRECTS = 10
#: Addresses that are meant to stay, wherever they lead.
_LASTING = (
    *("doi.org", "dx.doi.org", "hdl.handle.net", "handle.net", "purl.org", "purl.oclc.org"),
    *("w3id.org", "n2t.net", "identifiers.org", "ark.to", "perma.cc"),
)


class Verdict(NamedTuple):
    """What is told of an address, and of the parts of its page that were asked about.

    `lasts`: it need not be asked again for a while. `needs_witness`: it may be the network that is
    at fault, unless another host answered in this way (a scheme).
    """

    answer: Answer
    parts: dict[str, bool]
    lasts: bool = True
    needs_witness: str = ""


class _Doubt(Exception):
    """Nothing can be told of an address; the message says why."""


async def judge(fetcher: Fetcher, url: URL, parts: tuple[str, ...]) -> Verdict:
    """Ask an address, follow where it leads, and judge. Raises nothing but asyncio's own."""
    try:
        return await _follow(fetcher, url, parts)
    except Fault as fault:
        message = str(fault)
        if fault.kind in ("no-host", "certificate"):
            way = "https" if fault.kind == "certificate" else "any"
            return Verdict(Answer("dead", message), {}, needs_witness=way)
        return Verdict(Answer("unknown", message), {}, lasts=False)
    except (_Doubt, NotAsked) as doubt:
        return Verdict(Answer("unknown", str(doubt)), {})


async def _follow(fetcher: Fetcher, start: URL, parts: tuple[str, ...]) -> Verdict:
    url, moved, is_permanent = start, None, True
    seen = {start}
    while True:
        fetcher.require_allowed(url)
        reply = await fetcher.ask(url, page=bool(parts))
        if reply.status not in _REDIRECTS or not reply.location:
            break
        target = _join(url, reply.location)
        if target in seen:
            raise _Doubt("it redirects in a circle")
        if len(seen) > _MOST_REDIRECTS:
            raise _Doubt("it redirects too often")
        seen.add(target)
        is_permanent = is_permanent and reply.status in _PERMANENT
        if is_permanent:
            moved = target
        url = target
    if reply.status in _GONE:
        where = "" if url == start else f" at {url}, where it leads"
        return Verdict(Answer("dead", f"{reply.status_text}{where}"), {})
    if not 200 <= reply.status < 300:
        raise _Doubt(reply.status_text)
    if _is_first_page(url) and not _is_first_page(start):
        raise _Doubt("it leads to the first page of a site")
    found = _find_parts(reply, parts)
    if moved is not None and moved == start.with_scheme(moved.scheme):
        secure = _written(moved) if moved.scheme == "https" else ""
        return Verdict(Answer("alive", secure=secure), found)
    if moved is not None and not _is_gate(moved, start) and not _is_lasting(start):
        return Verdict(Answer("alive", moved_to=_written(moved)), found)
    secure = await _find_secure(fetcher, start, reply) if url == start else ""
    return Verdict(Answer("alive", secure=secure), found)


def _join(url: URL, location: str) -> URL:
    """The address that a redirect leads to. Raises NotAsked."""
    try:
        return read_url(urljoin(str(url), location.strip()))
    except ValueError as error:
        raise NotAsked("it redirects to what is no address") from error


def _written(url: URL) -> str:
    """An address as it may stand in a Markdown link: brackets that do not balance are escaped."""
    text = str(url)
    if text.count("(") != text.count(")"):
        text = text.replace("(", "%28").replace(")", "%29")
    return text


def _is_first_page(url: URL) -> bool:
    return url.path in ("", "/") and not url.query_string


def _is_gate(url: URL, start: URL) -> bool:
    """Does an address ask for something first, and name the page in its query?"""
    query = unquote(url.query_string)
    path = start.path.rstrip("/")
    return len(path) > 1 and path in query and path not in url.path


def _is_lasting(url: URL) -> bool:
    return host_name(url).removeprefix("www.") in _LASTING


def _find_parts(reply: Reply, parts: tuple[str, ...]) -> dict[str, bool]:
    """Which parts a page has, or may have, where that cannot be told."""
    if not parts or reply.body is None:
        return dict.fromkeys(parts, True)
    page = Parts(reply.body, reply.charset)
    return {part: page.has(part) for part in parts}


async def _find_secure(fetcher: Fetcher, url: URL, reply: Reply) -> str:
    """The address with `https://` of one that has it not, if it answers as well."""
    if url.scheme != "http" or url.explicit_port is not None:
        return ""
    secure = url.with_scheme("https")
    try:
        other = await fetcher.ask(secure)
    except Fault:
        return ""
    is_equal = other.status == reply.status and other.type == reply.type
    return _written(secure) if is_equal else ""
