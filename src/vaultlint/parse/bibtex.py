"""BibTeX and BibLaTeX files: their entries, and what in them cannot be read.

One pass, whose time grows with the text alone, whatever stands in it. A file is cut where a line
begins an entry, so that a missing brace costs the entry that it is missing in, and no other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from sys import intern

from vaultlint.facts import BibEntry, BibFault, Frontmatter, Library, NoteFacts
from vaultlint.model import Span

_KEY = r"[^\s,{}()\"=#%]++"
#: Where a line begins an entry, or one of the other commands.
_OPENING = re.compile(
    rf"^[ \t]*+@[ \t]*+(?:comment|preamble|string|[A-Za-z]++[ \t]*+[{{(]\s*+(?:{_KEY}\s*+)?+,)",
    re.MULTILINE | re.IGNORECASE,
)
_COMMAND = re.compile(r"@[ \t]*+(?P<type>[A-Za-z]++)\s*+(?P<brace>[{(])")
_ENTRY_KEY = re.compile(r"\s*+(?P<key>[^\s,{}\"=]*+)\s*+")
_FIELD = re.compile(r"[\s,]*+(?P<name>[^\s,{}()\"=#%]++)\s*+(?P<sign>=)?+\s*+")
_FLAT = r"\{[^{}]*+\}"
_BRACED = rf"\{{(?:[^{{}}]++|\{{(?:[^{{}}]++|{_FLAT})*+\}})*+\}}"
#: A value of the common kind, with nothing joined to it.
_VALUE = re.compile(rf"(?:{_BRACED}|\"[^\"{{}}]*+\"|[^\s,{{}}()\"=#]++)(?=\s*+[,}}])")
_BRACE = re.compile(r"[{}]")
_UNESCAPED_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_QUOTED = re.compile(r"[{}\"]")
_PLAIN = re.compile(r"[^\s,{}()\"=#]++")
_JOIN = re.compile(r"\s*+#\s*+")
_SPACE = re.compile(r"\s*+")
_END = re.compile(r"[\s,]*+")

#: So many faults of a file are told: what has more is no such file.
MOST_FAULTS = 100
#: What entries of a type have, as BibTeX and BibLaTeX ask for it; `a/b` is one of both.
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "article": ("author", "title", "year/date"),
    "book": ("author/editor", "title", "year/date"),
    "booklet": ("title",),
    "collection": ("editor", "title", "year/date"),
    "conference": ("author", "title", "year/date"),
    "inbook": ("author/editor", "title", "year/date"),
    "incollection": ("author", "title", "year/date"),
    "inproceedings": ("author", "title", "year/date"),
    "mastersthesis": ("author", "title", "year/date"),
    "online": ("author/editor/organization", "title", "year/date/urldate"),
    "phdthesis": ("author", "title", "year/date"),
    "proceedings": ("title", "year/date"),
    "report": ("author/editor/institution", "title", "year/date"),
    "techreport": ("author/editor/institution", "title", "year/date"),
    "thesis": ("author", "title", "year/date"),
    "unpublished": ("author", "title"),
}


def parse_bibtex(path: str, text: str, damaged_at: int | None = None) -> NoteFacts:
    """The facts of a bibliography file: its entries. Nothing here raises, whatever the text."""
    library = read_bibtex(text)
    none = Frontmatter("none", Span(0, 0))
    return NoteFacts(path, none, damaged_at=damaged_at, library=library)


#: The fields of entries, each with its entry.
Kept = list[tuple[BibEntry, Mapping[str, object]]]


def read_bibtex(text: str, kept: Kept | None = None) -> Library:
    """The entries of a text, and its faults, both in order. Fields are added to `kept`."""
    reader = _Reader(text, kept)
    reader.read()
    return Library(tuple(reader.entries), tuple(reader.faults[:MOST_FAULTS]))


class _Unclosed(Exception):
    """A value does not end before the next entry begins."""


class _Reader:
    def __init__(self, text: str, kept: Kept | None = None) -> None:
        self.text = text
        self._kept = kept
        self.entries: list[BibEntry] = []
        self.faults: list[BibFault] = []
        self._open_comment = False
        self._braces = _BRACE

    def read(self) -> None:
        """Read all commands; each ends before the one after next begins."""
        text = self.text
        starts = [found.start() for found in _OPENING.finditer(text)]
        bounds = [0, *(start for start in starts if start), len(text)]
        at = 0
        for number, (start, end) in enumerate(pairwise(bounds)):
            after = bounds[min(number + 2, len(bounds) - 1)]
            at = max(at, start)
            while at < end and (command := _COMMAND.search(text, at, end)):
                at = self._command(command, at, end, after)

    def _command(self, command: re.Match[str], begin: int, end: int, after: int) -> int:
        """Read one command, with nothing but remarks since `begin`; gives where to go on."""
        text, start = self.text, command.start()
        kind = command["type"].lower()
        if text.find("%", max(begin, text.rfind("\n", begin, start)), start) >= 0:
            line_end = text.find("\n", start, end)
            return line_end if line_end >= 0 else end
        if kind == "comment":
            return self._skip_comment(command.end() - 1, end)
        if kind in ("string", "preamble"):
            return self._skip_braced(command.end() - 1, end, after)
        return self._entry(command, kind, end, after)

    def _skip_comment(self, at: int, end: int) -> int:
        """Past a comment: it ends with its brace, and may hold whole entries."""
        if self._open_comment:
            return end
        try:
            return self._braced(at, len(self.text))
        except _Unclosed:
            self._open_comment = True
            return end

    def _skip_braced(self, at: int, end: int, after: int) -> int:
        for limit in (end, after):
            try:
                return self._braced(at, limit)
            except _Unclosed:
                continue
        self._add_fault(Span(at, at + 1), f"this `{self.text[at]}` is never closed")
        return end

    def _braced(self, at: int, end: int) -> int:
        """The end of what the brace at `at` opens."""
        if self.text[at] == "(":
            close = self.text.find(")", at, end)
            if close < 0:
                raise _Unclosed
            return close + 1
        depth = 0
        for brace in self._braces.finditer(self.text, at, end):
            if brace[0] == "{":
                depth += 1
            elif brace[0] == "}":
                depth -= 1
                if depth == 0:
                    return brace.end()
        raise _Unclosed

    def _add_fault(self, span: Span, message: str) -> None:
        self.faults.append(BibFault(span, message))

    def _entry(self, command: re.Match[str], kind: str, end: int, after: int) -> int:
        text = self.text
        named = _ENTRY_KEY.match(text, command.end(), end)
        assert named is not None  # it matches anything
        key, place = named["key"], Span(*named.span("key"))
        at = named.end()
        head = Span(command.start(), command.end())
        if text.startswith("=", at, end):
            self._add_fault(head, f"an entry of the type `{kind}` has no key")
            at = command.end()
            key = ""
        elif not key:
            self._add_fault(head, f"an entry of the type `{kind}` has no key")
        elif not text.startswith((",", "}", ")"), at, end):
            self._add_fault(place, f"the entry `{key}` has no `,` after its key")
        closer = "}" if command["brace"] == "{" else ")"
        fields, at_end = self._try_fields(key, at, (end, after), closer)
        if fields is None:
            name = f"the entry `{key}`" if key else "this entry"
            self._add_fault(place if key else head, f"{name} is not closed: a brace is missing")
        if key:
            self.entries.append(_make_entry(key, place, kind, fields))
            if self._kept is not None:
                self._kept.append((self.entries[-1], fields or {}))
        return at_end

    def _try_fields(
        self, key: str, at: int, limits: tuple[int, int], closer: str
    ) -> tuple[dict[str, str] | None, int]:
        """The fields of an entry, and where it ends, in the first way of reading that closes it.

        Braces behind a backslash count for BibTeX, not for all programs that write such files. What
        looks like the next entry may stand in a value.
        """
        known = len(self.faults)
        for limit, braces in (
            (limits[0], _BRACE),
            (limits[0], _UNESCAPED_BRACE),
            (limits[1], _BRACE),
        ):
            self._braces = braces
            try:
                return self._fields(key, at, limit, closer)
            except _Unclosed:
                del self.faults[known:]
            finally:
                self._braces = _BRACE
        return None, limits[0]

    def _fields(self, key: str, at: int, end: int, closer: str) -> tuple[dict[str, str], int]:
        """The fields of an entry, from behind its key on, and where the entry ends."""
        text = self.text
        fields: dict[str, str] = {}
        told = False
        while True:
            at = _END.match(text, at, end).end()  # type: ignore[union-attr]  # matches anything
            if at >= end:
                raise _Unclosed
            if text[at] == closer:
                return fields, at + 1
            field = _FIELD.match(text, at, end)
            if field is None or not field["sign"]:
                if not told:
                    what = f"`{field['name']}`" if field else f"`{text[at]}`"
                    self._add_fault(
                        Span(*field.span("name")) if field else Span(at, at + 1),
                        f"{what} in the entry `{key}` is no field: write `name = {{value}},`",
                    )
                    told = True
                at = self._resume(at, end)
                continue
            first = field.end()
            at = self._value(first, end)
            if at == first and not told:
                self._add_fault(
                    Span(*field.span("name")), f"the field `{field['name']}` has no value"
                )
                told = True
            fields[intern(field["name"].lower())] = text[first:at].strip('{}" \t\r\n')
            after = _SPACE.match(text, at, end).end()  # type: ignore[union-attr]  # matches anything
            if after < end and text[after] not in (",", closer) and not told:
                self._add_fault(
                    Span(*field.span("name")),
                    f"no `,` follows the field `{field['name']}` of the entry `{key}`",
                )
                told = True

    def _resume(self, at: int, end: int) -> int:
        """Past what is no field: a braced group, or a word or sign."""
        if self.text[at] == "{":
            return self._braced(at, end)
        word = _PLAIN.match(self.text, at, end)
        return word.end() if word else at + 1

    def _value(self, at: int, end: int) -> int:
        """The end of a value: texts in braces or quotes, numbers and names, joined by `#`."""
        common = _VALUE.match(self.text, at, end)
        if common and self._braces is _BRACE:
            return common.end()
        while True:
            start = at
            char = self.text[at : at + 1] if at < end else ""
            if char == "{":
                at = self._braced(at, end)
            elif char == '"':
                at = self._quoted(at, end)
            elif word := _PLAIN.match(self.text, at, end):
                at = word.end()
            if at == start:
                return at
            join = _JOIN.match(self.text, at, end)
            if join is None:
                return at
            at = join.end()

    def _quoted(self, at: int, end: int) -> int:
        """The end of a text in quotes: one that stands in no braces closes it."""
        depth = 0
        for mark in _QUOTED.finditer(self.text, at + 1, end):
            if mark[0] == '"':
                if depth <= 0:
                    return mark.end()
            else:
                depth += 1 if mark[0] == "{" else -1
        raise _Unclosed


def _make_entry(key: str, place: Span, kind: str, fields: Mapping[str, str] | None) -> BibEntry:
    """An entry; of one that cannot be read no field is missed."""
    if fields is None:
        return BibEntry(key, place, intern(kind))
    ids = tuple(each.strip() for each in fields.get("ids", "").split(",") if each.strip())
    source = fields.get("crossref") or fields.get("xdata") or ""
    lacks = tuple(
        wanted for wanted in _REQUIRED.get(kind, ()) if not any(map(fields.get, wanted.split("/")))
    )
    return BibEntry(key, place, intern(kind), ids, source, lacks)
