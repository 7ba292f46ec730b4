"""The properties of a note beside those that one of its types asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from vaultlint.facts import Property, fold_name
from vaultlint.json_schema import property_names
from vaultlint.parse.note import ParsedNote
from vaultlint.property_types import COMMON_NAMES
from vaultlint.schema import NoteType, PropertySpec
from vaultlint.template_text import may_hold_placeholder


class Missing(NamedTuple):
    """A property that is asked for and not there.

    `empty` is the property where only its value is missing, `near` one whose name is nearly it.
    """

    spec: PropertySpec
    empty: Property | None = None
    near: Property | None = None


class PropertyMatch:
    """A note's properties beside those of one of its types; names are equal whatever their case.

    `types` are all types of the note: what one of them knows is not unknown to the others.
    """

    def __init__(self, note: ParsedNote, type: NoteType, types: Sequence[NoteType]) -> None:
        self.note = note
        self.type = type
        self._types = types
        self._before = types[: types.index(type)]

    @cached_property
    def _own(self) -> list[PropertySpec]:
        """What the type asks for; what an earlier type of the note has of the same line is its."""
        told = set(specs_of(self._before))
        return [spec for spec in self.type.properties if spec not in told]

    @cached_property
    def present(self) -> list[tuple[PropertySpec, Property]]:
        """The properties that the type speaks of and the note has, in the note's order."""
        specs = {fold_name(spec.name): spec for spec in self._own}
        named = self.note.facts.frontmatter.properties
        return [(specs[fold_name(p.key)], p) for p in named if fold_name(p.key) in specs]

    @property
    def judged(self) -> list[tuple[PropertySpec, Property]]:
        """Those of them whose values can be judged: neither empty nor placeholders."""
        return [pair for pair in self.present if can_be_judged(self.note, pair[1])]

    @property
    def missing(self) -> list[Missing]:
        """The properties that the type requires, and that are not there or empty."""
        if self.note.facts.frontmatter.state == "invalid":
            return []
        found = {spec.name: named for spec, named in self.present}
        told = {fold_name(s.name) for s in specs_of(self._before) if s.presence == "required"}
        missing = []
        for spec in self._own:
            named = found.get(spec.name)
            if spec.presence != "required" or fold_name(spec.name) in told:
                continue
            if named is None:
                missing.append(Missing(spec, near=self._near.get(spec.name)))
            elif named.is_empty:
                missing.append(Missing(spec, empty=named))
        return missing

    @property
    def unknown(self) -> list[Property]:
        """The properties that no type of the note knows, where this one forbids all others.

        One whose name is nearly that of a missing one is not among them; nor are those that an
        earlier type of the note forbids.
        """
        forbidding = [each for each in self._types if each.other_properties == "forbid"]
        if self.type not in forbidding[:1]:
            return []
        claimed = [near.key for near in self._near.values()]
        return [each for each in self._strangers if each.key not in claimed]

    @cached_property
    def _strangers(self) -> list[Property]:
        """The properties that no type of the note knows."""
        known = set(COMMON_NAMES).union(*map(_known_names, self._types))
        return [
            each
            for each in self.note.facts.frontmatter.properties
            if fold_name(each.key) not in known and not may_hold_placeholder(each.key)
        ]

    @cached_property
    def _near(self) -> dict[str, Property]:
        """By the names of required properties that are missing: one that is nearly called so."""
        present = {spec.name for spec, _ in self.present}
        required = [spec.name for spec in self._own if spec.presence == "required"]
        absent = [name for name in required if name not in present]
        near: dict[str, Property] = {}
        for stranger in self._strangers if absent else ():
            name = nearly_called(stranger.key, absent)
            if name is not None:
                near.setdefault(name, stranger)
        return near


def match_properties(note: ParsedNote, types: Sequence[NoteType]) -> list[PropertyMatch]:
    """The properties of a note beside those of each of its types that asks for any."""
    return [PropertyMatch(note, each, types) for each in types if asks_properties(each)]


def asks_properties(type: NoteType) -> bool:
    """Says a type anything of properties?"""
    return bool(type.properties) or type.other_properties == "forbid"


def specs_of(types: Iterable[NoteType]) -> list[PropertySpec]:
    """What some types say of properties; what several inherit of one is there once."""
    return list(dict.fromkeys(spec for type in types for spec in type.properties))


def known_names(types: Iterable[NoteType]) -> list[str]:
    """The names of properties that may stand in notes of some types, for suggestions."""
    return [spec.name for type in types for spec in type.properties if spec.presence != "forbidden"]


def can_be_judged(note: ParsedNote, named: Property) -> bool:
    """Is the value of a property neither empty nor a placeholder of a template?"""
    start, end = named.value_span
    return not named.is_empty and not may_hold_placeholder(note.text[start:end])


def _known_names(type: NoteType) -> set[str]:
    names = {fold_name(spec.name) for spec in type.properties}
    names.update(fold_name(name) for name in type.conditions)
    return names.union(fold_name(name) for name in property_names(type.schema))


#: How alike two names are at least, from 0 to 100, for one to be taken for the other misspelt.
_LIKENESS = 80.0


def nearly_called(key: str, names: Iterable[str]) -> str | None:
    """The name that a key was most likely meant for."""
    from rapidfuzz import fuzz, process

    def squeeze(text: str) -> str:
        return text.lower().replace("-", "").replace("_", "").replace(" ", "")

    found = process.extractOne(
        key, list(names), processor=squeeze, scorer=fuzz.ratio, score_cutoff=_LIKENESS
    )
    return found[0] if found else None
