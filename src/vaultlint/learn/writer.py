"""A proposal as the text of a configuration, each line with what speaks for it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from vaultlint.learn import starter
from vaultlint.learn.proposal import (
    Asked,
    PropertyProposal,
    SectionProposal,
    TypeProposal,
    Value,
)
from vaultlint.learn.survey import Survey
from vaultlint.learn.vocabulary import ReferenceNames, Term, types_with_references

#: So many notes are named that do not do as the others do.
_MOST_NAMED = 3
#: Keys that begin with a digit could be taken for a number behind a dot: they get quotes.
_BARE_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*+")


@dataclass
class Proposal:
    """All that is proposed for a vault: the values of its configuration.

    `exclude` and `planned` are lists of `[vault]`, `templates` the folders of templates that are
    evident. `root`, `dialect` and `glossary` (files, and the globs of their notes)
    are what a configuration says already.
    """

    survey: Survey
    types: list[TypeProposal] = field(default_factory=list)
    references: ReferenceNames | None = None
    terms: list[Term] = field(default_factory=list)
    exclude: tuple[str, ...] = ()
    evident: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()
    root: str = ""
    dialect: str = "obsidian"
    glossary: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass
class Written:
    """The text, and what each line (from 1) asks for."""

    text: str
    asked: dict[int, tuple[TypeProposal, Asked | None]]


class _Lines:
    """Lines that are written one after the other."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.lines: list[str] = []
        self.asked: dict[int, tuple[TypeProposal, Asked | None]] = {}

    def add(self, line: str, comment: str = "") -> None:
        self.lines.append(f"{line}  # {comment}" if comment else line)

    def block(self, text: str) -> None:
        self.lines += text.splitlines()

    def asks(self, proposal: TypeProposal, what: Asked | None = None) -> None:
        """The next line asks for something."""
        self.asked[len(self.lines) + 1] = proposal, what

    def named(self, numbers: Collection[int]) -> str:
        """The paths of a few notes, "" where there are many or none."""
        if not 0 < len(numbers) <= _MOST_NAMED:
            return ""
        return ", ".join(f"`{_shown(self.survey.path(number))}`" for number in sorted(numbers))


def write_proposal(proposal: Proposal) -> Written:
    """The text of a configuration that holds what is proposed, and the starter's comments."""
    out = _Lines(proposal.survey)
    out.block(starter.HEAD)
    if proposal.survey.samples:
        count = counted(len(proposal.survey), "note")
        out.add(
            f"# Types, sections and properties below were learned from {count} by `vaultlint init`."
        )
        out.add("# Each line says what speaks for it: change what is not meant so.")
        out.add("")
    _write_vault(out, proposal)
    _write_terms(out, proposal)
    for each in proposal.types:
        _write_type(out, each)
    if not proposal.types:
        out.block(starter.TYPES)
    _write_references(out, proposal)
    _write_overrides(out, proposal.types)
    out.block(starter.REST)
    return Written("\n".join(out.lines) + "\n", out.asked)


def _write_vault(out: _Lines, proposal: Proposal) -> None:
    head, *rest = starter.VAULT.splitlines()
    out.add(head)
    if proposal.root:
        out.add(f"root = {quoted(proposal.root)}")
    if proposal.dialect != "obsidian":
        out.add(f"dialect = {quoted(proposal.dialect)}")
    out.block("\n".join(rest))
    if proposal.exclude:
        comment = ""
        if proposal.evident:
            comment = f"placeholders stand in {' and '.join(map(_shown, proposal.evident))}"
        out.add(f"exclude = {_list(proposal.exclude)}", comment)
    else:
        out.block(starter.EXCLUDE)
    out.block(starter.PLANNED_HELP)
    if proposal.planned:
        out.add(f"planned = {_list(proposal.planned)}")
    else:
        out.block(starter.PLANNED)


def _write_terms(out: _Lines, proposal: Proposal) -> None:
    *help_lines, example = starter.TERMS.rstrip("\n").splitlines()
    out.block("\n".join(help_lines))
    out.add(
        f"glossary = [{', '.join(map(_glossary, proposal.glossary))}]"
        if proposal.glossary
        else example
    )
    if proposal.terms:
        out.add("# Names in titles, aliases and tags whose case or dash is easily written wrong:")
        for term in proposal.terms:
            out.add(f"#   - {_shown(term.text)}", f"in {counted(term.notes, 'note')}")
    out.add("")


def _write_type(out: _Lines, proposal: TypeProposal) -> None:
    count = len(proposal.members)
    deviating = proposal.deviating
    some = counted(count, "note")
    if not deviating:
        out.add(f"# {some}: {'it has' if count == 1 else 'all have'} what is asked for here.")
    else:
        names = out.named(deviating)
        out.add(
            f"# {some}: {count - len(deviating)} have all that is asked for here"
            + (f", but not {names}." if names else ".")
        )
    if proposal.template and not proposal.from_template:
        out.add(f"# The template `{_shown(proposal.template)}` has these sections and others.")
    out.asks(proposal)
    out.add(f"[types.{_key(proposal.name)}]")
    _write_condition(out, proposal)
    if proposal.from_template:
        out.add(f"template = {quoted(proposal.template)}", "`vaultlint new` starts from it")
    if proposal.disordered is not None:
        names = out.named(proposal.disordered)
        kept = f"kept in {_of(count - len(proposal.disordered), count)}"
        out.add('order = "as-listed"', kept + (f"; not in {names}" if names else ""))
    if proposal.sections:
        out.add("sections = [")
        for section in proposal.sections:
            out.asks(proposal, section)
            mark = "# " if section.loose else ""
            out.add(f"  {mark}{{ {_section(section)} }},", _evidence(out, section, proposal))
        out.add("]")
    if proposal.properties or proposal.group.condition:
        out.add("")
        out.add(f"[types.{_key(proposal.name)}.properties]")
        if proposal.group.condition:
            name, value = proposal.group.condition
            out.add(f"{_key(name)} = {_value(value)}", "the notes that the type is for")
        for each in proposal.properties:
            out.asks(proposal, each)
            out.add(f"{_key(each.name)} = {{ {_property(each)} }}", _evidence(out, each, proposal))
    out.add("")


def _write_condition(out: _Lines, proposal: TypeProposal) -> None:
    group = proposal.group
    if group.paths:
        out.add(f"paths = {_list(group.paths)}")
    if group.tag:
        out.add(f"tags = {_list((group.tag,))}")


def _section(section: SectionProposal) -> str:
    heading = section.headings
    parts = [f"heading = {quoted(heading[0]) if len(heading) == 1 else _list(heading)}"]
    if section.level is not None:
        parts.append(f"level = {section.level}")
    if not section.required:
        parts.append("optional = true")
    if section.repeat:
        parts.append("repeat = true")
    return ", ".join(parts)


def _property(spec: PropertyProposal) -> str:
    parts = ["required = true"]
    if spec.type is not None:
        parts.append(f"type = {quoted(spec.type)}")
    if spec.values:
        parts.append(f"values = [{', '.join(map(_value, spec.values))}]")
    return ", ".join(parts)


def _evidence(out: _Lines, asked: Asked, proposal: TypeProposal) -> str:
    """How many notes have it, which ones do not, and what the headings of a glob are like."""
    having, count = len(asked.having), len(proposal.members)
    text = f"in {_of(having, count)}"
    if not asked.required:
        loose = isinstance(asked, SectionProposal) and asked.loose
        where = ", anywhere in the note" if loose else ""
        return f"{text} ({having * 100 // count} %){where}{_examples(asked)}"
    names = out.named(proposal.members - asked.having)
    text += f"; not in {names}" if names else ""
    if isinstance(asked, PropertyProposal) and asked.odd:
        odd = out.named(asked.odd)
        text += f"; another value in {odd or counted(len(asked.odd), 'note')}"
    return text + _examples(asked)


def _examples(asked: Asked) -> str:
    if not isinstance(asked, SectionProposal) or not asked.examples:
        return ""
    return f": {' or '.join(f'`{_shown(example)}`' for example in asked.examples)}"


def _write_references(out: _Lines, proposal: Proposal) -> None:
    found = proposal.references
    if found is None:
        out.block(starter.REFERENCES)
        return
    out.add("[references]")
    of = f"{found.notes} of {counted(len(proposal.survey), 'note')}"
    out.add(f"names = {_list(found.names)}", f"{of} have such a section")
    types = types_with_references(proposal.types, found.names)
    if types:
        out.add(f"types = {_list(types)}", "they ask for the section")
    out.add("")


def _write_overrides(out: _Lines, types: Iterable[TypeProposal]) -> None:
    for proposal in types:
        for rule, breaking in sorted(proposal.ignored.items()):
            out.add("[[overrides]]")
            out.add(f"types = {_list((proposal.name,))}")
            of = f"{len(breaking)} of {len(proposal.members)} notes"
            out.add(f"ignore = {_list((rule,))}", f"it would report {of}")
            out.add("")


# --- TOML ---


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else quoted(name)


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, texts))}]"


def _glossary(named: tuple[str, tuple[str, ...]]) -> str:
    """A glossary's file, with the globs of the notes in which it holds, if there are any."""
    file, paths = named
    return f"{{ file = {quoted(file)}, paths = {_list(paths)} }}" if paths else quoted(file)


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(value) if isinstance(value, str) else repr(value)


def _shown(text: str) -> str:
    """A text as a comment can hold it."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _of(part: int, whole: int) -> str:
    return f"all {whole}" if part == whole else f"{part} of {whole}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with the word for one or for many."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
