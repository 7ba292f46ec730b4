"""Write `docs/rules/`, a page for each rule and an index, and the lists of rules that ship.

A test fails where they are stale.
"""

from __future__ import annotations

from pathlib import Path

from vaultlint.config import default_settings
from vaultlint.packs import COMPILED, compile_packs
from vaultlint.pages import rule_index, rule_page
from vaultlint.rule_index import INDEX, write_index

PAGES = Path(__file__).parents[1] / "docs" / "rules"


def main() -> None:
    """Write the lists and all pages, and remove pages of rules that are no more."""
    INDEX.write_bytes(write_index())
    COMPILED.write_bytes(compile_packs())
    registry = default_settings().registry
    pages = {f"{rule.id}.md": rule_page(rule) for rule in registry}
    pages["index.md"] = rule_index(registry)
    PAGES.mkdir(parents=True, exist_ok=True)
    for old in PAGES.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        (PAGES / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"wrote {len(pages)} pages")


if __name__ == "__main__":
    main()
