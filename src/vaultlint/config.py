"""The configuration: found, read, validated and merged into settings that do not change.

Keys are those of `vaultlint.toml`; `[tool.vaultlint]` of a pyproject.toml is the same. Whatever
is wrong is one UserError that names the file, the line, and the nearest right word.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import UnionType
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, Struct, UnsetType

from vaultlint.facts import Dialect, NoteFacts
from vaultlint.key_spelling import with_hyphens
from vaultlint.locate import find_root
from vaultlint.matching import has_tag, match_path
from vaultlint.model import SEVERITIES, FailOn, Severity, UserError, place
from vaultlint.nearest import did_you_mean
from vaultlint.packs import shipped_glossaries
from vaultlint.registry import Registry, load_registry
from vaultlint.rule import ReferenceSettings, Rule, Shared, TermSettings
from vaultlint.schema import NoteType, types_of, with_bases
from vaultlint.terms.glossaries import Glossaries, ScopedGlossary
from vaultlint.terms.glossary import Glossary, load_glossary
from vaultlint.type_tables import Keys, Types, TypeTable
from vaultlint.type_tables import Source as TypeSource


class VaultTable(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`[vault]`: what belongs to the vault. Paths and globs are relative to its root.

    `root` is relative to the configuration's folder. Notes that `exclude` matches are not
    checked, but links may lead to them. `planned` says which missing notes are meant to be
    written later: globs of link paths, `#tag` of the notes that link, `>= N` notes that link.
    `dialect` says whose rules decide where links lead.
    """

    root: str = ""
    dialect: Dialect = "obsidian"
    exclude: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()


class GlossaryTable(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A glossary file that holds in the notes that `paths` match."""

    file: str
    paths: tuple[str, ...]


class TermsTable(TermSettings, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`[terms]`: glossary files, relative to the configuration's folder, and how words are judged.

    `packs` are glossaries that ship, by name.
    """

    glossary: tuple[str | GlossaryTable, ...] = ()
    packs: tuple[str, ...] = ()


class Override(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`[[overrides]]`: other rules, severities and options for notes that match all given keys."""

    paths: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    rules: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)

    def matches(self, note: NoteFacts, types: Sequence[str]) -> bool:
        """Do all the keys that are given hold for a note?"""
        tags = frozenset(tag.removeprefix("#").lower() for tag in self.tags)
        return (
            (not self.paths or match_path(note.path, self.paths))
            and (not self.types or not set(self.types).isdisjoint(types))
            and (not tags or has_tag(note, tags))
        )


class ConfigFile(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The whole of a configuration file.

    `baseline` is the file of findings that `check` passes over, relative to this one.
    """

    select: tuple[str, ...] | UnsetType = UNSET
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    fail_on: FailOn = "warning"
    baseline: str = ""
    ignore_suppressions: bool = False
    packs: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    vault: VaultTable = VaultTable()
    rules: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    types: dict[str, TypeTable] = msgspec.field(default_factory=dict)
    terms: TermsTable = TermsTable()
    references: ReferenceSettings = ReferenceSettings()
    overrides: tuple[Override, ...] = ()


class Active(NamedTuple):
    """A rule that runs, with the severity and options it runs with."""

    rule: Rule
    severity: Severity
    options: Any


@dataclass(frozen=True)
class Settings:
    """The configuration that a run uses.

    `path` is its file (None: there is none), `named` are the files that it names, besides packs.
    """

    file: ConfigFile
    registry: Registry
    shared: Shared
    path: Path | None = None
    named: tuple[Path, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    _plans: dict[tuple[int, ...], tuple[Active, ...]] = field(default_factory=dict)

    @property
    def bibliographies(self) -> tuple[Path, ...]:
        """The bibliography files that it names."""
        folder = self.path.parent if self.path else Path()
        return tuple(folder / name for name in self.shared.references.bibliography)

    def types_of(self, note: NoteFacts) -> tuple[str, ...]:
        """The names of the types that a note has."""
        return types_of(note, self.shared.types)

    def plan(self, note: NoteFacts, types: Sequence[str]) -> tuple[Active, ...]:
        """The rules that run on a note, by their code."""
        overrides = self.file.overrides
        all_types = with_bases(types, self.shared.types) if overrides else types
        key = tuple(i for i, override in enumerate(overrides) if override.matches(note, all_types))
        if key not in self._plans:
            self._plans[key] = self._make_plan([overrides[index] for index in key])
        return self._plans[key]

    @cached_property
    def base_plan(self) -> tuple[Active, ...]:
        """The rules that run on notes that no override matches."""
        return self._make_plan(())

    @cached_property
    def possible_rules(self) -> tuple[Rule, ...]:
        """The rules that run on any note, as far as can be told without looking at it."""
        extended = [selector for o in self.file.overrides for selector in o.extend_select]
        chosen = {active.rule.id for active in self.base_plan}
        for selector in extended:
            chosen |= self.registry.expand(selector)[1]
        return tuple(
            rule for rule in self.registry if rule.id in chosen and not rule.is_idle(self.shared)
        )

    def _make_plan(self, overrides: Iterable[Override]) -> tuple[Active, ...]:
        file = self.file
        chosen = _choose(
            self.registry,
            None if file.select is UNSET else file.select,
            (*file.extend_select, *(s for o in overrides for s in o.extend_select)),
            (*file.ignore, *file.extend_ignore, *(s for o in overrides for s in o.ignore)),
        )
        tables = [file.rules, *(override.rules for override in overrides)]
        return tuple(
            _activate(rule, tables)
            for rule in self.registry
            if rule.id in chosen and not rule.is_idle(self.shared)
        )


def _choose(
    registry: Registry,
    select: Sequence[str] | None,
    extend: Iterable[str],
    ignore: Iterable[str],
) -> set[str]:
    """The ids of the rules that run: the most exact selector decides, at a tie the refusal."""
    chosen = {rule.id: (0, rule.default) for rule in registry}
    if select is not None:
        chosen = {rule.id: (-1, False) for rule in registry}
    for selectors, wanted in (((*(select or ()), *extend), True), (ignore, False)):
        for selector in selectors:
            exactness, ids = registry.expand(selector)
            for rule_id in ids:
                if exactness >= chosen[rule_id][0]:
                    chosen[rule_id] = (exactness, wanted)
    return {rule_id for rule_id, (_, wanted) in chosen.items() if wanted}


def _activate(rule: Rule, tables: Iterable[Mapping[str, Mapping[str, Any]]]) -> Active:
    merged: dict[str, Any] = {}
    for table in tables:
        for name in (*rule.former, rule.code, rule.id):
            merged |= table.get(name, {})
    severity = merged.pop("severity", rule.severity)
    return Active(rule, severity, msgspec.convert(merged, rule.options))


class Source(NamedTuple):
    """A configuration text: its file as messages show it, and the folder its paths start from.

    `table` leads to our keys: ("tool", "vaultlint") in a pyproject.toml.
    """

    shown: str
    text: str
    folder: Path
    table: tuple[str, ...] = ()

    def at(self, keys: Sequence[str | int]) -> str:
        """The file and the line of a key, as error messages begin."""
        return _at(self, keys)

    def origin(self, keys: Sequence[str | int]) -> str:
        """The file's name and the line of a key."""
        return place(self.shown.replace("\\", "/").rpartition("/")[2], _line(self, keys))


#: Where a value comes from that no file holds.
_COMMAND_LINE = "command line"


def is_of_command_line(settings: Settings, key: str) -> bool:
    """Does the command line, and not a file, set a key?"""
    return settings.origins.get(key) == _COMMAND_LINE


def default_settings() -> Settings:
    """The settings where there is no configuration."""
    return _settle(ConfigFile(), Source("vaultlint.toml", "", Path()), None, {})


def load_settings(
    path: Path | None,
    *,
    shown: str = "",
    overrides: Sequence[Mapping[str, Any]] = (),
    text: str | None = None,
) -> Settings:
    """Read a configuration file and merge `overrides` over it: tables by key, all else replaced.

    `text` is what the file would hold, where it need not be there. Raises UserError.
    """
    data: dict[str, Any] = {}
    origins: dict[str, str] = {}
    source = Source(shown or str(path or "vaultlint.toml"), "", path.parent if path else Path())
    if path is not None:
        table = ("tool", "vaultlint") if path.name == "pyproject.toml" else ()
        source = source._replace(
            text=_read(path, source.shown) if text is None else text, table=table
        )
        data = _parse(source)
        origins = dict.fromkeys(_flat_keys(data), source.shown)
    merged = data
    for override in overrides:
        merged = _merge(merged, override)
        origins |= dict.fromkeys(_flat_keys(override), _COMMAND_LINE)
    try:
        return _settle(_validate(merged, source), source, path, origins)
    except UserError:
        if not overrides:
            raise
        _settle(_validate(data, source), source, path, origins)  # is the file itself at fault?
        source = source._replace(shown=_COMMAND_LINE, text="")
        return _settle(_validate(merged, source), source, path, origins)


def _read(path: Path, shown: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"{shown}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{shown}: is not UTF-8") from error


def _parse(source: Source) -> dict[str, Any]:
    import tomllib

    try:
        data = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        found = _TOML_PLACE.search(str(error))
        line = int(found[1]) if found and found[1] else source.text.count("\n") + 1
        message = str(error)[: found.start()] if found else str(error)
        raise UserError(f"{place(source.shown, line)}: {message}") from error
    for key in source.table:
        data = data.get(key, {})
    return {key: _as_text(value) for key, value in data.items()}


def _as_text(value: Any) -> Any:
    """A value of TOML with dates and times as the texts that frontmatter has in their place."""
    if isinstance(value, dict):
        return {key: _as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_text(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _merge(data: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(data)
    for key, value in over.items():
        known = merged.get(key)
        both = isinstance(value, Mapping) and isinstance(known, Mapping)
        merged[key] = _merge(known, value) if both else value  # type: ignore[arg-type]
    return merged


def _flat_keys(data: Mapping[str, Any], prefix: str = "") -> Iterable[str]:
    for key, value in data.items():
        if isinstance(value, Mapping) and value:
            yield from _flat_keys(value, f"{prefix}{key}.")
        else:
            yield prefix + key


def _validate(data: Mapping[str, Any], source: Source) -> ConfigFile:
    try:
        with suppress(msgspec.ValidationError):  # most write keys as they are named
            return msgspec.convert(data, ConfigFile)
        return msgspec.convert(with_hyphens(data, ConfigFile), ConfigFile)
    except msgspec.ValidationError as error:
        raise _explain(error, with_hyphens(data, ConfigFile), ConfigFile, source, ()) from error


def _settle(
    file: ConfigFile,
    source: Source,
    path: Path | None,
    origins: Mapping[str, str],
) -> Settings:
    """Load what the file names, and check what only the rules can tell."""
    packs = {name: source.folder / name for name in file.packs}
    registry = load_registry(packs, file.plugins)
    tables = [(("rules",), file.rules)]
    tables += [(("overrides", i, "rules"), o.rules) for i, o in enumerate(file.overrides)]  # type: ignore[misc]
    for prefix, table in tables:
        for name, values in table.items():
            _check_rule(registry, name, values, source, (*prefix, name))
    _check_selectors(file, registry, source)
    for index, override in enumerate(file.overrides):
        for number, name in enumerate(override.types):
            _known(name, file.types, "type", source, ("overrides", index, "types", number))
    for number, name in enumerate(file.references.types):
        _known(name, file.types, "type", source, ("references", "types", number))
    for number, name in enumerate(file.references.bibliography):
        _require_file(source, name, ("references", "bibliography", number), "bibliography")
    types = _types(file, registry, source)
    glossaries = _glossaries(file, source)
    shared = Shared(types, glossaries, file.references, file.terms, file.vault.dialect)
    listed = _codespell(file, source)
    named = (*_named(file, source), *((listed,) if listed else ()))
    return Settings(file, registry, shared, path, named, origins)


def _codespell(file: ConfigFile, source: Source) -> Path | None:
    """The file of codespell's list, if the configuration asks for it."""
    if not file.terms.codespell:
        return None
    from vaultlint.terms.codespell import find_list

    path = find_list()
    if path is None:
        where = _at(source, ("terms", "codespell"))
        raise UserError(f"{where}: codespell is not installed: `pip install 'vaultlint[spell]'`")
    return path


def _glossaries(file: ConfigFile, source: Source) -> Glossaries:
    own = []
    for number, listed in enumerate(file.terms.glossary):
        named = GlossaryTable(listed, ()) if isinstance(listed, str) else listed
        keys = ("terms", "glossary", number)
        text = _read_named(source, named.file, keys, "glossary")
        own.append(ScopedGlossary(_read_glossary(named.file, text), named.paths))
    shipped = shipped_glossaries() if file.terms.packs else {}
    packs = []
    for number, name in enumerate(file.terms.packs):
        _known(name, shipped, "pack of terms", source, ("terms", "packs", number))
        packs.append(load_glossary(f"rules/{name}.yaml", shipped[name].read_text(encoding="utf-8")))
    return Glossaries(own, packs)


def _read_glossary(name: str, text: str) -> Glossary:
    if not name.lower().endswith((".md", ".markdown")):
        return load_glossary(name, text)
    from vaultlint.glossary_note import read_glossary_note

    return read_glossary_note(name, text)


def _types(file: ConfigFile, registry: Registry, source: Source) -> dict[str, NoteType]:
    def read(name: str, keys: Keys) -> str:
        return _read_named(source, name, keys, str(keys[-1]))

    def locate(name: str) -> str:
        file_path = os.path.realpath(source.folder / name)
        config = str(source.folder.absolute() / "vaultlint.toml")
        root = os.path.realpath(find_root(file_path, config, file.vault.root))
        return os.path.relpath(file_path, root).replace(os.sep, "/")

    own = TypeSource(file.types, source, read, locate)
    return Types(own, registry.type_library).read()


def _named(file: ConfigFile, source: Source) -> tuple[Path, ...]:
    """The files that a configuration names, besides packs."""
    names = [each if isinstance(each, str) else each.file for each in file.terms.glossary]
    names += file.references.bibliography
    for table in file.types.values():
        names += filter(None, (table.template, table.schema))
    return tuple(source.folder / name for name in names)


def _check_selectors(file: ConfigFile, registry: Registry, source: Source) -> None:
    places: list[tuple[tuple[str | int, ...], Sequence[str]]] = [
        (("select",), () if file.select is UNSET else file.select),
        (("ignore",), file.ignore),
        (("extend-select",), file.extend_select),
        (("extend-ignore",), file.extend_ignore),
    ]
    for index, override in enumerate(file.overrides):
        places.append((("overrides", index, "ignore"), override.ignore))
        places.append((("overrides", index, "extend-select"), override.extend_select))
    for keys, selectors in places:
        for number, selector in enumerate(selectors):
            try:
                registry.expand(selector)
            except UserError as error:
                raise UserError(f"{_at(source, (*keys, number))}: {error}") from error


def _check_rule(
    registry: Registry,
    name: str,
    values: Mapping[str, Any],
    source: Source,
    keys: tuple[str | int, ...],
) -> None:
    try:
        rule = registry.get(name)
    except UserError as error:
        raise UserError(f"{_at(source, keys)}: {error}") from error
    options = dict(values)
    severity = options.pop("severity", "warning")
    try:
        msgspec.convert(severity, Severity)
    except msgspec.ValidationError as error:
        near = did_you_mean(str(severity), SEVERITIES)
        where = _at(source, (*keys, "severity"))
        message = f"{where}: the severity is error, warning or info{near}"
        raise UserError(message) from error
    try:
        msgspec.convert(options, rule.options)
    except msgspec.ValidationError as error:
        raise _explain(error, options, rule.options, source, keys) from error


def _known(
    name: str, known: Iterable[str], what: str, source: Source, keys: tuple[str | int, ...]
) -> None:
    choices = list(known)
    if name not in choices:
        near = did_you_mean(name, choices)
        raise UserError(f"{_at(source, keys)}: no {what} `{name}`{near}")


def _read_named(source: Source, name: str, keys: Keys, what: str) -> str:
    """The text of a file that the configuration names."""
    path = source.folder / name
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        near = did_you_mean(name, _files_near(path, source.folder))
        reason = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else "cannot be read"
        raise UserError(f"{_at(source, keys)}: the {what} `{name}` {reason}{near}") from error


def _require_file(source: Source, name: str, keys: Keys, what: str) -> None:
    """Raise UserError where the configuration names a file that is not there."""
    path = source.folder / name
    if not path.is_file():
        near = did_you_mean(name, _files_near(path, source.folder))
        raise UserError(f"{_at(source, keys)}: there is no {what} `{name}`{near}")


def _files_near(path: Path, folder: Path) -> list[str]:
    """The files beside one that does not exist, as the configuration would name them."""
    try:
        return [Path(os.path.relpath(each, folder)).as_posix() for each in path.parent.glob("*")]
    except (OSError, ValueError):
        return []


_TOML_PLACE = re.compile(r" \(at (?:line (\d++)|end)[^()]*+\)$")
_STRUCT_PATH = re.compile(r" - at `([^`]*)`$")
_UNKNOWN_FIELD = re.compile(r"Object contains unknown field `([^`]*)`")
_PATH_PART = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\[(\.\.\.)\]")


def _explain(
    error: msgspec.ValidationError,
    data: Mapping[str, Any],
    into: type,
    source: Source,
    prefix: tuple[str | int, ...],
) -> UserError:
    """The error that a user reads for one of msgspec's: with the line and the nearest key."""
    message = str(error)
    found = _STRUCT_PATH.search(message)
    keys: list[str | int] = []
    for name, index, _ in _PATH_PART.findall(found[1] if found else ""):
        keys.append(int(index) if index else name)
    message = message[: found.start()] if found else message
    keys = _fill_keys(keys, found[1] if found else "", data, into)
    unknown = _UNKNOWN_FIELD.match(message)
    if unknown:
        struct = _struct_at(into, keys)
        choices = struct.__struct_encode_fields__ if struct is not None else ()
        choices = (*choices, "severity") if prefix else choices
        keys.append(unknown[1])
        message = f"unknown key `{unknown[1]}`{did_you_mean(unknown[1], choices)}"
    else:
        name = next((key for key in reversed(keys) if isinstance(key, str)), "")
        if name:
            from vaultlint.value_wording import reword

            in_list = isinstance(keys[-1], int)
            message = reword(message, name, _kind_at(into, keys), in_list=in_list)
    return UserError(f"{_at(source, (*prefix, *keys))}: {message}")


def _fill_keys(
    keys: list[str | int], path: str, data: Mapping[str, Any], into: type
) -> list[str | int]:
    """Msgspec writes `[...]` for a mapping's key: find which entry is the wrong one."""
    if "[...]" not in path:
        return keys
    filled: list[str | int] = []
    value: Any = data
    kind: Any = into
    for name, index, any_key in _PATH_PART.findall(path):
        if any_key:
            entries = _entries_of(kind)
            for key, entry in value.items():
                try:
                    msgspec.convert(entry, entries)
                except msgspec.ValidationError:
                    filled.append(key)
                    value, kind = entry, entries
                    break
        else:
            key = int(index) if index else name
            filled.append(key)
            value = value[key]
            kind = _struct_of(kind) if index else _field_type(kind, name)
    return filled


def _entries_of(kind: Any) -> Any:
    """The type of a mapping's entries."""
    from typing import get_args

    return get_args(kind)[1]


def _field_type(struct: Any, name: str) -> Any:
    from typing import get_type_hints

    struct = _struct_in(struct)
    names = dict(zip(struct.__struct_encode_fields__, struct.__struct_fields__, strict=True))
    return get_type_hints(struct).get(names.get(name, name))


def _struct_of(kind: Any) -> Any:
    """The Struct that a container's type holds, by itself or beside a text."""
    from types import UnionType
    from typing import get_args

    inner = [arg for arg in get_args(kind) if arg is not str and arg is not Ellipsis]
    if not inner:
        return kind
    return _struct_of(inner[0]) if isinstance(inner[0], UnionType) else inner[0]


def _struct_in(kind: Any) -> Any:
    """The Struct of a union of types; any other type is itself."""
    from typing import get_args

    if hasattr(kind, "__struct_encode_fields__"):
        return kind
    return next((arg for arg in get_args(kind) if hasattr(arg, "__struct_encode_fields__")), kind)


def _struct_at(into: Any, keys: Sequence[str | int]) -> Any:
    kind = _struct_in(_kind_at(into, keys))
    return kind if hasattr(kind, "__struct_encode_fields__") else None


def _kind_at(into: Any, keys: Sequence[str | int]) -> Any:
    """The type of the value that some keys lead to."""
    kind = into
    for key in keys:
        kind = _struct_in(kind) if isinstance(kind, UnionType) else kind
        if isinstance(key, str) and hasattr(kind, "__struct_encode_fields__"):
            kind = _field_type(kind, key)
        elif isinstance(key, str):
            kind = _entries_of(kind)
        else:
            kind = _struct_of(kind)
    return kind


def _at(source: Source, keys: Sequence[str | int]) -> str:
    """The file and line of a key."""
    return place(source.shown, _line(source, keys))


def _line(source: Source, keys: Sequence[str | int]) -> int | None:
    """The line of a key, or of the nearest key above it that stands anywhere."""
    if not source.text:
        return None
    lines = _key_lines(source.text)
    path = (*source.table, *keys)
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


@lru_cache(maxsize=4)
def _key_lines(text: str) -> Mapping[tuple[str | int, ...], int]:
    """The lines of keys; a key that is written with `_` has those of one with `-` too."""
    from vaultlint.toml_lines import key_lines

    lines = key_lines(text)
    for path, line in list(lines.items()):
        last = path[-1]
        if isinstance(last, str) and "_" in last:
            lines.setdefault((*path[:-1], last.replace("_", "-")), line)
    return lines
