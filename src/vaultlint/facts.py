"""What is remembered of a file: small tuples of text and offsets, enough for every vault rule."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from vaultlint.model import Span
from vaultlint.text import normalized

#: Whose rules decide where links lead: Obsidian's, those of plain Markdown sites, or Foam's.
Dialect = Literal["obsidian", "commonmark", "foam"]

LinkKind = Literal[
    "wikilink",
    "embed",
    "mdlink",
    "mdembed",
    "frontmatter",
    "canvas-file",
    "canvas-background",
    "definition",
    "html-link",
    "html-image",
    "obsidian-uri",
    "base-link",
    "base-folder",
]

#: The kinds that Obsidian's own link index holds; the others are checked beside it.
INDEXED_KINDS: frozenset[LinkKind] = frozenset(
    ("wikilink", "embed", "mdlink", "mdembed", "frontmatter", "canvas-file", "canvas-background")
)

#: Wikilinks and embeds, and Markdown links of every kind.
WIKILINK_KINDS: frozenset[LinkKind] = frozenset(("wikilink", "embed"))
MARKDOWN_KINDS: frozenset[LinkKind] = frozenset(
    ("mdlink", "mdembed", "definition", "html-link", "html-image")
)

FrontmatterState = Literal["none", "ok", "empty", "invalid"]


class Heading(NamedTuple):
    """A heading. `text` is its raw source; `span` covers that text.

    `linkable`: a top-level block, so that links can lead to it (rule S6 of the specification).
    `key` is what links are compared by (rule S2).
    """

    level: int
    text: str
    span: Span
    linkable: bool
    key: str


class Link(NamedTuple):
    """Something that points at a file of the vault.

    `path` is the file part and `subpath` the rest including `#`, after decoding; `display` is
    the text shown in their place (None: none is written). `raw` is the source text, `span` its
    place, `target` the place of path and subpath within. `commented`: inside `%% %%`.
    `escaped`: percent escapes that Obsidian leaves undecoded (rule M6) stand in the path.
    """

    kind: LinkKind
    path: str
    subpath: str
    display: str | None
    raw: str
    span: Span
    target: Span
    commented: bool = False
    escaped: bool = False


class WebLink(NamedTuple):
    """Something that leads to a page of the web: `address` begins with `http://` or `https://`.

    `span` is the place of the address as it is written, escapes and all.
    """

    address: str
    span: Span


class BlockId(NamedTuple):
    """A block id that links can lead to. `span` is the id's, `block` the named block's."""

    id: str
    span: Span
    block: Span


InertReason = Literal["not-last-line", "trailing-space", "no-block-before", "overwritten"]


class InertBlockId(NamedTuple):
    """Text that looks like a block id and names nothing; `reason` says why."""

    id: str
    span: Span
    reason: InertReason


class Tag(NamedTuple):
    """A tag in the body, with its `#`."""

    name: str
    span: Span


class Footnote(NamedTuple):
    """A footnote definition or reference; ids are equal whatever their case.

    `commented`: a reference inside `%% %%`, which calls no footnote.
    """

    id: str
    span: Span
    commented: bool = False


CitationForm = Literal["bracketed", "bare"]


#: What Quarto and pandoc-crossref number: figures, tables, equations and their like.
_CROSS_REFERENCE = re.compile(
    r"(?:fig|tbl|tab|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|alg|rem|sol)[:-]", re.IGNORECASE
)


def is_cross_reference(key: str) -> bool:
    """Does a citation key name a part of the same text, as `fig-map` does, and no source?"""
    return _CROSS_REFERENCE.match(key) is not None


class Citation(NamedTuple):
    """A citation key in the body, as Pandoc reads them: `[@key]`, or `@key` in the sentence.

    `span` covers the key with its `@`. Links to literature notes, `[[@key]]`, are links.
    """

    key: str
    span: Span
    form: CitationForm


class BibEntry(NamedTuple):
    """An entry of a bibliography file. `ids` are further keys that it goes by.

    `type` is in lower case; `lacks` names the fields that entries of its type have and it has not;
    `crossref` is the key of the entry that its other fields are taken from.
    """

    key: str
    span: Span
    type: str
    ids: tuple[str, ...] = ()
    crossref: str = ""
    lacks: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys that it goes by."""
        return (self.key, *self.ids)


class BibFault(NamedTuple):
    """Something in a bibliography file that cannot be read."""

    span: Span
    message: str


class NamedSource(NamedTuple):
    """A source that an entry of a reference section names, and where the entry stands.

    `keys` are equal where sources are: of its numbers, of its page, or of its words.
    """

    keys: tuple[str, ...]
    span: Span


class Library(NamedTuple):
    """What a bibliography file holds, in order; broken entries whose key can be read count too."""

    entries: tuple[BibEntry, ...] = ()
    faults: tuple[BibFault, ...] = ()


class SuppressedName(NamedTuple):
    """A rule or group that a suppression names, as it is written, and where."""

    text: str
    span: Span


class Suppression(NamedTuple):
    """A comment or property that speaks to this program: `<!-- vaultlint-disable-line … -->`.

    `word` is what stands behind `vaultlint-`, or the key in the frontmatter; empty where it cannot
    be read: the comment has no end, the property no keys. `names` are the rules and groups; none:
    all. `span` is the comment's. `scope` is where the findings begin that it suppresses; of a
    `disable` it is what follows, up to the end of the file, and of an `enable` its own place.
    """

    word: str
    span: Span
    names: tuple[SuppressedName, ...]
    scope: Span
    has_reason: bool
    in_frontmatter: bool = False


def fold_name(name: str) -> str:
    """The name of a property as it is compared: whatever its letter case, and how accents stand."""
    return (name if name.isascii() else normalized("NFC", name)).lower()


class Property(NamedTuple):
    """A top-level key of the frontmatter with its value, and where both stand.

    `item_spans` are the places of a list's values.
    """

    key: str
    value: object
    key_span: Span
    value_span: Span
    item_spans: tuple[Span, ...] = ()

    @property
    def values(self) -> list[tuple[object, Span]]:
        """The values of a list with their places, or the one value; of an empty one none."""
        if isinstance(self.value, list):
            return list(zip(self.value, self.item_spans, strict=True))
        return [] if self.is_empty else [(self.value, self.value_span)]

    @property
    def is_empty(self) -> bool:
        """Is nothing written behind the key, or only what holds nothing?"""
        value = self.value
        if isinstance(value, list):
            return all(item is None or item == "" for item in value)
        return value is None or (isinstance(value, str) and not value.strip()) or value == {}


class Frontmatter(NamedTuple):
    """The frontmatter block. `error` says what is wrong where `state` is invalid, at `error_span`.

    `duplicate` is the key that stands twice, where that is the error. `span` covers the block with
    its fences; (0, 0) where there is none.
    """

    state: FrontmatterState
    span: Span
    properties: tuple[Property, ...] = ()
    error: str = ""
    error_span: Span = Span(0, 0)
    duplicate: str = ""

    def find(self, name: str) -> Property | None:
        """The first property of a name, whatever its letter case."""
        wanted = fold_name(name)
        return next((each for each in self.properties if fold_name(each.key) == wanted), None)


class Outline(NamedTuple):
    """What links can lead to in a file, and the names it goes by: all that other notes ask of it.

    `titles` are its title property and its first heading, if that is of level 1. `anchors` are the
    ids and names that HTML in the note gives, in lower case.
    """

    aliases: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    block_ids: tuple[BlockId, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    anchors: tuple[str, ...] = ()

    @property
    def linkable_headings(self) -> list[Heading]:
        """The headings that links can lead to."""
        return [heading for heading in self.headings if heading.linkable]

    @property
    def names(self) -> tuple[object, ...]:
        """The outline without places: equal where no link and no suggestion can tell a change."""
        return (
            self.aliases,
            self.titles,
            [(h.level, h.text, h.linkable) for h in self.headings],
            [block.id for block in self.block_ids],
            [footnote.id for footnote in self.footnotes],
            self.anchors,
        )


class NoteFacts(NamedTuple):
    """All that is remembered of one note, canvas, base or bibliography file.

    `has_query`: a code block of Dataview, of a search or of a base lists notes that no link names.
    `sources` are those of its reference sections, where a rule compares them.
    """

    path: str
    frontmatter: Frontmatter
    outline: Outline = Outline()
    property_tags: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    links: tuple[Link, ...] = ()
    inert_block_ids: tuple[InertBlockId, ...] = ()
    footnote_references: tuple[Footnote, ...] = ()
    damaged_at: int | None = None
    has_query: bool = False
    citations: tuple[Citation, ...] = ()
    library: Library | None = None
    web_links: tuple[WebLink, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    sources: tuple[NamedSource, ...] = ()

    @property
    def aliases(self) -> tuple[str, ...]:
        """The aliases of the frontmatter."""
        return self.outline.aliases

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings, in order."""
        return self.outline.headings

    @property
    def block_ids(self) -> tuple[BlockId, ...]:
        """The block ids that links can lead to, in order."""
        return self.outline.block_ids

    @property
    def footnotes(self) -> tuple[Footnote, ...]:
        """The definitions of footnotes, in order."""
        return self.outline.footnotes

    @property
    def is_drawing(self) -> bool:
        """Is it a drawing of Excalidraw, whose text is data (rule R16)?"""
        return any(key == "excalidraw-plugin" for key, *_ in self.frontmatter.properties)

    @property
    def all_tags(self) -> tuple[str, ...]:
        """The tags of frontmatter and body, with `#`, in order, each once."""
        return tuple(dict.fromkeys((*self.property_tags, *(tag.name for tag in self.tags))))


_HEADING_NOISE = str.maketrans(dict.fromkeys('!"#$%&()*+,.:;<=>?@^`{|}~/[]\\\r\n', " "))
_BLANKS = re.compile(r"[\u00a0\u202f]")


@lru_cache(maxsize=8192)
def heading_key(text: str) -> str:
    """What Obsidian compares of a heading and of a link to it (rule S2)."""
    return " ".join(text.translate(_HEADING_NOISE).split()).lower()


def clean_name(text: str) -> str:
    """A path or link text as Obsidian compares it, before letter case (rule V5)."""
    if text.isascii():
        return text.strip()
    return normalized("NFC", _BLANKS.sub(" ", text)).strip()
