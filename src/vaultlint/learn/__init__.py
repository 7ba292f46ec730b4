"""Learns from the notes of a vault which types they have, and writes that as a configuration.

Everything is made of facts; `learn` reads no file. What is proposed is tried with the real rules
by a function that the caller gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vaultlint.facts import NoteFacts
from vaultlint.learn.choice import choose_types
from vaultlint.learn.naming import name_types
from vaultlint.learn.survey import Survey
from vaultlint.learn.template_folders import find_template_folders
from vaultlint.learn.trial import Check, Report, try_proposal
from vaultlint.learn.vocabulary import find_reference_names, find_terms
from vaultlint.learn.writer import Proposal

__all__ = ["Check", "Proposal", "Report", "learn", "try_proposal"]


def learn(
    notes: Sequence[NoteFacts],
    templates: Iterable[NoteFacts] = (),
    exclude: Sequence[str] = (),
) -> Proposal:
    """What the notes of a vault have in common.

    `notes` are those that are checked, `templates` those that notes are made from, `exclude` are
    the globs of notes that were left out already.
    """
    folders = find_template_folders(notes)
    inside = tuple(f"{folder}/" for folder in folders)
    evident = [note for note in notes if note.path.startswith(inside)] if inside else []
    kept = [note for note in notes if not (inside and note.path.startswith(inside))]
    survey = Survey(kept, [*templates, *evident])
    types = choose_types(survey)
    name_types(survey, types)
    return Proposal(
        survey=survey,
        types=types,
        references=find_reference_names(survey),
        terms=find_terms(survey),
        exclude=(*exclude, *(f"{folder}/**" for folder in folders)),
        evident=tuple(f"{folder}/" for folder in folders),
    )
