"""Tells new findings from known ones, in two versions of the same files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from vaultlint.model import Violation
from vaultlint.report.fingerprints import identify
from vaultlint.text import Lines

_QUOTED = re.compile(r"`([^`]*)`")


class Side(NamedTuple):
    """The findings in one version of the files, and the texts of these."""

    violations: Iterable[Violation]
    lines: Callable[[str], Lines]


class Compared(NamedTuple):
    """The findings that only the new version has, those that only the old one has, and the rest."""

    new: list[Violation]
    fixed: list[Violation]
    known: list[Violation]


def compare_findings(old: Side, new: Side, renames: Mapping[str, str]) -> Compared:
    """Compare findings by what their fingerprints are made of.

    `renames` maps paths of the old version to those that the files have in the new one. Of several
    findings that are equal but for their place, the last count as new, or as fixed.
    """
    before: Counter[tuple[str, ...]] = Counter()
    found: list[tuple[Violation, tuple[str, ...]]] = []
    for violation in old.violations:
        identity = _rename(violation, old.lines(violation.path).text, renames)
        before[identity] += 1
        found.append((violation, identity))
    fresh: list[Violation] = []
    known: list[Violation] = []
    for violation in new.violations:
        identity = identify(violation, new.lines(violation.path).text)
        if before[identity]:
            before[identity] -= 1
            known.append(violation)
        else:
            fresh.append(violation)
    fixed = []
    for violation, identity in reversed(found):
        if before[identity]:
            before[identity] -= 1
            fixed.append(violation)
    return Compared(fresh, fixed[::-1], known)


def _rename(violation: Violation, text: str, renames: Mapping[str, str]) -> tuple[str, ...]:
    """What makes a finding the same, with the paths that the files have later."""
    identity = identify(violation, text)
    if not renames:
        return identity
    rule, path, message, source, about = identity

    def rename(name: str) -> str:
        if name in renames:
            return renames[name]
        note = renames.get(f"{name}.md", "")
        return note.removesuffix(".md") if note else name

    target, mark, part = about.partition("#")
    return (
        rule,
        renames.get(path, path),
        _QUOTED.sub(lambda match: f"`{rename(match[1])}`", message),
        source,
        rename(target) + mark + part,
    )
