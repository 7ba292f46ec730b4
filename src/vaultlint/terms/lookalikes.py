"""Words that look like misspellings of other words, or of acronyms, and are right as they are."""

from __future__ import annotations

from vaultlint.terms.words import word_set

#: Names of products, and words of other languages that nobody writes for the English word that
#: they resemble. In lower case, without accents.
LOOKALIKES = word_set(
    """
    automattic deliveroo digg dribbble fiverr flickr imgur lyft reddit scribd substack tumblr

    beste damit deine deinen deiner diese dieser einer feine ferner frage grund gruppe haben keine
    lande leben meine regel reise rolle seine seite thema werden wieder wissen

    autre autres compte concours contre cours devant effet entre faire fonds juste lettre libre
    membre mesure ordre parti peuple poste presse valeur ville

    banco elemento elementos importante libro momento mundo nivel parte pasado poder politica
    presente problema programa punto requiere sentido sistema tiempo
    """
)

#: English words of up to five letters that are acronyms when they stand in capitals.
ACRONYM_LOOKALIKES = word_set(
    """
    act ad add age aid aids aim air all alp am an and ant any ape app apt arc are ark arm art as
    ash ask at ate awe axe bad bag ban bar bat bay bed bee best bet bid big bin bit boy bus but buy
    by cab can cap car care case cat chip cite city cop core cow cry cup cut dad dam dare date day
    deal den did die dig dim do doe dog dot dry due ear east eat edge egg end era eve eye face fact
    fad fan far fast fat fee few fin fir fit fix flap flu fly foe for fox fun gag gain gap gas gel
    get gin go god grid gun had ham has hat he her him hip his hit hop hot how ice if ill imp in
    ink is it its jam jet job joy key kid kin kit lab lad lag lap law lay lead led leg let lie lip
    list lit log lot low mad man map mars mat may me men met mice mist mix mob mop mud my near neat
    net new nil no nod nor not now nut oak odd of off oil ok old on one ore or our out own pact pad
    pal pan par past pat pay pea peace pen per pet pie pig pin pit plan play plus pod pop port pose
    pot prep prime pro pub put rag ram ran rap rat raw ray red rest rib rich rid rim rip rise road
    rob rod rot row run sad safe salt sap sat save saw say sea see seed sells set sex she sip sir
    sit six ski sky smart so soap solid son sort sot span spa spin star start step stop sum sun
    swift tab tag tap tar task tax tea team ten the tie tin tip to toe ton too top toy track trip
    try tub two up us use van vet via wan war was wax way we web wet who why will win wit won yes
    yet you zip
    """
)
