"""Which headings of a group of notes are the same section: spellings, and globs for families."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from vaultlint.learn.proposal import SOME, share
from vaultlint.learn.survey import Sample, written_heading
from vaultlint.matching import fold, fold_heading, text_glob
from vaultlint.schema import is_pattern

_WORD = re.compile(r"\w++")
#: Words that many headings begin or end with, which says nothing of what stands below.
_COMMON = frozenset(
    """
    about after also another before could does first from have here home into last list more most
    much name need next note notes only other over part section should show some step than that
    their them then there these they this those title using what when where which while will with
    work would your create using part chapter example
    """.split()  # noqa: SIM905  # a list of words
)
#: Shorter words begin too many headings.
_SHORTEST_WORD = 4
#: Two headings are one section only if they hardly ever stand in one note.
_TOGETHER = 0.1


class Cluster(NamedTuple):
    """Headings that are one section. `spellings` accept all of `keys`; the first is to be written.

    `having` are the notes (by number) that have one of them. `is_family`: a glob takes them in.
    """

    key: str
    spellings: tuple[str, ...]
    keys: frozenset[str]
    having: frozenset[int]
    is_family: bool = False


def cluster_headings(samples: Mapping[int, Sample]) -> list[Cluster]:
    """The sections that at least some of the notes share, the most frequent first."""
    index = _Index(samples)
    clusters = index.near_equal()
    return sorted(index.with_families(clusters), key=lambda c: (-len(c.having), c.key))


class _Index:
    """The headings of a group: the notes that have each, and how it is written."""

    def __init__(self, samples: Mapping[int, Sample]) -> None:
        self._count = len(samples)
        self._notes: dict[str, set[int]] = defaultdict(set)
        self._texts: dict[str, Counter[str]] = defaultdict(Counter)
        for number, sample in samples.items():
            for mention in sample.mentions:
                self._notes[mention.key].add(number)
                self._texts[mention.key][mention.text] += 1

    def _spelling(self, key: str) -> str | None:
        """How a configuration would write a heading, if that is possible."""
        texts = self._texts[key]
        written = written_heading(min(texts, key=lambda text: (-texts[text], text)))
        if is_pattern(written) or "*" in written or "](" in written or not written.isprintable():
            return None
        return written if fold_heading(written) == key else None

    def _together(self, first: Iterable[str], second: Iterable[str]) -> bool:
        """Do two sets of headings stand in the same notes, so that they are two sections?"""
        one, other = self._having(first), self._having(second)
        return len(one & other) > _TOGETHER * min(len(one), len(other))

    def _having(self, keys: Iterable[str]) -> frozenset[int]:
        return frozenset().union(*(self._notes[key] for key in keys))

    # --- spellings ---

    def near_equal(self) -> list[Cluster]:
        """Clusters of headings that differ in dashes, plurals or a letter, if they are frequent."""
        least = max(2, round(SOME / 4 * self._count))
        by_form: dict[str, list[str]] = defaultdict(list)
        for key, notes in self._notes.items():
            if len(notes) >= least:
                by_form[_form(key)].append(key)
        sets: list[list[str]] = []
        for keys in by_form.values():
            sets += self._apart(sorted(keys, key=self._by_frequency))
        sets.sort(key=lambda keys: self._by_frequency(keys[0]))
        clusters = []
        for keys in self._with_misspellings(sets):
            spelt = {key: spelling for key in keys if (spelling := self._spelling(key))}
            if spelt:
                having = self._having(spelt)
                spellings = tuple(spelt.values())
                clusters.append(Cluster(next(iter(spelt)), spellings, frozenset(spelt), having))
        return clusters

    def _by_frequency(self, key: str) -> tuple[int, str]:
        return -len(self._notes[key]), key

    def _apart(self, keys: Sequence[str]) -> list[list[str]]:
        """Headings of one form, but apart those that stand in one note."""
        sets: list[list[str]] = []
        for key in keys:
            home = next((each for each in sets if not self._together(each, (key,))), None)
            if home is None:
                sets.append([key])
            else:
                home.append(key)
        return sets

    def _with_misspellings(self, sets: list[list[str]]) -> list[list[str]]:
        """Join what differs by a letter, where both are frequent."""
        from rapidfuzz.distance import OSA

        joined: list[list[str]] = []
        for keys in sets:
            key = keys[0]
            home = None
            if len(key) >= 6 and len(self._notes[key]) >= 3:
                home = next(
                    (
                        each
                        for each in joined[:200]
                        if OSA.distance(each[0], key, score_cutoff=1) <= 1
                        and not self._together(each, keys)
                    ),
                    None,
                )
            if home is None:
                joined.append(list(keys))
            else:
                home.extend(keys)
        return joined

    # --- families ---

    def with_families(self, clusters: list[Cluster]) -> Iterator[Cluster]:
        """The clusters, and in the place of those that it takes in, each family of headings."""
        families = sorted(
            (*self._families(at_end=False), *self._families(at_end=True)),
            key=lambda family: (-len(family.having), family.key),
        )
        taken: set[str] = set()
        for family in families:
            if taken.isdisjoint(family.keys):
                taken |= family.keys
                yield family
        for cluster in clusters:
            if share(len(cluster.having), self._count) >= SOME and not cluster.keys <= taken:
                yield cluster

    def _families(self, *, at_end: bool) -> Iterator[Cluster]:
        """Headings with the same first (or last) words, one in a note."""
        by_word: dict[str, list[str]] = defaultdict(list)
        for key in self._notes:
            words = _WORD.findall(key)
            if words:
                by_word[_singular(words[-1] if at_end else words[0])].append(key)
        for word, keys in by_word.items():
            if len(keys) < 3 or len(word) < _SHORTEST_WORD or word in _COMMON or word.isdigit():
                continue
            family = self._family(sorted(keys, key=self._by_frequency), at_end=at_end)
            if family is None:
                continue
            best = max(len(self._notes[key]) for key in family.keys)
            more = len(family.having) - best
            if more >= max(2, 0.05 * self._count):
                yield family

    def _family(self, keys: list[str], *, at_end: bool) -> Cluster | None:
        having = self._having(keys)
        if share(len(having), self._count) < SOME or len(having) < 4:
            return None
        spellings = self._globs(keys, at_end=at_end)
        if not spellings:
            return None
        patterns = [text_glob(fold(spelling)) for spelling in spellings]
        taken = frozenset(k for k in self._notes if any(p.fullmatch(k) for p in patterns))
        counts = Counter(number for key in taken for number in self._notes[key])
        several = sum(1 for count in counts.values() if count > 1)
        if several > _TOGETHER * len(counts):
            return None
        return Cluster(fold(spellings[0]), spellings, taken, frozenset(counts), is_family=True)

    def _globs(self, keys: list[str], *, at_end: bool) -> tuple[str, ...]:
        """Globs for headings with the same first (or last) word."""
        written = [spelling for key in keys[:50] if (spelling := self._spelling(key))]
        if len(written) < min(3, len(keys)):
            return ()
        words = [text.split() for text in written]
        if at_end:
            return self._endings(words)
        first = min((each[0] for each in words), key=lambda word: (len(word), word))
        if not all(fold(each[0]).startswith(fold(first)) for each in words):
            return ()
        glob = first.rstrip(".,:;-–—")
        return (f"{glob}*",) if len(glob) >= _SHORTEST_WORD else ()

    def _endings(self, words: list[list[str]]) -> tuple[str, ...]:
        """Globs for headings with the same last words: as many words as all but bare ones share."""
        bare = [each for each in words if len(each) == 1]
        longer = [each for each in words if len(each) > 1]
        endings = dict.fromkeys(fold(each[-1]) for each in words)
        shown = {fold(each[-1]): each[-1] for each in reversed(words)}
        if len(endings) == 1 and longer and not bare:
            count = 1
            while all(len(e) > count + 1 for e in longer) and (
                len({fold(" ".join(e[-count - 1 :])) for e in longer}) == 1
            ):
                count += 1
            return (f"* {' '.join(longer[0][-count:])}",)
        globs = []
        for ending in list(endings)[:2]:
            text = shown[ending]
            whole = all(k.split()[-1] == ending for k in self._notes if k.endswith(ending))
            if not bare:
                globs.append(f"* {text}")
            elif whole:
                globs.append(f"*{text}")
            else:
                globs += [f"* {text}", text]
        return tuple(globs)


def _form(key: str) -> str:
    """A heading without what people write in two ways: dashes, spaces between parts, plurals."""
    return "".join(map(_singular, _WORD.findall(key))) or key


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def singular(text: str) -> str:
    """A name in lower case, in the singular where it is one word that ends like a plural."""
    lower = text.lower()
    return _singular(lower) if _WORD.fullmatch(lower) else lower
