"""What a text leans on: whether it cites, whose words a quotation holds, and what is a claim."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property

from vaultlint.identifiers import find_identifiers
from vaultlint.matching import has_property
from vaultlint.parse.links import is_external
from vaultlint.parse.note import ParsedNote, TextBlock
from vaultlint.parse.prose import Run, is_callout, prose_runs
from vaultlint.parse.tree import Block
from vaultlint.references import reference_sections

_CALLOUT = re.compile(r"\[!(?P<type>[^\]|\n]++)(?:\|[^\]\n]*+)?\][+-]?(?P<title>[^\n]*+)")
_OPENING_MARK = re.compile(r"[*_]{0,3}[\"“”„«‹‘]")
_CLOSED = re.compile(r"[\"“”»›’][.,;!?…*_\s]*+\Z")
#: A name behind a dash: at the start of a line, or behind a closing mark or the end of a sentence.
_DASHED_NAME = re.compile(
    r"(?:^|(?<=[\"“”»›’.!?…*_)])[ \t])[ \t>*_]*+[-\u2012-\u2015~]{1,3}[ \t]*+[*_\[(]*+\w",
    re.MULTILINE,
)
_IN_PARENTHESES = re.compile(r"\([^()]*+\)")
_YEAR = re.compile(r"\d{4}")
_SOURCE_WORD = re.compile(
    r"^[ \t*_(]*+(?:source|from|quoted|cited)\b", re.IGNORECASE | re.MULTILINE
)
_SAYING = re.compile(
    r"\b(?:say|says|said|saying|write|writes|wrote|written|put|puts|argue|argues|argued|note|notes|"
    r"noted|state|states|stated|declare|declares|declared|remark|remarks|remarked|observe|observes|"
    r"observed|define|defines|defined|quote|quotes|quoted|according|words|warn|warns|warned|claim|"
    r"claims|claimed|call|calls|called|ask|asks|asked|explain|explains|explained)\b",
    re.IGNORECASE,
)
#: Properties of notes that are about one source.
_OF_ONE_SOURCE = ("author", "authors", "source", "url", "citekey", "doi", "isbn", "book", "speaker")
#: Shorter paragraphs claim nothing.
_SHORTEST_CLAIM = 3
#: Shorter texts in quotation marks are names of things.
_FEWEST_WORDS = 5


class Quotation:
    """A block quotation of a note; `before` and `after` are the blocks beside it."""

    def __init__(
        self, note: ParsedNote, block: Block, before: Block | None, after: Block | None
    ) -> None:
        self._note = note
        self.block = block
        self.before = before
        self.after = after

    @cached_property
    def texts(self) -> list[TextBlock]:
        """Its texts, comments left out."""
        found = self._note.texts_in(self.block)
        return [text for text in found if text.block.kind != "comment"]

    @property
    def text(self) -> str:
        """All its text, a line feed between blocks."""
        return "\n".join(text.text for text in self.texts)

    @property
    def is_callout(self) -> bool:
        """Is it a callout?"""
        return is_callout(self.block)

    @property
    def callout(self) -> re.Match[str] | None:
        """The head of a callout, where it is one."""
        return _CALLOUT.match(self.block.children[0].text) if self.is_callout else None

    @property
    def is_of_kind_quote(self) -> bool:
        """Is it a callout for quotations?"""
        head = self.callout
        return head is not None and head["type"].strip().lower() in ("quote", "cite")

    @property
    def is_marked(self) -> bool:
        """Is all of it a text in quotation marks, but for what tells its source?"""
        text = self.text.strip()
        whole = _OPENING_MARK.match(text) and _CLOSED.search(text)
        return bool(whole) and len(text.split()) >= _FEWEST_WORDS and not self._lists_examples

    @property
    def _lists_examples(self) -> bool:
        """Is every of several lines a text in quotation marks? Then they are examples."""
        lines = [line.strip() for line in self.text.split("\n") if line.strip()]
        return len(lines) > 1 and all(
            _OPENING_MARK.match(line) and _CLOSED.search(line) for line in lines
        )


def quotations(note: ParsedNote) -> Iterator[Quotation]:
    """The block quotations of a note that stand in no other, in document order."""
    return _quotations(note, note.blocks)


def _quotations(note: ParsedNote, blocks: Sequence[Block]) -> Iterator[Quotation]:
    for index, block in enumerate(blocks):
        if block.kind == "quote":
            before = blocks[index - 1] if index else None
            after = blocks[index + 1] if index + 1 < len(blocks) else None
            yield Quotation(note, block, before, after)
        elif block.children and not block.is_plain:
            yield from _quotations(note, block.children)


def is_about_one_source(note: ParsedNote) -> bool:
    """Do a note's properties name the source of all that it quotes?"""
    return any(has_property(note.facts, name, True) for name in _OF_ONE_SOURCE)


def has_source(note: ParsedNote, quotation: Quotation) -> bool:
    """Does a quotation, or what stands beside it, cite?"""
    if any(cites(note, text) for text in quotation.texts):
        return True
    beside = (quotation.before, quotation.after)
    texts = [
        t for block in beside if block and block.kind == "paragraph" for t in note.texts_in(block)
    ]
    return any(cites(note, text) for text in texts)


def names_speaker(quotation: Quotation) -> bool:
    """Does a quotation, or what stands beside it, say whose words these are?"""
    text = quotation.text
    head = quotation.callout
    if head is not None and head["title"].strip():
        return True
    if _DASHED_NAME.search(text) or _SOURCE_WORD.search(text) or _has_year(text):
        return True
    if any(token.kind in ("wikilink", "link") for each in quotation.texts for token in each.tokens):
        return True
    before, after = quotation.before, quotation.after
    if after is not None and after.kind == "paragraph":
        said = after.text.lstrip()
        if _DASHED_NAME.match(said) or said.startswith("(") or _SOURCE_WORD.match(said):
            return True
    if before is None or before.kind != "paragraph":
        return False
    introduction = before.text.rstrip(" *_\n")
    return introduction.endswith((":", ",", "—", "–", "…")) or bool(
        _SAYING.search(introduction[-300:])
    )


def _has_year(text: str) -> bool:
    """Does a year stand in parentheses, as in (Name 2020)?"""
    return any(_YEAR.search(found[0]) for found in _IN_PARENTHESES.finditer(text))


def cites(note: ParsedNote, text: TextBlock) -> bool:
    """Does a text call a footnote, cite a key or a number, or link to the web?"""
    for token in text.tokens:
        if token.commented:
            continue
        if token.kind in ("footnote", "note", "url", "autolink"):
            return True
        if token.kind == "link" and is_external(text.text[token.target : token.target_end]):
            return True
        if token.kind == "wikilink" and text.text.startswith("@", token.inner):
            return True
    if "@" in text.text and _has_citation(note, text):
        return True
    return next(find_identifiers(text.text), None) is not None


def _has_citation(note: ParsedNote, text: TextBlock) -> bool:
    citations = note.facts.citations
    start, end = text.block.span
    first = bisect_left(citations, start, key=lambda citation: citation.span.start)
    inside = citations[first : first + 50]
    return any(each.span.end <= end and each.form == "bracketed" for each in inside)


_NUMBER = r"(?<![\d.,])\d++(?:[.,]\d++)*+"
_CURRENCY = r"[$€£₹¥]\s?|\b(?:Rs|PKR|USD|EUR|INR)\.?\s"
_MONTH = (
    "(?:early|late|mid|January|February|March|April|May|June|July|August|September|October|"
    "November|December)"
)
#: So sure a sentence says something that somebody must have found out.
_CLAIM = re.compile(
    rf"\b{_NUMBER}\s?+(?:%|per\s?cent\b|percentage points\b)"
    rf"|(?:{_CURRENCY}|\b){_NUMBER}\s(?:thousand|million|billion|trillion|lakh|crore)\b"
    rf"|(?:{_CURRENCY})(?!0\b(?![.,]\d)){_NUMBER}"
    rf"|\b(?:in|since|by|until|during|after|before)\s(?:{_MONTH}[- ])?+(?:1[5-9]|20)\d\d\b"
    r"|\bthe\s(?:(?:world's|country's|region's)\s(?:highest|lowest)|"
    r"(?:world's\s|country's\s|region's\s)?+(?:largest|biggest|smallest|fastest|slowest|oldest|"
    r"longest|richest|poorest|most populous))\b(?!-)"
)
_WEASEL = re.compile(
    r"\b(?:(?:some|many|most|several|various|numerous|a number of|certain)\s++"
    r"(?:experts|scholars|analysts|critics|observers|people|scientists|researchers|historians|"
    r"economists|commentators|thinkers|authors|sources)\s++"
    r"(?:say|said|believe|argue|argued|claim|claimed|think|suggest|suggested|hold|agree|contend|maintain|"
    r"consider|feel|note|point out|have (?:said|argued|claimed|suggested|noted))"
    r"|(?:experts|scholars|analysts|critics|observers|studies|research|evidence|statistics|surveys)\s++"
    r"(?:say|believe|argue|claim|show|shows|suggest|suggests|agree|prove|proves|indicate|indicates)"
    r"|it (?:is|has been) (?:often |widely |generally |commonly |frequently )?+"
    r"(?:said|believed|argued|claimed|thought|held|accepted|known|suggested|assumed) that"
    r"|there is (?:a )?(?:general |broad |wide )?+consensus that)\b",
    re.IGNORECASE,
)


def unsourced(
    note: ParsedNote, names: tuple[str, ...], pattern: re.Pattern[str]
) -> Iterator[tuple[Run, int, int]]:
    """The first place of a pattern in each paragraph of a note that cites nothing.

    Reference sections, `names`, footnotes and quotations are left out, paragraphs of a word or two,
    and notes whose properties name the source of all that they say.
    """
    if is_about_one_source(note):
        return
    references = [
        block.span for section in reference_sections(note, names) for block in section.blocks()
    ]
    for run in prose_runs(note):
        block = run.block.block
        in_footnote = any(around.kind == "footnote" for around in run.block.around)
        if run.scope != "prose" or block.kind != "paragraph" or in_footnote:
            continue
        found = pattern.search(run.text)
        if found and len(run.text.split()) >= _SHORTEST_CLAIM and not cites(note, run.block):
            start = run.span(found.start(), found.end()).start
            if not any(first <= start < last for first, last in references):
                yield run, found.start(), found.end()


def unsourced_claims(note: ParsedNote, names: tuple[str, ...]) -> Iterator[tuple[Run, int, int]]:
    """Numbers, years and superlatives in paragraphs that cite nothing."""
    return unsourced(note, names, _CLAIM)


def weasel_words(note: ParsedNote, names: tuple[str, ...]) -> Iterator[tuple[Run, int, int]]:
    """What nobody in particular is said to have said, in paragraphs that cite nothing."""
    return unsourced(note, names, _WEASEL)
