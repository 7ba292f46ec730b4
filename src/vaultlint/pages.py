"""The page of a rule: printed by `explain`, and kept in `docs/rules/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from vaultlint.rule import DOC_PARTS, GROUPS, Rule


def rule_page(rule: Rule) -> str:
    """A rule's documentation as Markdown."""
    severity = (
        f"{rule.severity}, on by default" if rule.default else f"{rule.severity}, off by default"
    )
    parts = [f"# {rule.id}", f"{rule.code} · {rule.group} · {severity}", f"{rule.summary}."]
    for part in DOC_PARTS:
        if rule.doc[part].rstrip(".") == rule.summary:
            continue
        parts += [f"## {part}", rule.doc[part]]
    options = list(_options(rule))
    if options:
        parts += ["## Options", f"In `[rules.{rule.id}]`:", "\n".join(options)]
    return "\n\n".join(parts) + "\n"


def _options(rule: Rule) -> Iterator[str]:
    """A line for each option: its name, type and default."""
    properties: dict[str, Any] = {}
    for schema in msgspec.json.schema(rule.options).get("$defs", {}).values():
        properties |= schema.get("properties", {})
    for name, schema in properties.items():
        kind = schema.get("type", "any")
        default = msgspec.json.encode(schema["default"]).decode() if "default" in schema else "none"
        yield f"- `{name}` ({kind}), by default `{default}`"


def rule_index(rules: Iterable[Rule]) -> str:
    """The index of all rule pages as Markdown, by group."""
    listed = list(rules)
    parts = ["# Rules", "Generated from the rules; `vaultlint explain RULE` prints a page."]
    for group, about in GROUPS.items():
        rows = [rule for rule in listed if rule.group == group]
        if rows:
            parts += [f"## {group.capitalize()}: {about}", "\n".join(_table(rows))]
    return "\n\n".join(parts) + "\n"


def _table(rules: Iterable[Rule]) -> Iterator[str]:
    yield "| code | rule | severity | what it reports |"
    yield "| --- | --- | --- | --- |"
    for rule in rules:
        severity = rule.severity if rule.default else f"{rule.severity}, off"
        summary = rule.summary.replace("|", "\\|")
        yield f"| {rule.code} | [{rule.id}]({rule.id}.md) | {severity} | {summary} |"
