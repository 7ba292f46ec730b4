"""Reports in files, and what slow formats ask of rules: imported where they are asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from vaultlint.cache import put_in_place, write_beside
from vaultlint.cli.checked import Checked
from vaultlint.cli.located import Options
from vaultlint.cli.opening import read_settings
from vaultlint.model import UserError
from vaultlint.pages import rule_page
from vaultlint.report import RuleText
from vaultlint.report.formats import FORMATS


class Target(NamedTuple):
    """A file that a report is written to; `option` is what asks for it."""

    option: str
    format: str
    path: str


def read_targets(outputs: Iterable[str], file: str | None, format: str) -> list[Target]:
    """The files that `-o FORMAT:FILE` and `--output-file` name. Raises UserError."""
    targets = [_read_target(text) for text in outputs]
    if file:
        targets.append(Target("--output-file", format, file))
    seen: set[str] = set()
    for option, _, path in targets:
        real = os.path.realpath(path)
        if real in seen:
            raise UserError(f"{option}: two reports go to the same file `{path}`")
        seen.add(real)
        folder = os.path.dirname(real)
        if os.path.isdir(real):
            raise UserError(f"{option}: `{path}` cannot be written: it is a folder")
        if not os.path.isdir(folder):
            raise UserError(f"{option}: `{path}` cannot be written: there is no folder for it")
    return targets


def _read_target(text: str) -> Target:
    name, colon, path = text.partition(":")
    if not colon or not path:
        raise UserError(f"-o: `{text}` is not of the form FORMAT:FILE")
    if name not in FORMATS:
        from vaultlint.nearest import did_you_mean

        raise UserError(f"-o: no format `{name}`{did_you_mean(name, FORMATS)}")
    if path == "-":
        raise UserError("-o: the standard output has a format of its own: --output-format")
    return Target("-o", name, path)


def write_files(texts: Sequence[tuple[Target, str]]) -> None:
    """Write reports; a file has its old content, or all of the new. Raises UserError."""
    for target, text in texts:
        try:
            _write_file(os.path.realpath(target.path), text.encode("utf-8", "replace"))
        except OSError as error:
            raise UserError(
                f"{target.option}: `{target.path}` cannot be written: {error.strerror}"
            ) from error


def _write_file(path: str, data: bytes) -> None:
    try:
        mode = os.stat(path).st_mode & 0o777 if os.path.isfile(path) else None
        if mode is None and os.path.exists(path):  # a pipe or a device cannot be replaced
            with open(path, "wb") as device:
                device.write(data)
            return
        temporary = write_beside(path, data)
    except PermissionError:
        # the folder takes no new files, but this one may be written
        if not os.path.isfile(path):
            raise
        with open(path, "wb") as old:
            old.write(data)
        return
    put_in_place(temporary, path, mode)


def describe_rules(checked: Iterable[Checked], options: Options) -> Mapping[str, RuleText]:
    """What is known of all rules of some vaults, by their ids."""
    texts: dict[str, RuleText] = {}
    for vault in checked:
        for rule in read_settings(vault.located.config, options).registry:
            texts[rule.id] = RuleText(
                rule.code,
                rule.group,
                rule.severity,
                rule.summary,
                rule.doc["What it does"],
                rule.doc["Why"],
                rule_page(rule),
            )
    return texts
