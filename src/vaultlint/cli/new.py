"""`vaultlint new`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from vaultlint.cli.located import Located, Options, locate_vaults, shown_path
from vaultlint.cli.opening import read_settings
from vaultlint.cli.options import config_options
from vaultlint.cli.writing import write_new
from vaultlint.config import Settings
from vaultlint.engine import NoteStage
from vaultlint.matching import composed, match_path
from vaultlint.model import UserError, Violation
from vaultlint.nearest import did_you_mean
from vaultlint.parse.extract import parse_note
from vaultlint.report.terminal import printable
from vaultlint.schema import NoteType
from vaultlint.skeleton import complete_note
from vaultlint.template_text import fill_template
from vaultlint.text import Lines, decode

#: What Obsidian allows in no name of a note, and what no file system allows.
_FORBIDDEN = re.compile(r"[\[\]#^|\\/:\x00-\x1f\x7f]")
#: A glob's folders that have no wildcard in them.
_FOLDERS = re.compile(r"(?:[^*?/]++/)*+")


@click.command("new")
@click.argument("type_name", metavar="TYPE")
@click.argument("title")
@click.option("--folder", metavar="DIR", help="The folder to write to.")
@click.option("--dry-run", "--stdout", is_flag=True, help="Print the note, and write nothing.")
@config_options
def command(
    type_name: str,
    title: str,
    folder: str | None,
    dry_run: bool,
    config: tuple[str, ...],
    isolated: bool,
) -> None:
    """Write a note with the sections and properties that its type asks for.

    It stands in the folder that the type's `paths` name, and begins with the type's template, if
    there is one. Prints its path; what is left to write is told on stderr.
    """
    name = _check_title(title)
    options = Options(config, isolated)
    (located, *_) = locate_vaults((folder or ".",), options)
    settings = read_settings(located.config, options)
    note_type = _find_type(type_name, settings)
    path = _choose_path(name, note_type, located, folder)
    text = _write(path, note_type, settings, located)
    left = list(_left(path, text, settings))
    if dry_run:
        click.echo(text, nl=False)
    else:
        target = os.path.join(located.root, path)
        _refuse_same_name(target)
        try:
            os.makedirs(os.path.dirname(target), exist_ok=True)
        except OSError as error:
            raise UserError(f"{shown_path(target)}: cannot be written: {error.strerror}") from error
        write_new(target, text)
        click.echo(printable(located.shown(path)))
    if left:
        click.echo("left to write:", err=True)
    for line in left:
        click.echo(printable(f"  {line}"), err=True)


def _check_title(title: str) -> str:
    """The name of the note. Raises UserError."""
    name = title.strip().removesuffix(".md").strip()
    found = _FORBIDDEN.search(name)
    if found:
        char = found[0] if found[0].isprintable() else f"U+{ord(found[0]):04X}"
        raise UserError(f"the title has a `{char}`, which no name of a note can have")
    if not name or name.startswith(".") or name.endswith("."):
        raise UserError("the title is no name of a note: it is empty, or has a dot at an end")
    return name


def _find_type(name: str, settings: Settings) -> NoteType:
    types = settings.shared.types
    if name in types:
        return types[name]
    if not types:
        raise UserError(
            f"no type `{name}`: no types are configured; `vaultlint init` proposes some"
        )
    raise UserError(f"no type `{name}`{did_you_mean(name, types)}")


def _choose_path(name: str, note_type: NoteType, located: Located, folder: str | None) -> str:
    """The path of the note in the vault. Raises UserError where it is not one of the type."""
    if folder is not None:
        inside = os.path.relpath(os.path.abspath(folder), located.root).replace(os.sep, "/")
        places = ["" if inside == "." else f"{inside}/"]
    elif note_type.paths:
        places = [_FOLDERS.match(glob.lstrip("/"))[0] for glob in note_type.paths]  # type: ignore[index]
    else:
        inside = os.path.relpath(os.getcwd(), located.root).replace(os.sep, "/")
        places = ["" if inside == "." or inside.startswith("..") else f"{inside}/"]
    for place in places:
        path = f"{place}{name}.md"
        if not note_type.paths or match_path(path, note_type.paths):
            return path
    globs = " or ".join(f"`{glob}`" for glob in note_type.paths)
    hint = "" if folder is not None else "; `--folder` names the folder"
    raise UserError(f"`{places[0]}{name}.md` is not of {globs}, the type's paths{hint}")


def _write(path: str, note_type: NoteType, settings: Settings, located: Located) -> str:
    now = datetime.now().astimezone()
    text = ""
    if note_type.template:
        title = path.rpartition("/")[2].removesuffix(".md")
        base = Path(settings.path or located.root).parent
        text = fill_template(decode((base / note_type.template).read_bytes())[0], title, now)
    text = complete_note(text, path, note_type, now)
    for other in settings.types_of(parse_note(path, text).facts):
        text = complete_note(text, path, settings.shared.types[other], now)
    types = settings.types_of(parse_note(path, text).facts)
    bases = (base for name in types for base in settings.shared.types[name].bases)
    if note_type.name not in (*types, *bases):
        raise UserError(
            f"no note can be made of the type `{note_type.name}`: a note with what it asks for is "
            "none of it"
        )
    return text


def _left(path: str, text: str, settings: Settings) -> Iterator[str]:
    """What the rules find in the note: what only its writer can tell."""
    lines = Lines(text)
    note = parse_note(path, text)
    found: list[Violation] = NoteStage(settings).check(note).violations
    for violation in sorted(found, key=lambda each: (each.span, each.message)):
        line = lines.position(violation.span.start)[0]
        yield f"line {line}: {violation.message}"
    for number, line_text in enumerate(text.split("\n"), 1):
        if line_text.startswith("---") and number > 1:
            break
        if "{{" in line_text:
            yield f"line {number}: {line_text}"


def _refuse_same_name(target: str) -> None:
    """No second note whose name differs in letter case only: Obsidian takes them for one."""
    folder, name = os.path.split(target)
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for other in names:
        if composed(other).casefold() == composed(name).casefold():
            raise UserError(f"{shown_path(os.path.join(folder, other))}: exists already")
