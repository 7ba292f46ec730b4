"""Which of the groups become types: those that explain most of the notes, with the fewest types.

Each note counts what its best type rightly asks of it, less twice what it lacks; each type costs
something. So a type for all notes stands beside one for a folder only where each says more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heapreplace
from typing import NamedTuple

from vaultlint.learn.groups import find_groups, folder_group, small_folders
from vaultlint.learn.properties import propose_properties
from vaultlint.learn.proposal import (
    ENOUGH,
    MOST_DEVIATING,
    Asked,
    Group,
    PropertyProposal,
    SectionProposal,
    TypeProposal,
    share,
)
from vaultlint.learn.sections import propose_sections
from vaultlint.learn.survey import Survey
from vaultlint.matching import fold, text_glob

#: What a type costs, and what a section and a property are worth, for each note.
_COST = 4.0
_SECTION = 1.0
_PROPERTY = 0.5
#: Properties that nearly any note may have: they hardly tell what it is.
_COMMON = frozenset(("tags", "aliases"))
_COMMON_PROPERTY = 0.1
_LACKING = 2.0
#: So much more than another type must a type say of a note, to count.
_NEWS = 0.5
_MOST_TYPES = 12
#: How alike the sections of folders are that become one type.
_ALIKE = 0.7
#: Two types may share so many notes without saying anything of the other.
_OVERLAP = 0.2
_MOST_PATHS = 8


def propose_type(survey: Survey, group: Group) -> TypeProposal:
    """What can be asked of a group: all of its notes but a few keep it."""
    samples = {number: survey.samples[number] for number in sorted(group.members)}
    plan = propose_sections(samples)
    without = {group.condition[0].lower()} if group.condition else set()
    if group.tag:
        without.add("tags")
    proposal = TypeProposal(
        name="",
        group=group,
        sections=plan.sections,
        properties=propose_properties(samples, without),
        disordered=plan.disordered,
    )
    limit_deviating(proposal)
    return proposal


def limit_deviating(proposal: TypeProposal) -> None:
    """Ask less where too many notes lack one thing or another: the least common goes first."""
    while proposal.required and _lacking(proposal) > MOST_DEVIATING * len(proposal.members):
        relax(proposal, min(proposal.required, key=lambda each: len(each.having)))


def relax(proposal: TypeProposal, what: Asked) -> None:
    """Ask no longer for a section or a property."""
    if isinstance(what, SectionProposal):
        at = proposal.sections.index(what)
        proposal.sections[at] = what._replace(required=False)
    else:
        proposal.properties.remove(what)


def _lacking(proposal: TypeProposal) -> int:
    """The number of notes that would deviate in anything."""
    kept = proposal.members - (proposal.disordered or frozenset())
    for each in proposal.required:
        kept &= each.having
        if isinstance(each, PropertyProposal):
            kept -= each.odd
    return len(proposal.members) - len(kept)


def choose_types(survey: Survey) -> list[TypeProposal]:
    """The types to propose, without names, the largest first."""
    proposals = [propose_type(survey, group) for group in find_groups(survey)]
    proposals = [proposal for proposal in proposals if proposal.asks]
    proposals += _unions(survey, proposals)
    chosen = _pick([_Candidate.of(proposal) for proposal in proposals])
    return _without_repetition(chosen)


class _Candidate(NamedTuple):
    """A proposal, and what it is worth for each of its notes."""

    proposal: TypeProposal
    worth: Mapping[int, float]

    @classmethod
    def of(cls, proposal: TypeProposal) -> _Candidate:
        worth = dict.fromkeys(proposal.members, 0.0)
        for each in proposal.required:
            weight = _weight(each)
            for number in worth:
                worth[number] += weight if number in each.having else -_LACKING * weight
        return cls(proposal, worth)

    def gain(self, best: Mapping[int, float]) -> float:
        """What it adds to what other types say of the notes."""
        total = -_COST * (1 + 0.25 * (len(self.proposal.group.paths) - 1))
        for number, worth in self.worth.items():
            known = best.get(number)
            if known is None:
                total += worth
            elif worth > known + _NEWS:
                total += worth - known - _NEWS
        return total


def _pick(candidates: Sequence[_Candidate]) -> list[TypeProposal]:
    """The candidates that add most, one after the other, as long as each adds enough."""
    best: dict[int, float] = {}
    chosen: list[_Candidate] = []
    heap = [(-each.gain(best), number) for number, each in enumerate(candidates)]
    heapify(heap)
    while heap and len(chosen) < _MOST_TYPES:
        number = heap[0][1]
        gain = candidates[number].gain(best)
        if gain <= 0 or any(_collide(candidates[number], each) for each in chosen):
            heappop(heap)
        elif len(heap) > 1 and -gain > min(heap[1:3])[0]:
            heapreplace(heap, (-gain, number))
        else:
            heappop(heap)
            chosen.append(candidates[number])
            for note, worth in candidates[number].worth.items():
                best[note] = max(worth, best.get(note, worth))
    return [each.proposal for each in chosen]


def _collide(one: _Candidate, other: _Candidate) -> bool:
    """Do two types ask for the same in some notes, while neither is a part of the other?"""
    first, second = one.proposal, other.proposal
    common = len(first.members & second.members)
    if not common or not _names(first.required) & _names(second.required):
        return False
    least = min(len(first.members), len(second.members))
    return _OVERLAP < share(common, least) < ENOUGH


def _names(asked: Iterable[Asked]) -> set[str]:
    return {_name(each) for each in asked}


def _name(asked: Asked) -> str:
    if isinstance(asked, SectionProposal):
        return f"# {asked.key}"
    return asked.name.lower()


def _without_repetition(chosen: Sequence[TypeProposal]) -> list[TypeProposal]:
    """The types, each without what a larger one asks of its notes already."""
    ordered = sorted(chosen, key=lambda each: (-len(each.members), each.group.label))
    kept: list[TypeProposal] = []
    for proposal in ordered:
        for larger in kept:
            common = len(proposal.members & larger.members)
            if share(common, len(proposal.members)) < _OVERLAP:
                continue
            asked = _names(larger.required)
            if larger.group.tag:
                asked.add("tags")
            known = asked | {_name(section) for section in larger.sections}
            proposal.sections = [
                section
                for section in proposal.sections
                if _name(section) not in (asked if section.required else known)
            ]
            proposal.properties = [p for p in proposal.properties if _name(p) not in asked]
        worth = sum(_weight(each) * len(each.having) for each in proposal.required)
        if worth > _COST:
            if len(proposal.sections) < 2:
                proposal.disordered = None
            kept.append(proposal)
    return kept


def _weight(asked: Asked) -> float:
    if isinstance(asked, SectionProposal):
        return _SECTION
    return _COMMON_PROPERTY if asked.name.lower() in _COMMON else _PROPERTY


# --- one type for several folders ---


def _unions(survey: Survey, proposals: Sequence[TypeProposal]) -> list[TypeProposal]:
    """Types for several folders whose notes have the same sections."""
    found: list[TypeProposal] = []
    folders = [
        proposal
        for proposal in proposals
        if proposal.group.kind == "folder"
        and proposal.group.paths[0].endswith("/**")
        and _sections(proposal)
    ]
    taken: set[str] = set()
    small = small_folders(survey)
    for first in sorted(folders, key=lambda p: (-len(_sections(p)), p.group.paths)):
        if first.group.paths[0] in taken:
            continue
        alike = [first]
        for other in folders:
            apart = all(each.members.isdisjoint(other.members) for each in alike)
            beside = _parent(first) == _parent(other)
            if apart and beside and _likeness(_sections(first), _sections(other)) >= _ALIKE:
                alike.append(other)
        names = [each.group.paths[0].removesuffix("/**") for each in alike]
        names += _followers(survey, first, small.get(_parent(first), ()))
        if 1 < len(names) <= _MOST_PATHS:
            taken.update(each.group.paths[0] for each in alike)
            union = propose_type(survey, folder_group(survey, sorted(names)))
            if _likeness(_sections(union), _sections(first)) >= _ALIKE:
                found.append(union)
    return found


def _parent(proposal: TypeProposal) -> str:
    """The folder that a folder is in."""
    return proposal.group.paths[0].removesuffix("/**").rpartition("/")[0]


def _followers(survey: Survey, model: TypeProposal, folders: Iterable[str]) -> list[str]:
    """Those of some small folders whose notes have the sections of a type."""
    wanted = [section for section in model.sections if section.required]
    found = []
    for folder in folders:
        keys = [{m.key for m in survey.samples[n].mentions} for n in survey.below[folder]]
        if all(_has_all(each, wanted) for each in keys):
            found.append(folder)
    return found


def _has_all(keys: set[str], wanted: Iterable[SectionProposal]) -> bool:
    globs = ([text_glob(fold(h)) for h in section.headings] for section in wanted)
    return all(any(g.fullmatch(key) for g in each for key in keys) for each in globs)


def _sections(proposal: TypeProposal) -> frozenset[str]:
    return frozenset(section.key for section in proposal.sections if section.required)


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return share(len(one & other), len(one | other))
