"""Which of the changes of a commit caused a finding."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from vaultlint.git import Change
from vaultlint.model import Related, Span, Violation
from vaultlint.text import Lines
from vaultlint.wording import hint

_QUOTED = re.compile(r"`([^`]*)`")


class Causes:
    """The changes of a step, by what findings say of the files that changed.

    Paths of changes are relative to the vault's root. `settings` are those of the configuration and
    of files that it names. `step` is what messages call it all: "this commit". `files` are all that
    the vault has now, `lines` gives their texts.
    """

    def __init__(
        self,
        changes: Sequence[Change],
        settings: Iterable[Change],
        step: str,
        files: Iterable[str],
        lines: Callable[[str], Lines],
    ) -> None:
        self._changes = changes
        self._settings = list(settings)
        self._step = step
        self._files = files
        self._lines = lines
        self._by_name: dict[str, list[Change]] = {}
        for change in changes:
            for path in dict.fromkeys((change.old, change.path)):
                for name in _names(path):
                    self._by_name.setdefault(name, []).append(change)

    def add(self, violation: Violation) -> Violation:
        """A finding with what caused it as its last related place, where that can be told.

        Of a link to what was renamed it says what to write now.
        """
        change = self.find(violation)
        if change is None:
            return violation
        note = f"{_describe(change)} in {self._step}"
        told = violation._replace(
            related=(*violation.related, Related(change.path, Span(0, 0), note))
        )
        if change.status != "R" or not violation.rule.startswith("broken-"):
            return told
        start, end = violation.span
        raw = self._lines(violation.path).text[start:end]
        target, written = self._follow(raw, change)
        if not target:
            return told
        said = violation.message.partition("; did you mean ")[0]
        return told._replace(message=said + hint((target,)), suggestions=(written,))

    def find(self, violation: Violation) -> Change | None:
        """What caused a finding: another file that it names, the configuration, or all there is."""
        own = violation.path
        named = [
            change
            for name in _named_in(violation)
            for change in self._by_name.get(name, ())
            if own not in (change.path, change.old)
        ]
        if named:
            return _likeliest(named)
        own_changes = [change for change in self._changes if change.path == own]
        if own_changes:
            return own_changes[0] if own_changes[0].is_same else None
        if self._settings:
            return self._settings[0]
        return self._changes[0] if len(self._changes) == 1 else None

    def _follow(self, raw: str, change: Change) -> tuple[str, str]:
        """What a wikilink to a renamed file has to name, and the link with it; else empty texts."""
        start = raw.find("[[") + 2
        rest = raw[start:]
        end = min((rest.find(mark) for mark in "|#]" if mark in rest), default=0)
        old = rest[:end]
        is_outside = change.path.startswith("../")
        if not raw.startswith(("[[", "![[")) or is_outside or not _is_same_file(old, change.old):
            return "", ""
        name = change.path.rpartition("/")[2]
        target = change.path if "/" in old or self._names[name.lower()] > 1 else name
        if not old.lower().endswith(".md"):
            target = target.removesuffix(".md")
        return target, f"{raw[:start]}{target}{rest[end:]}"

    @cached_property
    def _names(self) -> Counter[str]:
        return Counter(path.lower().rpartition("/")[2] for path in self._files)


class _Named(NamedTuple):
    rank: int
    change: Change


def _likeliest(changes: Iterable[Change]) -> Change:
    """What broke most: a file that went away, before one that came, before one that changed."""
    ranked = [_Named("DRACT".find(change.status) % 5, change) for change in changes]
    return min(ranked, key=lambda each: each.rank).change


def _describe(change: Change) -> str:
    path, old = change.path, change.old
    if change.status == "R":
        verb = "moved" if path.rpartition("/")[2] == old.rpartition("/")[2] else "renamed"
        return f"`{old}` was {verb} to `{path}`"
    verb = {"D": "deleted", "A": "added", "C": "added"}.get(change.status, "changed")
    return f"`{path}` was {verb}"


def _named_in(violation: Violation) -> Iterator[str]:
    """The names of files that a finding is about, then those that its message and places have."""
    yield from _names(violation.about.partition("#")[0])
    for text in _QUOTED.findall(violation.message.partition("; did you mean ")[0]):
        yield from _names(text.partition("#")[0])
    for related in violation.related:
        yield from _names(related.path)


def _is_same_file(written: str, path: str) -> bool:
    """Does a link name the end of a path, or all of it, with `.md` or without?"""
    wanted, whole = written.lower().strip("/"), f"/{path.lower()}"
    return bool(wanted) and whole.removesuffix(".md").endswith(f"/{wanted.removesuffix('.md')}")


def _names(path: str) -> Sequence[str]:
    """What links may call a file: its name in lower case, with `.md` or without."""
    name = path.lower().rpartition("/")[2]
    return tuple(dict.fromkeys(filter(None, (name, name.removesuffix(".md")))))
