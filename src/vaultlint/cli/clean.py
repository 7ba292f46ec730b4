"""`vaultlint clean`."""

from __future__ import annotations

import os
from contextlib import suppress

import click

from vaultlint.cache import MARKS, find_folder, is_ours
from vaultlint.cli.located import Options, locate_vaults, shown_path
from vaultlint.model import UserError
from vaultlint.report.terminal import printable


@click.command("clean")
@click.argument("path", default=".")
@click.option("--cache-dir", metavar="FOLDER", help="The folder that `check` was told to use.")
def command(path: str, cache_dir: str | None) -> None:
    """Delete what is kept of vaults between runs.

    PATH is a vault, or a folder or note in one: its cache folder is emptied, with all that it
    keeps of other vaults. Files that are not ours stay, and so does the folder then.
    """
    folders = {
        folder
        for vault in locate_vaults((path,), Options())
        if (folder := find_folder(vault.root, cache_dir)) is not None
    }
    for folder in sorted(folders):
        files, size = _clean(folder)
        shown = printable(shown_path(folder))
        if files:
            click.echo(f"{shown}: {files:,} file{'s' * (files != 1)} deleted, {size:,} bytes.")
        else:
            click.echo(f"{shown}: there is nothing to delete.")


def _clean(folder: str) -> tuple[int, int]:
    """Delete the files of a cache folder, and the folder if it is empty; their number and size."""
    files = size = 0
    try:
        with os.scandir(folder) as found:
            entries = [entry for entry in found if _is_to_go(entry)]
        for entry in entries:
            with suppress(FileNotFoundError):  # another process deletes too
                here = entry.stat(follow_symlinks=False).st_size
                os.unlink(entry.path)
                files, size = files + 1, size + here
    except FileNotFoundError:
        return 0, 0
    except OSError as error:
        raise UserError(f"`{shown_path(folder)}` cannot be emptied: {error.strerror}") from error
    with suppress(OSError):  # it is not there, or has files that are not ours
        os.rmdir(folder)
    return files, size


def _is_to_go(entry: os.DirEntry[str]) -> bool:
    """Is it a file that only a cache has, or one with which we marked the folder?"""
    if not entry.is_file(follow_symlinks=False):
        return False
    if entry.name not in MARKS:
        return is_ours(entry.name)
    with open(entry.path, "rb") as file:
        return file.read(1_000) == MARKS[entry.name]
