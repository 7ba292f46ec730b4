"""VL407 misplaced-reference-section."""

from msgspec import Struct

from vaultlint.matching import fold, fold_heading, text_glob
from vaultlint.parse.note import ParsedNote
from vaultlint.references import reference_sections
from vaultlint.rule import Found, NoteContext, rule


class Options(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`may-follow`: headings, with `*` for any text, that stand after a reference section."""

    may_follow: tuple[str, ...] = (
        "Notes",
        "Footnotes",
        "Appendi*",
        "See also",
        "Further reading",
        "External links",
        "Related*",
    )


@rule("misplaced-reference-section", "VL407", group="references", default=False)
def check(note: ParsedNote, ctx: NoteContext[Options]) -> Found:
    """A reference section stands before other sections.

    ## What it does
    Asks for reference sections at the end of the note, or of the chapter that they are in. Other such sections, and those that `may-follow` names
    (notes, appendices, further reading), may stand behind them. Off by default.

    ## Why
    Readers look for sources at the end; what follows them is not read.

    ## Bad
    ````md Trade.md
    ## References
    %%@1-14 misplaced-reference-section: the section `References` stands before `Outlook`: move it to the end
    - [A book](https://example.org)

    ## Outlook
    Rates will fall.
    ````

    ## Good
    ````md Trade.md
    ## Outlook
    Rates will fall.

    ## References
    - [A book](https://example.org)

    ## See also
    - [A site](https://example.com)
    ````
    """
    sections = reference_sections(note, ctx.shared.references.names)
    if not sections:
        return
    own = {section.span for section in sections}
    allowed = [text_glob(fold(name)) for name in ctx.options.may_follow]
    everything = list(note.all_sections())
    for section in sections:
        for other in everything:
            if other.span <= section.span or other.level > section.level or other.span in own:
                continue
            if other.level < section.level:
                break
            if not any(glob.fullmatch(fold_heading(other.title)) for glob in allowed):
                yield ctx.violation(
                    section.span,
                    f"the section `{section.title}` stands before `{other.title}`: "
                    "move it to the end",
                )
                break
