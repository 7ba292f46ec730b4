"""`vaultlint config`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from vaultlint.cli.located import Options, config_text, locate_config, shown_path
from vaultlint.cli.opening import read_settings
from vaultlint.cli.options import config_options
from vaultlint.config import Settings, Source


@click.command("config")
@click.argument("path", default=".")
@config_options
@click.option("--output-format", type=click.Choice(("text", "json")), default="text")
def command(path: str, config: tuple[str, ...], isolated: bool, output_format: str) -> None:
    """Show the configuration in force for a path, and where each value comes from."""
    options = Options(config, isolated)
    settings = read_settings(locate_config(os.path.abspath(path), options), options)
    origins = _Origins(settings)
    rows = [
        {"key": ".".join(keys), "value": value, "origin": origins.find(keys)}
        for keys, value in _flat(msgspec.to_builtins(settings.file))
    ]
    if output_format == "json":
        click.echo(json.dumps({"version": 1, "values": rows}, ensure_ascii=False, indent=2))
        return
    where = shown_path(str(settings.path)) if settings.path else "none found"
    click.echo(f"# configuration file: {where}")
    for row in rows:
        value = json.dumps(row["value"], ensure_ascii=False)
        click.echo(f"{row['key']} = {value}  # {row['origin']}")


def _flat(
    data: Mapping[str, Any], prefix: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in data.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, (*prefix, key))
        else:
            yield (*prefix, key), value


class _Origins:
    """Tells where values come from: the file and line of a key, the command line, or nowhere."""

    def __init__(self, settings: Settings) -> None:
        # keys may be written with `_`
        self._known = {key.replace("_", "-"): each for key, each in settings.origins.items()}
        path = settings.path or Path("vaultlint.toml")
        text = config_text(str(settings.path)) if settings.path else ""
        table = ("tool", "vaultlint") if path.name == "pyproject.toml" else ()
        self._source = Source(shown_path(str(path)), text, path.parent, table)

    def find(self, keys: tuple[str, ...]) -> str:
        """The origin of a value, or that of the table which it is in."""
        for length in range(len(keys), 0, -1):
            origin = self._known.get(".".join(keys[:length]).replace("_", "-"))
            if origin is not None:
                return self._source.at(keys) if origin == self._source.shown else origin
        return "default"
