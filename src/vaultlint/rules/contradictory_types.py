"""VL215 contradictory-types."""

from vaultlint.facts import NoteFacts
from vaultlint.model import Span
from vaultlint.rule import Found, NoOptions, NoteContext, Shared, rule


@rule("contradictory-types", "VL215", group="structure", severity="error", applies=Shared.has_types)
def check(note: NoteFacts, ctx: NoteContext[NoOptions]) -> Found:
    """A note has two types, and cannot be as both ask.

    ## What it does
    Compares the types of notes that have several: a section or property that one requires and the
    other forbids, levels, property types or values that exclude each other.

    ## Why
    Whatever is done in the note, one of the types will have something to say.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Sources" }]

    [types.draft]
    tags = ["draft"]
    sections = [{ heading = "Sources", forbidden = true }]
    ````
    ````md Topics/Trade.md
    #draft Ports are full.
    %%@note contradictory-types: the note has the types `topic` and `draft`: `topic` requires the section `Sources` (vaultlint.toml:3), `draft` forbids it (vaultlint.toml:7)
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Sources" }]

    [types.draft]
    tags = ["draft"]
    sections = [{ heading = "To do" }]
    ````
    ````md Topics/Trade.md
    #draft Ports are full.

    ## Sources
    - [A book](https://example.org)

    ## To do
    - Read it.
    ````
    """
    if len(ctx.types) < 2:
        return
    for found in ctx.shared.contradictions(ctx.types):
        yield ctx.violation(
            Span(0, 0),
            f"the note has the types `{found.asking.name}` and `{found.refusing.name}`: "
            f"`{found.asking.name}` {found.asks} ({found.asked_by}), "
            f"`{found.refusing.name}` {found.refuses} ({found.refused_by})",
        )
