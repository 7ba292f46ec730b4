"""Suppressions for findings that there are, written where they change nothing else in a note.

What is inserted is tried on the note's own parse: all that is remembered of the note, and the tree
of its blocks, must be what it was, but for the suppressions.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from vaultlint.facts import Dialect, NoteFacts
from vaultlint.model import Span, UserError, Violation
from vaultlint.parse.extract import parse_note
from vaultlint.parse.frontmatter import inner_span
from vaultlint.parse.note import ParsedNote, TextBlock
from vaultlint.parse.suppressions import PROPERTY
from vaultlint.parse.tree import Block, BlockKind

_LINE_END = re.compile(r"\r\n|\n|\r")
#: What may begin or end something, in a comment or in the text around it.
_MARKS = re.compile(r"[`$\[\]|<>\\]|%%")
_NOTHING = " \t\v\f"
_OTHER_LEAVES: tuple[BlockKind, ...] = ("code", "html", "math", "rule", "definition")
#: Stands for the file where lines are counted, from 0.
WHOLE_FILE = -1
#: So often a note is parsed to find out which of many insertions change it.
_MOST_TRIES = 64


class Insertion(NamedTuple):
    """Text that is put in at an offset of the text as it was."""

    at: int
    text: str


class Wording(NamedTuple):
    """How suppressions are written: in which dialect's comments, and for which reason."""

    dialect: Dialect
    reason: str = ""

    def comment(self, word: str, names: Iterable[str], *, html: bool = False) -> str:
        """A comment that suppresses some rules."""
        reason = f" -- {self.reason}" if self.reason else ""
        inner = f"vaultlint-{word} {' '.join(names)}{reason}"
        if html or self.dialect != "obsidian":
            return f"<!-- {inner} -->"
        return f"%% {inner} %%"

    def property(self, names: Iterable[str]) -> str:
        """A line of the frontmatter that suppresses some rules."""
        quoted = json.dumps(self.reason, ensure_ascii=False)
        reason = f", reason: {quoted}" if self.reason else ""
        return f"{PROPERTY}: {{disable: [{', '.join(names)}]{reason}}}"

    def require_inert(self) -> None:
        """Raise UserError where the reason is more than text in a comment."""
        for html in (False, True):
            text = f"| a {self.comment('disable-line', ['x'], html=html)} |\n| - |\n"
            facts = parse_note("", text).facts
            bare = facts._replace(suppressions=())
            empty = parse_note("", "").facts
            read = [each.has_reason and len(each.names) == 1 for each in facts.suppressions]
            is_marked = _MARKS.search(self.reason) or not self.reason.isprintable()
            if read != [True] or bare != empty or is_marked:
                raise UserError(
                    f"--reason: `{self.reason}` cannot stand in a comment: write plain words, "
                    "without links, tags, code, pipes or the marks of comments"
                )


def insert(text: str, insertions: Iterable[Insertion]) -> str:
    """A text with insertions, which are in order."""
    parts: list[str] = []
    at = 0
    for each in insertions:
        parts += (text[at : each.at], each.text)
        at = each.at
    return "".join((*parts, text[at:]))


class Origins:
    """The way back from a text with insertions, which are in order, to the text as it was."""

    def __init__(self, insertions: Sequence[Insertion]) -> None:
        self._ats = [each.at for each in insertions]
        self._lengths = [0, *accumulate(len(each.text) for each in insertions)]
        self._starts = [at + n for at, n in zip(self._ats, self._lengths, strict=False)]

    def offset(self, offset: int) -> int:
        """The offset in the text as it was; in an insertion the place where it was put."""
        index = bisect_left(self._starts, offset) - 1
        if index < 0:
            return offset
        return max(self._ats[index], offset - self._lengths[index + 1])

    def span(self, span: Span) -> Span:
        """The place in the text as it was."""
        end = self.offset(span.end)
        start = span.start
        index = bisect_right(self._starts, start) - 1
        if index >= 0:  # what begins where something was inserted begins behind it
            start = max(self._ats[index], start - self._lengths[index + 1])
        return Span(start, max(start, end))

    def facts(self, value: Any) -> Any:
        """A value with all its places taken back."""
        if isinstance(value, Span):
            return self.span(value)
        if isinstance(value, tuple):
            parts = [self.facts(each) for each in value]
            return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
        return value


class Placed(NamedTuple):
    """An insertion, and the line whose findings it suppresses, or `WHOLE_FILE`."""

    insertion: Insertion
    line: int


class Ways:
    """How the findings of lines are suppressed in one note: the most exact way first.

    Of a line these are a comment at its end, one on a line of its own above it, and what suppresses
    them in the whole file; there these are an entry of the frontmatter, a comment at the end, one
    at the beginning, and none.
    """

    def __init__(self) -> None:
        self._taken: dict[int, int] = {}

    def of(self, line: int) -> int:
        """The number of a line's way, from 0."""
        return self._taken.get(line, 0)

    def give_up(self, lines: Iterable[int]) -> None:
        """Take the next way for some lines."""
        for line in lines:
            self._taken[line] = self.of(line) + 1


def find_unsound(note: ParsedNote, placed: Sequence[Placed]) -> set[int]:
    """The lines whose insertions change a note; where only several together do, all of them."""
    tries = 0

    def search(part: Sequence[Placed]) -> set[int]:
        nonlocal tries
        tries += 1
        if is_sound(note, [each.insertion for each in part]):
            return set()
        if len(part) == 1 or tries > _MOST_TRIES:
            return {each.line for each in part}
        half = len(part) // 2
        return search(part[:half]) | search(part[half:]) or {each.line for each in part}

    return search(placed) if placed else set()


def is_sound(note: ParsedNote, insertions: Sequence[Insertion]) -> bool:
    """Is a note the same with insertions, but for the suppressions?"""
    after = parse_note(note.path, insert(note.text, insertions), note.facts.damaged_at)
    origins = Origins(insertions)
    return _bare(origins.facts(after.facts)) == _bare(note.facts) and (
        _blocks(after.blocks, origins) == _blocks(note.blocks, Origins(()))
    )


def _bare(facts: NoteFacts) -> NoteFacts:
    """Facts without suppressions."""
    front = facts.frontmatter
    properties = tuple(each for each in front.properties if each.key.lower() != PROPERTY)
    return facts._replace(frontmatter=front._replace(properties=properties), suppressions=())


def _blocks(blocks: Iterable[Block], origins: Origins) -> list[tuple[BlockKind, int, str, Span]]:
    """The tree of blocks, flat, with the places that they had; blocks that are new are left out."""
    found = []
    for top in blocks:
        for block in top.walk():
            span = origins.span(block.span)
            if span.start < span.end or block.first == block.last:
                found.append((block.kind, block.level, block.info, span))
    return found


class _Leaf(NamedTuple):
    """A block without others in it; `text` where it has inline text. `is_top`: in no other."""

    span: Span
    block: Block
    text: TextBlock | None
    is_top: bool


def place_suppressions(
    note: ParsedNote, violations: Iterable[Violation], wording: Wording, ways: Ways
) -> tuple[list[Placed], list[Violation]]:
    """What to insert into a note so that it suppresses findings in it, in order, and those left.

    Whether it changes the note is for `find_unsound` to say.
    """
    return _Placer(note, wording, ways).place(violations)


class _Placer:
    def __init__(self, note: ParsedNote, wording: Wording, ways: Ways) -> None:
        self._note = note
        self._text = note.text
        self._wording = wording
        self._ways = ways
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(note.text))]
        found = _LINE_END.search(note.text)
        self._newline = found[0] if found else "\n"
        self._leaves = sorted(self._find_leaves(), key=lambda leaf: leaf.span)
        self._leaf_starts = [leaf.span.start for leaf in self._leaves]
        self._covered: dict[int, list[tuple[int, int]] | None] = {}

    def _find_leaves(self) -> Iterator[_Leaf]:
        for text in self._note.text_blocks:
            yield _Leaf(text.block.span, text.block, text, not text.around)
        tops = {id(block) for block in self._note.blocks}
        for kind in _OTHER_LEAVES:
            for block in self._note.blocks_of(kind):
                yield _Leaf(block.span, block, None, id(block) in tops)

    def place(self, violations: Iterable[Violation]) -> tuple[list[Placed], list[Violation]]:
        lines: dict[int, list[Violation]] = {}
        for violation in sorted(violations, key=lambda found: (found.span, found.rule)):
            # what is said of the whole note is no fault of its first line
            is_of_note = violation.span == (0, 0)
            line = WHOLE_FILE if is_of_note else self.line_of(violation.span.start)
            lines.setdefault(line, []).append(violation)
        placed: list[Placed] = []
        in_file: list[Violation] = []
        for line, found in lines.items():
            insertion = self._place_line(line, found[0].span.start, _names(found))
            if insertion is None:
                in_file += found
            else:
                placed.append(Placed(insertion, line))
        insertion = self._place_in_file(_names(in_file)) if in_file else None
        if insertion is not None:
            placed.append(Placed(insertion, WHOLE_FILE))
        return sorted(placed), in_file if insertion is None else []

    def line_of(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def _place_line(self, line: int, at: int, names: list[str]) -> Insertion | None:
        if line == WHOLE_FILE or self._starts[line] < self._note.body_start:
            return None
        start, end, way = self._starts[line], self._line_end(line), self._ways.of(line)
        leaf = self._find_leaf(at, start, end)
        if leaf is None:
            return None
        place = self._find_end(leaf, start, end) if way == 0 else None
        if place is not None:
            html = leaf.block.kind == "comment"
            comment = self._wording.comment("disable-line", names, html=html)
            return Insertion(place, f" {comment}")
        is_first = leaf.is_top and start <= leaf.span.start
        if way > 1 or not is_first or leaf.block.kind == "comment":
            return None
        comment = self._wording.comment("disable-next-line", names, html=True)
        return Insertion(start, f"{comment}{self._newline}")

    def _line_end(self, line: int) -> int:
        """Where a line ends, without its line end."""
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self._text)
        while end > self._starts[line] and self._text[end - 1] in "\r\n":
            end -= 1
        return end

    def _find_leaf(self, at: int, start: int, end: int) -> _Leaf | None:
        """The leaf at an offset, else the last one with text on its line."""
        index = bisect_right(self._leaf_starts, at) - 1
        if index >= 0 and at < self._leaves[index].span.end:
            return self._leaves[index]
        index = bisect_right(self._leaf_starts, end) - 1
        while index >= 0 and self._leaves[index].span.end > start:
            if self._leaves[index].span.start < self._leaves[index].span.end:
                return self._leaves[index]
            index -= 1
        return None

    def _find_end(self, leaf: _Leaf, start: int, end: int) -> int | None:
        """Where a comment can stand behind the text of a line; None: nowhere."""
        text = leaf.text
        if text is None or leaf.block.kind == "heading":
            return None
        inner = text.span(0, len(text.text))
        place = min(end, inner.end)
        covered = self._cover(text)
        if covered is None or (leaf.block.kind == "comment" and not inner.start < start < place):
            return None
        place = self._strip(place)
        for token in text.tokens:
            if token.kind == "block-id" and text.span(token.start, token.end).end == place:
                place = self._strip(text.span(token.start, token.end).start)
                break
        if place <= max(start, inner.start) or self._text[place - 1] == "\\":
            return None
        index = bisect_right(covered, (place, -1)) - 1
        is_inside = index >= 0 and covered[index][0] < place < covered[index][1]
        return None if is_inside else place

    def _strip(self, place: int) -> int:
        while place > 0 and self._text[place - 1] in _NOTHING:
            place -= 1
        return place

    def _cover(self, text: TextBlock) -> list[tuple[int, int]] | None:
        """Where the tokens of a block stand; None where marks of comments stand alone in it."""
        key = id(text)
        if key not in self._covered:
            covered: list[tuple[int, int]] = []
            at = 0
            is_bare = False
            for token in text.tokens:
                if token.start >= at:
                    is_bare |= _has_mark(text.text, at, token.start)
                    start, end = text.span(token.start, token.end)
                    covered.append((start, end))
                    at = token.end
            is_bare |= _has_mark(text.text, at, len(text.text))
            self._covered[key] = None if is_bare else covered
        return self._covered[key]

    def _place_in_file(self, names: list[str]) -> Insertion | None:
        front, way = self._note.facts.frontmatter, self._ways.of(WHOLE_FILE)
        if way == 0 and front.state == "ok" and front.find(PROPERTY) is None:
            at = inner_span(self._text, front).end
            return Insertion(at, f"{self._wording.property(names)}{self._newline}")
        line = f"{self._wording.comment('disable-file', names, html=True)}{self._newline}"
        if way <= 1:
            gap = self._newline * (1 if self._text[-1:] in "\r\n" else 2) if self._text else ""
            return Insertion(len(self._text), f"{gap}{line}")
        return Insertion(self._note.body_start, line) if way == 2 else None


def _names(violations: Iterable[Violation]) -> list[str]:
    """The rules of findings, each once, in order."""
    return sorted({violation.rule for violation in violations})


def _has_mark(text: str, start: int, end: int) -> bool:
    return text.find("%%", start, end) >= 0 or text.find("<!--", start, end) >= 0
