"""What a vault's own settings in `.obsidian/` say that matters to a linter."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

#: Settings files that name a folder (or a note) of templates, and the key that names it.
_TEMPLATE_KEYS = (
    ("templates.json", "folder"),
    ("daily-notes.json", "template"),
    ("plugins/templater-obsidian/data.json", "templates_folder"),
    ("plugins/quickadd/data.json", "templateFolderPath"),
)


#: All settings files that are read, in `.obsidian/`.
SETTINGS_FILES = ("app.json", "types.json", *(name for name, _ in _TEMPLATE_KEYS))


class ObsidianSettings(NamedTuple):
    """`ignored`: the filters of excluded files; `templates`: folders or notes of templates.

    `types` are the types that properties have, by their names in lower case. `present`: the vault
    has settings of Obsidian.
    """

    ignored: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    types: Mapping[str, str] = MappingProxyType({})
    present: bool = False

    def is_template(self, path: str) -> bool:
        """Is a note a template, or in a folder of templates?"""
        lower = path.lower()
        return any(
            lower.startswith(f"{folder}/") or lower in (folder, f"{folder}.md")
            for folder in self.templates
        )

    def is_ignored(self, path: str) -> bool:
        """Has the owner excluded a file from search and graph (rule V4)?"""
        return any(_matches(entry.strip(), path) for entry in self.ignored)


def _matches(entry: str, path: str) -> bool:
    """One filter: `/…/` is a regular expression, all else the beginning of a path."""
    if len(entry) > 2 and entry.startswith("/") and entry.endswith("/"):
        try:
            return re.search(entry[1:-1], path, re.IGNORECASE) is not None
        except re.error:
            return False
    return bool(entry) and path.lower().startswith(entry.lower())


def read_obsidian_settings(read: Callable[[str], bytes | None]) -> ObsidianSettings:
    """Read the settings; `read` gives the bytes of a file in `.obsidian/`, None: there is none.

    Damaged files are as absent: Obsidian itself starts with its defaults then.
    """
    present = False

    def load(name: str) -> dict[str, object]:
        nonlocal present
        written = read(name)
        present |= written is not None
        try:
            data = json.loads(written or b"{}")
        except (ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) else {}

    filters = load("app.json").get("userIgnoreFilters")
    ignored = [f for f in filters if isinstance(f, str)] if isinstance(filters, list) else []
    templates = []
    for name, key in _TEMPLATE_KEYS:
        folder = load(name).get(key)
        if isinstance(folder, str) and folder.strip("/ "):
            templates.append(folder.strip("/ ").lower())
    types = load("types.json").get("types")
    named = types.items() if isinstance(types, dict) else ()
    by_name = {name.lower(): type for name, type in named if isinstance(type, str)}
    return ObsidianSettings(tuple(ignored), tuple(dict.fromkeys(templates)), by_name, present)
