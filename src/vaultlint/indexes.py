"""The notes that list all notes of a type."""

from __future__ import annotations

from vaultlint.schema import NoteType
from vaultlint.vault import Vault

#: In the place of an index's name: the note that has the name of the folder.
FOLDER_NOTE = "folder-note"


def indexes_of(path: str, note_type: NoteType, vault: Vault) -> list[str]:
    """The indexes that there are for a note of a type; any one of them may list it."""
    found: list[str] = []
    for name in note_type.index:
        if name == FOLDER_NOTE:
            folder = path.rpartition("/")[0]
            inside = f"{folder}/{folder.rpartition('/')[2]}.md"
            found += [file for file in (inside, f"{folder}.md") if vault.has_file(file)][:1]
        else:
            found += vault.find(name, "").files[:1]
    return [index for index in found if index in vault.notes]


def index_types(path: str, types: tuple[NoteType, ...], vault: Vault) -> list[NoteType]:
    """The types whose notes a note lists, as far as the configuration names it."""
    return [
        each
        for each in types
        if any(path in vault.find(n, "").files[:1] for n in each.index if n != FOLDER_NOTE)
    ]


def lists_unseen(index: str, vault: Vault) -> bool:
    """May an index list notes that none of its links names: by a query, or an embedded base?"""
    note = vault.notes[index]
    return note.has_query or any(target.endswith(".base") for target in vault.targets(index))
