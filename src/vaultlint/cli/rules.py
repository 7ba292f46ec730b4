"""`vaultlint rules`."""

from __future__ import annotations

import json
import os

import click

from vaultlint.cli.located import Options, locate_config
from vaultlint.cli.opening import read_settings
from vaultlint.cli.options import config_options
from vaultlint.rule import GROUPS


@click.command("rules")
@config_options
@click.option("--output-format", type=click.Choice(("text", "json")), default="text")
def command(config: tuple[str, ...], isolated: bool, output_format: str) -> None:
    """List the rules: code, id, severity, and what each reports."""
    options = Options(config, isolated)
    registry = read_settings(locate_config(os.getcwd(), options), options).registry
    if output_format == "json":
        rows = [
            {
                "id": rule.id,
                "code": rule.code,
                "group": rule.group,
                "severity": rule.severity,
                "default": rule.default,
                "summary": rule.summary,
            }
            for rule in registry
        ]
        click.echo(json.dumps({"version": 1, "rules": rows}, ensure_ascii=False, indent=2))
        return
    width = max(len(rule.id) for rule in registry)
    for group, about in GROUPS.items():
        rules = [rule for rule in registry if rule.group == group]
        if rules:
            click.echo(f"{group}: {about}")
        for rule in rules:
            severity = rule.severity if rule.default else "off"
            click.echo(f"  {rule.code}  {rule.id:<{width}}  {severity:<7}  {rule.summary}")
