"""Skeletons of new notes: what a type asks for, with a placeholder where only the writer can tell.

A skeleton has all sections and properties of its type. It does not pretend to say anything: what
stands in it is a comment or a placeholder like `{{author}}`: rules about content still report it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from vaultlint.facts import NoteFacts, fold_name
from vaultlint.frontmatter_text import set_properties
from vaultlint.matching import has_property, has_tag
from vaultlint.parse.extract import parse_note
from vaultlint.parse.note import ParsedNote, Section
from vaultlint.schema import (
    ContentKind,
    ContentSpec,
    NoteType,
    PropertySpec,
    SectionPlan,
    SectionSpec,
    as_text,
    is_pattern,
    value_pattern,
)
from vaultlint.sections import Missing, find_title, match_sections

#: What each kind of content looks like before anyone has written it; the others have no such form.
_FORMS: Mapping[ContentKind, str] = {
    "note-link": "[[{{note}}]]",
    "embed": "![[{{file}}]]",
    "image": "![[{{image}}.png]]",
    "drawing": "![[{{drawing}}.excalidraw]]",
    "table": "| {{column}} | {{column}} |\n| --- | --- |\n| {{cell}} | {{cell}} |",
    "list": "- {{item}}",
    "task": "- [ ] {{task}}",
    "quotation": "> {{quotation}}",
    "callout": "> [!note]\n> {{note}}",
    "footnote": "{{text}}[^1]\n\n[^1]: {{source}}",
}
_KIND_NAMES: Mapping[ContentKind, str] = {
    "external-link": "a link to the web",
    "code": "a code block",
    "citekey": "a citation key",
}
#: Words that no heading ends with: what a glob leaves open must follow.
_OPEN_END = re.compile(r"\b(?:a|an|and|at|by|for|from|in|of|on|or|the|to|with)\Z", re.IGNORECASE)
_LONE_LINE_FEED = re.compile(r"(?<!\r)\n")
_STARS = re.compile(r"\*++")
_NOT_LITERAL = re.compile(r"\\[bAZ]|[\^$()?:]")


def complete_note(text: str, path: str, note_type: NoteType, now: datetime) -> str:
    """A note with the properties and sections added that a type asks for and it lacks.

    `path` is that of the note in the vault: its name is the title.
    """
    title = path.rpartition("/")[2].removesuffix(".md")
    text = _with_properties(text, path, note_type, title, now)
    if note_type.opening is not None and not parse_note(path, text).blocks:
        text += "\n".join(["", *_body(note_type.opening, None)]) + "\n"
    whole = _with_sections(text, path, note_type, title)
    return _LONE_LINE_FEED.sub("\r\n", whole) if "\r\n" in text else whole


# --- properties ---


def _with_properties(text: str, path: str, note_type: NoteType, title: str, now: datetime) -> str:
    facts = parse_note(path, text).facts
    if facts.frontmatter.state == "invalid":
        return text
    wanted = dict(_wanted(facts, note_type, title, now))
    return set_properties(text, facts.frontmatter, wanted)


def _wanted(
    facts: NoteFacts, note_type: NoteType, title: str, now: datetime
) -> Iterator[tuple[str, object]]:
    """The properties to set: those that the type's conditions and its specs ask for."""
    known = {fold_name(name): (name, value) for name, value, *_ in facts.frontmatter.properties}
    specs = {fold_name(spec.name): spec for spec in note_type.properties}
    if note_type.tags and not has_tag(facts, note_type.tags):
        name, value = known.get("tags", ("tags", []))
        tags = value if isinstance(value, list) else [value] if value else []
        yield name, [*tags, min(note_type.tags)]
        specs.pop("tags", None)
    for name, condition in note_type.conditions.items():
        spec = specs.pop(fold_name(name), PropertySpec(name=name, origin=""))
        if has_property(facts, name, condition):
            continue
        if condition is True:
            yield name, property_value(spec, note_type, title, now)
            continue
        value = condition.replace("*", "").strip() if isinstance(condition, str) else condition
        old = known.get(fold_name(name), (name, None))
        listed = isinstance(old[1], list) or spec.type == "list" or name.lower() == "categories"
        yield old[0], [*(old[1] if isinstance(old[1], list) else []), value] if listed else value
    for key, spec in specs.items():
        if spec.presence == "required" and not has_property(facts, spec.name, True):
            name = known[key][0] if key in known else spec.name
            yield name, property_value(spec, note_type, title, now)


def property_value(spec: PropertySpec, note_type: NoteType, title: str, now: datetime) -> object:
    """A right value for a property, or a placeholder of its type where any value could be right."""
    count = max(1, spec.min_items)
    if spec.type == "tags":
        return list(spec.values[:count]) or [_slug(note_type.name)]
    values = [f"[[{value}]]" if spec.link else value for value in spec.values]
    if spec.type == "list":
        return values[:count] or [_text(spec, title, now, n) for n in range(count)]
    if values:
        return values[0]
    if spec.type == "number":
        least = spec.min if spec.min is not None else min(0.0, spec.max or 0.0)
        return int(least) if float(least).is_integer() else least
    if spec.type == "checkbox":
        return False
    if spec.type == "date":
        return now.date().isoformat()
    if spec.type == "datetime":
        return now.replace(microsecond=0, tzinfo=None).isoformat()
    return _text(spec, title, now, 0)


def _text(spec: PropertySpec, title: str, now: datetime, number: int) -> str:
    placeholder = f"{{{{{spec.name}}}}}" if not number else f"{{{{{spec.name} {number + 1}}}}}"
    if spec.link:
        return f"[[{placeholder}]]"
    if spec.name.lower() == "title":
        placeholder = title
    if not spec.pattern:
        return placeholder
    date = now.date().isoformat()
    candidates = (placeholder, title, date, now.strftime("%Y%m%d%H%M"), now.strftime("%H:%M"), "0")
    return next((c for c in candidates if value_pattern(spec.pattern).fullmatch(c)), placeholder)


def _slug(name: str) -> str:
    return "-".join(name.split()).lower()


# --- sections ---


def _with_sections(text: str, path: str, note_type: NoteType, title: str) -> str:
    """Add what is missing, one section after the other: what is in it is found then."""
    impossible: list[tuple[SectionSpec, ...]] = []
    for _ in range(1000):
        note = parse_note(path, text)
        match = match_sections(note, note_type)
        missing = [each for each in match.missing if each.specs not in impossible]
        if not missing:
            break
        specs = missing[0].specs
        places = {id(found.section): found.spec for found in match.found}
        added = _add(note, note_type, missing[0], places, title)
        if added is not None:
            after = match_sections(parse_note(path, added), note_type)
            if _times(specs, after.missing) < _times(specs, match.missing):
                text = added
                continue
        impossible.append(specs)
    return text


def _times(specs: tuple[SectionSpec, ...], missing: Sequence[Missing]) -> int:
    return sum(each.specs == specs for each in missing)


def _add(
    note: ParsedNote,
    note_type: NoteType,
    missing: Missing,
    places: Mapping[int, SectionSpec],
    title: str,
) -> str | None:
    """The note's text with a missing section in it; None where no heading can be told."""
    parent = missing.parent
    plan = note_type.plan
    if parent is not None:
        spec_above = places.get(id(parent))
        plan = (spec_above.sections if spec_above else None) or SectionPlan(specs=missing.specs)
    for spec in missing.specs:
        heading = heading_of(spec, plan, title)
        if heading is None:
            continue
        level = spec.written_level(_usual_level(note, parent, places))
        block = [f"{'#' * level} {heading}", "", *_body(spec.content, spec.sections, level)]
        at = _place(note, plan, spec, parent, places)
        head, tail = note.text[:at].rstrip(), note.text[at:].lstrip("\n")
        text = "\n".join(block).rstrip()
        return "\n\n".join(filter(None, (head, text, tail.rstrip()))) + "\n"
    return None


def _usual_level(
    note: ParsedNote, parent: Section | None, places: Mapping[int, SectionSpec]
) -> int:
    if parent is not None:
        return min(parent.level + 1, 6)
    title = find_title(note)
    levels = [
        section.level
        for section in note.all_sections()
        if id(section) in places and section is not title
    ]
    return min(levels, default=2)


def _place(
    note: ParsedNote,
    plan: SectionPlan,
    spec: SectionSpec,
    parent: Section | None,
    places: Mapping[int, SectionSpec],
) -> int:
    """The offset of the next section of the plan that is there, or of the end of the parent."""
    later = plan.specs[plan.specs.index(spec) + 1 :] if spec in plan.specs else ()
    starts = [
        section.span.start
        for section in (note.all_sections() if parent is None else parent.walk())
        if any(places.get(id(section)) is each for each in later)
    ]
    if starts:
        return min(starts)
    if parent is None:
        return len(note.text)
    following = (
        section.span.start
        for section in note.all_sections()
        if section.span.start > parent.span.start and section.level <= parent.level
    )
    return next(following, len(note.text))


def heading_of(spec: SectionSpec, plan: SectionPlan, title: str) -> str | None:
    """A heading that is a section's, and no other one's of the plan; None where there is none."""
    for spelling in spec.headings:
        for heading in _candidates(spelling, title):
            exactness = spec.matches(heading)
            others = (other.matches(heading) for other in plan.specs if other is not spec)
            if exactness and exactness > max(others, default=0):
                return heading
    return None


def _candidates(spelling: str, title: str) -> Iterator[str]:
    """Headings that a spelling may stand for."""
    if is_pattern(spelling):
        first = spelling[1:-1].partition("|")[0]
        texts = [_NOT_LITERAL.sub("", first)]
    else:
        spelling = as_text(spelling)
        bare = " ".join(spelling.replace("*", " ").split())
        filled = " ".join(_STARS.sub(lambda _: f" {title} ", spelling).split())
        texts = [filled] if _OPEN_END.search(bare) else [bare, filled]
    for text in texts:
        if text.strip("# ") and text.isprintable():
            yield text
            yield f"{text} {title}"


def _body(content: ContentSpec, nested: SectionPlan | None, level: int = 1) -> Iterator[str]:
    """What stands in a section before it is written: a comment on what is asked, and forms."""
    asks = [_KIND_NAMES[kind] for kind in content.contains if kind in _KIND_NAMES]
    if content.min_words:
        asks.insert(0, f"at least {content.min_words} words")
    if content.max_words is not None:
        asks.append(f"at most {content.max_words} words")
    yield f"%% {'; '.join(asks) or 'to be written'} %%"
    forms = [_FORMS[kind] for kind in content.contains if kind in _FORMS]
    items = sum(form.startswith(("- ", "|")) for form in forms)
    if content.min_items > items:
        more = [f"- {{{{item {n}}}}}" for n in range(items + 1, content.min_items + 1)]
        if "- {{item}}" in forms:
            forms[forms.index("- {{item}}")] = "\n".join(["- {{item}}", *more])
        else:
            forms.append("\n".join(more))
    for form in forms:
        yield ""
        yield from form.split("\n")
    parts = content.min_subsections
    if nested is not None:
        parts -= sum(spec.presence == "required" for spec in nested.specs)
        parts = 0 if nested.other == "forbid" else parts
    for number in range(1, parts + 1):
        yield from ("", f"{'#' * min(level + 1, 6)} Part {number}", "", "%% to be written %%")
