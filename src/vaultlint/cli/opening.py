"""From paths on the command line to open vaults: shared by the commands."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from vaultlint.cli.located import Located, Options, locate_vaults, shown_path
from vaultlint.config import Settings, load_settings
from vaultlint.discover import DiskFiles
from vaultlint.model import UserError
from vaultlint.session import Session


class Opened(NamedTuple):
    """A vault that is open, how it was found, and the files named (None: all)."""

    session: Session
    located: Located
    chosen: frozenset[str] | None

    @property
    def root(self) -> Path:
        """The vault's root."""
        return Path(self.located.root)

    def shown(self, path: str) -> str:
        """A path of the vault as seen from the folder where the command runs, with `/`."""
        return shown_path(os.path.join(self.root, path))


def read_settings(config: str | None, options: Options) -> Settings:
    """The settings of a configuration file, with what the command line says over it."""
    values = [_read_value(value) for value in options.config if "=" in value]
    path = None if config is None else Path(config)
    shown = "" if config is None else shown_path(config)
    extra = [options.extra] if options.extra else []
    return load_settings(path, shown=shown, overrides=[*values, *extra])


def _read_value(text: str) -> Mapping[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        key, _, value = text.partition("=")
        try:
            return tomllib.loads(f"{key} = {value!r}")
        except tomllib.TOMLDecodeError as error:
            raise UserError(f"--config: `{text}` is no TOML value: {error}") from error


def open_vaults(paths: Sequence[str], options: Options, jobs: int | None = None) -> list[Opened]:
    """Open the vaults of files and folders, each vault once, loaded."""
    return [_open(located, options, jobs) for located in locate_vaults(paths, options)]


def _open(located: Located, options: Options, jobs: int | None) -> Opened:
    session = Session(DiskFiles(located.root), read_settings(located.config, options))
    session.load(jobs)
    gc.freeze()  # the facts live until the process ends: the collector need not look at them
    return Opened(session, located, located.choose(frozenset(session.checked)))
