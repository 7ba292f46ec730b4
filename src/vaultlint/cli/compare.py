"""Compares the unresolved links found here with those that Obsidian itself lists."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vaultlint.model import UserError
from vaultlint.nearest import did_you_mean
from vaultlint.vault import Vault

#: An unresolved link as Obsidian counts it: the note, and the path without subpath and `.md`.
Unresolved = Counter[tuple[str, str]]

_LINK_KEYS = ("link", "name", "key", "path", "target", "unresolved")
_SOURCE_KEYS = ("sources", "source", "files", "file", "notes", "in")


def unresolved_links(vault: Vault) -> Unresolved:
    """The links of the index that lead to no file (rule C2)."""
    found: Unresolved = Counter()
    for path, note in vault.notes.items():
        if path.endswith(".base"):
            continue
        for link in vault.links(note):
            missing = vault.resolve(link, path).reason == "missing-file"
            if missing and link.kind in ("wikilink", "embed", "mdlink", "mdembed", "frontmatter"):
                found[path, link.path.removesuffix(".md")] += 1
    return found


def read_unresolved(file: str) -> Unresolved:
    """What `obsidian unresolved verbose format=json` wrote.

    Two shapes are read: a mapping of notes to mappings of links to counts, as the app keeps it, and
    a list of objects that name a link and the notes that hold it. Raises UserError.
    """
    try:
        data = json.loads(Path(file).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UserError(f"--compare: `{file}` cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UserError(f"--compare: `{file}` is no JSON: {error}") from error
    found: Unresolved = Counter()
    for source, link, count in _rows(data, file):
        found[source, link.removesuffix(".md")] += count
    return found


def _rows(data: Any, file: str) -> Iterator[tuple[str, str, int]]:
    if isinstance(data, dict):
        for source, links in data.items():
            if not isinstance(links, dict):
                raise UserError(f"--compare: in `{file}` the note `{source}` has no links")
            yield from ((source, link, int(count)) for link, count in links.items())
        return
    if not isinstance(data, list):
        raise UserError(f"--compare: `{file}` holds neither a list nor a mapping")
    for row in data:
        link, sources = _first(row, _LINK_KEYS, file), _first(row, _SOURCE_KEYS, file)
        if isinstance(sources, dict):
            yield from ((source, str(link), int(count)) for source, count in sources.items())
            continue
        names = sources.split(", ") if isinstance(sources, str) else sources
        for source in names:
            name = source if isinstance(source, str) else _first(source, _SOURCE_KEYS, file)
            count = source.get("count", 1) if isinstance(source, dict) else 1
            yield str(name), str(link), int(count)


def _first(row: Any, keys: tuple[str, ...], file: str) -> Any:
    if isinstance(row, dict):
        for key in keys:
            if key in row:
                return row[key]
        near = did_you_mean(keys[0], row)
        raise UserError(f"--compare: a row of `{file}` has no key `{keys[0]}`{near}")
    raise UserError(f"--compare: a row of `{file}` is no object")


def differences(ours: Unresolved, theirs: Unresolved) -> Iterator[str]:
    """A line for each link whose number differs, by note."""
    for source, link in sorted(ours.keys() | theirs.keys()):
        mine, other = ours[source, link], theirs[source, link]
        if mine != other:
            yield f"{source}: `{link}`: unresolved {other}× in Obsidian, {mine}× here"
