"""Which letter case a form of a term may have, and which one its correction gets."""

from __future__ import annotations

import re

from vaultlint.terms.fold import DASHES, unified
from vaultlint.terms.glossary import Case
from vaultlint.terms.words import word_set

_BETWEEN_PARTS = re.compile(rf"([\s{re.escape(DASHES)}]+)")

#: Words that stay small in titles.
_SMALL = word_set(
    """
    a an and as at but by de for from if in into la le nor of off on onto or over per than the to
    up upon via vs with
    """
)


def capitalised(text: str) -> str:
    """The text with a capital at its start; the rest stays."""
    return text[:1].upper() + text[1:]


def title_case(form: str) -> str:
    """The form with a capital at the start of each of its parts but the small words."""
    parts = _BETWEEN_PARTS.split(form)
    return "".join(
        part if number and part in _SMALL else capitalised(part)
        for number, part in enumerate(parts)
    )


def is_allowed(form: str, found: str, rule: Case) -> bool:
    """May `form` be written as `found`, which differs from it in letter case at most?

    Beside what the rule frees, title case is always free after the first letter: "AI-Powered" is
    "AI-powered", if each part that is no small word ("of", "the") has its capital.
    """
    if found == form:
        return True
    if rule == "any":
        return found.casefold() == form.casefold()
    if found[:1] != form[:1] and (rule == "exact" or found[:1].lower() != form[:1].lower()):
        return False
    return found[1:] == form[1:] or _is_title_case(form, found)


def _is_title_case(form: str, found: str) -> bool:
    parts, found_parts = _BETWEEN_PARTS.split(form), _BETWEEN_PARTS.split(found)
    return len(parts) == len(found_parts) and all(
        there == capitalised(part) or (there == part and (part in _SMALL or not part.islower()))
        for part, there in zip(parts, found_parts, strict=True)
    )


def in_style_of(found: str, form: str, rule: Case) -> str:
    """The form in the letter case of what is found, as far as `rule` allows.

    A capital at the start is kept if it is the only one, title case if the parts are the same.
    """
    title = title_case(form)
    styles = [form, title if title[:1] == form[:1] or rule != "exact" else form]
    if rule != "exact":
        styles.append(capitalised(form))
    plain = unified(found)
    for style in styles:
        if unified(style) == plain:
            return style
    if rule != "exact" and found[:1].isupper() and not any(map(str.isupper, found[1:])):
        return capitalised(form)
    return with_first_of(found, form) if rule != "exact" else form


def with_first_of(found: str, form: str) -> str:
    """The form with a small letter at its start if what is found has one; a name keeps capitals."""
    if found[:1].islower() and form[1:].islower():
        return form[:1].lower() + form[1:]
    return form


def in_case_of(found: str, wanted: str) -> str:
    """The wanted words with the leading capital, or all the capitals, of what is found."""
    if found.isupper() and len(found) > 1:
        return wanted.upper()
    return capitalised(wanted) if found[:1].isupper() else wanted
