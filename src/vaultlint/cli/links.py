"""`vaultlint links`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import click

from vaultlint.cli.compare import differences, read_unresolved, unresolved_links
from vaultlint.cli.listing import link_as_json
from vaultlint.cli.located import Options
from vaultlint.cli.opening import Opened, open_vaults
from vaultlint.cli.options import config_options
from vaultlint.facts import INDEXED_KINDS
from vaultlint.model import UserError
from vaultlint.nearest import did_you_mean
from vaultlint.planned import Planned
from vaultlint.report.terminal import printable

Row = dict[str, Any]


@click.command("links")
@click.argument("path", default=".")
@click.option("--from", "source", metavar="NOTE", help="Only the links of this note.")
@click.option("--to", "target", metavar="FILE", help="Only the links that lead to this file.")
@click.option("--broken", is_flag=True, help="Only links whose target is missing.")
@click.option("--planned", is_flag=True, help="The planned notes, the most wanted first.")
@click.option("--orphans", is_flag=True, help="The notes that nothing links to.")
@click.option("--all-kinds", is_flag=True, help="Also links that Obsidian's index does not hold.")
@click.option(
    "--compare", metavar="FILE", help="Compare with `obsidian unresolved verbose format=json`."
)
@config_options
@click.option("--output-format", type=click.Choice(("text", "json", "dot")), default="text")
def command(
    path: str,
    source: str | None,
    target: str | None,
    broken: bool,
    planned: bool,
    orphans: bool,
    all_kinds: bool,
    compare: str | None,
    config: tuple[str, ...],
    isolated: bool,
    output_format: str,
) -> None:
    """List links and where they lead.

    PATH is a vault, a folder or a note. The links are those of Obsidian's own index: wikilinks,
    embeds, Markdown links and images, frontmatter and canvas links; with --all-kinds also
    reference definitions, HTML, obsidian:// addresses and the names in bases. The format dot is
    for Graphviz. With --compare the exit code is 1 where something differs.
    """
    (vault,) = open_vaults((path,), Options(config, isolated))
    if compare is not None:
        _compare(vault, compare)
    elif orphans:
        _write("orphans", list(_orphans(vault)), output_format, lambda row: str(row["path"]))
    elif planned:
        _write("planned", _planned(vault), output_format, _planned_line)
    else:
        if source is not None:
            vault = vault._replace(chosen=frozenset((find_note(vault, source),)))
        leads_to = None if target is None else find_file(vault, target)
        links = [
            link
            for link in _links(vault, all_kinds=all_kinds)
            if (not broken or link["reason"].startswith("missing-"))
            and (leads_to is None or link["target"] == leads_to)
        ]
        _write("links", links, output_format, lambda link: _link_line(vault, link))


def _write(name: str, rows: list[Row], output_format: str, line: Callable[[Row], str]) -> None:
    if output_format == "json":
        click.echo(json.dumps({"version": 1, name: rows}, ensure_ascii=False, indent=2))
    elif output_format == "dot":
        if name != "links":
            raise UserError(f"the format dot draws links, not {name}")
        click.echo("\n".join(_graph(rows)))
    else:
        for row in rows:
            click.echo(printable(line(row)))


def _link_line(vault: Opened, link: Row) -> str:
    target = link["target"] or f"({link['reason']})"
    if link["target"] and link["subpath"]:
        target += f" {link['subpath']} ({link['reason']})"
    place = f"{vault.shown(link['source'])}:{link['line']}:{link['column']}"
    return f"{place}: {link['raw']} -> {target}"


def _graph(links: list[Row]) -> Iterator[str]:
    """The links as a graph for Graphviz; missing targets are dashed, and drawn once."""
    yield "digraph vault {"
    yield "  node [shape=box];"
    edges = {
        (link["source"], link["target"] or link["path"], link["target"] is None) for link in links
    }
    for name in sorted({name for _, name, missing in edges if missing}):
        yield f"  {_quote(name)} [style=dashed];"
    for start, end, _ in sorted(edges):
        yield f"  {_quote(start)} -> {_quote(end)};"
    yield "}"


def _quote(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _orphans(vault: Opened) -> Iterator[Row]:
    index = vault.session.vault
    for path in sorted(vault.session.checked):
        if path in index.notes and path.endswith(".md") and not index.backlinks(path) - {path}:
            yield {"path": path}


def _planned(vault: Opened) -> list[Row]:
    """The planned notes with the notes that want them, the most wanted first."""
    session = vault.session
    plans = Planned(session.settings.file.vault.planned, session.vault)
    wanted: dict[str, Row] = {}
    for path in sorted(session.checked.intersection(session.vault.notes)):
        note = session.vault.notes[path]
        for link in session.vault.links(note):
            missing = session.vault.resolve(link, path).reason == "missing-file"
            if missing and link.kind in INDEXED_KINDS and plans.covers(link, note):
                name = link.path.removesuffix(".md")
                row = wanted.setdefault(name.lower(), {"path": name, "count": 0, "sources": []})
                if path not in row["sources"]:
                    row["sources"].append(path)
                    row["count"] += 1
    return sorted(wanted.values(), key=lambda row: (-row["count"], row["path"]))


def _planned_line(row: Row) -> str:
    return f"{row['count']:>5}  {row['path']}  (from {', '.join(row['sources'][:3])})"


def _compare(vault: Opened, file: str) -> None:
    found = list(differences(unresolved_links(vault.session.vault), read_unresolved(file)))
    for line in found:
        click.echo(printable(line))
    if not found:
        click.echo("Obsidian lists the same unresolved links.")
    sys.exit(1 if found else 0)


def _links(vault: Opened, *, all_kinds: bool) -> Iterator[Row]:
    session = vault.session
    for path in sorted(session.vault.notes):
        if vault.chosen is not None and path not in vault.chosen:
            continue
        for link in session.vault.links(session.vault.notes[path]):
            if all_kinds or link.kind in INDEXED_KINDS:
                resolution = session.vault.resolve(link, path)
                yield link_as_json(path, link, resolution, session.lines)


def find_note(vault: Opened, name: str) -> str:
    """The path in the vault of a note that is named by path or as a link names it."""
    path = find_file(vault, name)
    if path not in vault.session.vault.notes:
        raise UserError(f"`{name}` is no note")
    return path


def find_file(vault: Opened, name: str) -> str:
    """The path of a file of the vault that is named by path or as a link names it."""
    index = vault.session.vault
    files = (name,) if name in index.notes else index.find(name, "").files
    if not files:
        raise UserError(f"no note `{name}`{did_you_mean(name, index.files)}")
    return files[0]
