"""VL201 missing-section."""

from vaultlint.model import Span
from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.sections import SectionMatch
from vaultlint.wording import or_list, short


@rule("missing-section", "VL201", group="structure")
def check(match: SectionMatch, ctx: NoteContext[NoOptions]) -> Found:
    """A note lacks a section that notes of its type have.

    ## What it does
    Compares the headings of a note with the `sections` of its types. Letter case, kinds of dashes
    and quotes, emphasis, emoji and numbers before it are free; a `*` in the configured heading
    stands for any text. Of the sections in `any-of` one is enough. A heading that is nearly the
    wanted one is a `misspelt-section`.

    ## Why
    Notes that are made to one plan can be revised, compared and summed up together.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges*" }, { heading = "References" }]
    ````
    ````md Topics/Trade.md
    ## Challenges for trade
    Ports are full.
    %%@note missing-section: notes of the type `topic` have a section `References`: it is missing here
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges*" }, { heading = "References" }]
    ````
    ````md Topics/Trade.md
    ## CHALLENGES for trade
    Ports are full.

    ## **References**
    - [A book](https://example.org)
    ````
    """
    for specs, parent, asked_by in match.missing:
        names = or_list([spec.name for spec in specs])
        wanted = f"a section {names}" if len(specs) == 1 else f"one of the sections {names}"
        where = f"missing in `{short(parent.title)}`" if parent else "missing here"
        level = parent.level + 1 if parent else 2
        yield ctx.violation(
            parent.title_span if parent else Span(0, 0),
            f"notes of the type `{match.type.name}` have {wanted}: it is {where}",
            [f"{'#' * spec.written_level(level)} {spec.title}" for spec in specs if spec.title],
            asked_by=asked_by,
        )
