"""What is known of an address of the web, once somebody has asked."""

from __future__ import annotations

from typing import Literal, NamedTuple

#: Of a page that is unknown nothing is said: its site may be down, or may not answer programs.
Verdict = Literal["alive", "dead", "unknown"]


class Answer(NamedTuple):
    """What came of an address.

    `reason` says in a few words why it is dead or unknown. `moved_to` is the address that it has
    for good now, `secure` the one with `https://` that answers as well; both are empty where there
    is none, and never set together.
    """

    verdict: Verdict
    reason: str = ""
    moved_to: str = ""
    secure: str = ""
