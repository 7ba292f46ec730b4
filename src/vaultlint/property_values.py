"""What is wrong with the value of a property, by what a type of notes asks of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from vaultlint.facts import Property
from vaultlint.matching import composed, names_of
from vaultlint.model import Span
from vaultlint.nearest import nearest
from vaultlint.parse.extract import read_property_link
from vaultlint.parse.note import ParsedNote
from vaultlint.property_types import has_type, tag_items
from vaultlint.schema import PropertySpec, value_pattern
from vaultlint.wording import or_list


class ValueFault(NamedTuple):
    """A value that is not as it should be: where it stands, why, and what to write."""

    span: Span
    message: str
    suggestions: tuple[str, ...] = ()


def find_faults(note: ParsedNote, found: Property, spec: PropertySpec) -> Iterator[ValueFault]:
    """The faults of the values of a property; a value of the wrong type is none of these."""
    if spec.type and not has_type(found.value, spec.type):
        return
    is_tags = spec.type == "tags" or spec.name.lower() == "tags"
    values = list(tag_items(found)) if is_tags else found.values
    count = _count_fault(len(values), spec)
    if count:
        yield ValueFault(found.value_span, count)
    for each, span in values:
        if each is None or each == "":
            continue
        written = note.text[span.start : span.end]
        value = each.removeprefix("#") if is_tags and isinstance(each, str) else each
        if spec.link and any(_overlap(span, link) for link in note.unquoted_links):
            continue  # `unquoted-frontmatter-link`
        fault = _fault(value, written, spec)
        if fault is not None:
            yield ValueFault(span, *fault)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _count_fault(count: int, spec: PropertySpec) -> str:
    what = f"`{spec.name}` has {count} {'value' if count == 1 else 'values'}"
    if count < spec.min_items:
        return f"{what}: it must have at least {spec.min_items}"
    if spec.max_items is not None and count > spec.max_items:
        return f"{what}: it must have no more than {spec.max_items}"
    return ""


def _fault(
    value: object, written: str, spec: PropertySpec
) -> tuple[str, tuple[str, ...]] | tuple[str] | None:
    name = spec.name
    shown = _shown(value, written)
    target = read_property_link(value) if isinstance(value, str) else None
    if spec.link and target is None:
        return (f'{shown} is no link: `{name}` is a link to a note, like `"[[Note]]"`',)
    if spec.values and not _is_one_of(value, spec):
        choices = [_choice(choice) for choice in spec.values]
        near = nearest(target.path if target else _choice(value), choices)
        if _choice(value) in choices:
            shown = f"`{written}`"
        listed = or_list(choices[:6]) + (" and so on" if len(choices) > 6 else "")
        message = f"{shown} is no value of `{name}`: that is {listed}"
        better = near
        if near and target:
            better = written.replace(target.path, near)
        elif near and written[:1] in ("'", '"') and isinstance(value, str):
            better = written[0] + near + written[0]
        return (message, (better,)) if better else (message,)
    if spec.pattern and not isinstance(value, list | dict):
        text = value if isinstance(value, str) else written
        if not value_pattern(spec.pattern).fullmatch(text):
            return (f"{shown} is not of the pattern of `{name}`, `{spec.pattern}`",)
    if has_type(value, "number"):
        assert isinstance(value, int | float)
        if spec.min is not None and value < spec.min:
            return (f"{shown} is too small: `{name}` is at least {spec.min:g}",)
        if spec.max is not None and value > spec.max:
            return (f"{shown} is too large: `{name}` is at most {spec.max:g}",)
    return None


def _shown(value: object, written: str) -> str:
    text = value if isinstance(value, str) else written
    text = " ".join(text.split())
    return f"`{text if len(text) <= 60 else text[:57] + '…'}`"


def _choice(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_one_of(value: object, spec: PropertySpec) -> bool:
    """Is it one of the values? A link is equal to the name of its target too."""
    if isinstance(value, str):
        return not set(map(composed, names_of(value))).isdisjoint(
            composed(choice) for choice in spec.values if isinstance(choice, str)
        )
    return any(
        value == choice and isinstance(value, bool) == isinstance(choice, bool)
        for choice in spec.values
    )
