"""What is kept between runs: a run that uses it says what a cold run says, whatever has changed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import tarfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from cached import Output, age, cold, everything, is_hit, output, reads
from conftest import SHARED, Vault

from vaultlint.testing import read_case

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*/*.md"))
FORMS = ("concise", "full", "json")
ARCHIVES = SHARED / "data" / "vaults"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache-home"))


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false")
    command = ("git", *identity, "-C", str(root), *arguments)
    subprocess.run(command, check=True, capture_output=True)


# ---- cold, first and second runs


def three_runs(vault: Vault, *arguments: str) -> dict[str, tuple[Output, Output, Output]]:
    """The output of a cold run, of one that fills the cache, and of one that uses it."""
    return {
        form: (
            cold(vault, *arguments, form=form),
            output(vault, "--cache-dir", str(vault.root.parent / form), *arguments, form=form),
            output(vault, "--cache-dir", str(vault.root.parent / form), *arguments, form=form),
        )
        for form in FORMS
    }


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_golden_cases_give_the_same_cold_first_and_cached(vault: Vault, path: Path) -> None:
    files = dict(read_case(path.read_text(encoding="utf-8")).files)
    index = files.pop(".git/index", None)
    vault.write(files)
    if isinstance(index, str):
        git(vault.root, "init", "-q")
        git(vault.root, "add", "--", *index.splitlines())
    age(vault.root)
    for form, (before, first, second) in three_runs(vault).items():
        assert first == before
        assert second == before
        assert is_hit(vault, "--cache-dir", str(vault.root.parent / form))


REAL = {
    "bramses-vault": "obsidian",
    "data-engineering-wiki": "obsidian",
    "foam": "foam",
    "kepano-obsidian": "obsidian",
    "obsidian-tasks": "obsidian",
}


@pytest.mark.parametrize("name", REAL)
def test_real_vaults_give_the_same_cold_first_and_cached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    archive = ARCHIVES / f"{name}.tar.gz"
    if not archive.is_file():
        pytest.skip(f"the vault is not here: {archive}")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "vault", filter="data")
    (root,) = (tmp_path / "vault").iterdir()
    (root / "vaultlint.toml").write_text(f'vault.dialect = "{REAL[name]}"\n')
    age(root)
    monkeypatch.chdir(root)
    vault = Vault(root)
    cache = ("--cache-dir", str(tmp_path / "kept"))
    before = {form: cold(vault, form=form) for form in FORMS}
    assert output(vault, *cache, form="concise") == before["concise"]
    assert is_hit(vault, *cache)
    assert {form: output(vault, *cache, form=form) for form in FORMS} == before
    # one note more, so that most is taken over and the names of files count anew
    (root / "A new note.md").write_text("# New\n\n[[Gone]]\n")
    assert output(vault, *cache) == cold(vault)
    assert reads(vault, *cache) in ([], ["A new note.md"])


# ---- random changes

NAMES = ("Aid", "Rules", "Tariff", "Tariffs", "Trade", "Quotas")
FOLDERS = ("", "x/", "x/y/", "Old/")
HEADINGS = ("Rates", "Rates now", "History", "See also")
IDS = ("rates", "rate", "note-1")
ALIASES = ("Duties", "Customs", "Quotas")
IMAGES = ("chart.png", "map.svg", "x/chart.png")
SETTINGS = (
    "{}",
    '{"userIgnoreFilters": ["Old/"]}',
    '{"userIgnoreFilters": ["x/y/", "/^T/"]}',
)
CONFIGURATIONS = (
    "",
    'rules.broken-link.severity = "info"\n',
    'ignore = ["VL103"]\n',
    'vault.exclude = ["x/**"]\n',
    'vault.planned = ["Tariff*", "#plan"]\n',
    'types.law = {paths = ["x/**"], sections = ["History", "Rates"]}\n',
    'types.law = {tags = ["plan"], sections = ["See also"]}\n',
    '[[overrides]]\npaths = ["x/**"]\nextend-select = ["orphan-note"]\n',
    '[[overrides]]\ntags = ["plan"]\nrules.broken-link.severity = "warning"\n',
    'fail-on = "never"\n',
)
GLOSSARIES = (
    "terms:\n  - term: Value Added Tax\n    forbidden: [added value tax]\n",
    "terms:\n  - term: Value Added Tax\n",
    "terms:\n  - term: Federal Board of Revenue\n    forbidden: [tax board]\n",
)


class Garden:
    """A small vault in which anything may change, by a seed; every change has another time."""

    def __init__(self, vault: Vault, seed: int, configuration: str, *, in_git: bool) -> None:
        self.vault = vault
        self.root = vault.root
        self.random = random.Random(seed)  # noqa: S311  # repeatable, not secret
        self.configuration = configuration
        self.in_git = in_git
        self.began = time.time_ns()
        self.clock = self.began - 100_000_000_000_000
        for _ in range(12):
            self.write(self.place(), self.text())
        self.write(".obsidian/app.json", "{}")
        self.write("vaultlint.toml", configuration)
        if in_git:
            git(self.root, "init", "-q")
            git(self.root, "add", "-A")
        self.settle(always=True)

    # files

    def place(self) -> str:
        return f"{self.random.choice(FOLDERS)}{self.random.choice(NAMES)}.md"

    def notes(self) -> list[Path]:
        return [path for path in everything(self.root) if path.suffix == ".md"]

    def note(self) -> Path:
        notes = self.notes()
        if not notes:
            self.write("Aid.md", self.text())
            return self.root / "Aid.md"
        return self.random.choice(notes)

    def write(self, name: str, text: str) -> None:
        self.vault.write({name: text})

    def settle(self, *, always: bool = False) -> None:
        """Let what was written just now look older, with a time that nothing had before."""
        for path in everything(self.root):
            young = path.stat().st_mtime_ns > self.began - 50_000_000_000
            if young and (always or self.random.random() < 0.9):
                self.clock += self.random.choice((1_000_000_000, 1_234_567_891))
                os.utime(path, ns=(self.clock, self.clock))

    # texts

    def text(self) -> str:
        pick, parts = self.random.choice, []
        if self.random.random() < 0.5:
            parts.append(self.front())
        if self.random.random() < 0.4:
            parts.append(f"# {pick(HEADINGS)}\n")
        parts += [pick(self.PARTS)(self) for _ in range(self.random.randrange(1, 6))]
        return "\n".join(parts)

    def front(self) -> str:
        lines = []
        if self.random.random() < 0.6:
            lines.append(f"aliases: [{self.random.choice(ALIASES)}]")
        if self.random.random() < 0.5:
            lines.append(f"title: {self.random.choice((*ALIASES, *NAMES))}")
        if self.random.random() < 0.4:
            lines.append("tags: [plan]")
        if self.random.random() < 0.3:
            lines.append(f'up: "[[{self.random.choice(NAMES)}]]"')
        return "---\n" + "".join(f"{line}\n" for line in lines) + "---\n"

    def heading(self) -> str:
        return f"{'#' * self.random.randrange(1, 4)} {self.random.choice(HEADINGS)}\n"

    def block(self) -> str:
        return f"A paragraph. ^{self.random.choice(IDS)}\n"

    def inert(self) -> str:
        return f"A paragraph ^{self.random.choice(IDS)}\nof two lines.\n"

    def target(self) -> str:
        folder = self.random.choice(("", "", "", "x/", "/x/", "./", "../"))
        return folder + self.random.choice((*NAMES, "Gone", "Duties", "aid", "Tarif"))

    def subpath(self) -> str:
        heads = (*HEADINGS, "Rate", "Histori", "rates", "Rates#Rates now")
        return self.random.choice(
            ("", "", *(f"#{head}" for head in heads), *(f"#^{i}" for i in (*IDS, "gone")))
        )

    def wikilink(self) -> str:
        return f"See [[{self.target()}{self.subpath()}]].\n"

    def own_link(self) -> str:
        return f"See [[{self.subpath() or '#History'}]].\n"

    def embed(self) -> str:
        return f"![[{self.random.choice((*IMAGES, 'chrt.png', 'map.png', *NAMES))}]]\n"

    def markdown(self) -> str:
        anchor = self.random.choice(("", "", "#rates", "#history", "#see-also", "#gone"))
        return f"See [this]({self.target()}.md{anchor}) and [that]({self.target()}{anchor}).\n"

    def other(self) -> str:
        return self.random.choice(
            (
                "Teh goverment.\n",
                "%%[[Lost]] [[Aid]]%%\n",
                '<a href="Aid.md">x</a> <img src="chart.png">\n',
                "[a]: Tariff.md\n\nSee [a].\n",
                "See [here](obsidian://open?vault=vault&file=Trade).\n",
                "See [here](obsidian://open?vault=other&file=Gone).\n",
                "The added value tax, and the tax board.\n",
                "Text[^1] and[^2].\n\n[^1]: A note.\n",
                "See [[Aid#^[^1]]].\n",
                "#plan\n",
                "| a | b |\n| --- | --- |\n| [[Aid|x]] | 1 |\n",
            )
        )

    PARTS: tuple[Callable[[Garden], str], ...] = (
        heading,
        heading,
        block,
        inert,
        wikilink,
        wikilink,
        wikilink,
        own_link,
        embed,
        markdown,
        other,
    )

    # changes

    def change(self) -> str:
        """Change something; says what."""
        change = self.random.choice(self.CHANGES)
        change(self)
        return change.__name__

    def replace_in(self, path: Path, old: str, new: str) -> None:
        text = path.read_text()
        path.write_text(text.replace(old, new, 1) if old in text else f"{text}\n{new}")

    def write_anew(self) -> None:
        self.note().write_text(self.text())

    def change_body(self) -> None:
        path = self.note()
        path.write_text(f"{path.read_text()}\nMore words.\n")

    def add_part(self) -> None:
        path = self.note()
        path.write_text(f"{path.read_text()}\n{self.random.choice(self.PARTS)(self)}")

    def move_down(self) -> None:
        """Everything stands some lines lower, and nothing else has changed."""
        path = self.note()
        text = path.read_text()
        if not text.startswith("---"):
            path.write_text(f"\nWords.\n\n{text}")

    def change_heading(self) -> None:
        old, new = self.random.sample(HEADINGS, 2)
        self.replace_in(self.note(), f"# {old}\n", f"# {new}\n")

    def change_block(self) -> None:
        old, new = self.random.sample(IDS, 2)
        self.replace_in(self.note(), f"^{old}\n", f"^{new}\n")

    def change_front(self) -> None:
        path = self.note()
        text = path.read_text()
        body = text.split("---\n", 2)[2] if text.startswith("---\n") else text
        path.write_text(self.front() + body if self.random.random() < 0.8 else body)

    def add_note(self) -> None:
        self.write(self.place(), self.text())

    def delete_note(self) -> None:
        if len(self.notes()) > 5:
            self.note().unlink()

    def rename_note(self) -> None:
        new = self.root / self.place()
        new.parent.mkdir(parents=True, exist_ok=True)
        self.note().rename(new)

    def rename_only_case(self) -> None:
        path = self.note()
        path.rename(path.with_name(path.stem.swapcase() + ".md"))

    def toggle_attachment(self) -> None:
        path = self.root / self.random.choice(IMAGES)
        if path.exists():
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"\x89PNG")

    def toggle_canvas(self) -> None:
        path = self.root / "Board.canvas"
        if path.exists() and self.random.random() < 0.5:
            path.unlink()
            return
        file = f"{self.random.choice(FOLDERS)}{self.random.choice(NAMES)}.md"
        node = {"id": "1", "type": "file", "file": file, "subpath": self.subpath()}
        path.write_text(json.dumps({"nodes": [node]}))

    def rename_folder(self) -> None:
        old, new = self.random.sample(("x", "x/y", "Old", "z"), 2)
        source, target = self.root / old, self.root / new
        if source.is_dir() and not target.exists() and not new.startswith(f"{old}/"):
            target.parent.mkdir(exist_ok=True)
            source.rename(target)

    def change_filters(self) -> None:
        self.write(".obsidian/app.json", self.random.choice(SETTINGS))

    def change_templates(self) -> None:
        folder = self.random.choice(("Old", "x/y", ""))
        self.write(".obsidian/templates.json", json.dumps({"folder": folder}))

    def change_configuration(self) -> None:
        self.write("vaultlint.toml", self.configuration + self.random.choice(CONFIGURATIONS))

    def change_glossary(self) -> None:
        self.write("terms.yml", self.random.choice(GLOSSARIES))
        self.write("vaultlint.toml", self.configuration + 'terms.glossary = ["terms.yml"]\n')

    def change_git(self) -> None:
        if self.in_git:
            note = str(self.note().relative_to(self.root))
            if self.random.random() < 0.5:
                git(self.root, "add", "--", note)
            else:
                git(self.root, "rm", "-q", "-f", "--cached", "--ignore-unmatch", "--", note)

    def same_size_and_time(self) -> None:
        """Another file with the old one's size and time, as tools write that keep times."""
        path = self.note()
        stat, text = path.stat(), path.read_text()
        other = path.with_suffix(".tmp")
        other.write_text(text.replace("Rates", "Ratez").replace("rates", "ratez"))
        os.utime(other, ns=(stat.st_mtime_ns, stat.st_mtime_ns))
        other.replace(path)

    def touch(self) -> None:
        os.utime(self.note())

    def exchange(self) -> None:
        one, other = self.note(), self.note()
        spare = self.root / "spare"
        for source, target in ((one, spare), (other, one), (spare, other)):
            if source.exists():
                source.rename(target)

    CHANGES: tuple[Callable[[Garden], None], ...] = (
        write_anew,
        write_anew,
        change_body,
        add_part,
        add_part,
        move_down,
        change_heading,
        change_heading,
        change_heading,
        change_block,
        change_block,
        change_front,
        change_front,
        add_note,
        delete_note,
        rename_note,
        rename_only_case,
        toggle_attachment,
        toggle_canvas,
        rename_folder,
        change_filters,
        change_templates,
        change_configuration,
        change_glossary,
        change_git,
        same_size_and_time,
        touch,
        exchange,
    )


#: Steps, configuration, options, and whether the vault is in git.
KINDS: Mapping[str, tuple[int, str, tuple[str, ...], bool]] = {
    "usual": (150, "", (), False),
    "all rules": (40, "", ("--select", "ALL"), False),
    "foam": (40, 'vault.dialect = "foam"\n', (), False),
    "plain Markdown": (40, 'vault.dialect = "commonmark"\n', (), False),
    "planned by number": (30, 'vault.planned = [">= 2"]\n', ("--extend-select", "VL121"), False),
    "in git": (40, "", (), True),
}
MORE = int(os.environ.get("VAULTLINT_MORE_STEPS", "1"))
SEED = int(os.environ.get("VAULTLINT_SEED", "1"))


@pytest.mark.parametrize("kind", KINDS)
def test_random_changes_give_the_same_cached_and_cold(vault: Vault, kind: str) -> None:
    steps, configuration, options, in_git = KINDS[kind]
    garden = Garden(vault, SEED, configuration, in_git=in_git)
    done: list[str] = []
    for step in range(steps * MORE):
        done.append(" and ".join(garden.change() for _ in range(garden.random.choice((1, 1, 2)))))
        garden.settle()
        form = garden.random.choice(FORMS)
        named: list[str] = []
        if garden.random.random() < 0.5:
            named = [str(garden.note().relative_to(garden.root)) for _ in range(2)]
        cached = output(vault, *options, "--", *named, form=form)
        expected = cold(vault, *options, "--", *named, form=form)
        assert cached == expected, (step, done[-4:], named)
        if named and garden.random.random() < 0.7:
            assert output(vault, *options) == cold(vault, *options), (step, done[-4:])
