"""`vaultlint schema`."""

from __future__ import annotations

import json

import click


@click.command("schema")
@click.option("--output", is_flag=True, help="Print the schema of what `check` writes as JSON.")
def command(output: bool) -> None:
    """Print the JSON schema of the configuration file, or of the JSON output."""
    if output:
        from vaultlint.report.json_types import output_schema as schema
    else:
        from vaultlint.config_schema import config_schema as schema
    click.echo(json.dumps(schema(), ensure_ascii=False, indent=2))
