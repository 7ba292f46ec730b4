"""Where the time of a first run goes: the stages that every note passes, timed one after another.

    python -m bench.stages VAULT

Prints microseconds of CPU time for a note, in one process, and shares. Each stage runs over all
notes (2,000 of them at most, evenly chosen) five times; the quickest counts.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Iterable
from pathlib import Path
from time import process_time
from typing import Any

from vaultlint.config import default_settings
from vaultlint.engine import NoteStage
from vaultlint.parse.blocks import parse_blocks
from vaultlint.parse.body import read_body
from vaultlint.parse.extract import parse_note
from vaultlint.parse.frontmatter import read_frontmatter
from vaultlint.parse.note import ParsedNote
from vaultlint.parse.source import whole
from vaultlint.record import write_facts
from vaultlint.text import decode
from vaultlint.vault import Vault

_MOST, _ROUNDS = 2_000, 5


def time_stages(root: Path) -> dict[str, float]:
    """Microseconds for a note in each stage, by the stage's name."""
    files = [path for path in root.rglob("*.*") if not _is_hidden(path, root)]
    vault = Vault(path.relative_to(root).as_posix() for path in files)
    paths = sorted(path for path in files if path.suffix == ".md")
    paths = paths[:: max(1, len(paths) // _MOST)]
    stage = NoteStage(default_settings())
    times: dict[str, float] = {}

    def run(name: str, work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        items = list(items)
        best = float("inf")
        for _ in range(_ROUNDS):
            started = process_time()
            done = [work(item) for item in items]
            best = min(best, process_time() - started)
        times[name] = best / len(items) * 1e6
        return done

    data = run("read the file", Path.read_bytes, paths)
    texts = run("decode it", lambda data: decode(data).text, data)
    fronts = run("frontmatter", read_frontmatter, texts)
    sources = [whole(t, f.body_start) for t, f in zip(texts, fronts, strict=True)]
    blocks = run("blocks", parse_blocks, sources)
    notes = [ParsedNote("", text, found) for text, found in zip(texts, blocks, strict=True)]
    run("links, headings, tags", read_body, notes)
    parsed = run("", lambda text: parse_note("", text), texts)
    times["the rest of the facts"] = times.pop("") - sum(
        times[name] for name in ("frontmatter", "blocks", "links, headings, tags")
    )
    run("rules over the note", stage.check, parsed)
    run("names of linked files", lambda note: vault.ties(note.facts), parsed)
    run("facts to bytes", lambda note: write_facts(note.facts), parsed)
    return times


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def main() -> None:
    """Print the stages of a vault's notes."""
    parser = argparse.ArgumentParser(description="Time the stages that a note passes.")
    parser.add_argument("vault", type=Path)
    gc.disable()
    times = time_stages(parser.parse_args().vault)
    whole_time = sum(times.values())
    print("| stage | µs a note | share |\n|---|--:|--:|")
    for name, microseconds in times.items():
        print(f"| {name} | {microseconds:.0f} | {microseconds / whole_time:.0%} |")
    print(f"| all | {whole_time:.0f} | |")


if __name__ == "__main__":
    main()
