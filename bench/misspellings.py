"""How many words that owners of vaults corrected are found, beside typos and codespell.

    python bench/misspellings.py MISSPELLINGS.jsonl BIN

MISSPELLINGS holds a JSON object a line with the word as it stood (`wrong`), the correction
(`right`) and a `tier`: in tier A the wrong form is in no dictionary. BIN is the folder of a virtual
environment's programs in which typos and codespell are installed from PyPI. Each word stands in a
sentence of its own, in one folder of notes that every program checks in the same run.
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


def main() -> None:
    """Print a table: each program, the words it found, those it corrected as the owner did."""
    rows = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    programs = Path(sys.argv[2])
    rows = [row for row in rows if row["tier"] == "A"]
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number, row in enumerate(rows):
            text = f"We have seen that the {row['wrong']} was in this text.\n"
            (folder / f"{number:04}.md").write_text(text, encoding="utf-8")
        found = {
            "vaultlint": _vaultlint(folder, codespell=False),
            "typos": _numbers([programs / "typos", "--format", "brief", folder]),
            "codespell": _numbers([programs / "codespell", folder]),
        }
        if codespell_list.find_list():
            found["vaultlint, with codespell's list"] = _vaultlint(folder, codespell=True)
    found["typos and codespell together"] = found["typos"] | found["codespell"]
    print("| program | found | of |\n| --- | --- | --- |")
    for program, numbers in found.items():
        print(f"| {program} | {len(numbers)} ({len(numbers) / len(rows):.0%}) | {len(rows)} |")
    missed = sorted(found["typos"] | found["codespell"] - found["vaultlint"])
    print("\nnot found by vaultlint alone:")
    print(", ".join(rows[n]["wrong"] for n in missed if n not in found["vaultlint"]))


def _vaultlint(folder: Path, *, codespell: bool) -> set[int]:
    terms = "[terms]\ncodespell = true\n" if codespell else ""
    settings = case_settings({"vaultlint.toml": terms}, ["terms"])
    session = Session(DiskFiles(str(folder)), settings)
    session.load()
    return {int(violation.path.removesuffix(".md")) for violation in session.check().violations}


def _numbers(command: list[str | Path]) -> set[int]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {int(number) for number in _NUMBER.findall(done.stdout)}


if __name__ == "__main__":
    main()
