"""Vaults written in Markdown with their expected findings inline: for tests and documentation.

A fence of four backticks holds a file, its info string the language and the path:

    ````md Trade.md
    See [[Tarifs]].
    %%  ^^^^^^^^^^ broken-link: no note `Tarifs`
    ````

Expectations stand under the line they speak of, and are taken out before linting:
`%%   ^^^ rule-id: message` marks columns with carets, `%%@4-7 rule-id: message` where carets
cannot stand (the end column is past the last character), `%%@note rule-id: message` is about
line 1, column 1. Of a finding over several lines the columns of the first count. A file
`vaultlint.toml` is the configuration. The language `hex` gives the bytes
of a file that is no text. A file `.web/answers.toml` says what is answered of web addresses, each a
table with one of `alive`, `dead` and `unknown` (the reason), `moved-to` and `secure`; without it
none is asked.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from vaultlint.answers import Answer
from vaultlint.config import Settings, default_settings, load_settings
from vaultlint.discover import MemoryFiles
from vaultlint.model import Violation
from vaultlint.session import Session

_FENCE = re.compile(
    r"^(?P<f>`{4,}+)(?P<lang>\w++) +(?P<path>\S.*+)\n"
    r"(?P<body>(?:.*+\n)*?)(?:(?P=f)$|(?P<end>.*+\Z))",
    re.MULTILINE,
)
_EXPECTATION = re.compile(
    r"^%%(?:@(?P<at>note|\d+-\d+)|(?P<pad> *)(?P<carets>\^+)) (?P<rule>[a-z-]+): (?P<message>.*)$"
)


class Expected(NamedTuple):
    """A finding as a case writes it; columns count from 1, the end column is past the last."""

    path: str
    line: int
    columns: tuple[int, int]
    rule: str
    message: str


class Case(NamedTuple):
    """A small vault with the findings that it must give."""

    files: Mapping[str, str | bytes]
    expected: list[Expected]


def read_case(markdown: str) -> Case:
    """The vault and the expectations of a case. Raises ValueError where it holds no file."""
    files: dict[str, str | bytes] = {}
    expected: list[Expected] = []
    for fence in _FENCE.finditer(markdown):
        if fence["end"] is not None:
            raise ValueError(f"the fence of {fence['path']} has no end")
        kept: list[str] = []
        for line in fence["body"].split("\n")[:-1]:
            found = _EXPECTATION.match(line)
            if found is None:
                kept.append(line)
                continue
            number, columns = len(kept), (found.start("carets") + 1, found.end("carets") + 1)
            if found["at"] == "note":
                number, columns = 1, (1, 1)
            elif found["at"]:
                start, _, end = found["at"].partition("-")
                columns = (int(start), int(end))
            expected.append(
                Expected(fence["path"], number, columns, found["rule"], found["message"])
            )
        text = "".join(line + "\n" for line in kept)
        files[fence["path"]] = bytes.fromhex(text) if fence["lang"] == "hex" else text
    if not files:
        raise ValueError("the case holds no file")
    return Case(files, sorted(expected))


def open_case(files: Mapping[str, str | bytes], rules: Iterable[str] | None = None) -> Session:
    """A session on a case's files, not yet loaded; with `rules`, only these run."""
    return Session(MemoryFiles(files), case_settings(files, rules))


def case_settings(files: Mapping[str, str | bytes], rules: Iterable[str] | None = None) -> Settings:
    """The settings of a case: its `vaultlint.toml`, and only `rules` if they are given."""
    select = {} if rules is None else {"select": list(rules)}
    if "vaultlint.toml" not in files and not select:
        return default_settings()
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in files.items():
            if path.endswith((".toml", ".yml", ".yaml", ".md", ".json", ".bib")):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(text.encode() if isinstance(text, str) else text)
        config = root / "vaultlint.toml"
        present = config if config.exists() else None
        over = {**select, **_fixed(config)} if present else select
        return load_settings(present, shown="vaultlint.toml", overrides=(over,))


def _fixed(config: Path) -> Mapping[str, object]:
    """A case's own `select` wins over the rules that a test asks for."""
    data = tomllib.loads(config.read_text(encoding="utf-8"))
    return {"select": data["select"]} if "select" in data else {}


def run_case(case: Case, rules: Iterable[str] | None = None) -> list[Expected]:
    """The findings in a case's vault, in the form of its expectations. Failures raise."""
    session = open_case(case.files, rules)
    session.load()
    return findings(session)


def findings(session: Session) -> list[Expected]:
    """All findings of a loaded session, in the form of expectations. Failures raise."""
    result = session.check()
    session.add_web(result, _read_answers(session))
    if result.failures:
        raise AssertionError(result.failures)
    return sorted(_as_expected(session, violation) for violation in result.violations)


def _read_answers(session: Session) -> dict[str, Answer]:
    """What a case says of web addresses."""
    try:
        data = tomllib.loads(session.files.read(".web/answers.toml").decode())
    except FileNotFoundError:
        return {}
    return {address: _read_answer(said) for address, said in data.items()}


def _read_answer(said: dict[str, str]) -> Answer:
    for verdict in ("dead", "unknown"):
        if verdict in said:
            return Answer(verdict, said[verdict])
    return Answer("alive", "", said.get("moved-to", ""), said.get("secure", ""))


def _as_expected(session: Session, violation: Violation) -> Expected:
    lines = session.lines(violation.path)
    line, column = lines.position(violation.span.start)
    length = violation.span.end - violation.span.start
    end = min(column + length, len(lines.line(line)) + 1)
    return Expected(violation.path, line, (column, end), violation.rule, violation.message)
