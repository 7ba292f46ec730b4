"""Keys of a configuration may be written with `_` in the place of `-`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args, get_origin, get_type_hints

import msgspec


def with_hyphens(data: Any, kind: Any) -> Any:
    """The data that is to become a `kind`, with all keys of Structs as those are named.

    Names that the user chose, the keys of mappings, stay as they are.
    """
    if isinstance(data, Mapping):
        struct = next((each for each in _each(kind) if _is_struct(each)), None)
        if struct is not None:
            return _respell(data, struct)
        mapping = next((each for each in _each(kind) if get_origin(each) is dict), None)
        if mapping is not None:
            return {key: with_hyphens(value, get_args(mapping)[1]) for key, value in data.items()}
    elif isinstance(data, list):
        sequence = next((each for each in _each(kind) if get_origin(each) is tuple), None)
        if sequence is not None:
            return [with_hyphens(item, get_args(sequence)[0]) for item in data]
    return data


def _respell(data: Mapping[str, Any], struct: Any) -> dict[str, Any]:
    names = dict(zip(struct.__struct_encode_fields__, struct.__struct_fields__, strict=True))
    hints = get_type_hints(struct)
    found = {}
    for key, value in data.items():
        hyphens = key.replace("_", "-")
        name = hyphens if key not in names and hyphens in names and hyphens not in data else key
        found[name] = with_hyphens(value, hints[names[name]]) if name in names else value
    return found


def _each(kind: Any) -> tuple[Any, ...]:
    """The types of a union, or the one type."""
    args = get_args(kind)
    return args if args and get_origin(kind) not in (dict, tuple, list) else (kind,)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
