"""Finds words and sequences of words in many texts, and looks at each distinct piece once.

A text is cut at its white space. Nothing beyond a piece decides what its words are, so a piece
without anything of interest is known as such in all texts to come, and to go through a text
costs hardly more than to split it. Sequences are looked for where the one of their words is
that fewest sequences have, and of such the longest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from vaultlint.terms.fold import INVISIBLE
from vaultlint.terms.words import Word, at_em_dashes, compounds, without_possessive

V = TypeVar("V")

#: So many pieces are remembered, about 100 bytes each; a vault of 50 MB has fewer.
_MOST_PIECES = 500_000

#: Marks around a word that do not decide whether it is one; a full stop only after it.
_BEFORE_WORDS = "\"'([{\u2018\u201c\u00ab\u00a1\u00bf"
_AFTER_WORDS = "\"')]}\u2019\u201d\u00bb\u2026,;:.!?"

_PIECE = re.compile(r"\S+")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


class Match(NamedTuple, Generic[V]):
    """Something found: the range of the text, code points, half-open; and what was found."""

    start: int
    end: int
    value: V


class _Span(NamedTuple, Generic[V]):
    """From an offset in one piece to an offset in the same or a later piece.

    The value None says that what stands there is right.
    """

    first: int
    start: int
    last: int
    end: int
    value: V | None


class _Gate(NamedTuple):
    """Sequences of `length` words that have one word in common, that of the number `number`."""

    number: int
    length: int
    sequences: set[tuple[str, ...]]


class _Piece(NamedTuple, Generic[V]):
    """What may be found at a piece: single words, and sequences that one of its words leads to."""

    singles: Sequence[tuple[int, int, V]]
    gates: Sequence[_Gate]


class _Edges(NamedTuple):
    """The folded words with which a piece can take part in a sequence; None where it cannot.

    `first` (a second time without possessive) can end a sequence, `last` can begin one, and
    `only`, the one word of a piece, can stand inside.
    """

    first: str | None
    first_base: str | None
    only: str | None
    last: str | None


class WordScanner(Generic[V]):
    """Finds what `judge` says about single words, and `judge_sequence` about sequences.

    `judge` is asked about ranges of a piece: compounds and, where it says nothing, their words;
    last, both without a possessive. A sequence is given by the `fold`ed forms of its words, two
    or more, which white space but no blank line separates in a text. `judge_sequence` is asked
    with the sequence and the words that stand there, a space between them; if it says nothing,
    they are right, and what is found within them is dropped.
    """

    def __init__(
        self,
        fold: Callable[[str], str],
        judge: Callable[[str, int, int], V | None],
        sequences: Iterable[tuple[str, ...]],
        judge_sequence: Callable[[tuple[str, ...], str], V | None],
    ) -> None:
        self._fold = fold
        self._judge = judge
        self._judge_sequence = judge_sequence
        self._gates: dict[str, dict[tuple[int, int], _Gate]] = {}
        sequences = list(sequences)
        uses = Counter(word for sequence in sequences for word in sequence)
        for sequence in sequences:
            length = len(sequence)
            number = min(range(length), key=lambda n: (uses[sequence[n]], -len(sequence[n])))
            gates = self._gates.setdefault(sequence[number], {})
            gate = gates.setdefault((number, length), _Gate(number, length, set()))
            gate.sequences.add(sequence)
        self._dull: set[str] = set()
        self._hot: dict[str, _Piece[V]] = {}
        self._edges: dict[str, _Edges] = {}

    def matches(self, text: str) -> list[Match[V]]:
        """What is found in a text, in order; of what overlaps, the longest."""
        pieces = text.split()
        hot = {piece for piece in set(pieces).difference(self._dull) if self._is_hot(piece)}
        if not hot:
            return []
        spans = [
            span
            for number, piece in enumerate(pieces)
            if piece in hot
            for span in self._spans(pieces, number)
        ]
        if all(span.value is None for span in spans):
            return []
        return _longest(_placed(text, spans))

    def _is_hot(self, piece: str) -> bool:
        if piece in self._hot:
            return True
        core = piece.lstrip(_BEFORE_WORDS)
        offset = len(piece) - len(core)
        core = core.rstrip(_AFTER_WORDS)
        if core not in self._dull:
            singles, gates = self._read(core)
            if singles or gates:
                moved = [(start + offset, end + offset, value) for start, end, value in singles]
                self._hot[piece] = _Piece(moved, gates)
                return True
            if len(self._dull) >= _MOST_PIECES:
                self._dull.clear()
            self._dull.add(core)
        self._dull.add(piece)
        return False

    def _read(self, piece: str) -> _Piece[V]:
        if piece.isascii() and piece.isalpha():
            value = self._judge(piece, 0, len(piece))
            singles = [] if value is None else [(0, len(piece), value)]
            return _Piece(singles, tuple(self._gates.get(self._fold(piece), {}).values()))
        singles = []
        gates: dict[int, _Gate] = {}
        for compound in compounds(piece):
            words = list(at_em_dashes(compound))
            found = self._judged(piece, compound)
            if found is not None:
                singles.append(found)
            elif len(words) > 1:
                singles += filter(None, (self._judged(piece, word) for word in words))
            for word in words:
                for form in (word.form, without_possessive(word.form)):
                    for gate in self._gates.get(self._fold(form), {}).values():
                        gates[id(gate)] = gate
        return _Piece(singles, tuple(gates.values()))

    def _judged(self, piece: str, word: Word) -> tuple[int, int, V] | None:
        start, end, form = word
        value = self._judge(piece, start, end)
        if value is None:
            base = without_possessive(form)
            if base is form:
                return None
            end = start + len(base)
            value = self._judge(piece, start, end)
        return None if value is None else (start, end, value)

    def _spans(self, pieces: list[str], number: int) -> Iterator[_Span[V]]:
        singles, gates = self._hot[pieces[number]]
        for start, end, value in singles:
            yield _Span(number, start, number, end, value)
        for gate in gates:
            first = number - gate.number
            last = first + gate.length - 1
            if first >= 0 and last < len(pieces):
                sequence = self._sequence(pieces[first : last + 1], gate.sequences)
                if sequence:
                    words = self._words(pieces[first : last + 1], sequence)
                    found = " ".join(word.form for word in words)
                    wrong = self._judge_sequence(sequence, found)
                    yield _Span(first, words[0].start, last, words[-1].end, wrong)

    def _sequence(
        self, pieces: Sequence[str], sequences: set[tuple[str, ...]]
    ) -> tuple[str, ...] | None:
        """The one of the sequences that stands in pieces, from the first to the last of them."""
        edges = self._edges_of
        start = edges(pieces[0]).last
        inner = [edges(piece).only for piece in pieces[1:-1]]
        if start is None or None in inner:
            return None
        end = edges(pieces[-1])
        for last in (end.first, end.first_base):
            sequence = (start, *filter(None, inner), last or "")
            if sequence in sequences:
                return sequence
        return None

    def _words(self, pieces: Sequence[str], sequence: tuple[str, ...]) -> list[Word]:
        """The words in pieces that are a sequence."""
        first, *others = pieces
        found = [_words_of(first)[-1], *(_words_of(piece)[0] for piece in others)]
        start, _, form = found[-1]
        if self._fold(form) != sequence[-1]:
            base = without_possessive(form)
            found[-1] = Word(start, start + len(base), base)
        return found

    def _edges_of(self, piece: str) -> _Edges:
        try:
            return self._edges[piece]
        except KeyError:
            if len(self._edges) >= _MOST_PIECES:
                self._edges.clear()
            return self._edges.setdefault(piece, self._find_edges(piece))

    def _find_edges(self, piece: str) -> _Edges:
        words = _words_of(piece)
        if not words:
            return _Edges(None, None, None, None)
        opening, closing = words[0], words[-1]
        first = first_base = last = None
        if not piece[: opening.start].strip(INVISIBLE):
            first = self._fold(opening.form)
            first_base = self._fold(without_possessive(opening.form))
        if not piece[closing.end :].strip(INVISIBLE):
            last = self._fold(closing.form)
        return _Edges(first, first_base, first if last and len(words) == 1 else None, last)


def _words_of(piece: str) -> list[Word]:
    return [word for compound in compounds(piece) for word in at_em_dashes(compound)]


def _placed(text: str, spans: Iterable[_Span[V]]) -> list[Match[V | None]]:
    """The spans as ranges of the text, without those that a blank line divides."""
    starts = [match.start() for match in _PIECE.finditer(text)]
    placed = []
    for first, start, last, end, value in spans:
        match = Match(starts[first] + start, starts[last] + end, value)
        if first == last or not _BLANK_LINE.search(text, match.start, match.end):
            placed.append(match)
    return placed


def _longest(matches: list[Match[V | None]]) -> list[Match[V]]:
    """The longest matches that do not overlap, the first of equals, in order."""
    matches.sort(key=lambda match: (match.start - match.end, match.start))
    taken: list[Match[V | None]] = []
    for match in matches:
        at = bisect_left(taken, match.start, key=lambda other: other.start)
        after_left = at == 0 or taken[at - 1].end <= match.start
        before_right = at == len(taken) or match.end <= taken[at].start
        if after_left and before_right:
            taken.insert(at, match)
    return [Match(start, end, value) for start, end, value in taken if value is not None]
