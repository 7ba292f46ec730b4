"""Which language a note is in: English, or another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from vaultlint.terms.context import ENGLISH, OTHER
from vaultlint.terms.words import HOLE, word_set

#: ISO 639-1. A property `language` may as well name a programming language.
_CODES = word_set(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia
    id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo
    lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl
    ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
    tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """
)
_NAMES = word_set(
    """
    arabic bengali bulgarian chinese croatian czech danish dutch finnish french german greek hebrew
    hindi hungarian indonesian italian japanese korean latin norwegian persian polish portuguese
    punjabi romanian russian serbian slovak spanish swahili swedish tamil thai turkish ukrainian
    urdu vietnamese
    arabe deutsch español français italiano nederlands polski português русский 中文 日本語 한국어
    """
)
_ENGLISH_NAMES = word_set("english eng")

_CODE = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9]++)*+")
_WORD = re.compile(r"[^\W\d_]+")

#: So much of a text is looked at, in code points.
_SAMPLE = 6000
#: Fewer words tell no language of Latin letters.
_FEWEST_WORDS = 12


def is_english_name(language: object) -> bool | None:
    """Whether a language, by code ("en-GB") or name, is English; None for what is no language."""
    if isinstance(language, list):
        answers = [answer for each in language if (answer := is_english_name(each)) is not None]
        return any(answers) if answers else None
    if not isinstance(language, str):
        return None
    name = language.strip().lower()
    code = _CODE.fullmatch(name)
    if name in _ENGLISH_NAMES or (code and code[1] == "en"):
        return True
    return False if name in _NAMES or (code and code[1] in _CODES) else None


def reads_as_english(text: str, is_word: Callable[[str], bool]) -> bool:
    """Is a text in English? A short one is, unless it is in another script.

    The function words decide; `is_word` (is it in an English dictionary?) is asked where there are
    hardly any.
    """
    found = [word.lower() for word in _WORD.findall(text, 0, _SAMPLE)]
    latin = [word for word in found if _is_latin(word)]
    if 2 * len(latin) < len(found):
        return False
    if len(latin) < _FEWEST_WORDS:
        return True
    english = sum(word in ENGLISH for word in latin)
    other = sum(word in OTHER for word in latin)
    if other > english and 10 * other > len(latin):
        return False
    if 7 * english >= len(latin):
        return True
    return 5 * sum(map(is_word, latin)) >= 3 * len(latin)


def _is_latin(word: str) -> bool:
    return word[0] < "\u0250" or "\u1e00" <= word[0] <= "\u1eff"


def sample_of(pieces: Iterable[str]) -> str:
    """The beginning of a text that comes in pieces, enough to tell its language."""
    kept, length = [], 0
    for piece in pieces:
        kept.append(piece)
        length += len(piece)
        if length > _SAMPLE:
            break
    return "\n".join(kept).replace(HOLE, " ")
