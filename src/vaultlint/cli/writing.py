"""New files, whole or not at all, and never in the place of one that is there."""

from __future__ import annotations

import os
from tempfile import NamedTemporaryFile

from vaultlint.cli.located import shown_path
from vaultlint.model import UserError


def write_new(path: str, text: str) -> None:
    """Write a file that is not there yet. Raises UserError: it is, or it cannot be written."""
    folder, name = os.path.split(path)
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=folder or ".", prefix=f".{name[:40]}."
        ) as file:
            os.fchmod(file.fileno(), 0o666 & ~_umask())
            file.write(text)
            file.flush()
            _link(file.name, path, text)
    except FileExistsError as error:
        raise UserError(f"{shown_path(path)}: exists already") from error
    except OSError as error:
        raise UserError(f"{shown_path(path)}: cannot be written: {error.strerror}") from error


def _link(source: str, path: str, text: str) -> None:
    """Give a file its name; where the file system has no second names, write it there."""
    try:
        os.link(source, path)
    except FileExistsError:
        raise
    except OSError:
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
