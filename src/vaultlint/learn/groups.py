"""Which notes may be of one type: those of a folder, with a tag, or with a value of a property."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from vaultlint.learn.proposal import FEWEST, Group, GroupKind, Value, share
from vaultlint.learn.survey import Survey

#: Property keys that say what a note is; others do so only where few values repeat.
_TYPE_KEYS = frozenset(("type", "types", "category", "categories", "kind", "class", "note-type"))
#: Keys whose values come and go: where a note stands, not what it is.
_STATE_KEYS = frozenset(
    ("status", "state", "stage", "publish", "published", "rating", "draft", "priority", "date")
)
_MOST_VALUES = 20
_LONGEST = 100
#: More groups are not looked at: the largest ones are.
_MOST_GROUPS = 400
#: Of two groups with the same notes, the one whose condition is harder to forget.
_RANK: dict[GroupKind, int] = {"folder": 0, "tag": 1, "property": 2}


def find_groups(survey: Survey) -> list[Group]:
    """Groups of at least a few notes, each set of notes once, the largest first."""
    found: dict[frozenset[int], Group] = {}
    for group in (*_by_folder(survey), *_by_tag(survey), *_by_property(survey)):
        if len(group.members) < FEWEST or _is_drawn(survey, group.members):
            continue
        known = found.get(group.members)
        if known is None or _rank(survey, group) < _rank(survey, known):
            found[group.members] = group
    groups = sorted(
        found.values(), key=lambda group: (-len(group.members), _RANK[group.kind], group.label)
    )
    return groups[:_MOST_GROUPS]


def _rank(survey: Survey, group: Group) -> tuple[int, bool, int, str]:
    """The lower, the better: the innermost folder, a tag that notes have themselves."""
    sample = survey.samples[min(group.members)]
    is_parent = any(tag.startswith(f"{group.tag}/") for tag in sample.tags) if group.tag else False
    return _RANK[group.kind], is_parent, -sum(map(len, group.paths)), group.label


def folder_group(survey: Survey, folders: Iterable[str]) -> Group:
    """The notes below some folders."""
    named = tuple(folders)
    members = frozenset().union(*(survey.below[folder] for folder in named))
    return Group("folder", members, paths=tuple(f"{folder}/**" for folder in named))


def small_folders(survey: Survey) -> dict[str, list[str]]:
    """Folders of a few notes, too few for a group, by the folder that they are in."""
    found: dict[str, list[str]] = defaultdict(list)
    for folder in sorted(survey.within):
        if folder and 1 < len(survey.below[folder]) < FEWEST and _can(folder):
            found[folder.rpartition("/")[0]].append(folder)
    return found


def _by_folder(survey: Survey) -> Iterator[Group]:
    for folder, numbers in survey.below.items():
        if not _can(folder):
            continue
        yield Group("folder", numbers, paths=(f"{folder}/**" if folder else "**",))
        own = survey.within.get(folder, frozenset())
        if 0 < len(own) < len(numbers):
            yield Group("folder", own, paths=(f"{folder}/*",))


def _by_tag(survey: Survey) -> Iterator[Group]:
    by_tag: dict[str, list[int]] = defaultdict(list)
    for number, sample in enumerate(survey.samples):
        for tag in sample.tags:
            by_tag[tag].append(number)
    for tag, numbers in by_tag.items():
        if _can(tag):
            yield Group("tag", frozenset(numbers), tag=tag)


def _by_property(survey: Survey) -> Iterator[Group]:
    """Notes with one value of a property; a list counts with each of its values."""
    by_value: dict[str, dict[Value, list[int]]] = defaultdict(lambda: defaultdict(list))
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for number, sample in enumerate(survey.samples):
        for key, (name, value) in sample.properties.items():
            if key in ("tags", "aliases", "title") or key in _STATE_KEYS or not key.isprintable():
                continue
            names[key][name] += 1
            for each in dict.fromkeys(_values(value)):
                by_value[key][each].append(number)
    for key, values in by_value.items():
        total = sum(map(len, values.values()))
        few = len(values) <= _MOST_VALUES and share(total, len(values)) >= FEWEST
        if key not in _TYPE_KEYS and not few:
            continue
        name = min(names[key], key=lambda each: (-names[key][each], each))
        for value, numbers in values.items():
            if len(numbers) >= FEWEST:
                yield Group("property", frozenset(numbers), condition=(name, value))


def _values(value: object) -> Iterator[Value]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            text = each.strip()
            if text.startswith("[[") and text.endswith("]]"):
                text = text[2:-2].partition("|")[0].strip()
            text = text.lower() if _can(text) and "*" not in text and "[" not in text else ""
            if text:
                yield text


def _can(text: str) -> bool:
    """Can a text stand in a configuration, and be read there?"""
    return text.isprintable() and len(text) <= _LONGEST and "*" not in text and "?" not in text


def _is_drawn(survey: Survey, members: frozenset[int]) -> bool:
    drawn = sum(survey.samples[number].is_drawing for number in members)
    return share(drawn, len(members)) > 0.5
