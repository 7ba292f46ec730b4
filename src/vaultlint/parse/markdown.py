"""Block structure: mistune's block parser with exact source positions.

mistune's tokens carry no positions, and it re-assembles the text of quotes and list items.
Its leaf blocks (code, headings, rules, HTML, definitions) are used as they are; the containers
are collected here line by line, so that every character knows where it came from, and the
blocks that only Obsidian has are added through mistune's own seam for new rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mistune.block_parser import BlockParser
from mistune.core import BlockState
from mistune.helpers import BLOCK_TAGS, PRE_TAGS

from vaultlint.parse.inline import COMPLETE_TAG
from vaultlint.parse.plain import read_plain_blocks
from vaultlint.parse.source import Source
from vaultlint.parse.tree import Block, BlockKind

#: Quotes nest this deep, and lists half as deep; deeper marks are text.
MAX_DEPTH = 40

_KINDS: dict[str, BlockKind] = {
    "block_code": "code",
    "block_html": "html",
    "thematic_break": "rule",
    "block_quote": "quote",
    "list_item": "item",
}

#: Lines that no rule can claim: they belong to a paragraph, or begin one.
_PLAIN_LINES = re.compile(r"(?: {0,3}+[^\s#`~>\-*+0-9=_\[<$%|][^\n]*+(?:\n|\Z))++")
_BLANK_LINES = re.compile(r"(?:[ \t\v\f]*+\n)++|[ \t\v\f]++\Z")
_INDENTED = re.compile(r" {0,3}\t| {4}")
_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_QUOTE_MARK = re.compile(r" {0,3}>")
#: An ordered list interrupts a paragraph only where it begins with 1.
_INTERRUPTING_MARKS = frozenset(("-", "+", "*", "1.", "1)"))
_ITEM_MARK = re.compile(r"(?P<indent> {0,3})(?P<mark>[-+*]|[0-9]{1,9}[.)])(?=[ \t\n]|\Z)")
_THEMATIC_BREAK = re.compile(
    r" {0,3}(?:(?:-[ \t]*+){2}-[- \t]*+|(?:_[ \t]*+){2}_[_ \t]*+|(?:\*[ \t]*+){2}\*[* \t]*+)"
    r"(?:\n|\Z)"
)
#: As much of a line as could be a thematic break.
_RUN_OF_MARKS = re.compile(r" {0,3}+(?:-[- \t]*+|\*[* \t]*+|)")
_ATX = re.compile(r" {0,3}#{1,6}(?:[ \t]|\n|\Z)")
_FENCE = re.compile(r" {0,3}(`{3,}+(?=[^`\n]*+(?:\n|\Z))|~{3,}+)")
_HTML_START = re.compile(
    r" {0,3}<(?:/?(?:"
    + "|".join((*BLOCK_TAGS, *PRE_TAGS))
    + r")(?=[\s/>]|\Z)|!--|\?|![A-Z]|!\[CDATA\[)",
    re.IGNORECASE,
)
_DELIMITER_ROW = re.compile(
    r"[ \t]*+(?:\|[ \t]*+)?+:?-++:?[ \t]*+"
    r"(?:\|[ \t]*+:?-++:?[ \t]*+)*+(?:\|[ \t]*+)?+(?:\n|\Z)"
)
_UNESCAPED_PIPE = re.compile(r"\\.|\|", re.DOTALL)
_COMMENT_FENCE = re.compile(r" {0,3}%%(?!%)[^%\n]*+(?:\n|\Z)")
_COMMENT_END = re.compile(r"(?<!%)%%(?!%)")
_MATH_FENCE = re.compile(r" {0,3}\$\$[^$\n]*+(?:\n|\Z)")
_FOOTNOTE = re.compile(r" {0,3}\[\^(?P<id>[^\]\s]++)\]:[ \t]*+")
_REST_IS_BLANK = re.compile(r"[ \t]*+(?:\n|\Z)")
#: What follows the name of a tag that is alone on its line.
_OPEN_TAG_END = re.compile(
    r"(?:\s++[A-Za-z_:][A-Za-z0-9_.:-]*+"
    r"""(?:\s*+=\s*+(?:[^\s!"'=<>`]++|'[^']*+'|"[^"]*+"))?+)*+[ \t]*+>[ \t]*+(?:\n|\Z)"""
)
_CLOSE_TAG_END = re.compile(r"[ \t]*+>[ \t]*+(?:\n|\Z)")
_GROUP_NAME = re.compile(r"\?P<\w+>")
#: The characters of blank lines; a no-break space is text.
_BLANKS = " \t\v\f\n"
_BLANK_TOKEN = {"type": "blank_line"}


class _State(BlockState):
    """A text being parsed into tokens whose `start` and `end` are offsets into `source.text`."""

    parent: _State | None

    def __init__(self, parent: _State | None = None) -> None:
        super().__init__(parent)
        #: mistune keeps the blank lines of the text in hand here, so each text has its own.
        self.env = {"ref_links": {}}
        self.source = Source("", [0], [0])

    def load(self, source: Source) -> None:
        self.source = source
        self.process(source.text)

    def child(self, source: Source) -> _State:
        state = _State(self)
        state.load(source)
        return state

    def append_token(self, token: dict[str, Any]) -> None:
        token["start"] = self.cursor
        token["source"] = self.source
        self.tokens.append(token)

    def open_paragraph(self) -> dict[str, Any] | None:
        """The paragraph that the line at the cursor would go on, if there is one."""
        last = self.tokens[-1] if self.tokens else _BLANK_TOKEN
        return last if last["type"] == "paragraph" else None

    def append_paragraph(self) -> int | None:
        paragraph = self.open_paragraph()
        if paragraph is None:
            return None
        paragraph["end"] = self.find_line_end()
        return int(paragraph["end"])

    def take_text(self, end: int) -> None:
        """Add the text up to `end` to the open paragraph, or to a new one."""
        paragraph = self.open_paragraph()
        if paragraph is None:
            self.append_token({"type": "paragraph", "end": end})
        else:
            paragraph["end"] = end
        self.cursor = end


class _Pieces:
    """Collects the lines of a container's content, with their origins."""

    def __init__(self, parent: Source) -> None:
        self._parent = parent
        self._texts: list[str] = []
        self._starts: list[int] = []
        self._origins: list[int] = []
        self._length = 0
        self.lines: list[str] = []
        self.lazy: set[int] = set()

    def add(self, origin: int, end: int, padding: int = 0, *, lazy: bool = False) -> None:
        """One line: `padding` spaces (a split tab), then the parent's text from `origin` on."""
        line = " " * padding + self._parent.text[origin:end]
        if lazy:
            self.lazy.add(self._length)
        if padding:
            self._piece(self._length, max(origin - 1, 0))
        self._piece(self._length + padding, origin)
        self._texts.append(line)
        self.lines.append(line)
        self._length += len(line)

    def _piece(self, start: int, origin: int) -> None:
        self._starts.append(start)
        self._origins.append(origin)

    def drop_blank_tail(self) -> None:
        """Forget blank lines at the end: they are not part of the container."""
        while len(self.lines) > 1 and not self.lines[-1].strip(_BLANKS):
            self._length -= len(self.lines.pop())
            self._texts.pop()
            while len(self._starts) > 1 and self._starts[-1] >= self._length:
                self._starts.pop()
                self._origins.pop()

    def source(self) -> Source:
        return Source("".join(self._texts), self._starts, self._origins, self._parent)


class _Leaf:
    """Follows the lines of a container: could an unmarked line go on its last paragraph?"""

    def __init__(self) -> None:
        self._fence = ""
        self._seen = 0
        self._in_item = False
        self._table = False
        self.paragraph = False

    def follow(self, lines: list[str]) -> bool:
        """Read the lines that were added since; true where the last leaf is a paragraph."""
        for line in lines[self._seen :]:
            self._read(line)
        self._seen = len(lines)
        return self.paragraph

    def _read(self, line: str) -> None:
        at = 0
        while mark := _QUOTE_MARK.match(line, at):
            at = mark.end()
            at += line.startswith(" ", at)
        line = line[at:]
        bare = line.strip(_BLANKS)
        if self._fence:
            if bare.startswith(self._fence) and not bare.strip(self._fence[0]):
                self._fence = ""
            return
        if not bare:
            self.paragraph = self._table = False
            return
        line = self._skip_item_marks(line)
        if fence := _FENCE.match(line.lstrip()):
            self._fence, self.paragraph = fence[1], False
        elif _THEMATIC_BREAK.match(line) or _ATX.match(line) or not line.strip(_BLANKS):
            self.paragraph = False
        elif self._table or ("|" in line and _DELIMITER_ROW.match(line)):
            self._table = True
            self.paragraph = "|" not in line
        elif _HTML_START.match(line):
            self.paragraph = False
        elif _INDENTED.match(line):
            self.paragraph = self.paragraph or self._in_item
        else:
            self.paragraph = True

    def _skip_item_marks(self, line: str) -> str:
        at = run_end = 0
        while item := _ITEM_MARK.match(line, at):
            if at >= run_end:
                run = _RUN_OF_MARKS.match(line, at)
                run_end = run.end() if run else at
                if _REST_IS_BLANK.match(line, run_end) and _THEMATIC_BREAK.match(line, at):
                    break
            at = item.end()
            while line.startswith((" ", "\t"), at):
                at += 1
            self.paragraph, self._in_item = False, True
        return line[at:]


def _is_blank(text: str, start: int, end: int) -> bool:
    return not text[start:end].strip(_BLANKS)


def _interrupts_paragraph(text: str, at: int) -> bool:
    """Does the line at `at` end a paragraph that stands before it?"""
    item = _ITEM_MARK.match(text, at)
    if item and item["mark"] in _INTERRUPTING_MARKS:
        line = _LINE.match(text, item.end())
        if line and line[0].strip(_BLANKS):
            return True
    return any(
        begins(text, at)
        for begins in (
            _THEMATIC_BREAK.match,
            _ATX.match,
            _FENCE.match,
            _QUOTE_MARK.match,
            _HTML_START.match,
            _COMMENT_FENCE.match,
            _MATH_FENCE.match,
            _FOOTNOTE.match,
        )
    )


def _width(text: str, at: int, column: int) -> tuple[int, int]:
    """The offset after the white space at `at`, and the columns it takes (tabs stop at 4)."""
    first = column
    while at < len(text):
        if text[at] == " ":
            column += 1
        elif text[at] == "\t":
            column += 4 - column % 4
        else:
            break
        at += 1
    return at, column - first


def _skip_columns(text: str, at: int, column: int, columns: int) -> tuple[int, int] | None:
    """Skip `columns` columns of white space; (offset, padding of a split tab), None: too few."""
    target = column + columns
    while column < target:
        if at >= len(text) or text[at] not in " \t":
            return None
        column += 1 if text[at] == " " else 4 - column % 4
        at += 1
    return at, column - target


def _as_rule(pattern: str) -> str:
    """A pattern in the form of mistune's rules, which have group names of their own."""
    return "^" + _GROUP_NAME.sub("?:", pattern).replace(r"\Z", "$")


class _Parser(BlockParser):
    """mistune's block parser: its leaf rules, Obsidian's blocks, and containers with positions."""

    _LEAVES = ("fenced_code", "atx_heading", "setex_heading", "thematic_break")
    _AFTER_CONTAINERS = ("ref_link", "raw_html")

    def __init__(self) -> None:
        super().__init__(max_nested_level=MAX_DEPTH)
        # mistune's patterns for these two need a kilobyte for every mark on the line.
        self.specification["thematic_break"] = _as_rule(_THEMATIC_BREAK.pattern)
        self.specification["setex_heading"] = r"^ {0,3}[=-]*(?P<setext_1>[=-])[ \t]*$"
        own = {
            "block_comment": (_COMMENT_FENCE.pattern, _Parser._parse_comment),
            "block_math": (_MATH_FENCE.pattern, _Parser._parse_math),
            "footnote": (_FOOTNOTE.pattern, _Parser._parse_footnote),
        }
        for name, (pattern, parse) in own.items():
            self.register(name, _as_rule(pattern), parse, before="ref_link")
        self._flat_rules = [*self._LEAVES, *own, *self._AFTER_CONTAINERS]
        self._rules = [*self._LEAVES, "block_quote", "list", *own, *self._AFTER_CONTAINERS]

    def parse(self, state: BlockState, rules: list[str] | None = None) -> None:
        """Fill `state.tokens`. The depth of the state, not `rules`, decides which rules hold."""
        assert isinstance(state, _State)
        rules = self._rules if state.depth() < MAX_DEPTH else self._flat_rules
        scanner = self.compile_sc(rules)
        text, end = state.src, state.cursor_max
        no_lazy_lines = not state.lazy_line_starts
        at = -1
        while state.cursor < end:
            assert state.cursor > at, "the block parser stands still"
            at = state.cursor
            if blank := _BLANK_LINES.match(text, at):
                state.tokens.append(_BLANK_TOKEN)
                state.cursor = blank.end()
                continue
            if no_lazy_lines and state.open_paragraph() is None:
                blocks, state.cursor = read_plain_blocks(state.source, at)
                if blocks:
                    state.tokens.append({"type": "plain", "blocks": blocks})
                    continue
            if self._parse_table(state) or self._parse_indented_code(state):
                continue
            if plain := _PLAIN_LINES.match(text, at):
                state.take_text(plain.end())
                continue
            count = len(state.tokens)
            match = scanner.match(text, at)
            after = self.parse_method(match, state) if match else None
            if not after:
                state.cursor = at
                state.take_text(state.find_line_end())
                continue
            if len(state.tokens) > count:
                state.tokens[-1].setdefault("end", min(after, end))
                state.tokens[-1]["start"] = at
            state.cursor = min(after, end)

    def parse_thematic_break(self, m: re.Match[str], state: BlockState) -> int:
        """A line of three or more equal marks."""
        state.append_token({"type": "thematic_break"})
        return m.end()

    def parse_atx_heading(self, m: re.Match[str], state: BlockState) -> int:
        """An ATX heading, with the place of its text."""
        raw = m["atx_2"]
        text = raw.strip(" \t\r\v\f")
        bare = text.rstrip("#")
        if not bare or bare[-1] in " \t":
            text = bare.rstrip(" \t")
        start = m.start("atx_2") + len(raw) - len(raw.lstrip(" \t\r\v\f"))
        state.append_token(
            {"type": "heading", "level": len(m["atx_1"]), "text": (start, start + len(text))}
        )
        return m.end() + 1

    def parse_setex_heading(self, m: re.Match[str], state: BlockState) -> int | None:
        """The underline of a setext heading, or what else its line may be."""
        assert isinstance(state, _State)
        paragraph = state.open_paragraph()
        after = super().parse_setex_heading(m, state)
        if paragraph is not None and paragraph["type"] == "heading":
            text = state.src[paragraph["start"] : paragraph["end"]]
            start = paragraph["start"] + len(text) - len(text.lstrip())
            paragraph["text"] = (start, start + len(text.strip()))
            paragraph["level"] = paragraph["attrs"]["level"]
            paragraph["end"] = min(after or 0, state.cursor_max)
        return after

    def parse_ref_link(self, m: re.Match[str], state: BlockState) -> int | None:
        """A link definition, kept as a token."""
        assert isinstance(state, _State)
        in_paragraph = state.open_paragraph() is not None
        after = super().parse_ref_link(m, state)
        if after and not in_paragraph:
            state.append_token({"type": "definition", "text": (m.end(), after)})
        return after

    def parse_raw_html(self, m: re.Match[str], state: BlockState) -> int | None:
        """An HTML block; a lone complete tag that closes itself begins one too (rule P7)."""
        assert isinstance(state, _State)
        lone = COMPLETE_TAG.match(state.src, m.end() - len(m[0].lstrip(" ")))
        if lone and state.open_paragraph() is None and lone[0].endswith("/>"):
            line_end = state.find_line_end()
            if not state.src[lone.end() : line_end].strip(_BLANKS):
                blank = self.BLANK_LINE.search(state.src, line_end)
                state.append_token({"type": "block_html"})
                return blank.start() if blank else state.cursor_max
        return self._parse_lone_tag(m, state)

    def _parse_lone_tag(self, m: re.Match[str], state: _State) -> int | None:
        """A tag of any name, alone on its line; all other HTML is left to mistune.

        mistune's own pattern for attributes takes time that doubles with each tab between them.
        """
        marker = m[0].strip()
        closing = marker.startswith("</")
        name = marker.lstrip("</").lower()
        if marker[1] in "!?" or name in BLOCK_TAGS or (name in PRE_TAGS and not closing):
            return super().parse_raw_html(m, state)
        if state.open_paragraph() is not None:
            return state.append_paragraph()
        ends = _CLOSE_TAG_END.match if closing else _OPEN_TAG_END.match
        if not ends(state.src, m.end(), state.find_line_end()):
            return None
        blank = self.BLANK_LINE.search(state.src, state.cursor)
        state.append_token({"type": "block_html"})
        return blank.start() if blank else state.cursor_max

    def parse_block_quote(self, m: re.Match[str], state: BlockState) -> int:
        """A block quote: its marked lines, and unmarked ones that go on its last paragraph."""
        assert isinstance(state, _State)
        text, at, end = state.src, state.cursor, state.cursor_max
        pieces, leaf = _Pieces(state.source), _Leaf()
        while at < end:
            line_end = state.find_line_end_at(at)
            if mark := _QUOTE_MARK.match(text, at):
                column = mark.end() - at
                skipped = _skip_columns(text, mark.end(), column, 1)
                pieces.add(
                    skipped[0] if skipped else mark.end(), line_end, skipped[1] if skipped else 0
                )
            elif self._goes_on(text, at, line_end, leaf, pieces):
                pieces.add(at, line_end, lazy=True)
            else:
                break
            at = line_end
        self._append_container(state, "block_quote", pieces)
        return at

    @staticmethod
    def _goes_on(text: str, at: int, line_end: int, leaf: _Leaf, pieces: _Pieces) -> bool:
        """Is the line a lazy continuation of the container's last paragraph?"""
        return (
            not _is_blank(text, at, line_end)
            and leaf.follow(pieces.lines)
            and not _interrupts_paragraph(text, at)
        )

    def _append_container(self, state: _State, kind: str, pieces: _Pieces) -> None:
        child = state.child(pieces.source())
        child.lazy_line_starts = pieces.lazy
        self.parse(child)
        state.append_token({"type": kind, "children": child.tokens})

    def parse_list(self, m: re.Match[str], state: BlockState) -> int:
        """A list: the items that follow one another with the same kind of marker."""
        assert isinstance(state, _State)
        at, text = state.cursor, state.src
        first = _ITEM_MARK.match(text, at)
        assert first is not None
        if state.open_paragraph() is not None and not _interrupts_paragraph(text, at):
            return state.append_paragraph() or at
        kind = first["mark"][-1]
        items = _State(state)
        items.load(state.source)
        token = {"type": "list", "children": items.tokens, "info": first["mark"]}
        while at < state.cursor_max:
            mark = _ITEM_MARK.match(text, at)
            if mark is None or mark["mark"][-1] != kind or _THEMATIC_BREAK.match(text, at):
                break
            items.cursor = at
            content_end, at = self._parse_item(items, mark)
            items.tokens[-1].update(start=mark.start(), end=content_end, info=mark["mark"])
        state.append_token(token)
        token["end"] = content_end
        return at

    def _parse_item(self, state: _State, mark: re.Match[str]) -> tuple[int, int]:
        """One list item; returns where its content ends, and where the next line begins."""
        text, end = state.src, state.cursor_max
        column = mark.end() - mark.start()
        line_end = state.find_line_end_at(mark.start())
        content, spaces = _width(text, mark.end(), column)
        blank_start = content >= line_end - text.endswith("\n", content, line_end)
        inner = 1 if blank_start or spaces > 4 else spaces
        pieces, leaf = _Pieces(state.source), _Leaf()
        skipped = _skip_columns(text, mark.end(), column, inner)
        pieces.add(*(((skipped[0], line_end, skipped[1])) if skipped else (line_end, line_end)))
        width, at, content_end, blank_before = column + inner, line_end, line_end, False
        while at < end:
            line_end = state.find_line_end_at(at)
            if _is_blank(text, at, line_end):
                if blank_start and len(pieces.lines) == 1:
                    break
                pieces.add(line_end - text.endswith("\n", at, line_end), line_end)
                blank_before = True
            elif skipped := _skip_columns(text, at, 0, width):
                pieces.add(skipped[0], line_end, skipped[1])
                blank_before, content_end = False, line_end
            elif (
                not blank_before
                and not _ITEM_MARK.match(text, at)
                and self._goes_on(text, at, line_end, leaf, pieces)
            ):
                pieces.add(at, line_end, lazy=True)
                content_end = line_end
            else:
                break
            at = line_end
        pieces.drop_blank_tail()
        self._append_container(state, "list_item", pieces)
        return content_end, at

    def _parse_footnote(self, m: re.Match[str], state: BlockState) -> int | None:
        """A footnote definition: its line, what goes on its paragraph, and indented blocks."""
        assert isinstance(state, _State)
        text, end = state.src, state.cursor_max
        mark = _FOOTNOTE.match(text, state.cursor)
        if mark is None or state.depth() >= MAX_DEPTH:
            return None
        pieces, leaf = _Pieces(state.source), _Leaf()
        at = content_end = state.find_line_end_at(mark.start())
        pieces.add(min(mark.end(), at), at)
        while at < end:
            line_end = state.find_line_end_at(at)
            if _is_blank(text, at, line_end):
                pieces.add(line_end - text.endswith("\n", at, line_end), line_end)
            elif skipped := _skip_columns(text, at, 0, 4):
                pieces.add(skipped[0], line_end, skipped[1])
                content_end = line_end
            elif self._goes_on(text, at, line_end, leaf, pieces):
                pieces.add(at, line_end, lazy=True)
                content_end = line_end
            else:
                break
            at = line_end
        pieces.drop_blank_tail()
        self._append_container(state, "footnote", pieces)
        state.tokens[-1].update(info=mark["id"], end=content_end)
        return content_end

    def _parse_comment(self, m: re.Match[str], state: BlockState) -> int:
        """A `%%` block: up to the next `%%`, or to the end of the container (rule P8)."""
        start = state.src.index("%%", state.cursor) + 2
        closing = _COMMENT_END.search(state.src, start)
        inner_end, after = (closing.start(), closing.end()) if closing else (state.cursor_max,) * 2
        state.append_token({"type": "comment", "text": (start, inner_end)})
        return self._skip_line_end(state.src, after)

    def _parse_math(self, m: re.Match[str], state: BlockState) -> int | None:
        """A `$$` block: up to the next `$$` (rule P6); unclosed it is none."""
        closing = state.src.find("$$", state.src.index("$$", state.cursor) + 2)
        if closing < 0:
            return None
        state.append_token({"type": "math"})
        return self._skip_line_end(state.src, closing + 2)

    @staticmethod
    def _skip_line_end(text: str, at: int) -> int:
        """Past the line end at `at` where only white space stands before it, else `at`."""
        blank = _REST_IS_BLANK.match(text, at)
        return blank.end() if blank else at

    def _parse_indented_code(self, state: _State) -> bool:
        text = state.src
        if state.open_paragraph() is not None or not _INDENTED.match(text, state.cursor):
            return False
        at = code_end = state.cursor
        while at < state.cursor_max:
            line_end = state.find_line_end_at(at)
            if _INDENTED.match(text, at) and not _is_blank(text, at, line_end):
                code_end = line_end
            elif not _is_blank(text, at, line_end):
                break
            at = line_end
        state.append_token({"type": "block_code", "end": code_end})
        state.cursor = code_end
        return True

    def _parse_table(self, state: _State) -> bool:
        """A table: header, delimiter row, and the lines with a pipe that follow.

        It cannot interrupt a paragraph, and it ends where a line has no pipe after its first
        character: as in remark-parse 8, whose fork Obsidian uses.
        """
        text, at = state.src, state.cursor
        header_end = state.find_line_end_at(at)
        if (
            text.find("|", at, header_end) < 0
            or state.open_paragraph() is not None
            or not _DELIMITER_ROW.match(text, header_end)
            or text.find("|", header_end + 1, state.find_line_end_at(header_end)) < 0
        ):
            return False
        rows = [(at, header_end)]
        after = state.find_line_end_at(header_end)
        while after < state.cursor_max:
            line_end = state.find_line_end_at(after)
            if text.find("|", after + 1, line_end) < 0:
                break
            rows.append((after, line_end))
            after = line_end
        state.append_token({"type": "table", "rows": rows, "end": after})
        state.cursor = after
        return True


def _cells(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The ranges of a row's cells; every pipe without a backslash splits (rule P9)."""
    line = text[start:end]
    at = start + len(line) - len(line.lstrip())
    end = start + len(line.rstrip())
    cell = at
    for pipe in _UNESCAPED_PIPE.finditer(text, at, end):
        if pipe[0] != "|":
            continue
        if pipe.start() > at:
            yield _trim(text, cell, pipe.start())
        cell = pipe.end()
    if cell < end:
        yield _trim(text, cell, end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    stripped = piece.strip()
    start += len(piece) - len(piece.lstrip())
    return start, start + len(stripped)


def _build_all(tokens: list[dict[str, Any]]) -> list[Block]:
    """The blocks of the tree from the tokens of one text."""
    blocks: list[Block] = []
    for token in tokens:
        if token["type"] == "plain":
            blocks += token["blocks"]
        elif token is not _BLANK_TOKEN:
            blocks.append(_build(token))
    return blocks


def _build(token: dict[str, Any]) -> Block:
    """A block of the tree from a token."""
    source: Source = token["source"]
    first, last, kind = token["start"], token["end"], token["type"]
    while last > first and source.text[last - 1] == "\n":
        last -= 1
    start, end = token.get("text", (first, last))
    level, info = token.get("level", 0), token.get("info", "")
    if kind == "block_code":
        info = token.get("attrs", {}).get("info", "")
    block = Block(_KINDS.get(kind, kind), source, first, last, start, end, level, info)
    for row_start, line_end in token.get("rows", ()):
        row_end = line_end - source.text.endswith("\n", row_start, line_end)
        row = Block("row", source, row_start, row_end, row_start, row_end)
        row.children = [
            Block("cell", source, *cell, *cell) for cell in _cells(source.text, row_start, row_end)
        ]
        block.children.append(row)
    block.children += _build_all(token.get("children", []))
    return block


_PARSER = _Parser()


def read_markdown_blocks(source: Source, blocks: list[Block], at: int) -> list[Block]:
    """The top-level blocks of a text, of which those before `at` are read already."""
    state = _State()
    state.load(source)
    state.tokens.append({"type": "plain", "blocks": blocks})
    state.cursor = at
    _PARSER.parse(state)
    return _build_all(state.tokens)
