"""`vaultlint links`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from vaultlint.cli.listing import link_as_json
from vaultlint.cli.opening import Opened, config_options, open_vaults
from vaultlint.facts import INDEXED_KINDS
from vaultlint.model import UserError
from vaultlint.nearest import did_you_mean
from vaultlint.report.terminal import printable


@click.command("links")
@click.argument("path", default=".")
@click.option("--from", "source", metavar="NOTE", help="Only the links of this note.")
@click.option("--broken", is_flag=True, help="Only links whose target is missing.")
@click.option("--all-kinds", is_flag=True, help="Also links that Obsidian's index does not hold.")
@config_options
@click.option("--output-format", type=click.Choice(("text", "json")), default="text")
def command(
    path: str,
    source: str | None,
    broken: bool,
    all_kinds: bool,
    config: tuple[str, ...],
    isolated: bool,
    output_format: str,
) -> None:
    """List links and where they lead.

    PATH is a vault, a folder or a note. The links are those of Obsidian's own index: wikilinks,
    embeds, Markdown links and images, frontmatter and canvas links; with --all-kinds also
    reference definitions, HTML, obsidian:// addresses and the names in bases.
    """
    (vault,) = open_vaults((path,), config, isolated=isolated)
    if source is not None:
        vault = vault._replace(chosen=frozenset((find_note(vault, source),)))
    links = [
        link
        for link in _links(vault, all_kinds=all_kinds)
        if not broken or link["reason"].startswith("missing-")
    ]
    if output_format == "json":
        click.echo(json.dumps({"version": 1, "links": links}, ensure_ascii=False, indent=2))
        return
    for link in links:
        target = link["target"] or f"({link['reason']})"
        if link["target"] and link["subpath"]:
            target += f" {link['subpath']} ({link['reason']})"
        shown = printable(vault.shown(link["source"]))
        raw, lead = printable(link["raw"]), printable(target)
        click.echo(f"{shown}:{link['line']}:{link['column']}: {raw} -> {lead}")


def _links(vault: Opened, *, all_kinds: bool) -> Iterator[dict[str, Any]]:
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
    if name in vault.session.vault.notes:
        return name
    found = vault.session.vault.find(name, "")
    notes = [file for file in found.files if file in vault.session.vault.notes]
    if notes:
        return notes[0]
    raise UserError(f"no note `{name}`{did_you_mean(name, vault.session.vault.notes)}")
