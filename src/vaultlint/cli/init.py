"""`vaultlint init`."""

from __future__ import annotations

from pathlib import Path

import click

from vaultlint.cli.located import shown_path
from vaultlint.model import UserError

STARTER = """\
# Configuration of vaultlint. Every key is optional; `vaultlint config` shows what holds.

# Rules by id, code or group; `vaultlint rules` lists them, `vaultlint explain RULE` explains one.
# select = ["ALL"]
# ignore = ["broken-link-in-comment"]
# extend-select = []

# The mildest severity that makes the exit code 1: error, warning, info or never.
# fail-on = "warning"

[vault]
# Notes that are not checked; links may still lead to them.
# exclude = ["Archive/**", "Templates/**"]
# Missing notes that are to be written later: globs, "#tag" of the linking notes, ">= 3" links.
# planned = ["Ideas/*"]

[terms]
# Glossaries: YAML lists of entries like `- {term: geoeconomics, accept: [geo-economics]}`.
# glossary = ["glossary.yml"]

# A type of notes, and the sections that they have.
# [types.topic]
# paths = ["Topics/**"]
# tags = ["topic"]
# sections = [
#   { heading = "Challenges*" },
#   { heading = "References" },
#   { heading = "*Timeline", required = false },
# ]

# [references]
# types = ["topic"]          # notes of these types must have a reference section
# names = ["References", "Sources"]

# [rules.broken-heading]
# severity = "warning"

# [[overrides]]
# paths = ["Drafts/**"]
# ignore = ["missing-section"]
"""


@click.command("init")
@click.argument("folder", default=".", type=click.Path(file_okay=False, exists=True))
def command(folder: str) -> None:
    """Write a commented vaultlint.toml to start from. An existing file is never replaced."""
    path = Path(folder) / "vaultlint.toml"
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(STARTER)
    except FileExistsError as error:
        raise UserError(f"{shown_path(str(path))}: exists already") from error
    except OSError as error:
        raise UserError(f"{shown_path(str(path))}: cannot be written: {error.strerror}") from error
    click.echo(f"wrote {shown_path(str(path))}")
