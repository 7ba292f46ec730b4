"""VL119 empty-link."""

from vaultlint.parse.note import ParsedNote
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("empty-link", "VL119", group="links")
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A link has no target.

    ## What it does
    Reports `[text]()`, `![]()`, `[[ ]]` and links whose heading is empty: `[[Note#]]`.

    ## Why
    Nothing happens when the reader follows it.

    ## Bad
    ````md Trade.md
    See [rates]() and [[Tariffs#]].
    %%  ^^^^^^^^^ empty-link: this link has no target
    %%                ^^^^^^^^^^^^ empty-link: after the `#` no heading is named
    ````
    ````md Tariffs.md
    ````

    ## Good
    ````md Trade.md
    See [rates](#Rates) and `[rates]()`.

    # Rates
    ````
    """
    for text in note.text_blocks:
        for token in text.tokens:
            target = text.text[token.target : token.target_end]
            if token.kind in ("wikilink", "embed"):
                target = text.text[token.inner : token.inner_end].partition("|")[0]
            elif token.kind not in ("link", "image"):
                continue
            if not target.strip():
                yield ctx.violation(text.span(token.start, token.end), "this link has no target")
            elif target.endswith("#") and target.strip("#"):
                message = "after the `#` no heading is named"
                yield ctx.violation(text.span(token.start, token.end), message)
