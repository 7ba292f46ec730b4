"""Which unknown words are made of known ones, so that they are new words and not misspelt ones.

"Sandboxed", "templater", "preloaded" and "debounced" are in few dictionaries, and near to words
that are: a misspelling is only what cannot be read as a formation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from vaultlint.terms.words import word_set

IsWord = Callable[[str], bool]

#: Beginnings that make new words of any word; "in" and "dis" stand in too many misspelt ones.
_PREFIXES = word_set(
    """
    anti app auto bi bio co counter cross cyber de deca deci dev dir doc e eco env euro fore geo
    giga hyper i inner lib ptr ref sys tmp var web
    inter kilo macro mega meta micro mid milli mini mis mono multi nano neo neuro non omni out
    outer over peri photo poly post pre pro proto pseudo quasi re semi socio sub super techno tele
    thermo trans tri turbo uber ultra un under uni up vice video
    """
)

#: Endings before which a word loses its "e", doubles its last letter or changes its "y".
_CHANGING = word_set(
    """
    able ably ability ation ations ator ators ed er ers es esque est ette ian ians ible ied ier
    iest ification ified ifies ify ifying iness ing ings ise ised iser isers ises ish ising
    isation isations ism isms ist ists ive izable ization izations ize ized izer izers izes izing
    y ity
    """
)

#: Endings that are put behind a word as it is.
_PLAIN = word_set(
    """
    s d r rs ly ness less like wise ward wards ship ships hood dom gram grams fest gate ville ware
    wares proof scape ese ful est
    """
)
#: Endings that are one ending behind other words, or that are taken for each other.
_ALIKE = {
    "s": ("s", "es"),
    "es": ("es", "s"),
    "d": ("d", "ed"),
    "ed": ("ed", "d"),
    "r": ("r", "er"),
    "rs": ("rs", "ers"),
    "y": ("y", "ly"),
    "ly": ("ly", "ally"),
}
_AFTER_E = frozenset(("d", "r", "rs"))
_LONGEST_ENDING = max(map(len, _CHANGING | _PLAIN))

_SHORTEST_STEM, _SHORTEST_REST, _SHORTEST_PART = 3, 3, 3
#: So long a rest may be a formation itself: "pre" and "tokenizer".
_SHORTEST_FORMED = 6


def is_run_together(written: str, is_word: IsWord) -> bool:
    """Is it two known words, of three letters or more, run together?"""
    return any(
        is_word(written[:cut]) and is_word(written[cut:])
        for cut in range(_SHORTEST_PART, len(written) - _SHORTEST_PART + 1)
    )


def has_prefix(written: str, is_word: IsWord) -> bool:
    """Is it a known word, or an inflection of one, with a prefix?"""
    for cut in range(1, len(written) - _SHORTEST_REST + 1):
        if written[:cut] in _PREFIXES:
            rest = written[cut:]
            if is_word(rest) or (len(rest) >= _SHORTEST_FORMED and is_inflected(rest, "", is_word)):
                return True
    return False


def is_inflected(written: str, meant: str, is_word: IsWord) -> bool:
    """Is it a known word with an ending?

    Not where `meant` is that word with that ending too, for then this is how it is spelt:
    "targetting" is no formation beside "targeting", nor "refreshs" beside "refreshes".
    """
    return any(
        not any(
            meant.endswith(same) and stem in _stems(meant[: -len(same)], same, is_word)
            for same in _ALIKE.get(ending, (ending,))
        )
        for stem, ending in _readings(written, is_word)
    )


def _readings(written: str, is_word: IsWord) -> Iterator[tuple[str, str]]:
    for length in range(1, min(_LONGEST_ENDING, len(written) - _SHORTEST_STEM) + 1):
        ending = written[-length:]
        for stem in _stems(written[:-length], ending, is_word):
            yield stem, ending


def _stems(rest: str, ending: str, is_word: IsWord) -> set[str]:
    """The known words that, with an ending, may leave that rest before it."""
    if len(rest) < _SHORTEST_STEM or ending not in _CHANGING | _PLAIN:
        return set()
    if ending in _AFTER_E and rest[-1] != "e":
        return set()
    found = {rest}
    if ending in _CHANGING:
        found.add(rest + "e")
        if rest[-1] == rest[-2]:
            found.add(rest[:-1])
    if rest[-1] == "i":
        found.add(rest[:-1] + "y")
    return {stem for stem in found if is_word(stem)}
