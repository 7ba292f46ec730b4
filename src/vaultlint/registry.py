"""Which rules exist: the modules of `vaultlint.rules`, packs, and plugins that are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from vaultlint.key_spelling import with_hyphens
from vaultlint.model import UserError
from vaultlint.nearest import did_you_mean
from vaultlint.packs import load_pack, shipped_packs
from vaultlint.rule import GROUPS, Rule
from vaultlint.rule_index import load_rules
from vaultlint.type_tables import Keys, Source, TypeTable

#: The word that selects every rule.
ALL = "ALL"


class Registry:
    """All rules, by id, and the types of notes that packs have."""

    def __init__(self, found: Iterable[Rule], types: Mapping[str, tuple[str, Any]]) -> None:
        self.rules: dict[str, Rule] = {}
        self._names: dict[str, str] = {}
        self._types = types
        for rule in sorted(found, key=lambda rule: rule.code):
            for name in (rule.id, rule.code, *rule.former):
                if name in self._names:
                    first = self.rules[self._names[name]].origin
                    raise UserError(f"{rule.origin}: the rule `{name}` exists already, at {first}")
                self._names[name] = rule.id
            self.rules[rule.id] = rule

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    def get(self, name: str) -> Rule:
        """The rule of an id or code. Raises UserError with the nearest right name."""
        rule = self.rules.get(self._names.get(name.strip(), ""))
        if rule is None:
            raise UserError(f"no rule `{name}`{did_you_mean(name, self._names)}")
        return rule

    def type_library(self) -> dict[str, Source]:
        """The types of notes that packs have. Raises UserError."""
        return {name: _read_type(name, *written) for name, written in self._types.items()}

    def expand(self, selector: str) -> tuple[int, frozenset[str]]:
        """How exact a selector is (0 all, 1 a group, 2 a rule), and the ids that it selects.

        Raises UserError with the nearest right name.
        """
        if selector == ALL:
            return 0, frozenset(self.rules)
        if selector in GROUPS:
            return 1, frozenset(rule.id for rule in self if rule.group == selector)
        if selector in self._names:
            return 2, frozenset((self._names[selector],))
        near = did_you_mean(selector, (*self._names, *GROUPS, ALL))
        raise UserError(f"no rule or group `{selector}`{near}")


def load_registry(packs: Mapping[str, Path] | None = None, plugins: Iterable[str] = ()) -> Registry:
    """The built-in rules, the packs that ship, and those that the configuration names.

    `packs` maps paths as messages show them to files. Raises UserError.
    """
    found = list(load_rules())
    types: dict[str, tuple[str, Any]] = {}
    shipped = {f"rules/{path.name}": path for path in shipped_packs()}
    for shown, path in {**shipped, **(packs or {})}.items():
        pack = load_pack(path, shown)
        found += pack.rules
        types |= {name: (shown, written) for name, written in pack.types.items()}
    for name in plugins:
        found += _load_plugin(name)
    return Registry(found, types)


class _PackPlaces(NamedTuple):
    """A pack's keys are told by its name alone."""

    shown: str

    def at(self, keys: Keys) -> str:
        return f"{self.shown}: {'.'.join(map(str, keys))}"

    def origin(self, keys: Keys) -> str:  # noqa: ARG002  # a pack's lines are not known
        return self.shown


def _read_type(name: str, shown: str, written: Any) -> Source:
    def read(path: str, keys: Keys) -> str:
        raise UserError(f"{shown}: {'.'.join(map(str, keys))}: a pack cannot name a file: {path}")

    try:
        table = msgspec.convert(with_hyphens(written, TypeTable), TypeTable)
    except msgspec.ValidationError as error:
        raise UserError(f"{shown}: the type `{name}`: {error}") from error
    return Source({name: table}, _PackPlaces(shown), read)


def _load_plugin(name: str) -> Iterable[Rule]:
    from importlib.metadata import entry_points

    points = entry_points(group="vaultlint.rules")
    for point in points:
        if point.name == name:
            loaded: Iterable[Rule] = point.load()()
            return loaded
    near = did_you_mean(name, (point.name for point in points))
    raise UserError(f"no plugin `{name}` is installed{near}")
