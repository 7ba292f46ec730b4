"""Properties of any frontmatter, read as YAML 1.2, with the spans of their values.

python-frontmatter's handler loads the text; the loader it is given keeps the node tree, whose
marks lead back to the file, and follows YAML 1.2's core schema: `yes` is a string, `<<` a plain
key, a date a string, and a key that stands twice an error (rules F4 to F6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import yaml
from frontmatter.default_handlers import YAMLHandler
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from vaultlint.facts import Property
from vaultlint.model import Span
from vaultlint.parse.properties import InvalidProperties, Properties, Text, read_scalar

try:
    from yaml import CSafeLoader as BaseLoader
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as BaseLoader  # type: ignore[assignment]

#: libyaml composes nested nodes recursively; deeper nesting than this is no note's frontmatter.
_MAX_NESTING = 200
_NESTING = re.compile(r"[\[{]|^[ \t]*+(?:- )++", re.MULTILINE)
#: libyaml compares each `%TAG` with all before it; no note's frontmatter has any.
_MAX_DIRECTIVES = 100
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)
#: Aliases of aliases grow without bound when they are written out; no note repeats as much.
_MAX_REPEATED = 10_000
_END_OF_LINE = re.compile(r"[\r\n]|\Z")


class _NodeLoader(BaseLoader):
    """Returns the node tree in place of the loaded value."""

    def get_single_data(self) -> Node | None:
        return self.get_single_node()


def read_yaml_properties(inner: str, offset: int) -> Properties | None:
    """The properties of a frontmatter's inner text, which begins at `offset` in the file.

    None where there is nothing in it. Raises InvalidProperties.
    """
    root = _load(inner)
    if root is None:
        return None
    if not isinstance(root, MappingNode):
        raise InvalidProperties("the frontmatter is no list of properties", 0, len(inner.rstrip()))
    reader = _Reader(inner, offset)
    properties = tuple(reader.properties(root))
    return Properties(properties, tuple(reader.strings), tuple(reader.unquoted))


def locate(inner: str, offset: int, path: Sequence[str | int], *, key: bool = False) -> Span:
    """Where the value stands that a path of keys and of indexes leads to; or, with `key`, its key.

    Of a path that leads nowhere, its longest part that leads anywhere counts. Raises
    InvalidProperties.
    """
    node, reader = _load(inner), _Reader(inner, offset)
    place = Span(offset, offset)
    for step in path:
        found = _step(node, step, inner)
        if found is None:
            break
        name, node = found
        place = reader.span(name if key and name is not None else node)
    return place


def _step(node: Node | None, step: str | int, text: str) -> tuple[Node | None, Node] | None:
    """The key, if it has one, and the value that one step of a path leads to."""
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    if isinstance(node, MappingNode):
        return next((pair for pair in node.value if _key_name(pair[0], text) == step), None)
    return None


def _load(inner: str) -> Node | None:
    if sum(1 for _ in _NESTING.finditer(inner)) > _MAX_NESTING and _depth(inner) > _MAX_NESTING:
        raise InvalidProperties("the frontmatter is nested too deeply", 0, 0)
    if "%" in inner and len(_DIRECTIVE.findall(inner)) > _MAX_DIRECTIVES:
        raise InvalidProperties("the frontmatter has too many lines that begin with `%`", 0, 0)
    try:
        node: Node | None = YAMLHandler().load(inner, Loader=_NodeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = min(mark.index, len(inner)) if mark else 0
        problem = error.problem or "cannot be read as YAML"
        raise InvalidProperties(problem, at, _line_end(inner, at)) from error
    except yaml.reader.ReaderError as error:
        at = min(int(error.position), len(inner))
        raise InvalidProperties(f"{error.reason}: U+{_character(error):04X}", at, at + 1) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InvalidProperties(str(error).partition("\n")[0], 0, 0) from error
    return None if isinstance(node, ScalarNode) and not node.value else node


def _character(error: yaml.reader.ReaderError) -> int:
    return error.character if isinstance(error.character, int) else ord(error.character[:1] or "\0")


def _line_end(text: str, at: int) -> int:
    found = _END_OF_LINE.search(text, at)
    return found.start() if found else len(text)


def _depth(text: str) -> int:
    """An upper bound of how deep the nodes of a YAML text nest."""
    deepest = depth = 0
    for char in text:
        if char in "[{-":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}\n":
            depth = max(0, depth - 1)
    return deepest


class _Reader:
    """Turns the node tree into values, and notes the strings on the way."""

    def __init__(self, text: str, offset: int) -> None:
        self._text = text
        self._offset = offset
        self._known: dict[int, object] = {}
        self._sizes: dict[int, int] = {}
        self._read = self._repeated = 0
        self.strings: list[Text] = []
        self.unquoted: list[Span] = []

    def properties(self, root: MappingNode) -> Iterator[Property]:
        seen = _Keys(self._text)
        for key, value in root.value:
            name = seen.add(key)
            children = value.value if isinstance(value, SequenceNode) else ()
            items = tuple(self.span(child) for child in children)
            yield Property(name, self._value(value), self.span(key), self.span(value), items)

    def _value(self, node: Node) -> object:
        key = id(node)
        if key in self._known:
            self._repeat(key)
        else:
            self._known[key] = None
            before, repeated = self._read, self._repeated
            self._read += 1
            self._known[key] = self._construct(node)
            self._sizes[key] = self._read - before + self._repeated - repeated
        return self._known[key]

    def _repeat(self, key: int) -> None:
        """Count the values that an alias stands for: each level of them may multiply the last."""
        self._repeated += self._sizes.get(key, 1)
        if self._repeated > _MAX_REPEATED:
            raise InvalidProperties("the frontmatter's aliases repeat too much", 0, 0)

    def _construct(self, node: Node) -> object:
        if isinstance(node, SequenceNode):
            if self._is_bare_link(node):
                self.unquoted.append(self.span(node))
            return [self._value(child) for child in node.value]
        if isinstance(node, MappingNode):
            seen = _Keys(self._text)
            return {seen.add(key): self._value(value) for key, value in node.value}
        assert isinstance(node, ScalarNode)
        value = str(node.value) if node.style else read_scalar(str(node.value))
        if isinstance(value, str):
            self.strings.append(Text(value, self._content(node)))
        return value

    @staticmethod
    def _is_bare_link(node: SequenceNode) -> bool:
        """Is it `[[Note]]` without quotes, which YAML reads as a list in a list (rule F7)?"""
        if not (node.flow_style and len(node.value) == 1):
            return False
        inner = node.value[0]
        return (
            isinstance(inner, SequenceNode)
            and bool(inner.flow_style)
            and len(inner.value) >= 1
            and inner.start_mark.index == node.start_mark.index + 1
            and all(isinstance(child, ScalarNode) and not child.style for child in inner.value)
        )

    def span(self, node: Node) -> Span:
        """The place of a node in the file."""
        start, end = node.start_mark.index, node.end_mark.index
        end = start + len(self._text[start:end].rstrip())
        return Span(self._offset + start, self._offset + end)

    def _content(self, node: ScalarNode) -> Span:
        """The span of a string without its quotes."""
        span = self.span(node)
        if node.style in ("'", '"') and span.end - span.start >= 2:
            return Span(span.start + 1, span.end - 1)
        return span


def _key_name(node: Node, text: str) -> str:
    if isinstance(node, ScalarNode):
        return str(node.value)
    return text[node.start_mark.index : node.end_mark.index]


class _Keys:
    """The keys of one mapping; a second one of the same name is an error (rule F5)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._seen: set[str] = set()

    def add(self, node: Node) -> str:
        name = _key_name(node, self._text)
        if name in self._seen:
            start, end = node.start_mark.index, node.end_mark.index
            raise InvalidProperties(
                f"the property `{name}` stands twice", start, end, duplicate=name
            )
        self._seen.add(name)
        return name
