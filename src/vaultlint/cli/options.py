"""Options and choices that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


def config_options(function: FunctionT) -> FunctionT:
    """The options that say which configuration holds."""
    for decorate in (
        click.option("--isolated", is_flag=True, help="Do not read any configuration file."),
        click.option(
            "--config",
            "config",
            multiple=True,
            metavar="FILE|KEY=VALUE",
            help="A configuration file, or one value as TOML; may be repeated.",
        ),
    ):
        function = decorate(function)
    return function


def use_color(choice: str, stream: Any) -> bool:
    """Are colours wanted? NO_COLOR, FORCE_COLOR and TERM=dumb count where the choice is auto."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and bool(getattr(stream, "isatty", bool)())


def use_progress(stream: Any) -> bool:
    """Is progress shown? On a terminal only, and not where CI or TERM=dumb says that it is none."""
    if os.environ.get("CI") or os.environ.get("TERM") == "dumb":
        return False
    return bool(getattr(stream, "isatty", bool)())
