"""Did you mean: the file, heading or block id that a broken link was most likely meant for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeVar

from vaultlint.anchors import slug
from vaultlint.facts import Heading, NoteFacts
from vaultlint.text import normalized
from vaultlint.vault import Vault

T = TypeVar("T")

_SEPARATORS = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_EXTENSION = re.compile(r"\.(?:excalidraw|[a-z0-9]{2,5})$")

#: How alike two folded names are at least, from 0 to 100, for one to be suggested for the other.
#: Measured on the repairs that owners made in the histories of public vaults.
_LIKENESS = 78.0


@lru_cache(maxsize=65536)
def squeeze(text: str) -> str:
    """A name without case, accents, separators and punctuation: `Pak–US ties` and `pak_us-ties`."""
    if text.isascii():
        return _SEPARATORS.sub("", text.lower())
    folded = normalized("NFKD", text.casefold())
    return _SEPARATORS.sub("", "".join(c for c in folded if not unicodedata.combining(c)))


#: From which likeness on a heading comes before headings of other notes, and is suggested at all.
_HEADING_LIKENESS = 82.0
_HEADING_LEAST = 68.0


class Place(NamedTuple):
    """A note, and a heading in it; None: the note as a whole."""

    path: str
    heading: Heading | None


class Suggester:
    """Finds near names in one vault. It reads the vault as it was when first asked."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._scored: dict[str, dict[str, float]] = {}
        self.dialect = vault.dialect

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        """Squeezed stems and file names, and the files that have them."""
        names: dict[str, list[str]] = {}
        for file in self._vault.files:
            base = file.rpartition("/")[2]
            stem = base.removesuffix(".md")
            for name in {squeeze(stem), squeeze(base), squeeze(stem.partition(".")[0])}:
                names.setdefault(name, []).append(file)
        return names

    @cached_property
    def _aliases(self) -> dict[str, list[str]]:
        """Squeezed aliases and titles, and the notes that have them."""
        aliases: dict[str, list[str]] = {}
        for path, outline in self._vault.notes.outlines():
            for name in (*outline.aliases, *outline.titles):
                if squeezed := squeeze(name):
                    aliases.setdefault(squeezed, []).append(path)
        return aliases

    @cached_property
    def _alias_owners(self) -> dict[str, list[str]]:
        owners: dict[str, list[str]] = {}
        for path, outline in self._vault.notes.outlines():
            for alias in outline.aliases:
                owners.setdefault(alias.strip().casefold(), []).append(path)
        return owners

    def alias_owners(self, name: str) -> list[str]:
        """The notes that have an alias of this name, whatever its letter case."""
        return self._alias_owners.get(name.strip().casefold(), [])

    def files_like(self, path: str, source: str, *, limit: int = 3) -> list[str]:
        """Files that a path was most likely meant for, the likeliest first."""
        wanted = path.rstrip("/").rpartition("/")[2]
        stem = squeeze(wanted.removesuffix(".md"))
        if not stem:
            return []
        found = [*self._names.get(stem, ()), *self._names.get(squeeze(wanted), ())]
        found += self._aliases.get(stem, ())
        found = _unique(found)
        found.sort(key=lambda file: _distance(file, path, source))
        if len(found) < limit:
            if path not in self._scored:
                self._scored[path] = self._near(stem, path)
            scored = self._scored[path]
            found += sorted(scored, key=lambda f: (-scored[f], _distance(f, path, source)))[:limit]
        return _unique(found)[:limit]

    def _near(self, stem: str, path: str) -> dict[str, float]:
        """Files with a name or alias that is near, or that shares words, by their likeness."""
        from rapidfuzz import fuzz, process

        suffix, digits = _extension(path), _digits(stem)
        scored: dict[str, float] = {}
        for table, names, weight in (
            (self._names, self._names_by_digits, 1.0),
            (self._aliases, self._aliases_by_digits, 0.97),
        ):
            for name, score, _ in process.extract(
                stem, names.get(digits, ()), scorer=fuzz.ratio, score_cutoff=_LIKENESS, limit=12
            ):
                for file in table[name]:
                    alike = score * weight - 5 * (_extension(file) != suffix)
                    scored[file] = max(scored.get(file, 0.0), alike)
        return scored or self._by_words(path)

    @cached_property
    def _names_by_digits(self) -> dict[str, list[str]]:
        return _by_digits(self._names)

    @cached_property
    def _aliases_by_digits(self) -> dict[str, list[str]]:
        return _by_digits(self._aliases)

    @cached_property
    def _words(self) -> dict[frozenset[str], list[str]]:
        """The words of names, two at least, and the files that have them."""
        words: dict[frozenset[str], list[str]] = {}
        for file in self._vault.files:
            found = _word_set(file.rpartition("/")[2].removesuffix(".md"))
            if len(found) >= 2:
                words.setdefault(found, []).append(file)
        return words

    @cached_property
    def _with_word(self) -> dict[str, list[frozenset[str]]]:
        """The words of names by each of them."""
        index: dict[str, list[frozenset[str]]] = {}
        for words in self._words:
            for word in words:
                index.setdefault(word, []).append(words)
        return index

    @cached_property
    def _with_rarest_word(self) -> dict[str, list[frozenset[str]]]:
        """The words of names by the one that the fewest names have."""
        index: dict[str, list[frozenset[str]]] = {}
        for words in self._words:
            rarest = min(words, key=lambda word: (len(self._with_word[word]), word))
            index.setdefault(rarest, []).append(words)
        return index

    def _by_words(self, path: str) -> dict[str, float]:
        """Names with all the wanted words, or whose words all are wanted (two at least)."""
        wanted = _word_set(path.rpartition("/")[2].removesuffix(".md"))
        if len(wanted) < 2:
            return {}
        rarest = min((self._with_word.get(word, ()) for word in wanted), key=len)
        alike = {words for words in rarest if wanted <= words}
        for word in wanted:
            alike.update(w for w in self._with_rarest_word.get(word, ()) if w <= wanted)
        return {
            file: 70.0 * min(len(wanted), len(words)) / max(len(wanted), len(words))
            for words in alike
            for file in self._words[words]
        }

    def headings_like(self, note: NoteFacts, part: str, *, limit: int = 3) -> list[Place]:
        """Places that a subpath's part was most likely meant for: in the note, else elsewhere.

        A heading of the note that reads alike comes first, then a note of that name and the same
        heading in other notes, then headings of the note that share words.
        """
        headings = [h for h in note.outline.linkable_headings if h.key]
        wanted = squeeze(part)
        if not wanted:
            return []
        exact = [h for h in headings if squeeze(h.text) == wanted or slug(h.text) == part.lower()]
        scores = self._heading_scores(wanted, part, [] if exact else headings)
        alike = [h for h, score in scores if score >= _HEADING_LIKENESS]
        places = [Place(note.path, heading) for heading in (*exact, *alike)]
        if not places:
            named = [f for f in self._names.get(wanted, ()) if f.endswith(".md") and f != note.path]
            places = [Place(file, None) for file in sorted(named)]
            places += [p for p in self._headings.get(wanted, ()) if p.path != note.path][:limit]
        places += [Place(note.path, h) for h, score in scores if score < _HEADING_LIKENESS]
        return places[:limit]

    @cached_property
    def _headings(self) -> dict[str, list[Place]]:
        """Squeezed headings, and where they stand."""
        found: dict[str, list[Place]] = {}
        for path, outline in sorted(self._vault.notes.outlines()):
            for heading in outline.linkable_headings:
                if heading.key:
                    found.setdefault(squeeze(heading.text), []).append(Place(path, heading))
        return found

    @staticmethod
    def _heading_scores(
        wanted: str, part: str, headings: Sequence[Heading]
    ) -> list[tuple[Heading, float]]:
        """Headings with their likeness from 0 to 100, the likest first; the unlike left out."""
        from rapidfuzz import fuzz

        words = " ".join(_WORD.findall(part.casefold()))
        scored = []
        for heading in headings:
            other = " ".join(_WORD.findall(heading.text.casefold()))
            letters = fuzz.ratio(wanted, squeeze(heading.text))
            score = max(letters, 0.8 * fuzz.token_set_ratio(words, other))
            if score >= _HEADING_LEAST:
                scored.append((heading, score))
        return sorted(scored, key=lambda pair: -pair[1])

    def block_ids_like(self, note: NoteFacts, wanted: str, *, limit: int = 3) -> list[str]:
        """Block ids of a note that are nearly the wanted one."""
        ids = [block.id for block in note.block_ids]
        return self._closest(wanted.lower(), ids, [name.lower() for name in ids], limit)

    @staticmethod
    def _closest(wanted: str, items: Sequence[T], names: Sequence[str], limit: int) -> list[T]:
        from rapidfuzz import fuzz, process

        near = process.extract(
            wanted, names, scorer=fuzz.ratio, score_cutoff=_LIKENESS - 8, limit=limit
        )
        return [items[index] for _, _, index in near]

    def link_path(self, file: str, source: str) -> str:
        """The shortest path by which a wikilink in `source` leads to a file."""
        written = file.removesuffix(".md")
        name = written.rpartition("/")[2]
        if self._leads(name, source, file):
            return name
        return written if self._leads(written, source, file) else "/" + written

    def _leads(self, path: str, source: str, file: str) -> bool:
        return "#" not in path and self._vault.find(path, source).files == (file,)


def _digits(name: str) -> str:
    """The digits of a name: `2024-03-01` is no misspelling of `2024-03-02`."""
    return "".join(_DIGITS.findall(name))


def _by_digits(names: Iterable[str]) -> dict[str, list[str]]:
    """Names by their digits."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(_digits(name), []).append(name)
    return found


def _unique(files: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(files))


def _extension(path: str) -> str:
    base = path.rpartition("/")[2].lower()
    known = _EXTENSION.search(base.removesuffix(".md"))
    return known[0] if known else ""


def _word_set(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(name.casefold()))


def _distance(file: str, path: str, source: str) -> tuple[int, int, str]:
    """How far a file is from where it was looked for: shared path parts first, then nearness."""
    parts, wanted = file.lower().split("/"), path.lower().split("/")
    shared = 0
    while shared < min(len(parts), len(wanted)) and parts[-1 - shared] == wanted[-1 - shared]:
        shared += 1
    folder = source.rpartition("/")[0]
    return (-shared, 0 if file.startswith(folder) else 1, file)
