"""What to write in place of a broken link: shared by the rules that report one."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from vaultlint.anchors import slug
from vaultlint.facts import MARKDOWN_KINDS, Heading, Link, NoteFacts
from vaultlint.model import Violation
from vaultlint.rule import BrokenLink, VaultContext
from vaultlint.vault import Vault
from vaultlint.wording import hint, retarget

if TYPE_CHECKING:
    from vaultlint.suggest import Place, Suggester

#: Link kinds whose target is percent-encoded.
_ENCODED_KINDS = frozenset(("mdlink", "mdembed", "definition", "html-link", "html-image"))
_ENCODE = re.compile(r"[ %()<>\"]")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_UNSAFE_IN_HEADING = re.compile(r"[:#|^\\]|%%|\[\[|\]\]")


def file_repair(broken: BrokenLink, ctx: VaultContext[Any]) -> Violation:
    """The finding for a link whose file is missing, with the files it was likely meant for."""
    link = broken.link
    files = ctx.suggester.files_like(link.path, ctx.note.path)
    targets = [written_target(link, file, ctx.note.path, ctx.suggester) for file in files]
    return ctx.violation(
        link.span,
        f"no {_noun(link.path)} `{link.path}`{hint(targets)}",
        [retarget(link, target + _encode(link, link.subpath)) for target in targets],
        about=link.path.lower().removesuffix(".md"),
    )


def _noun(path: str) -> str:
    if path.lower().removesuffix(".md").endswith(".excalidraw"):
        return "drawing"
    name = path.rpartition("/")[2]
    return "file" if _EXTENSION.search(name) else "note"


def written_target(link: Link, file: str, source: str, suggester: Suggester) -> str:
    """A file as this link would name it: in the link's own form, and leading nowhere else."""
    if link.kind.startswith("canvas-"):
        return file
    if link.kind not in _ENCODED_KINDS and not _is_markdown(link):
        return suggester.link_path(file, source)
    path = link.path
    as_page = suggester.dialect != "obsidian"
    if (
        as_page
        or path.startswith(("./", "../"))
        or link.kind in ("html-link", "html-image", "definition")
    ):
        written = posixpath.relpath(file, posixpath.dirname(source) or ".")
        written = (
            written if written.startswith("../") or not path.startswith("./") else f"./{written}"
        )
    elif "/" in path:
        written = file
    else:
        written = suggester.link_path(file, source)
        written += ".md" if file.endswith(".md") and not written.endswith(".md") else ""
    if not path.endswith(".md"):
        written = written.removesuffix(".md")
    return _encode(link, written)


def _is_markdown(link: Link) -> bool:
    return link.kind == "frontmatter" and not link.raw.startswith("[[")


def _encode(link: Link, target: str) -> str:
    if link.kind in _ENCODED_KINDS or _is_markdown(link):
        return _ENCODE.sub(lambda m: f"%{ord(m[0]):02X}", target)
    return target


def written_anchor(link: Link, heading: Heading, vault: Vault) -> str:
    """The subpath that leads to a heading, as this link has to write it."""
    if vault.dialect != "obsidian" and link.kind in MARKDOWN_KINDS:
        return f"#{slug(heading.text)}"
    return _encode(link, "#" + " ".join(_UNSAFE_IN_HEADING.sub(" ", heading.text).split()))


class MissingHeading(NamedTuple):
    """What a subpath lacks: its first part that no heading has, and what was likely meant.

    `parent` is the part before, where headings of the wanted text stand elsewhere in the note, but
    none below it.
    """

    part: str
    parent: str | None
    places: list[Place]

    @property
    def what(self) -> str:
        """The missing heading, as messages name it."""
        below = f" below `{self.parent}`" if self.parent else ""
        return f"no heading `{self.part}`{below}"


def missing_heading(
    note: NoteFacts, subpath: str, vault: Vault, suggester: Suggester
) -> MissingHeading:
    """Why a subpath leads to no heading of a note."""
    parts = [part for part in subpath.split("#") if part]
    found = 0
    named = vault.parts(note.path)
    while found < len(parts) - 1 and named.heading(parts[: found + 1]):
        found += 1
    part = parts[found]
    parent = parts[found - 1] if found and named.heading((part,)) else None
    return MissingHeading(part, parent, suggester.headings_like(note, part))


def is_encoded(link: Link) -> bool:
    """Do percent codes stand in a link's path that Obsidian does not decode (rules M6, W11)?"""
    return link.escaped or (link.kind == "wikilink" and _PERCENT.search(link.path) is not None)


def is_alias(link: Link, suggester: Suggester) -> bool:
    """Does a wikilink's path name no file, but an alias of a note?"""
    return link.kind == "wikilink" and bool(suggester.alias_owners(link.path))


def retarget_path(link: Link) -> str:
    """The path part of a link's target as it is written now."""
    start, end = (offset - link.span.start for offset in link.target)
    written = link.raw[start:end] if link.span.end - link.span.start == len(link.raw) else link.path
    return written.partition("#")[0]
