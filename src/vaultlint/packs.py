"""Rule packs: YAML files whose entries become rules and types of notes.

An entry names a kind; the kind owns the code, the entry owns the words. Packs hold no code, so
linting with an unknown vault's packs is safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, NamedTuple, Protocol

import msgspec

from vaultlint import kinds
from vaultlint.fingerprint import digest
from vaultlint.model import Severity, UserError, place
from vaultlint.nearest import did_you_mean
from vaultlint.rule import Check, NoOptions, Rule, RuleError, make_rule


class Kind(Protocol):
    """What a module of `vaultlint.kinds` offers.

    `Spec` is the msgspec Struct of the keys that the kind adds to an entry, `SUBJECT` what its
    rules look at, and `make_check` turns an entry's values into the rule's function.
    """

    Spec: type
    SUBJECT: type
    VAULT_WIDE: bool

    @staticmethod
    def make_check(spec: Any, message: str) -> Check:
        """Make the function of a rule from an entry's own keys and its message."""


class _Entry(msgspec.Struct, kw_only=True):
    """The keys that every pack entry has."""

    id: str
    code: str
    kind: str
    group: str
    summary: str
    why: str
    message: str
    bad: str
    good: str
    severity: Severity = "warning"
    default: bool = True


@cache
def all_kinds() -> Mapping[str, Kind]:
    """The kinds by name: a module `known_phrases` is the kind `known-phrases`."""
    names = (module.name for module in iter_modules(kinds.__path__))
    return {
        name.replace("_", "-"): import_module(f"{kinds.__name__}.{name}")  # type: ignore[misc]  # a module is the protocol
        for name in names
    }


def pack_folder() -> Path:
    """The folder of the packs that ship: beside the package, or the repository's `rules/`."""
    packaged = Path(__file__).parent / "packaged_rules"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "rules"


def shipped_packs() -> list[Path]:
    """The packs of rules and types that ship, by name."""
    return [path for path in sorted(pack_folder().glob("*.yaml")) if not _is_glossary(path)]


def shipped_glossaries() -> dict[str, Path]:
    """The packs of terms that ship: each is a glossary, and is read when it is asked for."""
    return {path.stem: path for path in sorted(pack_folder().glob("*.yaml")) if _is_glossary(path)}


def _is_glossary(path: Path) -> bool:
    """Is a file a list, as glossaries are, and no mapping, as packs of rules are?"""
    with path.open(encoding="utf-8") as lines:
        first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    return first.startswith("- ")


class Pack(NamedTuple):
    """A pack's rules, and its types of notes as they are written, by name."""

    rules: list[Rule]
    types: Mapping[str, Any]


class _Written(msgspec.Struct):
    """A pack as it is written: what YAML makes of it, and the lines where its rules begin."""

    data: Any
    lines: list[int]


#: What YAML makes of the packs that ship, by the digests of their bytes in hexadecimal digits:
#: reading this takes a tenth of the time. `make docs` writes it.
COMPILED = Path(__file__).with_name("packs.json")


def compile_packs() -> bytes:
    """The text of `COMPILED`, one pack a line."""
    read = {
        digest(path.read_bytes()).hex(): _read_yaml(path.read_bytes(), path.name)
        for path in shipped_packs()
    }
    lines = [msgspec.json.encode({key: written})[1:-1] for key, written in read.items()]
    return b"{\n" + b",\n".join(lines) + b"\n}\n"


@cache
def _compiled() -> Mapping[str, msgspec.Raw]:
    try:
        return msgspec.json.decode(COMPILED.read_bytes(), type=dict[str, msgspec.Raw])
    except (OSError, msgspec.DecodeError):
        return {}


def load_pack(path: Path, shown: str) -> Pack:
    """Read one pack; `shown` is its path as messages name it.

    Raises UserError with file and line where the pack is not as it must be.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{shown}: cannot be read: {error.strerror}") from error
    known = _compiled().get(digest(content).hex())
    written = (
        _read_yaml(content, shown) if known is None else msgspec.json.decode(known, type=_Written)
    )
    data = written.data
    if not isinstance(data, dict) or not data or not set(data) <= {"rules", "types"}:
        raise UserError(f"{place(shown, 1)}: a pack is a mapping with the keys `rules` and `types`")
    rules, types = data.get("rules", []), data.get("types", {})
    if not isinstance(rules, list) or not isinstance(types, dict):
        raise UserError(f"{place(shown, 1)}: `rules` is a list, and `types` a mapping")
    known_lines = written.lines if len(written.lines) == len(rules) else [None] * len(rules)
    made = [
        _make(entry, place(shown, line)) for entry, line in zip(rules, known_lines, strict=True)
    ]
    return Pack(made, types)


def _read_yaml(content: bytes, shown: str) -> _Written:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = content.decode()
        data = yaml.load(text, Loader=loader)  # noqa: S506  # both are safe loaders
    except UnicodeDecodeError as error:
        raise UserError(f"{shown}: is not UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise UserError(f"{place(shown, line)}: {error.problem}") from error
    starts = (n for n, line in enumerate(text.split("\n"), 1) if line.lstrip().startswith("- id:"))
    return _Written(data, list(starts))


def _make(data: object, where: str) -> Rule:
    entry = _convert(data, _Entry, where)
    kind = all_kinds().get(entry.kind)
    if kind is None:
        raise UserError(f"{where}: no kind `{entry.kind}`{did_you_mean(entry.kind, all_kinds())}")
    assert isinstance(data, dict)
    own = {key: value for key, value in data.items() if key not in _Entry.__struct_fields__}
    spec = _convert(own, kind.Spec, where)
    try:
        return make_rule(
            id=entry.id,
            code=entry.code,
            group=entry.group,
            doc={
                "": entry.summary,
                "What it does": entry.summary,
                "Why": entry.why,
                "Bad": entry.bad,
                "Good": entry.good,
            },
            severity=entry.severity,
            default=entry.default,
            subject=kind.SUBJECT,
            vault_wide=kind.VAULT_WIDE,
            options=NoOptions,
            check=kind.make_check(spec, entry.message),
            origin=where,
        )
    except RuleError as error:
        raise UserError(str(error)) from error


def _convert(data: object, into: Any, where: str) -> Any:
    try:
        return msgspec.convert(data, into)
    except msgspec.ValidationError as error:
        raise UserError(f"{where}: {error}") from error
