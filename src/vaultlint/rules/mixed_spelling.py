"""VL314 mixed-spelling."""

from collections import Counter

from vaultlint.parse.note import ParsedNote
from vaultlint.prose_check import find_national_words
from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.terms.dictionary import is_word, spelling
from vaultlint.terms.spelling import Nation, other_spelling

_NATIONS: dict[str, Nation] = {"us": "american", "gb": "british"}
_ADJECTIVES = {"american": "American", "british": "British"}


@rule("mixed-spelling", "VL314", group="terms", severity="info", default=False)
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A word has the American spelling in a British text, or the reverse.

    ## What it does
    With `english = "us"` or `"gb"` in `[terms]`, reports the words that only the other side writes so.
    With `"any"`, the default, reports the spelling that the fewer words of a note have, and where both
    have as many, that which comes later. Names, quotations and the titles of sources are left out, and
    so are words that both sides write, as "organize" and "judgment" are.

    ## Why
    Either spelling is right. Both in one text look as if nobody had read it through.

    ## Bad
    ````md Trade.md
    The colour of labour is red, and its color fades.
    %%                                   ^^^^^ mixed-spelling: `color` is the American spelling, and this note has the British one: `colour`
    ````

    ## Good
    ````md Trade.md
    The colour of labour is red, at Pearl Harbor too.
    ````
    """
    found = [
        (run.span(word.start, word.end), run.text[word.start : word.end], word.nation)
        for run, word in find_national_words(note, ctx.shared)
    ]
    if not found:
        return
    wanted = _NATIONS.get(ctx.shared.terms.english)
    whole = "this vault"
    if wanted is None:
        whole = "this note"
        (wanted, _), *_ = Counter(nation for *_, nation in found).most_common()
    for span, word, nation in found:
        if nation != wanted:
            right = other_spelling(word, spelling, is_word)
            message = f"`{word}` is the {_ADJECTIVES[nation]} spelling, and {whole} has the {_ADJECTIVES[wanted]} one"
            message += f": `{right}`" if right else ""
            yield ctx.violation(span, message, [right] if right else [])
