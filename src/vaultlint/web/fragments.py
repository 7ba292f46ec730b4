"""The parts of a page that addresses can name with `#`."""

from __future__ import annotations

import re
from html import unescape

#: An attribute that names a part. In comments and scripts it names none; there it does no harm.
_ANCHOR = re.compile(
    r"""(?<![\w-])(?:id|name)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>=`]++))""", re.IGNORECASE
)
#: GitHub and others put this before the ids that their readers' texts have.
_PREFIX = "user-content-"


def names_part(fragment: str) -> bool:
    """Does a fragment name a part of a page, and nothing that a script or a viewer reads?"""
    is_other = fragment.startswith(("/", "!", "^", ":~:")) or "=" in fragment or ":~:" in fragment
    return bool(fragment) and fragment.lower() != "top" and not is_other


class Parts:
    """The names of the parts of a page; `are_known`: it says of itself what it has."""

    def __init__(self, body: bytes, charset: str) -> None:
        self._is_unicode = charset.lower().replace("_", "-") in ("", "utf-8", "utf8", "us-ascii")
        text = body.decode("utf-8", "replace")
        self._names = {
            unescape(next(filter(None, found.groups()), "")) for found in _ANCHOR.finditer(text)
        }
        self.are_known = bool(self._names)

    def has(self, fragment: str) -> bool:
        """Is there such a part, or may there be?"""
        if not self.are_known or not (self._is_unicode or fragment.isascii()):
            return True
        return fragment in self._names or f"{_PREFIX}{fragment}" in self._names
