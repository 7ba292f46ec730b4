"""`vaultlint completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from vaultlint.cli import main


@click.command("completion")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def command(shell: str) -> None:
    """Print the shell completion script: `eval "$(vaultlint completion bash)"`."""
    complete = get_completion_class(shell)
    assert complete is not None
    click.echo(complete(main, {}, "vaultlint", "_VAULTLINT_COMPLETE").source())
