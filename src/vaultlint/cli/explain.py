"""`vaultlint explain`."""

from __future__ import annotations

from pathlib import Path

import click

from vaultlint.cli.opening import config_options, read_settings
from vaultlint.pages import rule_page


@click.command("explain")
@click.argument("rule")
@config_options
def command(rule: str, config: tuple[str, ...], isolated: bool) -> None:
    """Explain a rule: what it reports, why, and how a clean note looks.

    RULE is an id (broken-link) or a code (VL101).
    """
    registry = read_settings(Path.cwd(), config, isolated=isolated).registry
    click.echo(rule_page(registry.get(rule)).rstrip())
