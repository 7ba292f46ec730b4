"""`[types.<name>]`: how a configuration or a pack describes types of notes, and what it comes to.

`Types.read` checks the tables, adds what a type inherits and what its template holds, and makes the
values that notes are compared with. Whatever is wrong is a UserError with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import msgspec
from msgspec import Struct, field

from vaultlint.facts import fold_name
from vaultlint.json_schema import BadSchema, SchemaExtraMissing, require_schema
from vaultlint.matching import composed
from vaultlint.model import UserError
from vaultlint.nearest import did_you_mean
from vaultlint.plans import extend, plan_of_template, section_key, with_manner
from vaultlint.property_types import NAMES as TYPE_NAMES
from vaultlint.property_types import has_type
from vaultlint.schema import (
    ALL_LEVELS,
    AnyOf,
    ContentKind,
    ContentSpec,
    NoteType,
    Order,
    Other,
    Presence,
    PropertySpec,
    PropertyType,
    SectionPlan,
    SectionSpec,
    heading_pattern,
    is_pattern,
    value_pattern,
)
from vaultlint.templates import Template

Keys = tuple[str | int, ...]
Texts = str | tuple[str, ...]


class ContentTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="kebab"):
    """What a section holds. Words and items are counted in it and in the sections below it."""

    min_words: int = 0
    max_words: int | None = None
    min_subsections: int = 0
    min_items: int = 0
    contains: tuple[ContentKind, ...] = ()
    not_contains: tuple[ContentKind, ...] = ()
    template_text: Texts = ()


class SectionTable(ContentTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A section: `heading` is a text, a glob, `/a regular expression/`, or a list of spellings.

    `any-of` takes the place of `heading`: one of these sections is enough.
    """

    heading: Texts = ()
    any_of: tuple[SectionTable, ...] = ()
    level: int | str | tuple[int, int] | None = None
    required: bool | None = None
    optional: bool | None = None
    forbidden: bool | None = None
    repeat: bool = False
    sections: tuple[SectionTable, ...] = ()
    order: Order | None = None
    other: Other | None = None


class PropertyTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="kebab"):
    """A property: its type, and the values that it may have."""

    required: bool | None = None
    optional: bool | None = None
    forbidden: bool | None = None
    type: PropertyType | None = None
    values: tuple[str | int | float | bool, ...] = ()
    pattern: str = ""
    min: float | None = None
    max: float | None = None
    min_items: int = 0
    max_items: int | None = None
    link: bool = False
    link_type: str = ""
    unique: bool = False


#: Keys of a property's table that make sense with some types only.
_KEYS_BY_TYPE: Mapping[str, frozenset[PropertyType]] = {
    "pattern": frozenset(("text", "list", "tags", "date", "datetime")),
    "min": frozenset(("number", "list")),
    "max": frozenset(("number", "list")),
    "min-items": frozenset(("list", "tags")),
    "max-items": frozenset(("list", "tags")),
    "link": frozenset(("text", "list")),
    "link-type": frozenset(("text", "list")),
    "unique": frozenset(("text", "list", "number", "date", "datetime")),
}


def contradictions(table: PropertyTable) -> Iterator[tuple[str, str]]:
    """What in a property's table cannot hold together: a key, and why. The pattern compiles."""
    names = zip(table.__struct_encode_fields__, table.__struct_fields__, strict=True)
    nothing = PropertyTable()
    given = {
        key: value
        for key, name in names
        if (value := getattr(table, name)) != getattr(nothing, name)
    }
    asked = [key for key in given if key not in ("required", "optional", "forbidden")]
    if table.forbidden and asked:
        yield asked[0], f"a forbidden property has no `{asked[0]}`"
    for key, types in _KEYS_BY_TYPE.items():
        if key in given and table.type and table.type not in types:
            yield key, f'`{key}` makes no sense with `type = "{table.type}"`'
    for low, high in (("min", "max"), ("min-items", "max-items")):
        if low in given and high in given and given[low] > given[high]:
            yield high, f"`{high}` is less than `{low}`"
    for key in ("min-items", "max-items"):
        if given.get(key, 0) < 0:
            yield key, f"`{key}` is not below 0"
    for value in table.values:
        fault = _fault_of_choice(value, table)
        if fault:
            yield "values", f"`{value}` {fault}"


def _fault_of_choice(value: str | float | bool, table: PropertyTable) -> str:
    """Why one of a property's `values` can never stand, by the rest of its table."""
    if table.type not in (None, "list", "tags") and not has_type(value, table.type):
        return f"is not {TYPE_NAMES[table.type]}"
    if table.pattern and not value_pattern(table.pattern).fullmatch(str(value)):
        return f"is not of the pattern `{table.pattern}`"
    if not has_type(value, "number"):
        return ""
    assert isinstance(value, int | float)
    too_small = table.min is not None and value < table.min
    too_large = table.max is not None and value > table.max
    return "is not between `min` and `max`" if too_small or too_large else ""


class TypeTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="kebab"):
    """A type of notes: which notes have it, their sections and their properties.

    In `properties` a plain value is a condition (`true`: any value), a table says what the property
    is like, and the list `required` names those that must be there.
    """

    extends: str = ""
    paths: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    properties: dict[str, PropertyTable | tuple[str, ...] | str | int | float | bool] = field(
        default_factory=dict
    )
    template: str = ""
    sections: tuple[SectionTable, ...] = ()
    order: Order | None = None
    other: Other | None = None
    opening: ContentTable | None = None
    other_properties: Other | None = None
    schema: str = ""
    index: Texts | None = None


class Places(Protocol):
    """Where the keys of a file stand."""

    def at(self, keys: Keys) -> str:
        """The file and line of a key, as error messages begin."""

    def origin(self, keys: Keys) -> str:
        """The file's name and the line of a key, as findings name what asks for something."""


class Source(Struct, frozen=True):
    """The types of one file. `read` gives the text of a file that it names, at some keys.

    `locate` gives the path in its vault of a file that it names.
    """

    tables: Mapping[str, TypeTable]
    places: Places
    read: Callable[[str, Keys], str]
    locate: Callable[[str], str] = str


class Types:
    """Makes note types of tables; those of `library` are there to be extended."""

    def __init__(self, source: Source, library: Callable[[], Mapping[str, Source]]) -> None:
        self._own = source
        self._library = library
        self._made: dict[str, NoteType] = {}
        self._open: list[str] = []

    def read(self) -> dict[str, NoteType]:
        """All types of the configuration, by name. Raises UserError."""
        types = {name: self._make(name, self._own) for name in self._own.tables}
        named = dict.fromkeys(table.template for table in self._own.tables.values())
        templates = tuple(self._own.locate(each) for each in named if each)
        for name, note_type in types.items():
            types[name] = msgspec.structs.replace(note_type, templates=templates)
            for spec in note_type.properties:
                if spec.link_type and spec.link_type not in types:
                    keys = ("types", name, "properties", spec.name, "link-type")
                    near = did_you_mean(spec.link_type, types)
                    where = self._own.places.at(keys)
                    raise UserError(f"{where}: no type `{spec.link_type}`{near}")
        return types

    def _make(self, name: str, source: Source) -> NoteType:
        if name not in self._made:
            self._open.append(name)
            self._made[name] = _Maker(name, source, self._base).make()
            self._open.pop()
        return self._made[name]

    def _base(self, name: str, where: str) -> NoteType:
        """The type that another one extends."""
        if name in self._open:
            ring = " extends ".join(f"`{each}`" for each in (*self._open, name))
            raise UserError(f"{where}: a type cannot extend itself: {ring}")
        if name in self._own.tables:
            return self._make(name, self._own)
        library = self._library()
        if name not in library:
            near = did_you_mean(name, (*self._own.tables, *library))
            raise UserError(f"{where}: no type `{name}`{near}")
        return self._make(name, library[name])


class _Maker:
    """Makes one type."""

    def __init__(
        self, name: str, source: Source, find_base: Callable[[str, str], NoteType]
    ) -> None:
        self._name = name
        self._table = source.tables[name]
        self._places = source.places
        self._read = source.read
        self._find_base = find_base
        self._keys: Keys = ("types", name)

    def make(self) -> NoteType:
        table, origin = self._table, self._places.origin
        base = NoteType(name="", origin="")
        if table.extends:
            base = self._find_base(table.extends, self._at("extends"))
        template = self._template()
        laid_out = plan_of_template(template.sections, origin((*self._keys, "template")))
        plan = extend(laid_out, base.plan, base.plan.order, base.plan.other)
        own = self._plan(table, self._keys)
        properties = {fold_name(spec.name): spec for spec in base.properties}
        properties |= {fold_name(spec.name): spec for spec in self._properties()}
        conditions = dict(base.conditions)
        conditions |= {
            key: value
            for key, value in table.properties.items()
            if isinstance(value, str | int | float | bool)
        }
        if isinstance(table.properties.get("required"), str | int | float | bool):
            where = self._at("properties", "required")
            raise UserError(f'{where}: `required` is a list of properties: write `["…"]`')
        paths = base.paths if table.paths is None else tuple(self._paths(table.paths))
        tags = base.tags if table.tags is None else frozenset(map(_fold_tag, table.tags))
        if not (paths or tags or conditions):
            tags, conditions = frozenset(map(_fold_tag, template.tags)), dict(template.properties)
        return msgspec.structs.replace(
            base,
            name=self._name,
            origin=origin(self._keys),
            bases=base.bases | {base.name} if base.name else frozenset(),
            paths=paths,
            tags=tags,
            conditions=conditions,
            template=table.template or base.template,
            plan=extend(plan, own, table.order, table.other),
            properties=tuple(properties.values()),
            **self._rest(),
        )

    def _rest(self) -> dict[str, object]:
        """What takes the place of what is inherited."""
        table, found = self._table, dict[str, object]()
        if table.opening is not None:
            opening = self._content(table.opening, (*self._keys, "opening"))
            found |= {"opening": opening, "opening_origin": self._origin("opening")}
        if table.other_properties is not None:
            found["other_properties"] = table.other_properties
            found["other_properties_origin"] = self._origin("other-properties")
        if table.schema:
            found["schema"] = self._schema(table.schema)
            found["schema_origin"] = self._origin("schema")
        if table.index is not None:
            found |= {"index": _texts(table.index), "index_origin": self._origin("index")}
        return found

    def _schema(self, name: str) -> str:
        text = self._read(name, (*self._keys, "schema"))
        try:
            require_schema(text)
        except SchemaExtraMissing as error:
            raise UserError(f"{self._at('schema')}: {error}") from error
        except BadSchema as error:
            raise UserError(f"{self._at('schema')}: the schema `{name}` {error}") from error
        return text

    def _at(self, *keys: str | int) -> str:
        return self._places.at((*self._keys, *keys))

    def _origin(self, *keys: str | int) -> str:
        return self._places.origin((*self._keys, *keys))

    def _template(self) -> Template:
        if not self._table.template:
            return Template()
        return Template.read(self._read(self._table.template, (*self._keys, "template")))

    def _paths(self, globs: Sequence[str]) -> Iterator[str]:
        """The globs of a type; the name of a folder means all that is in it."""
        for number, glob in enumerate(globs):
            where = self._at("paths", number)
            name = glob.removeprefix("./")
            if not name.strip("/ "):
                raise UserError(f"{where}: `{glob}` is no path: for all notes write `**`")
            if name.startswith("../"):
                raise UserError(
                    f"{where}: `{glob}` leads out of the vault: paths begin at its root"
                )
            if _BRACES.search(name):
                raise UserError(f"{where}: braces mean themselves in `{glob}`: write one path each")
            is_folder = not _WILDCARD.search(name) and not _IS_FILE.search(name)
            yield f"{name.rstrip('/')}/**" if is_folder else name

    # --- sections ---

    def _plan(self, table: TypeTable | SectionTable, keys: Keys) -> SectionPlan:
        specs: list[SectionSpec] = []
        for index, section in enumerate(table.sections):
            at: Keys = (*keys, "sections", index)
            if section.any_of:
                specs += self._alternatives(section, at)
            else:
                specs.append(self._section(section, at))
        self._refuse_twice(specs)
        plan = SectionPlan(specs=tuple(specs))
        return with_manner(plan, table.order, table.other)

    def _alternatives(self, table: SectionTable, keys: Keys) -> Iterator[SectionSpec]:
        if table != SectionTable(any_of=table.any_of, required=table.required):
            raise UserError(
                f"{self._places.at(keys)}: `any-of` stands alone, with its sections in it"
            )
        for index, section in enumerate(table.any_of):
            at = (*keys, "any-of", index)
            if section.any_of or section.required or section.forbidden:
                where = self._places.at(at)
                raise UserError(f"{where}: sections in `any-of` are neither required nor forbidden")
            spec = self._section(section, at)
            alternatives = None
            if table.required is not False:
                alternatives = AnyOf(self._places.origin(keys), ".".join(map(str, keys)))
            yield msgspec.structs.replace(spec, presence="optional", alternatives=alternatives)

    def _section(self, table: SectionTable, keys: Keys) -> SectionSpec:
        where = self._places.at(keys)
        headings = _texts(table.heading)
        if not headings or not all(map(str.strip, headings)):
            raise UserError(f"{where}: a section needs a `heading`, or `any-of`")
        for number, heading in enumerate(headings):
            if not is_pattern(heading):
                continue
            try:
                heading_pattern(heading)
            except re.error as error:
                at = self._places.at((*keys, "heading", number))
                raise UserError(f"{at}: `{heading}` does not compile: {error}") from error
        nested = self._plan(table, keys) if table.sections or table.other else None
        return SectionSpec(
            headings=headings,
            origin=self._places.origin(keys),
            presence=self._presence(table, keys, "required"),
            levels=self._levels(table.level, (*keys, "level")),
            repeat=table.repeat,
            content=self._content(table, keys),
            sections=nested,
        )

    def _presence(
        self, table: SectionTable | PropertyTable, keys: Keys, default: Presence
    ) -> Presence:
        words: tuple[Presence, ...] = ("required", "optional", "forbidden")
        said = [word for word in words if getattr(table, word)]
        if len(said) > 1:
            names = " and ".join(f"`{word}`" for word in said)
            raise UserError(f"{self._places.at((*keys, said[1]))}: {names} contradict each other")
        if said:
            return said[0]
        return "optional" if table.required is False else default

    def _levels(self, level: int | str | tuple[int, int] | None, keys: Keys) -> tuple[int, int]:
        if level is None:
            return ALL_LEVELS
        numbers = _LEVELS.fullmatch(level) if isinstance(level, str) else None
        if isinstance(level, int):
            first, last = level, level
        elif isinstance(level, str):
            first, last = (int(numbers[1]), int(numbers[2] or numbers[1])) if numbers else (0, 0)
        else:
            first, last = level
        if not 1 <= first <= last <= 6:
            raise UserError(
                f"{self._places.at(keys)}: `level` is a number from 1 to 6, or a range like `2-3`"
            )
        return first, last

    def _content(self, table: ContentTable, keys: Keys) -> ContentSpec:
        for name in ("min_words", "max_words", "min_subsections", "min_items"):
            value = getattr(table, name)
            if value is not None and value < 0:
                key = name.replace("_", "-")
                raise UserError(f"{self._places.at((*keys, key))}: `{key}` is not below 0")
        if table.max_words is not None and table.max_words < table.min_words:
            where = self._places.at((*keys, "max-words"))
            raise UserError(f"{where}: `max-words` is less than `min-words`")
        both = set(table.contains).intersection(table.not_contains)
        if both:
            where = self._places.at((*keys, "not-contains"))
            raise UserError(f"{where}: `{min(both)}` is in `contains` too")
        return ContentSpec(
            min_words=table.min_words,
            max_words=table.max_words,
            min_subsections=table.min_subsections,
            min_items=table.min_items,
            contains=table.contains,
            not_contains=table.not_contains,
            template_text=_texts(table.template_text),
        )

    def _refuse_twice(self, specs: Sequence[SectionSpec]) -> None:
        known: dict[str, SectionSpec] = {}
        for spec in specs:
            for heading in spec.headings:
                first = known.setdefault(section_key(heading), spec)
                if first is not spec:
                    twice = f"the section `{heading}` stands twice, first at {first.origin}"
                    raise UserError(f"{spec.origin}: {twice}")

    # --- properties ---

    def _properties(self) -> Iterator[PropertySpec]:
        tables = dict(self._table.properties)
        required = tables.get("required")
        names = required if isinstance(required, tuple) else ()
        given = {
            fold_name(name) for name, value in tables.items() if isinstance(value, PropertyTable)
        }
        for number, name in enumerate(names):
            if fold_name(name) not in given:
                origin = self._origin("properties", "required", number)
                yield PropertySpec(name=name, origin=origin, presence="required")
        asked = {fold_name(name) for name in names}
        seen: dict[str, str] = {}
        for name, value in tables.items():
            first = seen.setdefault(fold_name(name), name)
            if first != name:
                where = self._at("properties", name)
                raise UserError(f"{where}: `{name}` and `{first}` are one property to Obsidian")
            if isinstance(value, PropertyTable):
                yield self._property(name, value, required=fold_name(name) in asked)
            elif isinstance(value, tuple) and name != "required":
                raise UserError(
                    f"{self._at('properties', name)}: a list is a property's `values`: "
                    f"`{name} = {{ values = [...] }}`"
                )

    def _property(self, name: str, table: PropertyTable, *, required: bool) -> PropertySpec:
        keys: Keys = (*self._keys, "properties", name)
        try:
            value_pattern(table.pattern)
        except re.error as error:
            where = self._places.at((*keys, "pattern"))
            raise UserError(f"{where}: `{table.pattern}` does not compile: {error}") from error
        presence = self._presence(table, keys, "required" if required else "optional")
        if required and presence != "required":
            raise UserError(f"{self._places.at(keys)}: `{name}` is in `required` too")
        for key, message in contradictions(table):
            raise UserError(f"{self._places.at((*keys, key))}: {message}")
        given = {
            key: getattr(table, key)
            for key in PropertyTable.__struct_fields__
            if key not in ("required", "optional", "forbidden", "link")
        }
        return PropertySpec(
            name=name,
            origin=self._places.origin(keys),
            presence=presence,
            link=table.link or bool(table.link_type),
            **given,
        )


_BRACES = re.compile(r"\{[^{},]*+,[^{}]*+\}")
_WILDCARD = re.compile(r"[*?]")
_IS_FILE = re.compile(r"\.(?:md|markdown|canvas|base)\Z", re.IGNORECASE)
_LEVELS = re.compile(r"([0-9])(?:\s*+-\s*+([0-9]))?+")


def _texts(value: Texts) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _fold_tag(tag: str) -> str:
    return composed(tag.removeprefix("#")).lower()
