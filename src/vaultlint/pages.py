"""The page of a rule: printed by `explain`, and kept in `docs/rules/`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from vaultlint.rule import DOC_PARTS, Rule


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
