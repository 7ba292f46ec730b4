"""What is proposed: types of notes with their sections and properties, and what speaks for each.

Notes are numbers of a `Survey`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from vaultlint.schema import PropertyType

Value = str | int | float | bool
GroupKind = Literal["folder", "tag", "property"]

#: The share of a type's notes that must keep what is asked of them.
ENOUGH = 0.8
#: Sections that fewer notes share are not worth a line.
SOME = 0.2
#: The share of a type's notes that may lack something of all that is asked.
MOST_DEVIATING = 0.3
#: Fewer notes are no group.
FEWEST = 5


class Group(NamedTuple):
    """Notes that have something in common: what a type's conditions say.

    Just one of `paths`, `tag` and `condition` (a property and its value) is given.
    """

    kind: GroupKind
    members: frozenset[int]
    paths: tuple[str, ...] = ()
    tag: str = ""
    condition: tuple[str, Value] | None = None

    @property
    def label(self) -> str:
        """Where the notes are, or what they have in common, in words."""
        if self.condition is not None:
            return f"with `{self.condition[0]}: {self.condition[1]}`"
        if self.tag:
            return f"with the tag `#{self.tag}`"
        return f"in {', '.join(f'`{path}`' for path in self.paths)}"


class SectionProposal(NamedTuple):
    """A section. `key` tells it from others, `having` are the notes that have it.

    `level` is that of all its headings, None where they differ. `examples` are headings that a
    glob stands for. `loose`: it stands anywhere, while all others keep an order.
    """

    key: str
    headings: tuple[str, ...]
    having: frozenset[int]
    required: bool
    level: int | None = None
    repeat: bool = False
    loose: bool = False
    examples: tuple[str, ...] = ()


class PropertyProposal(NamedTuple):
    """A property. `having` are the notes in which it has a value, `odd` those with another value
    or type than is proposed.
    """

    name: str
    having: frozenset[int]
    required: bool
    type: PropertyType | None = None
    values: tuple[Value, ...] = ()
    odd: frozenset[int] = frozenset()


Asked = SectionProposal | PropertyProposal


@dataclass
class TypeProposal:
    """A type. `disordered` are the notes that do not keep the order, None where none is asked.

    `template` is the note that they seem to be made from; `from_template`: all its sections are
    the type's. `ignored` are rules that many notes would break, with the notes that do.
    `deviating` are the notes in which a check finds anything.
    """

    name: str
    group: Group
    sections: list[SectionProposal] = field(default_factory=list)
    properties: list[PropertyProposal] = field(default_factory=list)
    disordered: frozenset[int] | None = None
    template: str = ""
    from_template: bool = False
    ignored: dict[str, frozenset[int]] = field(default_factory=dict)
    deviating: frozenset[int] = frozenset()

    @property
    def members(self) -> frozenset[int]:
        """The notes of the type."""
        return self.group.members

    @property
    def required(self) -> list[Asked]:
        """All that is asked of each note."""
        sections: list[Asked] = [section for section in self.sections if section.required]
        return sections + [each for each in self.properties if each.required]

    @property
    def asks(self) -> bool:
        """Is anything asked of the notes?"""
        return bool(self.required)


def share(part: int, whole: int) -> float:
    """A part of a whole, 0 of nothing."""
    return part / whole if whole else 0.0


def is_enough(having: int, count: int) -> bool:
    """Have so many notes something that it can be asked of all? Of a few, all but one must."""
    return share(having, count) >= ENOUGH and (count >= 8 or count - having <= 1)
