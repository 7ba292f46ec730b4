"""What notes of a type are like: which notes they are, their sections, and their properties.

These are the values that rules compare notes with; `vaultlint.type_tables` makes them of the
configuration. An `origin` is the place that asks for something: `vaultlint.toml:9`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Literal

from msgspec import Struct, field

from vaultlint.facts import NoteFacts
from vaultlint.matching import fold, fold_heading, has_property, has_tag, match_path, text_glob

Presence = Literal["required", "optional", "forbidden"]
Order = Literal["as-listed", "any"]
Other = Literal["allow", "forbid"]

#: What a section can be asked to hold.
ContentKind = Literal[
    "note-link",
    "external-link",
    "embed",
    "image",
    "drawing",
    "table",
    "list",
    "task",
    "quotation",
    "callout",
    "code",
    "footnote",
    "citekey",
]

#: The types of properties that Obsidian knows.
PropertyType = Literal["text", "list", "number", "checkbox", "date", "datetime", "tags"]

#: The levels of headings.
ALL_LEVELS = (1, 6)


class ContentSpec(Struct, frozen=True, kw_only=True):
    """What a section holds; words and items are counted in it and in the sections below it.

    `template_text` are placeholders that a template holds and a finished note does not;
    `boilerplate` is text that a template holds, and that says nothing of its own.
    """

    min_words: int = 0
    max_words: int | None = None
    min_subsections: int = 0
    min_items: int = 0
    contains: tuple[ContentKind, ...] = ()
    not_contains: tuple[ContentKind, ...] = ()
    template_text: tuple[str, ...] = ()
    boilerplate: tuple[str, ...] = ()


class SectionSpec(Struct, frozen=True, kw_only=True):
    """A section that notes of a type have, or have not.

    `headings` are the spellings that are accepted, the first the one to write: texts, globs, and
    regular expressions between slashes. `levels` are the lowest and highest level of the heading.
    `alternatives` is the origin of the group of sections of which one is enough.
    """

    headings: tuple[str, ...]
    origin: str
    presence: Presence = "required"
    levels: tuple[int, int] = ALL_LEVELS
    repeat: bool = False
    alternatives: str = ""
    content: ContentSpec = ContentSpec()
    sections: SectionPlan | None = None

    @property
    def name(self) -> str:
        """The heading as messages name it."""
        return self.headings[0]

    @property
    def title(self) -> str | None:
        """A heading that could be written; None where only a pattern is known."""
        first = self.headings[0]
        return None if is_pattern(first) else first.strip("*").strip() or None

    def written_level(self, usual: int) -> int:
        """The level that its heading would be written with, where `usual` is that of the others."""
        return min(max(usual, self.levels[0]), self.levels[1])

    def fits(self, level: int) -> bool:
        """May its heading have this level?"""
        return self.levels[0] <= level <= self.levels[1]

    def matches(self, heading: str) -> int:
        """How exactly a heading's raw text is this section's: 3 a text, 2 a glob, 1 a pattern.

        0: it is another section's.
        """
        return max(_exactness(spelling, heading) for spelling in self.headings)


class SectionPlan(Struct, frozen=True, kw_only=True):
    """The sections of a note, or of a section, in the order of the configuration."""

    specs: tuple[SectionSpec, ...] = ()
    order: Order = "any"
    other: Other = "allow"


class PropertySpec(Struct, frozen=True, kw_only=True):
    """A property that notes of a type have, or have not.

    `pattern` must match the whole of a text; `values` are all that are allowed; `link`: each value
    is a link, and leads to a note of the type `link_type` where one is given. `unique`: no two
    notes of the type have the same value.
    """

    name: str
    origin: str
    presence: Presence = "optional"
    type: PropertyType | None = None
    values: tuple[str | int | float | bool, ...] = ()
    pattern: str = ""
    min: float | None = None
    max: float | None = None
    min_items: int = 0
    max_items: int | None = None
    link: bool = False
    link_type: str = ""
    unique: bool = False


class NoteType(Struct, frozen=True, kw_only=True):
    """A kind of note. A note has the type where all the conditions that are given hold for it.

    `paths` are globs, `tags` (lower case, without `#`) match nested tags too, `conditions` map
    properties to the value they must have (`True`: any). `bases` are the types that it extends,
    `template` is the note that notes are made from. `opening` is what stands before the first
    section. `index` are links to the notes that list all notes of the type; `folder-note` is the
    note that has the name of its folder. `schema` is a JSON schema for the properties, as text.
    """

    name: str
    origin: str
    bases: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    conditions: dict[str, str | int | float | bool] = field(default_factory=dict)
    template: str = ""
    plan: SectionPlan = SectionPlan()
    opening: ContentSpec | None = None
    opening_origin: str = ""
    properties: tuple[PropertySpec, ...] = ()
    other_properties: Other = "allow"
    other_properties_origin: str = ""
    schema: str = ""
    schema_origin: str = ""
    index: tuple[str, ...] = ()
    index_origin: str = ""

    def matches(self, note: NoteFacts) -> bool:
        """Does a note have this type? A type without any condition matches no note."""
        if not (self.paths or self.tags or self.conditions) or note.path == self.template:
            return False
        return (
            (not self.paths or match_path(note.path, self.paths))
            and (not self.tags or has_tag(note, self.tags))
            and all(has_property(note, key, value) for key, value in self.conditions.items())
        )

    def reasons(self, note: NoteFacts) -> list[str]:
        """Why a note has this type: the conditions that hold for it, in words."""
        found = [
            f"its path is of `{glob}`" for glob in self.paths if match_path(note.path, (glob,))
        ]
        found += [
            f"it has the tag `#{tag}`"
            for tag in sorted(self.tags)
            if has_tag(note, frozenset((tag,)))
        ]
        for key, value in self.conditions.items():
            wanted = "is there" if value is True else f"is `{value}`"
            found.append(f"its property `{key}` {wanted}")
        return found


def types_of(note: NoteFacts, types: Mapping[str, NoteType]) -> tuple[str, ...]:
    """The names of the types that a note has, in the order of the configuration.

    A type that another one of them extends is not named: what it asks for is part of the other.
    """
    found = [note_type for note_type in types.values() if note_type.matches(note)]
    if len(found) > 1:
        extended = frozenset().union(*(note_type.bases for note_type in found))
        found = [note_type for note_type in found if note_type.name not in extended]
    return tuple(note_type.name for note_type in found)


def is_pattern(spelling: str) -> bool:
    """Is a configured heading a regular expression, `/…/`?"""
    return len(spelling) > 2 and spelling[0] == "/" == spelling[-1]


#: A number before a heading's text.
NUMBERING = re.compile(r"\A(?:\d++(?:\.\d++)*+[.)]?|[ivxIVX]++[.)])\s++")
_LINK = re.compile(r"\[\[(?:[^\[\]|]*+\|)?([^\[\]|]++)\]\]")


#: A longer heading, in code points, is no section's.
LONGEST_HEADING = 400


@lru_cache(maxsize=4096)
def _exactness(spelling: str, heading: str) -> int:
    if len(heading) > LONGEST_HEADING:
        return 0
    if is_pattern(spelling):
        return int(heading_pattern(spelling).search(plain_heading(heading)) is not None)
    folded = plain_heading(heading)
    for text in (folded, NUMBERING.sub("", folded)):
        if text == fold_heading(spelling):
            return 3
        if "*" in spelling and text_glob(fold(spelling)).fullmatch(text):
            return 2
    return 0


@cache
def heading_pattern(spelling: str) -> re.Pattern[str]:
    """The regular expression that stands between slashes. Raises re.error."""
    return re.compile(spelling[1:-1], re.IGNORECASE)


@cache
def value_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern that a property's texts must match as a whole. Raises re.error."""
    return re.compile(pattern)


def without_links(text: str) -> str:
    """A text with what wikilinks show in their place."""
    return _LINK.sub(r"\1", text)


def plain_heading(heading: str) -> str:
    """A heading's raw text as configured headings are compared with it: folded, links as read."""
    return fold_heading(without_links(heading))


def bare_heading(heading: str) -> str:
    """A heading's raw text as `plain_heading` gives it, without a number before it."""
    return NUMBERING.sub("", plain_heading(heading))
