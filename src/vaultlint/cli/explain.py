"""`vaultlint explain`."""

from __future__ import annotations

import os

import click

from vaultlint.cli.located import Options, locate_config
from vaultlint.cli.opening import read_settings
from vaultlint.cli.options import config_options
from vaultlint.pages import rule_page


@click.command("explain")
@click.argument("rule")
@config_options
def command(rule: str, config: tuple[str, ...], isolated: bool) -> None:
    """Explain a rule: what it reports, why, and how a clean note looks.

    RULE is an id (broken-link) or a code (VL101).
    """
    options = Options(config, isolated)
    registry = read_settings(locate_config(os.getcwd(), options), options).registry
    click.echo(rule_page(registry.get(rule)).rstrip())
