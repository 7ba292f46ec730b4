"""Compounds in texts of any script; those of ASCII alone need not read this.

Scripts that are written without spaces (Chinese, Japanese; Korean with its particles) make words of
their own: in "database에" there are two.
"""

from __future__ import annotations

import re

from vaultlint.terms.fold import APOSTROPHES, DASHES, INVISIBLE

_UNSPACED = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3040-\u30ff\u3105-\u318f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\uff66-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_START = rf"[^\W_{_UNSPACED}]"
_PART = rf"(?:[a-zA-Z0-9]++|{_START}|[{_MARKS}{INVISIBLE}])++"
_JOINER = f"[{re.escape(APOSTROPHES + DASHES)}]"
#: A compound, with what trails it.
COMPOUND = re.compile(rf"{_START}(?:{_PART})?(?:{_JOINER}{_PART})*+|[{_UNSPACED}]++")
