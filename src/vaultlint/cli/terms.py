"""`vaultlint terms`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from vaultlint.cli.located import Located, Options, locate_vaults, shown_path
from vaultlint.cli.opening import read_settings
from vaultlint.cli.options import config_options
from vaultlint.model import UserError
from vaultlint.report.terminal import printable

if TYPE_CHECKING:
    from collections import Counter

    from vaultlint.config import Settings
    from vaultlint.parse.note import ParsedNote
    from vaultlint.survey import Proposal, TermUse

_PLAIN = re.compile(r"[^\W\d_](?:[\w' –-]*\w)?")
_YAML_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


@click.command("terms")
@click.argument("path", default=".")
@config_options
@click.option("--suggest", is_flag=True, help="Propose a glossary, in YAML.")
@click.option("--output-format", type=click.Choice(("text", "json")), default="text")
def command(
    path: str, config: tuple[str, ...], isolated: bool, suggest: bool, output_format: str
) -> None:
    """List the terms of the glossary with how often and in which forms the vault has them."""
    from vaultlint.survey import count_terms, propose_glossary

    options = Options(config, isolated)
    vaults = locate_vaults((path,), options)
    if len(vaults) != 1:
        roots = ", ".join(f"`{shown_path(vault.root)}`" for vault in vaults)
        raise UserError(f"`{path}` holds {len(vaults)} vaults, name one of them: {roots}")
    (located,) = vaults
    settings = read_settings(located.config, options)
    notes = list(_notes(located, settings))
    if suggest:
        proposals = propose_glossary(notes, settings.shared)
        rows = [_proposal_as_json(each) for each in proposals]
        lines = _as_yaml(proposals)
    else:
        uses = count_terms(notes, settings.shared)
        rows = [_use_as_json(use) for use in uses]
        lines = _as_table(uses)
    if output_format == "json":
        click.echo(json.dumps({"version": 1, "terms": rows}, ensure_ascii=False, indent=2))
    elif rows:
        click.echo("\n".join(lines))
    else:
        hint = "nothing to propose" if suggest else "no glossary: `--suggest` proposes one"
        click.echo(hint, err=True)


def _notes(located: Located, settings: Settings) -> Iterator[ParsedNote]:
    """The notes that are checked, parsed, in the order of their paths."""
    from vaultlint.discover import DiskFiles, select_files
    from vaultlint.engine import parse_file

    files = DiskFiles(located.root)
    selection = select_files(files, settings.file.vault)
    chosen = located.choose(selection.checked)
    for path in sorted(selection.parsed):
        if path in selection.checked and (chosen is None or path in chosen):
            _, note = parse_file(path, files.read(path))
            if note is not None:
                yield note


def _use_as_json(use: TermUse) -> dict[str, object]:
    return {
        "term": use.entry.term,
        "count": sum(use.right.values()),
        "forms": dict(use.right.most_common()),
        "variants": dict(use.wrong.most_common()),
    }


def _proposal_as_json(proposal: Proposal) -> dict[str, object]:
    entry = proposal.entry
    return {
        "term": entry.term,
        "accept": list(entry.accept),
        "near": entry.near,
        "count": proposal.uses,
        "notes": proposal.notes,
    }


def _as_table(uses: list[TermUse]) -> Iterator[str]:
    width = max(len(use.entry.term) for use in uses)
    for use in uses:
        line = f"{sum(use.right.values()):>6}  {printable(use.entry.term):<{width}}"
        if set(use.right) - {use.entry.term}:
            line += f"  {_forms(use.right)}"
        if use.wrong:
            line += f"  wrong: {_forms(use.wrong)}"
        yield line.rstrip()


def _forms(counts: Counter[str]) -> str:
    return ", ".join(f"`{printable(form)}` {count}" for form, count in counts.most_common())


def _as_yaml(proposals: Iterable[Proposal]) -> Iterator[str]:
    for entry, uses, notes in proposals:
        fields = [f"term: {_quoted(entry.term)}"]
        if entry.accept:
            fields.append(f"accept: [{', '.join(map(_quoted, entry.accept))}]")
        if not entry.near:
            fields.append("near: false")
        line = _quoted(entry.term) if len(fields) == 1 else f"{{{', '.join(fields)}}}"
        yield f"- {line}  # {uses} in {notes} notes"


def _quoted(text: str) -> str:
    """A text as YAML; in quotes where it could be read as something else."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _YAML_WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)
