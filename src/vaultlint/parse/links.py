"""From what stands between a link's marks to its path, subpath and display text."""

from __future__ import annotations

import re
from typing import NamedTuple

from vaultlint.facts import clean_name
from vaultlint.parse.inline import Token
from vaultlint.template_text import may_hold_placeholder

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})++|%")
#: What JavaScript's decodeURI leaves encoded (rule M6).
_RESERVED = frozenset(b"#$&+,/:;=?@")
_LEFT_ENCODED = re.compile(r"%(?:23|24|26|2B|2C|2F|3A|3B|3D|3F|40)", re.IGNORECASE)
_OBSIDIAN = re.compile(r"obsidian://(?:open(?=[?/])|vault/)", re.IGNORECASE)


class Target(NamedTuple):
    """A link's parts; `start`..`end` is where path and subpath stand in the given text.

    `escaped`: percent escapes stand in the path that Obsidian does not decode.
    """

    path: str
    subpath: str
    display: str | None
    start: int
    end: int
    escaped: bool = False


def split_target(target: str) -> tuple[str, str]:
    """Path and subpath: the subpath begins with the first `#` (rule R1)."""
    at = target.find("#")
    return (target, "") if at < 0 else (target[:at], target[at:])


def is_simple_target(written: str) -> bool:
    """Is a wikilink's target, without its display text, path and subpath as it stands?"""
    return (
        written.isascii()
        and not written[:1].isspace()
        and not written[-1:].isspace()
        and written[-1:] not in ("", "\\")
    )


def read_wikilink(content: str) -> Target:
    """The parts of a wikilink's or embed's content (rules W4, W5, W9)."""
    start = len(content) - len(content.lstrip())
    stripped = content.strip()
    pipe = stripped.find("|", 1)
    display = None if pipe < 0 else stripped[pipe + 1 :].strip()
    written = stripped if pipe < 0 else stripped[:pipe].rstrip()
    written = written.removesuffix("\\")
    path, subpath = split_target(clean_name(written))
    return Target(path, subpath, display, start, start + len(written))


def hidden_marks(text: str, token: Token) -> tuple[tuple[int, int], ...]:
    """What a link to a note has before and after the text that a reader sees in its place.

    Empty where it shows none of its own: then the whole link is a hole in the prose.
    """
    inner, inner_end = token.inner, token.inner_end
    if token.kind == "wikilink":
        pipe = text.find("|", inner, inner_end)
        if pipe > inner:
            return (token.start, pipe + 1), (inner_end, token.end)
    elif token.kind == "link" and not is_external(text[token.target : token.target_end]):
        return (token.start, inner), (inner_end, token.end)
    return ()


def is_external(url: str) -> bool:
    """Does Obsidian take a Markdown link's destination as leading out of the vault (rule M1)?"""
    return ":" in url and not url.startswith(("./", "../"))


_WEB = re.compile(r"https?://[^\s<>]++", re.IGNORECASE)
_WWW = re.compile(r"www\.[^\s<>]++", re.IGNORECASE)


def read_web_address(url: str, *, escaped: bool = True) -> str | None:
    """The address of a page of the web that a destination is; None where it is none.

    `escaped`: backslash escapes and character references stand for what they mean. Bare addresses
    that begin with `www.` lead where browsers go first. Placeholders of templates lead nowhere.
    """
    try:
        written = _unescape(url) if escaped and ("\\" in url or "&" in url) else url
    except ValueError:  # a number of thousands of digits
        return None
    if may_hold_placeholder(written):
        return None
    if _WEB.fullmatch(written):
        return written
    return f"https://{written}" if not escaped and _WWW.fullmatch(written) else None


def read_destination(url: str, display: str | None, *, image: bool) -> Target | None:
    """The parts of a Markdown link's destination; None where it points at no file (rules M1 to M6).

    None stands for what is external, empty, or malformed.
    """
    try:
        written = _unescape(url) if "\\" in url or "&" in url else url
    except ValueError:  # a number of thousands of digits
        return None
    if not written or is_external(written):
        return None
    decoded = decode_uri(written)
    if decoded is None:
        if not image:
            return None
        decoded = written
    path, subpath = split_target(clean_name(decoded))
    escaped = _LEFT_ENCODED.search(path) is not None
    return Target(path, subpath, display, 0, len(url), escaped)


def _unescape(url: str) -> str:
    """A destination without backslash escapes and character references."""
    from html import unescape

    return unescape(_ESCAPE.sub(r"\1", url))


def decode_uri(text: str) -> str | None:
    """Decode percent escapes as JavaScript's decodeURI does; None where one is malformed."""
    if "%" not in text:
        return text
    try:
        return _PERCENT.sub(_decode_run, text)
    except ValueError:
        return None


def _decode_run(run: re.Match[str]) -> str:
    if len(run[0]) < 3:
        raise ValueError("a lone percent sign")
    decoded = []
    data = bytes.fromhex(run[0].replace("%", ""))
    for char in data.decode():
        reserved = ord(char) < 128 and ord(char) in _RESERVED
        decoded.append(f"%{ord(char):02X}" if reserved else char)
    return "".join(decoded)


def read_obsidian_uri(url: str) -> Target | None:
    """The note that an `obsidian://open` address names; `display` is its vault's name (X5)."""
    if not _OBSIDIAN.match(url):
        return None
    from urllib.parse import parse_qs, unquote, urlsplit

    parts = urlsplit(url)
    if parts.netloc.lower() == "vault":
        vault, _, file = unquote(parts.path.lstrip("/")).partition("/")
    else:
        query = parse_qs(parts.query)
        vault, file = (query.get(name, [""])[0] for name in ("vault", "file"))
    if not vault or not file:
        return None
    path, subpath = split_target(clean_name(file))
    return Target(path, subpath, vault, 0, len(url))


_SIZE = re.compile(r"\s*+(\d{1,9}+)\s*+(?:x\s*+(\d{1,9}+)\s*+)?+")


def image_size(text: str) -> list[int | None] | None:
    """The width and height that the last part of an embed's display text gives (rule W7)."""
    found = _SIZE.fullmatch(text)
    return [int(found[1]), int(found[2]) if found[2] else None] if found else None
