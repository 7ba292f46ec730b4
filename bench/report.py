"""What was measured: a table against the targets, a page and a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from bench.measure import Samples
from bench.plot import Line, draw_chart

COLD, WARM, CHANGED = "vaultlint, no cache", "vaultlint, warm cache", "vaultlint, one note changed"
NAMED, VERSION, HELP = "vaultlint, one note named", "vaultlint --version", "vaultlint --help"
RUMDL_COLD, RUMDL_WARM = "rumdl, no cache", "rumdl, warm cache"
RUMDL_CHANGED, MDSMITH, TYPOS = "rumdl, one note changed", "mdsmith", "typos"
WALK, IMPORT = "Python that walks the vault", "Python that imports click"

#: The lines of the chart: a command, its colour, and whether the line is dashed.
_CHARTED = (
    (COLD, "#3b82d0", False),
    (WARM, "#3b82d0", True),
    (RUMDL_COLD, "#d0702a", False),
    (RUMDL_WARM, "#d0702a", True),
    (MDSMITH, "#3f9a5f", False),
)


@dataclass
class Results:
    """All that one run of the benchmark found.

    `notes` and `size` (bytes) are those of the vault of most rows. `sizes` are the notes of the
    vaults of growing size; from `base` to the last of them the cost is to be in proportion.
    `doubled` are pairs of commands: a great note, and one of twice its size. `samples` are kept by
    the command's name.
    """

    date: str
    machine: str
    versions: dict[str, str]
    notes: int
    size: int
    sizes: Sequence[int]
    base: int
    doubled: Sequence[Sequence[str]]
    samples: dict[str, Samples]


class Row(NamedTuple):
    """The `measure` (wall or memory) of a command beside that of another.

    `limit` is the greatest ratio that is aimed at; None where there is no aim.
    """

    what: str
    command: str
    beside: str
    limit: float | None
    measure: str = "wall"


def sized(command: str, notes: int) -> str:
    """The name of a command that is run in a vault of so many notes."""
    return f"{command}, {notes:,} notes"


def rows(results: Results) -> list[Row]:
    """The comparisons to make, in the order of the table."""
    vault = f"{results.notes:,} notes"
    least, most = results.base, results.sizes[-1]
    found = [
        Row(f"{vault}, no cache", COLD, RUMDL_COLD, 1.0),
        Row("", COLD, MDSMITH, None),
        Row("", COLD, TYPOS, None),
        Row(f"{vault}, nothing changed", WARM, RUMDL_WARM, 0.25),
        Row("", WARM, WALK, 3),
        Row(f"{vault}, one changed, all checked", CHANGED, RUMDL_CHANGED, 0.35),
        Row(f"one note named, of {vault}", NAMED, IMPORT, 2.5),
        Row("`--version`", VERSION, IMPORT, 1.3),
        Row("`--help`", HELP, IMPORT, 1.3),
        Row(f"memory, {vault}, no cache", COLD, RUMDL_WARM, 1.0, "memory"),
        Row(f"memory, {vault}, warm cache", WARM, RUMDL_WARM, 1.0, "memory"),
    ]
    for what, measure in (("time", "wall"), ("memory", "memory")):
        for command in (COLD, WARM):
            ours, theirs = sized(command, most), sized(command, least)
            limit = 1.1 * most / least
            found.append(Row(f"growth of {what}, {most:,} notes", ours, theirs, limit, measure))
    found += [Row(f"growth of time, {twice}", twice, once, 2.2) for once, twice in results.doubled]
    return found


def table(results: Results) -> str:
    """The comparisons as a Markdown table, and below it exit codes that were not expected."""
    lines = ["| what | vaultlint | beside | ratio | target | |", "|---|--:|---|--:|--:|---|"]
    for row in rows(results):
        ours, theirs = (results.samples[name][row.measure] for name in (row.command, row.beside))
        ratio = median(ours) / median(theirs)
        verdict = " | "
        if row.limit is not None:
            reached = "reached" if ratio <= row.limit else "**not reached**"
            verdict = f"≤ {row.limit:g} | {reached}"
        beside = f"{row.beside}: {_amount(row.measure, theirs)}"
        amount = _amount(row.measure, ours)
        lines.append(f"| {row.what} | {amount} | {beside} | {ratio:.2f} | {verdict} |")
    for name, samples in results.samples.items():
        if samples["odd"]:
            codes = ", ".join(f"{code:g}" for code in sorted(set(samples["odd"])))
            lines += ["", f"Not expected: {name} exits with {codes}."]
    return "\n".join(lines)


def _amount(measure: str, values: Sequence[float]) -> str:
    """The median, and in brackets the least and the most, in a unit that suits."""
    three = (median(values), min(values), max(values))
    if measure == "memory":
        return "{:.0f} MiB ({:.0f}–{:.0f})".format(*three)
    if three[0] >= 1:
        return "{:.2f} s ({:.2f}–{:.2f})".format(*three)
    return "{:.0f} ms ({:.0f}–{:.0f})".format(*(1000 * value for value in three))


def chart(results: Results) -> str:
    """Wall time against the number of notes, as SVG."""
    lines = []
    for name, color, dashed in _CHARTED:
        walls = [(notes, results.samples[sized(name, notes)]["wall"]) for notes in results.sizes]
        points = [(notes, median(wall)) for notes, wall in walls]
        lines.append(Line(name, color, dashed, points))
    return draw_chart("Seconds for a check of the whole vault", "notes", lines)


def page(results: Results) -> str:
    """The page `docs/performance.md`."""
    versions = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    commands = [
        f"| {name} | {_amount('wall', samples['wall'])} | {_amount('cpu', samples['cpu'])}"
        f" | {_amount('memory', samples['memory'])} |"
        for name, samples in results.samples.items()
    ]
    return _PAGE.format(
        date=results.date,
        machine=results.machine,
        versions=versions,
        notes=results.notes,
        megabytes=results.size / 1e6,
        table=table(results),
        commands="\n".join(commands),
    )


_PAGE = """# Performance

What a check costs, beside other programs that read Markdown; measured in one run on one machine.
Figures of different machines do not compare, ratios do.

- Date: {date}
- Machine: {machine}
- Versions: {versions}
- Vault: {notes:,} notes, {megabytes:.1f} MB

{table}

Figures are medians of whole processes, from start to exit, with the least and the most in brackets;
memory is the peak of the largest process. All programs run with their default rules, and these are
not the same: rumdl and mdsmith judge the form of Markdown, typos judges spelling, vaultlint judges
links, sections, terms and references.

![Seconds against notes](performance.svg)

## How it is measured

- Programs that are compared run in turn, in the vault's folder, on two cores, in an order that
  moves on by one each round, so that the machine's drift falls on all. A first round warms up.
- Vaults are generated, the same each time: study notes of about 3.1 KB with properties, links,
  embeds, callouts, lists, tables and code, six in a hundred with a defect.
- Where one note is changed, it changes again before each run, of vaultlint and of rumdl.
- The Python that imports click, and the one that walks the vault with `os.scandir` and `stat`, are
  the interpreter that runs vaultlint: a program in Python can hardly cost less.

Why some rows are not reached: [where-time-goes.md](where-time-goes.md).

## Every command

| command | wall time | CPU time | memory |
|---|--:|--:|--:|
{commands}

## Repeat it

```sh
make bench                         # the table, in half an hour at most
make bench-quick                   # in a minute, with small vaults
make bench ARGS="--vault ~/Notes"  # in a copy of your notes
make bench ARGS=--write-docs       # this page, from the last run of the first kind
```
"""
