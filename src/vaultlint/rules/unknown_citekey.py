"""VL421 unknown-citekey."""

from collections.abc import Iterator

from vaultlint.facts import is_cross_reference
from vaultlint.libraries import Sources, literature_key
from vaultlint.model import Span
from vaultlint.nearest import nearest
from vaultlint.rule import CitingNote, Found, NoOptions, VaultContext, rule
from vaultlint.wording import or_list


@rule("unknown-citekey", "VL421", group="references", severity="error")
def check(note: CitingNote, ctx: VaultContext[NoOptions]) -> Found:
    """A citation names a key that the bibliography does not have.

    ## What it does
    Looks up the keys of `[@key]`, `[see @key, p. 3; @other]` and `[-@key]`, and of links to
    literature notes that are not there, `[[@key]]`, in the bibliographies of the vault
    (`bibliography` in `[references]`) and of the note (its property `bibliography`): BibTeX and
    CSL-JSON files. Such a link is then no `broken-link` besides. A bare `@key` counts with `bare-citekeys = true`. Without a bibliography the
    rule is silent. It also tells of bibliographies that a note names and that are not there.

    ## Why
    Pandoc prints a question mark in the place of the source.

    ## Bad
    ````toml vaultlint.toml
    [references]
    bibliography = ["library.bib"]
    ````
    ````bib library.bib
    @book{malik2019, author = {A. Malik}, title = {Ports and Power}, year = 2019}
    ````
    ````md Trade.md
    Ports are full [see @malik2018, p. 3].
    %%                  ^^^^^^^^^^ unknown-citekey: no entry `malik2018` in `library.bib`; did you mean `malik2019`?
    ````

    ## Good
    ````toml vaultlint.toml
    [references]
    bibliography = ["library.bib"]
    ````
    ````bib library.bib
    @book{malik2019, author = {A. Malik}, title = {Ports and Power}, year = 2019}
    ````
    ````md Trade.md
    Ports are full [see @malik2019, p. 3], says @malik.
    ````
    """
    sources = note.sources
    for name, span in sources.missing:
        yield ctx.violation(span, f"there is no bibliography `{name}` in the vault", about=name)
    if not sources.is_whole:
        return
    where = or_list(sources.files) if sources.files else "the note's `references`"
    for key, written, span in _unknown(note):
        near = _nearest(key, sources)
        message = f"no entry `{key}` in {where}"
        if near is None:
            yield ctx.violation(span, message, about=key)
        else:
            better = [written.replace(key, near)]
            yield ctx.violation(span, f"{message}; did you mean `{near}`?", better, about=key)


def _unknown(note: CitingNote) -> Iterator[tuple[str, str, Span]]:
    for citation in note.citations:
        key = citation.key
        if not note.sources.has(key) and not is_cross_reference(key):
            yield key, f"@{key}", citation.span
    for link in note.links:
        yield literature_key(link), link.raw, link.span


def _nearest(key: str, sources: Sources) -> str | None:
    return nearest(key, [known for keys in sources.keys for known in keys])
