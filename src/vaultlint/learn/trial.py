"""A proposal is tried before it is made: what too many notes would break is not asked of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from vaultlint.learn.choice import relax
from vaultlint.learn.proposal import (
    ENOUGH,
    MOST_DEVIATING,
    Asked,
    PropertyProposal,
    TypeProposal,
    share,
)
from vaultlint.learn.writer import Proposal, Written, write_proposal

_ROUNDS = 6
_LINE = re.compile(r":(\d+)\Z")
#: Rules about the one order or the headings that are asked for.
_ORDER_RULES = frozenset(("misplaced-section",))


class Report(NamedTuple):
    """A finding of a rule about types: the note's path, the rule, and what asks for it."""

    path: str
    rule: str
    asked_by: str


#: Checks the vault with the text of a configuration.
Check = Callable[[str], Iterable[Report]]


def try_proposal(proposal: Proposal, check: Check) -> str:
    """The text of a proposal that most notes keep: what they do not is weakened or left out."""
    numbers = {sample.path: number for number, sample in enumerate(proposal.survey.samples)}
    for _ in range(_ROUNDS):
        written = write_proposal(proposal)
        if not proposal.types:
            return written.text
        found = _by_type(proposal.types, check(written.text), written, numbers)
        if not _weaken(proposal, found):
            break
    else:
        proposal.types = [t for t in proposal.types if _is_kept(t)]
    return write_proposal(proposal).text


class _Broken(NamedTuple):
    """A finding in a note of a type, and what it asks for that the note does not have."""

    note: int
    rule: str
    asked: Asked | None


def _by_type(
    types: Iterable[TypeProposal],
    reports: Iterable[Report],
    written: Written,
    numbers: Mapping[str, int],
) -> dict[str, list[_Broken]]:
    """The findings by the type that they are about; those that no line asks for by each type."""
    found: dict[str, list[_Broken]] = defaultdict(list)
    for report in reports:
        number = numbers.get(report.path)
        if number is None:
            continue
        line = _LINE.search(report.asked_by)
        asking = written.asked.get(int(line[1])) if line else None
        if asking is not None and number in asking[0].members:
            found[asking[0].name].append(_Broken(number, report.rule, asking[1]))
            continue
        for proposal in types:
            if number in proposal.members:
                found[proposal.name].append(_Broken(number, report.rule, None))
    return found


def _weaken(proposal: Proposal, found: Mapping[str, list[_Broken]]) -> bool:
    """Ask less of the types that too many notes break. True: the text must be tried again."""
    changed = False
    for each in proposal.types:
        broken = found.get(each.name, [])
        count = len(each.members)
        for rule in sorted({one.rule for one in broken}):
            by_asked: dict[Asked | None, set[int]] = defaultdict(set)
            for one in broken:
                if one.rule == rule:
                    by_asked[one.asked].add(one.note)
            notes = frozenset().union(*by_asked.values())
            if share(len(notes), count) > 1 - ENOUGH:
                changed |= _give_way(each, rule, by_asked, notes)
        each.deviating = frozenset(one.note for one in broken if one.rule not in each.ignored)
        for asked in each.required:
            each.deviating |= each.members - asked.having
        if not changed and not _is_kept(each):
            worst = _worst(each, broken)
            if worst is None:
                each.sections, each.properties = [], []
            else:
                relax(each, worst)
            changed = True
    silent = [each for each in proposal.types if not each.asks]
    if silent:
        proposal.types = [each for each in proposal.types if each.asks]
        changed = True
    return changed


def _give_way(
    proposal: TypeProposal,
    rule: str,
    by_asked: Mapping[Asked | None, set[int]],
    notes: frozenset[int],
) -> bool:
    """Do without what a rule asks of too many notes. True: the text must be tried again."""
    if rule in _ORDER_RULES and proposal.disordered is not None:
        proposal.disordered = None
        return True
    limit = (1 - ENOUGH) * len(proposal.members)
    for asked, breaking in by_asked.items():
        if asked is None or len(breaking) <= limit:
            continue
        if rule in ("missing-section", "misspelt-section", "missing-property"):
            relax(proposal, asked)
            return True
        if isinstance(asked, PropertyProposal):
            at = proposal.properties.index(asked)
            if asked.type is not None or asked.values:
                plain = asked._replace(type=None, values=(), odd=frozenset())
                proposal.properties[at] = plain
                return True
    proposal.ignored[rule] = notes
    return False


def _worst(proposal: TypeProposal, broken: Iterable[_Broken]) -> Asked | None:
    """What most notes lack of all that is asked."""
    lacking: dict[Asked, set[int]] = defaultdict(set)
    for one in broken:
        if one.asked is not None and one.asked.required and one.rule not in proposal.ignored:
            lacking[one.asked].add(one.note)
    order = [each for each in proposal.required if each in lacking]
    return max(order, key=lambda each: len(lacking[each]), default=None)


def _is_kept(proposal: TypeProposal) -> bool:
    return share(len(proposal.deviating), len(proposal.members)) <= MOST_DEVIATING
