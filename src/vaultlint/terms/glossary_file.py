"""Reads glossary files. Import it where a file is read: it brings PyYAML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

import yaml
from yaml import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from vaultlint.model import UserError, place
from vaultlint.terms.glossary import CASES, SCOPES, Entry
from vaultlint.terms.words import HOLE

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_entries(path: str, text: str) -> list[tuple[Entry, int]]:
    """The entries of a glossary file, and the lines on which they begin, counted from 1.

    `path` names the file in messages. Raises UserError for whatever is wrong.
    """
    return list(_Reader(path, text).entries())


class _Reader:
    """Reads entries from YAML's events: nested nodes could overflow the stack of the C parser."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._events = self._parse(text)

    def entries(self) -> Iterator[tuple[Entry, int]]:
        root = self._next()
        while isinstance(root, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            root = self._next()
        if isinstance(root, StreamEndEvent) or _is_null(root):
            return
        if not isinstance(root, SequenceStartEvent):
            self._fail(root, "a glossary is a list of terms, each on a line that begins with `- `")
        while not isinstance(event := self._next(), SequenceEndEvent):
            line = _line(event)
            if isinstance(event, MappingStartEvent):
                yield self._entry(event), line
            else:
                yield Entry(self.string(event, "an entry")), line
        self._next()
        if not isinstance(extra := self._next(), StreamEndEvent):
            self._fail(extra, "a glossary is one YAML document")

    def string(self, event: Event, what: str) -> str:
        if not isinstance(event, ScalarEvent):
            kind = "a reference" if isinstance(event, AliasEvent) else "a collection"
            self._fail(event, f"{what} must be a text, not {kind}")
        text: str = event.value
        if _is_null(event) or not text.strip():
            self._fail(event, f"{what} must not be empty")
        if "\n" in text or HOLE in text:
            self._fail(event, f"{what} must be a text of one line")
        return " ".join(text.split())

    def optional(self, event: Event, what: str) -> str | None:
        return None if _is_null(event) else self.string(event, what)

    def flag(self, event: Event, what: str) -> bool:
        value = event.value.lower() if isinstance(event, ScalarEvent) else ""
        if value not in ("true", "false"):
            self._fail(event, f"{what} must be true or false")
        return bool(value == "true")

    def strings(self, event: Event, what: str) -> tuple[str, ...]:
        if not isinstance(event, SequenceStartEvent):
            self._fail(event, f"{what} must be a list, as in [one, other]")
        found: list[str] = []
        while not isinstance(item := self._next(), SequenceEndEvent):
            found.append(self.string(item, f"an item of {what}"))
        return tuple(found)

    def case(self, event: Event, what: str) -> str | None:
        value = self.optional(event, what)
        return value if value is None else self._one_of(CASES, value, event, what)

    def scopes(self, event: Event, what: str) -> tuple[str, ...]:
        values = self.strings(event, what)
        return tuple(self._one_of(SCOPES, value, event, f"an item of {what}") for value in values)

    def _entry(self, start: Event) -> Entry:
        fields: dict[str, Any] = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            name = self.string(event, "a key")
            if name not in _FIELDS:
                self._fail(event, f"unknown key `{name}`{_did_you_mean(name, _FIELDS)}")
            if name in fields:
                self._fail(event, f"the key `{name}` stands twice in one entry")
            fields[name] = _FIELDS[name](self, self._next(), f"`{name}`")
        if "term" not in fields:
            self._fail(start, "an entry needs a `term`")
        return Entry(**fields)

    def _one_of(self, choices: Iterable[str], value: str, event: Event, what: str) -> str:
        if value not in choices:
            *most, last = choices
            known = f"{', '.join(most)} or {last}"
            self._fail(event, f"{what} is {known}, not `{value}`{_did_you_mean(value, choices)}")
        return value

    def _parse(self, text: str) -> Iterator[Event]:
        try:
            yield from yaml.parse(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            problem = error.problem or error.context or "this is no YAML"
            raise UserError(f"{place(self._path, line)}: {problem}") from error
        except yaml.reader.ReaderError as error:
            line = 1 + text.count("\n", 0, int(error.position))
            raise UserError(f"{place(self._path, line)}: {error.reason}") from error

    def _next(self) -> Event:
        return next(self._events)

    def _fail(self, event: Event, message: str) -> NoReturn:
        raise UserError(f"{place(self._path, _line(event))}: {message}")


_FIELDS: dict[str, Callable[[_Reader, Event, str], object]] = {
    "term": _Reader.string,
    "accept": _Reader.strings,
    "forbid": _Reader.strings,
    "case": _Reader.case,
    "near": _Reader.flag,
    "expand": _Reader.optional,
    "scope": _Reader.scopes,
    "inflect": _Reader.flag,
}


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _is_null(event: Event) -> bool:
    if not isinstance(event, ScalarEvent) or event.style is not None:
        return False
    return event.value in ("", "~", "null", "Null", "NULL")


def _did_you_mean(word: str, choices: Iterable[str]) -> str:
    from rapidfuzz import fuzz, process

    near = process.extractOne(word.lower(), list(choices), scorer=fuzz.ratio, score_cutoff=50)
    return f"; did you mean `{near[0]}`?" if near else ""
