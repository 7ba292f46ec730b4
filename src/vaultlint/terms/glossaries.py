"""The glossaries of a vault: those of all notes, and those of notes in certain places."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import msgpack

from vaultlint.matching import match_path
from vaultlint.terms.glossary import Entry, Glossary


class ScopedGlossary(NamedTuple):
    """A glossary that holds in the notes that `paths` match; without paths, in all."""

    glossary: Glossary
    paths: tuple[str, ...] = ()


class Glossaries:
    """Glossaries with the places where they hold. Does not change."""

    def __init__(self, own: Iterable[ScopedGlossary] = (), packs: Iterable[Glossary] = ()) -> None:
        """`own` are the vault's own; of `packs` holds what these say nothing about.

        Raises UserError where two of the vault's own glossaries that may hold in the same note
        contradict each other, or two packs do.
        """
        self._own = tuple(own)
        self._packs = Glossary.merge(*packs)
        self._chosen: dict[tuple[int, ...], tuple[Glossary, Glossary]] = {}
        for number, one in enumerate(self._own):
            for other in self._own[:number]:
                if _may_meet(one.paths, other.paths):
                    Glossary.merge(other.glossary, one.glossary)
        everywhere = tuple(n for n, each in enumerate(self._own) if not each.paths)
        self._choose(everywhere)

    def of(self, path: str) -> Glossary:
        """The glossary that holds in a note."""
        return self._choose(self._numbers(path))[1]

    def own_of(self, path: str) -> Glossary:
        """The part of a note's glossary that is the vault's own, and of no pack."""
        return self._choose(self._numbers(path))[0]

    def _numbers(self, path: str) -> tuple[int, ...]:
        return tuple(
            number
            for number, each in enumerate(self._own)
            if not each.paths or match_path(path, each.paths)
        )

    def _choose(self, numbers: tuple[int, ...]) -> tuple[Glossary, Glossary]:
        if numbers not in self._chosen:
            own = Glossary.merge(*(self._own[number].glossary for number in numbers))
            self._chosen[numbers] = own, own.completed_by(self._packs)
        return self._chosen[numbers]

    def __bool__(self) -> bool:
        """Is there any entry, the vault's own or a pack's?"""
        return len(self._packs) > 0 or any(len(each.glossary) for each in self._own)

    def __iter__(self) -> Iterator[Entry]:
        """All entries of the vault's own glossaries, wherever they hold."""
        return (entry for each in self._own for entry in each.glossary)

    @property
    def fingerprint(self) -> str:
        """A digest of all entries and places that is the same in every process."""
        parts = [(each.glossary.fingerprint, each.paths) for each in self._own]
        data = msgpack.encode((parts, self._packs.fingerprint))
        return hashlib.blake2b(data, digest_size=16).hexdigest()


def _may_meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """May a path match both of two lists of globs? It is certain that none does where it says no.

    What stands before the first wildcard must be equal as far as both reach.
    """
    if not one or not other:
        return True
    return any(
        first.startswith(second) or second.startswith(first)
        for first in map(_beginning, one)
        for second in map(_beginning, other)
    )


def _beginning(glob: str) -> str:
    if "/" not in glob:
        return ""
    return glob.lstrip("/").partition("*")[0].partition("?")[0]
