"""How many words that owners of vaults corrected are found, beside typos and codespell.

    python -m bench.misspellings MISSPELLINGS.jsonl

MISSPELLINGS holds a JSON object a line with the word as it stood (`wrong`), the correction
(`right`) and a `tier`: in tier A the wrong form is in no dictionary. Each word stands in a sentence
of its own, in one folder of notes that every program checks in the same run. typos and codespell
are installed from PyPI into a virtual environment in `build/bench/`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from vaultlint.discover import DiskFiles
from vaultlint.session import Session
from vaultlint.terms import codespell as codespell_list
from vaultlint.testing import case_settings

_NUMBER = re.compile(r"\b(\d{4})\.md")
_PROGRAMS = Path(__file__).parents[1] / "build" / "bench" / "spelling"


def main() -> None:
    """Print a table: each program, and the words that it found."""
    rows = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["tier"] == "A"]
    programs = _install()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number, row in enumerate(rows):
            text = f"We have seen that the {row['wrong']} was in this text.\n"
            (folder / f"{number:04}.md").write_text(text, encoding="utf-8")
        found = {
            "vaultlint, its list alone": _vaultlint(folder, "likely = false"),
            "vaultlint": _vaultlint(folder, "likely = true"),
            "codespell": _numbers([programs / "codespell", folder]),
            "typos": _numbers([programs / "typos", "--format", "brief", folder]),
        }
        found["typos and codespell together"] = found["typos"] | found["codespell"]
        _use_list(programs)
        found["vaultlint, with codespell's list"] = _vaultlint(folder, "codespell = true")
    print("| program | found | of |\n| --- | --- | --- |")
    for program, numbers in found.items():
        print(f"| {program} | {len(numbers)} ({len(numbers) / len(rows):.0%}) | {len(rows)} |")
    missed = sorted(found["typos and codespell together"] - found["vaultlint"])
    print("\nfound by the others, not by vaultlint alone:")
    print(", ".join(rows[number]["wrong"] for number in missed))


def _install() -> Path:
    """The folder of the programs, installed where they are not there."""
    programs = _PROGRAMS / "bin"
    if not (programs / "typos").exists():
        subprocess.run([sys.executable, "-m", "venv", _PROGRAMS], check=True)
        pip: list[str | Path] = [
            programs / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "typos",
            "codespell",
        ]
        subprocess.run(pip, check=True)
    return programs


def _use_list(programs: Path) -> None:
    """Let vaultlint find codespell's list with the programs, if it is installed nowhere else."""
    if codespell_list.find_list() is None:
        sys.path += map(str, programs.parent.glob("lib/python*/site-packages"))


def _vaultlint(folder: Path, setting: str) -> set[int]:
    settings = case_settings({"vaultlint.toml": f"[terms]\n{setting}\n"}, ["terms"])
    session = Session(DiskFiles(str(folder)), settings)
    session.load()
    return {int(violation.path.removesuffix(".md")) for violation in session.check().violations}


def _numbers(command: list[str | Path]) -> set[int]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {int(number) for number in _NUMBER.findall(done.stdout)}


if __name__ == "__main__":
    main()
