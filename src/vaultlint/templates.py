"""What a template asks of the notes that are made from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from vaultlint.matching import without_marks
from vaultlint.parse.extract import parse_note
from vaultlint.parse.note import ParsedNote, Section
from vaultlint.template_text import PLACEHOLDER


class TemplateSection(NamedTuple):
    """A section of a template. Placeholders in its heading are `*`; `texts` are its paragraphs."""

    heading: str
    texts: tuple[str, ...]
    sections: tuple[TemplateSection, ...]


class Template(NamedTuple):
    """A template's sections, and the tags and properties that all notes made from it have."""

    sections: tuple[TemplateSection, ...] = ()
    tags: tuple[str, ...] = ()
    properties: tuple[tuple[str, str | int | float | bool], ...] = ()

    @classmethod
    def read(cls, text: str) -> Template:
        """The template that a text is."""
        note = parse_note("template.md", text)
        properties = tuple(
            (key, value)
            for key, value, *_ in note.facts.frontmatter.properties
            if isinstance(value, str | int | float | bool)
            and value != ""
            and not PLACEHOLDER.search(str(value))
            and key.lower() not in ("tags", "aliases", "cssclasses")
        )
        tags = tuple(tag for tag in note.facts.property_tags if not PLACEHOLDER.search(tag))
        return cls(tuple(_sections(note, _below_title(note.sections))), tags, properties)


def _below_title(roots: list[Section]) -> list[Section]:
    """The sections below a template's title, one heading of level 1 above all others."""
    titled = len(roots) == 1 and roots[0].level == 1
    return roots[0].children if titled else roots


def _sections(note: ParsedNote, sections: list[Section]) -> Iterator[TemplateSection]:
    for section in sections:
        heading = PLACEHOLDER.sub("*", without_marks(section.title)).strip()
        below = tuple(_sections(note, section.children))
        if heading.strip("*# "):
            texts = tuple(t.text for block in section.own for t in note.texts_in(block))
            yield TemplateSection(heading, texts, below)
        else:
            yield from below
