"""Identifiers of publications: where a text names one, and whether its form and digits hold.

A number is one only behind its word: `ISBN 978-3-16-148410-0`, `doi:10.1000/182`, or in an address
of doi.org. All is decided offline, so a number that holds may still name nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple
from urllib.parse import unquote

IdentifierKind = Literal["DOI", "ISBN", "ISSN", "arXiv", "PMID"]


class Identifier(NamedTuple):
    """An identifier in a text, at `start`..`end`; `written` is its number.

    `key` is what equal identifiers have in common, `fault` what is wrong with it, or nothing.
    """

    kind: IdentifierKind
    written: str
    start: int
    end: int
    key: str
    fault: str


#: Digits in groups; no more of them than tell that they are too many.
_NUMBER = r"\d(?:[ \u00a0]?[-\u2010-\u2015\u2212]?[\dXx]){0,24}+"
#: By kind, what stands behind its word and may be one. DOIs stand in addresses of doi.org too.
_NAMED: Mapping[IdentifierKind, re.Pattern[str]] = {
    "DOI": re.compile(
        r"(?i:\bdoi\b[:=\s]{1,4}+(?:https?://)?+(?:(?:dx\.)?+doi\.org/)?+(?:doi:)?+|\bdoi\.org/)"
        r"(?P<n>\d{1,3}\.\d{2,}+[\d.]*+(?:/(?:[^\s\"<>{}|]|<\d[^\s<>]*+>)*+)?+)"
    ),
    "ISBN": re.compile(
        r"(?i:\b[ep]?-?ISBNs?+(?:[- ]?1[03](?![\dXx-]))?+)[ \u00a0]?[:=#]?[ \u00a0]{0,3}+"
        rf"(?P<n>{_NUMBER})"
    ),
    "ISSN": re.compile(
        r"(?i:\b[ep]?-?ISSN(?:-L)?+)[ \u00a0]?[:=]?[ \u00a0]{0,3}+"
        r"(?P<n>\d{4}[-\u2010-\u2015]?\d[\dXx]{0,9}+)"
    ),
    "arXiv": re.compile(
        r"(?i:\barXiv:[ \u00a0]?)"
        r"(?P<n>\d{3,}+\.\d{3,}+(?:v\d++)?+|[a-z-]{2,20}+(?:\.[A-Z]{2})?+/\d++(?:v\d++)?+)"
    ),
    "PMID": re.compile(r"\bPMID[ \u00a0]?:?[ \u00a0]{0,3}+(?P<n>(?:PMC)?\d++)"),
}
#: The properties that hold one, without hyphens, underscores and spaces.
_PROPERTIES: Mapping[str, IdentifierKind] = {
    "doi": "DOI",
    "isbn": "ISBN",
    "isbn10": "ISBN",
    "isbn13": "ISBN",
    "issn": "ISSN",
    "eissn": "ISSN",
    "arxiv": "arXiv",
    "arxivid": "arXiv",
    "pmid": "PMID",
}
_DOI_WORD = re.compile(r"doi(?![a-z])")
_SEPARATORS = re.compile(r"[-_ ]")
_DASHES_AND_SPACES = re.compile(r"[ \u00a0\u2010-\u2015\u2212-]")
_ANY_SPACE = re.compile(r"[ \u00a0]")
#: What follows an address of doi.org, and is no part of the DOI.
_QUERY = re.compile(r"[?&]\w++=.*", re.DOTALL)
_DOI = re.compile(r"10\.\d{4,}(?:\.\d+)*/.")
_NEW_ARXIV = re.compile(r"(?P<date>\d\d(?:0[1-9]|1[0-2]))\.(?P<number>\d{4,5})(?:v[1-9]\d*+)?+")
_OLD_ARXIV = re.compile(r"[a-z-]++(?:\.[A-Z]{2})?+/\d\d(?:0[1-9]|1[0-2])\d{3}(?:v[1-9]\d*+)?+")
_VALUE = re.compile(r"[^\s\"'\[\],][^\"'\[\],\n]*+")
#: What may stand before the number in a property.
_PREFIX = re.compile(
    r"(?:-\s++)?+(?i:(?:https?://)?+(?:(?:dx\.)?+doi\.org/|(?:www\.)?+arxiv\.org/abs/)|(?:doi|isbn|issn|arxiv|pmid):?\s*+)?+"
)


def may_hold_identifier(text: str) -> bool:
    """May a text name one? Where it says no, it names none."""
    lower = text.lower()
    if "doi" in lower and _DOI_WORD.search(lower):
        return True
    return "isbn" in lower or "issn" in lower or "arxiv" in lower or "pmid" in lower


def find_identifiers(text: str) -> Iterator[Identifier]:
    """The identifiers that a text names, of each kind in order."""
    for kind, pattern in _NAMED.items():
        for found in pattern.finditer(text):
            yield _make(kind, found["n"], found.start("n"))


def property_kind(key: str) -> IdentifierKind | None:
    """The kind of identifier that a property holds by its name."""
    return _PROPERTIES.get(_SEPARATORS.sub("", key.lower()))


def find_in_property(kind: IdentifierKind, written: str) -> Iterator[Identifier]:
    """The identifiers in the source text of a property's value; what begins otherwise is none."""
    for value in _VALUE.finditer(written):
        start = value.start() + _PREFIX.match(value[0]).end()  # type: ignore[union-attr]  # matches anything
        number = written[start : value.end()].rstrip()
        if number[:1].isdigit() or (kind == "arXiv" and _OLD_ARXIV.match(number)):
            yield _make(kind, number, start)


def _make(kind: IdentifierKind, written: str, start: int) -> Identifier:
    number, key, fault = _JUDGES[kind](written)
    return Identifier(kind, number, start, start + len(number), f"{kind}:{key}", fault)


#: What a judge says: the number, without what follows it; its key; its fault.
_Verdict = tuple[str, str, str]


def _judge_doi(written: str) -> _Verdict:
    number = written.rstrip(".,;:)]}*_'")
    key = _QUERY.sub("", unquote(number)).lower()
    if not number.startswith("10."):
        return number, key, "does not begin with `10.`"
    if "/" not in number or number.endswith("/"):
        return number, key, "lacks what follows its `/`"
    if not _DOI.match(number):
        return number, key, "has no four digits between `10.` and its `/`"
    return number, key, ""


def _judge_isbn(written: str) -> _Verdict:
    """Where words follow a number, its first groups may be all of it."""
    ends = [space.start() for space in _ANY_SPACE.finditer(written)] + [len(written)]
    numbers = [(written[:end], _DASHES_AND_SPACES.sub("", written[:end]).upper()) for end in ends]
    for number, digits in numbers:
        if digits := _as_isbn_13(digits):
            return number, digits, ""
    whole = next((each for each in numbers if len(each[1]) in (10, 13)), numbers[-1])
    number, digits = whole
    if len(digits) < 8:
        return number, digits, ""
    if len(digits) not in (10, 13):
        return number, digits, f"has {len(digits)} digits, and not 10 or 13"
    if len(digits) == 13 and not digits.startswith(("978", "979")):
        return number, digits, "does not begin with 978 or 979"
    return number, digits, "has a wrong digit: the check digit does not fit"


def _as_isbn_13(digits: str) -> str:
    """The thirteen digits of an ISBN that holds; a number of nine is one that lost its zero."""
    if len(digits) == 9:
        digits = f"0{digits}"
    if len(digits) == 10 and _has_check_digit_11(digits):
        first = f"978{digits[:9]}"
        return first + str(-_weigh_13(first) % 10)
    holds = len(digits) == 13 and digits.isdigit() and digits.startswith(("978", "979"))
    return digits if holds and _weigh_13(digits) % 10 == 0 else ""


def _weigh_13(digits: str) -> int:
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))


def _has_check_digit_11(digits: str) -> bool:
    """Does the last digit fit, where weights fall to 1 and `X` is ten? So have ISBN-10 and ISSN."""
    if not digits[:-1].isdigit() or not (digits[-1].isdigit() or digits[-1] == "X"):
        return False
    weights = range(len(digits), 0, -1)
    values = (10 if digit == "X" else int(digit) for digit in digits)
    return sum(w * v for w, v in zip(weights, values, strict=True)) % 11 == 0


def _judge_issn(written: str) -> _Verdict:
    digits = _DASHES_AND_SPACES.sub("", written).upper()
    if len(digits) != 8:
        return written, digits, f"has {len(digits)} digits, and not 8"
    fits = _has_check_digit_11(digits)
    return written, digits, "" if fits else "has a wrong digit: the check digit does not fit"


def _judge_arxiv(written: str) -> _Verdict:
    key = written.lower().partition("v")[0] if written[0].isdigit() else written
    new = _NEW_ARXIV.fullmatch(written)
    if new is None:
        holds = bool(_OLD_ARXIV.fullmatch(written))
    else:
        holds = len(new["number"]) == (4 if "0704" <= new["date"] < "1501" else 5)
    return written, key, "" if holds else "is neither `YYMM.NNNNN` nor `field/YYMMNNN`"


def _judge_pmid(written: str) -> _Verdict:
    if written.startswith("PMC"):
        return written, written, "is a PMCID: write `PMCID`"
    fault = "has more than 8 digits" if len(written) > 8 else ""
    return written, written, "begins with 0" if written.startswith("0") else fault


_JUDGES: Mapping[IdentifierKind, Callable[[str], _Verdict]] = {
    "DOI": _judge_doi,
    "ISBN": _judge_isbn,
    "ISSN": _judge_issn,
    "arXiv": _judge_arxiv,
    "PMID": _judge_pmid,
}
