"""How many of the links that owners repaired are found, and how often the repair is suggested.

    python bench/link_repairs.py REPAIRS.jsonl CLONES

REPAIRS holds a JSON object a line: the repository, the commit in which a link was broken
(`parent`), the file, the line, the link as it stood (`broken`) and as the owner repaired it, the
file it then led to, and the dialect. CLONES is a folder with a git clone of each repository,
named owner+name (or owner+name/repo). Rows of repositories without a clone are counted and left
out. Each distinct commit is unpacked into a temporary folder once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from vaultlint.config import load_settings
from vaultlint.discover import MemoryFiles
from vaultlint.facts import Link
from vaultlint.parse.extract import parse_note
from vaultlint.session import Session
from vaultlint.vault import Resolution

_DIALECTS = {"obsidian": "obsidian", "foam": "foam", "mkdocs": "commonmark"}


def main() -> None:
    """Print a row for each dialect."""
    repairs, clones = Path(sys.argv[1]), Path(sys.argv[2])
    rows = [json.loads(line) for line in repairs.read_text(encoding="utf-8").splitlines()]
    by_commit: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["dialect"] in _DIALECTS:
            by_commit[row["repo"], row["parent"]].append(row)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (repo, commit), group in by_commit.items():
        clone = _clone(clones, repo)
        for row, outcome in (
            _judge_commit(clone, commit, group) if clone else [(row, "no clone") for row in group]
        ):
            counts[row["dialect"]][outcome] += 1
            if outcome != "first":
                place = f"{row['file']}:{row['line']}"
                print(f"{outcome:>10}: {place}: {row['broken']} -> {row['repaired']}")
    for dialect, outcomes in counts.items():
        judged = outcomes.total() - outcomes["no clone"]
        found = judged - outcomes["missed"]
        suggested = outcomes["first"] + outcomes["later"] + outcomes["other"]
        print(
            f"{dialect}: {found} of {judged} found; with a suggestion {suggested}, of these the"
            f" owner's repair first {outcomes['first']}, later {outcomes['later']};"
            f" no clone {outcomes['no clone']}"
        )


def _clone(clones: Path, repo: str) -> Path | None:
    folder = clones / repo.replace("/", "+")
    return next((path for path in (folder / "repo", folder) if path.is_dir()), None)


def _judge_commit(
    clone: Path, commit: str, rows: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], str]]:
    files = _read_tree(clone, commit)
    sessions: dict[str, Session] = {}
    return [(row, _judge(row, files, sessions)) for row in rows]


def _read_tree(clone: Path, commit: str) -> dict[str, bytes]:
    """The files of a commit: notes and settings with their bytes, all else empty."""
    git = ("git", "-C", str(clone))
    tree = subprocess.run((*git, "ls-tree", "-rz", commit), capture_output=True, check=True).stdout
    files: dict[str, bytes] = {}
    wanted: list[tuple[str, str]] = []
    for entry in tree.decode("utf-8", "surrogateescape").split("\0"):
        meta, _, path = entry.partition("\t")
        if path:
            files[path] = b""
            if path.endswith((".md", ".canvas", ".base", ".json")):
                wanted.append((path, meta.split()[2]))
    asked = "".join(f"{name}\n" for _, name in wanted).encode()
    batch = subprocess.run(
        (*git, "cat-file", "--batch"), input=asked, capture_output=True, check=True
    )
    at = 0
    for path, _ in wanted:
        end = batch.stdout.index(b"\n", at)
        header = batch.stdout[at:end].split()
        at = end + 1
        if header[1] == b"blob":
            size = int(header[2])
            files[path] = batch.stdout[at : at + size]
            at += size + 1
    return files


def _judge(row: dict[str, Any], files: dict[str, bytes], sessions: dict[str, Session]) -> str:
    """What a check says of one repaired link: first, later, other, none, missed."""
    root = _root(row["file"], files, row["dialect"])
    if root not in sessions:
        overrides = ({"vault": {"dialect": _DIALECTS[row["dialect"]]}},)
        below = {path[len(root) :]: data for path, data in files.items() if path.startswith(root)}
        sessions[root] = Session(MemoryFiles(below), load_settings(None, overrides=overrides))
        sessions[root].load()
    session = sessions[root]
    path = row["file"][len(root) :]
    for violation in session.check([path]).violations:
        line = session.lines(path).position(violation.span.start)[0]
        text = session.lines(path).text[violation.span.start : violation.span.end]
        if line == row["line"] and text == row["broken"]:
            break
    else:
        return "missed"
    wanted = _lead(row["repaired"], path, session)
    leads = [_lead(suggestion, path, session) for suggestion in violation.suggestions]
    if not leads:
        return "none"
    return "first" if leads[0] == wanted else "later" if wanted in leads else "other"


def _root(file: str, files: dict[str, bytes], dialect: str) -> str:
    """The vault's folder with its `/`: the nearest with Obsidian's settings, else the root."""
    folder = file
    while dialect == "obsidian" and "/" in folder:
        folder = folder.rpartition("/")[0]
        if any(path.startswith(f"{folder}/.obsidian/") for path in files):
            return f"{folder}/"
    return ""


def _lead(text: str, path: str, session: Session) -> tuple[str | None, object]:
    """The file and place that a link's text leads to from a note."""
    links = parse_note(path, text).facts.links
    if not links:
        return None, text
    link: Link = links[0]
    resolution: Resolution = session.vault.resolve(link, path)
    return resolution.target, resolution.place


if __name__ == "__main__":
    main()
