"""Folders of templates that the vault's own settings do not name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from vaultlint.facts import NoteFacts
from vaultlint.template_text import may_hold_placeholder

_NAME = re.compile(r"(?:.*[\W_])?templates?[\W_]*", re.IGNORECASE)


def find_template_folders(notes: Iterable[NoteFacts]) -> list[str]:
    """Folders that are called so, and whose notes hold placeholders: the outermost ones."""
    inside: dict[str, list[bool]] = defaultdict(list)
    for note in notes:
        parts = note.path.split("/")[:-1]
        for count, part in enumerate(parts, 1):
            if _NAME.fullmatch(part):
                inside["/".join(parts[:count])].append(_has_placeholder(note))
                break
    return [
        folder
        for folder in sorted(inside)
        if any(inside[folder]) and folder.isprintable() and "*" not in folder and "?" not in folder
    ]


def _has_placeholder(note: NoteFacts) -> bool:
    texts = [heading.text for heading in note.headings]
    texts += [link.raw for link in note.links]
    texts += [str(value) for _, value, *_ in note.frontmatter.properties]
    texts += [note.path, note.frontmatter.error]
    return any(map(may_hold_placeholder, texts))
