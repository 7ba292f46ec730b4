"""VL221 missing-from-index."""

from vaultlint.facts import NoteFacts
from vaultlint.indexes import FOLDER_NOTE, indexes_of, lists_unseen
from vaultlint.model import Related, Span
from vaultlint.rule import Found, NoOptions, Shared, VaultContext, rule
from vaultlint.wording import hint, or_list


@rule("missing-from-index", "VL221", group="structure", applies=Shared.has_indexes)
def check(note: NoteFacts, ctx: VaultContext[NoOptions]) -> Found:
    """The index of a type does not list a note of it.

    ## What it does
    Where a type names its `index`, looks there for a link to each note of the type. The index is a
    note of the vault, or several of which one is enough, or `folder-note`: the note that has the
    name of the folder, in it or beside it. An index with a query of Dataview, a search or a base
    lists what no link names: there the rule is silent, and so it is where there is no folder note.

    ## Why
    What an index leaves out is not revised, and not found.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    index = "All topics.md"
    ````
    ````md All topics.md
    - [[Aid]]
    ````
    ````md Topics/Aid.md
    Aid is cut.
    ````
    ````md Topics/Trade.md
    %%@note missing-from-index: `All topics.md` does not list this note: write `[[Trade]]` there
    Ports are full.
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    index = "folder-note"
    ````
    ````md Topics/Topics.md
    - [[Trade]]
    ````
    ````md Topics/Trade.md
    Ports are full.
    ````
    """
    vault = ctx.vault
    for note_type in (ctx.shared.types[name] for name in ctx.types):
        indexes = indexes_of(note.path, note_type, vault)
        if note.path in indexes or any(lists_unseen(index, vault) for index in indexes):
            continue
        if any(note.path in vault.targets(index) for index in indexes):
            continue
        wanted = [name for name in note_type.index if name != FOLDER_NOTE]
        if not indexes and wanted:
            near = ctx.suggester.files_like(wanted[0], note.path)
            yield ctx.violation(
                Span(0, 0),
                f"the index of `{note_type.name}`, {or_list(wanted)}, is no note{hint(near)}",
                about=note_type.name,
                asked_by=note_type.index_origin,
            )
        elif indexes:
            link = f"[[{ctx.suggester.link_path(note.path, indexes[0])}]]"
            yield ctx.violation(
                Span(0, 0),
                f"{_none_of(indexes)} this note: write `{link}` there",
                related=[Related(index, Span(0, 0), "the index") for index in indexes],
                asked_by=note_type.index_origin,
            )


def _none_of(indexes: list[str]) -> str:
    if len(indexes) == 1:
        return f"`{indexes[0]}` does not list"
    return f"none of {or_list(indexes)} lists"
