"""Tables of wrong phrases and of misspelt words, for prose of any vault."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from vaultlint.terms.fold import DASHES, unified
from vaultlint.terms.gate import Gate
from vaultlint.terms.hit import Hit

if TYPE_CHECKING:
    from vaultlint.terms.scanner import WordScanner

#: Shorter words are too often names, abbreviations, or words of other languages.
_SHORTEST_MISSPELLING = 5

#: A misspelling beside one of these is part of a name: an em dash only divides.
_TECHNICAL = frozenset(DASHES + "/.@#") - frozenset("\u2014\u2015")

#: Phrases that consist of words at a glance.
_PLAIN = re.compile(r"[a-z]+(?:[ '-][a-z]+)*")


class PhraseTable:
    """Finds wrong phrases, whatever their letter case, dashes and apostrophes.

    A phrase that the table maps to itself is right: "should of course" guards "should of".
    `gate` tells whether a text can hold any of them.
    """

    def __init__(self, phrases: Mapping[str, str]) -> None:
        """`phrases` maps wrong to right. Raises ValueError for a phrase that no text can have."""
        self._right: dict[str, str] = {}
        for wrong, right in phrases.items():
            forms = [_fold(part) for part in wrong.split()]
            if not _PLAIN.fullmatch(wrong) and not _are_words(wrong, forms):
                raise ValueError(f"the phrase `{wrong}` must consist of words, spaces between them")
            self._right[" ".join(forms)] = right
        self.gate = Gate(self._right)

    @cached_property
    def _scanner(self) -> WordScanner[str]:
        from vaultlint.terms.scanner import WordScanner

        return WordScanner(
            _fold,
            self._judge,
            (tuple(phrase.split()) for phrase in self._right if " " in phrase),
            self._judge_sequence,
        )

    def hits(self, text: str) -> list[Hit]:
        """The wrong phrases of a prose text: in order, never overlapping."""
        from vaultlint.terms.lettercase import in_case_of

        return [
            Hit(start, end, text[start:end], in_case_of(text[start:end], right), "phrase")
            for start, end, right in self._scanner.matches(text)
        ]

    def _judge(self, piece: str, start: int, end: int) -> str | None:
        return self._unless_right(_fold(piece[start:end]))

    def _judge_sequence(self, sequence: tuple[str, ...], _found: str) -> str | None:
        return self._unless_right(" ".join(sequence))

    def _unless_right(self, phrase: str) -> str | None:
        right = self._right.get(phrase)
        return None if right is None or _fold(right) == phrase else right


class WordTable:
    """Finds misspelt words of a list, whatever their letter case.

    Words of fewer than five letters, with capitals inside, or beside one of `- / . @ #` are
    left alone, and so are words in a passage of another language. `gate` tells whether a text can
    hold any of the words.
    """

    def __init__(self, corrections: Mapping[str, str], *, names: bool = False) -> None:
        """`corrections` maps misspelt words to right ones.

        `names`: they may be names too, so that a capital within a sentence excuses a word.
        """
        self._names = names
        self._corrections = {_fold(wrong): right for wrong, right in corrections.items()}
        self.gate = Gate(self._corrections)

    @cached_property
    def _scanner(self) -> WordScanner[str]:
        from vaultlint.terms.scanner import WordScanner

        return WordScanner(_fold, self._judge, (), lambda _sequence, _found: None)

    def hits(self, text: str) -> list[Hit]:
        """The misspelt words of a prose text: in order, never overlapping."""
        from vaultlint.terms.context import begins_sentence, reads_as_foreign
        from vaultlint.terms.lettercase import in_case_of

        return [
            Hit(start, end, text[start:end], in_case_of(text[start:end], right), "misspelling")
            for start, end, right in self._scanner.matches(text)
            if not reads_as_foreign(text, start, end)
            and not (self._names and text[start].isupper() and not begins_sentence(text, start))
        ]

    def _judge(self, piece: str, start: int, end: int) -> str | None:
        form = piece[start:end]
        if end - start < _SHORTEST_MISSPELLING:
            return None
        right = self._corrections.get(_fold(form))
        if right is None or not (form[1:].islower() or form.isupper()):
            return None
        before, after = piece[max(0, start - 1) : start], piece[end : end + 1]
        ends_sentence = after == "." and not piece[end + 1 : end + 2].isalnum()
        if before in _TECHNICAL or (after in _TECHNICAL and not ends_sentence):
            return None
        return right


def _are_words(phrase: str, forms: list[str]) -> bool:
    """Does a phrase consist of the words that it is found by?"""
    from vaultlint.terms.words import words

    return bool(forms) and forms == [_fold(word.form) for word in words(phrase)]


def _fold(form: str) -> str:
    return unified(form).casefold()
