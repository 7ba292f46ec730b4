"""VL431 unattributed-quotation."""

from typing import Literal

from msgspec import Struct

from vaultlint.attribution import (
    Quotation,
    has_source,
    is_about_one_source,
    names_speaker,
    quotations,
)
from vaultlint.model import Span
from vaultlint.parse.note import ParsedNote
from vaultlint.rule import Found, NoteContext, rule


class Options(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`quotations`: which are asked for their source.

    `marked`: those in quotation marks, and callouts of type quote; `all`: all block quotations that
    are no other callout; `source`: as `marked`, and a name is not enough; `off`: none.
    """

    quotations: Literal["off", "marked", "all", "source"] = "marked"


@rule("unattributed-quotation", "VL431", group="references", severity="info", mentions=(">",))
def check(note: ParsedNote, ctx: NoteContext[Options]) -> Found:
    """A quotation does not say whose words these are.

    ## What it does
    Looks at block quotations that stand in quotation marks, and at callouts of type `quote` and
    `cite`. What tells the speaker: `— Name`, `(Name 2020)`, a footnote, a citekey, a link, the title
    of the callout, a sentence before it that introduces it, a line behind it, or a property of the
    note like `author` or `source`. The option `quotations = "all"` asks all block quotations,
    `"source"` wants a footnote, citekey, number or address, `"off"` asks nothing.

    ## Why
    Nobody can weigh words without knowing who said them.

    ## Bad
    ````md Trade.md
    > "The strong do what they can and the weak suffer what they must."
    %%@1-68 unattributed-quotation: this quotation does not say whose words these are: add `— Name`
    ````

    ## Good
    ````md Trade.md
    > "The strong do what they can and the weak suffer what they must."
    > — Thucydides, *History of the Peloponnesian War*

    > An aside is no quotation.
    ````
    """
    wanted = ctx.options.quotations
    asked = [each for each in quotations(note) if _is_asked(each, wanted)]
    if not asked or (wanted != "source" and is_about_one_source(note)):
        return
    for quotation in asked:
        if has_source(note, quotation):
            continue
        first = quotation.block.span
        line_end = note.text.find("\n", first.start, first.end)
        place = Span(first.start, first.end if line_end < 0 else line_end)
        if wanted == "source":
            yield ctx.violation(place, "this quotation names no source: add a footnote or citekey")
        elif not names_speaker(quotation):
            yield ctx.violation(
                place, "this quotation does not say whose words these are: add `— Name`"
            )


def _is_asked(quotation: Quotation, wanted: str) -> bool:
    if wanted == "off":
        return False
    if quotation.is_callout:
        return quotation.is_of_kind_quote
    return wanted == "all" or quotation.is_marked
