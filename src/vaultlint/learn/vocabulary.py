"""Names that are easily written in another way, and what reference sections are called."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from vaultlint.learn.proposal import FEWEST, TypeProposal
from vaultlint.learn.survey import Survey, written_heading
from vaultlint.matching import fold_heading

#: Headings of reference sections, folded.
_REFERENCES = frozenset(
    (
        "references",
        "reference",
        "sources",
        "source",
        "bibliography",
        "works cited",
        "citations",
        "literature",
        "quellen",
        "literatur",
        "références",
        "bibliographie",
        "referencias",
        "bibliografía",
        "fuentes",
        "referências",
        "источники",
        "参考文献",
        "参考资料",
    )
)
_MOST_TERMS = 12
_DASH = "\u2010\u2011\u2013\u2014"
_TERM = re.compile(rf"[^\W\d_][\w.]*(?:[{_DASH}-][\w.]+)*")
#: A capital behind a small letter, or a small word before one: `GitHub`, `iOS`, `dbt-core`.
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]")


class ReferenceNames(NamedTuple):
    """What reference sections are called, the most frequent name first; and how many have one."""

    names: tuple[str, ...]
    notes: int


class Term(NamedTuple):
    """A name, and the number of notes whose title, aliases or tags hold it."""

    text: str
    notes: int


def find_reference_names(survey: Survey) -> ReferenceNames | None:
    """The names of reference sections, where more than a few notes have one."""
    counts: Counter[str] = Counter()
    texts: dict[str, Counter[str]] = defaultdict(Counter)
    having = 0
    for sample in survey.samples:
        found = {m.key: m.text for m in sample.mentions if m.level > 1 and m.key in _REFERENCES}
        having += bool(found)
        counts.update(found.keys())
        for key, text in found.items():
            texts[key][written_heading(text)] += 1
    keys = [key for key in counts if counts[key] > 1 or counts[key] == having]
    if having < FEWEST or not keys:
        return None
    keys.sort(key=lambda key: (-counts[key], key))
    names = (min(texts[key], key=lambda text: (-texts[key][text], text)) for key in keys)
    return ReferenceNames(tuple(name for name in names if name.isprintable()), having)


def types_with_references(proposals: Iterable[TypeProposal], names: Sequence[str]) -> list[str]:
    """The types that ask for a reference section."""
    wanted = frozenset(map(fold_heading, names))
    return [
        proposal.name
        for proposal in proposals
        if any(
            s.required and fold_heading(h) in wanted for s in proposal.sections for h in s.headings
        )
    ]


def find_terms(survey: Survey) -> list[Term]:
    """Names of an unusual letter case or dash in titles, aliases and tags, the frequent ones."""
    counts: Counter[str] = Counter()
    for sample in survey.samples:
        counts.update({term for name in sample.names for term in _terms(name)})
    ordered = sorted(counts, key=lambda term: (-counts[term], term))
    return [Term(term, counts[term]) for term in ordered if counts[term] > 1][:_MOST_TERMS]


def _terms(name: str) -> Iterator[str]:
    for found in _TERM.finditer(name):
        text = found[0].rstrip(".")
        odd_dash = any(dash in text for dash in _DASH)
        if 3 <= len(text) <= 40 and (odd_dash or _INNER_CAPITAL.search(text)):
            yield text
