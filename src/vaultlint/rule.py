"""How a rule is written: a function, its docstring, and one decorator.

The annotation of the first parameter says what the rule looks at, that of the second in which
stage it runs: a rule with a `NoteContext` sees one note and nothing else, so its findings can
be remembered with the note; a rule with a `VaultContext` sees facts and never text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from inspect import cleandoc
from typing import (
    TYPE_CHECKING,
    Any,
    Generic,
    Literal,
    NamedTuple,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from msgspec import Struct, field

from vaultlint.answers import Answer
from vaultlint.contradictions import Contradiction, find_contradictions
from vaultlint.facts import (
    Citation,
    Dialect,
    Heading,
    InertBlockId,
    Library,
    Link,
    NamedSource,
    NoteFacts,
    Suppression,
    WebLink,
)
from vaultlint.libraries import Libraries, Sources
from vaultlint.model import Related, Severity, Span, Violation
from vaultlint.obsidian import ObsidianSettings
from vaultlint.parse.note import ParsedNote
from vaultlint.parse.tree import Block
from vaultlint.property_match import PropertyMatch, asks_properties
from vaultlint.schema import NoteType, types_of
from vaultlint.sections import SectionMatch
from vaultlint.terms.glossaries import Glossaries
from vaultlint.vault import Resolution, Vault
from vaultlint.web_settings import WebSettings

if TYPE_CHECKING:
    from vaultlint.suggest import Suggester


class NoOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """The options of a rule that has none."""


class ReferenceSettings(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How reference sections look: `[references]` in the configuration.

    `names` are the headings that begin such a section. Notes that match one of `types`, `paths`
    or `tags` must have it, unless they have fewer than `min-words` words, or something that
    `accept-instead` names: footnotes, citekeys, or a property that is not empty. A section has at
    least `min-entries` entries. `web` is for addresses that are asked.
    """

    names: tuple[str, ...] = ("References", "Sources", "Bibliography", "Works cited")
    types: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    min_words: int = 0
    min_entries: int = 0
    accept_instead: tuple[str, ...] = ()
    bibliography: tuple[str, ...] = ()
    bare_citekeys: bool = False
    web: WebSettings = WebSettings()


class TermSettings(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What decides about words, beside glossaries: part of `[terms]` in the configuration.

    `english` is the national spelling that the vault has. `languages` maps globs of paths to the
    language of the notes there; the frontmatter's `lang` or `language` goes before it, and where
    nothing is said, the text tells. `codespell`: codespell's list of misspellings is used too.
    `likely`: likely misspellings of common words are reported, in whatever list they are or not.
    `report_unknown` are globs of the notes in which words that nobody knows are reported.
    """

    english: Literal["us", "gb", "any"] = "any"
    languages: dict[str, str] = field(default_factory=dict)
    codespell: bool = False
    likely: bool = True
    report_unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shared:
    """The part of the configuration that several rules share."""

    types: Mapping[str, NoteType]
    glossaries: Glossaries
    references: ReferenceSettings
    terms: TermSettings
    dialect: Dialect = "obsidian"
    _contradictions: dict[tuple[str, ...], tuple[Contradiction, ...]] = dataclass_field(
        default_factory=dict
    )

    def contradictions(self, names: tuple[str, ...]) -> tuple[Contradiction, ...]:
        """Where types of these names contradict each other; found once."""
        if names not in self._contradictions:
            types = tuple(self.types[name] for name in names)
            self._contradictions[names] = tuple(find_contradictions(types))
        return self._contradictions[names]

    def has_types(self) -> bool:
        """Is there any type of notes?"""
        return bool(self.types)

    def has_sections(self) -> bool:
        """Says any type what sections a note has?"""
        return any(each.plan.asks for each in self.types.values())

    def has_properties(self) -> bool:
        """Says any type anything of properties?"""
        return any(map(asks_properties, self.types.values()))

    def forbids_properties(self) -> bool:
        """Forbids any type the properties that it does not name?"""
        return any(each.other_properties == "forbid" for each in self.types.values())

    def has_unique_values(self) -> bool:
        """Wants any type that a property has another value in each note?"""
        return any(spec.unique for each in self.types.values() for spec in each.properties)

    def has_link_types(self) -> bool:
        """Wants any type that a property links to notes of a type?"""
        return any(spec.link_type for each in self.types.values() for spec in each.properties)

    def has_schemas(self) -> bool:
        """Has any type a JSON schema?"""
        return any(each.schema for each in self.types.values())

    def has_indexes(self) -> bool:
        """Has any type an index?"""
        return any(each.index for each in self.types.values())

    def has_glossary(self) -> bool:
        """Has any glossary an entry?"""
        return bool(self.glossaries)

    def reports_unknown_words(self) -> bool:
        """Are there notes in which words are reported that nobody knows?"""
        return bool(self.terms.report_unknown)

    def is_obsidian(self) -> bool:
        """Are links and properties those of Obsidian?"""
        return self.dialect == "obsidian"


class BrokenLink(NamedTuple):
    """A link whose file or subpath is missing, and which nothing excuses."""

    link: Link
    resolution: Resolution


class LiveLink(NamedTuple):
    """A link that leads to a file."""

    link: Link
    resolution: Resolution


class UncertainLink(NamedTuple):
    """A link that leads to a file, but fits several, or works by accident."""

    link: Link
    resolution: Resolution


class UntrackedLink(NamedTuple):
    """A link from a file that is in git to one that is not."""

    link: Link
    resolution: Resolution


class ViewLink(NamedTuple):
    """A link that names a view of a base."""

    link: Link
    resolution: Resolution


class PlannedLink(NamedTuple):
    """A link to a note that is meant to be written later."""

    link: Link


class EmptyLink(NamedTuple):
    """A link without a target; `lacks_heading`: with nothing behind the `#` of its target."""

    span: Span
    lacks_heading: bool


class UnquotedLink(NamedTuple):
    """A wikilink in the frontmatter that has no quotes; `written` is its source text."""

    span: Span
    written: str


class TableRow(NamedTuple):
    """A row of a table: the range `block.start`..`block.end` of `block.source`."""

    block: Block


class TypedNote(NamedTuple):
    """A note that has a type of the configuration."""

    note: ParsedNote
    type: NoteType


class CitingNote(NamedTuple):
    """A note that cites keys, in a vault that has a bibliography for it.

    `citations` are those that count, `links` those to literature notes of which neither note nor
    entry is there.
    """

    citations: tuple[Citation, ...]
    links: tuple[Link, ...]
    sources: Sources


class Bibliography(NamedTuple):
    """A bibliography file."""

    library: Library


class WebAnswer(NamedTuple):
    """An address of the web that was asked, and what came of it."""

    link: WebLink
    answer: Answer


class Attachment(NamedTuple):
    """A file that is no note, canvas or base."""

    path: str


class UnusedSuppression(NamedTuple):
    """A suppression of which `name` suppressed nothing (None: it did not at all).

    `span` is the place of what can be removed.
    """

    suppression: Suppression
    name: str | None
    span: Span


class UnknownSuppression(NamedTuple):
    """A part of a suppression that means nothing: what is wrong with it, and what could be meant.

    `choices` are texts that can stand in the place of `span`.
    """

    span: Span
    fault: str
    choices: tuple[str, ...]


class UnmatchedSuppression(NamedTuple):
    """An `enable` of what no `disable` before it has switched off; `name` is empty where it is all.

    `span` is the place of what can be removed.
    """

    name: str
    span: Span


OptionsT = TypeVar("OptionsT")
Found = Iterator[Violation]


class _Context(Generic[OptionsT]):
    """What both stages share: the rule's settings, and the making of violations."""

    __slots__ = ("_rule", "_severity", "note", "options", "shared", "types")

    def __init__(
        self,
        rule: Rule,
        severity: Severity,
        options: OptionsT,
        note: NoteFacts,
        types: tuple[str, ...],
        shared: Shared,
    ) -> None:
        self._rule = rule
        self._severity = severity
        self.options = options
        self.note = note
        self.types = types
        self.shared = shared

    def violation(
        self,
        span: Span,
        message: str,
        suggestions: Iterable[str] = (),
        related: Iterable[Related] = (),
        about: str = "",
        asked_by: str = "",
    ) -> Violation:
        """A finding of this rule in this note."""
        return Violation(
            self.note.path,
            span,
            self._rule.id,
            message,
            self._severity,
            tuple(suggestions),
            tuple(related),
            about,
            asked_by,
        )

    @property
    def note_types(self) -> list[NoteType]:
        """The types of the note."""
        return [self.shared.types[name] for name in self.types]


class NoteContext(_Context[OptionsT]):
    """What a note rule may touch: one note's facts, its types, and the rule's options.

    `obsidian` are the vault's own settings, as Obsidian keeps them.
    """

    __slots__ = ("obsidian",)

    def __init__(
        self,
        rule: Rule,
        severity: Severity,
        options: OptionsT,
        note: NoteFacts,
        types: tuple[str, ...],
        shared: Shared,
        obsidian: ObsidianSettings,
    ) -> None:
        super().__init__(rule, severity, options, note, types, shared)
        self.obsidian = obsidian


class VaultContext(_Context[OptionsT]):
    """What a vault rule may touch: the index and all facts, never text."""

    __slots__ = ("libraries", "suggester", "vault")

    def __init__(
        self,
        rule: Rule,
        severity: Severity,
        options: OptionsT,
        note: NoteFacts,
        types: tuple[str, ...],
        shared: Shared,
        vault: Vault,
        suggester: Suggester,
        libraries: Libraries,
    ) -> None:
        super().__init__(rule, severity, options, note, types, shared)
        self.vault = vault
        self.suggester = suggester
        self.libraries = libraries

    def has_type(self, path: str, name: str) -> bool:
        """Has a file a type, or one that extends it? Of what cannot be read this is assumed."""
        note = self.vault.notes.get(path)
        if note is None:
            return False
        if note.frontmatter.state == "invalid":
            return True
        types = self.shared.types
        return any(name in (each, *types[each].bases) for each in types_of(note, types))


class SuppressionContext(_Context[OptionsT]):
    """What a rule about suppressions may touch: a note's facts, when all else has been found."""

    __slots__ = ()


#: What a rule may look at, by stage.
NOTE_SUBJECTS: frozenset[type] = frozenset(
    (
        ParsedNote,
        NoteFacts,
        Heading,
        EmptyLink,
        UnquotedLink,
        TableRow,
        SectionMatch,
        PropertyMatch,
        TypedNote,
    )
)
VAULT_SUBJECTS: frozenset[type] = frozenset(
    (
        NoteFacts,
        Link,
        BrokenLink,
        LiveLink,
        UncertainLink,
        UntrackedLink,
        ViewLink,
        PlannedLink,
        InertBlockId,
        CitingNote,
        Bibliography,
        WebAnswer,
        NamedSource,
        Attachment,
    )
)
#: What rules about suppressions look at: they run when it is known what was suppressed.
SUPPRESSION_SUBJECTS: frozenset[type] = frozenset(
    (Suppression, UnusedSuppression, UnknownSuppression, UnmatchedSuppression)
)
#: Subjects that any note may have: rules that look at them are asked about all notes.
BROAD_SUBJECTS: frozenset[type] = frozenset((NoteFacts, Link, LiveLink, NamedSource))

#: The groups that rules belong to, and what each is about.
GROUPS: Mapping[str, str] = {
    "files": "what makes a file unreadable",
    "links": "links, embeds and what they lead to",
    "structure": "sections and headings",
    "properties": "frontmatter",
    "terms": "key terms and spelling",
    "references": "sources",
    "suppressions": "comments that switch rules off",
}

#: The parts that a rule's documentation has, besides its first line.
DOC_PARTS = ("What it does", "Why", "Bad", "Good")

_PART_HEADING = re.compile(rf"^## +({'|'.join(DOC_PARTS)})$", re.MULTILINE)
_ID = re.compile(r"[a-z]++(?:-[a-z]++)++")
_CODE = re.compile(r"[A-Z]{2,5}[0-9]{3}")


class RuleError(Exception):
    """A rule is written wrongly; the message begins with its place."""


@dataclass(frozen=True)
class Rule:
    """A rule, made by the decorator or by a pack.

    `doc` maps the parts of `DOC_PARTS` to Markdown. `default`: the rule runs unless it is
    deselected. `origin` is the file that holds it, for error messages. `applies` tells whether
    there is anything that it could find, with what is configured (None: there always is). A note
    rule finds nothing in a text that has none of `mentions` in it, in any letter case, unless that
    is empty. `former` are ids that it had before, and still goes by.
    """

    id: str
    code: str
    group: str
    summary: str
    doc: Mapping[str, str]
    severity: Severity
    default: bool
    subject: type
    vault_wide: bool
    options: type
    check: Callable[[Any, Any], Iterable[Violation]]
    origin: str
    applies: Callable[[Shared], bool] | None = None
    mentions: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    def is_idle(self, shared: Shared) -> bool:
        """Asks the configuration nothing of this rule, so that it cannot find anything?"""
        return self.applies is not None and not self.applies(shared)


#: What subjects need of the configuration, to be there at all.
_NEEDS: Mapping[type, Callable[[Shared], bool]] = {
    TypedNote: Shared.has_types,
    PropertyMatch: Shared.has_properties,
    SectionMatch: Shared.has_sections,
}

Check = Callable[[Any, Any], Found]


def rule(
    id: str,
    code: str,
    *,
    group: str,
    severity: Severity = "warning",
    default: bool = True,
    applies: Callable[[Shared], bool] | None = None,
    mentions: tuple[str, ...] = (),
    former: tuple[str, ...] = (),
) -> Callable[[Check], Rule]:
    """Make a rule of a function.

    `applies`: could it find anything, with what is configured? A method of `Shared` says that.
    `mentions`: texts in lower case of which a note has one wherever the rule finds anything; other
    notes are passed over without asking. Raises RuleError with file and line where the id, the
    docstring or an annotation is wrong.
    """

    def register(check: Check) -> Rule:
        origin = f"{check.__code__.co_filename}:{check.__code__.co_firstlineno}"
        annotations = check.__annotations__
        if any(isinstance(hint, str) for hint in annotations.values()):
            annotations = get_type_hints(check)
        hints = [hint for name, hint in annotations.items() if name != "return"]
        if len(hints) != 2:
            raise RuleError(f"{origin}: a rule takes a subject and a context, both annotated")
        subject, context = hints
        stage = get_origin(context) or context
        subjects = {
            NoteContext: NOTE_SUBJECTS,
            VaultContext: VAULT_SUBJECTS,
            SuppressionContext: SUPPRESSION_SUBJECTS,
        }.get(stage)
        if subjects is None or subject not in subjects:
            raise RuleError(f"{origin}: a rule cannot look at {subject} with {context}")
        options = next(iter(get_args(context)), NoOptions)
        doc = split_doc(cleandoc(check.__doc__ or ""))
        return make_rule(
            id=id,
            code=code,
            group=group,
            doc=doc,
            severity=severity,
            default=default,
            subject=subject,
            vault_wide=stage is not NoteContext,
            options=options,
            check=check,
            origin=origin,
            applies=applies or _NEEDS.get(subject),
            mentions=mentions,
            former=former,
        )

    return register


def make_rule(
    *, id: str, code: str, group: str, doc: Mapping[str, str], origin: str, **rest: Any
) -> Rule:
    """A rule whose names and documentation are complete; else RuleError names the origin."""
    if not _ID.fullmatch(id):
        raise RuleError(f"{origin}: the id `{id}` is not of lower-case words joined by `-`")
    if not _CODE.fullmatch(code):
        raise RuleError(f"{origin}: the code `{code}` is not of the form VL101")
    if group not in GROUPS:
        raise RuleError(f"{origin}: the group `{group}` is none of {', '.join(GROUPS)}")
    missing = [part for part in DOC_PARTS if not doc.get(part)]
    if missing:
        raise RuleError(f"{origin}: the documentation of `{id}` lacks {', '.join(missing)}")
    summary = doc[""].removesuffix(".")
    return Rule(id=id, code=code, group=group, summary=summary, doc=doc, origin=origin, **rest)


def split_doc(doc: str) -> dict[str, str]:
    """A rule's docstring by the headings of its parts; the text before the first is under ""."""
    head, *rest = _PART_HEADING.split(doc)
    return {
        "": head.strip(),
        **{k.strip(): v.strip() for k, v in zip(rest[::2], rest[1::2], strict=True)},
    }
