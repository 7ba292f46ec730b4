"""The sections of a note beside those that its types ask for.

All rules about sections read one `SectionMatch`: which section is which, what is missing, and what
stands where it should not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from vaultlint.matching import fold
from vaultlint.model import Span
from vaultlint.parse.note import ParsedNote, Section
from vaultlint.schema import (
    ALL_LEVELS,
    EXACT,
    LONGEST_HEADING,
    AnyOf,
    NoteType,
    SectionPlan,
    SectionSpec,
    as_text,
    is_pattern,
    plain_heading,
)


class Found(NamedTuple):
    """A section of the note, and what the type says of it."""

    spec: SectionSpec
    section: Section


class Missing(NamedTuple):
    """Sections of which one is wanted, and none is there; `parent` is where they belong."""

    specs: tuple[SectionSpec, ...]
    parent: Section | None
    asked_by: str


class Misspelt(NamedTuple):
    """A section that is missing, and one whose heading is nearly its own."""

    spec: SectionSpec
    section: Section
    wanted: str


class Repeated(NamedTuple):
    """A section that stands a second time."""

    spec: SectionSpec
    section: Section
    first: Section


class Misplaced(NamedTuple):
    """A section that stands out of order: it belongs `after` another, or `before` it."""

    spec: SectionSpec
    section: Section
    neighbour: Section
    is_late: bool


class Unknown(NamedTuple):
    """A section that the type does not have, where others are not allowed."""

    section: Section
    asked_by: str


class SectionMatch(NamedTuple):
    """How the sections of a note and of one of its types agree, in document order."""

    note: ParsedNote
    type: NoteType
    found: list[Found]
    missing: list[Missing]
    misspelt: list[Misspelt]
    misplaced: list[Misplaced]
    repeated: list[Repeated]
    wrong_level: list[Found]
    forbidden: list[Found]
    unknown: list[Unknown]


def match_sections(note: ParsedNote, note_type: NoteType) -> SectionMatch:
    """Find the sections of a type in a note."""
    match = SectionMatch(note, note_type, [], [], [], [], [], [], [], [])
    if note_type.plan.asks:
        title = find_title(note)
        roots = note.sections
        if title and title.children and not _is_asked_for(title, note_type.plan):
            roots = title.children
        _match(note_type.plan, roots, None, note_type.origin, match)
        match.unknown[:] = [each for each in match.unknown if each.section is not title]
    for faults in match[2:]:
        faults.sort(key=_place)
    return match


def find_title(note: ParsedNote) -> Section | None:
    """The section that a note's title begins: the one heading of level 1 with all others below."""
    roots = note.sections
    return roots[0] if len(roots) == 1 and roots[0].level == 1 else None


def _is_asked_for(title: Section, plan: SectionPlan) -> bool:
    """Is a note's title one of the sections of a plan, and no section below it the same one?

    A plan that asks for a heading of level 1 alone means the title itself. What a glob or a pattern
    fits is a section only where its level is given, and may be 1.
    """
    if any(spec.levels == (1, 1) for spec in plan.specs):
        return True
    owner = plan.owner(title.title)
    spec = None if owner is None else plan.specs[owner]
    if spec is None or spec.presence == "forbidden" or not spec.fits(1):
        return False
    if spec.levels == ALL_LEVELS and spec.matches(title.title) < EXACT:
        return False
    below = (section for child in title.children for section in child.walk())
    return all(plan.owner(section.title) != owner for section in below)


def _place(fault: object) -> Span:
    section = getattr(fault, "section", None) or getattr(fault, "parent", None)
    return section.span if isinstance(section, Section) else Span(0, 0)


def _match(
    plan: SectionPlan,
    roots: list[Section],
    parent: Section | None,
    origin: str,
    match: SectionMatch,
) -> None:
    sections = [section for root in roots for section in root.walk()]
    owners = [plan.owner(section.title) for section in sections]
    by_spec: dict[int, list[Section]] = {}
    for section, owner in zip(sections, owners, strict=True):
        if owner is not None:
            by_spec.setdefault(owner, []).append(section)
    siblings = _siblings(roots, parent)
    placed: dict[int, Section] = {}
    repeated: list[tuple[int, Section]] = []
    for number, candidates in by_spec.items():
        spec = plan.specs[number]
        fitting = [section for section in candidates if spec.fits(section.level)]
        if spec.presence == "forbidden":
            match.forbidden.extend(Found(spec, section) for section in fitting)
            continue
        if not fitting:
            match.wrong_level.append(Found(spec, candidates[0]))
            placed[number] = candidates[0]
            continue
        highest = min(section.level for section in fitting)
        own = [section for section in fitting if section.level == highest]
        first = placed[number] = own[0]
        beside = [section for section in own[1:] if siblings[id(section)] == siblings[id(first)]]
        if spec.repeat:
            repeated += ((number, section) for section in beside)
        else:
            match.repeated.extend(Repeated(spec, section, first) for section in beside)
        match.found.extend(Found(spec, section) for section in (first, *beside))
    free = [section for section, owner in zip(sections, owners, strict=True) if owner is None]
    taken = _find_missing(plan, placed, free, parent, match)
    if plan.order == "as-listed":
        _find_misplaced(plan, placed, match)
    if plan.other == "forbid":
        level = _level_of(placed.values(), roots)
        unknown = (section for section in free if section.level == level)
        match.unknown.extend(Unknown(s, origin) for s in unknown if id(s) not in taken)
    for number, section in (*placed.items(), *repeated):
        nested = plan.specs[number].sections
        if nested is not None:
            _match(nested, section.children, section, plan.specs[number].origin, match)


def _siblings(roots: list[Section], parent: Section | None) -> dict[int, int]:
    """For each section (by `id`) the `id` of the one that it stands in."""
    above = dict.fromkeys(map(id, roots), id(parent))
    for root in roots:
        for section in root.walk():
            above |= dict.fromkeys(map(id, section.children), id(section))
    return above


def _find_missing(
    plan: SectionPlan,
    placed: dict[int, Section],
    free: list[Section],
    parent: Section | None,
    match: SectionMatch,
) -> set[int]:
    """Tell what is missing, and give the sections (by `id`) that are misspelt ones."""
    taken: set[int] = set()
    groups: dict[AnyOf, list[tuple[int, SectionSpec]]] = {}
    for number, spec in enumerate(plan.specs):
        if spec.alternatives:
            groups.setdefault(spec.alternatives, []).append((number, spec))
        elif spec.presence == "required" and number not in placed:
            near = _nearest(spec, [section for section in free if id(section) not in taken])
            if near is None:
                match.missing.append(Missing((spec,), parent, spec.origin))
            else:
                match.misspelt.append(near)
                placed[number] = near.section
                taken.add(id(near.section))
    for any_of, group in groups.items():
        if placed.keys().isdisjoint(number for number, _ in group):
            match.missing.append(Missing(tuple(spec for _, spec in group), parent, any_of.origin))
    return taken


def _find_misplaced(plan: SectionPlan, placed: dict[int, Section], match: SectionMatch) -> None:
    """Tell the fewest sections that would have to move for the order to be that of the plan."""
    in_order = sorted(placed.items(), key=lambda item: item[1].span)
    kept = _longest_rising([number for number, _ in in_order])
    for number, section in in_order:
        if number in kept:
            continue
        after = max((other for other in kept if other < number), default=None)
        before = min((other for other in kept if other > number), default=None)
        if after is not None and placed[after].span > section.span:
            neighbour, is_late = placed[after], False
        else:
            assert before is not None
            neighbour, is_late = placed[before], True
        match.misplaced.append(Misplaced(plan.specs[number], section, neighbour, is_late))


def _longest_rising(numbers: list[int]) -> set[int]:
    """The members of a longest rising subsequence."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(ends, number)
        before[number] = ends[at - 1] if at else None
        ends[at : at + 1] = [number]
    kept: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept


def _level_of(placed: Iterable[Section], roots: list[Section]) -> int:
    """The level of the headings that a plan speaks of: most of those found, else the highest."""
    levels = [section.level for section in placed]
    if levels:
        return max(sorted(set(levels)), key=levels.count)
    return min((section.level for section in roots), default=0)


#: Shorter headings have too many neighbours.
_SHORTEST = 5
#: Edits (of letters, or of neighbours that changed places) that a misspelt heading may have,
#: by its length from which on.
_EDITS = ((12, 2), (_SHORTEST, 1))


def _nearest(spec: SectionSpec, sections: Iterable[Section]) -> Misspelt | None:
    """The section whose heading is nearest to one of a spec's spellings, if it is near enough."""
    best: tuple[int, Span, Misspelt] | None = None
    for section in sections:
        if not spec.fits(section.level):
            continue
        for spelling in filter(lambda each: not is_pattern(each), spec.headings):
            found = _edits(spelling, section.title)
            if found is not None and (best is None or found[0] < best[0]):
                best = found[0], section.span, Misspelt(spec, section, found[1])
    return best[2] if best else None


@lru_cache(maxsize=4096)
def _edits(spelling: str, heading: str) -> tuple[int, str] | None:
    """How many edits lead from a heading to a spelling, and what is written then; None: too many.

    Of a glob that begins or ends with its one `*`, only the words that it fixes are compared.
    """
    from rapidfuzz.distance import OSA

    if len(heading) > LONGEST_HEADING:
        return None
    written, spelling = heading.split(), as_text(spelling)
    fixed = spelling.strip("*").split()
    if not fixed or "*" in spelling.strip("*"):
        return None
    count, rest = len(fixed), len(written) - len(fixed)
    if rest < 0 or (rest and "*" not in spelling):
        return None
    if spelling.startswith("*") and spelling.endswith("*"):
        starts: Iterable[int] = range(rest + 1)
    else:
        starts = (rest,) if spelling.startswith("*") else (0,)
    wanted = fold(" ".join(fixed))
    most = next((edits for length, edits in _EDITS if len(wanted) >= length), 0)
    best: tuple[int, str] | None = None
    for start in starts:
        words = plain_heading(" ".join(written[start : start + count]))
        edits = OSA.distance(words, wanted, score_cutoff=most)
        if 0 < edits <= most and (best is None or edits < best[0]):
            repaired = " ".join((*written[:start], *fixed, *written[start + count :]))
            best = edits, repaired
    return best
