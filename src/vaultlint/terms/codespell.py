"""The list of misspellings that codespell has, where codespell is installed; never shipped."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

#: Shorter words are too often names, abbreviations, or words of other languages.
_SHORTEST = 5


def find_list() -> Path | None:
    """The file of codespell's list; None where codespell is not installed."""
    spec = find_spec("codespell_lib")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "data" / "dictionary.txt"
        if path.is_file():
            return path
    return None


def read_list(text: str, is_word: Callable[[str], bool]) -> dict[str, str]:
    """Misspellings with their corrections, as far as they are certain.

    Several corrections are divided by ", ". Left out are misspellings with a remark, those that a
    dictionary has, and those of which it has not all corrections.
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        wrong, arrow, right = line.partition("->")
        if not arrow or len(wrong) < _SHORTEST:
            continue
        if "," in right and not right.rstrip().endswith(","):
            continue
        corrections = [each.strip() for each in right.split(",") if each.strip()]
        if not (wrong.isascii() and wrong.isalpha()) or is_word(wrong):
            continue
        if all(is_word(word) for each in corrections for word in each.split()):
            found[wrong.lower()] = ", ".join(corrections)
    return found
