"""`vaultlint inspect`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click

from vaultlint.cli.listing import embed_size, facts_as_json, link_as_json
from vaultlint.cli.located import Options
from vaultlint.cli.opening import open_vaults
from vaultlint.cli.options import config_options
from vaultlint.facts import INDEXED_KINDS
from vaultlint.model import UserError
from vaultlint.report.terminal import printable


@click.command("inspect")
@click.argument("note")
@config_options
@click.option("--output-format", type=click.Choice(("text", "json")), default="text")
def command(note: str, config: tuple[str, ...], isolated: bool, output_format: str) -> None:
    """Show what is known of a note: headings, links, tags, block ids, properties, footnotes."""
    (vault,) = open_vaults((note,), Options(config, isolated))
    session = vault.session
    path = (vault.root / note).name if vault.chosen is None else _path(vault.root, note)
    facts = session.vault.notes.get(path)
    if facts is None:
        raise UserError(f"`{note}` is no note, canvas or base of the vault")
    data = {"version": 1, **facts_as_json(facts, session.lines(path))}
    types = session.settings.shared.types
    data["types"] = list(session.settings.types_of(facts))
    data["type_reasons"] = {
        name: {"asked_by": types[name].origin, "because": types[name].reasons(facts)}
        for name in data["types"]
    }
    data["checked"] = path in session.checked
    data["links"] = [
        {
            **link_as_json(path, link, session.vault.resolve(link, path), session.lines),
            "size": embed_size(link),
            "indexed": link.kind in INDEXED_KINDS,
        }
        for link in facts.links
    ]
    if output_format == "json":
        click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
    else:
        click.echo("\n".join(_lines(data)))


def _path(root: Any, note: str) -> str:
    import os
    from pathlib import Path

    return Path(os.path.abspath(note)).relative_to(root).as_posix()


def _lines(data: dict[str, Any]) -> Iterable[str]:
    yield printable(data["path"])
    error = data["frontmatter_error"]
    wrong = f": line {error['line']}, {printable(error['message'])}" if error else ""
    yield f"frontmatter: {data['frontmatter']}{wrong}"
    for name, why in data["type_reasons"].items():
        because = printable(", and ".join(why["because"]))
        yield f"type: {printable(name)} ({why['asked_by']}), because {because}"
    if data["aliases"]:
        yield f"aliases: {', '.join(map(printable, data['aliases']))}"
    tags = [*data["fmtags"], *data["tags"]]
    if tags:
        yield f"tags: {' '.join(map(printable, tags))}"
    for title, rows in (
        ("properties", [f"{k}: {v}" for k, v in data["properties"].items()]),
        ("headings", [f"{h['line']:>5}  {'#' * h['level']} {h['text']}" for h in data["headings"]]),
        ("block ids", [f"{b['line']:>5}  ^{b['id']}" for b in data["blocks"]]),
        (
            "inert block ids",
            [f"{b['line']:>5}  ^{b['id']} ({b['reason']})" for b in data["inert_blocks"]],
        ),
        ("footnotes", [f"{f['line']:>5}  [^{f['id']}]" for f in data["footnotes"]]),
        ("links", [_link(link) for link in data["links"]]),
    ):
        if rows:
            yield f"{title}:"
            yield from (f"  {printable(row)}" for row in rows)


def _link(link: dict[str, Any]) -> str:
    target = link["target"] or "nothing"
    reason = "" if link["reason"] == "ok" else f" ({link['reason']})"
    return f"{link['line']:>5}  {link['raw']} -> {target}{reason}"
