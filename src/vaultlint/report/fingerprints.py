"""Fingerprints: what tells a finding again in another version of the same files.

A fingerprint stays the same when lines are put before the finding, when spaces change, and when
other notes come or go. It changes with the note's path, the rule, and what the finding is about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import NamedTuple

from vaultlint.model import Violation
from vaultlint.text import Lines

#: Goes before all fingerprints are made in another way.
VERSION = "1"

#: A quoted text, or a number outside of one: numbers count what may change elsewhere.
_QUOTED_OR_NUMBER = re.compile(r"(`[^`]*`)|\d+")
_HINT = "; did you mean "
_LINE_END = re.compile(r"[\r\n]")


class Identity(NamedTuple):
    """What makes a finding the same one; `source` is a line of its text."""

    rule: str
    path: str
    message: str
    source: str
    about: str


def find_fingerprints(
    violations: Iterable[Violation], lines: Callable[[str], Lines]
) -> dict[Violation, str]:
    """The fingerprint of each finding, 32 hexadecimal digits.

    Findings that are equal but for their place are told apart by their order in the note. Equal
    values are one finding. `lines` gives the text of a file.
    """
    seen: Counter[Identity] = Counter()
    found: dict[Violation, str] = {}
    for violation in violations:
        if violation in found:
            continue
        identity = identify(violation, lines(violation.path).text)
        found[violation] = digest_identity(identity, seen[identity])
        seen[identity] += 1
    return found


def identify(violation: Violation, text: str) -> Identity:
    """What makes a finding the same one: rule, path, message, source text, and what it is about.

    Of the source text the first line counts; of the message neither numbers nor suggestions do.
    """
    source = text[violation.span.start : violation.span.end].lstrip("\r\n")
    return Identity(
        violation.rule,
        violation.path,
        normalize_message(violation.message),
        _squeeze(_LINE_END.split(source, maxsplit=1)[0]),
        violation.about,
    )


def normalize_message(message: str) -> str:
    """A message without what changes when something else does: numbers, and suggestions."""
    return _squeeze(_QUOTED_OR_NUMBER.sub(lambda match: match[1] or "0", without_hint(message)))


def without_hint(message: str) -> str:
    """A message without its suggestion."""
    return message.partition(_HINT)[0]


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def digest_identity(identity: Identity, number: int) -> str:
    """The fingerprint of a finding; `number` counts those of the same identity, from 0."""
    data = "\0".join((VERSION, *identity, str(number))).encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=16).hexdigest()
