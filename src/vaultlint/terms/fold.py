"""Forms of words in which the usual differences of writing are gone, so that variants are equal.

Apostrophes are made equal to each other but never dropped: "we'll" is not "well".
"""

from __future__ import annotations

import re

from vaultlint.text import normalized

#: Every character that stands for a hyphen or a dash; the first is the plain one.
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"

#: Every character that stands for an apostrophe; the first is the plain one.
APOSTROPHES = "'\u2019\u02bc\uff07"

#: Characters without a width: soft hyphen, zero-width spaces and joiners, byte order mark.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"

_NO_BREAK_SPACES = "\u00a0\u2007\u202f"

_DROP_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))
_UNIFY_APOSTROPHES = dict.fromkeys(map(ord, APOSTROPHES), "'")
_UNIFY = {
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, _NO_BREAK_SPACES), " "),
    **_UNIFY_APOSTROPHES,
    **_DROP_INVISIBLE,
}

_ACCENTS = re.compile("[\u0300-\u036f]+")
_SEPARATORS = re.compile(r"[\s\-._/]+")


def composed(text: str) -> str:
    """The text in NFC and with plain apostrophes: what a reader cannot tell from the text."""
    if text.isascii():
        return text
    return normalized("NFC", text).translate(_UNIFY_APOSTROPHES)


def visible(text: str) -> str:
    """The text without invisible characters."""
    return text if text.isascii() else text.translate(_DROP_INVISIBLE)


def unified(text: str) -> str:
    """The text in NFC, with plain dashes, apostrophes and spaces, and nothing invisible."""
    if text.isascii():
        return text
    return normalized("NFC", text).translate(_UNIFY)


def joined(text: str) -> str:
    """The unified text in lower case, without white space, dashes, and the marks `.`, `_`, `/`."""
    return _SEPARATORS.sub("", unified(text).casefold())


def key(text: str) -> str:
    """What all variants of a term have in common: the joined text without accents.

    Compatibility characters (ligatures, full-width letters) count as the plain ones.
    """
    if text.isascii():
        small = text.lower()
        return small if small.isalpha() else _SEPARATORS.sub("", small)
    plain = normalized("NFKD", unified(text)).casefold()
    return _SEPARATORS.sub("", _ACCENTS.sub("", plain))
