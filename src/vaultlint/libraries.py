"""The bibliographies of a vault: which hold for a note, and the keys that they give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from vaultlint.facts import BibEntry, Library, Link, NoteFacts
from vaultlint.model import Span
from vaultlint.vault import Vault

#: How a path begins that leads out of the vault.
_FOREIGN = ("/", "~", "http://", "https://", "file:")
_SUFFIXES = (".bib", ".json")


class Sources(NamedTuple):
    """What a note's keys are looked up in.

    `keys` are all that there are, `files` the bibliographies, `missing` those that the note names
    and that are not there, with the places of their names. `is_whole`: no other key is known
    anywhere.
    """

    keys: Sequence[Mapping[str, object]]
    files: tuple[str, ...]
    missing: tuple[tuple[str, Span], ...]
    is_whole: bool

    def has(self, key: str) -> bool:
        """Is there an entry of a key?"""
        return any(key in known for known in self.keys)

    def may_have(self, key: str) -> bool:
        """Is there an entry of a key, or may there be one in what cannot be looked up?"""
        return not self.is_whole or self.has(key)


class Libraries:
    """The bibliography files of a vault, read when they are asked for.

    `configured` are those that hold for all notes; paths are as seen from the vault's root, and
    may lead above it. `opened` are those that were read here, for they are not parsed with the
    vault's notes.
    """

    def __init__(
        self, vault: Vault, configured: Sequence[str], read: Callable[[str], NoteFacts]
    ) -> None:
        self._vault = vault
        self.configured = tuple(dict.fromkeys(configured))
        self._read = read
        self._facts: dict[str, NoteFacts | None] = {}
        self._keys: dict[str, Mapping[str, BibEntry] | None] = {}
        self.opened: set[str] = set()

    @property
    def beside(self) -> list[str]:
        """The configured files that are not parsed with the vault's notes."""
        return [path for path in self.configured if path not in self._vault.notes]

    def load(self, path: str) -> NoteFacts | None:
        """The facts of a bibliography file; None where it cannot be read."""
        if path in self._vault.notes:
            return self._vault.notes[path]
        if path not in self._facts:
            self.opened.add(path)
            try:
                self._facts[path] = self._read(path)
            except OSError:
                self._facts[path] = None
        return self._facts[path]

    def keys_of(self, path: str) -> Mapping[str, BibEntry] | None:
        """The entries of a bibliography file by all their keys; of equal keys the first counts."""
        if path not in self._keys:
            facts = self.load(path)
            library = facts.library if facts is not None else None
            self._keys[path] = None if library is None else index(library)
        return self._keys[path]

    def sources_of(self, note: NoteFacts) -> Sources | None:
        """What a note's keys are looked up in; None where it has no bibliography."""
        files, missing, is_whole = list(self.configured), [], True
        own: dict[str, object] = {}
        for key, value, _, span, _ in note.frontmatter.properties:
            if key.lower() == "bibliography":
                for name in _texts(value):
                    path = self._find(name, note.path)
                    if path is not None:
                        files.append(path)
                    else:
                        is_whole = False
                        if not name.startswith(_FOREIGN) and name.lower().endswith(_SUFFIXES):
                            missing.append((name, span))
            elif key.lower() == "references" and isinstance(value, list):
                own |= {
                    str(item["id"]): item
                    for item in value
                    if isinstance(item, dict) and "id" in item
                }
        if not (files or own or missing or not is_whole):
            return None
        known = [self.keys_of(path) for path in files]
        is_whole = is_whole and None not in known
        keys = [*filter(None, known), own]
        return Sources(keys, tuple(files), tuple(missing), is_whole)

    def _find(self, name: str, source: str) -> str | None:
        if name.startswith(_FOREIGN):
            return None
        found = self._vault.find(name, source).files
        return found[0] if found and found[0].lower().endswith(_SUFFIXES) else None

    @cached_property
    def used_keys(self) -> frozenset[str] | None:
        """All keys that notes cite, link to or are about; None where one cites all, with `@*`."""
        used: set[str] = set()
        for note in self._vault.notes.values():
            used.update(citation.key for citation in note.citations)
            used.update(filter(None, map(literature_key, note.links)))
            used.add(note.path.rpartition("/")[2].removesuffix(".md").removeprefix("@"))
            for key, value, *_ in note.frontmatter.properties:
                if key.lower() in ("citekey", "citation-key", "nocite"):
                    for text in _texts(value):
                        used.update(each.strip(" ,@") for each in text.split(","))
        return None if "*" in used else frozenset(used)


def literature_key(link: Link) -> str:
    """The citation key that a link to a literature note names; nothing where it is none."""
    name = link.path.rpartition("/")[2]
    return name.removesuffix(".md")[1:] if name.startswith("@") else ""


def index(library: Library) -> dict[str, BibEntry]:
    """The entries of a bibliography by all their keys; of equal keys the first counts."""
    found: dict[str, BibEntry] = {}
    for entry in library.entries:
        for key in entry.keys:
            found.setdefault(key, entry)
    return found


def _texts(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else (value,):
        if isinstance(each, str) and each.strip():
            yield each.strip().removeprefix("[[").removesuffix("]]").partition("|")[0]
