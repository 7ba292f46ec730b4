"""The properties of a group of notes: which they share, of which type, and with which values."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping

from vaultlint.learn.proposal import ENOUGH, PropertyProposal, Value, is_enough, share
from vaultlint.learn.survey import Sample, is_empty
from vaultlint.schema import PropertyType

#: Keys that plugins and publishing own: nobody writes them by a plan.
_FOREIGN = frozenset(
    ("cssclass", "cssclasses", "excalidraw-plugin", "kanban-plugin", "linter-yaml-title-alias")
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?")
#: The share of values that may be of another type than all others, or none of the enum's.
_ODD = 0.05
_MOST_VALUES = 8
#: How often each value of an enum stands, in the mean.
_REPEATED = 4
_LONGEST_VALUE = 40

_FITS: tuple[tuple[PropertyType, Callable[[object], bool]], ...] = (
    ("checkbox", lambda value: isinstance(value, bool)),
    ("number", lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    ("list", lambda value: isinstance(value, list)),
    ("date", lambda value: isinstance(value, str) and _DATE.fullmatch(value) is not None),
    ("datetime", lambda value: isinstance(value, str) and _DATETIME.fullmatch(value) is not None),
    ("text", lambda value: isinstance(value, str)),
)


def propose_properties(
    samples: Mapping[int, Sample], without: Collection[str] = ()
) -> list[PropertyProposal]:
    """The properties that nearly all notes of a group have, in the order of the notes.

    `without` are keys, folded, that the group's own conditions ask for.
    """
    values: dict[str, dict[int, object]] = defaultdict(dict)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for number, sample in samples.items():
        for key, (name, value) in sample.properties.items():
            if not is_empty(value):
                values[key][number] = value
                names[key][name] += 1
    found = []
    for key, given in values.items():
        if key in _FOREIGN or key in without or not key.isprintable() or not key.strip():
            continue
        if not is_enough(len(given), len(samples)):
            continue
        name = min(names[key], key=lambda each: (-names[key][each], each))
        found.append(_describe(key, name, given))
    return found


def _describe(key: str, name: str, given: Mapping[int, object]) -> PropertyProposal:
    having = frozenset(given)
    proposal = PropertyProposal(name=name, having=having, required=True)
    if key == "tags":
        plain = all(isinstance(value, str | list) for value in given.values())
        return proposal._replace(type="tags") if plain else proposal
    for kind, fits in _FITS:
        odd = frozenset(number for number, value in given.items() if not fits(value))
        if share(len(odd), len(given)) <= _ODD:
            if kind == "text" and _is_mixed(given):
                return proposal
            proposal = proposal._replace(type=kind, odd=odd)
            break
    if proposal.type == "text":
        values, others = _enum(given)
        if values:
            proposal = proposal._replace(values=values, odd=proposal.odd | others)
    return proposal


def _is_mixed(given: Mapping[int, object]) -> bool:
    """Are texts dates in part, so that neither type says what is meant?"""
    dates = sum(isinstance(v, str) and bool(_DATE.match(v)) for v in given.values())
    return share(dates, len(given)) > ENOUGH / 4


def _enum(given: Mapping[int, object]) -> tuple[tuple[Value, ...], frozenset[int]]:
    """The few values that repeat often, and the notes that have another one."""
    texts = {number: value for number, value in given.items() if isinstance(value, str)}
    counts = Counter(texts.values())
    values = [value for value, count in counts.items() if count > 1]
    if not 2 <= len(values) <= _MOST_VALUES or len(texts) < _REPEATED * len(values):
        return (), frozenset()
    if not all(v.isprintable() and len(v) <= _LONGEST_VALUE and v == v.strip() for v in values):
        return (), frozenset()
    others = frozenset(number for number, value in texts.items() if counts[value] == 1)
    if share(len(others), len(given)) > _ODD:
        return (), frozenset()
    return tuple(sorted(values, key=lambda value: (-counts[value], value))), others
