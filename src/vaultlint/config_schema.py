"""The JSON schema of the configuration file, made from the types that read it."""

from __future__ import annotations

from typing import Any

import msgspec

from vaultlint.config import ConfigFile, default_settings
from vaultlint.model import SEVERITIES
from vaultlint.registry import ALL
from vaultlint.rule import GROUPS, Rule


def config_schema() -> dict[str, Any]:
    """The schema, with the options of every rule, and every name that selects rules."""
    (schema,), definitions = msgspec.json.schema_components(
        (ConfigFile,), ref_template="#/$defs/{name}"
    )
    registry = default_settings().registry
    definitions["Rules"] = {
        "type": "object",
        "properties": {
            name: _rule_schema(rule, definitions)
            for rule in registry
            for name in (rule.id, rule.code)
        },
        "additionalProperties": False,
    }
    names = [name for rule in registry for name in (rule.id, rule.code)]
    definitions["Selector"] = {"enum": [ALL, *GROUPS, *names]}
    for owner in ("ConfigFile", "Override"):
        properties = definitions[owner]["properties"]
        properties["rules"] = {"$ref": "#/$defs/Rules"}
        for key in ("select", "ignore", "extend-select", "extend-ignore"):
            if key in properties:
                properties[key] = {"type": "array", "items": {"$ref": "#/$defs/Selector"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "vaultlint configuration",
        **schema,
        "$defs": definitions,
    }


def _rule_schema(rule: Rule, definitions: dict[str, Any]) -> dict[str, Any]:
    _, options = msgspec.json.schema_components((rule.options,), ref_template="#/$defs/{name}")
    definitions.update(
        {name: value for name, value in options.items() if name != rule.options.__name__}
    )
    own = options.get(rule.options.__name__, {})
    return {
        "type": "object",
        "description": rule.summary,
        "properties": {"severity": {"enum": list(SEVERITIES)}, **own.get("properties", {})},
        "additionalProperties": False,
    }
