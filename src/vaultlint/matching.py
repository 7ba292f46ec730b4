"""Whether notes and headings match what a configuration says of them: globs, tags, properties."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from vaultlint.facts import NoteFacts
from vaultlint.text import normalized


def match_path(path: str, globs: tuple[str, ...]) -> bool:
    """Does a path match one of the globs? `*` and `?` stay within a folder, `**` does not.

    A glob without `/` matches a file name in any folder; a glob that ends with `/` matches all
    that is below the folder.
    """
    if len(path) > _LONGEST_PATH:
        return False
    path = composed(path)
    return any(_path_glob(glob).fullmatch(path) for glob in globs)


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
    glob = composed(glob).removeprefix("./")
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
    tags = frozenset(map(composed, tags))
    for tag in note.all_tags:
        name = composed(tag[1:]).lower()
        if any(name == wanted or name.startswith(f"{wanted}/") for wanted in tags):
            return True
    return False


def has_property(note: NoteFacts, key: str, wanted: object) -> bool:
    """Does a note have a property of a value? A list has each of its values; `True` is any.

    A text may be a glob; a wikilink is equal to the text of its target too.
    """
    found = note.frontmatter.find(key)
    if found is None:
        return False
    value = found.value
    if wanted is True:
        return value not in (None, "", [])
    values = value if isinstance(value, list) else [value]
    return any(_equal(item, wanted) for item in values)


def _equal(value: object, wanted: object) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        glob = text_glob(composed(wanted).lower())
        return any(glob.fullmatch(composed(name).lower()) for name in names_of(value))
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)


_LINK = re.compile(
    r"\[\[(?P<wiki>[^\[\]|]++)(?:\|[^\[\]]*+)?\]\]|\[[^\[\]]*+\]\((?P<markdown>[^()\s]++)\)"
)


def names_of(value: str) -> tuple[str, ...]:
    """What a text of the frontmatter may be compared as: itself, and of a link its target too.

    A link's target is named with its folder, and as the note is called.
    """
    link = _LINK.fullmatch(value)
    if link is None:
        return (value,)
    from urllib.parse import unquote  # most notes have no such link

    target = (link["wiki"] or unquote(link["markdown"] or "")).partition("#")[0].strip()
    path = target.removesuffix(".md")
    return tuple(dict.fromkeys((value, target, path, path.rpartition("/")[2])))


@cache
def text_glob(glob: str) -> re.Pattern[str]:
    """A pattern for a text in which each `*` stands for any text; all else means itself."""
    first, *parts = map(re.escape, glob.split("*"))
    end = f".*{parts.pop()}" if parts else ""
    return re.compile(first + "".join(f"(?>.*?{part})" for part in parts) + end, re.DOTALL)


def composed(text: str) -> str:
    """A text in the form in which letters with accents are one character (NFC)."""
    return text if text.isascii() else normalized("NFC", text)


_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_QUOTES = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\uff1a": ":"}
)
#: Numbers in boxes, which are emoji.
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
#: Accents that stand beside their letter, and what decides how an emoji looks.
_ACCENT = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f]")
_MARKS = re.compile(r"[*_`~=]{1,3}(?=\S)|(?<=\S)[*_`~=]{1,3}")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """A text for comparison: letter case, dashes, quotes, emoji and runs of spaces folded.

    Of a text that is nothing but emoji these are kept.
    """
    if not text.isascii():
        text = _DASHES.sub("-", normalized("NFC", text).translate(_QUOTES))
        plain = _ACCENT.sub("", _KEYCAP.sub("", text))
        plain = "".join(c for c in plain if unicodedata.category(c) not in ("So", "Cf", "Sk"))
        text = plain if plain.strip() else _ACCENT.sub("", text)
    return " ".join(text.split()).lower()


def without_marks(text: str) -> str:
    """A text without the marks of emphasis and code."""
    return _MARKS.sub("", text)


def fold_heading(text: str) -> str:
    """A heading's raw text for comparison: folded, without emphasis marks and an end colon."""
    return fold(without_marks(text)).removesuffix(":").rstrip()
