"""Which names Obsidian reads as tags (rules F11 and T1), and what to write in place of others."""

from __future__ import annotations

import re
from functools import lru_cache

_SPACE = re.compile(r"\s")
_SPACES = re.compile(r"\s+")
#: Marks that end a tag in a text: ASCII punctuation but for `-`, `_` and `/`, and Unicode's own.
_ILLEGAL = re.compile(r"[\u2000-\u206f\u2e00-\u2e7f'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\]")
_SLASHES = re.compile(r"/{2,}")


@lru_cache(maxsize=4096)
def fault_of_tag(name: str, *, spaces: bool = True) -> str:
    """What is wrong with a tag, without its `#`; nothing where Obsidian reads it as it stands.

    `spaces`: it is one tag for certain, so that a space in it is a fault and no end of it.
    """
    if _SPACE.search(name):
        return "has a space in it" if spaces else ""
    illegal = _ILLEGAL.search(name)
    if illegal:
        return f"has a `{illegal[0]}` in it, which no tag has"
    if not name.replace("/", ""):
        return "is empty"
    if name.isascii() and name.isdigit():
        return "has only digits"
    return "has an empty part" if "" in name.split("/") else ""


def corrected(name: str) -> str:
    """The tag that was most likely meant; nothing where that is not clear."""
    better = _SPACES.sub("-", name.strip())
    better = _SLASHES.sub("/", better).strip("/")
    return "" if better == name or fault_of_tag(better) else better
