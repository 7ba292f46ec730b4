"""The sections of a group of notes: which they share, at which level, and in which order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vaultlint.learn.headings import Cluster, cluster_headings
from vaultlint.learn.proposal import SOME, SectionProposal, is_enough, share
from vaultlint.learn.survey import Sample
from vaultlint.matching import fold, text_glob

#: Sections that only some notes have, the most frequent ones.
_MOST_OPTIONAL = 8
#: The share of notes that may keep another order.
_DISORDERED = 0.05


class Plan(NamedTuple):
    """Sections in the order in which most notes have them.

    `disordered` are the notes that have another order, None where too many do.
    """

    sections: list[SectionProposal]
    disordered: frozenset[int] | None


class _Place(NamedTuple):
    """Where a note has a section: its level, the number of its heading, and how often."""

    level: int
    at: int
    times: int


Places = dict[int, dict[int, _Place]]


def propose_sections(samples: Mapping[int, Sample]) -> Plan:
    """The sections that a group of notes shares."""
    clusters = cluster_headings(samples)
    places = _find_places(clusters, samples)
    found: list[tuple[SectionProposal, dict[int, _Place]]] = []
    optional = 0
    for number, cluster in enumerate(clusters):
        where = places.get(number, {})
        having = frozenset(where)
        required = is_enough(len(having), len(samples))
        if share(len(having), len(samples)) < SOME or len(having) < 2:
            continue
        if not required:
            optional += 1
            if optional > _MOST_OPTIONAL:
                continue
        levels = {place.level for place in where.values()}
        several = sum(1 for place in where.values() if place.times > 1)
        section = SectionProposal(
            key=cluster.key,
            headings=cluster.spellings,
            having=having,
            required=required,
            level=min(levels) if len(levels) == 1 else None,
            repeat=several > 0.1 * len(having),
            examples=_examples(cluster, samples, having),
        )
        found.append((section, where))
    order = _order([where for _, where in found])
    return _with_order([found[number] for number in order], len(samples))


def _with_order(found: list[tuple[SectionProposal, dict[int, _Place]]], count: int) -> Plan:
    """The sections with their order, if it is kept: by all, or but for some that notes may have."""
    firm = [each for each in found if each[0].required]
    most = max(1, _DISORDERED * count)
    if len(firm) < 2 or len(_find_disordered([where for _, where in firm])) > most:
        disordered = _find_disordered([where for _, where in found])
        kept = len(found) > 1 and len(disordered) <= most
        return Plan([section for section, _ in found], disordered if kept else None)
    sections, listed = [], list[dict[int, _Place]]()
    for number, (section, where) in enumerate(found):
        later = [w for other, w in found[number + 1 :] if other.required]
        if section.required or len(_find_disordered([*listed, where, *later])) <= most:
            listed.append(where)
            sections.append(section)
        else:
            sections.append(section._replace(loose=True))
    return Plan(sections, _find_disordered(listed))


def _find_places(clusters: Sequence[Cluster], samples: Mapping[int, Sample]) -> Places:
    """Where each note has each section; a heading is that of the most exact one."""
    exact: dict[str, int] = {}
    globs = []
    for number, cluster in enumerate(clusters):
        if cluster.is_family:
            patterns = [text_glob(fold(spelling)) for spelling in cluster.spellings]
            globs.append((number, patterns))
        else:
            for key in cluster.keys:
                exact.setdefault(key, number)
    owners: dict[str, int | None] = {}

    def owner(key: str) -> int | None:
        if key not in owners:
            first = (n for n, patterns in globs if any(p.fullmatch(key) for p in patterns))
            owners[key] = exact[key] if key in exact else next(first, None)
        return owners[key]

    places: Places = defaultdict(dict)
    for note, sample in samples.items():
        for at, mention in enumerate(sample.mentions):
            of = owner(mention.key)
            if of is None:
                continue
            known = places[of].get(note)
            if known is None or mention.level < known.level:
                places[of][note] = _Place(mention.level, at, 1)
            elif mention.level == known.level:
                places[of][note] = known._replace(times=known.times + 1)
    return places


def _examples(
    cluster: Cluster, samples: Mapping[int, Sample], having: frozenset[int]
) -> tuple[str, ...]:
    """Two headings that a glob stands for, as they are written."""
    if not cluster.is_family:
        return ()
    found: dict[str, str] = {}
    for note in sorted(having):
        for mention in samples[note].mentions:
            if mention.key in cluster.keys:
                found.setdefault(mention.key, mention.text)
        if len(found) > 1:
            break
    return tuple(found.values())[:2]


def _order(places: Sequence[Mapping[int, _Place]]) -> list[int]:
    """The sections by how many others they stand before in most notes that have both."""
    wins: Counter[int] = Counter()
    for one, first in enumerate(places):
        for other in range(one + 1, len(places)):
            second = places[other]
            both = first.keys() & second.keys()
            ahead = sum(1 if first[n].at < second[n].at else -1 for n in both)
            wins[one] += ahead > 0
            wins[other] += ahead < 0
    mean = [sum(p.at for p in where.values()) / max(1, len(where)) for where in places]
    return sorted(range(len(places)), key=lambda number: (-wins[number], mean[number], number))


def _find_disordered(places: Sequence[Mapping[int, _Place]]) -> frozenset[int]:
    """The notes that have the sections in another order than that in which they are given."""
    last: dict[int, int] = {}
    wrong: set[int] = set()
    for where in places:
        for note, place in where.items():
            if place.at < last.get(note, -1):
                wrong.add(note)
            last[note] = place.at
    return frozenset(wrong)
