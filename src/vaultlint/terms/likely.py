"""Which words that no dictionary has are likely misspellings of common words.

A form is judged by itself, once for all notes: which common words are one slip away (letters
swapped, one doubled or not, one missing or too many, a vowel for a vowel, a key beside the right
one), or two slips in a long word; how likely the slip is; how common the word; how long the form,
for a short one is near to something by chance. New words that are made of known ones are none
(`formations`). Doubts are hundredths; costs and limits were chosen by the words of real vaults.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from operator import itemgetter, ne
from typing import NamedTuple

from vaultlint.terms.context import ENGLISH, OTHER
from vaultlint.terms.dictionary import common_words, is_word
from vaultlint.terms.formations import has_prefix, is_inflected, is_run_together
from vaultlint.terms.nearmiss import NEIGHBOURS, VOWELS, misspelling_cost

_SWAP, _DOUBLE, _UNDOUBLE, _MISSING, _VOWEL, _EXTRA, _KEY, _OTHER = 30, 35, 40, 50, 55, 60, 80, 100
_PLURAL = 30
_AT_START = 20
_EXTRA_AT_EDGE, _MISSING_AT_END = 50, 20
#: What is added by how common the word is.
_RARENESS = (0, 10, 20, 35)
_FUNCTION_WORD = 20

#: What a form may cost at most, by the letters of the shorter of the two.
_LIMITS = {4: 30, 5: 50, 6: 70, 7: 80, 8: 90, 9: 100}
_LIMIT = 120

_SHORTEST, _LONGEST = 4, 24
#: From so many letters on a slip of the hand makes no word of two by chance.
_SURE = 7
#: Other letters than those beside the right one are looked for from so many letters on.
_OTHER_FROM = 9

_FOREIGN_ENDINGS = ("a", "i", "o", "as", "os")

#: Two slips: from so many letters on, and what they may cost by the letters of the form.
_TWO_FROM, _TWO_LIMIT, _TWO_LIMIT_LONG, _TWO_LONG = 8, 150, 160, 9
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BESIDE = {
    letter: [
        other
        for other in _LETTERS
        if other != letter
        and ((letter in VOWELS and other in VOWELS) or (letter, other) in NEIGHBOURS)
    ]
    for letter in _LETTERS
}


class Likely(NamedTuple):
    """What a form is most likely meant for: the best first.

    `doubt` is 0 or less where it is likely enough by itself; up to `MOST_DOUBT` it is where the
    note has one of the words elsewhere.
    """

    wanted: tuple[str, ...]
    doubt: int


#: Verdicts with more doubt are none.
MOST_DOUBT = 25

#: Words that cost so much more than the best are named beside it.
_AS_GOOD, _MOST_WANTED = 15, 3


class _Near(NamedTuple):
    cost: int
    word: str
    kind: int


def is_unknown(form: str) -> bool:
    """Is a form, in lower-case ASCII letters, in no dictionary, and neither short nor very long?"""
    if not _SHORTEST <= len(form) <= _LONGEST:
        return False
    return form not in common_words().steps and form not in OTHER and not is_word(form)


def judge(form: str) -> Likely | None:
    """What a form, in lower-case ASCII letters, is likely a misspelling of; None for most."""
    length = len(form)
    if not is_unknown(form):
        return None
    near = sorted(_one_slip(form))
    if not near:
        return _judge_two(form) if length >= _TWO_FROM else None
    best = near[0]
    compared = length if best.kind == _UNDOUBLE else min(length, len(best.word))
    doubt = best.cost - _LIMITS.get(compared, _LIMIT)
    if length == _SHORTEST and best.word not in ENGLISH:
        doubt = max(doubt, 1)
    if doubt > MOST_DOUBT or _is_foreign(form, best) or _is_brand(form, best.word):
        return None
    if _is_new_word(form, best):
        return None
    wanted = dict.fromkeys(each.word for each in near if each.cost <= best.cost + _AS_GOOD)
    return Likely(tuple(wanted)[:_MOST_WANTED], doubt)


def _is_foreign(form: str, near: _Near) -> bool:
    """Has it an ending of another language where the word has none, as "elementos" has?"""
    if near.kind in (_SWAP, _DOUBLE, _UNDOUBLE):
        return False
    return form.endswith(_FOREIGN_ENDINGS) and form[-2:] != near.word[-2:]


def _is_brand(form: str, word: str) -> bool:
    """Is it made as names are ("reactjs", "flickr"), or cut from a word ("typograph")?"""
    if form.endswith("js") or (form[-1] == "r" and word == f"{form[:-1]}er"):
        return True
    return word[:-1] == form and word[-1] in "srdy"


def _is_new_word(form: str, near: _Near) -> bool:
    """Can a form be read as made of known words?"""
    if near.kind in (_SWAP, _DOUBLE, _UNDOUBLE) and len(form) >= _SURE:
        return False
    if has_prefix(form, _is_part) and not (near.kind == _VOWEL and len(form) > _OTHER_FROM):
        return True
    return is_run_together(form, _is_part) or is_inflected(form, near.word.lower(), _is_stem)


def _is_part(word: str) -> bool:
    """May a word be a part of another? Not one of the rare short words, which stand in many."""
    step = None if word == "ally" else common_words().steps.get(word)
    return step is not None and step < len(word) - 1


def _is_stem(word: str) -> bool:
    return word in common_words().steps or (len(word) > 5 and is_word(word))


def _as_written(word: str) -> str:
    return word.capitalize() if word in common_words().capitals else word


def _cost(kind: int, word: str) -> int:
    if word in ENGLISH:
        return kind - _FUNCTION_WORD
    return kind + _RARENESS[common_words().steps[word]]


def _one_slip(form: str) -> Iterator[_Near]:
    """The common words that are one slip away, each with what it costs."""
    common = common_words().steps
    for kind, added, word in _neighbours(form, common):
        if len(word) >= _SHORTEST:
            yield _Near(_cost(kind, word) + added, _as_written(word), kind)


def _neighbours(form: str, common: Mapping[str, int]) -> Iterator[tuple[int, int, str]]:
    """The common words one slip away: what the slip costs, and what its place adds."""
    length = len(form)
    first, last = _places(form)
    cuts = [(form[:i], form[i:]) for i in range(first, min(last, length) + 1)]
    for head, tail in cuts:
        word = head + tail[1:]
        if tail and word in common and head[-1:] != tail[0]:
            if tail[1:2] == tail[0]:
                yield _UNDOUBLE, 0 if head else _AT_START, word
            else:
                yield _EXTRA, 0 if head and tail[1:] else _EXTRA_AT_EDGE, word
        word = head + tail[1:2] + tail[:1] + tail[2:]
        if word in common and word != form:
            yield _SWAP, 0 if head else _AT_START, word
    added = [
        (head, letter, tail)
        for head, tail in cuts
        for letter in _LETTERS
        if head + letter + tail in common
    ]
    for head, letter, tail in added:
        if head and (letter == tail[:1] or (letter == head[-1] and not tail)):
            yield _DOUBLE, 0, head + letter + tail
        elif head and letter != head[-1]:
            yield _MISSING, 0 if tail else _MISSING_AT_END, head + letter + tail
    all_letters = length >= _OTHER_FROM
    changed = [
        (tail[0], letter, head + letter + tail[1:])
        for head, tail in cuts
        if head and tail
        for letter in (_LETTERS if all_letters else _BESIDE[tail[0]])
        if head + letter + tail[1:] in common
    ]
    for written, right, word in changed:
        yield _kind_of_other(written, right), 0, word
    if form.endswith("ys") and form[-3] not in VOWELS and form[:-2] + "ies" in common:
        yield _PLURAL, 0, form[:-2] + "ies"


def _places(form: str) -> tuple[int, int]:
    """The first and last place at which one slip can be, by how common words begin and end."""
    length = len(form)
    if length < _SURE:
        return 0, length
    whole = 3 if length < _OTHER_FROM else 4
    heads, tails = _edges(whole)
    first = 0 if form[-whole:] in tails else whole
    return first, length if form[:whole] in heads else length - whole


@cache
def _edges(length: int) -> tuple[frozenset[str], frozenset[str]]:
    """With what so many letters common words begin, and with what they end."""
    words = common_words().steps
    head, tail = itemgetter(slice(length)), itemgetter(slice(-length, None))
    return frozenset(map(head, words)), frozenset(map(tail, words))


def _kind_of_other(written: str, right: str) -> int:
    if written in VOWELS and right in VOWELS:
        return _VOWEL
    return _KEY if (written, right) in NEIGHBOURS else _OTHER


def _judge_two(form: str) -> Likely | None:
    """What a long form is meant for if two slips are in it."""
    heads, tails = _edges(3)
    if form[:3] not in heads and form[-3:] not in tails:
        return None
    if has_prefix(form, _is_part) or is_run_together(form, _is_part):
        return None
    limit = _TWO_LIMIT_LONG if len(form) >= _TWO_LONG else _TWO_LIMIT
    letters = _letters_of(form)
    near = sorted(
        _Near(cost, word, 0)
        for mask, word in _long_words(form[0], form[-1])
        if -2 <= len(word) - len(form) <= 2
        and (mask ^ letters).bit_count() <= 3
        and not _has_one_other(form, word)
        if (cost := misspelling_cost(form, word, limit + MOST_DOUBT)) <= limit + MOST_DOUBT
    )
    if not near or is_inflected(form, near[0].word, _is_stem):
        return None
    wanted = dict.fromkeys(_as_written(each.word) for each in near if each.cost == near[0].cost)
    return Likely(tuple(wanted)[:_MOST_WANTED], near[0].cost - limit)


def _has_one_other(form: str, word: str) -> bool:
    """Do they differ in one letter that stands for another? That is one slip, judged before."""
    return len(form) == len(word) and sum(map(ne, form, word)) == 1


@cache
def _long_words(first: str, last: str) -> list[tuple[int, str]]:
    """The common words of seven letters or more with these first and last letters."""
    return [(_letters_of(word), word) for word in _by_ends()[first + last]]


@cache
def _by_ends() -> Mapping[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word, step in common_words().steps.items():
        if len(word) >= _SURE and step < len(_RARENESS) - 1:
            found[word[0] + word[-1]].append(word)
    return found


def _letters_of(word: str) -> int:
    """The set of a word's letters as bits."""
    letters = 0
    for letter in word:
        letters |= 1 << (ord(letter) & 31)
    return letters
