"""Build the English word lists that vaultlint ships, from SCOWL's lists.

    python scripts/build_dictionary.py LISTS [--output FOLDER]

LISTS is the folder of SCOWL's list files (`english-words.35`, `british-upper.60` and so on).
Debian packages them; this needs no installation:

    apt-get download scowl
    dpkg -x scowl_*.deb scowl
    python scripts/build_dictionary.py scowl/usr/share/dict/scowl

Three files are written, into `src/vaultlint/data` unless told otherwise. They are gzip files
without name or time, so that the same lists, the same script and the same zlib give the same
bytes. Their lines are whole words: front coding would save two fifths of the size and take twice
the time to load.

`words.txt.gz`
    The forms of English words, sorted, one a line: lower-case ASCII letters, with apostrophes
    inside. It only guards other checks, so names, abbreviations and every national spelling are
    in it. Forms are folded by `vaultlint.terms.dictionary.fold`, which drops the possessive.

`spellings.txt.gz`
    The forms that are spelt so in the United States only, sorted, one a line; an empty line;
    then those that are spelt so in Britain only. "organize" is in neither: British writers use it.

`common.txt.gz`
    The common words among the forms of the dictionary, in the order of `COMMON_SIZES`: sorted, one
    a line, up to the first of the sizes; an empty line; those up to the second; and so on. They
    are what a misspelt word may be meant for, or be made of: words of three letters or more, in
    every national spelling, without variants. A last list tells which of them are always written
    with a capital ("february"). `MISSING` and `COMMON_IN_NOTES` count as the last of the sizes.

Which words are taken. SCOWL gives every word the size of the smallest dictionary that has it,
from 10 to 95. Up to 70 all are taken. Among the words of size 80 there are good ones (hegemon,
coroutine, securitization) and many that nobody writes, which would hide misspellings (todays,
unline, supercede): a word of size 80 is taken if it has five letters or more and no word of size
50 or less is one edit away. `TOO_OFTEN_WRONG` is taken out, `MISSING` is put in.

Which spellings are taken: what the American lists have and the British ones have not, and the
other way round, without variants that are almost as usual, up to size 60, less `NO_MARK`.
"""

from __future__ import annotations

import argparse
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from vaultlint.terms.dictionary import fold

DATA = Path(__file__).parents[1] / "src" / "vaultlint" / "data"

#: Words up to this size are taken.
SAFE_SIZE = 70

#: Words up to this size are taken if they are far from every common word.
LARGEST_SIZE = 80

#: The forms of one national spelling are taken up to this size, the largest that SCOWL vouches for.
SPELLING_SIZE = 60

#: Words up to this size are common.
COMMON_SIZE = 50

#: The common words in steps, the commonest first.
COMMON_SIZES = (10, 20, 35, COMMON_SIZE)

#: Words with a capital are common up to this size: names of months, languages and the like.
LARGEST_CAPITAL_SIZE = 40

#: The fewest letters of a word above the safe size, and of a common word that it may be near.
FEWEST_LETTERS, FEWEST_LETTERS_COMMON = 5, 4

#: The fewest letters of a word in the list of common ones.
FEWEST_LETTERS_LISTED = 3

#: Words of one letter; the lists have the whole alphabet.
LETTERS_THAT_ARE_WORDS = frozenset("aio")


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Words of the lists that, in notes, stand for another word far more often than for themselves.
TOO_OFTEN_WRONG = _listed(
    """
    absorbant accidently additory advertize advertized advertizement advertizements advertizes
    advertizing afterall algin algins alost alterative altho ballance bendictus billon brach
    brocken calender calendered calendering calenders calfs casette casettes cerate cerated
    cerates chauffer chauffers chetah chetahs chlorophyl cocain colum comines conferer conquerer
    constructer constructers constructure corelate corelated corelates corelating corelation
    correl corse curch customable decern delate delated delates delating dependance dependances
    dependancies dependancy detecter detecters diaster diasters donnot feeze glamourous heathy
    heros hight hightest hings humoural idealogies idealogy incase incudes indican indictor
    indictors inexistant issus logarithmical merchandized merchandizes metic metics miliary
    millionnaire millionnaires minium miniums negligeable neral nickle nickles notwork notworks
    octohedron oriente pallette pallettes panful patly perviously preprepared programer
    programers propretor prothesis publically rasing recept responser restauranteur
    restauranteurs restauration retrad satang scarey secund seldomly sematic simitar statued
    stript stroy stroyed stroying stroys subdure submiss succuss superl surprize surprized
    surprizes surprizing tabes takin tasset thant thess tieing tribunary tuscon unmistakeably
    unprecise unsucceeded useability wether wheen whish whsle worser writhen
    """
)

#: Words of present-day notes that the lists lack.
MISSING = _listed(
    """
    argv async autocomplete autocompletes autocompletion autofill automagically axios backend
    backends backlink backlinked backlinking backlinks balochistan bibtex booleans bools bugfix
    bugfixes callout callouts changelog changelogs chatbot chatbots chmod chroot citekey citekeys
    cloze clozes codebase codebases codec codecs colocate colocated colocating colocation config
    configs convo convos coords cron crons crontab crowdsourcing ctrl datastore datastores debounce
    debounced debounces debouncing deduping deps deserialise deserialize deserializer destructure
    destructured destructures destructuring dirs discoverability distro distros docstring
    docstrings doxing dropdown dropdowns ebook ebooks enums env envs executables fallthrough falsey
    falsy favicon filetype filetypes frontend frontends frontmatter fullscreen fuzzer fuzzers
    getters gists globbing goroutine goroutines hardcode hardcoded hardcoding hardwire hegemon
    hegemons hostname hostnames hotfix hotfixes idempotence iframe iframes influencer influencers
    initialiser initialisers initializer initializers inlined inlines inlining inlinks invokable
    islamists iterables janky jupyter kanban keymap keymaps kubernetes learnings lifecycle
    lifecycles lifelog lifelogs linters lookahead lookbehind lookups macos matchers mathjax memoize
    memoized memoizing merch microservice microservices middleware minimap mixin mixins
    multithreaded multithreading mutators mutex mutexes namespace namespaced namespaces noop
    nullable numpy oauth offboarding onboarding outliner outliners outlinks param params parens
    parsable parseable posix postgres postgresql postprocess postprocessing pre prefetch prepended
    prepending prepends preprocess preprocessing pretrained pretraining readline reallocations
    refactorings regexes repos repost reposts runtimes sandboxed sandboxing scrollable scroller
    serializer serverless sharded sharding shortcode shortcodes shoutout shoutouts skillset
    skillsets stderr stdin stdout struct structs stylesheet stylesheets stylings subfolder
    subfolders sublist sublists submodule submodules subnet subnets substring substrings symlink
    symlinked symlinking symlinks tappable templated templater templaters templating themable
    theming todos tokenise tokenization tokenize tokenizer toolkits tooltip tooltips transclude
    transcluded transclusion transclusions transpile transpiled transpiler transpiles transpiling
    triaging trie truthy typedef typedefs uncomment uncommented uncommenting uncomments underserved
    unfollow untrusted util utils validator validators viewport viewports virtualenv walkthrough
    walkthroughs webhook webhooks websocket websockets whitespaces wikilink wikilinks worktree
    worktrees zettelkasten
    """
)

#: Words of the lists that are commoner in present-day notes than the lists tell.
COMMON_IN_NOTES = _listed(
    """
    accelerometer admin analytics apache assignee assignees autosuggest backend backends behaviors
    boolean booleans breadcrumb breadcrumbs bulleted bytecode callback callbacks checkbox checkmark
    collaboratively completions containerized coroutine coroutines curated curating curation
    dashboard dashboards dataset datasets decoders decouple decoupled decouples decoupling decrypt
    deprecated deprecation diffs discoverable docker downsides durations embeddings emulator
    encrypting endpoint endpoints extensibility extensible fallback fallbacks filename filenames
    flashcard flashcards flowchart flowcharts footer footers formatter formatters foundational
    functionalities idempotent incrementally incrementing initialize initialized initializes
    initializing installer installers instantiate instantiated instantiation integrations
    interactivity interoperability interoperable iterable iterables iteratively javascript
    journaling lambda lambdas latencies linter linting markdown matcher messaging metadata
    middleware minified misaligned modularity multiline newline newlines obsidian offline onboard
    orchestration orchestrator parser parsers pathname placeholder placeholders plaintext popup
    popups postfix prepend programmatic programmatically refactor refactored refactoring refactors
    regex renderer renderers resize resized resizes resizing resolver resolvers reusability
    reusable roadmap roadmaps router routers runtime scalability scalable schema schemas scratchpad
    seamlessly searchable sidebar sidebars sitemap specificity stakeholder stakeholders standalone
    storytelling subdirectories subdirectory subdomain subdomains submenu subtask subtasks
    summarization timeout timeouts timestamp timestamps timezones tradeoff tradeoffs transactional
    transformative traversal tuple tuples unary uncheck unicode unlinked unordered untagged
    untracked upload uploaded uploading uploads versioned versioning viewable virtualization
    visualization visualizations webpage webpages whitespace widget widgets wildcard wildcards
    workaround workarounds workflow workflows workspace workspaces
    """
)

#: Forms that the lists give to one national spelling, but that say little about which one a text
#: has: both sides write them, or they are names.
NO_MARK = _listed(
    """
    absinth adaptor adaptors axe balk balked balking balks bloomington burqa burqas calk calks
    cancellous cardie chili chilies crenellate crenellated crenellates crenellating crenellation
    crenellations dependant dependants descendent ecus fayre flyer flyers inflexion inflexions
    kaftan kaftans kindergartener kindergarteners kindergartner kindergartners lakeland
    likableness lissom lupin lupines lupins manila manilla mantes matt matts moggie moggies mums
    naught naughts newburgh novene onwards patine performative perv preformative preterit prized
    prizing specialities speciality specialties specialty sweepstake trabecule vallejo vineland
    virtualization whiskey whiskeys whiz williamsburg
    """
)

_FILE = re.compile(r"(?P<category>[a-z0-9_]+)-(?P<kind>[a-z-]+)\.(?P<size>\d\d)")
_FORM = re.compile(r"[a-z]+(?:'[a-z]+)*")


class Entry(NamedTuple):
    """One word of one list: its form, the list's spelling category and kind, and its size."""

    form: str
    category: str
    kind: str
    size: int


def read_lists(folder: Path) -> Iterator[Entry]:
    """Every word of SCOWL's lists up to the largest size, in the form that is kept."""
    for path in sorted(folder.iterdir()):
        name = _FILE.fullmatch(path.name)
        if name is None or int(name["size"]) > LARGEST_SIZE:
            continue
        data = path.read_bytes()
        try:
            text = data.decode()
        except UnicodeDecodeError:  # as SCOWL itself publishes them
            text = data.decode("latin-1")
        for line in text.splitlines():
            form = fold(line.strip())
            if _FORM.fullmatch(form) and (len(form) > 1 or form in LETTERS_THAT_ARE_WORDS):
                yield Entry(form, name["category"], name["kind"], int(name["size"]))


class Neighbourhood:
    """Holds what is at most one edit (a letter more, less or other, or a swap) from its words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._shorter = {shorter for word in self._words for shorter in _one_less(word)}
        self._holed = {holed for word in self._words for holed in _one_holed(word)}

    def __contains__(self, word: str) -> bool:
        return (
            word in self._shorter
            or not self._words.isdisjoint(_one_less(word))
            or not self._words.isdisjoint(_one_swap(word))
            or not self._holed.isdisjoint(_one_holed(word))
        )


def _one_less(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


def _one_holed(word: str) -> Iterator[str]:
    return (f"{word[:i]}?{word[i + 1 :]}" for i in range(len(word)))


def _one_swap(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))


def choose_words(entries: Iterable[Entry]) -> set[str]:
    """The forms of the lists to ship, by the rule in the module's docstring."""
    sizes: dict[str, int] = {}
    for entry in entries:
        sizes[entry.form] = min(entry.size, sizes.get(entry.form, entry.size))
    common = Neighbourhood(
        form
        for form, size in sizes.items()
        if size <= COMMON_SIZE and len(form) >= FEWEST_LETTERS_COMMON
    )
    chosen = {
        form
        for form, size in sizes.items()
        if size <= SAFE_SIZE or (len(form) >= FEWEST_LETTERS and form not in common)
    }
    return chosen - TOO_OFTEN_WRONG


def choose_spellings(entries: Iterable[Entry]) -> tuple[set[str], set[str]]:
    """The forms of one national spelling only: American, British.

    British are the spellings with -ise and those with -ize. A form that the other side has as a
    variant almost as good as its own, or that every spelling has, is no mark of either.
    """
    by_category: dict[str, set[str]] = {}
    for entry in entries:
        if entry.kind == "words" and entry.size <= SPELLING_SIZE:
            by_category.setdefault(entry.category, set()).add(entry.form)

    def union(*categories: str) -> set[str]:
        return set().union(*(by_category.get(category, ()) for category in categories))

    american, british = union("american"), union("british", "british_z")
    return (
        american - british - union("english", "british_variant_1") - NO_MARK - TOO_OFTEN_WRONG,
        british - american - union("english", "variant_1") - NO_MARK - TOO_OFTEN_WRONG,
    )


def choose_common(entries: Iterable[Entry]) -> list[set[str]]:
    """The common words, by the steps of `COMMON_SIZES`; then those that always have a capital."""
    sizes = dict.fromkeys(MISSING | COMMON_IN_NOTES, COMMON_SIZE)
    capitals: dict[str, int] = {}
    for entry in entries:
        found, largest = {
            "words": (sizes, COMMON_SIZE),
            "upper": (capitals, LARGEST_CAPITAL_SIZE),
        }.get(entry.kind, ({}, 0))
        is_taken = entry.size <= largest and "variant" not in entry.category
        if is_taken and entry.form.isalpha() and len(entry.form) >= FEWEST_LETTERS_LISTED:
            found[entry.form] = min(entry.size, found.get(entry.form, entry.size))
    capitals = {form: size for form, size in capitals.items() if form not in sizes}
    steps: list[set[str]] = [set() for _ in COMMON_SIZES]
    for form, size in {**sizes, **capitals}.items():
        if form not in TOO_OFTEN_WRONG:
            steps[next(i for i, most in enumerate(COMMON_SIZES) if size <= most)].add(form)
    return [*steps, {form for form in capitals if form not in TOO_OFTEN_WRONG}]


def packed(lines: Iterable[str]) -> bytes:
    """The lines as a gzip file that holds nothing but them."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31, 9)
    return compressor.compress("\n".join(lines).encode("ascii")) + compressor.flush()


def build(lists: Path, output: Path) -> None:
    """Write the data files, and print what is in them."""
    entries = list(read_lists(lists))
    if not entries:
        raise SystemExit(f"no word lists in {lists}")
    known = {entry.form for entry in entries}
    chosen = choose_words(entries)
    words = chosen | MISSING
    american, british = choose_spellings(entries)
    steps = choose_common(entries)
    common = "\n\n".join("\n".join(sorted(step)) for step in steps).split("\n")
    contents = {
        "common.txt.gz": common,
        "words.txt.gz": sorted(words),
        "spellings.txt.gz": [*sorted(american), "", *sorted(british)],
    }
    for name, lines in contents.items():
        data = packed(lines)
        (output / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes")
    print(f"{len(known)} forms in the lists, {len(words)} taken")
    print(f"{len(american)} American only, {len(british)} British only")
    if absent := sorted(TOO_OFTEN_WRONG - known):
        print("taken out, but not in the lists:", *absent)
    if present := sorted(MISSING & chosen):
        print("put in, but taken from the lists anyway:", *present)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Build the English word lists from SCOWL's.")
    parser.add_argument("lists", type=Path, help="folder of SCOWL's list files")
    parser.add_argument("--output", type=Path, default=DATA, help="folder to write into")
    options = parser.parse_args()
    build(options.lists, options.output)


if __name__ == "__main__":
    main()
