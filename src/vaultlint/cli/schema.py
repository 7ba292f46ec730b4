"""`vaultlint schema`."""

from __future__ import annotations

import json

import click

from vaultlint.config_schema import config_schema


@click.command("schema")
def command() -> None:
    """Print the JSON schema of the configuration file."""
    click.echo(json.dumps(config_schema(), ensure_ascii=False, indent=2))
