"""Planned notes: links that lead to notes which are meant to be written later."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vaultlint.facts import INDEXED_KINDS, Link, NoteFacts
from vaultlint.matching import has_tag, match_path
from vaultlint.model import UserError
from vaultlint.vault import Vault

_AT_LEAST = re.compile(r">=\s*([1-9][0-9]*)")


class Planned:
    """Decides which links without a target are planned.

    An entry is a glob of link paths, `#tag` (of the notes that link), or `>= N` (as many notes
    link to the missing one). Raises UserError where an entry is none of these.
    """

    def __init__(self, entries: Iterable[str], vault: Vault) -> None:
        self._vault = vault
        globs, tags = [], []
        self._at_least = 0
        for entry in entries:
            if entry.startswith("#"):
                tags.append(entry[1:].lower())
            elif entry.startswith(">"):
                number = _AT_LEAST.fullmatch(entry.strip())
                if number is None:
                    raise UserError(f"vault.planned: `{entry}` is not of the form `>= 3`")
                self._at_least = int(number[1])
            else:
                globs.append(entry)
        self._globs = tuple(globs)
        self._tags = frozenset(tags)
        self._wanted: dict[str, int] | None = None
        self._tagged: dict[str, bool] = {}

    def covers(self, link: Link, note: NoteFacts) -> bool:
        """Is a link that leads nowhere planned?"""
        path = link.path.removesuffix(".md")
        if self._globs and match_path(path, self._globs):
            return True
        if self._tags and self._is_tagged(note):
            return True
        return self._at_least > 0 and self.count(path) >= self._at_least

    def _is_tagged(self, note: NoteFacts) -> bool:
        known = self._tagged.get(note.path)
        if known is None:
            known = self._tagged[note.path] = has_tag(note, self._tags)
        return known

    def count(self, path: str) -> int:
        """The number of notes that link to a path that is no file."""
        if self._wanted is None:
            self._wanted = {}
            for note in self._vault.notes.values():
                missing = {
                    link.path.removesuffix(".md").lower()
                    for link in note.links
                    if link.kind in INDEXED_KINDS
                    and self._vault.resolve(link, note.path).target is None
                }
                for name in missing:
                    self._wanted[name] = self._wanted.get(name, 0) + 1
        return self._wanted.get(path.lower(), 0)
