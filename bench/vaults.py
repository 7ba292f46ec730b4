"""Vaults of invented study notes to measure with, and a manifest of the defects planted in them.

    python -m bench.vaults FOLDER --notes 1000
    python -m bench.vaults FOLDER --one-note links --size 10000

The first writes the vault FOLDER and the manifest FOLDER.json: notes of about 3.1 KB, six in a
hundred with a defect that vaultlint reports by default. The second writes a vault of one great
note. The same arguments give the same bytes; what is there already is left alone.
"""

from __future__ import annotations

import argparse
import base64
import json
import posixpath
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple
from urllib.parse import quote


def _words(text: str) -> list[str]:
    return text.split()


_PLACES = _words("Arden Birk Corrie Dunmore Elder Fenwick Glass Hollin Inver Kestle Lune Marl")
_AREAS = {
    "Rivers": "Silting,Spring floods,Fish ladders,Old fords,Ice jams,Mill ponds,Side channels",
    "Forests": "Coppicing,Storm damage,Bark beetles,Charcoal pits,Deer browsing,Seed years",
    "Coasts": "Dune building,Tide pools,Sea walls,Longshore drift,Salt marshes,Oyster beds",
    "Soils": "Peat cutting,Liming,Earthworms,Terraces,Hedge banks,Gully erosion",
    "Weather": "Late frosts,Hill fog,Dry springs,Hail tracks,Lake winds,Snow cover,Sea breezes",
}
_SECTIONS = ("Overview", "Causes", "Effects")
_PARTS = ("Early records", "Measurements", "Local names", "Land use", "Upkeep", "Open questions")
_NOUNS = _words("""
    beetle catchment channel climate current drought estuary floodplain forest frost glacier
    grassland harbour harvest heron landscape marsh meadow moss orchard otter pasture quarry
    rainfall reservoir ridge salmon season sediment shoreline soil storm survey tide timber
    tributary valley village wetland willow wind woodland
""")
_QUALITIES = _words("""
    abandoned acid ancient brackish coastal drained exposed fertile frozen lowland managed narrow
    northern sandy seasonal shallow sheltered silted steady upland wooded
""")
_VERBS = _words("""
    borders cools crosses divides drains enriches feeds narrows outlasts replaces shades shelters
    slows strengthens warms
""")
_WAYS = _words("mostly often partly quickly rarely seldom slowly visibly")
_OPENINGS = ("In wet years", "Since the survey", "By midsummer", "On the old map", "At low water")
_ENDINGS = ("long after the thaw", "below the second weir", "wherever the ground is soft")
_AUTHORS = ("H. Brandt", "I. Castell", "J. Moreau", "K. Osei", "P. Lindqvist", "A. Müller")
_PRESSES = ("Wader Press", "Parish Archive Press", "Institute of Field Study")
_TAGS = ("field", "map", "revision", "exam", "season", "sketch")
_ASIDES = (
    ("```python", "depths = [[1, 2], [3, 4]]", "note = '[[No Note in Code]]'", "```"),
    ("Write `[[Name]]` to start a new note.",),
    ("%% look again at the older sheets %%",),
    ("$$", r"Q = \frac{A}{n} R^{2/3} \sqrt{S}", "$$"),
)
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
_BLOCK_EVERY = 8  # notes: each eighth has a block id

#: By the rule that reports it: a sentence, and wrong texts to put in; in these goes a number.
_DEFECTS = {
    "broken-link": ("Compare {}.", ("[[Lost {}]]", "[[Lost {}|it]]", "[a card](../lost-{}.md)")),
    "broken-embed": ("{}", ("![[lost-{}.png]]", "![[Lost sketch {}.excalidraw]]")),
    "broken-heading": ("Compare {}.", ("[[Index#Lost part {}]]",)),
    "broken-block": ("Compare {}.", ("[[Index#^lost{}]]",)),
    "known-misspelling": ("The {} is on record.", ("goverment", "accomodation")),
    "known-phrase": ("These floods {} to the mill.", ("post a threat",)),
}


class Defect(NamedTuple):
    """A planted defect: the rule that reports it, the note, its line from 1, and the wrong text."""

    rule: str
    path: str
    line: int
    text: str


def write_vault(folder: Path, notes: int, share: float = 0.06) -> list[Defect]:
    """Write a vault into a new folder, and return its defects; `share` of the notes have some.

    Beside the notes stand images, drawings, a template, a canvas and an index.
    Raises FileExistsError.
    """
    folder.mkdir(parents=True)
    vault = _Vault(notes, share)
    made = set()
    for path, content in vault.files():
        parent = posixpath.dirname(path)
        if parent not in made:
            (folder / parent).mkdir(parents=True, exist_ok=True)
            made.add(parent)
        (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    return vault.defects


def great_note(kind: str, size: int) -> str:
    """A note of one `kind`: `text` or a single `line` of `size` bytes, or as many `links`.

    A twentieth of the links lead nowhere, the others to the note's own headings.
    """
    vault = _Vault(0, 0)
    parts: list[str] = []
    if kind == "links":
        for number in range(size):
            part = number // 10
            target = f"Lost {number}" if number % 20 == 7 else f"#Part {part}"
            heading = f"\n## Part {part}\n\n" if number % 10 == 0 else ""
            parts.append(f"{heading}{vault.sentence()[:-1]} (see [[{target}]]).")
        return "\n".join(parts) + "\n"
    gap, length = "\n\n" if kind == "text" else " ", 0
    while length < size:
        parts.append(" ".join(vault.sentence() for _ in range(4)))
        length += len(parts[-1] + gap)
    return gap.join(parts) + "\n"


class _Vault:
    """The plan of a vault: titles and folders follow from a note's number, all else is drawn."""

    def __init__(self, notes: int, share: float) -> None:
        self.share = share
        self.defects: list[Defect] = []
        self.rng = Random(notes)  # noqa: S311  # nothing secret
        topics = [
            (area, f"{topic} at {place}")
            for area, names in _AREAS.items()
            for topic in names.split(",")
            for place in _PLACES
        ]
        self.rng.shuffle(topics)
        self.titles: list[str] = []
        self.paths: list[str] = []
        for number in range(notes):
            year, topic = divmod(number, len(topics))
            area, title = topics[topic]
            self.titles.append(f"{title} {1750 + year}" if year else title)
            folder = f"Notes/{area}/Unit {number % 12 + 1}" if number % 10 < 3 else f"Notes/{area}"
            self.paths.append(f"{folder}/{self.titles[-1]}.md")
        self.images = [f"figure-{number:05}.png" for number in range(notes // 6 + 1)]
        self.drawings = [f"Sketch {number:04}.excalidraw" for number in range(notes // 40 + 1)]

    def files(self) -> Iterator[tuple[str, str | bytes]]:
        """The path and content of every file, made one at a time."""
        yield ".obsidian/app.json", '{"attachmentFolderPath": "Images"}\n'
        yield "Templates/Note.md", "---\ntags: []\n---\n\n# {{title}}\n\n[[{{parent}}]]\n"
        nodes = [{"id": "a", "type": "file", "file": self.paths[0], "x": 0, "y": 0}]
        yield "Boards/Walk.canvas", json.dumps({"nodes": nodes, "edges": []})
        yield "Index.md", "# Index\n\n" + "".join(f"- [[{title}]]\n" for title in self.titles[:200])
        for image in self.images:
            yield f"Images/{image}", _PIXEL
        for drawing in self.drawings:
            lines = ("---", "excalidraw-plugin: parsed", "---", "", "# Text Elements", "weir ^weir")
            yield f"Drawings/{drawing}.md", "\n".join((*lines, "", "%%", "{}", "%%", ""))
        for number, path in enumerate(self.paths):
            yield path, self.note(number)

    def sentence(self) -> str:
        """A sentence that is right, if hardly true."""
        pick = self.rng.choice
        start = f"the {pick(_QUALITIES)} {pick(_NOUNS)}"
        end = f"the {pick(_QUALITIES)} {pick(_NOUNS)}"
        form = self.rng.randrange(4)
        if form == 0:
            return f"T{start[1:]} {pick(_VERBS)} {end}."
        if form == 1:
            return f"{pick(_OPENINGS)} {start} {pick(_WAYS)} {pick(_VERBS)} the {pick(_NOUNS)}."
        if form == 2:
            return f"T{start[1:]} {pick(_VERBS)} {end} {pick(_ENDINGS)}."
        return f"T{start[1:]} {pick(_VERBS)} the {pick(_NOUNS)}, while {end} {pick(_VERBS)} it."

    def link(self, number: int) -> str:
        """A link from a note to another; a few notes are linked to far more often than the rest."""
        target = int(len(self.titles) * self.rng.random() ** 3)
        title, draw = self.titles[target], self.rng.random()
        if draw < 0.5:
            return f"[[{title}]]"
        if draw < 0.7:
            return f"[[{title}|{title.split()[0].lower()}]]"
        if draw < 0.85:
            return f"[[{title}#{self.rng.choice(_SECTIONS)}]]"
        if draw < 0.9:
            target -= target % _BLOCK_EVERY
            return f"[[{self.titles[target]}#^b{target}]]"
        if draw < 0.95:
            return f"[[{self.paths[target].removesuffix('.md')}|{title}]]"
        place = posixpath.relpath(self.paths[target], posixpath.dirname(self.paths[number]))
        return f"[{title}]({quote(place)})"

    def paragraph(self, number: int) -> str:
        """A few sentences, two in three paragraphs with a link."""
        sentences = [self.sentence() for _ in range(self.rng.randint(2, 4))]
        if self.rng.random() < 0.66:
            sentences[-1] = f"{sentences[-1][:-1]} (see {self.link(number)})."
        return " ".join(sentences)

    def note(self, number: int) -> str:
        """The text of a note; plants its defects, if it is one that has some."""
        rng, title = self.rng, self.titles[number]
        lines = ["---", f'title: "{title}"', "tags:"]
        lines += [f"  - {tag}" for tag in rng.sample(_TAGS, rng.randint(1, 3))]
        lines.append(f"created: 2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}")
        if rng.random() < 0.15:
            lines.append(f'aliases: ["{title}, the old notes"]')
        if rng.random() < 0.15:
            lines.append(f'parent: "[[{rng.choice(self.titles)}]]"')
        lines += ["---", "", f"# {title}", ""]
        prose: list[int] = []
        for section in _SECTIONS:
            lines += [f"## {section}", ""]
            for _ in range(rng.randint(1, 4)):
                prose.append(len(lines))
                lines += [self.paragraph(number), ""]
                lines += self.block(number)
            for part in rng.sample(_PARTS, rng.choice((0, 0, 1, 2))):
                lines += [f"### {part}", "", self.paragraph(number), ""]
        if number % _BLOCK_EVERY == 0:
            lines += [f"{self.sentence()} ^b{number}", ""]
        lines += ["## Related", "", *(f"- {self.link(number)}" for _ in range(rng.randint(2, 6)))]
        lines += ["", "## References", ""]
        for _ in range(rng.randint(1, 4)):
            book = f"*On the {rng.choice(_QUALITIES)} {rng.choice(_NOUNS)}*"
            source = f"({rng.choice(_PRESSES)}, {rng.randint(1960, 2025)})"
            address = f" <https://example.org/{number}-{len(lines)}>" if rng.random() < 0.4 else ""
            lines.append(f"- {rng.choice(_AUTHORS)}, {book} {source}.{address}")
        if rng.random() < self.share:
            for at in rng.sample(prose, min(len(prose), rng.randint(1, 2))):
                rule, (sentence, texts) = rng.choice(list(_DEFECTS.items()))
                text = rng.choice(texts).format(len(self.defects))
                lines[at] += " " + sentence.format(text)
                self.defects.append(Defect(rule, self.paths[number], at + 1, text))
        return "\n".join(lines) + "\n"

    def block(self, number: int) -> list[str]:
        """Now and then something that is no paragraph, with an empty line behind it."""
        rng, draw = self.rng, self.rng.random()
        if draw < 0.1:
            width = rng.choice(("", "|300", "|480"))
            names = self.images if rng.random() < 0.75 else self.drawings
            return [f"![[{rng.choice(names)}{width}]]", ""]
        if draw < 0.2:
            return [f"> [!note] {rng.choice(_PARTS)}", f"> {self.sentence()}", ""]
        if draw < 0.35:
            return [*(f"- {self.sentence()}" for _ in range(rng.randint(2, 5))), ""]
        if draw < 0.4:
            cell = self.link(number).replace("|", "\\|")
            row = f"| {rng.randint(1750, 2025)} | {rng.choice(_NOUNS)} | {cell} |"
            return ["| Year | What | Note |", "| --- | --- | --- |", row, ""]
        if draw < 0.45:
            return [*rng.choice(_ASIDES), ""]
        return []


def main() -> None:
    """Write a vault and its manifest, unless the manifest says that it is there."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--one-note", choices=("text", "line", "links"))
    parser.add_argument("--size", type=int, default=1_000_000)
    wanted = parser.parse_args()
    folder: Path = wanted.folder
    manifest = folder.with_name(f"{folder.name}.json")
    recipe = [wanted.notes, wanted.one_note, wanted.size, zlib.crc32(Path(__file__).read_bytes())]
    if manifest.exists():
        if json.loads(manifest.read_text(encoding="utf-8"))["recipe"] == recipe:
            return
        shutil.rmtree(folder, ignore_errors=True)  # one of an older version, or half written
    folder.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text('{"recipe": null}', encoding="utf-8")
    if wanted.one_note:
        (folder / ".obsidian").mkdir(parents=True)
        text = great_note(wanted.one_note, wanted.size)
        (folder / "Great.md").write_text(text, encoding="utf-8", newline="\n")
        defects = []
    else:
        defects = [defect._asdict() for defect in write_vault(folder, wanted.notes)]
    content = json.dumps({"recipe": recipe, "defects": defects}, indent=1)
    manifest.write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
