"""What the links of a note need of the vault: remembered with it, and cheap to look at."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class DamagedRecord(Exception):
    """Bytes that should be a record are none."""


#: What reading bytes that are no record of ours raises.
UNREADABLE = (msgspec.MsgspecError, ValueError, TypeError, RecursionError)


class Anchor(NamedTuple):
    """A link's file, which it finds for certain, and the part of it that has yet to be found.

    `as_page`: the part is an anchor as Markdown sites make them.
    """

    target: str
    subpath: str
    as_page: bool


class Ties(NamedTuple):
    """What a note's links need of the vault, as far as the names of its files tell.

    `uncertain`: a link leads to no file, to several, to one by accident, to one that git does not
    know, or to a view of a base. Of all other links only the `anchors` can turn out broken.
    """

    uncertain: bool
    anchors: tuple[Anchor, ...]
