"""Measure vaultlint beside rumdl, typos and mdsmith, and print a table of ratios and targets.

    python -m bench.run [--quick] [--vault DIR] [--work DIR]
    python -m bench.run --write-docs

The first generates vaults, installs the other programs into a virtual environment of their own,
runs all in turn and keeps the results as JSON, all in the folder WORK. The second writes
docs/performance.md and its chart from those results.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import NamedTuple

from bench import report
from bench.measure import Command, Samples, measure
from bench.report import Results, sized

ROOT = Path(__file__).parents[1]
_PEERS = ("rumdl", "typos", "mdsmith")
_WALK = """
import os
def walk(folder):
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                walk(entry.path)
            else:
                entry.stat()
walk(".")
"""


class Plan(NamedTuple):
    """Notes in vaults, sizes of great notes (bytes, bytes of a line, links), and rounds."""

    notes: int
    sizes: tuple[int, ...]
    base: int
    great: tuple[int, int, int]
    cold: int
    warm: int
    start: int
    growth: int


_SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
FULL = Plan(10_000, _SIZES, 10_000, (5_000_000, 1_000_000, 10_000), 5, 9, 25, 3)
QUICK = Plan(2_000, (500, 1_000, 2_000), 500, (2_000_000, 500_000, 5_000), 3, 5, 9, 1)


class Bench:
    """A work folder with vaults, caches and programs, and what was measured so far."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.peers = work / "peers" / "bin"
        self.vaultlint = str(Path(sys.executable).with_name("vaultlint"))
        self.samples: dict[str, Samples] = {}
        # The repository around the vaults ignores them: that shall be no finding about every link.
        self.env = {**os.environ, "GIT_CEILING_DIRECTORIES": str(work / "vaults")}
        shutil.rmtree(work / "caches", ignore_errors=True)

    def versions(self) -> dict[str, str]:
        """The version of each program; installs the others unless they are there."""
        python = str(self.peers / "python")
        if not all((self.peers / name).exists() for name in _PEERS):
            subprocess.run([sys.executable, "-m", "venv", str(self.peers.parent)], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", *_PEERS], check=True)
        listing = [python, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"]
        listed = json.loads(subprocess.run(listing, check=True, capture_output=True).stdout)
        said = subprocess.run([self.vaultlint, "--version"], check=True, capture_output=True)
        return {
            "Python": platform.python_version(),
            "vaultlint": said.stdout.decode().split()[-1],
            **{item["name"]: item["version"] for item in listed if item["name"] in _PEERS},
        }

    def generate(self, name: str, *options: str) -> Path:
        """A vault; another process generates it, so that this one stays small."""
        folder = self.work / "vaults" / name
        arguments = [sys.executable, "-m", "bench.vaults", str(folder), *options]
        subprocess.run(arguments, cwd=ROOT, check=True)
        return folder

    def copy(self, vault: Path) -> Path:
        """A copy of a vault, in which a note may be changed."""
        folder = self.work / "vaults" / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(vault, folder, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        (folder / ".obsidian").mkdir(exist_ok=True)  # else the repository would be the vault
        return folder

    def measure(self, what: str, rounds: int, *commands: Command) -> None:
        """Measure commands in turn, and keep the samples."""
        print(f"{what}: {len(commands)} commands, {rounds} rounds", file=sys.stderr)
        self.samples |= measure(commands, rounds, self.env)

    def check(self, name: str, vault: Path, *options: str) -> Command:
        """A check with vaultlint."""
        argv = (self.vaultlint, "check", *options, "--output-format", "concise")
        return Command(name, argv, vault, silent=True)

    def cache(self, program: str, vault: Path) -> tuple[str, str]:
        """The options for a cache outside the vault."""
        return "--cache-dir", str(self.work / "caches" / program / vault.name)

    def checks(self, vault: Path) -> dict[str, Command]:
        """Checks of a whole vault, with and without a cache, by name."""
        rumdl = (str(self.peers / "rumdl"), "check")
        cached = (*rumdl, *self.cache("rumdl", vault), ".")
        commands = (
            self.check(report.COLD, vault, "--no-cache"),
            self.check(report.WARM, vault, *self.cache("vaultlint", vault)),
            Command(report.RUMDL_COLD, (*rumdl, "--no-cache", "."), vault),
            Command(report.RUMDL_WARM, cached, vault),
            Command(report.MDSMITH, (str(self.peers / "mdsmith"), "check", "."), vault),
        )
        return {command.name: command for command in commands}

    def compare(self, vault: Path, note: Path, plan: Plan) -> None:
        """Measure the programs in one vault; `note` is the one that is named and changed."""
        checks = self.checks(vault)
        typos = Command(report.TYPOS, (str(self.peers / "typos"), "."), vault, fine=(0, 2))
        cold = (checks[name] for name in (report.COLD, report.RUMDL_COLD, report.MDSMITH))
        self.measure("no cache", plan.cold, *cold, typos)
        warm = [checks[name] for name in (report.WARM, report.RUMDL_WARM)]
        walk = Command(report.WALK, (sys.executable, "-c", _WALK), vault, silent=True)
        self.measure("warm cache", plan.warm, *warm, walk)
        named = (*self.cache("vaultlint", vault), str(note.relative_to(vault)))
        python = (sys.executable, "-c", "import click")
        self.measure(
            "start",
            plan.start,
            self.check(report.NAMED, vault, *named),
            Command(report.VERSION, (self.vaultlint, "--version"), vault, silent=True),
            Command(report.HELP, (self.vaultlint, "--help"), vault, silent=True),
            Command(report.IMPORT, python, vault, silent=True),
        )
        text, numbers = note.read_bytes(), count()

        def change() -> None:
            note.write_bytes(text + f"\nRead again: {next(numbers)}\n".encode())

        names = (report.CHANGED, report.RUMDL_CHANGED)
        changed = [c._replace(name=n, before=change) for c, n in zip(warm, names, strict=True)]
        try:
            self.measure("one note changed", plan.warm, *changed)
        finally:
            note.write_bytes(text)

    def grow(self, sizes: tuple[int, ...], rounds: int) -> None:
        """Measure checks of vaults of several sizes."""
        commands = []
        for notes in sizes:
            vault = self.generate(f"{notes}-notes", "--notes", str(notes))
            for name, command in self.checks(vault).items():
                commands.append(command._replace(name=sized(name, notes)))
        self.measure("growth", rounds, *commands)

    def double(self, great: tuple[int, int, int], rounds: int) -> list[tuple[str, str]]:
        """Measure checks of great notes and of some twice as great; the names of each pair."""
        names = []
        commands = []
        for kind, size in zip(("text", "line", "links"), great, strict=True):
            for whole in (size, 2 * size):
                vault = self.generate(f"{whole}-{kind}", "--one-note", kind, "--size", str(whole))
                unit = f"{whole:,} links" if kind == "links" else f"{whole / 1e6:g} MB"
                names.append(f"a {'line' if kind == 'line' else 'note'} of {unit}")
                commands.append(self.check(names[-1], vault, "--no-cache"))
        self.measure("great notes", rounds, *commands)
        return list(zip(names[::2], names[1::2], strict=True))


def _machine() -> str:
    """The cores in use, the processor, the memory and the system, for people."""
    model = platform.processor() or platform.machine()
    cores = os.cpu_count()
    if sys.platform == "linux":
        cores = len(os.sched_getaffinity(0))
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(": ")[2]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{cores} cores of {model}, {memory:.0f} GiB, {platform.system()}"


def run(work: Path, plan: Plan, given: Path | None) -> Results:
    """Measure everything; `given` is a vault to compare the programs in, else it is generated."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    bench = Bench(work)
    versions = bench.versions()
    if given:
        vault = bench.copy(given)
    else:
        vault = bench.generate(f"{plan.notes}-notes", "--notes", str(plan.notes))
    notes = sorted(p for p in vault.rglob("*.md") if "/." not in f"/{p.relative_to(vault)}")
    bench.compare(vault, notes[len(notes) // 2], plan)
    doubled = bench.double(plan.great, plan.cold)
    bench.grow(plan.sizes, plan.growth)
    return Results(
        date=datetime.now(UTC).date().isoformat(),
        machine=_machine(),
        versions=versions,
        notes=len(notes) if given else plan.notes,
        size=sum(note.stat().st_size for note in notes),
        sizes=plan.sizes,
        base=plan.base,
        doubled=doubled,
        samples=bench.samples,
    )


def main() -> None:
    """Run the benchmark, or write its page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small vaults, about a minute")
    parser.add_argument("--vault", type=Path, help="compare in a copy of this vault")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "bench")
    parser.add_argument("--write-docs", action="store_true", help="measure nothing, write the page")
    chosen = parser.parse_args()
    work: Path = chosen.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    name = "quick" if chosen.quick else "full"
    kept = work / f"{name}{'-own-vault' if chosen.vault else ''}.json"
    if chosen.write_docs:
        results = Results(**json.loads(kept.read_text(encoding="utf-8")))
        for suffix, text in ((".md", report.page(results)), (".svg", report.chart(results))):
            target = ROOT / "docs" / f"performance{suffix}"
            target.write_text(text, encoding="utf-8", newline="\n")
        return
    results = run(work, QUICK if chosen.quick else FULL, chosen.vault)
    kept.write_text(json.dumps(asdict(results), indent=1) + "\n", encoding="utf-8")
    print(report.table(results))


if __name__ == "__main__":
    main()
