"""No regular expression of ours takes more time than its input is long.

Every compiled pattern of the package is found, and fed with inputs made from the pattern itself:
each of its repeats is reached, pumped, and made to fail. A process reads them all; the system
ends it where one of them takes a hundred times what a linear pattern needs.
"""

from __future__ import annotations

import ast
import os
import pkgutil
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import islice, product
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

import vaultlint
from vaultlint.matching import _path_glob, text_glob

#: An input's length: a linear pattern reads it in about a millisecond, a quadratic one in seconds.
SIZE = 100_000
CPU_SECONDS = 1.0

#: Functions that make a pattern of what a user wrote.
FROM_USERS = {
    "vaultlint.matching._path_glob": "a glob of the configuration; some are among PATTERNS below",
    "vaultlint.matching.text_glob": "a glob of the configuration",
    "vaultlint.section_content.find_template_text": "a text of the configuration, escaped",
    "vaultlint.schema._compile": "a regular expression of the configuration",
    "vaultlint.obsidian._matches": "a filter that Obsidian itself takes as a regular expression",
}
_CALLS = frozenset(
    ("compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")
)
#: What may be asked of a pattern that reads from one place only.
_ANCHORED = frozenset(("match", "fullmatch", "pattern"))


class Probe(NamedTuple):
    """A pattern and an input: `pump` is repeated. `anchored`: the pattern is never searched for."""

    name: str
    pattern: re.Pattern[str]
    anchored: bool
    prefix: str
    pump: str
    suffix: str

    @property
    def text(self) -> str:
        return self.prefix + self.pump * (SIZE // len(self.pump)) + self.suffix


def _modules() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(vaultlint.__path__, "vaultlint."):
        if not info.name.endswith("__main__"):
            yield import_module(info.name)


def _patterns_of(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    for name, value in vars(module).items():
        if isinstance(value, re.Pattern):
            yield name, value
        elif isinstance(value, type) and value.__module__ == module.__name__:
            for inner, attribute in vars(value).items():
                if isinstance(attribute, re.Pattern):
                    yield f"{name}.{inner}", attribute
        elif isinstance(value, (tuple, list)):
            for index, item in enumerate(value):
                if isinstance(item, re.Pattern):
                    yield f"{name}[{index}]", item


def _source(module: ModuleType) -> ast.Module:
    assert module.__file__
    return ast.parse(Path(module.__file__).read_text(encoding="utf-8"))


def _searched(modules: Iterable[ModuleType]) -> set[int]:
    """The patterns (by `id`) that are used otherwise than from a given place on."""
    found = set()
    for module in modules:
        anchored, loads = set(), set()
        for node in ast.walk(_source(module)):
            if isinstance(node, ast.Attribute) and node.attr in _ANCHORED:
                anchored.add(node.value)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                loads.add(node)
        names = {node.id for node in loads - anchored}
        found |= {id(pattern) for name, pattern in _patterns_of(module) if name in names}
    return found


def all_patterns() -> dict[str, tuple[re.Pattern[str], bool]]:
    """All patterns of the package by name; true: nobody searches for the pattern."""
    modules = list(_modules())
    searched = _searched(modules)
    names: dict[int, str] = {}
    found: dict[str, tuple[re.Pattern[str], bool]] = {}
    for module in modules:
        for name, pattern in _patterns_of(module):
            if id(pattern) not in names:
                full = names[id(pattern)] = f"{module.__name__}.{name}"
                found[full] = pattern, id(pattern) not in searched
    for glob in ("**/a/" * 20 + "b", "*a" * 20 + "b", "a/**/*b*c/**/d*", "**/*a*b"):
        found[f"vaultlint.matching._path_glob({glob!r})"] = _path_glob(glob), True
    found["vaultlint.matching.text_glob"] = text_glob("*a" * 20 + "b"), True
    return found


# --- inputs from a pattern ---

_parser: Any = re._parser  # type: ignore[attr-defined]
_REPEATS = frozenset((_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT))
_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    _parser.CATEGORY_DIGIT: str.isdecimal,
    _parser.CATEGORY_SPACE: str.isspace,
    _parser.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    _parser.CATEGORY_NOT_DIGIT: lambda char: not char.isdecimal(),
    _parser.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    _parser.CATEGORY_NOT_WORD: lambda char: not (char.isalnum() or char == "_"),
}
_CHARS = "a \n1-\"'[(<{>A_.:=\t#|*%@/]\\`\xe9\u4e00\u0301\u201c\u2014"
_GENERIC = ("a", " ", "\n", "\t", '"', "'", "[", "]", "(", "<", "{", "1", "_", "-", "\\", "\xe9")
_ENDS = ("", "\0", "\n\0")


def _is_in(items: list[Any], char: str) -> bool:
    negated = items[0][0] is _parser.NEGATE
    for kind, value in items[negated:]:
        if (
            (kind is _parser.LITERAL and chr(value) == char)
            or (kind is _parser.RANGE and value[0] <= ord(char) <= value[1])
            or (kind is _parser.CATEGORY and _CATEGORIES[value](char))
        ):
            return not negated
    return bool(negated)


def _first_of(items: list[Any]) -> str:
    for kind, value in items:
        if kind in (_parser.LITERAL, _parser.RANGE):
            return chr(value if kind is _parser.LITERAL else value[0])
    return "a"


def _samples(nodes: Iterable[Any]) -> list[str]:
    """A few short texts that a sequence of nodes may match; look-arounds are not heeded."""
    texts = [""]
    for node in nodes:
        texts = [a + b for a, b in islice(product(texts, _samples_of(node)), 8)]
    return texts


def _samples_of(node: Any) -> list[str]:
    kind, value = node
    if kind is _parser.LITERAL:
        return [chr(value)]
    if kind is _parser.NOT_LITERAL:
        return [char for char in _CHARS if ord(char) != value][:4]
    if kind is _parser.ANY:
        return ["a", " "]
    if kind is _parser.IN:
        return [char for char in _CHARS if _is_in(value, char)][:6] or [_first_of(value)]
    if kind is _parser.BRANCH:
        return [text for branch in value[1] for text in _samples(branch)[:3]][:8]
    if kind is _parser.SUBPATTERN:
        return _samples(value[3])
    if kind is _parser.ATOMIC_GROUP:
        return _samples(value)
    if kind in _REPEATS:
        return [text * max(value[0], 1) for text in _samples(value[2])]
    return [""]


def _repeats(nodes: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """For each unbounded repeat what may stand before it, and samples of what it repeats."""
    for node in nodes:
        kind, value = node
        if kind in _REPEATS:
            if value[1] is _parser.MAXREPEAT:
                yield prefix, [text for text in _samples(value[2]) if text]
            yield from _repeats(value[2], prefix)
        elif kind is _parser.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, prefix)
        elif kind is _parser.SUBPATTERN:
            yield from _repeats(value[3], prefix)
        elif kind is _parser.ATOMIC_GROUP:
            yield from _repeats(value, prefix)
        elif kind in (_parser.ASSERT, _parser.ASSERT_NOT):
            yield from _repeats(value[1], prefix)
        prefix += _samples_of(node)[0]


def _literals(nodes: Any) -> Iterator[str]:
    if isinstance(nodes, tuple) and len(nodes) == 2 and nodes[0] is _parser.LITERAL:
        yield chr(nodes[1])
    elif not isinstance(nodes, (str, int)) and nodes is not None:
        try:
            children = iter(nodes)
        except TypeError:
            return
        for child in children:
            yield from _literals(child)


def _inputs(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Prefix, pump and suffix of inputs that could take a pattern more than linear time."""
    nodes = _parser.parse(pattern.pattern, pattern.flags)
    openings = []
    for prefix, pumps in _repeats(nodes):
        for pump in pumps[:4]:
            for suffix in _ENDS:
                yield prefix, pump, suffix
            openings.append(prefix + pump)
            yield "", prefix + pump, "\0"
    whole = _samples(nodes)[0]
    literals = list(dict.fromkeys(_literals(nodes)))[:24]
    for pump in dict.fromkeys((*literals, *_GENERIC)):
        yield "", pump, "\0"
        for opening in dict.fromkeys(openings[:3]):
            yield opening, pump, "\0"
    for pump in literals:
        yield "a", pump, "a"
    for first, second in zip(literals, literals[1:] + literals[:1], strict=True):
        yield "", first + second, "\0"
        yield "", f"{second} {first}a", "\0"
    if whole:
        yield "", whole, "\0"
        yield "", whole[:-1] or whole, "\0"


def all_probes() -> list[Probe]:
    return [
        Probe(name, pattern, anchored, *given)
        for name, (pattern, anchored) in all_patterns().items()
        for given in dict.fromkeys(_inputs(pattern))
    ]


def _run(first: int) -> None:
    """Read the probes from one on; say before each which one it is. The system may end this."""
    for index, probe in islice(enumerate(all_probes()), first, None):
        os.write(1, f"{index}\n".encode())
        text = probe.text
        signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
        probe.pattern.match(text)
        probe.pattern.fullmatch(text)
        if not probe.anchored:
            for _ in probe.pattern.finditer(text):
                pass
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no limits of CPU time here")
def test_every_pattern_is_linear() -> None:
    probes = all_probes()
    assert len(probes) > 1_000
    slow: dict[str, str] = {}
    first = 0
    while first < len(probes) and len(slow) < 20:
        ended = subprocess.run(
            [sys.executable, __file__, str(first)],
            env={**os.environ, "PYTHONPATH": str(Path(vaultlint.__file__).parents[1])},
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGVTALRM, ended.stderr
        first = int(ended.stdout.split()[-1])
        probe = probes[first]
        slow[probe.name] = f"{probe.prefix!r} + {probe.pump!r} * n + {probe.suffix!r}"
        while first < len(probes) and probes[first].name == probe.name:
            first += 1
    assert slow == {}


def test_a_quadratic_pattern_is_found_out() -> None:
    pattern = re.compile(r"a+b|x[^y]*y|(?:cd?)*e")
    pumps = {prefix + pump for prefix, pump, _ in _inputs(pattern)}
    assert {"a", "xa", "c", "cd"} <= pumps


# --- patterns are where the test above sees them ---


def _calls_in_functions(module: ModuleType) -> Iterator[str]:
    """Where functions call `re`, by the name of the outermost function or method."""
    for top in _source(module).body:
        tops = top.body if isinstance(top, ast.ClassDef) else [top]
        for node in tops:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for call in ast.walk(node):
                    if (
                        isinstance(call, ast.Attribute)
                        and isinstance(call.value, ast.Name)
                        and call.value.id == "re"
                        and call.attr in _CALLS
                    ):
                        yield f"{module.__name__}.{node.name}"


def test_patterns_are_compiled_at_the_top_of_their_module() -> None:
    found = {place for module in _modules() for place in _calls_in_functions(module)}
    assert found == set(FROM_USERS)


if __name__ == "__main__":
    _run(int(sys.argv[1]))
