"""Types of notes that no note can satisfy together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import NamedTuple

from vaultlint.facts import fold_name
from vaultlint.schema import NoteType, PropertySpec, SectionSpec, is_pattern


class Contradiction(NamedTuple):
    """What one type asks for and another rules out, each in words, with their origins."""

    asking: NoteType
    asks: str
    asked_by: str
    refusing: NoteType
    refuses: str
    refused_by: str


def find_contradictions(types: tuple[NoteType, ...]) -> Iterator[Contradiction]:
    """Where two types contradict each other, each pair of demands once."""
    for first, second in permutations(types, 2):
        for spec in first.plan.specs:
            yield from _of_section(first, spec, second)
        for prop in first.properties:
            yield from _of_property(first, prop, second)


def _of_section(first: NoteType, spec: SectionSpec, second: NoteType) -> Iterator[Contradiction]:
    """Of a section that the first type requires."""
    if spec.presence != "required" or any(map(is_pattern, spec.headings)):
        return
    asks = f"requires the section `{spec.name}`"
    others = [other for other in second.plan.specs if all(map(other.matches, spec.headings))]
    for other in others:
        if other.presence == "forbidden":
            yield Contradiction(first, asks, spec.origin, second, "forbids it", other.origin)
        elif _are_apart(spec.levels, other.levels) and (
            first.name < second.name or other.presence != "required"
        ):
            at = f"{asks} at level {_levels(spec)}"
            refuses = f"wants it at level {_levels(other)}"
            yield Contradiction(first, at, spec.origin, second, refuses, other.origin)
    if not others and second.plan.other == "forbid":
        refuses = "forbids sections that it does not name"
        yield Contradiction(first, asks, spec.origin, second, refuses, second.origin)


def _are_apart(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return first[1] < second[0] or second[1] < first[0]


def _levels(spec: SectionSpec) -> str:
    first, last = spec.levels
    return f"{first}" if first == last else f"{first} to {last}"


def _of_property(first: NoteType, prop: PropertySpec, second: NoteType) -> Iterator[Contradiction]:
    """Of a property that the first type describes."""
    name, asks = fold_name(prop.name), f"requires the property `{prop.name}`"
    other = next((each for each in second.properties if fold_name(each.name) == name), None)
    if other is None:
        known = {fold_name(key) for key in second.conditions}
        refused = second.other_properties == "forbid" and name not in known
        if prop.presence == "required" and refused:
            refuses, origin = "forbids others", second.other_properties_origin
            yield Contradiction(first, asks, prop.origin, second, refuses, origin)
        return
    if prop.presence == "required" and other.presence == "forbidden":
        yield Contradiction(first, asks, prop.origin, second, "forbids it", other.origin)
    if first.name > second.name:
        return
    if prop.type and other.type and prop.type != other.type:
        asks, refuses = f"wants `{prop.name}` as {prop.type}", f"wants it as {other.type}"
        yield Contradiction(first, asks, prop.origin, second, refuses, other.origin)
    if prop.values and other.values and set(prop.values).isdisjoint(other.values):
        asks, refuses = f"has values for `{prop.name}`", "has none of these"
        yield Contradiction(first, asks, prop.origin, second, refuses, other.origin)
