"""JSON Schema for the properties of notes. The library that knows it is an extra, `[schema]`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

#: What messages call the value that a fault is about.
_MASK = "the value"


class BadSchema(Exception):
    """A schema that cannot be used; the message says why."""


class SchemaExtraMissing(BadSchema):
    """The library that reads schemas is not installed."""


class SchemaFault(NamedTuple):
    """What a schema finds: the keys and indexes that lead to the value, and what is wrong with it.

    `keyword` is the word of the schema that asks for it. `of_key`: its name is wrong, no value.
    """

    path: tuple[str | int, ...]
    message: str
    keyword: str
    of_key: bool = False


def require_schema(text: str) -> None:
    """Raise BadSchema where a text is no JSON Schema, or where the extra is not installed."""
    _compile(text)


@lru_cache(maxsize=64)
def _compile(text: str) -> tuple[Any, Any]:
    """The schema as a value, and its validator."""
    schema = _read(text)
    try:
        import jsonschema_rs
    except ImportError as error:
        message = "JSON schemas need an extra: `pip install 'vaultlint[schema]'`"
        raise SchemaExtraMissing(message) from error
    try:
        validator = jsonschema_rs.validator_for(
            schema, mask=_MASK, validate_formats=True, retriever=_refuse
        )
    except jsonschema_rs.ValidationError as error:
        at = "/".join(map(str, error.instance_path))
        where = f" at `{at}`" if at else ""
        written = json.dumps(_value_at(schema, tuple(error.instance_path)), ensure_ascii=False)
        written = written if len(written) <= 60 else f"{written[:59]}…"
        message = error.message.replace(_MASK, written)
        raise BadSchema(f"is no valid JSON schema{where}: {message}") from error
    except ValueError as error:
        raise BadSchema(f"is no valid JSON schema: {error}") from error
    return schema, validator


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadSchema(f"is no JSON: {place}: {error.msg}") from error
    except RecursionError as error:
        raise BadSchema("is nested too deeply") from error


def _refuse(uri: str) -> NoReturn:  # noqa: ARG001  # the library passes it
    """A schema stands in one file: nothing is fetched."""
    raise ValueError("a schema cannot refer to other files")


def property_names(text: str) -> frozenset[str]:
    """The properties that a schema names; none where there is no schema."""
    return frozenset(_named(text, "properties")) | frozenset(_named(text, "required"))


def _named(text: str, keyword: str) -> list[str]:
    schema = _compile(text)[0] if text else None
    names = schema.get(keyword) if isinstance(schema, dict) else None
    return [name for name in names or () if isinstance(name, str)]


def find_faults(text: str, properties: Mapping[str, object]) -> list[SchemaFault]:
    """What is wrong with the properties of a note, by a schema.

    A key is taken for the one that the schema names, whatever its letter case. Of a value that is
    empty it is said only where the schema requires the property.
    """
    _, validator = _compile(text)
    spellings = {name.lower(): name for name in property_names(text)}
    written = {spellings.get(key.lower(), key): key for key in properties}
    instance = {name: properties[key] for name, key in written.items()}
    required = _named(text, "required")
    faults = []
    for error in validator.iter_errors(instance):
        path = tuple(error.instance_path)
        if path and path[0] in written:
            path = (written[path[0]], *path[1:])
        empty = bool(path) and _value_at(properties, path) is None
        if not empty:
            faults += _faults(error, path)
        elif len(path) == 1 and spellings.get(str(path[0]).lower()) in required:
            faults.append(
                SchemaFault(
                    path,
                    f"`{path[0]}` is empty, and the schema requires it",
                    "required",
                    of_key=True,
                )
            )
    return faults


def _value_at(value: Any, path: tuple[str | int, ...]) -> object:
    for step in path:
        value = value[step]
    return value


def _faults(error: ValidationError, path: tuple[str | int, ...]) -> list[SchemaFault]:
    keyword = error.kind.name
    if keyword in ("additionalProperties", "unevaluatedProperties"):
        return [
            SchemaFault((*path, name), f"the schema has no property `{name}`", keyword, of_key=True)
            for name in error.kind.as_dict()["unexpected"]
        ]
    shown = ".".join(map(str, path))
    if keyword == "required":
        owner = f"`{shown}` has" if path else "there is"
        name = error.kind.as_dict()["property"]
        message = f"{owner} no property `{name}`, which the schema requires"
        return [SchemaFault(path, message, keyword)]
    what = f"`{shown}`" if path else "the frontmatter"
    message = error.message
    if keyword == "falseSchema":
        message = f"{what} is not allowed by the schema"
    elif keyword in ("anyOf", "oneOf"):
        number = "more than one" if "more than one" in message else "none"
        message = f"{what} fits {number} of the alternatives of the schema, `{keyword}`"
    elif message.startswith(_MASK):
        message = what + message.removeprefix(_MASK)
    elif path:
        message = f"{what}: {message}"
    return [SchemaFault(path, message, keyword)]
