"""What rules about terms cost: two ratios of CPU time, each of runs that took turns.

    python -m bench.terms_cost VAULT

*Terms over the parse alone*: a first check of the vault with all rules of the group `terms` that
are on by default, over one with a rule that looks at nothing. *5,000 terms over 50*: such checks
with glossaries of so many terms, drawn evenly from the dictionary. Each run is a process of its
own, so that what it loads and learns counts; the quickest of three runs of each kind counts.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

ROUNDS = 3
KINDS = ("parse", "terms", "50 terms", "5,000 terms")
#: The aims: no more than this.
MOST_OVER_PARSE, MOST_OVER_FIFTY = 1.35, 1.2


def check_once(root: str, kind: str) -> float:
    """Seconds of CPU time for one check in this process, loading of the program left out."""
    from vaultlint.config import default_settings, load_settings
    from vaultlint.discover import DiskFiles
    from vaultlint.session import Session
    from vaultlint.terms.dictionary import _words

    rules = [r.id for r in default_settings().registry if r.group == "terms" and r.default]
    selected = {"select": ["undecodable-text"] if kind == "parse" else rules}
    with TemporaryDirectory() as folder:
        config = Path(folder) / "vaultlint.toml"
        if kind.endswith(" terms"):
            count = int(kind.removesuffix(" terms").replace(",", ""))
            long = sorted(word for word in _words().forms() if len(word) >= 9)
            terms = long[:: len(long) // count][:count]
            (Path(folder) / "terms.yml").write_text("".join(f"- {term}\n" for term in terms))
            config.write_text('terms.glossary = ["terms.yml"]\n')
        else:
            config.write_text("")
        settings = load_settings(config, overrides=(selected,))
        started = process_time()
        session = Session(DiskFiles(root), settings, kept=True)
        session.load()
        session.check()
        return process_time() - started


def measure(root: Path) -> dict[str, float]:
    """The quickest run of each kind, in seconds."""
    best = dict.fromkeys(KINDS, float("inf"))
    for _ in range(ROUNDS):
        for kind in KINDS:
            command = [sys.executable, "-m", "bench.terms_cost", "--kind", kind, str(root)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            best[kind] = min(best[kind], float(done.stdout))
    return best


def main() -> None:
    """Print the ratios for a vault."""
    parser = argparse.ArgumentParser(description="Tell what rules about terms cost.")
    parser.add_argument("vault", type=Path)
    parser.add_argument("--kind", choices=KINDS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.kind:
        print(check_once(str(arguments.vault), arguments.kind))
        return
    best = measure(arguments.vault)
    print("| ratio | measured | at most |\n|---|--:|--:|")
    over_parse = best["terms"] / best["parse"]
    over_fifty = best["5,000 terms"] / best["50 terms"]
    print(f"| terms over the parse alone | {over_parse:.2f} | {MOST_OVER_PARSE} |")
    print(f"| 5,000 terms over 50 | {over_fifty:.2f} | {MOST_OVER_FIFTY} |")


if __name__ == "__main__":
    main()
