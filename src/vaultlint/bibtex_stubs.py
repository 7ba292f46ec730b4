"""Sources as entries of BibTeX that wait for the rest: what notes tell, under lasting keys."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from vaultlint.fingerprint import digest_of
from vaultlint.identifiers import IdentifierKind
from vaultlint.references import address_key
from vaultlint.sources import Source, says_more

#: What is no letter or digit of a key. One sign of these may stand alone, as Pandoc has it.
_NO_KEY = re.compile(r"[^A-Za-z0-9]++")
_SIGNS = frozenset(".:/-")
_SCHEME = re.compile(r"\A[a-z]++://", re.IGNORECASE)
_ENDS = "-.:/"
_LONGEST_KEY = 60
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces behind a backslash too
    "}": r"\textbraceright{}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}
_UNSAFE = str.maketrans({sign: f"%{ord(sign):02X}" for sign in '\\{}" <>^`|'})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
#: Kinds of numbers by what is told first.
_ORDER: tuple[IdentifierKind, ...] = ("DOI", "ISBN", "arXiv", "PMID")


def write_stubs(sources: Iterable[Source], taken: Collection[str] = ()) -> Iterator[str]:
    """Entries for the sources that have a number or an address, each a text of some lines.

    A source has the same key whatever else is there: it hangs on its number or address alone.
    `taken` are keys that entries elsewhere have.
    """
    stubs = []
    for source in sources:
        named = _name(source)
        if named:
            stubs.append((named, source))
    used: set[str] = set()
    for named, source in sorted(stubs, key=lambda stub: stub[0]):
        key, length = make_key(named), 8
        while key in used or (key in taken and f"cite:{key}" not in source.identities):
            key, length = _with_digest(make_key(named), named, length), length + 4
        used.add(key)
        yield _entry(key, source)


def _name(source: Source) -> str:
    """What a source's key is made of: its first number, else its first address."""
    numbers = sorted(source.numbers, key=lambda each: (_ORDER.index(each.kind), each.key))
    for number in numbers:
        kind, _, value = number.key.partition(":")
        return f"{kind.lower()}:{value}"
    pages = sorted(address_key(address) or address for address in source.addresses)
    return _SCHEME.sub("", pages[0]).removesuffix("?#").rstrip("/") if pages else ""


def make_key(name: str) -> str:
    """A citation key for a name; where signs are lost or it is long, a digest makes up for it."""
    key = _NO_KEY.sub(lambda found: found[0] if found[0] in _SIGNS else "-", name).strip(_ENDS)
    if key == name and len(key) <= _LONGEST_KEY:
        return key
    return _with_digest(key, name, 6)


def _with_digest(key: str, name: str, length: int) -> str:
    short = key[:_LONGEST_KEY].strip(_ENDS)
    return "-".join(filter(None, (short, digest_of(name).hex()[:length])))


def _entry(key: str, source: Source) -> str:
    numbers: dict[str, str] = {}
    for number in source.numbers:
        numbers.setdefault(number.kind, number.key.partition(":")[2])
    title = source.title
    fields = {
        "title": _escaped(title),
        "doi": numbers.get("DOI", ""),
        "isbn": numbers.get("ISBN", ""),
        "eprint": numbers.get("arXiv", ""),
        "archiveprefix": "arXiv" if "arXiv" in numbers else "",
        "pmid": numbers.get("PMID", ""),
        "url": _CONTROL.sub("", next(iter(source.addresses), "")),
        "note": _escaped(source.text) if says_more(source.text) and source.text != title else "",
    }
    for name in ("doi", "eprint", "url"):
        fields[name] = fields[name].translate(_UNSAFE)
    kind = "book" if "ISBN" in numbers and "DOI" not in numbers else "misc"
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return "\n".join((f"@{kind}{{{key},", ",\n".join(lines), "}"))


def _escaped(text: str) -> str:
    """A text in which TeX reads every sign as itself."""
    plain = " ".join(_CONTROL.sub(" ", text).split())
    return "".join(_ESCAPES.get(sign, sign) for sign in plain)
