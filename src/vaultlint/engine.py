"""Runs rules: over each note alone, then over the vault. It reads no file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from vaultlint.answers import Answer
from vaultlint.config import Active, Settings
from vaultlint.facts import (
    Frontmatter,
    Heading,
    InertBlockId,
    Link,
    NamedSource,
    NoteFacts,
    Suppression,
)
from vaultlint.fingerprint import digest
from vaultlint.libraries import Libraries, literature_key
from vaultlint.model import Span, Violation
from vaultlint.obsidian import ObsidianSettings
from vaultlint.parse.extract import parse_note
from vaultlint.parse.note import ParsedNote
from vaultlint.planned import Planned
from vaultlint.property_match import PropertyMatch, match_properties
from vaultlint.record import (
    Failure,
    Findings,
    Record,
    write,
    write_facts,
    write_findings,
)
from vaultlint.references import find_sources
from vaultlint.rule import (
    BROAD_SUBJECTS,
    SUPPRESSION_SUBJECTS,
    Attachment,
    Bibliography,
    BrokenLink,
    CitingNote,
    EmptyLink,
    LiveLink,
    NoteContext,
    PlannedLink,
    SuppressionContext,
    TableRow,
    TypedNote,
    UncertainLink,
    UnknownSuppression,
    UnmatchedSuppression,
    UnquotedLink,
    UntrackedLink,
    UnusedSuppression,
    VaultContext,
    ViewLink,
    WebAnswer,
)
from vaultlint.schema import NoteType
from vaultlint.sections import SectionMatch, match_sections
from vaultlint.suppress import Names, Suppressing, is_honoured, is_partial
from vaultlint.template_text import may_hold_placeholder
from vaultlint.text import decode
from vaultlint.vault import Vault

if TYPE_CHECKING:
    from vaultlint.suggest import Suggester

#: Seconds that each rule took, by its id.
Timings = dict[str, float]


def parse_file(path: str, data: bytes) -> tuple[NoteFacts, ParsedNote | None]:
    """The facts of a file, and the parsed note where it is one."""
    text, damaged_at = decode(data)
    lower = path.lower()
    if lower.endswith(".bib"):
        from vaultlint.parse.bibtex import parse_bibtex

        return parse_bibtex(path, text, damaged_at), None
    if lower.endswith(".json"):
        from vaultlint.parse.csl import parse_csl

        return parse_csl(path, text, damaged_at), None
    if not lower.endswith((".canvas", ".base")):
        note = parse_note(path, text, damaged_at)
        return note.facts, note
    from vaultlint.parse.canvas import parse_base, parse_canvas

    parse = parse_base if lower.endswith(".base") else parse_canvas
    return parse(path, text, damaged_at), None


def digest_names(facts: NoteFacts) -> bytes:
    """A digest of what other notes' links and suggestions can see of a note."""
    return digest(write(facts.outline.names))


def examine(
    path: str, data: bytes, stage: NoteStage | None, vault: Vault, *, kept: bool = True
) -> Record:
    """What is remembered of one file; without a `stage` no rule is asked.

    `vault` has all files by name; of records it needs none. `kept`: for the next run too. Raises
    whatever the parser raises.
    """
    facts, note = parse_file(path, data)
    if stage is not None and note is not None and stage.compares_sources:
        facts = facts._replace(sources=stage.find_sources(note))
    found = stage.check(note) if stage is not None and note is not None else Findings([], [])
    outline, rest = write_facts(facts)
    names, ties = digest_names(facts) if kept else b"", vault.ties(facts)
    is_asked = bool(
        facts.inert_block_ids or facts.citations or facts.library or facts.suppressions
    ) or any(link.path.startswith("@") for link in facts.links)
    wanted = vault.wanted_names(facts) if kept else ()
    return Record(outline, rest, write_findings(found), names, ties, is_asked, wanted)


def compares_sources(settings: Settings) -> bool:
    """May a rule compare the sources of notes, so that they are among their facts?"""
    return any(rule.subject is NamedSource for rule in settings.possible_rules)


class _Typed(NamedTuple):
    """A note with its types, as rules may look at it."""

    note: ParsedNote
    types: Sequence[NoteType]


_NOTE_SUBJECTS: dict[type, Callable[[_Typed], Sequence[Any]]] = {
    ParsedNote: lambda typed: (typed.note,),
    NoteFacts: lambda typed: (typed.note.facts,),
    Heading: lambda typed: typed.note.facts.headings,
    EmptyLink: lambda typed: [EmptyLink(*empty) for empty in typed.note.empty_links],
    UnquotedLink: lambda typed: [
        UnquotedLink(span, typed.note.text[span.start : span.end])
        for span in typed.note.unquoted_links
    ],
    TableRow: lambda typed: [TableRow(row) for row in typed.note.blocks_of("row")],
    PropertyMatch: lambda typed: match_properties(typed.note, typed.types),
    TypedNote: lambda typed: [TypedNote(typed.note, each) for each in typed.types],
    SectionMatch: lambda typed: [
        match_sections(typed.note, each)
        for each in typed.types
        if each.plan.asks and not typed.note.facts.is_drawing
    ],
}


class NoteStage:
    """Runs note rules: what they find depends on the note and the settings alone."""

    def __init__(self, settings: Settings, timings: Timings | None = None) -> None:
        self._settings = settings
        self._timings = timings
        self.compares_sources = compares_sources(settings)
        self._obsidian = ObsidianSettings()
        self._contexts: dict[int, list[tuple[type, list[_NoteRule]]]] = {}

    def use(self, obsidian: ObsidianSettings) -> bool:
        """Let rules see the vault's own settings; were there others before?"""
        is_other = obsidian != self._obsidian
        self._obsidian = obsidian
        self._contexts.clear()
        return is_other

    def find_sources(self, note: ParsedNote) -> tuple[NamedSource, ...]:
        """The sources that a note's reference sections name."""
        return find_sources(note, self._settings.shared.references.names)

    def check(self, note: ParsedNote) -> Findings:
        """The findings in one note."""
        facts = note.facts
        types = self._settings.types_of(facts)
        plan = self._settings.plan(facts, types)
        by_subject = self._contexts.get(id(plan))
        if by_subject is None:
            by_subject = self._contexts[id(plan)] = self._prepare(plan)
        found = Findings([], [])
        typed = _Typed(note, [self._settings.shared.types[name] for name in types])
        text = note.text.lower()
        for subject, rules in by_subject:
            subjects = _NOTE_SUBJECTS[subject](typed)
            if subjects:
                for active, context in rules:
                    mentions = active.rule.mentions
                    if mentions and not any(map(text.__contains__, mentions)):
                        continue
                    context.note = facts
                    context.types = types
                    _run(active, subjects, context, found, self._timings)
        return found

    def _prepare(self, plan: Iterable[Active]) -> list[tuple[type, list[_NoteRule]]]:
        """The note rules by what they look at, each with a context that serves for every note."""
        by_subject: dict[type, list[_NoteRule]] = {}
        nothing = NoteFacts("", Frontmatter("none", Span(0, 0)))
        for active in plan:
            rule = active.rule
            if not rule.vault_wide:
                context: NoteContext[Any] = NoteContext(
                    rule,
                    active.severity,
                    active.options,
                    nothing,
                    (),
                    self._settings.shared,
                    self._obsidian,
                )
                by_subject.setdefault(rule.subject, []).append((active, context))
        return list(by_subject.items())


_NoteRule = tuple[Active, NoteContext[Any]]


class VaultStage:
    """Runs vault rules over one vault; what it looks up is kept for the next note."""

    def __init__(
        self,
        vault: Vault,
        settings: Settings,
        planned: Planned,
        libraries: Libraries,
        timings: Timings | None = None,
    ) -> None:
        self._vault = vault
        self._libraries = libraries
        self._settings = settings
        self._planned = planned
        self._timings = timings
        subjects = {rule.subject for rule in settings.possible_rules if rule.vault_wide}
        #: Is every note asked about, whatever its links?
        self.is_broad = not subjects.isdisjoint(BROAD_SUBJECTS)
        #: Is every attachment asked about?
        self.asks_attachments = Attachment in subjects

    @cached_property
    def _suggester(self) -> Suggester:
        from vaultlint.suggest import Suggester

        return Suggester(self._vault)

    def is_quiet(self, record: Record) -> bool:
        """Has no rule anything to look at in a note: do all its links hold for certain?"""
        if self.is_broad or record.is_asked or record.ties.uncertain:
            return False
        return all(map(self._vault.holds, record.ties.anchors))

    def check(self, note: NoteFacts) -> Findings:
        """The findings of vault rules in one note, canvas or base."""
        types = self._settings.types_of(note)
        active = [a for a in self._settings.plan(note, types) if a.rule.vault_wide]
        cites = any(each.rule.subject is CitingNote for each in active)
        subjects = self._subjects(note, cites=cites) if active else {}
        return self._run(active, note, types, subjects)

    def check_attachment(self, path: str) -> Findings:
        """The findings in a file that was not parsed."""
        note = NoteFacts(path, Frontmatter("none", Span(0, 0)))
        active = [a for a in self._settings.plan(note, ()) if a.rule.subject is Attachment]
        return self._run(active, note, (), {Attachment: (Attachment(path),)})

    def check_web(self, note: NoteFacts, answers: Mapping[str, Answer]) -> Findings:
        """The findings in a file that follow from what was answered of its addresses."""
        types = self._settings.types_of(note)
        active = [a for a in self._settings.plan(note, types) if a.rule.subject is WebAnswer]
        links = note.web_links
        asked = [
            WebAnswer(each, answers[each.address]) for each in links if each.address in answers
        ]
        return self._run(active, note, types, {WebAnswer: asked})

    def asks_web(self, note: NoteFacts) -> bool:
        """Does any rule want to know what is answered of a file's addresses?"""
        types = self._settings.types_of(note)
        return any(a.rule.subject is WebAnswer for a in self._settings.plan(note, types))

    def _run(
        self,
        active: Iterable[Active],
        note: NoteFacts,
        types: tuple[str, ...],
        subjects: Mapping[type, Sequence[Any]],
    ) -> Findings:
        def make_context(each: Active) -> VaultContext[Any]:
            return VaultContext(
                each.rule,
                each.severity,
                each.options,
                note,
                types,
                self._settings.shared,
                self._vault,
                self._suggester,
                self._libraries,
            )

        return _run_all(active, subjects, make_context, self._timings)

    def _subjects(self, note: NoteFacts, *, cites: bool) -> dict[type, Sequence[Any]]:
        """What rules may look at in a note. `cites`: rules ask about its citations.

        A link to a literature note whose key is unknown is a citation to them, and then no broken
        link to others: one fault is told once.
        """
        vault = self._vault
        links = tuple(vault.links(note))
        broken: list[BrokenLink] = []
        live: list[LiveLink] = []
        planned: list[PlannedLink] = []
        for link in links:
            resolution = vault.resolve(link, note.path)
            if not resolution.reason.startswith("missing-"):
                live.append(LiveLink(link, resolution))
            elif resolution.way == "outside" or is_excused(link, vault):
                continue
            elif resolution.target is None and self._planned.covers(link, note):
                planned.append(PlannedLink(link))
            else:
                broken.append(BrokenLink(link, resolution))
        citing = self._citing(note, broken) if cites else ()
        cited = {link.span for each in citing for link in each.links}
        if cited:
            broken = [each for each in broken if each.link.span not in cited]
        return {
            NoteFacts: (note,),
            Link: links,
            BrokenLink: broken,
            LiveLink: live,
            UncertainLink: [
                UncertainLink(*each)
                for each in live
                if each.resolution.way == "accident" or len(each.resolution.candidates) > 1
            ],
            UntrackedLink: [
                UntrackedLink(*each)
                for each in live
                if vault.is_untracked(each.resolution.target, note.path)
            ],
            ViewLink: [
                ViewLink(*each)
                for each in live
                if each.link.subpath and (each.resolution.target or "").endswith(".base")
            ],
            PlannedLink: planned,
            InertBlockId: note.inert_block_ids,
            CitingNote: citing,
            NamedSource: note.sources,
            Bibliography: () if note.library is None else (Bibliography(note.library),),
        }

    def _citing(self, note: NoteFacts, broken: Iterable[BrokenLink]) -> Sequence[CitingNote]:
        bare = self._settings.shared.references.bare_citekeys
        citations = tuple(each for each in note.citations if bare or each.form == "bracketed")
        named = [
            each.link
            for each in broken
            if each.resolution.target is None
            and literature_key(each.link)
            and not each.link.commented
        ]
        sources = self._libraries.sources_of(note) if citations or named else None
        if sources is None:
            return ()
        links = (each for each in named if not sources.may_have(literature_key(each)))
        return (CitingNote(citations, tuple(links), sources),)


class SuppressionStage:
    """Hides what suppressions cover of all that was found in a note, and judges them by it."""

    def __init__(self, settings: Settings, timings: Timings | None = None) -> None:
        self._settings = settings
        self._timings = timings
        self._names = Names(settings.registry)
        self._partial = is_partial(settings)

    def check(self, note: NoteFacts, found: Findings) -> tuple[Findings, int]:
        """What is left of the findings in a note, and how many were hidden.

        What rules about suppressions find is hidden in its turn, where their own names stand. What
        is answered of web addresses is not known here, so that nothing is said of suppressions that
        may be there for that.
        """
        types = self._settings.types_of(note)
        plan = self._settings.plan(note, types)
        active = [each for each in plan if each.rule.subject in SUPPRESSION_SUBJECTS]
        ran = {each.rule.id for each in plan if each.rule.subject is not WebAnswer}
        ran.difference_update(each.rule for each in found.failures)
        suppressing = Suppressing(note.suppressions, self._names)
        kept = suppressing.hide(found.violations)

        def unused(*, own: bool) -> list[UnusedSuppression]:
            partial = self._partial or bool(note.web_links)
            return list(suppressing.find_unused(ran, partial=partial, own=own))

        subjects: dict[type, Sequence[Any]] = {
            Suppression: [each for each in note.suppressions if is_honoured(each)],
            UnusedSuppression: unused(own=False),
            UnknownSuppression: list(suppressing.find_unknown()),
            UnmatchedSuppression: list(suppressing.find_unmatched()),
        }
        about = self._run(active, note, types, subjects)
        own_kept = suppressing.hide(about.violations)
        hidden = len(found.violations) - len(kept) + len(about.violations) - len(own_kept)
        last = self._run(active, note, types, {UnusedSuppression: unused(own=True)})
        failures = [*found.failures, *about.failures, *last.failures]
        return Findings([*kept, *own_kept, *last.violations], failures), hidden

    def hide(self, note: NoteFacts, violations: Iterable[Violation]) -> list[Violation]:
        """What is left of findings in a note; suppressions are not judged by them."""
        return Suppressing(note.suppressions, self._names).hide(violations)

    def _run(
        self,
        active: Iterable[Active],
        note: NoteFacts,
        types: tuple[str, ...],
        subjects: Mapping[type, Sequence[Any]],
    ) -> Findings:
        def make_context(each: Active) -> SuppressionContext[Any]:
            shared = self._settings.shared
            return SuppressionContext(each.rule, each.severity, each.options, note, types, shared)

        return _run_all(active, subjects, make_context, self._timings)


def is_excused(link: Link, vault: Vault) -> bool:
    """Is a link without target none that anyone could repair?

    Placeholders of templates, addresses that begin with `//` (browsers take them as external),
    and `obsidian://` addresses of other vaults.
    """
    if may_hold_placeholder(link.raw) or link.path.startswith("//"):
        return True
    if link.kind == "obsidian-uri":
        return link.display != vault.name
    if link.kind == "base-folder":
        return vault.has_folder(link.path)
    return False


def _run_all(
    active: Iterable[Active],
    subjects: Mapping[type, Sequence[Any]],
    make_context: Callable[[Active], VaultContext[Any] | SuppressionContext[Any]],
    timings: Timings | None,
) -> Findings:
    """Call the rules that have anything to look at, each with a context of its own."""
    findings = Findings([], [])
    for each in active:
        found = subjects.get(each.rule.subject, ())
        if found:
            _run(each, found, make_context(each), findings, timings)
    return findings


def _run(
    active: Active,
    subjects: Iterable[Any],
    context: NoteContext[Any] | VaultContext[Any] | SuppressionContext[Any],
    found: Findings,
    timings: Timings | None,
) -> None:
    """Call one rule; where it crashes, that is a failure: neither a finding nor silence."""
    started = perf_counter() if timings is not None else 0.0
    check = active.rule.check
    try:
        for subject in subjects:
            found.violations.extend(check(subject, context))
    except Exception as error:  # noqa: BLE001  # whatever a rule raises is reported, not hidden
        from traceback import extract_tb

        frame = extract_tb(error.__traceback__)[-1]
        where = f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
        message = f"{type(error).__name__}: {error} ({where})"
        found.failures.append(Failure(context.note.path, active.rule.id, message))
    if timings is not None:
        rule_id = active.rule.id
        timings[rule_id] = timings.get(rule_id, 0.0) + perf_counter() - started


def sort_violations(violations: Iterable[Violation], codes: Mapping[str, str]) -> list[Violation]:
    """Findings by path, place and code."""
    return sorted(violations, key=lambda v: (v.path, v.span, codes[v.rule], v.message))
