"""What is learned from: of each note its headings, tags and properties, compared once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from vaultlint.facts import NoteFacts
from vaultlint.matching import fold_heading, without_marks
from vaultlint.parse.suppressions import PROPERTY
from vaultlint.schema import NUMBERING, bare_heading, without_links

_DRAWING_KEYS = frozenset(("excalidraw-plugin", "kanban-plugin"))


class Mention(NamedTuple):
    """A heading of a note. `key` is what headings are compared by, `text` its raw source."""

    level: int
    key: str
    text: str


class Sample(NamedTuple):
    """A note. `tags` are in lower case without `#`, with their parents; `properties` by folded key.

    `names` are its title, its aliases, and the tags of its frontmatter as they are written.
    `is_drawing`: a plugin's file that only looks like a note.
    """

    path: str
    mentions: tuple[Mention, ...]
    tags: frozenset[str]
    properties: dict[str, tuple[str, object]]
    names: tuple[str, ...]
    is_drawing: bool

    @property
    def folder(self) -> str:
        """The folder of the note, "" for the root."""
        return self.path.rpartition("/")[0]


class Survey:
    """The notes that are learned from, by number, in the order of their paths."""

    def __init__(self, notes: Iterable[NoteFacts], templates: Iterable[NoteFacts] = ()) -> None:
        """`templates` are notes that notes are made from; nothing is asked of them."""
        ordered = sorted(notes, key=lambda note: note.path)
        self.templates: Sequence[NoteFacts] = sorted(templates, key=lambda note: note.path)
        keys: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for note in ordered:
            for heading in note.headings:
                if heading.text not in keys:
                    keys[heading.text] = bare_heading(heading.text)
            counts.update({keys[heading.text] for heading in note.headings})
        self.samples = [_sample(note, keys, counts) for note in ordered]

    def __len__(self) -> int:
        return len(self.samples)

    @cached_property
    def below(self) -> dict[str, frozenset[int]]:
        """The notes below each folder at any depth; "" is the root."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, sample in enumerate(self.samples):
            folder = sample.folder
            while folder:
                found[folder].append(number)
                folder = folder.rpartition("/")[0]
            found[""].append(number)
        return {folder: frozenset(numbers) for folder, numbers in found.items()}

    @cached_property
    def within(self) -> dict[str, frozenset[int]]:
        """The notes of each folder itself."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, sample in enumerate(self.samples):
            found[sample.folder].append(number)
        return {folder: frozenset(numbers) for folder, numbers in found.items()}

    def path(self, number: int) -> str:
        """The path of a note."""
        return self.samples[number].path


def _sample(note: NoteFacts, keys: dict[str, str], counts: Counter[str]) -> Sample:
    headings = [heading for heading in note.headings if heading.linkable]
    first = headings[0] if headings else None
    if first is not None and first.level == 1:
        stem = note.path.rpartition("/")[2].removesuffix(".md")
        others = any(heading.level == 1 for heading in headings[1:])
        key = keys[first.text]
        if key == bare_heading(stem) or (not others and counts[key] < 3):
            headings = headings[1:]  # the note's title
    mentions = tuple(
        Mention(heading.level, keys[heading.text], heading.text)
        for heading in headings
        if keys[heading.text]
    )
    tags: set[str] = set()
    for tag in note.all_tags:
        parts = tag.removeprefix("#").lower().split("/")
        tags.update("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    properties: dict[str, tuple[str, object]] = {}
    for name, value, *_ in note.frontmatter.properties:
        if name.lower() != PROPERTY:
            properties.setdefault(name.lower(), (name, value))
    drawn = note.path.endswith(".excalidraw.md") or not _DRAWING_KEYS.isdisjoint(properties)
    title = note.path.rpartition("/")[2].removesuffix(".md").removesuffix(".excalidraw")
    names = (title, *note.aliases, *(tag.removeprefix("#") for tag in note.property_tags))
    return Sample(note.path, mentions, frozenset(tags - {""}), properties, names, drawn)


def written_heading(text: str) -> str:
    """A heading's raw text as a configuration would write it: without marks, number and links."""
    plain = " ".join(without_marks(without_links(text)).split())
    bare = NUMBERING.sub("", plain).removesuffix(":").rstrip()
    return bare if fold_heading(bare) else plain


def is_empty(value: object) -> bool:
    """Does a property say nothing?"""
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())
