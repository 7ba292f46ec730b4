"""VL409 source-in-several-notes."""

from vaultlint.facts import NamedSource
from vaultlint.model import Related, Span
from vaultlint.rule import Found, NoOptions, VaultContext, rule


@rule("source-in-several-notes", "VL409", group="references", severity="info", default=False)
def check(source: NamedSource, ctx: VaultContext[NoOptions]) -> Found:
    """The reference sections of several notes name the same source.

    ## What it does
    Compares the entries of all reference sections, as `duplicate-reference` does within a note: by
    number, by address, or by all their words. The first note by its path is not reported. Entries
    that link to a note or cite a key are what is wanted, and are not compared. Off by default: most
    vaults have no note of its own for a source.

    ## Why
    What is read about a source is in as many places as name it. With a note for each source, or a
    bibliography, it is in one.

    ## Bad
    ````md Aid.md
    ## References
    - [Why the ports are full](https://example.org/ports)
    ````
    ````md Trade.md
    ## References
    - [Ports](http://www.example.org/ports/?utm_source=feed)
    %%^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ source-in-several-notes: `Aid.md` names this source too: give it a note, and link to that
    ````

    ## Good
    ````md Aid.md
    ## References
    - [[Why the ports are full]]
    ````
    ````md Trade.md
    ## References
    - [[Why the ports are full]]
    ````
    ````md Why the ports are full.md
    <https://example.org/ports>
    ````
    """
    first, *rest = ctx.vault.notes_naming(source)
    if first != ctx.note.path:
        related = [Related(first, Span(0, 0), "first here")]
        others = [path for path in rest if path != ctx.note.path]
        more = f" and {len(others)} more" if others else ""
        verb = "name" if others else "names"
        yield ctx.violation(
            source.span,
            f"`{first}`{more} {verb} this source too: give it a note, and link to that",
            related=related,
        )
