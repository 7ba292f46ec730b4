"""Words of a note that are likely misspellings of common English words.

A note's text is cut into words at once, and almost all of them have been met before. Only where one
is a likely misspelling is the note's prose looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from vaultlint.model import Span
from vaultlint.parse.note import ParsedNote
from vaultlint.parse.prose import Run
from vaultlint.prose_check import is_english, known_terms, own_runs, own_words, words_of
from vaultlint.rule import Shared
from vaultlint.terms.context import begins_sentence, reads_as_foreign
from vaultlint.terms.fold import APOSTROPHES
from vaultlint.terms.fold import key as term_key
from vaultlint.terms.gate import flat_words
from vaultlint.terms.hit import Hit
from vaultlint.terms.lettercase import in_case_of
from vaultlint.terms.likely import Likely, is_unknown, judge
from vaultlint.terms.words import without_possessive, words

#: Words that this process has met and that are no likely misspellings; and the others.
_HARMLESS: set[bytes] = set()
_SUSPECTS: dict[bytes, Likely] = {}

_CODE = re.compile(r"`[^`\n]++`|://\S++")
_LETTERS = re.compile(r"[a-z]+")
_CAPITALISED = re.compile(r"[A-Z][a-z]+")

#: So many words on either side tell of the language.
_BESIDE = 2

#: The first part of a compound whose hyphen stays: "homo- and hetero- geneous".
_HANGING = re.compile(r"\w-[ ]\Z")
_CAPITAL_BEFORE = re.compile(r"(?<!\w)[A-Z]\w*+[ ]\Z")
_ARTICLE = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Tt]h(?:is|ese|ose)|[Yy]?[Oo]ur|[Tt]heir|[Ii]ts) \Z")
_CAPITAL_AFTER = re.compile(r"[ ][A-Z]")
#: How names of families end, as in "the Persson house".
_FAMILY = re.compile(r"(?:son|sen|mann?|berg|stein|sk[iy]|ova?|ez|ini)\Z")

#: What beside a word makes it a part of a name, an address or a compound.
_TECHNICAL = frozenset("-\u2010\u2011\u2013/\\.@#_&=+<>$~`")
_QUOTES = frozenset("\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb")

#: A capital inside a sentence asks for so much more certainty, one beside another for yet more, one
#: at the beginning for less.
_NAME_DOUBT, _CERTAIN_DOUBT, _OPENING_DOUBT = -45, -55, -15
_SHORTEST_NAME, _LONG_NAME = 7, 9
#: A form that a note has so often is taken for a term, unless it is certain.
_OFTEN, _OFTEN_DOUBT = 3, -25


_Found = tuple[Span, Hit]


def find_misspelt(note: ParsedNote, shared: Shared) -> Iterator[_Found]:
    """The likely misspellings in a note's own prose, if it is in English.

    Quotations, names and terms of the note's own, what is misspelt of a glossary's terms, and words
    that stand in code, addresses or links of the note too are left out.
    """
    met = words_of(note)
    strange: set[bytes] = set()
    for word in met - _HARMLESS - _SUSPECTS.keys():
        if word.isalpha():
            (strange if is_unknown(word.decode()) else _HARMLESS).add(word)
    if strange and (note.blocks_of("code") or "`" in note.text or "://" in note.text):
        strange &= _shown_words(note)
    for word in strange:
        _meet(word)
    suspects = {word.decode(): _SUSPECTS[word] for word in _SUSPECTS.keys() & met}
    likely = {
        form: verdict
        for form, verdict in suspects.items()
        if (verdict.doubt <= 0 or any(each.lower().encode() in met for each in verdict.wanted))
        and _may_stand(note.text, form)
    }
    if likely and is_english(note, shared):
        yield from _find(note, shared, likely)


def _may_stand(text: str, form: str) -> bool:
    """May a form stand in a text, and not as a short name? A quick look."""
    if form in text:
        return True
    if "*" in text and form in text.replace("*", ""):
        return True
    return len(form) >= _SHORTEST_NAME and form.capitalize() in text


def _shown_words(note: ParsedNote) -> set[bytes]:
    """The words of a note's body that stand neither in code nor in addresses, and others."""
    text = note.text
    pieces, at = [], note.body_start
    for block in note.blocks_of("code"):
        pieces.append(text[at : max(at, block.start)])
        at = max(at, block.end)
    pieces.append(text[at:])
    return set(flat_words(_CODE.sub(" ", " ".join(pieces))))


def _meet(word: bytes) -> None:
    verdict = judge(word.decode())
    if verdict is None:
        _HARMLESS.add(word)
    else:
        _SUSPECTS[word] = verdict


def _find(note: ParsedNote, shared: Shared, likely: dict[str, Likely]) -> Iterator[_Found]:
    terms = known_terms(shared.glossaries.of(note.path))
    own = own_words(note, shared)
    likely = {
        form: verdict
        for form, verdict in likely.items()
        if term_key(form) not in own and terms.isdisjoint(map(term_key, verdict.wanted))
    }
    runs = [*own_runs(note, shared)]
    uses = [use for run in runs for use in _uses(run, likely)]
    if not uses:
        return
    linked = {
        name for link in note.facts.links for name in _CAPITALISED.findall(link.display or "")
    }
    counts = Counter(form for form, _, _ in uses)
    shown = Counter(form for run in runs for form in _known(run.text, likely))
    everywhere = Counter(_known(note.text, likely))
    for form, span, hit in uses:
        is_term = counts[form] >= _OFTEN and likely[form].doubt > _OFTEN_DOUBT
        if not (is_term or hit.found in linked or everywhere[form] > shown[form]):
            yield span, hit


def _known(text: str, likely: Collection[str]) -> Iterator[str]:
    """The forms in a text, as they come."""
    return filter(likely.__contains__, _LETTERS.findall(text.lower()))


def _uses(run: Run, likely: dict[str, Likely]) -> Iterator[tuple[str, Span, Hit]]:
    """Where forms stand as words of a sentence in a run of prose."""
    text = run.text
    small = text.lower()
    if not any(form in small for form in likely):
        return
    found = [(word.start, without_possessive(word.form)) for word in words(text)]
    for number, (start, written) in enumerate(found):
        form = written.lower()
        verdict = likely.get(form)
        if verdict is None or not _is_plain(text, start, written, verdict):
            continue
        end = start + len(written)
        around = (*found[max(0, number - _BESIDE) : number], *found[number + 1 :][:_BESIDE])
        if not reads_as_foreign(text, start, end) and not _are_unknown(word for _, word in around):
            wanted = ", ".join(in_case_of(written, word) for word in verdict.wanted)
            yield form, run.span(start, end), Hit(start, end, written, wanted, "misspelling")


def _are_unknown(around: Iterable[str]) -> bool:
    """Are most words beside a word in no dictionary, as those of other languages?"""
    strange = [word for word in around if word.isascii() and is_unknown(word.lower())]
    return len(strange) >= _BESIDE


def _is_plain(text: str, start: int, found: str, verdict: Likely) -> bool:
    """Is it neither a name, by its capitals, nor a part of something, nor in quotation marks?"""
    if not found[1:].islower():
        return False
    end = start + len(found)
    if found[0].isupper() and (len(found) < _SHORTEST_NAME or _is_name(text, start, end, verdict)):
        return False
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if before and before in _QUOTES and after in _QUOTES:
        return False
    if _HANGING.search(text, max(0, start - 3), start) or (
        after in APOSTROPHES and found[-1] == "n"
    ):
        return False
    is_end = after == "." and not text[end + 1 : end + 2].isalnum()
    return before not in _TECHNICAL and (after not in _TECHNICAL or is_end)


def _is_name(text: str, start: int, end: int, verdict: Likely) -> bool:
    """May a word with a capital be a name? Beside another such word it is, if not too odd.

    Where it is meant for a word that always has a capital, it is a name if it is short.
    """
    doubt = verdict.doubt
    if verdict.wanted[0][0].isupper():
        return end - start < _LONG_NAME
    if begins_sentence(text, start) or _follows_article(text, start, end):
        return doubt > _OPENING_DOUBT
    if doubt <= _CERTAIN_DOUBT:
        return False
    return doubt > _NAME_DOUBT or bool(
        _CAPITAL_BEFORE.search(text, max(0, start - 30), start) or _CAPITAL_AFTER.match(text, end)
    )


def _follows_article(text: str, start: int, end: int) -> bool:
    """Does a word stand alone behind an article or the like, as names of persons seldom do?"""
    return bool(_ARTICLE.search(text, max(0, start - 12), start)) and not (
        _CAPITAL_AFTER.match(text, end) or _FAMILY.search(text, start, end)
    )
