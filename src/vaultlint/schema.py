"""What notes of a type are like: which notes they are, their sections, and their properties.

These are the values that rules compare notes with; `vaultlint.type_tables` makes them of the
configuration. An `origin` is the place that asks for something: `vaultlint.toml:9`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import Literal, NamedTuple

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

#: How exactly a heading is a section's where its text is: from here on.
EXACT = 3


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


class AnyOf(NamedTuple):
    """A group of sections of which one is enough: what asks for it, and a key of its own."""

    origin: str
    key: str


class SectionSpec(Struct, frozen=True, kw_only=True):
    """A section that notes of a type have, or have not.

    `headings` are the spellings that are accepted, the first the one to write: texts, globs, and
    regular expressions between slashes; a backslash before the first makes a text of these.
    `levels` are the lowest and highest level of the heading.
    `alternatives` is the group that it is one of, if it is.
    """

    headings: tuple[str, ...]
    origin: str
    presence: Presence = "required"
    levels: tuple[int, int] = ALL_LEVELS
    repeat: bool = False
    alternatives: AnyOf | None = None
    content: ContentSpec = ContentSpec()
    sections: SectionPlan | None = None

    @property
    def name(self) -> str:
        """The heading as messages name it."""
        return as_text(self.headings[0])

    @property
    def title(self) -> str | None:
        """A heading that could be written; None where only a pattern is known."""
        first = self.headings[0]
        return None if is_pattern(first) else as_text(first).strip("*").strip() or None

    def written_level(self, usual: int) -> int:
        """The level that its heading would be written with, where `usual` is that of the others."""
        return min(max(usual, self.levels[0]), self.levels[1])

    def fits(self, level: int) -> bool:
        """May its heading have this level?"""
        return self.levels[0] <= level <= self.levels[1]

    def matches(self, heading: str) -> int:
        """How exactly a heading's raw text is this section's.

        4: a text; 3: a text, but for a number before it; 2: a glob; 1: a pattern; 0: another's.
        """
        return max(_exactness(spelling, heading) for spelling in self.headings)


class SectionPlan(Struct, frozen=True, kw_only=True, dict=True):
    """The sections of a note, or of a section, in the order of the configuration."""

    specs: tuple[SectionSpec, ...] = ()
    order: Order = "any"
    other: Other = "allow"

    @property
    def asks(self) -> bool:
        """Says it anything of sections?"""
        return bool(self.specs) or self.other == "forbid"

    def owner(self, heading: str) -> int | None:
        """The number of the spec whose section a heading's raw text begins, if it is any's.

        It is the most exact one, at a tie the first.
        """
        names = self._names
        if len(heading) <= LONGEST_HEADING:
            plain = plain_heading(heading)
            known = names.whole.get(plain, names.bare.get(NUMBERING.sub("", plain)))
            if known is not None:
                return known
        best, owner = 0, None
        for number in names.others:
            exactness = self.specs[number].matches(heading)
            if exactness > best:
                best, owner = exactness, number
        return owner

    @cached_property
    def _names(self) -> _Names:
        names = _Names({}, {}, [])
        for number, spec in enumerate(self.specs):
            for spelling in spec.headings:
                if not is_pattern(spelling):
                    text = fold_heading(as_text(spelling))
                    names.whole.setdefault(text, number)
                    names.bare.setdefault(text, number)
                    names.bare.setdefault(NUMBERING.sub("", text), number)
            if any("*" in spelling or is_pattern(spelling) for spelling in spec.headings):
                names.others.append(number)
        return names


class _Names(NamedTuple):
    """The numbers of specs by their folded texts, with or without a number; and all others'."""

    whole: dict[str, int]
    bare: dict[str, int]
    others: list[int]


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
    `template` is the note that notes are made from, relative to the configuration; `templates` are
    the paths in the vault of those of all types: they are notes of no type. `opening` is what
    stands before the first section. `index` are links to the notes that list all notes of the type;
    `folder-note` is the note that has the name of its folder. `schema` is a JSON schema for the
    properties, as text.
    """

    name: str
    origin: str
    bases: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    conditions: dict[str, str | int | float | bool] = field(default_factory=dict)
    template: str = ""
    templates: tuple[str, ...] = ()
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
        if not (self.paths or self.tags or self.conditions) or note.path in self.templates:
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


def with_bases(names: Sequence[str], types: Mapping[str, NoteType]) -> tuple[str, ...]:
    """The names of types, and of those that they extend."""
    bases = (base for name in names for base in sorted(types[name].bases))
    return tuple(dict.fromkeys((*names, *bases)))


def is_pattern(spelling: str) -> bool:
    """Is a configured heading a regular expression, `/…/`?"""
    return len(spelling) > 2 and spelling[0] == "/" == spelling[-1]


def as_text(spelling: str) -> str:
    """A configured heading without the backslash that makes a text of what begins with a slash."""
    return spelling.removeprefix("\\") if spelling.startswith("\\/") else spelling


def as_spelling(text: str) -> str:
    """The configured heading that means a text; its `*` stand for any text."""
    return f"\\{text}" if is_pattern(text) else text


#: A number before a heading's text; four digits may be a year, and are part of it.
NUMBERING = re.compile(r"\A(?:\d{1,3}+(?:\.\d{1,3}+)*+[.)]?+|[ivxIVX]++[.)])\s++")
_LINK = re.compile(r"\[\[(?:[^\[\]|]*+\|)?([^\[\]|]++)\]\]")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]++)\]\([^()]*+(?:\([^()]*+\)[^()]*+)?+\)")
#: Comments, and a block id at the end: a reader does not see them.
_UNSEEN = re.compile(r"%%[^%]*+%%|<!--(?:[^<>-]|-(?!->))*+-->|\s\^[A-Za-z0-9-]++\s*+\Z")


#: A longer heading, in code points, is no section's.
LONGEST_HEADING = 400


@lru_cache(maxsize=4096)
def _exactness(spelling: str, heading: str) -> int:
    if len(heading) > LONGEST_HEADING:
        return 0
    plain = plain_heading(heading)
    bare = NUMBERING.sub("", plain)
    if is_pattern(spelling):
        seen = _seen(heading)
        find = heading_pattern(spelling).search
        return int(any(map(find, (plain, bare, seen, NUMBERING.sub("", seen)))))
    wanted = fold_heading(as_text(spelling))
    if plain == wanted:
        return 4
    if bare in (wanted, NUMBERING.sub("", wanted)):
        return 3
    if "*" in spelling:
        glob = fold(as_text(spelling))
        for text in dict.fromkeys((glob, NUMBERING.sub("", glob))):
            found = text_glob(text)
            if found.fullmatch(plain) or found.fullmatch(bare):
                return 2
    return 0


@cache
def heading_pattern(spelling: str) -> re.Pattern[str]:
    """The regular expression that stands between slashes. Raises re.error."""
    return _compile(spelling[1:-1], re.IGNORECASE)


@cache
def value_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern that a property's texts must match as a whole. Raises re.error."""
    return _compile(pattern)


def _compile(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern as a user wrote it, without warnings to those who only run it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return re.compile(pattern, flags)
        except OverflowError as error:
            raise re.error("the number of repetitions is too large") from error
        except RecursionError as error:
            raise re.error("it is nested too deeply") from error


def without_links(text: str) -> str:
    """A text with what its links show in their place."""
    return _MARKDOWN_LINK.sub(r"\1", _LINK.sub(r"\1", text))


def _seen(heading: str) -> str:
    """A heading's raw text as a reader sees it, but for its marks of emphasis."""
    return without_links(_UNSEEN.sub("", heading)).strip()


@lru_cache(maxsize=4096)
def plain_heading(heading: str) -> str:
    """A heading's raw text as configured headings are compared with it: folded, links as read."""
    return fold_heading(_seen(heading))


def bare_heading(heading: str) -> str:
    """A heading's raw text as `plain_heading` gives it, without a number before it."""
    return NUMBERING.sub("", plain_heading(heading))
