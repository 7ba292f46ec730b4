"""VL125 duplicate-note-name."""

from vaultlint.facts import NoteFacts
from vaultlint.model import Related, Span
from vaultlint.rule import Found, NoOptions, VaultContext, rule
from vaultlint.wording import or_list


@rule("duplicate-note-name", "VL125", group="links", severity="info", default=False)
def check(note: NoteFacts, ctx: VaultContext[NoOptions]) -> Found:
    """Two notes have the same name.

    ## What it does
    Reports notes whose file name, whatever its letter case, is that of another note in another folder.

    ## Why
    Links by name become ambiguous, and people open the wrong note.

    ## Bad
    ````md Aid/Tariffs.md
    %%@note duplicate-note-name: `Customs/Tariffs.md` has the same name
    Text.
    ````
    ````md Customs/Tariffs.md
    %%@note duplicate-note-name: `Aid/Tariffs.md` has the same name
    Text.
    ````

    ## Good
    ````md Aid/Tariffs.md
    ````
    ````md Customs/Rates.md
    ````
    """
    if not note.path.endswith(".md"):
        return
    others = [file for file in ctx.vault.files_named(note.path) if file != note.path]
    if others:
        verb = "has" if len(others) == 1 else "have"
        related = [Related(file, Span(0, 0), "the other note") for file in others]
        message = f"{or_list(others[:3])} {verb} the same name"
        yield ctx.violation(Span(0, 0), message, related=related)
