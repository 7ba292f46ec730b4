"""What a key of the configuration takes, in the words of its users instead of a library's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from vaultlint.nearest import did_you_mean
from vaultlint.wording import or_list

_EXPECTED = re.compile(r"Expected `([^`]++)`(?: of length (\d++))?, got (?:`?([^`]++)`?)\Z")
_NO_CHOICE = re.compile(r"Invalid enum value (?:'(.*)'|(.*))", re.DOTALL)
_WORDS = {
    "str": 'a text, like `"…"`',
    "int": "a whole number",
    "float": "a number",
    "bool": "`true` or `false`",
    "array": "a list, like `[…]`",
    "object": "a table, like `{ … }`",
}
_GIVEN = {
    "str": "a text",
    "int": "a number",
    "float": "a number",
    "bool": "`true` or `false`",
    "array": "a list",
    "object": "a table",
}


def reword(message: str, name: str, kind: Any, *, in_list: bool = False) -> str:
    """A message of msgspec's about a key's value, told so that it says what to write.

    `kind` is the type of the value at fault, as far as it is known; `in_list`: it stands in the
    list that the key has.
    """
    named = f"an entry of `{name}`" if in_list else f"`{name}`"
    wrong = _NO_CHOICE.match(message)
    choices = list(dict.fromkeys(_choices(kind)))
    if wrong and choices:
        given = wrong[1] or wrong[2]
        return f"{named} is {or_list(choices)}, and not `{given}`{did_you_mean(given, choices)}"
    found = _EXPECTED.match(message)
    if not found:
        return f"{named}: {message[:1].lower()}{message[1:]}"
    expected, length, given = found[1], found[2], found[3]
    if length:
        return f"{named} is a list of {length}, and not of {given}"
    kinds = [word for word in expected.split(" | ") if word in _WORDS]
    wanted = " or ".join(_WORDS[word] for word in kinds) or f"`{expected}`"
    if given == "str" and kinds == ["array"]:
        return f'{named} is a list: write `["…"]`'
    if kinds == ["object"]:
        return f"`{name}` holds tables: write `{{ … }}`, and not {_GIVEN.get(given, given)}"
    return f"{named} is {wanted}, and not {_GIVEN.get(given, f'`{given}`')}"


def _choices(kind: Any) -> Iterator[str]:
    """The words that a type allows, alone, beside others, or in a list."""
    if get_origin(kind) is Literal:
        yield from map(str, get_args(kind))
    elif get_origin(kind) is not dict:
        for arg in get_args(kind):
            yield from _choices(arg)
