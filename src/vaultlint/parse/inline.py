"""Inline tokens: one scan from left to right over the text of a block.

The left-most opener wins, as in Obsidian's indexer: a `[[` before a backtick is read first.
Emphasis is no token, for it never changes where a link is; `prose` cuts its marks.
Every look for a closing mark is remembered, so the scan stays linear in the text's length.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Literal, NamedTuple

from vaultlint.text import Finder

TokenKind = Literal[
    "code",
    "math",
    "html",
    "comment",
    "wikilink",
    "embed",
    "link",
    "image",
    "autolink",
    "url",
    "tag",
    "footnote",
    "note",
    "block-id",
]


class Token(NamedTuple):
    """An inline construct; offsets count in the scanned text.

    `inner`..`inner_end` is what stands between its marks: a wikilink's content, a link's text, a
    comment's text. `target`..`target_end` is a Markdown link's destination as written, without
    angle brackets. `commented`: inside `%% %%`; `in_link`: inside the text of a link.
    """

    kind: TokenKind
    start: int
    end: int
    inner: int
    inner_end: int
    target: int = 0
    target_end: int = 0
    commented: bool = False
    in_link: bool = False


#: A character at which a token may begin; only bare URLs begin otherwise.
OPENER = re.compile(r"[\\`<\[$#^%]")
_URL_MARK = re.compile(r"://|[wW]{3}\.")
_URL_START = re.compile(r"(?<![A-Za-z0-9])(?:https?://|www\.)", re.IGNORECASE)
#: The content of a wikilink that holds no bracket: by far the most common kind of token.
_PLAIN_WIKILINK = re.compile(r"\[\[[^\[\]\n]+\]\]")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_BACKTICKS = re.compile(r"`+")
_COMMENT_MARK = re.compile(r"(?<!%)%%(?!%)")
_AUTOLINK = re.compile(
    r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}+:[^\s<>]*+|[\w.!#$%&'*+/=?^`{|}~-]++@[\w.-]++)>"
)
_ATTRIBUTE = r"""\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?+"""
#: An HTML tag from `<` to `>`.
COMPLETE_TAG = re.compile(
    rf"<(?:[A-Za-z][A-Za-z0-9-]*+(?:{_ATTRIBUTE})*+\s*+/?|/[A-Za-z][A-Za-z0-9-]*+\s*+)>"
)
_URL_SCHEME = re.compile(r"(?:https?://|www\.)(?=[^\s<])", re.IGNORECASE)
_URL_STOP = re.compile(r"[\s<]|\Z")
_URL_BRACKET = re.compile(r"[()\[\]]")
_HASHTAG = re.compile(r"#([^\s\u2000-\u206f\u2e00-\u2e7f'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\]+)")
_MATH_TEXT = re.compile(r"(?:\\.|[^$\n\\])*+")
_FOOTNOTE = re.compile(r"\[\^([^\]\[\s]+)\]")
_BLOCK_ID = re.compile(r"\^([A-Za-z0-9-]+)")
_DESTINATION_STOP = re.compile(r"[\s()\\\x00-\x1f\x7f]")
_BRACKET = re.compile(r"\\.|`+|[\[\]]", re.DOTALL)
_TITLE = re.compile(
    r"""\s++(?:"(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+'|\((?:\\.|[^()\\])*+\))\s*+\)"""
)
_CLOSE = re.compile(r"\s*+\)")
_SPACE = re.compile(r"\s*+")
_REST_IS_BLANK = re.compile(r"[^\S\n]*+(?:\n|\Z)")

#: Links, images and comments nest this deep; what is deeper is text.
_MAX_DEPTH = 12


def may_hold_url(text: str, start: int = 0, end: int | None = None) -> bool:
    """May a bare URL stand in a range of a text? Where it says no, none does."""
    end = len(text) if end is None else end
    return text.find("://", start, end) >= 0 or "www." in text[start:end].lower()


def url_marks(text: str) -> Iterator[int]:
    """Where something stands that every bare URL has: `://` or `www.`, whatever its letter case."""
    for found in _URL_MARK.finditer(text):
        yield found.start()


def scan_inline(text: str, *, commented: bool = False, urls: bool = True) -> list[Token]:
    """The tokens of a block's text, by their start; tokens inside others follow them.

    `commented`: the whole text stands inside a `%%` block. `urls`: it may hold bare URLs.
    """
    urls = urls and may_hold_url(text)
    scanner = _Scanner(text, commented, urls)
    scanner.scan(0, len(text), 0)
    return scanner.tokens


class _Scanner:
    def __init__(self, text: str, commented: bool, urls: bool) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self._urls = [found.start() for found in _URL_START.finditer(text)] if urls else []
        self._ticks: dict[int, list[int]] | None = None
        self._closers: dict[int, int] | None = None
        self._find = Finder(text).find
        self._url_stop = -1
        self._commented = commented
        self._in_link = False

    def scan(self, at: int, end: int, depth: int) -> None:
        """Add the tokens between two offsets."""
        text, search = self.text, OPENER.search
        urls = self._urls
        url = bisect_left(urls, at)
        mark = -1
        while True:
            if mark < at:
                opener = search(text, at, end)
                mark = opener.start() if opener else end
            while url < len(urls) and urls[url] < at:
                url += 1
            if url < len(urls) and urls[url] < mark:
                at = self._url(urls[url], end)
                continue
            if mark >= end:
                return
            char = text[mark]
            if char == "[":
                image = mark > at and text[mark - 1] == "!"
                at = self._bracket(mark, end, depth, image=image)
            elif char == "\\":
                at = mark + (2 if text[mark + 1 : mark + 2] in _PUNCTUATION else 1)
            elif char == "`":
                at = self._code(mark, end)
            elif char == "<":
                at = self._angle(mark, end)
            elif char == "$":
                at = self._math(mark, end)
            elif char == "#":
                at = self._tag(mark, end)
            elif char == "^":
                at = self._caret(mark, end, depth)
            else:
                at = self._comment(mark, end, depth)

    def _add(
        self,
        kind: TokenKind,
        start: int,
        end: int,
        inner: int | None = None,
        inner_end: int | None = None,
        target: int = 0,
        target_end: int = 0,
    ) -> int:
        inner, inner_end = inner or start, inner_end or end
        where = (self._commented, self._in_link)
        self.tokens.append(Token(kind, start, end, inner, inner_end, target, target_end, *where))
        return end

    def _code_end(self, at: int) -> tuple[int, int]:
        """The end of the backtick run at `at`, and of the code span it opens (0: it opens none)."""
        if self._ticks is None:
            self._ticks = {}
            for run in _BACKTICKS.finditer(self.text):
                self._ticks.setdefault(len(run[0]), []).append(run.start())
        run_end = at
        while self.text.startswith("`", run_end):
            run_end += 1
        length = run_end - at
        starts = self._ticks.get(length, [])
        index = bisect_left(starts, run_end)
        return run_end, starts[index] + length if index < len(starts) else 0

    def _code(self, at: int, end: int) -> int:
        run_end, code_end = self._code_end(at)
        if not code_end or code_end > end:
            return run_end
        width = run_end - at
        return self._add("code", at, code_end, run_end, code_end - width)

    def _bracket(self, at: int, end: int, depth: int, *, image: bool) -> int:
        """A wikilink, an embed, a link, an image or a footnote whose `[` is at `at`."""
        text, start = self.text, at - image
        if text.startswith("[", at + 1):
            if plain := _PLAIN_WIKILINK.match(text, at, end):
                close = plain.end()
                return self._add("embed" if image else "wikilink", start, close, at + 2, close - 2)
            close = self._find("]]", at + 2)
            if (
                at + 2 < close < end - 1
                and self._find("\n", at + 2) > close
                and self._find("[[", at + 2) >= close
            ):
                return self._add("embed" if image else "wikilink", start, close + 2, at + 2, close)
            if text.startswith("[[", at + 2):
                return at + 2
        closer = self._closer(at)
        if 0 < closer < end and text.startswith("(", closer + 1):
            destination = self._destination(closer + 2, end)
            if destination and (image or not self._in_link):
                target, target_end, link_end = destination
                self._add(
                    "image" if image else "link",
                    start,
                    link_end,
                    at + 1,
                    closer,
                    target,
                    target_end,
                )
                self._scan_inner(at + 1, closer, depth, link=True)
                return link_end
        if not image and (footnote := _FOOTNOTE.match(text, at, end)):
            return self._add("footnote", at, footnote.end(), *footnote.span(1))
        return at + 1

    def _scan_inner(
        self, at: int, end: int, depth: int, *, link: bool = False, comment: bool = False
    ) -> None:
        if depth >= _MAX_DEPTH:
            return
        before = self._in_link, self._commented
        self._in_link, self._commented = link or before[0], comment or before[1]
        self.scan(at, end, depth + 1)
        self._in_link, self._commented = before

    def _closer(self, opener: int) -> int:
        """The `]` that balances the `[` at `opener`, not counting escapes and code; 0: none."""
        if self._closers is None:
            self._closers = {}
            if "](" in self.text or "^[" in self.text:
                self._balance()
        return self._closers.get(opener, 0)

    def _balance(self) -> None:
        assert self._closers is not None
        open_at: list[int] = []
        at = 0
        while found := _BRACKET.search(self.text, at):
            at = found.end()
            mark = found[0]
            if mark == "[":
                open_at.append(found.start())
            elif mark == "]":
                if open_at:
                    self._closers[open_at.pop()] = found.start()
            elif mark[0] == "`":
                at = self._code_end(found.start())[1] or at

    def _destination(self, at: int, end: int) -> tuple[int, int, int] | None:
        """A link's destination after `](`: its start and end, and where the link ends."""
        text = self.text
        at = _SPACE.match(text, at, end).end()  # type: ignore[union-attr]  # matches anything
        if text.startswith("<", at):
            start, stop = at + 1, at + 1
            while stop < end and text[stop] not in "<>\n":
                stop += 2 if text[stop] == "\\" else 1
            if stop >= end or text[stop] != ">":
                return None
            after = stop + 1
        else:
            start, depth = at, 0
            while (found := _DESTINATION_STOP.search(text, at, end)) and found[0] in "()\\":
                at = found.end()
                if found[0] == "\\":
                    at += text[at : at + 1] in _PUNCTUATION
                elif found[0] == "(":
                    depth += 1
                    if depth > 32:
                        return None
                elif depth == 0:
                    at -= 1
                    break
                else:
                    depth -= 1
            else:
                at = found.start() if found else end
            if depth:
                return None
            stop = after = at
        close = _CLOSE.match(text, after, end) or _TITLE.match(text, after, end)
        return (start, stop, close.end()) if close else None

    def _angle(self, at: int, end: int) -> int:
        text = self.text
        if text.startswith("<!--", at):
            close = self._find("-->", at + 4) + 3
            if close <= end:
                return self._add("html", at, close, at + 4, close - 3)
            return at + 4
        if link := _AUTOLINK.match(text, at, end):
            return self._add("autolink", at, link.end(), at + 1, link.end() - 1)
        if tag := COMPLETE_TAG.match(text, at, end):
            return self._add("html", at, tag.end())
        return at + 1

    def _math(self, at: int, end: int) -> int:
        text = self.text
        if text.startswith("$$", at):
            close = self._find("$$", at + 2)
            if at + 2 < close <= end - 2:
                return self._add("math", at, close + 2, at + 2, close)
            return at + 2
        stop = _MATH_TEXT.match(text, at + 1, end).end()  # type: ignore[union-attr]  # matches anything
        if (
            stop < end
            and text[stop] == "$"
            and text[at + 1] not in " \t$"
            and text[stop - 1] not in " \t"
            and not text[stop + 1 : stop + 2].isdigit()
        ):
            return self._add("math", at, stop + 1, at + 1, stop)
        return at + 1

    def _tag(self, at: int, end: int) -> int:
        text = self.text
        if at and not text[at - 1].isspace() and not self._begins_emphasis(at):
            return at + 1
        tag = _HASHTAG.match(text, at, end)
        if tag is None or tag[1].isdigit():
            return at + 1
        return self._add("tag", at, tag.end(), *tag.span(1))

    def _begins_emphasis(self, at: int) -> bool:
        """Does a run of emphasis marks, itself at the start of a word, stand before `at`?"""
        before = at - 1
        while before >= max(0, at - 6) and self.text[before] in "*_=~":
            before -= 1
        return before < at - 1 and (before < 0 or self.text[before].isspace())

    def _caret(self, at: int, end: int, depth: int) -> int:
        text = self.text
        if text.startswith("[", at + 1):
            close = self._closer(at + 1)
            if 0 < close < end:
                self._add("note", at, close + 1, at + 2, close)
                self._scan_inner(at + 2, close, depth)
                return close + 1
        block_id = _BLOCK_ID.match(text, at, end)
        begins = at == 0 or text[at - 1].isspace()
        if block_id and begins and _REST_IS_BLANK.match(text, block_id.end()):
            return self._add("block-id", at, block_id.end(), *block_id.span(1))
        return at + 1

    def _comment(self, at: int, end: int, depth: int) -> int:
        """`%% … %%` on one line: what stands in it is scanned, and marked (rule P8)."""
        text = self.text
        run = at
        while text.startswith("%", run):
            run += 1
        if run - at != 2:
            return run
        line_end = min(self._find("\n", run), end)
        close = _COMMENT_MARK.search(text, run, line_end)
        if close is None:
            return run
        self._add("comment", at, close.end(), run, close.start())
        self._scan_inner(run, close.start(), depth, comment=True)
        return close.end()

    def _url(self, at: int, end: int) -> int:
        """A bare URL, without closing brackets and punctuation that do not belong to it."""
        if _URL_SCHEME.match(self.text, at, end) is None:
            return at + 1
        if self._url_stop < at:
            stopped = _URL_STOP.search(self.text, at)
            self._url_stop = stopped.start() if stopped else len(self.text)
        depth = {"(": 0, "[": 0}
        stop = min(self._url_stop, end)
        for bracket in _URL_BRACKET.finditer(self.text, at, stop):
            char = bracket[0]
            if char in "([":
                depth[char] += 1
            else:
                opener = "(" if char == ")" else "["
                depth[opener] -= 1
                if depth[opener] < 0:
                    stop = bracket.start()
                    break
        while self.text[stop - 1] in ".,:;!?\"'*_~":
            stop -= 1
        return self._add("url", at, stop)
