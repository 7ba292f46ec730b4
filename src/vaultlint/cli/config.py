"""`vaultlint config`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

import click
import msgspec

from vaultlint.cli.located import Options, locate_config, shown_path
from vaultlint.cli.opening import read_settings
from vaultlint.cli.options import config_options


@click.command("config")
@click.argument("path", default=".")
@config_options
@click.option("--output-format", type=click.Choice(("text", "json")), default="text")
def command(path: str, config: tuple[str, ...], isolated: bool, output_format: str) -> None:
    """Show the configuration in force for a path, and where each value comes from."""
    options = Options(config, isolated)
    settings = read_settings(locate_config(os.path.abspath(path), options), options)
    values = dict(_flat(msgspec.to_builtins(settings.file)))
    rows = [
        {"key": key, "value": value, "origin": _origin(key, settings.origins)}
        for key, value in values.items()
    ]
    if output_format == "json":
        click.echo(json.dumps({"version": 1, "values": rows}, ensure_ascii=False, indent=2))
        return
    where = shown_path(str(settings.path)) if settings.path else "none found"
    click.echo(f"# configuration file: {where}")
    for row in rows:
        value = json.dumps(row["value"], ensure_ascii=False)
        click.echo(f"{row['key']} = {value}  # {row['origin']}")


def _flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _origin(key: str, origins: Mapping[str, str]) -> str:
    while key:
        if key in origins:
            return origins[key]
        key = key.rpartition(".")[0]
    return "default"
