"""`check --add-suppressions`: afterwards the findings are hidden, and nothing else has changed."""

from __future__ import annotations

import os
import random
import re
import shutil
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import SHARED, Vault

from vaultlint import suppression_text
from vaultlint.cli import suppressing
from vaultlint.parse.note import ParsedNote
from vaultlint.suppression_text import Insertion
from vaultlint.testing import read_case

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*/*.md"))
WRITTEN = re.compile(
    r" (?:%% vaultlint-disable-line [^%\r\n]*? %%|<!-- vaultlint-disable-line [^\r\n]*? -->)"
    r"|<!-- vaultlint-disable-next-line [^\r\n]*? -->(?:\r\n|\n|\r)"
    r"|<!-- vaultlint-disable-file [^\r\n]*? -->(?>\r\n|\n|\r)(?!\Z)"
    r"|vaultlint: \{disable: \[[^\r\n]*(?:\r\n|\n|\r)"
)
AT_END = re.compile(r"<!-- vaultlint-disable-file [^\r\n]*? -->(?:\r\n|\n|\r)\Z")


def is_restored(after: bytes, before: bytes) -> bool:
    """Is a note what it was without what was added? A comment at its end has a gap before it."""
    text = WRITTEN.sub("", after.decode())
    bare = AT_END.sub("", text)
    if bare == text:
        return text.encode() == before
    gap = bare.removeprefix(before.decode())
    return bare.startswith(before.decode()) and gap in (
        "",
        "\n",
        "\n\n",
        "\r\n",
        "\r\n\r\n",
        "\r",
        "\r\r",
        "\n\r",
    )


def add(vault: Vault, *arguments: str, code: int = 0) -> str:
    """What `--add-suppressions` says."""
    done = vault.run("check", "--add-suppressions", *arguments)
    assert done.exit_code == code, done.output
    return done.output


def written(vault: Vault, text: str, *arguments: str) -> str:
    """A note after its findings were suppressed; they are hidden then, and nothing is found."""
    vault.write({"Note.md": text.encode()})
    add(vault, *arguments)
    assert vault.found() == []
    after = (vault.root / "Note.md").read_bytes().decode()
    assert add(vault, *arguments) == "Nothing was written.\n"
    assert (vault.root / "Note.md").read_bytes().decode() == after
    return after


# ---- every golden vault


def contents(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_golden_vaults_are_clean_afterwards_and_can_be_restored(vault: Vault, path: Path) -> None:
    files = dict(read_case(path.read_text(encoding="utf-8")).files)
    files.pop(".git/index", None)
    vault.write(files)
    before = contents(vault.root)
    output = vault.run("check", "--add-suppressions").stdout.splitlines()
    left = [line for line in output if " is not suppressed: " in line]
    after = contents(vault.root)
    assert len(vault.check("--no-cache")["findings"]) == len(left)
    for name, data in after.items():
        if data != before[name] and b"vaultlint" not in before[name]:
            assert is_restored(data, before[name])
    assert after.keys() == before.keys()


@pytest.mark.parametrize("name", ["bramses-vault", "kepano-obsidian"])
def test_real_vaults_are_clean_afterwards_and_can_be_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    archive = SHARED / "data" / "vaults" / f"{name}.tar.gz"
    if not archive.is_file():
        pytest.skip(f"the vault is not here: {archive}")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    (root,) = tmp_path.iterdir()
    monkeypatch.chdir(root)
    vault = Vault(root)
    before = contents(root)
    add(vault, "--extend-select", "dead-end-note,encoded-link", "--reason", "old debt, see #12")
    assert vault.found("--no-cache", "--extend-select", "dead-end-note,encoded-link") == []
    for path, data in contents(root).items():
        if data != before[path]:
            assert is_restored(data, before[path])


PARTS = (
    *("[[Gone]] ", "the the ", "assitance ", "x ", "\n", "\n", "\n\n", "\r\n", "> ", "- ", "1. "),
    *(
        "# ",
        "## ",
        "    ",
        "```\n",
        "`",
        "$",
        "$$\n",
        "%%",
        "%%\n",
        "<!-- ",
        "-->",
        "<div>\n",
        "</div>\n",
    ),
    *(
        "| a | b |\n| - | - |\n",
        "| ",
        "\\",
        "---\n",
        "===\n",
        " ^id",
        "[^1]: ",
        "[^1]",
        "[x]: Gone.md\n",
    ),
    *(
        "![[Gone]]",
        "[a](Gone.md)",
        "[a](b\n",
        "*",
        "==",
        "#tag ",
        "  \n",
        "[ ] ",
        "<a href='x'>",
        "\t",
    ),
)


@pytest.mark.parametrize("seed", range(4))
def test_notes_of_any_form_are_clean_afterwards_and_can_be_restored(
    vault: Vault, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311  # repeatable, not secret
    front = "---\nup: '[[Gone]]'\ntags: [a]\n---\n"
    for number in range(50):
        text = "".join(dice.choices(PARTS, k=dice.randrange(25)))
        vault.write({f"{number}.md": (front if dice.random() < 0.3 else "") + text})
    rules = ("--select", "links,terms,structure,properties,unused-suppression")
    before = contents(vault.root)
    output = vault.run("check", "--add-suppressions", *rules).stdout.splitlines()
    left = [line for line in output if " is not suppressed: " in line]
    assert len(vault.check("--no-cache", *rules)["findings"]) == len(left)
    after = contents(vault.root)
    assert all(
        data == before[name] or is_restored(data, before[name]) for name, data in after.items()
    )
    assert (
        vault.run("check", "--add-suppressions", *rules).stdout.splitlines()[-1]
        == "Nothing was written."
    )
    assert contents(vault.root) == after


# ---- where it is written


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("See [[Gone]].\n", "See [[Gone]]. %% vaultlint-disable-line broken-link %%\n"),
        ("See [[Gone]]", "See [[Gone]] %% vaultlint-disable-line broken-link %%"),
        ("See [[Gone]].  \nx\n", "See [[Gone]]. %% vaultlint-disable-line broken-link %%  \nx\n"),
        (
            "[[Gone]] and assitance.\r\n",
            "[[Gone]] and assitance. %% vaultlint-disable-line broken-link known-misspelling %%\r\n",
        ),
        ("> - [[Gone]]\n>   x\n", "> - [[Gone]] %% vaultlint-disable-line broken-link %%\n>   x\n"),
        ("- [ ] [[Gone]]\n- x\n", "- [ ] [[Gone]] %% vaultlint-disable-line broken-link %%\n- x\n"),
        (
            "> [!note] [[Gone]]\n> x\n",
            "> [!note] [[Gone]] %% vaultlint-disable-line broken-link %%\n> x\n",
        ),
        ("Text [[Gone]] ^one\n", "Text [[Gone]] %% vaultlint-disable-line broken-link %% ^one\n"),
        (
            "x\n\n## On [[Gone]]\n",
            "x\n\n<!-- vaultlint-disable-next-line broken-link -->\n## On [[Gone]]\n",
        ),
        (
            "x\n## On [[Gone]]\n",
            "x\n<!-- vaultlint-disable-next-line broken-link -->\n## On [[Gone]]\n",
        ),
        (
            "> ## On [[Gone]]\n",
            "> ## On [[Gone]]\n\n<!-- vaultlint-disable-file broken-link -->\n",
        ),
        (
            "| a | b |\n| - | - |\n| [[Gone]] | x |\n",
            "| a | b |\n| - | - |\n| [[Gone]] %% vaultlint-disable-line broken-link %% | x |\n",
        ),
        (
            "| [[Gone]] | b |\n| - | - |\n",
            "| [[Gone]] %% vaultlint-disable-line broken-link %% | b |\n| - | - |\n",
        ),
        # a comment at the end of the line would stand in code, in a link or in another comment
        (
            "[[Gone]] `a\nb`\n",
            "<!-- vaultlint-disable-next-line broken-link -->\n[[Gone]] `a\nb`\n",
        ),
        (
            "[[Gone]] %% a\n\nb\n",
            "<!-- vaultlint-disable-next-line broken-link -->\n[[Gone]] %% a\n\nb\n",
        ),
        (
            "x\n[[Gone]] `a\nb`\n",
            "x\n[[Gone]] `a\nb`\n\n<!-- vaultlint-disable-file broken-link -->\n",
        ),
        (
            "x\\\n[[Gone]]\\\ny\n",
            "x\\\n[[Gone]]\\\ny\n\n<!-- vaultlint-disable-file broken-link -->\n",
        ),
        (
            "---\ntitle: x\nup: '[[Gone]]'\n---\n",
            "---\ntitle: x\nup: '[[Gone]]'\nvaultlint: {disable: [broken-frontmatter-link]}\n---\n",
        ),
        (
            "---\nvaultlint: {disable: [broken-link]}\nup: '[[Gone]]'\n---\n[[Gone]]",
            "---\nvaultlint: {disable: [broken-link]}\nup: '[[Gone]]'\n---\n[[Gone]]\n\n<!-- vaultlint-disable-file broken-frontmatter-link -->\n",
        ),
        (
            "See [[Gone]] %% vaultlint-disable-line terms %% and assitance.",
            "See [[Gone]] %% vaultlint-disable-line terms %% and assitance. %% vaultlint-disable-line broken-link %%",
        ),
    ],
)
def test_where_suppressions_are_written(vault: Vault, before: str, after: str) -> None:
    assert written(vault, before) == after


def test_only_the_line_that_needs_it_is_suppressed_less_exactly(vault: Vault) -> None:
    text = "See [[Gone]].\n\n> # On [[Lost]]\n\nA word twice, the\nthe.\n\nSee [[Gone]].\n"
    assert (
        written(vault, text)
        == (
            "See [[Gone]]. %% vaultlint-disable-line broken-link %%\n\n> # On [[Lost]]\n\n"
            "<!-- vaultlint-disable-next-line doubled-word -->\nA word twice, the\nthe.\n\n"
            "See [[Gone]]. %% vaultlint-disable-line broken-link %%\n\n"
            "<!-- vaultlint-disable-file broken-link -->\n"
        )
        or "doubled-word" in text
    )


def test_other_dialects_have_html_comments(vault: Vault) -> None:
    vault.write({"vaultlint.toml": 'vault.dialect = "commonmark"\n'})
    assert written(vault, "See [a](Gone.md).\n") == (
        "See [a](Gone.md). <!-- vaultlint-disable-line broken-link -->\n"
    )


def test_the_byte_order_mark_the_line_ends_and_the_mode_stay(vault: Vault) -> None:
    note = vault.root / "Note.md"
    vault.write({"Note.md": b"\xef\xbb\xbfSee [[Gone]].\r\n\r\n> ## [[Lost]]"})
    note.chmod(0o640)
    add(vault)
    assert note.read_bytes() == (
        b"\xef\xbb\xbfSee [[Gone]]. %% vaultlint-disable-line broken-link %%\r\n\r\n> ## [[Lost]]"
        b"\r\n\r\n<!-- vaultlint-disable-file broken-link -->\r\n"
    )
    assert note.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(vault.root)) == [".obsidian", "Note.md"]


# ---- what is chosen, and what is left


def test_only_chosen_rules_and_notes(vault: Vault) -> None:
    vault.write({"Aid.md": "[[Gone]] assitance\n", "Trade.md": "[[Gone]] assitance\n"})
    assert add(vault, "Aid.md", "--select", "broken-link") == "Suppressed 1 finding in 1 note.\n"
    assert vault.found() == [
        ("Aid.md", "known-misspelling"),
        ("Trade.md", "broken-link"),
        ("Trade.md", "known-misspelling"),
    ]


def test_reasons_are_written(vault: Vault) -> None:
    text = written(vault, "---\nup: '[[Gone]]'\n---\n[[Gone]]\n", "--reason", 'so "be" it')
    assert text == (
        "---\nup: '[[Gone]]'\nvaultlint: {disable: [broken-frontmatter-link], "
        'reason: "so \\"be\\" it"}\n---\n'
        '[[Gone]] %% vaultlint-disable-line broken-link -- so "be" it %%\n'
    )
    assert vault.found("--extend-select", "suppression-without-reason") == []


@pytest.mark.parametrize(
    "reason",
    ["a %% b", "a --> b", "[[x]]", "#todo", "a | b", "`a`", "two\nlines", "$a$", " "],
)
def test_reasons_that_would_mean_something_are_refused(vault: Vault, reason: str) -> None:
    vault.write({"Aid.md": "[[Gone]]\n"})
    said = vault.error("check", "--add-suppressions", "--reason", reason)
    assert said.startswith("vaultlint: ") or "cannot stand in a comment" in said
    assert (vault.root / "Aid.md").read_text() == "[[Gone]]\n"


def test_what_cannot_be_suppressed_is_told(vault: Vault) -> None:
    vault.write(
        {
            "Bad.md": b"caf\xe9\n",
            "Board.canvas": '{"nodes": [{"id": "1", "type": "file", "file": "Gone.md"}]}',
            "Unused.md": "x %% vaultlint-disable-line broken-link %%\n",
        }
    )
    before = contents(vault.root)
    assert add(vault, code=1).splitlines() == [
        "Bad.md:1:4: undecodable-text is not suppressed: no comment can stand in this file; write an override",
        "Board.canvas:1:49: broken-canvas-target is not suppressed: no comment can stand in this file; write an override",
        "Unused.md:1:3: unused-suppression is not suppressed: it is about a suppression",
        "Nothing was written.",
    ]
    assert contents(vault.root) == before


def test_a_fence_without_end_is_not_written_into(vault: Vault) -> None:
    assert written(vault, "> # [[Lost]]\n\n```\n") == (
        "<!-- vaultlint-disable-file broken-link -->\n> # [[Lost]]\n\n```\n"
    )


def test_where_no_suppression_can_stand_the_rest_is_suppressed(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_sound = suppression_text.is_sound

    def refuse(note: ParsedNote, insertions: Sequence[Insertion]) -> bool:
        is_in_file = any("disable-file" in each.text for each in insertions)
        return not is_in_file and is_sound(note, insertions)

    monkeypatch.setattr(suppression_text, "is_sound", refuse)
    vault.write({"Note.md": "See [[Gone]].\n\n> # [[Lost]]\n", "Other.md": "> # [[Lost]]\n"})
    said = add(vault, code=1)
    assert "Note.md:3:5: broken-link is not suppressed: a suppression would change the" in said
    assert said.endswith("Suppressed 1 finding in 1 note.\n")
    assert (vault.root / "Other.md").read_text() == "> # [[Lost]]\n"


def test_a_note_that_changes_meanwhile_is_left(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.write({"Aid.md": "[[Gone]]\n", "Trade.md": "[[Gone]]\n"})
    find = suppression_text.find_unsound

    def change(*arguments: object) -> set[int]:
        vault.write({"Aid.md": "[[Other]]\n"})
        return find(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(suppressing, "find_unsound", change)
    assert "Aid.md:1:1: broken-link is not suppressed: the note has changed" in add(vault, code=1)
    assert (vault.root / "Aid.md").read_text() == "[[Other]]\n"
    assert "vaultlint" in (vault.root / "Trade.md").read_text()


def test_a_note_that_cannot_be_written_is_left(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise OSError(28, "No space left on device")

    vault.write({"Aid.md": "[[Gone]]\n"})
    monkeypatch.setattr(suppressing, "write_beside", fail)
    assert "cannot be written: No space left on device" in add(vault, code=1)


def test_links_to_notes_stay_links(vault: Vault) -> None:
    vault.write({"outside/Aid.md": "[[Gone]]\n"})
    (vault.root / "Aid.md").symlink_to(vault.root / "outside" / "Aid.md")
    vault.run("check", "--add-suppressions")
    assert (vault.root / "Aid.md").is_symlink()


@pytest.mark.parametrize(
    "arguments",
    [
        ("-", "--add-suppressions"),
        ("--add-suppressions", "--ignore-suppressions"),
        ("--add-suppressions", "--config", "ignore-suppressions=true"),
        ("--reason", "why"),
    ],
)
def test_what_excludes_each_other(vault: Vault, arguments: tuple[str, ...]) -> None:
    assert "suppressions" in vault.error("check", *arguments)


def test_a_rule_that_crashes_stops_it(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    from vaultlint.rules import broken_link

    def crash(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setitem(broken_link.check.__dict__, "check", crash)
    vault.write({"Aid.md": "[[Gone]]\n"})
    assert "failure: Aid.md" in vault.run("check", "--add-suppressions").stderr
    assert (vault.root / "Aid.md").read_text() == "[[Gone]]\n"


def test_several_vaults(vault: Vault) -> None:
    for name in ("one", "two"):
        vault.write({f"{name}/Aid.md": "[[Gone]]\n", f"{name}/.obsidian/app.json": "{}"})
    shutil.rmtree(vault.root / ".obsidian")
    assert add(vault) == "Suppressed 2 findings in 2 notes.\n"


def test_what_a_baseline_has_is_passed_over(vault: Vault) -> None:
    vault.write({"Old.md": "[[Gone]]\n"})
    vault.run("baseline")
    vault.write({"New.md": "[[Lost]]\n"})
    assert "Suppressed 1 finding in 1 note." in add(vault)
    assert (vault.root / "Old.md").read_text(encoding="utf-8") == "[[Gone]]\n"
    assert vault.run("check").exit_code == 0


def test_a_line_with_a_block_id_before_another_line(vault: Vault) -> None:
    text = written(vault, "- [[Gone]] ^id1\n  para [[Lost]]\n")
    assert "disable-file" not in text
    assert text.splitlines()[0].endswith("%% ^id1")
