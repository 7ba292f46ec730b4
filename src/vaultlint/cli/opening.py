"""From paths on the command line to open vaults: shared by the commands."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from vaultlint.config import Settings, find_config, load_settings
from vaultlint.discover import DiskFiles, find_nested_vaults, find_root, is_vault
from vaultlint.model import UserError
from vaultlint.session import Session

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


class Opened(NamedTuple):
    """A vault that is open, its root, and the files named (None: all)."""

    session: Session
    root: Path
    chosen: frozenset[str] | None

    def shown(self, path: str) -> str:
        """A path of the vault as seen from the folder where the command runs, with `/`."""
        return shown_path(self.root / path)


def shown_path(path: Path) -> str:
    """A path as seen from the folder where the command runs, with `/`."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # on another drive
        relative = str(path)
    return relative.replace(os.sep, "/")


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


def read_settings(
    start: Path,
    config: Sequence[str] = (),
    *,
    isolated: bool = False,
    extra: Mapping[str, Any] | None = None,
) -> Settings:
    """The settings for a path: the configuration found upwards or named, and values over it."""
    files = [value for value in config if "=" not in value]
    values = [_read_value(value) for value in config if "=" in value]
    if len(files) > 1:
        raise UserError("--config names more than one file")
    path = Path(files[0]) if files else None
    if path is not None and not path.is_file():
        raise UserError(f"--config: there is no file `{files[0]}`")
    if path is None and not isolated:
        path = find_config(start if start.is_dir() else start.parent)
    shown = shown_path(path) if path else ""
    path = path.resolve() if path else None
    return load_settings(path, shown=shown, overrides=[*values, *([extra] if extra else [])])


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


def open_vaults(
    paths: Sequence[str],
    config: Sequence[str] = (),
    *,
    isolated: bool = False,
    extra: Mapping[str, Any] | None = None,
    jobs: int | None = None,
) -> list[Opened]:
    """Open the vaults of files and folders, each vault once, loaded."""
    groups: dict[Path, tuple[Settings, set[str] | None]] = {}
    for given in _each_vault(paths or (".",)):
        path = Path(os.path.abspath(given))
        settings = read_settings(path, config, isolated=isolated, extra=extra)
        root = find_root(path, settings.path, settings.file.vault.root)
        known = groups.setdefault(root, (settings, set()))[1]
        if path == root or known is None:
            groups[root] = (settings, None)
        else:
            known.add(_relative(path, root, given))
    opened = []
    for root, (settings, chosen) in groups.items():
        session = Session(DiskFiles(root), settings)
        session.load(jobs)
        named = None if chosen is None else frozenset(_expand(chosen, session.checked))
        opened.append(Opened(session, root, named))
    gc.freeze()  # the facts live until the process ends: the collector need not look at them
    return opened


def _each_vault(paths: Sequence[str]) -> Iterator[str]:
    """The paths, but for a folder that is in no vault and holds some: those."""
    for given in paths:
        path = Path(os.path.abspath(given))
        if not path.exists():
            raise UserError(f"there is no file or folder `{given}`")
        inside = any(map(is_vault, (path, *path.parents))) or find_config(path)
        nested = [] if inside or not path.is_dir() else find_nested_vaults(path)
        yield from map(str, nested) if nested else (given,)


def _relative(path: Path, root: Path, given: str) -> str:
    try:
        return path.relative_to(root).as_posix()
    except ValueError as error:
        raise UserError(f"`{given}` is not in the vault `{shown_path(root)}`") from error


def _expand(chosen: set[str], checked: set[str]) -> set[str]:
    """Files that are named, and those below folders that are named."""
    folders = tuple(f"{path}/" for path in chosen)
    return {path for path in checked if path in chosen or path.startswith(folders)}


def use_color(choice: str, stream: Any) -> bool:
    """Are colours wanted? NO_COLOR, FORCE_COLOR and TERM=dumb count where the choice is auto."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and bool(getattr(stream, "isatty", bool)())
