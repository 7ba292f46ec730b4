"""Canvas and base files: the facts of what they point at (rules X3 and X4)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from vaultlint.facts import (
    Frontmatter,
    Heading,
    Link,
    LinkKind,
    NoteFacts,
    Outline,
    Tag,
    WebLink,
    clean_name,
)
from vaultlint.model import Span
from vaultlint.parse.body import read_body
from vaultlint.parse.extract import parse_body
from vaultlint.parse.links import read_web_address, split_target
from vaultlint.parse.source import Source

#: No string of a text that is JSON lacks its end; where one does, it is looked for once.
_JSON_TOKEN = re.compile(r'"((?:[^"\\]++|\\.)*+)(?:"|\Z)|[{}\[\],:]', re.DOTALL)
_JSON_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|.)", re.DOTALL)
_BASE_CALL = re.compile(
    r"""\b(?P<call>hasLink|inFolder|link)\(\s*(?:\\?"(?P<d>[^"\\\n]*)\\?"|'(?P<s>[^'\n]*)')"""
)
_YAML_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.MULTILINE)
_BASE_VIEW = re.compile(
    r"""^[ \t]++(?:-[ \t]++)?name:[ \t]*+"""
    r"""(?:"(?P<d>[^"\n]*+)"[ \t]*+$|'(?P<s>[^'\n]*+)'[ \t]*+$"""
    r"""|(?P<p>(?:[^ \t\n#]++|[ \t]++(?=[^ \t\n]))*+)[ \t]*+$)""",
    re.MULTILINE,
)


class _Value(NamedTuple):
    """A string of a JSON text: the keys and indices that lead to it, and its content's span."""

    keys: tuple[str | int, ...]
    span: Span


def parse_canvas(path: str, text: str, damaged_at: int | None = None) -> NoteFacts:
    """The facts of a canvas: files, subpaths and backgrounds, and the links of its text nodes."""
    none = Frontmatter("none", Span(0, 0))
    try:
        nodes = (json.loads(text) if text.strip() else {}).get("nodes")
    except (ValueError, AttributeError, RecursionError):
        nodes = None
    if not isinstance(nodes, list):
        return NoteFacts(path, none, damaged_at=damaged_at)
    links: list[Link] = []
    tags: list[Tag] = []
    web: list[WebLink] = []
    places: dict[int, dict[str, Span]] = {}
    for keys, span in _strings(text):
        if keys[0] == "nodes":
            places.setdefault(int(keys[1]), {})[str(keys[2])] = span
    for number, node in enumerate(nodes):
        if not isinstance(node, dict):
            continue
        spans = places.get(number, {})
        if node.get("type") == "text" and "text" in spans:
            note = parse_body(path, text, _unescape(text, spans["text"]))
            body = read_body(note)
            links += body.links
            tags += body.tags
            web += body.web_links
        else:
            links += _node_links(node, spans)
            web += _node_address(node, spans)
    return NoteFacts(
        path,
        none,
        tags=tuple(tags),
        links=tuple(sorted(links, key=lambda link: link.span)),
        damaged_at=damaged_at,
        web_links=tuple(sorted(web, key=lambda link: link.span)),
    )


def _node_links(node: dict[str, object], spans: dict[str, Span]) -> Iterator[Link]:
    file, subpath, background = (node.get(key) for key in ("file", "subpath", "background"))
    if node.get("type") == "file" and isinstance(file, str) and "file" in spans:
        if isinstance(subpath, str) and subpath and "subpath" in spans:
            place, raw, anchor = spans["subpath"], subpath, clean_name(subpath)
        else:
            place, raw, anchor = spans["file"], file, ""
        yield Link("canvas-file", file, anchor, None, raw, place, spans["file"])
    if node.get("type") == "group" and isinstance(background, str) and "background" in spans:
        place = spans["background"]
        yield Link("canvas-background", background, "", None, background, place, place)


def _node_address(node: dict[str, object], spans: dict[str, Span]) -> Iterator[WebLink]:
    """The address that a node of type link shows."""
    url = node.get("url")
    if node.get("type") == "link" and isinstance(url, str) and "url" in spans:
        address = read_web_address(url.strip(), escaped=False)
        if address is not None:
            yield WebLink(address, spans["url"])


def _strings(text: str) -> Iterator[_Value]:
    """The string values at the third level of a JSON text that json.loads has accepted."""
    stack: list[str | int] = []
    text_before: tuple[str, Span] | None = None
    for token in _JSON_TOKEN.finditer(text):
        mark = token[0]
        if mark == ":":
            assert text_before is not None
            stack[-1] = text_before[0]
            text_before = None
        elif mark in "{[":
            stack.append("" if mark == "{" else 0)
        else:
            if text_before is not None:
                if len(stack) == 3:
                    yield _Value(tuple(stack), text_before[1])
                text_before = None
            if mark in "}]":
                stack.pop()
            elif mark == ",":
                key = stack[-1]
                if isinstance(key, int):
                    stack[-1] = key + 1
            else:
                text_before = (token[1], Span(*token.span(1)))


def _unescape(text: str, span: Span) -> Source:
    """The string that a JSON literal stands for, with the origins of its characters."""
    pieces: list[str] = []
    starts, origins = [0], [span.start]
    length, at = 0, span.start
    for escape in _JSON_ESCAPE.finditer(text, span.start, span.end):
        value = json.loads(f'"{escape[0]}"')
        pieces += (text[at : escape.start()], value)
        length += escape.start() - at
        starts.append(length)
        origins.append(escape.start())
        length += len(value)
        at = escape.end()
        starts.append(length)
        origins.append(at)
    pieces.append(text[at : span.end])
    joined = "".join(pieces)
    return Source(joined.replace("\r", "\n"), starts, origins)


def parse_base(path: str, text: str, damaged_at: int | None = None) -> NoteFacts:
    """The facts of a base: the names that its formulas hold, and its views as headings."""
    masked = _YAML_COMMENT.sub(lambda m: " " * len(m[0]), text)
    links = []
    for call in _BASE_CALL.finditer(masked):
        group = "d" if call["d"] is not None else "s"
        place = Span(*call.span(group))
        kind: LinkKind = "base-folder" if call["call"] == "inFolder" else "base-link"
        target = split_target(clean_name(call[group]))
        if target[0]:
            links.append(Link(kind, *target, None, call[group], place, place))
    views = tuple(
        Heading(1, next(filter(None, view.groups()), ""), Span(*view.span()), False, "")
        for view in _BASE_VIEW.finditer(masked, max(masked.find("views:"), 0))
    )
    none = Frontmatter("none", Span(0, 0))
    outline = Outline(headings=views)
    return NoteFacts(path, none, outline, links=tuple(links), damaged_at=damaged_at)
