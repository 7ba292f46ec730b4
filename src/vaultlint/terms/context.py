"""What the text around a word tells: its language, its sentence, its capitals."""

from __future__ import annotations

import re

from vaultlint.terms.words import word_set

#: Function words of English.
ENGLISH = word_set(
    """
    about after all also an and are as at be because been before but by can could did do does for
    from had has have he her his how i if in into is it its may more most must not of on or our
    she should since so some such than that the their them then there these they this those
    through to under was we were what when where which while who will with would you your
    """
)

#: Function words of other European languages, without those that are English words too.
OTHER = word_set(
    """
    aber ainda al alla als am anche ancora ao aos au auch auf aus aussi aux avec bei bij bist ce
    celle celui ces cette ceux chaque che ci com comme como con cui da dal dalla dans das dass de
    degli dei dein deine deinem deinen deiner deines del della delle dello den der des desde deze
    di dich dies do doch donc dopo du durch e een ein eine einem einen einer el ella elle elles
    ellos em en entre er es essa esse essere est esta estas esto estos et etre eu foi fue fueron
    gaan geen gegen gli haar hanno hasta heeft het hoe hun ich ihm ihn ihnen ihr ihre ihrem ihren
    ihrer il ils isso ist je jij kann kein keine keinem keinen la las le les leur leurs lhe lo los
    lui maar mais mas mehr mein meine meinem meinen meiner meme mesmo met mi mijn mit moet muchas
    muchos muito musst muy na naar naast nach nao nas nel nella nem nicht niet no noch non nos
    nostra nostro nous nur o oder onze ook op os otra otras otro otros ou para pas pela pelo pelos
    per pero piu por porque pour pro puede pueden qu quand quando que quel quella quelle quello
    quelques quem questa questo qui requiere sa se sein senza ser seu seus si sich sie sind sobre
    soit sollen sollte sollten som son sono sont stata stato su sua suoi sur tambien te tegen tiene
    tienen toch toda todas todo todos tous toute toutes tutti tutto um una und une uno unser unsere
    unserem unseren van veel vom von voor votre vous waar waren was weil wenn werden wie wij wird
    wirst wollen wollte wordt wurde wurden y zeer zijn zoals zu zum zur zwischen
    """
) - word_set("am as do he i me no pro so son was")

_LETTERS = re.compile(r"[^\W\d_]+")
_WINDOW = 120
_OPENING = "\"'([\u2018\u201c\u00ab\u00a1\u00bf"
_CLOSING = "\"')]\u2019\u201d\u00bb"
_SENTENCE_END = frozenset(".!?:;\u2026")


def begins_sentence(text: str, start: int) -> bool:
    """Does a sentence begin at `start`, so that the capital there says nothing about the word?"""
    before = text[max(0, start - 12) : start].rstrip(_OPENING)
    sentence = before.rstrip()
    gap = before[len(sentence) :]
    if not sentence or gap.count("\n") > 1:
        return True
    return bool(gap) and sentence.rstrip(_CLOSING)[-1:] in _SENTENCE_END


def stands_in_capitals(text: str, start: int, end: int, *, alone: bool) -> bool:
    """Is the line around a word set in capitals?

    A line that has no other letters than the word's tells nothing unless `alone` says so. Of
    long lines, 120 code points on either side count.
    """
    before = text[max(0, start - _WINDOW) : start].rpartition("\n")[2]
    after = text[end : end + _WINDOW].partition("\n")[0]
    around = before + after
    return text[start:end].isupper() and (
        around.isupper() or (alone and not any(map(str.isalpha, around)))
    )


def reads_as_foreign(text: str, start: int, end: int) -> bool:
    """Is the text around a place in another language than English?

    Within 120 code points on either side, at least two function words of other European
    languages must stand, and more of them than of English ones.
    """
    around = text[max(0, start - _WINDOW) : start] + " " + text[end : end + _WINDOW]
    nearby = [word.lower() for word in _LETTERS.findall(around)]
    foreign = sum(word in OTHER for word in nearby)
    return foreign >= 2 and foreign > sum(word in ENGLISH for word in nearby)
