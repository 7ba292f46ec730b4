"""Where the keys and values of a TOML text stand, which tomllib does not tell."""

from __future__ import annotations

import re
from typing import NamedTuple

Key = tuple[str | int, ...]

#: No string of a text that is TOML lacks its end; where one does, it is looked for once.
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\#[^\n]*)
    |(?P<string>\"{3}(?:\\.|[^\\])*?(?:\"{3,5}|\Z)|'{3}.*?(?:'{3,5}|\Z)
        |"(?:\\.|[^"\\\n])*+(?:"|(?=\n)|\Z)|'[^'\n]*+')
    |(?P<mark>[\[\]{},=\n]|\.(?![0-9]))
    |(?P<word>[^\s\[\]{},=."'\#]+(?:\.(?=[0-9])[^\s\[\]{},="'\#]+)?)""",
    re.DOTALL | re.VERBOSE,
)


class _Token(NamedTuple):
    text: str
    is_mark: bool
    is_string: bool
    line: int


def key_lines(text: str) -> dict[Key, int]:
    """The lines (from 1) of all keys and values of a TOML text that tomllib has accepted.

    A key is the tuple of names and indices that lead to it: `("types", "topic", "sections", 0)`.
    """
    return _Walker(text).walk()


class _Walker:
    def __init__(self, text: str) -> None:
        self._tokens: list[_Token] = []
        line = 1
        for found in _TOKEN.finditer(text):
            if found.lastgroup != "space":
                token = found[0]
                if found.lastgroup == "string":
                    quotes = 3 if token[:3] in ('"""', "'''") else 1
                    token = token[quotes:-quotes]
                kind = found.lastgroup
                self._tokens.append(_Token(token, kind == "mark", kind == "string", line))
            line += found[0].count("\n")
        self._next = 0
        self._lines: dict[Key, int] = {}
        self._counts: dict[Key, int] = {}

    def walk(self) -> dict[Key, int]:
        table: Key = ()
        while self._next < len(self._tokens):
            if self._take("\n"):
                continue
            if self._take("["):
                table = self._header(in_array=self._take("["))
            else:
                self._pair(table)
        return self._lines

    def _is(self, mark: str) -> bool:
        token = self._tokens[self._next] if self._next < len(self._tokens) else None
        return token is not None and token.is_mark and token.text == mark

    def _take(self, mark: str) -> bool:
        if self._is(mark):
            self._next += 1
            return True
        return False

    def _name(self, path: Key) -> Key:
        """A dotted key below `path`; a part that is an array of tables means its last entry."""
        while True:
            token = self._tokens[self._next]
            self._next += 1
            # a number may hold a dot, and so may what looks like one in a key
            for part in (token.text,) if token.is_string else token.text.split("."):
                if path in self._counts:
                    path = (*path, self._counts[path])
                path = (*path, part)
                self._lines.setdefault(path, token.line)
            if not self._take("."):
                return path

    def _header(self, *, in_array: bool) -> Key:
        line = self._tokens[self._next].line
        path = self._name(())
        self._take("]")
        self._take("]")
        if in_array:
            self._counts[path] = self._counts.get(path, -1) + 1
            path = (*path, self._counts[path])
            self._lines[path] = line
        return path

    def _pair(self, table: Key) -> None:
        path = self._name(table)
        self._take("=")
        self._value(path)

    def _value(self, path: Key) -> None:
        self._lines.setdefault(path, self._tokens[self._next].line)
        if self._take("["):
            index = 0
            while not self._take("]"):
                if not (self._take("\n") or self._take(",")):
                    self._value((*path, index))
                    index += 1
        elif self._take("{"):
            while not self._take("}"):
                if not (self._take("\n") or self._take(",")):
                    self._pair(path)
        else:
            while self._next < len(self._tokens) and not self._tokens[self._next].is_mark:
                self._next += 1
