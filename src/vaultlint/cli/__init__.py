"""The command line: one module for each command, imported when it is called."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from vaultlint import __version__
from vaultlint.model import UserError

#: The commands, and what each is for. A module of this package has the same name.
COMMANDS = {
    "check": "Check notes, and report what is wrong.",
    "baseline": "Write down all findings, so that `check` reports new ones only.",
    "clean": "Delete what is kept of vaults between runs.",
    "links": "List links and where they lead.",
    "inspect": "Show what is known of a note.",
    "terms": "List the terms of the glossary, or propose one.",
    "references": "List the sources that notes name.",
    "rules": "List the rules.",
    "explain": "Explain a rule.",
    "config": "Show the configuration in force, and where it comes from.",
    "schema": "Print the JSON schema of the configuration, or of the output.",
    "init": "Write a configuration that is learned from the notes.",
    "new": "Write a new note of a type.",
    "completion": "Print the shell completion script.",
}


#: Exit codes of a run that a signal would have ended: 128 and the number of SIGINT, of SIGPIPE.
INTERRUPTED, BROKEN_PIPE = 130, 141


class _Commands(click.Group):
    """Knows all commands, and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"vaultlint.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from vaultlint.nearest import did_you_mean

            near = did_you_mean(args[0], COMMANDS)
            ctx.fail(f"no command `{args[0]}`{near}")
        if args == ["check", "--hook"]:
            from vaultlint.cli.staged import has_nothing_to_do

            if has_nothing_to_do():
                ctx.exit()
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an interrupt, and a reader that goes away, have their own exit codes."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except KeyboardInterrupt:
            _end_line()
            click.echo("interrupted", err=True)
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            _write_nowhere()
            sys.exit(BROKEN_PIPE)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; whatever goes wrong ends with exit code 2 and one line that says why."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="replace")
        try:
            return super().main(*args, **kwargs)
        except UserError as error:
            click.echo(f"error: {error}", err=True)
        sys.exit(2)


def _end_line() -> None:
    """Begin a new line where a terminal has just shown `^C`."""
    if sys.stderr.isatty():
        click.echo(err=True)


def _write_nowhere() -> None:
    """Let what is still to be written go nowhere, so that the end of the process is quiet."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BrokenPipeError:
                os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="vaultlint %(version)s")
def main() -> None:
    """Check vaults of Markdown notes: links, sections, key terms and references."""
