"""Text and attributes of XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

#: What no XML 1.0 document can hold, in whatever way it is written.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Text between tags; characters that XML cannot hold become U+FFFD."""
    return escape(_IMPOSSIBLE.sub("\ufffd", text))


def xml_tag(name: str, attributes: Mapping[str, object], *, empty: bool = False) -> str:
    """A start tag, or an empty element."""
    parts = [name]
    parts += [
        f"{key}={quoteattr(_IMPOSSIBLE.sub(chr(0xFFFD), str(value)))}"
        for key, value in attributes.items()
    ]
    return f"<{' '.join(parts)}{'/' if empty else ''}>"
