"""VL401 reference-section-missing."""

from vaultlint.footnotes import has_footnote
from vaultlint.matching import has_property, has_tag, match_path
from vaultlint.model import Span
from vaultlint.parse.note import ParsedNote
from vaultlint.parse.prose import prose_runs
from vaultlint.references import has_citation, is_reference_heading, reference_sections
from vaultlint.rule import Found, NoOptions, NoteContext, ReferenceSettings, rule
from vaultlint.schema import NoteType, with_bases
from vaultlint.wording import or_list


@rule("reference-section-missing", "VL401", group="references")
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A note that should name its sources has no section for them.

    ## What it does
    Asks for a reference section in the notes that `types`, `paths` or `tags` in `[references]`
    match, and that have at least `min-words` words. `names` are the headings that count, and
    `accept-instead` what a note may have in place of the section: `footnotes`, `citekeys`, or a
    property like `source`. Without such a configuration the rule is silent, and so it is where
    `missing-section` asks for the same section.

    ## Why
    A claim that nobody can trace is worth little in an examination, and less in a decision.

    ## Bad
    ````toml vaultlint.toml
    [references]
    paths = ["Topics/**"]
    ````
    ````md Topics/Trade.md
    Ports are full.
    %%@note reference-section-missing: no section `References`, `Sources`, `Bibliography` or `Works cited`
    ````

    ## Good
    ````toml vaultlint.toml
    [references]
    paths = ["Topics/**"]
    min-words = 5
    ````
    ````md Topics/Trade.md
    Ports are full.
    ````
    ````md Topics/Aid.md
    Aid has been cut in the last few years.

    ## Sources
    - [A book](https://example.org)
    ````
    """
    wanted = ctx.shared.references
    if not _is_asked(ctx, wanted) or reference_sections(note, wanted.names):
        return
    if any(_asks(ctx.shared.types[name], wanted.names) for name in ctx.types):
        return
    if wanted.min_words and _word_count(note) < wanted.min_words:
        return
    if any(_has_instead(note, name, wanted) for name in wanted.accept_instead):
        return
    yield ctx.violation(
        Span(0, 0), f"no section {or_list(wanted.names)}", [f"## {wanted.names[0]}"]
    )


def _is_asked(ctx: NoteContext[NoOptions], wanted: ReferenceSettings) -> bool:
    tags = frozenset(tag.removeprefix("#").lower() for tag in wanted.tags)
    return (
        not set(wanted.types).isdisjoint(with_bases(ctx.types, ctx.shared.types))
        or match_path(ctx.note.path, wanted.paths)
        or has_tag(ctx.note, tags)
    )


def _has_instead(note: ParsedNote, name: str, wanted: ReferenceSettings) -> bool:
    if name == "footnotes":
        return has_footnote(note)
    if name == "citekeys":
        return has_citation(note, bare=wanted.bare_citekeys)
    return has_property(note.facts, name, True)


def _asks(note_type: NoteType, names: tuple[str, ...]) -> bool:
    """Does a type ask for the section, so that another rule tells of it?"""
    return any(
        spec.presence == "required" and is_reference_heading(heading, names)
        for spec in note_type.plan.specs
        for heading in spec.headings
    )


def _word_count(note: ParsedNote) -> int:
    return sum(len(run.text.split()) for run in prose_runs(note))
