"""The built-in rules as they are listed in a file, so that a rule's module is read when it runs.

`rules/index.json` is written by `make docs`. A rule that it does not list, or whose module has
another size by now, is made from its module: the index saves time and decides nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from vaultlint import rules
from vaultlint.model import Severity, Violation
from vaultlint.rule import NOTE_SUBJECTS, VAULT_SUBJECTS, Check, NoOptions, Rule, Shared

_MODULES = Path(__file__).parent / "rules"
#: The file of the index, beside the modules.
INDEX = _MODULES / "index.json"

_SUFFIX = ".py"
_SUBJECTS = {subject.__name__: subject for subject in NOTE_SUBJECTS | VAULT_SUBJECTS}


class _Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule without options.

    `module` is the name of its module in `vaultlint.rules`, `bytes` that file's size, `applies` the
    name of a method of `Shared`, or nothing.
    """

    module: str
    bytes: int
    id: str
    code: str
    group: str
    severity: Severity
    default: bool
    subject: str
    vault_wide: bool
    applies: str
    mentions: tuple[str, ...]
    former: tuple[str, ...]
    summary: str


def load_rules() -> Iterator[Rule]:
    """The rules that are modules of `vaultlint.rules`, by the modules' names."""
    listed = {each.module: each for each in _read_index()}
    for module, size in sorted(_module_sizes().items()):
        found = listed.get(module)
        if found is not None and found.bytes == size and found.subject in _SUBJECTS:
            yield _list(found)
        else:
            yield _make(module)


def write_index() -> bytes:
    """The text of the index, one rule a line."""
    lines = [
        msgspec.json.encode(
            _Listed(
                module,
                size,
                rule.id,
                rule.code,
                rule.group,
                rule.severity,
                rule.default,
                rule.subject.__name__,
                rule.vault_wide,
                rule.applies.__name__ if rule.applies else "",
                rule.mentions,
                rule.former,
                rule.summary,
            )
        )
        for module, size in sorted(_module_sizes().items())
        if _is_listable(rule := _make(module))
    ]
    return b"[\n" + b",\n".join(lines) + b"\n]\n"


def _is_listable(rule: Rule) -> bool:
    known = rule.applies is None or _condition(rule.applies.__name__) is rule.applies
    return known and rule.options is NoOptions


def _condition(name: str) -> Callable[[Shared], bool] | None:
    found: Callable[[Shared], bool] | None = vars(Shared).get(name)
    return found


def _read_index() -> list[_Listed]:
    try:
        return msgspec.json.decode(INDEX.read_bytes(), type=list[_Listed])
    except (OSError, msgspec.DecodeError):
        return []


def _module_sizes() -> dict[str, int]:
    """The modules of rules by name, with the sizes of their files in bytes."""
    with os.scandir(_MODULES) as files:
        return {
            file.name.removesuffix(_SUFFIX): file.stat().st_size
            for file in files
            if file.name.endswith(_SUFFIX) and not file.name.startswith("_")
        }


@cache
def _make(module: str) -> Rule:
    found: Rule = import_module(f"{rules.__name__}.{module}").check
    return found


def _list(listed: _Listed) -> Rule:
    module, subject = listed.module, _SUBJECTS[listed.subject]
    return Rule(
        id=listed.id,
        code=listed.code,
        group=listed.group,
        summary=listed.summary,
        doc=_Doc(module),
        severity=listed.severity,
        default=listed.default,
        subject=subject,
        vault_wide=listed.vault_wide,
        options=NoOptions,
        check=_check_of(module),
        origin=f"{_MODULES / module}{_SUFFIX}",
        applies=_condition(listed.applies),
        mentions=listed.mentions,
        former=listed.former,
    )


class _Doc(Mapping[str, str]):
    """The documentation of a module's rule, read when it is asked for."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getitem__(self, part: str) -> str:
        return _make(self._module).doc[part]

    def __iter__(self) -> Iterator[str]:
        return iter(_make(self._module).doc)

    def __len__(self) -> int:
        return len(_make(self._module).doc)


def _check_of(module: str) -> Check:
    """The function of a module's rule, which is read when it is first called."""

    def check(subject: Any, context: Any) -> Iterator[Violation]:
        return iter(_make(module).check(subject, context))

    return check
