"""The conformance cases of Obsidian's resolution, through the command line.

Documented and observed cases must pass; what fails of the others is reported, not gated.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from vaultlint.cli import main
from vaultlint.facts import heading_key
from vaultlint.obsidian import ObsidianSettings
from vaultlint.parse.links import image_size

SHARED = Path(__file__).parents[2] / "shared" / "conformance"
FILES = sorted(SHARED.glob("*.json"))
CASES = [case for path in FILES for case in json.loads(path.read_text(encoding="utf-8"))]
NOTE_CASES = [case for case in CASES if "note" in case]
VECTORS = [case for case in CASES if "fn" in case]

pytestmark = pytest.mark.skipif(not CASES, reason="shared/conformance is not beside the checkout")
GATED = ("documented", "observed")


def run(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, [*arguments, "--output-format", "json"])
    assert result.exit_code == 0, result.output
    data: dict[str, Any] = json.loads(result.output)
    return data


def write_vault(files: dict[str, str], root: Path) -> Path:
    vault = root / "vault"
    (vault / ".obsidian").mkdir(parents=True)
    for path, text in files.items():
        file = vault / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return vault


def differences(case: dict[str, Any], root: Path) -> list[str]:
    """What differs between a case's expectations and what the commands say."""
    vault = write_vault(case["files"], root)
    found = run("links", str(vault), "--from", case["note"])["links"]
    expect = case["expect"]
    wrong = compare_links(expect.get("links", []), found)
    facts = run("inspect", str(vault / case["note"]))
    shown = {
        "tags": facts["tags"],
        "headings": [h["text"] for h in facts["headings"] if h["linkable"]],
        "blocks": sorted({block["id"].lower() for block in facts["blocks"]}),
        "frontmatter": facts["frontmatter"],
        "aliases": facts["aliases"],
        "fmtags": facts["fmtags"],
        "footnotes": [footnote["id"] for footnote in facts["footnotes"]],
        "footrefs": [footnote["id"] for footnote in facts["footrefs"]],
    }
    for key, value in shown.items():
        wanted = (
            sorted(expect[key]) if key == "blocks" and key in expect else expect.get(key, value)
        )
        if wanted != value:
            wrong.append(f"{key}: {wanted} != {value}")
    return wrong


def compare_links(wanted: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[str]:
    def place(link: dict[str, Any]) -> tuple[str, int]:
        return link["raw"], link["line"]

    if Counter(map(place, wanted)) != Counter(map(place, found)):
        return [f"links: {sorted(map(place, wanted))} != {sorted(map(place, found))}"]
    pairs = zip(sorted(wanted, key=place), sorted(found, key=place), strict=True)
    return [
        f"{one['raw']} {key}: {one[key]!r} != {other.get(key)!r}"
        for one, other in pairs
        for key in one
        if one[key] != other.get(key)
    ]


@pytest.mark.parametrize("case", NOTE_CASES, ids=lambda case: f"{case['spec_rule']}:{case['id']}")
def test_links_and_facts(case: dict[str, Any], tmp_path: Path) -> None:
    wrong = differences(case, tmp_path)
    if case["confidence"] in GATED:
        assert not wrong, f"rule {case['spec_rule']}"
    elif wrong:
        pytest.skip(f"not gated: {case['id']} ({case['confidence']}): {wrong}")


FUNCTIONS: dict[str, Callable[[Any], object]] = {
    "normalise_heading": heading_key,
    "is_user_ignored": lambda given: ObsidianSettings(tuple(given["filters"])).is_ignored(
        given["path"]
    ),
    "image_size": image_size,
    "unresolved_key": lambda path: path.removesuffix(".md"),
}


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: f"{case['fn']}:{case['id']}")
def test_vectors(case: dict[str, Any]) -> None:
    assert FUNCTIONS[case["fn"]](case["input"]) == case["output"]


def test_unresolved_links_by_source(tmp_path: Path) -> None:
    (case,) = [case for case in CASES if case["id"] == "C2-unresolved-keys"]
    vault = write_vault(case["files"], tmp_path)
    counts: dict[str, Counter[str]] = {}
    for link in run("links", str(vault), "--broken")["links"]:
        if link["reason"] == "missing-file":
            counts.setdefault(link["source"], Counter())[link["path"].removesuffix(".md")] += 1
    assert counts == case["expect"]["unresolved"]
