"""What was answered before, in a file that lasts from run to run.

It is JSON, sorted, so that a repository or a CI may keep it. Whatever it holds, the worst that
comes of it is that addresses are asked again.
"""

from __future__ import annotations

import os
from contextlib import suppress
from time import time
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from vaultlint.answers import Answer, Verdict
from vaultlint.cache import prepare_folder, read_regular, write_file
from vaultlint.fingerprint import snapshot_name

_VERSION = 1
_DAY = 86_400
#: What is dead or unknown is asked again after so many days, if not sooner.
_FAILURE_DAYS = 1.0
_LARGEST = 64_000_000

_Text = Annotated[str, Meta(max_length=4_096)]


class Entry(Struct, frozen=True, omit_defaults=True):
    """What was answered of an address, and when, in seconds since 1970.

    `parts` tells of parts of its page whether they are there.
    """

    asked: int
    verdict: Verdict
    reason: _Text = ""
    moved_to: _Text = ""
    secure: _Text = ""
    parts: dict[str, bool] = {}

    @property
    def answer(self) -> Answer:
        """The answer, whatever part of the page is meant."""
        return Answer(self.verdict, self.reason, self.moved_to, self.secure)


class _File(Struct, frozen=True):
    version: int
    answers: dict[str, Entry]


_read = msgspec.json.Decoder(_File).decode


class Known:
    """The answers of a vault; `folder` is that of its cache (None: nothing is kept)."""

    def __init__(self, folder: str | None, root: str, max_age: float) -> None:
        self._folder = folder
        self._max_age = max_age
        self._path = ""
        self._entries: dict[str, Entry] = {}
        self._is_new = False
        if folder is not None:
            name = snapshot_name(root, os.path.dirname(folder), ("web",))
            self._path = os.path.join(folder, f"{name}.web.json")
            self._entries = self._load()

    def _load(self) -> dict[str, Entry]:
        try:
            file = _read(read_regular(self._path, _LARGEST))
        except (OSError, ValueError, RecursionError):
            return {}
        if file.version != _VERSION:
            return {}
        with suppress(OSError):  # what is in use is not deleted by its age
            os.utime(self._path)
        now = time()
        return {
            address: entry
            for address, entry in file.answers.items()
            if now - self._age_of(entry) < entry.asked <= now + _DAY and _makes_sense(entry)
        }

    def _age_of(self, entry: Entry) -> float:
        """The seconds for which an answer holds."""
        is_good = entry.verdict == "alive" and all(entry.parts.values())
        return _DAY * (self._max_age if is_good else min(self._max_age, _FAILURE_DAYS))

    def get(self, address: str) -> Entry | None:
        """What was answered of an address."""
        return self._entries.get(address)

    def put(self, address: str, answer: Answer, parts: dict[str, bool], *, lasts: bool) -> Entry:
        """Note an answer; it is kept if it `lasts`."""
        entry = Entry(int(time()), *answer, parts)
        if lasts:
            self._entries[address] = entry
            self._is_new = True
        return entry

    def save(self) -> None:
        """Write what is new. Raises OSError."""
        if not self._is_new or self._folder is None or self._max_age == 0:
            return
        answers = dict(sorted(self._entries.items()))
        data = msgspec.json.encode(_File(_VERSION, answers))
        prepare_folder(self._folder)
        write_file(self._path, msgspec.json.format(data, indent=1) + b"\n")
        self._is_new = False


def _makes_sense(entry: Entry) -> bool:
    """Are the addresses of an answer some that may be proposed?"""
    return all(
        not address or (address.startswith(("http://", "https://")) and address.isprintable())
        for address in (entry.moved_to, entry.secure)
    )
