"""What the JSON of `check` holds, as types, and the JSON schema that is made from them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from vaultlint.model import SEVERITIES, Severity

#: Goes up where a field changes or goes; new fields leave it.
VERSION: Literal[1] = 1

_Number = Annotated[int, Meta(ge=1)]
_Count = Annotated[int, Meta(ge=0)]
_Path = Annotated[str, Meta(min_length=1, description="Relative to the vault's root, with `/`.")]
_Line = Annotated[int, Meta(ge=1, description="Counts from 1.")]
_Column = Annotated[int, Meta(ge=1, description="Counts code points, from 1.")]
_EndColumn = Annotated[int, Meta(ge=1, description="Past the last character of the range.")]


class RelatedPlace(Struct, frozen=True):
    """Another place that a finding speaks of, and what it is."""

    path: _Path
    line: _Line
    column: _Column
    end_line: _Line
    end_column: _EndColumn
    message: str


class Finding(Struct, frozen=True):
    """One finding, and the range that it is about."""

    path: _Path
    line: _Line
    column: _Column
    end_line: _Line
    end_column: _EndColumn
    rule: Annotated[str, Meta(pattern="^[a-z]+(-[a-z]+)+$")]
    code: Annotated[str, Meta(pattern="^[A-Z]{2,5}[0-9]{3}$")]
    severity: Severity
    message: Annotated[str, Meta(min_length=1)]
    suggestions: Annotated[
        list[str],
        Meta(description="Texts that can stand in the place of the range, the likeliest first."),
    ]
    related: list[RelatedPlace]
    asked_by: Annotated[
        str | None,
        Meta(description="The place in the configuration that asks for what is missing."),
    ]
    fingerprint: Annotated[
        str,
        Meta(
            pattern="^[0-9a-f]{32}$",
            description="Stays the same where the finding moves in its note.",
        ),
    ]


class Failed(Struct, frozen=True):
    """A file that could not be checked; the exit code is 2 then."""

    path: _Path
    message: str


class RuleCount(Struct, frozen=True):
    """How often a rule found something, and in how many files."""

    rule: str
    code: str
    severity: Severity
    findings: _Number
    files: _Number


class Totals(Struct, frozen=True):
    """How many notes were checked, and what was found; `failures` counts files.

    `suppressed` counts what suppressions in notes hide, which is not among the findings.
    """

    notes: _Count
    findings: _Count
    error: _Count
    warning: _Count
    info: _Count
    failures: _Count
    suppressed: _Count
    baseline: Annotated[
        _Count | UnsetType,
        Meta(description="Findings that the baseline has; only where there is one."),
    ] = UNSET
    baseline_gone: Annotated[
        _Count | UnsetType,
        Meta(description="Entries of the baseline that no longer occur; only where there is one."),
    ] = UNSET


class Comparison(Struct, frozen=True):
    """What was compared with, and how many findings are new, gone since then, and as they were."""

    base: str
    new: _Count
    fixed: _Count
    known: _Count


class CheckOutput(Struct, frozen=True):
    """What `vaultlint check --output-format json` writes."""

    version: Literal[1]
    findings: list[Finding]
    failures: list[Failed]
    summary: Totals
    statistics: Annotated[
        list[RuleCount] | UnsetType, Meta(description="Only with `--statistics`.")
    ] = UNSET
    comparison: Annotated[
        Comparison | UnsetType,
        Meta(
            description="Only with `--since`, `--diff-base` and `--hook`; `findings` are the new"
            " ones, and with `--hook` all in edited notes."
        ),
    ] = UNSET


def output_schema() -> dict[str, Any]:
    """The JSON schema of what `check` writes as JSON.

    It allows fields that it does not name: those of later versions of the program.
    """
    (schema,), definitions = msgspec.json.schema_components(
        (CheckOutput,), ref_template="#/$defs/{name}"
    )
    assert set(SEVERITIES) <= set(Totals.__struct_fields__)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "vaultlint check --output-format json",
        **schema,
        "$defs": definitions,
    }
