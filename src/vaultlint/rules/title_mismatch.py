"""VL220 title-mismatch."""

from vaultlint.facts import NoteFacts
from vaultlint.matching import fold_heading
from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.wording import short


@rule("title-mismatch", "VL220", group="structure", severity="info", default=False)
def check(note: NoteFacts, ctx: NoteContext[NoOptions]) -> Found:
    """A note's title is not its file's name.

    ## What it does
    Compares the first heading, if it is of level 1, with the file's name; letter case, dashes,
    quotes, emoji, and characters that no file name can have are free. A title that is among the
    note's aliases is fine.

    ## Why
    Links, search and graph show the file's name, readers see the title: where they differ, nobody
    finds what they remember. Many vaults do so on purpose, so the rule is off by default.

    ## Bad
    ````md Trade.md
    # Customs
    %%@3-10 title-mismatch: the title `Customs` is not the file's name: rename the file, or write `Trade`, or add the title to `aliases`
    Ports are full.
    ````

    ## Good
    ````md Trade.md
    # Trade
    Ports are full.
    ````
    ````md What is debt.md
    # What is debt?
    A promise.
    ````
    """
    first = note.headings[0] if note.headings else None
    if first is None or first.level != 1 or not first.linkable or note.is_drawing:
        return
    name = note.path.rpartition("/")[2].removesuffix(".md")
    names = {_comparable(each) for each in (name, *note.aliases)}
    if first.text.strip() and _comparable(first.text) not in names:
        yield ctx.violation(
            first.span,
            f"the title `{short(first.text)}` is not the file's name: "
            f"rename the file, or write `{name}`, or add the title to `aliases`",
            [name],
        )


_NOT_IN_NAMES = str.maketrans(dict.fromkeys('#^[]|\\/:*"<>?', " "))


def _comparable(text: str) -> str:
    return " ".join(fold_heading(text).translate(_NOT_IN_NAMES).split())
