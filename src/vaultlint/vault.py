"""The index of a vault: names, paths, and where links lead, as Obsidian resolves them.

The rules that comments name (R1 to R19, S1 to S20, V1 to V7) are those of the specification of
Obsidian's resolution that the conformance cases follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Literal, NamedTuple

from vaultlint.facts import (
    MARKDOWN_KINDS,
    WIKILINK_KINDS,
    Dialect,
    Link,
    NamedSource,
    NoteFacts,
    Outline,
    clean_name,
    fold_name,
)
from vaultlint.model import Span
from vaultlint.parts import Parts
from vaultlint.record import Notes, Record
from vaultlint.ties import Anchor, Ties

Reason = Literal[
    "ok",
    "missing-file",
    "missing-heading",
    "missing-block",
    "missing-footnote",
    "empty-subpath",
    "subpath-not-checked",
]

#: How a path was found: the note itself, the only file of the name, an exact path, the end of a
#: path, or by an accident of Obsidian's comparison of plain strings (rules R14, R15).
#: `outside`: not found, for the path leaves the vault.
Way = Literal["self", "name", "path", "suffix", "accident", "outside"]


class Found(NamedTuple):
    """The files that a link's path fits, the one that Obsidian takes first; and by which way."""

    files: tuple[str, ...]
    way: Way


class Resolution(NamedTuple):
    """Where a link leads. `place` is the span in the target of the heading or block named."""

    target: str | None
    reason: Reason
    candidates: tuple[str, ...] = ()
    way: Way = "name"
    place: Span | None = None

    @property
    def subpath_ok(self) -> bool | None:
        """Was the subpath found? None: there is none, or it cannot be checked."""
        if self.reason.startswith("missing-"):
            return None if self.reason == "missing-file" else False
        return True if self.place is not None else None


_NOWHERE = Found((), "name")


class Vault:
    """All files of a vault by path, and the records of those that were parsed.

    Paths are relative to the vault's root with `/`, in the form that the file system has.
    `name` is the vault's own name: its folder's. `tracked` are the files that git knows (None: the
    vault is in no repository). `dialect` says whose rules decide where links lead.
    """

    def __init__(
        self, files: Iterable[str] = (), name: str = "", dialect: Dialect = "obsidian"
    ) -> None:
        self.name = name
        self.dialect = dialect
        self.tracked: frozenset[str] | None = None
        self.notes = Notes()
        self._files: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = {}
        self._found: dict[tuple[str, str], Found] = {}
        self._certain: dict[str, Found] | None = None
        self._folders: frozenset[str] | None = None
        self._parts: dict[str, tuple[Outline, Parts]] = {}
        self._wanted_ids: dict[str, set[str]] | None = None
        self._graph: _Graph | None = None
        self._by_value: dict[str, dict[tuple[bool, str], list[str]]] = {}
        self._tag_parts: dict[str, dict[str, int]] | None = None
        self._sources: dict[str, list[str]] | None = None
        self.add_files(sorted(files))

    @property
    def files(self) -> Iterator[str]:
        """All files, notes and others."""
        return iter(self._files.values())

    def has_file(self, path: str) -> bool:
        """Is there a file of exactly this path, whatever its letter case?"""
        return clean_name(path).lower() in self._files

    def has_folder(self, path: str) -> bool:
        """Is there a folder of this path, whatever its letter case?"""
        if self._folders is None:
            folders = {file.rpartition("/")[0] for file in self._files}
            for folder in list(folders):
                while folder := folder.rpartition("/")[0]:
                    folders.add(folder)
            self._folders = frozenset(folders | {""})
        return clean_name(path).strip("/").lower() in self._folders

    def add_file(self, path: str) -> None:
        """Make a file a possible target."""
        self.add_files((path,))

    def add_files(self, paths: Iterable[str]) -> None:
        """Make files possible targets (rules V1, V2, V5)."""
        files, by_name = self._files, self._by_name
        for path in paths:
            clean = clean_name(path)
            if clean.startswith(".") or "/." in clean:
                continue
            key = clean.lower()
            if key not in files:
                by_name.setdefault(key[key.rfind("/") + 1 :], []).append(key)
            files[key] = path
        self._forget()

    def remove_file(self, path: str) -> None:
        """Forget a file and its facts."""
        key = clean_name(path).lower()
        if self._files.pop(key, None) is not None:
            self._by_name[key.rpartition("/")[2]].remove(key)
        self._forget()
        self.notes.remove(path)

    def _forget(self) -> None:
        """What was found out of the files may hold no longer."""
        if self._found:
            self._found = {}
        self._certain = self._folders = None
        self._forget_notes()

    def _forget_notes(self) -> None:
        """What was found out of the notes may hold no longer."""
        self._wanted_ids = self._graph = self._tag_parts = None
        self._by_value, self._sources = {}, None

    def put(self, path: str, record: Record) -> None:
        """Set the record of a file that is in the index."""
        self.notes.put(path, record)
        self._forget_notes()

    def find(self, path: str, source: str) -> Found:
        """The files that a link's path fits, seen from the note `source`."""
        if not path:
            return Found((source,), "self")
        certain = self.certain.get(path)
        if certain is not None:
            return certain
        folder = source.rpartition("/")[0]
        key = (path, folder)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._find(path.lower(), clean_name(folder))
            if found.way == "name" and found.files:
                self.certain[path] = found
        return found

    @property
    def certain(self) -> dict[str, Found]:
        """What links find whichever note they stand in: the only file of a name, by links' paths.

        It holds all notes by name, as far as that is so, and what links were found to lead to.
        """
        if self._certain is None:
            self._certain = {}
            for name, files in self._by_name.items():
                stem = name.removesuffix(".md")
                if len(files) == 1 and len(stem) < len(name) and "." not in stem:
                    file = self._files[files[0]]
                    written = clean_name(file).rpartition("/")[2][: len(stem)]
                    if written.lower() == stem:
                        self._certain[written] = Found((file,), "name")
        return self._certain

    def _find(self, path: str, folder: str) -> Found:
        name = path.rpartition("/")[2]
        names = self._by_name.get(name) if "." in name else None  # R4
        if not names:
            path, name = path + ".md", name + ".md"  # R5
            names = self._by_name.get(name)
            if not names:
                return _NOWHERE
        if "/" not in path and len(names) == 1:  # R6
            return Found((self._files[names[0]],), "name")
        if path.startswith("/"):  # R8
            return self._exact(path[1:]) or _NOWHERE
        relative = path.startswith(("./", "../"))
        if relative:  # R7
            path = _join(folder.lower(), path)
        exact = self._exact(path)
        if exact:  # R9
            return exact
        matching = [name for name in names if name.endswith(path)]  # R10
        if not matching:
            return _NOWHERE
        clean_segments = all(name.endswith("/" + path) for name in matching)
        near = folder.lower()
        matching.sort(key=lambda name: (not name.startswith(near), len(name)))  # R11
        way: Way = "suffix" if clean_segments and not relative else "accident"
        return Found(tuple(self._files[name] for name in matching), way)

    def _exact(self, path: str) -> Found | None:
        file = self._files.get(path)
        return None if file is None else Found((file,), "path")

    def _find_file(self, link: Link, source: str, *, as_page: bool) -> Found:
        """The files that a link fits, as far as their names tell."""
        if link.kind in ("canvas-file", "canvas-background"):
            return self._exact(clean_name(link.path).lower()) or _NOWHERE  # X3
        return self._find_page(link.path, source) if as_page else self.find(link.path, source)

    def _is_page_link(self, link: Link) -> bool:
        return self.dialect != "obsidian" and link.kind in MARKDOWN_KINDS

    def ties(self, note: NoteFacts) -> Ties:
        """What the links of a note need of the vault; the files' names alone decide it."""
        anchors = []
        source, certain = note.path, self.certain
        all_tracked = self.tracked is None or source not in self.tracked
        for link in self.links(note):
            as_page = self._is_page_link(link)
            if all_tracked and not link.subpath and not as_page and link.path in certain:
                continue
            found = self._find_file(link, source, as_page=as_page)
            if len(found.files) != 1 or found.way == "accident":
                return Ties(True, ())
            target = found.files[0]
            if not target.isascii() and not _is_unicode(target):
                return Ties(True, ())
            if self.is_untracked(target, source):
                return Ties(True, ())
            if link.subpath:
                if target.endswith(".base"):
                    return Ties(True, ())
                anchors.append(Anchor(target, link.subpath, as_page))
        return Ties(False, tuple(anchors))

    @staticmethod
    def wanted_names(note: NoteFacts) -> tuple[str, ...]:
        """The file names, in lower case and perhaps without `.md`, that a note's links look for."""
        paths = {link.path.lower() for link in note.links}
        return tuple(sorted({path[path.rfind("/") + 1 :] for path in paths}))

    @staticmethod
    def names_of(paths: Iterable[str]) -> frozenset[str]:
        """What links that look for files may call them: names in lower case, with `.md` or not."""
        names = {clean_name(path).lower() for path in paths}
        names = {name[name.rfind("/") + 1 :] for name in names}
        return frozenset(names | {name.removesuffix(".md") for name in names})

    def retie(self, path: str) -> None:
        """Look anew at what the links of a note need: files came or went."""
        self.notes.retie(path, self.ties(self.notes[path]))

    def tie_all(self) -> None:
        """Look anew at what the links of all notes need: files came or went."""
        for path, record in self.notes.records():
            ties = self.ties(self.notes[path])
            if ties != record.ties:
                self.notes.retie(path, ties)
        self._wanted_ids = None

    def is_untracked(self, target: str | None, source: str) -> bool:
        """Is a target unknown to git, though the file that links to it is not?"""
        tracked = self.tracked
        return (
            tracked is not None
            and target not in tracked
            and source in tracked
            and self.has_file(target or "")
        )

    def holds(self, anchor: Anchor) -> bool:
        """Is the part of a file there that a link names?"""
        target, subpath, as_page = anchor
        reason, _ = self._resolve_subpath(target, subpath, as_page=as_page)
        return not reason.startswith("missing-")

    def resolve(self, link: Link, source: str) -> Resolution:
        """Where a link of the note `source` leads, file and subpath."""
        as_page = self._is_page_link(link)
        found = self._find_file(link, source, as_page=as_page)
        if not found.files and self.dialect == "foam" and not as_page:
            found = self._find_alias(link.path)
        if not found.files:
            return Resolution(None, "missing-file", (), found.way)
        target = found.files[0]
        reason, place = self._resolve_subpath(target, link.subpath, as_page=as_page)
        return Resolution(target, reason, found.files, found.way, place)

    def links(self, note: NoteFacts) -> Iterator[Link]:
        """The links of a note that the dialect knows: a plain Markdown site has no wikilinks."""
        if self.dialect == "commonmark":
            return (link for link in note.links if link.kind not in WIKILINK_KINDS)
        return iter(note.links)

    def _find_page(self, path: str, source: str) -> Found:
        """A file as Markdown sites find it: from the note's folder, or from the root with `/`."""
        path = path.partition("?")[0]
        if not path:
            return Found((source,), "self")
        base = [] if path.startswith("/") else source.split("/")[:-1]
        for part in path.split("/"):
            if part == "..":
                if not base:
                    return Found((), "outside")
                base.pop()
            elif part not in ("", "."):
                base.append(part)
        wanted = "/".join(base).lower()
        for name in (wanted, f"{wanted}.md", f"{wanted}/readme.md", f"{wanted}/index.md"):
            exact = self._exact(name.removeprefix("/"))
            if exact is not None:
                return exact
        return Found((wanted,), "path") if self.has_folder(wanted) else _NOWHERE

    def _find_alias(self, name: str) -> Found:
        """The notes with an alias, which Foam takes as targets."""
        wanted = name.casefold()
        files = [
            path
            for path, outline in self.notes.outlines()
            if any(alias.casefold() == wanted for alias in outline.aliases)
        ]
        return Found(tuple(sorted(files)), "name")

    def _resolve_subpath(
        self, target: str, subpath: str, *, as_page: bool = False
    ) -> tuple[Reason, Span | None]:
        if not subpath:
            return "ok", None
        parsed = target in self.notes
        if as_page and parsed and subpath != "#":
            place = self.parts(target).anchor(subpath[1:].lower())
            return ("ok", place) if place is not None else ("missing-heading", None)
        parts = [part for part in subpath.split("#") if part]  # S1
        if not parts:
            return "empty-subpath", None
        if not parsed or not target.lower().endswith(".md"):
            return "subpath-not-checked", None  # S13
        named = self.parts(target)
        missing: Reason = "missing-heading"
        if len(parts) == 1 and parts[0].startswith("^"):  # S7
            missing = "missing-block"
            block = named.block(parts[0][1:])
            if block is not None:
                return "ok", block
        elif len(parts) == 1 and parts[0].startswith("[^"):  # S10
            footnote = named.footnote(parts[0][2:-1])
            return ("ok", footnote) if footnote is not None else ("missing-footnote", None)
        heading = named.heading(parts)
        return ("ok", heading.span) if heading else (missing, None)

    def parts(self, path: str) -> Parts:
        """What links can name in a file that was parsed."""
        outline = self.notes.outline(path)
        known = self._parts.get(path)
        if known is None or known[0] is not outline:
            assert outline is not None
            known = self._parts[path] = (outline, Parts(outline))
        return known[1]

    def _links(self) -> _Graph:
        if self._graph is None:
            graph = self._graph = _Graph({}, {})
            for path, note in self.notes.items():
                leads = graph.targets[path] = set()
                for link in self.links(note):
                    target = self.resolve(link, path).target
                    if target is None or link.kind == "base-folder":
                        continue
                    leads.add(target)
                for name in _property_files(note):
                    leads.update(self.find(clean_name(name), path).files[:1])
                for target in leads:
                    graph.backlinks.setdefault(target, set()).add(path)
        return self._graph

    def targets(self, path: str) -> set[str]:
        """The files that a note leads to."""
        return self._links().targets.get(path, set())

    def backlinks(self, path: str) -> set[str]:
        """The notes, canvases and bases that lead to a file."""
        return self._links().backlinks.get(path, set())

    def wanted_block_ids(self, path: str) -> set[str]:
        """The block ids, in lower case, that links want of a note."""
        if self._wanted_ids is None:
            self._wanted_ids = {}
            for source, record in self.notes.records():
                for target, subpath in self._parts_wanted(source, record.ties):
                    if subpath.startswith("#^"):
                        self._wanted_ids.setdefault(target, set()).add(subpath[2:].lower())
        return self._wanted_ids.get(path, set())

    def _parts_wanted(self, source: str, ties: Ties) -> Iterator[tuple[str, str]]:
        """The files and subpaths that links of a note name."""
        if not ties.uncertain:
            yield from ((anchor.target, anchor.subpath) for anchor in ties.anchors)
            return
        for link in self.links(self.notes[source]):
            target = self.resolve(link, source).target if link.subpath else None
            if target is not None:
                yield target, link.subpath

    def notes_with(self, name: str, value: object) -> Sequence[str]:
        """The notes with a value of a property, alone or in a list, in the vault's order."""
        return self._values(fold_name(name)).get(_value_key(value), ())

    def _values(self, name: str) -> dict[tuple[bool, str], list[str]]:
        """The notes by their values of a property; a number is equal to no text."""
        if name not in self._by_value:
            found = self._by_value[name] = {}
            for path, note in self.notes.items():
                values = (p.values for p in note.frontmatter.properties if fold_name(p.key) == name)
                keys = (_value_key(value) for value, _ in chain.from_iterable(values))
                for key in dict.fromkeys(keys):
                    found.setdefault(key, []).append(path)
        return self._by_value[name]

    def notes_naming(self, source: NamedSource) -> list[str]:
        """The notes whose reference sections name a source, in the order of their paths."""
        if self._sources is None:
            self._sources = {}
            for path, note in self.notes.items():
                for key in {key for each in note.sources for key in each.keys}:
                    self._sources.setdefault(key, []).append(path)
        return sorted({path for key in source.keys for path in self._sources[key]})

    def usual_tag(self, name: str) -> str:
        """A tag, without its `#`, with each of its parts in the letter case of most notes."""
        if self._tag_parts is None:
            self._tag_parts = {}
            for note in self.notes.values():
                for tag in note.all_tags:
                    above = ""
                    for part in tag[1:].split("/"):
                        above = f"{above}/{part.lower()}"
                        counts = self._tag_parts.setdefault(above, {})
                        counts[part] = counts.get(part, 0) + 1
        parts, above = [], ""
        for part in name.split("/"):
            above = f"{above}/{part.lower()}"
            counts = self._tag_parts.get(above, {part: 1})
            parts.append(min(counts, key=lambda spelling: (-counts[spelling], spelling.swapcase())))
        return "/".join(parts)

    def files_named(self, path: str) -> list[str]:
        """The files with the same name, whatever the letter case and the folder."""
        name = clean_name(path).lower().rpartition("/")[2]
        return [self._files[key] for key in self._by_name.get(name, ())]


def _value_key(value: object) -> tuple[bool, str]:
    return isinstance(value, str), str(value).strip()


def _is_unicode(path: str) -> bool:
    """Is it a name that no bytes stand in which are not UTF-8?"""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Graph(NamedTuple):
    """Which files lead where."""

    targets: dict[str, set[str]]
    backlinks: dict[str, set[str]]


def _property_files(note: NoteFacts) -> Iterator[str]:
    """Property values that may name a file without being a link: `cover: img/chart.png`."""
    for _, value, *_ in note.frontmatter.properties:
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, str) and "." in item and "\n" not in item:
                yield item.removeprefix("![[").removesuffix("]]").partition("|")[0]


def _join(folder: str, path: str) -> str:
    """A path with `./` or `../` at its start, from a folder; the root is its own parent (R7)."""
    parts = folder.split("/") if folder else []
    while path.startswith(("./", "../")):
        if path.startswith("../"):
            parts = parts[:-1]
        path = path.partition("/")[2]
    return "/".join((*parts, path))
