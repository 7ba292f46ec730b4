"""What proposed types are called, and which template their notes are made from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from vaultlint.facts import NoteFacts
from vaultlint.learn.headings import singular
from vaultlint.learn.proposal import SectionProposal, TypeProposal, share
from vaultlint.learn.survey import Survey, written_heading
from vaultlint.matching import fold, fold_heading, text_glob
from vaultlint.schema import bare_heading, is_pattern
from vaultlint.template_text import PLACEHOLDER

_TEMPLATE_WORD = re.compile(r"\b(?:templates?|tpl|vorlage)\b", re.IGNORECASE)
#: The share of a type's sections that its template has.
_AGREEING = 0.7
_NOT_IN_NAME = re.compile(r"[^\w]+")


def name_types(survey: Survey, proposals: Sequence[TypeProposal]) -> None:
    """Give each type a name of its own, and the template that agrees with its sections."""
    free: dict[str, NoteFacts] = {note.path: note for note in survey.templates}
    taken: set[str] = set()
    for proposal in proposals:
        template = free.pop(_find_template(proposal, free), None)
        if template is not None:
            proposal.template = template.path
            _adopt(proposal, template)
        name = base = _name(proposal)
        number = 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        proposal.name = name


def _name(proposal: TypeProposal) -> str:
    group = proposal.group
    if group.condition is not None:
        source = str(group.condition[1]).rpartition("/")[2]
    elif group.tag:
        source = group.tag.rpartition("/")[2]
    elif proposal.from_template:
        stem = proposal.template.rpartition("/")[2].removesuffix(".md")
        source = _TEMPLATE_WORD.sub("", stem)
    else:
        source = _of_folders(group.paths)
    words = [word for word in _NOT_IN_NAME.split(singular(source).replace("_", "-")) if word]
    return "-".join(words).strip("-") or "note"


def _of_folders(paths: Sequence[str]) -> str:
    """The folder of one path, and of several the one that holds them all."""
    parts = [path.rstrip("*").rstrip("/").split("/") for path in paths]
    if len(parts) == 1:
        return parts[0][-1]
    common = []
    for names in zip(*parts, strict=False):
        if len(set(names)) > 1:
            break
        common.append(names[0])
    return common[-1] if common else "topic"


def _find_template(proposal: TypeProposal, templates: Mapping[str, NoteFacts]) -> str:
    """The template whose headings are the sections of the type, "" where there is none."""
    best, found = 0.0, ""
    wanted = [section for section in proposal.sections if section.required]
    if len(wanted) < 2:
        return ""
    group = proposal.group
    about = _words(*group.paths, group.tag, str(group.condition[1]) if group.condition else "")
    about |= _words(*(path.removesuffix("/**").rpartition("/")[0] for path in group.paths))
    globs = [[text_glob(fold(h)) for h in section.headings] for section in proposal.sections]
    for path, template in templates.items():
        texts = [PLACEHOLDER.sub("x", heading.text) for heading in template.headings]
        keys = [key for key in map(bare_heading, texts) if key not in ("", "x")]
        held = [any(g.fullmatch(key) for g in each for key in keys) for each in globs]
        asked = sum(h for h, s in zip(held, proposal.sections, strict=True) if s.required)
        agreement = share(asked, len(wanted))
        if agreement < _AGREEING or sum(held) < 2:
            continue
        known = sum(any(g.fullmatch(key) for each in globs for g in each) for key in keys)
        fitness = agreement + share(known, len(keys)) + bool(_words(path) & about)
        if fitness > best:
            best, found = fitness, path
    return found


def _words(*paths: str) -> set[str]:
    """The words of the last names of paths, in the singular."""
    names = " ".join(p.removesuffix("/**").removesuffix("/*").rpartition("/")[2] for p in paths)
    return {singular(word) for word in _NOT_IN_NAME.split(names)} - {"template", "md", "note", ""}


def _adopt(proposal: TypeProposal, template: NoteFacts) -> None:
    """Let the sections of the type be those of the template, if it has no other ones.

    A section is the same in both where they have a spelling in common, so the type gets that of
    the template too.
    """
    sections = list(proposal.sections)
    for heading in _outermost(template):
        text = written_heading(PLACEHOLDER.sub("*", heading))
        key = bare_heading(PLACEHOLDER.sub("x", heading))
        at = _number_of(sections, key)
        if at is None or is_pattern(text) or not text.isprintable():
            return
        known = sections[at].headings
        if fold_heading(text) not in map(fold_heading, known):
            sections[at] = sections[at]._replace(headings=(*known, text))
    proposal.sections = sections
    proposal.from_template = True


def _outermost(template: NoteFacts) -> Iterator[str]:
    """The headings of a template that stand in no other one but its title."""
    level = 7
    for heading in template.headings:
        if heading.linkable and heading.level <= level and PLACEHOLDER.sub("", heading.text):
            level = heading.level
            yield heading.text


def _number_of(sections: Sequence[SectionProposal], key: str) -> int | None:
    for number, section in enumerate(sections):
        if any(text_glob(fold(heading)).fullmatch(key) for heading in section.headings):
            return number
    return None
