"""Finds words and sequences of words in many texts, and looks at each distinct piece once.

A text is cut at its white space. Nothing beyond a piece decides what its words are, so a piece
without anything of interest is known as such in all texts to come, and to go through a text
costs hardly more than to split it. Sequences are looked for where one of their words is: not
a short one, and one that few sequences have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, count
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
    """Sequences of `length` words that have the same word at the same number.

    `step` leads from that word to a neighbour (1 or -1); `neighbours` are the words it may be.
    """

    number: int
    length: int
    step: int
    neighbours: set[str]


class _Piece(NamedTuple, Generic[V]):
    """What may be found at a piece: single words, and sequences that one of its words leads to."""

    singles: Sequence[tuple[int, int, V]]
    gates: Sequence[_Gate]


class _Edges(NamedTuple):
    """The folded words with which a piece can take part in a sequence; empty where it cannot.

    `first` (a second time without possessive) can end a sequence, `last` can begin one, and
    `only`, the one word of a piece, can stand inside.
    """

    first: str
    first_base: str
    only: str
    last: str


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
        self._sequences = frozenset(sequences)
        self._gates = _gates(self._sequences)
        self._dull: set[str] = set()
        self._hot: dict[str, _Piece[V]] = {}
        self._edges: dict[str, _Edges] = {}
        self._windows: dict[tuple[str, ...], tuple[int, int, V | None] | None] = {}

    def matches(self, text: str) -> list[Match[V]]:
        """What is found in a text, in order; of what overlaps, the longest."""
        pieces = text.split()
        fresh = set(pieces).difference(self._dull)
        hot = {piece: found for piece in fresh if (found := self._look_at(piece))}
        if not hot:
            return []
        edges = self._edges
        pieces.append("")
        spans: list[_Span[V]] = []
        for number in compress(count(), map(hot.__contains__, pieces)):
            singles, gates = hot[pieces[number]]
            for start, end, value in singles:
                spans.append(_Span(number, start, number, end, value))
            for gate in gates:
                beside = pieces[number + gate.step]
                if not gate.neighbours.isdisjoint(edges.get(beside) or self._edges_of(beside)):
                    spans += self._sequence_at(pieces, number - gate.number, gate.length)
        if all(span.value is None for span in spans):
            return []
        return _longest(_placed(text, spans))

    def _look_at(self, piece: str) -> _Piece[V] | None:
        """What may be found at a piece that is not known to be dull."""
        if piece in self._hot:
            return self._hot[piece]
        core = piece.lstrip(_BEFORE_WORDS)
        offset = len(piece) - len(core)
        core = core.rstrip(_AFTER_WORDS)
        if core not in self._dull:
            singles, gates = self._read(core)
            if singles or gates:
                moved = [(start + offset, end + offset, value) for start, end, value in singles]
                return self._hot.setdefault(piece, _Piece(moved, gates))
            if len(self._dull) >= _MOST_PIECES:
                self._dull.clear()
            self._dull.add(core)
        self._dull.add(piece)
        return None

    def _read(self, piece: str) -> _Piece[V]:
        if piece.isascii() and piece.isalpha():
            value = self._judge(piece, 0, len(piece))
            singles = [] if value is None else [(0, len(piece), value)]
            return _Piece(singles, self._gates_of(piece))
        singles = []
        gates: list[_Gate] = []
        for compound in compounds(piece):
            words = list(at_em_dashes(compound))
            found = self._judged(piece, compound)
            if found is not None:
                singles.append(found)
            elif len(words) > 1:
                singles += filter(None, (self._judged(piece, word) for word in words))
            for word in words:
                gates += self._gates_of(word.form)
                base = without_possessive(word.form)
                if base is not word.form:
                    gates += self._gates_of(base)
        return _Piece(singles, gates)

    def _gates_of(self, form: str) -> Sequence[_Gate]:
        return self._gates.get(self._fold(form), ()) if self._gates else ()

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

    def _sequence_at(self, pieces: list[str], first: int, length: int) -> Iterator[_Span[V]]:
        """The sequence from one piece to another, if one is there."""
        window = tuple(pieces[first : first + length]) if first >= 0 else ()
        if len(window) != length:
            return
        if window not in self._windows:
            if len(self._windows) >= _MOST_PIECES:
                self._windows.clear()
            self._windows[window] = self._find_sequence(window)
        found = self._windows[window]
        if found:
            yield _Span(first, found[0], first + length - 1, *found[1:])

    def _find_sequence(self, pieces: tuple[str, ...]) -> tuple[int, int, V | None] | None:
        """Where a sequence begins in the first piece, and where it ends in the last."""
        edges = [self._edges_of(piece) for piece in pieces]
        words = [edges[0].last, *(edge.only for edge in edges[1:-1])]
        for last in (edges[-1].first, edges[-1].first_base):
            sequence = (*words, last)
            if sequence in self._sequences:
                found = self._words(pieces, sequence)
                value = self._judge_sequence(sequence, " ".join(word.form for word in found))
                return found[0].start, found[-1].end, value
        return None

    def _words(self, pieces: Sequence[str], sequence: tuple[str, ...]) -> list[Word]:
        """The words of a sequence that stands in pieces, from the first to the last of them."""
        first, *others = pieces
        found = [_words_of(first)[-1], *(_words_of(piece)[0] for piece in others)]
        start, _, form = found[-1]
        if self._fold(form) != sequence[-1]:
            base = without_possessive(form)
            found[-1] = Word(start, start + len(base), base)
        return found

    def _edges_of(self, piece: str) -> _Edges:
        if piece not in self._edges:
            if len(self._edges) >= _MOST_PIECES:
                self._edges.clear()
            self._edges[piece] = self._find_edges(piece)
        return self._edges[piece]

    def _find_edges(self, piece: str) -> _Edges:
        core = piece.strip(_AFTER_WORDS)
        if core.isascii() and core.isalpha():
            word = self._fold(core)
            first = word if piece.startswith(core) else ""
            last = word if piece.endswith(core) else ""
            return _Edges(first, first, first and last, last)
        words = _words_of(piece)
        if not words:
            return _Edges("", "", "", "")
        opening, closing = words[0], words[-1]
        first = first_base = last = ""
        if not piece[: opening.start].strip(INVISIBLE):
            first = self._fold(opening.form)
            first_base = self._fold(without_possessive(opening.form))
        if not piece[closing.end :].strip(INVISIBLE):
            last = self._fold(closing.form)
        return _Edges(first, first_base, first if last and len(words) == 1 else "", last)


def _gates(sequences: Iterable[tuple[str, ...]]) -> dict[str, list[_Gate]]:
    """The gates by the words that lead to them."""
    uses = Counter(word for sequence in sequences for word in sequence)
    gates: dict[str, dict[tuple[int, int], _Gate]] = {}
    for sequence in sequences:
        length = len(sequence)
        number = min(range(length), key=lambda n: _commonness(sequence[n], uses))
        step = 1 if number + 1 < length else -1
        alike = gates.setdefault(sequence[number], {})
        gate = alike.setdefault((number, length), _Gate(number, length, step, set()))
        gate.neighbours.add(sequence[number + step])
    return {word: list(alike.values()) for word, alike in gates.items()}


def _commonness(word: str, uses: Counter[str]) -> tuple[bool, int, int]:
    return len(word) < 5, uses[word], -len(word)


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
    covered = bytearray(max((match.end for match in matches), default=0))
    taken: list[Match[V | None]] = []
    for match in matches:
        # What is taken is no shorter, so it covers an end of whatever it overlaps.
        if not covered[match.start] and not covered[match.end - 1]:
            covered[match.start : match.end] = b"\1" * (match.end - match.start)
            taken.append(match)
    taken.sort(key=lambda match: match.start)
    return [Match(start, end, value) for start, end, value in taken if value is not None]
