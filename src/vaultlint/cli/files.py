"""`vaultlint check --show-files`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from vaultlint.cli.located import Options, locate_vaults
from vaultlint.cli.opening import read_settings
from vaultlint.discover import DiskFiles, select_files
from vaultlint.listing import is_parsed
from vaultlint.report.terminal import printable


def show_files(paths: Sequence[str], options: Options) -> None:
    """Print the notes, canvases and bases that `check` would look at, and look at none."""
    for located in locate_vaults(paths, options):
        table = read_settings(located.config, options).file.vault
        checked = select_files(DiskFiles(located.root), table).checked
        chosen = located.choose(checked)
        for path in sorted(filter(is_parsed, checked if chosen is None else chosen)):
            click.echo(printable(located.shown(path)))
