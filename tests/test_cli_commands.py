"""The commands besides `check`, and what all commands have in common."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from pkgutil import iter_modules

import pytest
from conftest import Vault

from vaultlint import __version__, cli
from vaultlint.cli import COMMANDS
from vaultlint.config import load_settings
from vaultlint.model import SEVERITIES
from vaultlint.registry import load_registry
from vaultlint.rule import DOC_PARTS, GROUPS, Rule

RULES = tuple(load_registry())


# ---- the group of commands


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(vault: Vault, option: str) -> None:
    assert vault.run(option).output == f"vaultlint {__version__}\n"


def test_python_m_vaultlint_is_the_command(vault: Vault) -> None:
    done = vault.process("--version")
    assert (done.returncode, done.stdout) == (0, f"vaultlint {__version__}\n".encode())


def test_python_m_vaultlint_hands_on_the_exit_code(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]]"})
    assert vault.process("check").returncode == 1
    assert vault.process("check", "nowhere").returncode == 2


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_every_command_with_its_purpose(vault: Vault, option: str) -> None:
    result = vault.run(option)
    assert result.exit_code == 0
    for name, purpose in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(purpose)}$", result.output, re.MULTILINE)


def test_commands_are_exactly_the_modules_that_define_one() -> None:
    modules = {
        module.name
        for module in iter_modules(cli.__path__)
        if "def command(" in Path(cli.__path__[0], f"{module.name}.py").read_text(encoding="utf-8")
    }
    assert modules == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(vault: Vault, name: str) -> None:
    result = vault.run(name, "--help")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: main {name} ")


def test_the_start_imports_no_command_and_no_parser() -> None:
    script = "import sys, vaultlint.cli; print(*sys.modules)"
    source = str(Path(cli.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "vaultlint.cli" in loaded
    assert not loaded & {"mistune", "yaml", "frontmatter", "rapidfuzz", "vaultlint.cli.check"}


@pytest.mark.parametrize(
    ("typed", "meant"), [("chek", "check"), ("rule", "rules"), ("lnks", "links"), ("INIT", "init")]
)
def test_an_unknown_command_names_the_nearest(vault: Vault, typed: str, meant: str) -> None:
    assert f"no command `{typed}`; did you mean `{meant}`?" in vault.error(typed)


@pytest.mark.parametrize(
    "arguments",
    [
        ("xyzzy",),
        ("--nope",),
        ("check", "--nope"),
        ("check", "--output-format", "nope"),
        ("check", "--fail-on", "nope"),
        ("check", "--color", "nope"),
        ("check", "--select"),
        ("check", "--config", "a.toml", "--config", "b.toml"),
        ("check", "-", "A.md"),
        ("check", "--stdin-filename", "A.md"),
        ("check", "nowhere.md"),
        ("links", "nowhere.md"),
        ("links", "--from", "nowhere"),
        ("links", "a", "b"),
        ("inspect",),
        ("inspect", "nowhere.md"),
        ("inspect", "."),
        ("explain",),
        ("explain", "nope"),
        ("explain", "links"),
        ("rules", "--output-format", "yaml"),
        ("schema", "extra"),
        ("completion",),
        ("completion", "powershell"),
        ("init", "nowhere"),
        ("init", "A.md"),
    ],
)
def test_an_error_in_usage_is_exit_code_2_on_stderr(
    vault: Vault, arguments: tuple[str, ...]
) -> None:
    vault.write({"A.md": "# A\n", "a.toml": "", "b.toml": ""})
    assert vault.error(*arguments).strip()


# ---- rules, explain


def test_rules_lists_every_rule_under_its_group(vault: Vault) -> None:
    lines = vault.run("rules").output.splitlines()
    shown, group = [], ""
    for line in lines:
        if line.startswith("  "):
            code, id, severity, summary = line.split(None, 3)
            shown.append((group, code, id, severity, summary))
        else:
            group, _, about = line.partition(": ")
            assert GROUPS[group] == about
    assert sorted(shown) == sorted(
        (rule.group, rule.code, rule.id, rule.severity if rule.default else "off", rule.summary)
        for rule in RULES
    )


def test_rules_as_json(vault: Vault) -> None:
    data = json.loads(vault.run("rules", "--output-format", "json").output)
    assert data["version"] == 1
    assert [row["id"] for row in data["rules"]] == [rule.id for rule in RULES]
    for row in data["rules"]:
        assert set(row) == {"id", "code", "group", "severity", "default", "summary"}
        assert row["group"] in GROUPS
        assert row["severity"] in SEVERITIES


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_explain_by_id_and_by_code_is_the_same_page(vault: Vault, rule: Rule) -> None:
    by_id, by_code = (vault.run("explain", name).output for name in (rule.id, rule.code))
    assert by_id == by_code
    assert by_id.startswith(f"# {rule.id}\n")
    assert all(f"\n## {part}\n" in by_id for part in DOC_PARTS[1:])


def test_explain_names_the_nearest_rule(vault: Vault) -> None:
    assert "no rule `brokn-link`; did you mean `broken-link`?" in vault.error(
        "explain", "brokn-link"
    )


# ---- config


def test_config_shows_each_value_with_its_origin(vault: Vault) -> None:
    vault.write({"vaultlint.toml": 'fail-on = "info"\n[vault]\nexclude = ["Old/**"]\n'})
    lines = vault.run("config", "--config", "references.min-words=9").output.splitlines()
    assert lines[0] == "# configuration file: vaultlint.toml"
    assert 'fail-on = "info"  # vaultlint.toml:1' in lines
    assert 'vault.exclude = ["Old/**"]  # vaultlint.toml:3' in lines
    assert "vault.planned = []  # default" in lines
    assert "references.min-words = 9  # command line" in lines


def test_config_shows_the_lines_of_tables_and_of_keys_with_underscores(vault: Vault) -> None:
    text = (
        '[tool.vaultlint]\nfail_on = "info"\n\n[[tool.vaultlint.overrides]]\npaths = ["a"]\n'
        '[tool.vaultlint.types."a.b"]\ntags = ["x"]\n'
    )
    vault.write({"pyproject.toml": text})
    lines = vault.run("config", "--config", "vault.planned=['x']").output.splitlines()
    assert 'fail-on = "info"  # pyproject.toml:2' in lines
    assert 'types.a.b.tags = ["x"]  # pyproject.toml:7' in lines
    assert 'vault.planned = ["x"]  # command line' in lines
    (overrides,) = [line for line in lines if line.startswith("overrides = ")]
    assert overrides.endswith("# pyproject.toml:4")
    values = json.loads(vault.run("config", "--output-format", "json").output)["values"]
    origins = {row["key"]: row["origin"] for row in values}
    assert (origins["fail-on"], origins["ignore"]) == ("pyproject.toml:2", "default")


def test_config_from_below_shows_the_file_as_seen_from_there(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.write({"vaultlint.toml": 'fail-on = "info"\n', "a/b/N.md": ""})
    monkeypatch.chdir(vault.root / "a" / "b")
    lines = vault.run("config").output.splitlines()
    assert lines[0] == "# configuration file: ../../vaultlint.toml"
    assert 'fail-on = "info"  # ../../vaultlint.toml:1' in lines


def test_config_without_a_file(vault: Vault) -> None:
    lines = vault.run("config").output.splitlines()
    assert lines[0] == "# configuration file: none found"
    assert all(line.endswith("# default") for line in lines[1:])


def test_config_as_json_is_what_the_text_says(vault: Vault) -> None:
    vault.write({"vaultlint.toml": '[types.t]\npaths = ["é/**"]\nproperties = {due = true}\n'})
    data = json.loads(vault.run("config", "--output-format", "json").output)
    assert data["version"] == 1
    rows = {row["key"]: (row["value"], row["origin"]) for row in data["values"]}
    assert rows["types.t.paths"] == (["é/**"], "vaultlint.toml:2")
    assert rows["types.t.properties.due"] == (True, "vaultlint.toml:3")
    text = vault.run("config").output.splitlines()[1:]
    assert text == [
        f"{key} = {json.dumps(value, ensure_ascii=False)}  # {origin}"
        for key, (value, origin) in rows.items()
    ]


@pytest.mark.parametrize("value", ["1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "1.5"])
def test_config_shows_every_type_of_toml(vault: Vault, value: str) -> None:
    vault.write({"vaultlint.toml": f"types.t.properties.due = {value}\n"})
    assert vault.run("config").exit_code == 0
    assert json.loads(vault.run("config", "--output-format", "json").output)["version"] == 1


# ---- init


def test_init_writes_a_file_that_changes_nothing(vault: Vault) -> None:
    before = vault.run("config").output.splitlines()[1:]
    result = vault.run("init")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "wrote vaultlint.toml",
        "0 notes read",
        "no type: no group of notes has sections or properties in common",
    ]
    assert vault.run("config", "--output-format", "json").exit_code == 0
    after = [line.rpartition("  #")[0] for line in vault.run("config").output.splitlines()[1:]]
    assert after == [line.rpartition("  #")[0] for line in before]


def test_every_example_that_init_writes_is_right(vault: Vault) -> None:
    vault.run("init")
    path = vault.root / "vaultlint.toml"
    starter = path.read_text(encoding="utf-8")
    keys = re.sub(r"^# (?=[^A-Z`]|$)", "", starter, flags=re.MULTILINE)
    path.write_text(keys, encoding="utf-8")
    vault.write({"glossary.yml": "- {term: geoeconomics, accept: [geo-economics]}\n"})
    file = load_settings(path).file
    assert file.terms.glossary == ("glossary.yml",)
    assert [section.required for section in file.types["topic"].sections] == [None, None, False]
    assert file.overrides[0].ignore == ("missing-section",)
    assert file.rules["broken-heading"] == {"severity": "warning"}


def test_init_never_replaces_a_file(vault: Vault) -> None:
    vault.write({"vaultlint.toml": "# mine\n"})
    assert vault.error("init") == (
        "error: vaultlint.toml: exists already; `--diff` compares it with what would be written, "
        "`--dry-run` prints that"
    )
    assert (vault.root / "vaultlint.toml").read_text(encoding="utf-8") == "# mine\n"


def test_init_does_not_follow_a_dangling_link(vault: Vault) -> None:
    (vault.root / "vaultlint.toml").symlink_to("elsewhere.toml")
    vault.error("init")
    assert not (vault.root / "elsewhere.toml").exists()


def test_init_in_a_folder(vault: Vault) -> None:
    vault.write({"sub/N.md": ""})
    assert vault.run("init", "sub").output.startswith("wrote sub/vaultlint.toml\n")
    assert (vault.root / "sub" / "vaultlint.toml").is_file()


# ---- completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(vault: Vault, shell: str) -> None:
    result = vault.run("completion", shell)
    assert result.exit_code == 0
    assert f"_VAULTLINT_COMPLETE={shell}_complete" in result.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("vaultlint ch", {"check"}),
        ("vaultlint ", set(COMMANDS)),
        ("vaultlint check --output-", {"--output-format", "--output-file"}),
        ("vaultlint check --output-format gr", {"grouped"}),
        ("vaultlint completion z", {"zsh"}),
    ],
)
@pytest.mark.usefixtures("vault")
def test_completion_completes(words: str, expected: set[str]) -> None:
    env = {
        "_VAULTLINT_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
        "PYTHONPATH": str(Path(cli.__file__).parents[2]),
    }
    script = "from vaultlint.cli import main; main(prog_name='vaultlint')"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=True,
    )
    assert {line.partition(",")[2] for line in done.stdout.splitlines()} == expected


# ---- links


def test_links_lists_all_with_where_they_lead(vault: Vault) -> None:
    vault.write({"A.md": "[[B]] [[Gone]]\n![[B#H]] [[B#No]]\n", "sub/B.md": "# H\n"})
    assert vault.run("links").output.splitlines() == [
        "A.md:1:1: [[B]] -> sub/B.md",
        "A.md:1:7: [[Gone]] -> (missing-file)",
        "A.md:2:1: ![[B#H]] -> sub/B.md #H (ok)",
        "A.md:2:10: [[B#No]] -> sub/B.md #No (missing-heading)",
    ]


def test_links_of_what_is_named(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.write({"A.md": "[[B]]\n", "sub/B.md": "[[A]]\n", "sub/C.md": "[[B]]\n"})

    def sources(*arguments: str) -> list[str]:
        data = json.loads(vault.run("links", *arguments, "--output-format", "json").output)
        assert data["version"] == 1
        return [link["source"] for link in data["links"]]

    assert sources() == ["A.md", "sub/B.md", "sub/C.md"]
    assert sources("sub") == ["sub/B.md", "sub/C.md"]
    assert sources("A.md") == ["A.md"]
    assert sources("--from", "B") == sources("--from", "sub/B.md") == ["sub/B.md"]
    monkeypatch.chdir(vault.root / "sub")
    assert vault.run("links", "../A.md").output == "../A.md:1:1: [[B]] -> sub/B.md\n"


def test_links_broken_only(vault: Vault) -> None:
    vault.write({"A.md": "[[B]] [[Gone]] [[B#No]] [[B#^no]]\n", "B.md": "# H\n"})
    data = json.loads(vault.run("links", "--broken", "--output-format", "json").output)
    assert [link["reason"] for link in data["links"]] == [
        "missing-file",
        "missing-heading",
        "missing-block",
    ]


def test_links_of_all_kinds(vault: Vault) -> None:
    vault.write({"A.md": '[a]: B.md\n\n[x][a] <a href="B.md">y</a> [[B]]\n', "B.md": ""})

    def kinds(*arguments: str) -> set[str]:
        data = json.loads(vault.run("links", *arguments, "--output-format", "json").output)
        return {link["kind"] for link in data["links"]}

    assert kinds() == {"wikilink"}
    assert kinds("--all-kinds") >= {"wikilink", "definition", "html-link"}


def test_links_from_an_unknown_note_names_the_nearest(vault: Vault) -> None:
    vault.write({"Economy.md": ""})
    assert vault.error("links", "--from", "Econmy.md") == (
        "error: no note `Econmy.md`; did you mean `Economy.md`?"
    )


# ---- inspect


def test_inspect_shows_the_facts_of_a_note(vault: Vault) -> None:
    vault.write(
        {
            "vaultlint.toml": '[types.topic]\ntags = ["topic"]\n',
            "A.md": "---\naliases: [One]\n---\n# Head\n\n#topic [[B]] [[Gone]]\n\ntext ^id\n",
            "B.md": "",
        }
    )
    output = vault.run("inspect", "A.md").output
    assert output.startswith(
        "A.md\nfrontmatter: ok\ntype: topic (vaultlint.toml:1), because it has the tag `#topic`\naliases: One\ntags: #topic\n"
    )
    for line in ("    4  # Head", "    8  ^id", "    6  [[B]] -> B.md"):
        assert f"  {line}\n" in output
    assert "[[Gone]] -> nothing (missing-file)\n" in output

    data = json.loads(vault.run("inspect", "A.md", "--output-format", "json").output)
    assert data["version"] == 1
    assert (data["path"], data["types"], data["checked"]) == ("A.md", ["topic"], True)
    assert [(link["raw"], link["target"]) for link in data["links"]] == [
        ("[[B]]", "B.md"),
        ("[[Gone]]", None),
    ]


def test_inspect_shows_what_is_wrong_with_frontmatter(vault: Vault) -> None:
    vault.write({"A.md": "---\na: 1\na: 2\n---\n"})
    lines = vault.run("inspect", "A.md").output.splitlines()
    assert re.fullmatch(r"frontmatter: invalid: line 3, .+", lines[1])


def test_inspect_says_that_a_note_is_not_checked(vault: Vault) -> None:
    vault.write({"vaultlint.toml": 'vault.exclude = ["Old/**"]\n', "Old/A.md": ""})
    data = json.loads(vault.run("inspect", "Old/A.md", "--output-format", "json").output)
    assert data["checked"] is False


def test_inspect_is_json_whatever_the_frontmatter_holds(vault: Vault) -> None:
    text = "---\na: &a [*a]\nb: 2024-01-01\nc: !!binary aGk=\nd: {1: {[2]: .nan}}\n---\n"
    vault.write({"A.md": text})
    assert json.loads(vault.run("inspect", "A.md", "--output-format", "json").output)
    assert vault.run("inspect", "A.md").exit_code == 0


@pytest.mark.parametrize("name", ["C.canvas", "B.base"])
def test_inspect_canvases_and_bases(vault: Vault, name: str) -> None:
    vault.write({name: "{}"})
    assert vault.run("inspect", name).output.splitlines()[0] == name


def test_inspect_refuses_what_is_no_note(vault: Vault) -> None:
    vault.write({"p.png": b"\x89PNG"})
    assert vault.error("inspect", "p.png") == (
        "error: `p.png` is no note, canvas or base of the vault"
    )
