"""Errors in the configuration: one line that names the file, the line, and the nearest right word."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import Vault

from vaultlint.config_schema import config_schema
from vaultlint.toml_lines import key_lines

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "css-notes" / "vaultlint.toml"

#: What is wrong, its line, and words that the message must hold; None: no error of the schema's.
ERRORS = {
    "unknown key": ("ignroe = []\n", 1, ["`ignroe`", "did you mean `ignore`?"], True),
    "unknown key in a table": ("[vault]\nexlude = []\n", 2, ["`exlude`", "`exclude`"], True),
    "unknown key in a section": (
        '[types.topic]\nsections = [\n  { heading = "A" },\n  { headng = "B" },\n]\n',
        4,
        ["`headng`", "`heading`"],
        True,
    ),
    "unknown key in a type": ("[types.topic]\ntagz = []\n", 2, ["`tagz`", "`tags`"], True),
    "unknown table": ("[term]\n", 1, ["`term`", "`terms`"], True),
    "wrong type": ('[vault]\nexclude = "a"\n', 2, ["`exclude` is a list", '["…"]'], True),
    "wrong type in a list": ('select = ["links",\n  3]\n', 2, ["an entry of `select` is a text"], True),
    "unknown rule": ("[rules.broken-lnk]\n", 1, ["`broken-lnk`", "`broken-link`"], True),
    "unknown option": ("[rules.broken-link]\ndeep = 1\n", 2, ["`deep`"], True),
    "unknown severity": (
        '[rules.broken-link]\nseverity = "fatal"\n', 2, ["error, warning or info"], True,
    ),
    "unknown selector": ('ignore = [\n  "links",\n  "linkz",\n]\n', 3, ["`linkz`", "`links`"], True),
    "unknown dialect": ('[vault]\ndialect = "logseq"\n', 2, ["not `logseq`", "`obsidian`, `commonmark` or `foam`"], True),
    "unknown spelling": ('[terms]\nenglish = "uk"\n', 2, ["not `uk`", "`us`, `gb` or `any`"], True),
    "unknown kind of content": (
        '[types.t]\nsections = [\n  { heading = "A" },\n  { heading = "B", contains = ["list", "tabel"] },\n]\n',
        4,
        ["an entry of `contains`", "not `tabel`; did you mean `table`?"],
        True,
    ),
    "unknown type of property": (
        '[types.a]\n[types.t.properties]\nx = { type = "daet" }\n', 3, ["did you mean `date`?"], True,
    ),
    "nearest severity": ('[rules.broken-link]\nseverity = "warn"\n', 2, ["mean `warning`?"], True),
    "unknown fail-on": ('fail-on = "warn"\n', 1, ["not `warn`", "did you mean `warning`?"], True),
    "unknown type in an override": (
        '[types.topic]\n[[overrides]]\n[[overrides]]\ntypes = ["topc"]\n', 4, ["`topc`", "`topic`"], False,
    ),
    "unknown type in references": (
        '[types.topic]\n[references]\ntypes = ["topc"]\n', 3, ["`topc`", "`topic`"], False,
    ),
    "unknown selector in an override": (
        '[[overrides]]\nignore = ["self-lnk"]\n', 2, ["`self-lnk`", "`self-link`"], True,
    ),
    "level of 9": (
        '[types.topic]\nsections = [\n  { heading = "A", level = 9 },\n]\n', 3, ["`level`", "1 to 6"], False,
    ),
    "level range turned round": ('[types.t]\nsections = [{ heading = "A", level = "3-2" }]\n', 2, ["`2-3`"], False),
    "level that is no number": ('[types.t]\nsections = [{ heading = "A", level = "two" }]\n', 2, ["`level`"], False),
    "pattern that does not compile": (
        '[types.t]\nsections = [\n  { heading = ["A",\n "/(/"] }]\n', 4, ["`/(/`", "compile"], False,
    ),
    "section without heading": ("[types.t]\nsections = [{ min-words = 1 }]\n", 2, ["`heading`", "`any-of`"], False),
    "section twice": (
        '[types.t]\nsections = [{ heading = "A–B" },\n{ heading = ["C", "a-b"] }]\n', 3, ["`a-b`", "twice", ":2"], False,
    ),
    "required and forbidden": (
        '[[types.t.sections]]\nheading = "A"\nrequired = true\nforbidden = true\n', 4, ["`required` and `forbidden`"], False,
    ),
    "most below least": (
        '[types.t]\nsections = [{ heading = "A", min-words = 3, max-words = 2 }]\n', 2, ["`max-words`", "`min-words`"], False,
    ),
    "negative number": ('[types.t]\nsections = [{ heading = "A", min_items = -1 }]\n', 2, ["`min-items`"], False),
    "contains and does not": (
        '[types.t]\nsections = [{ heading = "A", contains = ["list"], not-contains = ["list"] }]\n',
        2, ["`list`", "`contains`"], False,
    ),
    "unknown content": ('[types.t]\nsections = [{ heading = "A", contains = ["lists"] }]\n', 2, ["lists"], True),
    "alternatives with more": (
        '[types.t]\nsections = [{ heading = "A", any-of = [{ heading = "B" }] }]\n', 2, ["`any-of`", "alone"], False,
    ),
    "a required alternative": (
        '[types.t]\nsections = [{ any-of = [{ heading = "B", required = true }] }]\n', 2, ["`any-of`"], False,
    ),
    "nested section": (
        '[types.t]\nsections = [{ heading = "A", sections = [\n{ heading = "B", level = 0 }] }]\n', 3, ["`level`"], False,
    ),
    "extends nothing": ('[types.topic]\n[types.t]\nextends = "topc"\n', 3, ["`topc`", "`topic`"], False),
    "extends itself": (
        '[types.a]\nextends = "b"\n[types.b]\nextends = "a"\n', 4, ["`a` extends `b` extends `a`"], False,
    ),
    "no template": ('[types.t]\ntemplate = "Noet.md"\n', 2, ["template", "`Noet.md`", "`Note.md`"], False),
    "list as condition": ('[types.t]\nproperties = { kind = ["a"] }\n', 2, ["kind", "values"], False),
    "a number with a pattern": (
        '[types.a.properties]\nx = {type = "number", pattern = "a"}\n', 2,
        ["`pattern`", '`type = "number"`'], False,
    ),
    "bounds of a text": ('[types.a.properties.x]\ntype = "text"\nmin = 0\n', 3, ["`min`", "text"], False),
    "items of a text": ('[types.a.properties.x]\ntype = "text"\nmax-items = 2\n', 3, ["`max-items`"], False),
    "a link that is a date": ('[types.a.properties.x]\ntype = "date"\nlink = true\n', 3, ["`link`"], False),
    "a unique checkbox": ('[types.a.properties.x]\ntype = "checkbox"\nunique = true\n', 3, ["`unique`"], False),
    "min above max": ('[types.a.properties.x]\nmax = -1\nmin = 0\n', 2, ["`max` is less than `min`"], False),
    "more items than the most": (
        '[types.a.properties.x]\nmin-items = 3\nmax-items = 2\n', 3, ["`max-items` is less than `min-items`"], False,
    ),
    "items below none": ('[types.a.properties.x]\nmax-items = -2\n', 2, ["`max-items` is not below 0"], False),
    "a value of another type": (
        '[types.a.properties.x]\ntype = "number"\nvalues = [1, "2"]\n', 3, ["`2` is not a number"], False,
    ),
    "a value that is no date": (
        '[types.a.properties.x]\ntype = "date"\nvalues = ["2024-02-30"]\n', 3, ["`2024-02-30` is not a date"], False,
    ),
    "a value out of bounds": ('[types.a.properties.x]\nvalues = [1, 9]\nmax = 3\n', 2, ["`9`", "`max`"], False),
    "a value against the pattern": (
        '[types.a.properties.x]\nvalues = ["a", "bb"]\npattern = "."\n', 2, ["`bb`", "pattern"], False,
    ),
    "a pattern that does not compile": (
        '[types.a.properties.x]\npattern = "(a"\n', 2, ["`(a` does not compile"], False,
    ),
    "a forbidden property with values": (
        '[types.a.properties.x]\nforbidden = true\nvalues = [1]\n', 3, ["forbidden", "`values`"], False,
    ),
    "required and forbidden property": (
        '[types.a.properties]\nrequired = ["x"]\nx = {forbidden = true}\n', 3, ["`x`", "`required`"], False,
    ),
    "one property in two spellings": (
        '[types.a.properties]\nx = {unique = true}\nX = {link = true}\n', 3, ["`X` and `x`"], False,
    ),
    "unknown key of a property": (
        '[types.a.properties.x]\npatern = "a"\n', 2, ["`patern`", "`pattern`"], False,
    ),
    "unknown type of a property": ('[types.a.properties.x]\ntype = "int"\n', 2, ["int"], False),
    "unknown type of links": (
        '[types.topic]\n[types.a.properties.x]\nlink-type = "topc"\n', 3, ["`topc`", "`topic`"], False,
    ),
    "a pattern with too many repetitions": (
        '[types.a.properties.x]\npattern = "a{99999999999}"\n', 2, ["does not compile", "repetitions"], False,
    ),
    "a pattern that is nested too deeply": (
        f'[types.a]\nsections = [{{ heading = "/{"(" * 5000}/" }}]\n', 2, ["does not compile", "deep"], False,
    ),
    "a wrong bound behind a condition": (
        '[types.a]\nproperties = { kind = "book", rating = { min = "x" } }\n', 2, ["`min` is a number"], False,
    ),
    "a wrong list behind a required one": (
        '[types.a.properties]\nrequired = ["a"]\nx.values = 3\n', 3, ["`values` is a list"], False,
    ),
    "a wrong number with an underscore": (
        '[types.a.properties]\nkind = 1\nx.min_items = "2"\n', 3, ["`min-items` is a whole number"], False,
    ),
    "a required text": ('[types.a]\nproperties = { required = "x" }\n', 2, ["`required` is a list"], False),
    "no path": ('[types.a]\npaths = ["a/**",\n""]\n', 3, ["no path", "`**`"], False),
    "a path above": ('[types.a]\npaths = ["../N/**"]\n', 2, ["out of the vault"], False),
    "a path with braces": ('[types.a]\npaths = ["{A,B}/**"]\n', 2, ["braces"], False),
    "an option that is nearly severity": (
        '[rules.broken-link]\nsevrity = "info"\n', 2, ["`sevrity`", "`severity`"], True,
    ),
    "no schema": ('[types.a]\nschema = "bok.json"\n', 2, ["`bok.json`", "`book.json`"], False),
    "a schema that is no JSON": (
        '[types.a]\nschema = "glossary.yml"\n', 2, ["`glossary.yml` is no JSON: line 1, column 1"], False,
    ),
    "a schema that is none": (
        '[types.a]\nschema = "book.json"\n', 2, ["`book.json` is no valid JSON schema at `type`", '"strin"'], False,
    ),
    "a schema that refers to a file": (
        '[types.a]\nschema = "far.json"\n', 2, ["`far.json` is no valid JSON schema", "other.json"], False,
    ),
    "no glossary": ('[terms]\nglossary = [\n  "glosary.yml",\n]\n', 3, ["`glosary.yml`", "`glossary.yml`"], False),
    "no pack": ('packs = ["mine.yaml"]\n', None, ["mine.yaml"], False),
    "TOML syntax": ("[vault\n", 1, ["vaultlint.toml:1:"], False),
}  # fmt: skip


#: Files that a configuration may name.
NAMED = {
    "glossary.yml": "- Term\n",
    "book.json": '{"type": "strin"}',
    "far.json": '{"$ref": "other.json"}',
}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [error[:3] for error in ERRORS.values()],
    ids=list(ERRORS),
)
def test_one_error_with_its_line(
    vault: Vault, text: str, line: int | None, words: list[str]
) -> None:
    vault.write({"vaultlint.toml": text, "Note.md": "", **NAMED})
    message = vault.error("check")
    assert "\n" not in message
    if line is not None:
        assert message.startswith(f"error: vaultlint.toml:{line}: ")
    assert all(word in message for word in words), message


@pytest.mark.parametrize("text", [text for text, _, _, by_schema in ERRORS.values() if by_schema])
def test_the_schema_rejects_it(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), config_schema())


def test_the_schema_is_valid_and_accepts_the_example() -> None:
    schema = config_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(tomllib.loads(EXAMPLE.read_text(encoding="utf-8")), schema)


def test_the_schema_is_what_the_command_prints(vault: Vault) -> None:
    assert json.loads(vault.run("schema").stdout) == json.loads(json.dumps(config_schema()))


@pytest.mark.parametrize("name", ["vaultlint.toml", ".vaultlint.toml", "pyproject.toml"])
def test_each_file_is_found_upwards(vault: Vault, name: str) -> None:
    table = "[tool.vaultlint]\n" if name == "pyproject.toml" else ""
    vault.write({name: f'{table}ignore = ["broken-link"]\n', "a/b/Note.md": "[[Gone]]\n"})
    assert vault.found("a/b") == []
    assert vault.found("--isolated", "a/b") == [("a/b/Note.md", "broken-link")]


def test_a_pyproject_of_others_is_passed_over(vault: Vault) -> None:
    vault.write({"vaultlint.toml": 'ignore = ["broken-link"]\n'})
    vault.write({"a/pyproject.toml": "[tool.other]\n", "a/Note.md": "[[Gone]]\n"})
    assert vault.found("a") == []


def test_errors_in_a_pyproject_have_its_lines(vault: Vault) -> None:
    vault.write({"pyproject.toml": '[project]\nname = "x"\n\n[tool.vaultlint]\nselct = []\n'})
    assert vault.error("check").startswith("error: pyproject.toml:5: unknown key `selct`")


def test_a_glossary_error_names_the_glossary(vault: Vault) -> None:
    vault.write(
        {"vaultlint.toml": '[terms]\nglossary = ["g.yml"]\n', "g.yml": "- A\n- {trem: B}\n"}
    )
    message = vault.error("check")
    assert "g.yml:2:" in message
    assert "`term`" in message


def test_a_pack_error_names_the_pack(vault: Vault) -> None:
    entry = "rules:\n  - id: my-rule\n    code: MY001\n    kind: phrase\n"
    rest = "group: terms\nsummary: S.\nwhy: W\nmessage: m\nbad: b\ngood: g\n"
    vault.write({
        "vaultlint.toml": 'packs = ["mine.yaml"]\n',
        "mine.yaml": entry + "".join(f"    {line}\n" for line in rest.splitlines()),
    })  # fmt: skip
    message = vault.error("check")
    assert message.startswith("error: mine.yaml:2: ")
    assert "`phrases`" in message


def test_a_pack_of_ones_own_adds_rules(vault: Vault) -> None:
    vault.write({
        "vaultlint.toml": 'packs = ["mine.yaml"]\n',
        "mine.yaml": (
            "rules:\n  - id: my-phrase\n    code: MY001\n    kind: phrases\n    group: terms\n"
            "    summary: S.\n    why: W\n    message: \"`{found}` is `{wanted}`\"\n"
            "    bad: b\n    good: g\n    phrases: {old name: new name}\n"
        ),
        "Note.md": "The old name.\n",
    })  # fmt: skip
    assert vault.found() == [("Note.md", "my-phrase")]


def test_lines_of_keys() -> None:
    text = (
        '# c = 1\na = 1\n[b.c]\nd = """\nx = 1\n"""\ne.f = [1,\n  {g = "#"}]\n'
        "[[h]]\n[[h]]\ni = 1\n[h.j]\n'k l' = 1.5\nm = 1979-05-27T07:32:00Z\n"
    )
    data = tomllib.loads(text)
    lines = key_lines(text)
    assert {path: lines[path] for path in every_path(data)} == {
        ("a",): 2, ("b",): 3, ("b", "c"): 3, ("b", "c", "d"): 4, ("b", "c", "e"): 7,
        ("b", "c", "e", "f"): 7, ("b", "c", "e", "f", 0): 7, ("b", "c", "e", "f", 1): 8,
        ("b", "c", "e", "f", 1, "g"): 8, ("h",): 9, ("h", 0): 9, ("h", 1): 10, ("h", 1, "i"): 11,
        ("h", 1, "j"): 12, ("h", 1, "j", "k l"): 13, ("h", 1, "j", "m"): 14,
    }  # fmt: skip


def test_lines_of_keys_that_look_like_numbers() -> None:
    text = '[types.2025-x]\n1.5.a = 1\n"2.5".b = 1.5\n[[t.1]]\n2 = 1\n[t.1.3]\n'
    lines = key_lines(text)
    assert {path: lines[path] for path in every_path(tomllib.loads(text))} == {
        ("types",): 1, ("types", "2025-x"): 1, ("types", "2025-x", "1"): 2,
        ("types", "2025-x", "1", "5"): 2, ("types", "2025-x", "1", "5", "a"): 2,
        ("types", "2025-x", "2.5"): 3, ("types", "2025-x", "2.5", "b"): 3, ("t",): 4, ("t", "1"): 4,
        ("t", "1", 0): 4, ("t", "1", 0, "2"): 5, ("t", "1", 0, "3"): 6,
    }  # fmt: skip


def every_path(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    pairs: list[tuple[str | int, Any]] = []
    if isinstance(data, dict):
        pairs = list(data.items())
    elif isinstance(data, list):
        pairs = list(enumerate(data))
    found = [path] if path else []
    return found + [below for key, value in pairs for below in every_path(value, (*path, key))]
