"""Note types: which notes they match, and the sections they ask for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from fnmatch import translate
from functools import cache, cached_property, lru_cache
from typing import Any

from msgspec import Struct, field

from vaultlint.facts import NoteFacts
from vaultlint.text import normalized


class SectionSpec(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A section that notes of a type have. `heading` is a text or a glob, whatever its case."""

    heading: str
    required: bool = True

    @property
    def title(self) -> str:
        """The heading as a message shows it: a glob without its stars."""
        return self.heading.strip("*").strip() or self.heading

    def matches(self, heading: str) -> bool:
        """Is this the section that a heading's text begins?"""
        return bool(_glob(fold(self.heading)).fullmatch(fold_heading(heading)))


class NoteType(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """A kind of note. A note has the type where all the keys that are given hold for it.

    `paths` are globs, `tags` match nested tags too, `properties` map a key to the value it must
    have (`true`: any value).
    """

    paths: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    properties: dict[str, Any] = field(default_factory=dict)
    sections: tuple[SectionSpec, ...] = ()

    @cached_property
    def _wanted_tags(self) -> frozenset[str]:
        return frozenset(tag.removeprefix("#").lower() for tag in self.tags)

    def matches(self, note: NoteFacts) -> bool:
        """Does a note have this type? A type without any condition matches no note."""
        if not (self.paths or self.tags or self.properties):
            return False
        return (
            (not self.paths or match_path(note.path, self.paths))
            and (not self.tags or has_tag(note, self._wanted_tags))
            and all(has_property(note, key, value) for key, value in self.properties.items())
        )


def types_of(note: NoteFacts, types: Mapping[str, NoteType]) -> tuple[str, ...]:
    """The names of the types that a note has, in the order of the configuration."""
    return tuple(name for name, note_type in types.items() if note_type.matches(note))


def match_path(path: str, globs: tuple[str, ...]) -> bool:
    """Does a path match one of the globs? `*` and `?` stay within a folder, `**` does not.

    A glob without `/` matches a file name in any folder; a glob that ends with `/` matches all
    that is below the folder.
    """
    return len(path) <= _LONGEST_PATH and any(_path_glob(glob).fullmatch(path) for glob in globs)


#: No file has a longer path, but a link may.
_LONGEST_PATH = 4096
#: Whole folders, or anything; `**/` means folders only where a folder can begin.
_ANY_DEPTH = re.compile(r"((?:\A|(?<=/))\*\*/|\*{2,})")


@cache
def _path_glob(glob: str) -> re.Pattern[str]:
    """A pattern that takes the first place that fits each part of the glob, and does not return.

    What stands before a `*` or `**` may as well end as early as it can: the star takes the rest.
    Only the part behind the last of them must fit the end of the path.
    """
    anchored = glob.lstrip("/")
    if "/" not in glob:
        anchored = "**/" + anchored
    if anchored.endswith("/"):
        anchored += "**"
    first, *rest = _ANY_DEPTH.split(anchored)
    pattern = _within_folder(first, last=not rest)
    for wildcard, part in zip(rest[::2], rest[1::2], strict=True):
        last = part is rest[-1]
        if last:
            pattern += "(?:.*/)?" if wildcard == "**/" else ".*"
            pattern += _within_folder(part, last=True)
        else:
            before = "(?:.*?/)??" if wildcard == "**/" else ".*?"
            pattern += f"(?>{before}{_within_folder(part, last=False)})"
    return re.compile(pattern, re.DOTALL)


def _within_folder(glob: str, *, last: bool) -> str:
    """The pattern for a part of a glob without `**`; the `last` one reaches to the path's end."""
    first, *parts = (re.escape(part).replace(r"\?", "[^/]") for part in glob.split("*"))
    end = f"[^/]*{parts.pop()}" if last and parts else ""
    return first + "".join(f"(?>[^/]*?{part})" for part in parts) + end


def has_tag(note: NoteFacts, tags: frozenset[str]) -> bool:
    """Does a note have one of the tags (lower-case, without `#`), or a tag nested in one?"""
    for tag in note.all_tags:
        name = tag[1:].lower()
        if any(name == wanted or name.startswith(f"{wanted}/") for wanted in tags):
            return True
    return False


def has_property(note: NoteFacts, key: str, wanted: object) -> bool:
    """Does a note have a property of a value? A list has each of its values; `True` is any."""
    for name, value, *_ in note.frontmatter.properties:
        if name.lower() == key.lower():
            if wanted is True:
                return value not in (None, "", [])
            values = value if isinstance(value, list) else [value]
            return any(_equal(item, wanted) for item in values)
    return False


def _equal(value: object, wanted: object) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return bool(_glob(wanted.lower()).fullmatch(value.lower()))
    return value == wanted


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))


_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"'})
_MARKS = re.compile(r"[*_`~=]{1,3}(?=\S)|(?<=\S)[*_`~=]{1,3}")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """A text for comparison: letter case, dashes, quotes, emoji and runs of spaces folded."""
    if not text.isascii():
        text = _DASHES.sub("-", normalized("NFC", text).translate(_QUOTES))
        text = "".join(c for c in text if unicodedata.category(c) not in ("So", "Cf", "Mn", "Sk"))
    return " ".join(text.split()).lower()


def fold_heading(text: str) -> str:
    """A heading's raw text for comparison: folded, without emphasis marks and an end colon."""
    return fold(_MARKS.sub("", text)).removesuffix(":").rstrip()
