"""From paths on the command line to the vaults they belong to: shared by the commands.

Nothing here imports anything large: it is part of every run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from vaultlint.locate import find_config, find_nested_vaults, find_root, is_vault, upwards
from vaultlint.model import UserError

#: The name of the file, at the vault's root, that holds the findings which `check` passes over.
BASELINE = ".vaultlint-baseline.json"


class Options(NamedTuple):
    """What the command line says of the configuration: files and values, and values over it.

    `baseline` is a file that it names; None: as the configuration says, empty: none is wanted.
    """

    config: tuple[str, ...] = ()
    isolated: bool = False
    extra: Mapping[str, Any] = {}
    baseline: str | None = None


class Located(NamedTuple):
    """A vault: its root, its configuration file, and the paths in it that were named.

    `root` and `config` are absolute; `named` are relative to the root, with `/`; None: all.
    """

    root: str
    config: str | None
    named: frozenset[str] | None

    def shown(self, path: str) -> str:
        """A path of the vault as seen from the folder where the command runs, with `/`."""
        above = _shown(self.root)
        if above.startswith("..") or path.startswith("../"):
            return shown_path(os.path.join(self.root, path))
        return path if above == "." else f"{above}/{path}"

    def choose(self, paths: frozenset[str]) -> frozenset[str] | None:
        """Of some paths those that were named, and those below folders that were; None: all."""
        if self.named is None:
            return None
        folders = tuple(f"{path}/" for path in self.named)
        return frozenset(path for path in paths if path in self.named or path.startswith(folders))


def shown_path(path: str) -> str:
    """A path as seen from the folder where the command runs, with `/`."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # on another drive
        relative = path
    return relative.replace(os.sep, "/")


_shown = cache(shown_path)


def config_file(options: Options) -> str | None:
    """The configuration file that the command line names. Raises UserError."""
    files = [value for value in options.config if "=" not in value]
    if len(files) > 1:
        raise UserError("--config names more than one file")
    if files and not os.path.isfile(files[0]):
        raise UserError(f"--config: there is no file `{files[0]}`")
    return os.path.realpath(files[0]) if files else None


def locate_config(start: str, options: Options) -> str | None:
    """The configuration file for a path: the one named, else the nearest upwards."""
    named = config_file(options)
    if named is not None or options.isolated:
        return named
    return find_config(start if os.path.isdir(start) else os.path.dirname(start))


def locate_vaults(paths: Sequence[str], options: Options) -> list[Located]:
    """The vaults of files and folders, each once, in the order in which they are named.

    Raises UserError for a path that is not there.
    """
    groups: dict[str, tuple[str | None, set[str] | None]] = {}
    for given in _each_vault(paths or (".",)):
        path = os.path.abspath(given)
        config = locate_config(path, options)
        root = find_root(path, config, _configured_root(config, options))
        known = groups.setdefault(root, (config, set()))[1]
        if path == root or known is None:
            groups[root] = (config, None)
        else:
            known.add(_relative(path, root, given))
    return [
        Located(root, config, None if named is None else frozenset(named))
        for root, (config, named) in groups.items()
    ]


def find_vault(start: str, options: Options) -> Located:
    """The vault of a folder, an absolute path, as a whole."""
    config = locate_config(start, options)
    return Located(find_root(start, config, _configured_root(config, options)), config, None)


def _configured_root(config: str | None, options: Options) -> str:
    """`vault.root` of the configuration, where it may have one."""
    text = "\n".join(value for value in options.config if "=" in value)
    if config is not None:
        text += config_text(config)
    if "root" not in text:
        return ""
    from vaultlint.cli.opening import read_settings

    return read_settings(config, options).file.vault.root


def config_text(config: str) -> str:
    """The text of a configuration file; what is wrong with it is told when it is read."""
    try:
        with open(config, encoding="utf-8-sig", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def may_have_baseline(located: Located, options: Options) -> bool:
    """Is there a baseline, or may the configuration name one?"""
    if options.baseline is not None:
        return bool(options.baseline)
    values = (*options.config, config_text(located.config) if located.config else "")
    in_vault = os.path.join(located.root, BASELINE)
    return any("baseline" in value for value in values) or os.path.lexists(in_vault)


def _each_vault(paths: Sequence[str]) -> Iterator[str]:
    """The paths, but for a folder that is in no vault and holds some: those."""
    for given in paths:
        path = os.path.abspath(given)
        if not os.path.exists(path):
            raise UserError(f"there is no file or folder `{given}`")
        inside = upwards(path, is_vault) or find_config(path)
        nested = [] if inside or not os.path.isdir(path) else find_nested_vaults(path)
        yield from nested or (given,)


def _relative(path: str, root: str, given: str) -> str:
    relative = os.path.relpath(path, root)
    if relative.startswith(".."):
        raise UserError(f"`{given}` is not in the vault `{shown_path(root)}`")
    return relative.replace(os.sep, "/")
