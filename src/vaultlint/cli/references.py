"""`vaultlint references`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from vaultlint.bibtex_stubs import write_stubs
from vaultlint.cli.located import Located, Options, locate_vaults
from vaultlint.cli.opening import read_settings
from vaultlint.cli.options import config_options
from vaultlint.discover import DiskFiles, select_files
from vaultlint.facts import Frontmatter, NoteFacts
from vaultlint.identifiers import Identifier
from vaultlint.libraries import Libraries
from vaultlint.model import Span, UserError
from vaultlint.parse.bibtex import Kept, read_bibtex
from vaultlint.parse.csl import read_csl
from vaultlint.parse.extract import parse_note
from vaultlint.parse.note import ParsedNote
from vaultlint.report.terminal import printable
from vaultlint.rule import ReferenceSettings
from vaultlint.sources import Place, Source, find_mentions, group_sources
from vaultlint.text import Lines, decode
from vaultlint.vault import Vault
from vaultlint.wording import short

Row = dict[str, Any]


@click.command("references")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--by", type=click.Choice(("note", "source")), help="How they are listed.")
@click.option("--missing", is_flag=True, help="List the notes that name no source instead.")
@click.option("--links", is_flag=True, help="Links to the web in the text are sources too.")
@click.option(
    "--unlisted", is_flag=True, help="Only sources that no bibliography of the vault has."
)
@config_options
@click.option(
    "--output-format",
    "--format",
    "output_format",
    type=click.Choice(("text", "json", "bibtex")),
    default="text",
)
def command(
    paths: tuple[str, ...],
    by: str | None,
    missing: bool,
    links: bool,
    unlisted: bool,
    config: tuple[str, ...],
    isolated: bool,
    output_format: str,
) -> None:
    """List the sources that notes name.

    PATHS are notes or folders. Sources are the entries of reference sections, footnotes, citation
    keys, and properties like `source` and `doi`. The format bibtex writes an entry for each of
    them that has a DOI, an ISBN, an arXiv or PubMed number, or an address.
    """
    if missing and (by or unlisted or output_format == "bibtex"):
        raise UserError("--missing lists notes: --by, --unlisted and bibtex are for sources")
    if output_format == "bibtex" and by:
        raise UserError("the format bibtex lists sources: --by is for the others")
    options = Options(config, isolated)
    reading = _Reading(options, links=links)
    reading.read(locate_vaults(paths, options))
    if missing:
        rows: list[Row] = [{"path": path} for path in reading.missing]
        _write("missing", rows, output_format, lambda row: [reading.shown[row["path"]]])
    else:
        _write_sources(reading, by or "note", output_format, unlisted=unlisted)
    if reading.failures:
        sys.exit(2)


class _Reading:
    """What the notes of some vaults name; paths begin with the vault's place where there are more.

    `shown` are the paths as seen from the folder where the command runs, `missing` the notes that
    name nothing, `listed` the entries of all bibliographies.
    """

    def __init__(self, options: Options, *, links: bool) -> None:
        self._options = options
        self._links = links
        self.places: list[Place] = []
        self.shown: dict[str, str] = {}
        self.missing: list[str] = []
        self.listed: Kept = []
        self.failures = 0

    def read(self, vaults: list[Located]) -> None:
        """Read the notes of vaults, and their bibliographies."""
        base = os.path.commonpath([located.root for located in vaults])
        for located in vaults:
            place = os.path.relpath(located.root, base).replace(os.sep, "/")
            self._read_vault(located, "" if len(vaults) == 1 else f"{place}/")

    def _read_vault(self, located: Located, prefix: str) -> None:
        settings = read_settings(located.config, self._options)
        files = DiskFiles(located.root)
        selection = select_files(files, settings.file.vault)
        chosen = located.choose(selection.checked)
        folder = settings.path.parent if settings.path else Path()
        libraries = Libraries(
            Vault(selection.all, files.name, settings.file.vault.dialect),
            [files.path_of(file, folder) for file in settings.bibliographies],
            lambda path: self._read_library(path, files.read(path)),
        )
        for path in (*libraries.configured, *filter(_is_bibtex, selection.parsed)):
            libraries.load(path)
        for path in sorted(selection.checked if chosen is None else chosen):
            if not path.lower().endswith(".md"):
                continue
            shown = prefix + path
            self.shown[shown] = located.shown(path)
            try:
                text = decode(files.read(path)).text
            except OSError as error:
                self._tell_failure(shown, f"cannot be read: {error.strerror}")
                continue
            note = parse_note(path, text)
            libraries.sources_of(note.facts)  # reads those that it names
            self._add(shown, note, settings.shared.references)

    def _read_library(self, path: str, data: bytes) -> NoteFacts:
        read = read_csl if path.lower().endswith(".json") else read_bibtex
        library = read(decode(data).text, self.listed)
        return NoteFacts(path, Frontmatter("none", Span(0, 0)), library=library)

    def _tell_failure(self, path: str, message: str) -> None:
        self.failures += 1
        click.echo(f"failure: {printable(self.shown[path])}: {message}", err=True)

    def _add(self, path: str, note: ParsedNote, settings: ReferenceSettings) -> None:
        mentions = find_mentions(note, settings, links=self._links)
        lines = Lines(note.text)
        self.places += [
            Place(path, lines.position(mention.span.start)[0], mention) for mention in mentions
        ]
        if not mentions and not note.facts.is_drawing:
            self.missing.append(path)


def _is_bibtex(path: str) -> bool:
    return path.lower().endswith(".bib")


def _write_sources(reading: _Reading, by: str, output_format: str, *, unlisted: bool) -> None:
    sources = group_sources(reading.places, reading.listed)
    if unlisted:
        sources = [source for source in sources if not source.is_listed]
    if output_format == "bibtex":
        taken = frozenset(key for entry, _ in reading.listed for key in entry.keys)
        for stub in write_stubs(sources, taken):
            click.echo(stub)
    elif by == "source":
        rows = [_source_as_json(source) for source in sources]
        _write("sources", rows, output_format, lambda row: _source_lines(row, reading.shown))
    else:
        listed = {place for source in sources if source.is_listed for place in source.places}
        kept = {place for source in sources for place in source.places}
        rows = [
            {"path": path, "sources": [_mention_as_json(each, each in listed) for each in places]}
            for path, group in groupby(reading.places, lambda place: place.path)
            if (places := [place for place in group if place in kept])
        ]
        _write("notes", rows, output_format, lambda row: _note_lines(row, reading.shown))


def _write(
    name: str, rows: list[Row], output_format: str, lines: Callable[[Row], Iterable[str]]
) -> None:
    if output_format == "json":
        click.echo(json.dumps({"version": 1, name: rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        for line in lines(row):
            click.echo(printable(line))
    if not rows:
        hint = "every note names a source" if name == "missing" else "no note names a source"
        click.echo(hint, err=True)


def _found_by(numbers: Iterable[Identifier], addresses: Iterable[str], keys: Iterable[str]) -> Row:
    """What a source can be found by, each kind a list."""
    found: Row = {"doi": [], "isbn": [], "arxiv": [], "pmid": []}
    for number in numbers:
        found[number.kind.lower()].append(number.key.partition(":")[2])
    return {**found, "url": list(addresses), "citekey": list(keys)}


def _mention_as_json(place: Place, is_listed: bool) -> Row:
    mention = place.mention
    return {
        "line": place.line,
        "form": mention.form,
        "text": mention.text,
        "title": mention.title or None,
        **_found_by(mention.numbers, filter(None, (mention.address,)), mention.keys),
        "note": mention.note or None,
        "listed": is_listed,
    }


def _source_as_json(source: Source) -> Row:
    return {
        "text": source.text,
        "title": source.title or None,
        **_found_by(source.numbers, source.addresses, source.keys),
        "listed": source.is_listed,
        "places": [
            {"path": place.path, "line": place.line, "form": place.mention.form}
            for place in source.places
        ],
    }


def _note_lines(row: Row, shown: Mapping[str, str]) -> Iterator[str]:
    place = shown[row["path"]]
    return (f"{place}:{each['line']}: {_label(each)}" for each in row["sources"])


def _source_lines(row: Row, shown: Mapping[str, str]) -> list[str]:
    places = [f"        {shown[each['path']]}:{each['line']}" for each in row["places"]]
    return [f"{len(places):>6}  {_label(row)}", *places]


def _label(row: Row) -> str:
    """A source in a line: its text, and what it can be found by, unless the text says that."""
    found = [f"doi:{doi}" for doi in row["doi"]] + [f"ISBN {isbn}" for isbn in row["isbn"]]
    found += [f"arXiv:{number}" for number in row["arxiv"]]
    found += [f"PMID {number}" for number in row["pmid"]]
    text = row["text"]
    if not found:
        found = [address for address in row["url"] if address.lower() not in text.lower()]
        found += [f"@{key}" for key in row["citekey"] if f"@{key.lower()}" not in text.lower()]
    elif len(row["doi"]) == 1 and row["doi"][0] in text.lower():
        found = found[1:]
    return "  ".join((short(text), *found))
