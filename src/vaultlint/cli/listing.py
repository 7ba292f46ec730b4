"""Lists of links and of a note's facts, as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vaultlint.facts import Link, NoteFacts
from vaultlint.parse.links import image_size
from vaultlint.text import Lines
from vaultlint.vault import Resolution

LinesOf = Callable[[str], Lines]


def link_as_json(source: str, link: Link, resolution: Resolution, lines: LinesOf) -> dict[str, Any]:
    """One link; lines and columns count from 1, `candidates` is how many files fit."""
    line, column = lines(source).position(link.span.start)
    place = resolution.place
    to_line = lines(resolution.target or "").position(place.start)[0] if place else None
    return {
        "source": source,
        "raw": link.raw,
        "line": line,
        "column": column,
        "kind": link.kind,
        "path": link.path,
        "subpath": link.subpath,
        "target": resolution.target,
        "subpath_ok": resolution.subpath_ok,
        "reason": resolution.reason,
        "candidates": len(resolution.candidates),
        "to_line": to_line,
    }


def facts_as_json(note: NoteFacts, lines: Lines) -> dict[str, Any]:
    """What is known of a note, without its links; lines count from 1."""

    def line(offset: int) -> int:
        return lines.position(offset)[0]

    front = note.frontmatter
    invalid = {"message": front.error, "line": line(front.error_span.start)}
    return {
        "path": note.path,
        "frontmatter": front.state,
        "frontmatter_error": invalid if front.error else None,
        "properties": {p.key: p.value for p in front.properties},
        "aliases": list(note.aliases),
        "fmtags": list(note.property_tags),
        "tags": [tag.name for tag in note.tags],
        "headings": [
            {"level": h.level, "text": h.text, "line": line(h.span.start), "linkable": h.linkable}
            for h in note.headings
        ],
        "blocks": [
            {"id": block.id, "line": line(block.span.start), "to_line": line(block.block.start)}
            for block in note.block_ids
        ],
        "inert_blocks": [
            {"id": block.id, "line": line(block.span.start), "reason": block.reason}
            for block in note.inert_block_ids
        ],
        "footnotes": [{"id": f.id, "line": line(f.span.start)} for f in note.footnotes],
        "footrefs": [{"id": f.id, "line": line(f.span.start)} for f in note.footnote_references],
    }


def embed_size(link: Link) -> list[int | None] | None:
    """The width and height in pixels that an embed or image asks for (rules W7, M8)."""
    if link.kind not in ("embed", "mdembed") or link.display is None:
        return None
    return image_size(link.display.rpartition("|")[2])
