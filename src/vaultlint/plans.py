"""Plans of sections that are made of others: of a template's, and of those that a type inherits."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from vaultlint.matching import fold, fold_heading
from vaultlint.schema import (
    AnyOf,
    ContentSpec,
    Order,
    Other,
    SectionPlan,
    SectionSpec,
    as_spelling,
    as_text,
    is_pattern,
)
from vaultlint.templates import TemplateSection


def section_key(heading: str) -> str:
    """What makes two configured headings the same section."""
    if is_pattern(heading):
        return heading
    return fold(heading) if "*" in heading else fold_heading(as_text(heading))


def plan_of_template(sections: Iterable[TemplateSection], origin: str) -> SectionPlan:
    """What a template asks for; a heading that stands in it several times may be repeated."""
    specs: dict[str, SectionSpec] = {}
    for section in sections:
        spec = _of_template(section, origin)
        key = section_key(spec.headings[0])
        specs[key] = _repeated(specs[key], spec) if key in specs else spec
    return SectionPlan(specs=tuple(specs.values()))


def _of_template(section: TemplateSection, origin: str) -> SectionSpec:
    nested = plan_of_template(section.sections, origin)
    return SectionSpec(
        headings=(as_spelling(section.heading),),
        origin=origin,
        content=ContentSpec(boilerplate=section.texts),
        sections=nested if nested.specs else None,
    )


def _repeated(first: SectionSpec, second: SectionSpec) -> SectionSpec:
    """A section that a template has twice: its notes have one or more of them."""
    texts = dict.fromkeys((*first.content.boilerplate, *second.content.boilerplate))
    content = msgspec.structs.replace(first.content, boilerplate=tuple(texts))
    return msgspec.structs.replace(first, repeat=True, content=content, sections=None)


def extend(
    base: SectionPlan, own: SectionPlan, order: Order | None = None, other: Other | None = None
) -> SectionPlan:
    """A plan with the sections of another: in the place of those with an equal heading.

    A new section stands before the next one of the other plan that the base has, else at the end.
    """
    return with_manner(_Extension(base, own).plan(), order, other)


class _Extension:
    """How the sections of a plan take the place of a base's.

    A section of which only some spellings are named keeps the others: by the one that names them,
    or by itself where that one forbids them. Of a group of alternatives nothing more is asked once
    a section is required in the place of one of them.
    """

    def __init__(self, base: SectionPlan, own: SectionPlan) -> None:
        self._base = base
        self._own = own.specs
        self._claimed = {key for spec in own.specs for key in _section_keys(spec)}
        keys = [_section_keys(spec) for spec in base.specs]
        self._hits = [
            [at for at, known in enumerate(keys) if not known.isdisjoint(_section_keys(spec))]
            for spec in own.specs
        ]

    def plan(self) -> SectionPlan:
        """The base with the other plan's sections."""
        left = dict(enumerate(self._base.specs))
        at_base: dict[int, list[SectionSpec]] = {}
        placed = dict(enumerate(self._replace(left)))
        before = len(self._base.specs)
        for number in range(len(self._own) - 1, -1, -1):
            before = self._hits[number][0] if self._hits[number] else before
            at_base.setdefault(before, []).insert(0, placed[number])
        specs: list[SectionSpec] = []
        for at in range(len(self._base.specs) + 1):
            specs += at_base.get(at, ())
            if at in left:
                specs.append(left[at])
        return SectionPlan(specs=tuple(specs), order=self._base.order, other=self._base.other)

    def _replace(self, left: dict[int, SectionSpec]) -> list[SectionSpec]:
        """The sections of the other plan as they stand then; what they replace leaves `left`."""
        placed: list[SectionSpec] = []
        closed: set[AnyOf] = set()
        taken: set[int] = set()
        for own, hits in zip(self._own, self._hits, strict=True):
            spec = own
            for at in hits:
                base = self._base.specs[at]
                rest = [h for h in base.headings if section_key(h) not in self._claimed]
                if spec.presence == "forbidden" and rest:
                    left[at] = msgspec.structs.replace(base, headings=tuple(rest))
                    continue
                left.pop(at, None)
                if at not in taken:
                    taken.add(at)
                    spec = _in_place_of(base, spec, rest)
                if base.alternatives and spec.alternatives != base.alternatives:
                    closed |= set() if spec.presence == "forbidden" else {base.alternatives}
            placed.append(spec)
        for at, base in left.items():
            if base.alternatives in closed:
                left[at] = msgspec.structs.replace(base, alternatives=None)
        return placed


def _in_place_of(base: SectionSpec, spec: SectionSpec, spellings: Iterable[str]) -> SectionSpec:
    """A section in the place of an inherited one, with the spellings that nothing else names."""
    content = msgspec.structs.replace(spec.content, boilerplate=base.content.boilerplate)
    stays = spec.presence == "optional" and spec.alternatives is None
    return msgspec.structs.replace(
        spec,
        headings=(*spec.headings, *spellings),
        content=content,
        alternatives=base.alternatives if stays else spec.alternatives,
    )


def _section_keys(spec: SectionSpec) -> set[str]:
    return set(map(section_key, spec.headings))


def with_manner(plan: SectionPlan, order: Order | None, other: Other | None) -> SectionPlan:
    """A plan with its order and what it says of other sections, where they are given."""
    return SectionPlan(specs=plan.specs, order=order or plan.order, other=other or plan.other)
