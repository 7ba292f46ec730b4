"""Which known word a written word was most likely meant for.

Words are lower-case ASCII letters here; `fold.key` makes them so. Costs are hundredths of one
letter that is simply wrong. Costs, limits and guards were measured on study vaults, with
glossaries of 84 and 500 terms; see docs on terms for the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, combinations
from typing import NamedTuple

from vaultlint.terms.words import word_set

_SWAP, _SWAP_AT_START = 60, 90
_DOUBLING = 60
_VOWEL = 70
_NEIGHBOUR_KEY = 80
_MISSING = 90
_PLAIN = 100
_AT_START = 50

#: Letters that are taken for each other.
VOWELS = frozenset("aeiouy")
_KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

_SHORT_NAME = 8

#: The index looks at that many letters of a word, and in long words chooses so many after the
#: first; two edits leave no fewer.
_INDEXED, _CHOSEN = 8, 5


class Near(NamedTuple):
    """A known word near a written one, and the cost of the difference."""

    cost: int
    word: str


def cost_limit(word: str) -> int:
    """The highest cost at which something still counts as a misspelling of `word`.

    0.8 letters for words of five letters, 0.15 more for each further one, never above 1.9.
    """
    return min(80 + 15 * (len(word) - 5), 190)


def misspelling_cost(written: str, meant: str, limit: int = 10_000) -> int:
    """How unlikely it is that somebody who meant one word wrote the other, in hundredths.

    Anything above `limit` stands for all costs above it.

    Swapped letters and letters doubled or not are cheap, then a vowel for another, a key beside
    the right one, a missing letter. Mistakes in the first letter are dear.
    """
    before_last: list[int] = []
    last = [0]
    for j in range(len(meant)):
        last.append(last[j] + _cost_of_missing(meant, j))
    for i, letter in enumerate(written):
        row = [last[0] + _cost_of_extra(written, i)]
        for j, right in enumerate(meant):
            cost = min(
                last[j] + _cost_of_replacing(letter, right, i == j == 0),
                last[j + 1] + _cost_of_extra(written, i),
                row[j] + _cost_of_missing(meant, j),
            )
            swapped = i and j and letter == meant[j - 1] and right == written[i - 1]
            if swapped and letter != right:
                cost = min(cost, before_last[j - 1] + (_SWAP_AT_START if i == 1 else _SWAP))
            row.append(cost)
        if min(row) > limit and min(last) > limit:
            return limit + 1
        before_last, last = last, row
    return last[-1]


def _cost_of_replacing(letter: str, right: str, at_start: bool) -> int:
    if letter == right:
        return 0
    if letter in VOWELS and right in VOWELS:
        cost = _VOWEL
    else:
        cost = _NEIGHBOUR_KEY if (letter, right) in NEIGHBOURS else _PLAIN
    return cost + _AT_START if at_start else cost


def _cost_of_extra(written: str, i: int) -> int:
    if i and written[i] == written[i - 1]:
        return _DOUBLING
    return _PLAIN if i else _PLAIN + _AT_START


def _cost_of_missing(meant: str, j: int) -> int:
    if j and meant[j] == meant[j - 1]:
        return _DOUBLING
    return _MISSING if j else _MISSING + _AT_START


def _neighbouring_keys() -> frozenset[tuple[str, str]]:
    """Pairs of letters on keys that touch; each row is a quarter key further to the right."""
    at = {
        key: (row, x + row / 4) for row, keys in enumerate(_KEY_ROWS) for x, key in enumerate(keys)
    }
    return frozenset(
        (a, b)
        for a in at
        for b in at
        if a != b and abs(at[a][0] - at[b][0]) <= 1 and abs(at[a][1] - at[b][1]) <= 1.1
    )


#: Pairs of letters whose keys touch.
NEIGHBOURS = _neighbouring_keys()

_ENDINGS = word_set(
    """
    s es d ed er ers r rs or ors ing ings ly al ally ic ics ical ism isms ist ists ize ise ized
    ised izes ises izer iser izers isers izing ising ization isation izations isations y ies ied
    ity ities ness ment ments able ible ful less an ans ian ians n ish ive ives ure ures e a o i um
    us ae t th st en in on ia is as like wise ward wards os ismo isme ismus js
    """
) | {""}

#: Beginnings with which other words are made.
PREFIXES = word_set(
    """
    un re de in im non sub pre anti inter over mis dis co bi tri multi auto e a i u x my
    """
)

#: Beginnings that resemble one another and differ in meaning: homo-, homeo-; topo-, typo-.
_COMBINING = word_set(
    """
    aero agro allo ambi anthropo ante anti archaeo astro audio auto bio cardio centi chrono cosmo
    crypto cyber deca deci demo dermo eco econo ecto electro en endo epi ethno eu ex exo extra geo
    giga gyro haemo hagio helio hemi hemo hepta hetero hexa holo homeo homo hydro hyper hypo ideo
    infra inter intra intro iso kilo macro mega meso meta micro milli mono morpho multi myco myo
    nano necro neo neuro octa octo oligo omni onto ortho osteo paleo pan para patho peri per petro
    phono photo physio phyto poly post pre pro proto pseudo psycho pyro quadri quasi quin radio
    retro semi socio steno stereo sub super supra techno tele ter tetra theo thermo topo trans tri
    typo ultra uni vice xeno zoo
    """
)


def is_derived(written: str, word: str) -> bool:
    """Is one word an inflection or derivation of the other, so that neither is misspelt?"""
    shared = 0
    for a, b in zip(written, word, strict=False):
        if a != b:
            break
        shared += 1
    if any(
        written[cut:] in _ENDINGS and word[cut:] in _ENDINGS
        for cut in range(shared, max(2, shared - 3), -1)
    ):
        return True
    longer, shorter = (written, word) if len(written) > len(word) else (word, written)
    if longer.endswith(shorter) and longer[: len(longer) - len(shorter)] in PREFIXES:
        return True
    if _is_lengthened(written, word):
        return True
    return _has_other_beginning(written, word)


def _is_lengthened(written: str, word: str) -> bool:
    """Is it the word with one or two letters after it, other than its last one again?"""
    tail = written.removeprefix(word)
    return tail != written and 1 <= len(tail) <= 2 and tail != word[-1]


def _has_other_beginning(written: str, word: str) -> bool:
    for end in range(2, min(len(word), 8)):
        rest = word[end:]
        if word[:end] in _COMBINING and len(rest) >= 3 and written.endswith(rest):
            beginning = written[: len(written) - len(rest)]
            if beginning != word[:end] and beginning in _COMBINING:
                return True
    return False


def could_be_another_name(written: str, name: Near) -> bool:
    """May both be names of their own, as Heyward and Hayward, Brener and Brenner are?

    Names of up to eight letters commonly differ in a letter that is another or missing; no name
    is taken for misspelt that differs in more than one letter.
    """
    if name.cost > _PLAIN:
        return True
    short = len(name.word) <= _SHORT_NAME and len(written) <= len(name.word)
    return short and sorted(written) != sorted(name.word)


class NearIndex:
    """Finds the known words that are near a written one.

    Words within two edits of each other, and with the same first letter, have other letters in
    common that follow in the same order: five of the next seven, or all but one in short words,
    where but one edit is allowed. Under each such choice of letters stand the words that have it.
    """

    def __init__(self, words: Iterable[str], shortest: int = 5) -> None:
        """Index the words of at least `shortest` letters, five or more; no others are found."""
        self._letters = {word: _letters_of(word) for word in words if len(word) >= shortest}
        self._first: dict[str, dict[tuple[str, ...], str]] = {}
        self._others: dict[tuple[str, ...], list[str]] = {}
        for word in self._letters:
            index = self._first.setdefault(word[0], {})
            for choice in _choices(word):
                if index.setdefault(choice, word) is not word:
                    self._others.setdefault((word[0], *choice), []).append(word)

    def candidates(self, written: str) -> list[str]:
        """Known words that may be near, sorted; cheap to ask, and most often none.

        A known word has none, nor has a word of fewer than four letters.
        """
        initial, length = written[:1], len(written)
        index = self._first.get(initial)
        if index is None or length < 4 or index.keys().isdisjoint(_choices(written)):
            return []
        if written in self._letters:
            return []
        letters = _letters_of(written)
        found: set[str] = set()
        for choice in _choices(written):
            if choice in index:
                found.add(index[choice])
                found.update(self._others.get((initial, *choice), ()))
        return sorted(
            word
            for word in found
            if -2 <= len(word) - length <= 2 and (self._letters[word] ^ letters).bit_count() <= 4
        )

    def near(self, written: str) -> list[Near]:
        """The words that `written` may be a misspelling of, the likeliest first."""
        return sorted(
            Near(cost, word)
            for word in self.candidates(written)
            if (limit := cost_limit(word)) >= (cost := misspelling_cost(written, word, limit))
            and not is_derived(written, word)
        )


def _choices(word: str) -> Iterator[tuple[str, ...]]:
    """The choices of letters after the first one under which a word is indexed and sought."""
    rest = word[1:_INDEXED]
    if len(rest) > _CHOSEN:
        return combinations(rest, _CHOSEN)
    return chain((tuple(rest),), combinations(rest, len(rest) - 1))


def _letters_of(word: str) -> int:
    """The set of a word's letters as bits."""
    letters = 0
    for letter in word:
        letters |= 1 << (ord(letter) & 31)
    return letters
