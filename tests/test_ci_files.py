"""What services read: the action, the template, the container file. Their shell lines really run."""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from click.testing import CliRunner
from conftest import Vault

from vaultlint.cli import main

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
TEMPLATE = yaml.safe_load((ROOT / "templates" / "vaultlint.yml").read_text(encoding="utf-8"))
EXPRESSION = re.compile(r"\$\{\{\s*([^}]*?)\s*\}\}")
VAULTLINT = str(Path(sys.executable).with_name("vaultlint"))


@pytest.mark.parametrize(
    ("schema", "path"),
    [("vendor.github-actions", "action.yml"), ("vendor.gitlab-ci", "templates/vaultlint.yml")],
)
def test_the_services_would_take_it(schema: str, path: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# ---- the action


def steps() -> dict[str, dict[str, Any]]:
    return {step.get("id", step["name"]): step for step in ACTION["runs"]["steps"]}


def test_the_action_names_what_it_has() -> None:
    """Each input is used, each expression is known, and none stands in a script."""
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"\binputs\.([a-z-]+)", text))
    assert used == set(ACTION["inputs"])
    ids = {step["id"] for step in ACTION["runs"]["steps"] if "id" in step}
    assert set(re.findall(r"\bsteps\.([a-z-]+)\.", text)) == ids
    for step in steps().values():
        assert "${{" not in step.get("run", "")
        assert ("uses" in step) != (step.get("shell") == "bash")
    written = set(re.findall(r'echo "([a-z-]+)=', text)) | {"findings", "errors", "warnings"}
    assert written >= set(ACTION["outputs"])
    assert [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step] == [
        "actions/setup-python@v6",
        "actions/cache@v4",
        "github/codeql-action/upload-sarif@v4",
    ]


class Ran(NamedTuple):
    """What a step of the action did."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


class Runner:
    """Runs the steps of the action that are scripts, as GitHub does."""

    def __init__(self, workspace: Path, temporary: Path) -> None:
        self.workspace, self.temporary = workspace, temporary
        temporary.mkdir()

    def run(
        self,
        step: str,
        inputs: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Ran:
        values = {f"inputs.{name}": each["default"] for name, each in ACTION["inputs"].items()}
        values["inputs.diff-base"] = ""  # the vault is in no repository
        values |= {f"inputs.{name}": value for name, value in (inputs or {}).items()}
        values["steps.install.outputs.vaultlint"] = VAULTLINT
        values["github.workspace"] = str(self.workspace)
        own = {
            name: EXPRESSION.sub(lambda found: values[found[1]], text)
            for name, text in steps()[step]["env"].items()
        }
        for name in ("output", "summary"):
            (self.temporary / name).write_text("", encoding="utf-8")
        script = self.temporary / "step.sh"
        script.write_text(steps()[step]["run"], encoding="utf-8")
        made = {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": "/action",
            "GITHUB_OUTPUT": str(self.temporary / "output"),
            "GITHUB_STEP_SUMMARY": str(self.temporary / "summary"),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temporary),
        }
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace,
            env={**os.environ, "PATH": programs, **made, **own, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        outputs = (self.temporary / "output").read_text(encoding="utf-8").splitlines()
        return Ran(
            done.returncode,
            done.stdout + done.stderr,
            dict(line.split("=", 1) for line in outputs),
            (self.temporary / "summary").read_text(encoding="utf-8"),
        )


@pytest.fixture
def runner(vault: Vault, tmp_path: Path) -> Runner:
    vault.write({"A b.md": "[[Gone]] [[Lost]]\n", "sub/C.md": "Some assitance.\n"})
    return Runner(vault.root, tmp_path / "runner")


def test_the_check(runner: Runner) -> None:
    ran = runner.run("check")
    assert ran.code == 1
    assert "::error title=broken-link (VL101),file=A b.md,line=1,endLine=1," in ran.log
    assert ran.summary.startswith("## ❌ vaultlint\n\n2 errors, 1 warning in 2 notes checked")
    path = str(runner.temporary / "vaultlint.json")
    counts = {"findings": "3", "errors": "2", "warnings": "1", "exit-code": "1"}
    assert ran.outputs == {**counts, "json": path}
    assert len(json.loads(Path(path).read_text(encoding="utf-8"))["findings"]) == 3
    assert (runner.workspace / ".vaultlint_cache").is_dir()


def test_the_check_of_a_clean_vault(runner: Runner) -> None:
    (runner.workspace / "A b.md").unlink()
    (runner.workspace / "sub" / "C.md").unlink()
    ran = runner.run("check")
    assert (ran.code, ran.outputs["findings"], ran.outputs["exit-code"]) == (0, "0", "0")


def test_what_the_inputs_ask_for(runner: Runner) -> None:
    inputs = {
        "path": "A b.md\nsub\n",
        "args": "--config 'rules.broken-link.severity = \"info\"' --select links --max-warnings 3",
        "annotations": "false",
        "summary": "false",
        "sarif": "true",
        "fail-on": "info",
    }
    ran = runner.run("check", inputs)
    assert ran.code == 1
    assert "A b.md:1:1: VL101 broken-link" in ran.log
    assert ran.summary == ""
    assert ran.outputs["errors"] == "0"
    results = json.loads(Path(ran.outputs["sarif"]).read_text(encoding="utf-8"))["runs"][0]
    assert {result["level"] for result in results["results"]} == {"note"}
    assert ran.log.count(" checked (") == 1
    assert runner.run("check", {"fail-on": "never"}).code == 0


def test_nothing_in_an_input_is_run(runner: Runner) -> None:
    harm = "$(touch harm) `touch harm`; touch harm"
    for name in ("path", "args", "fail-on"):
        ran = runner.run("check", {name: harm})
        assert (ran.code, ran.outputs) == (2, {"exit-code": "2"}), name
        assert not (runner.workspace / "harm").exists()
    assert not (runner.temporary / "vaultlint.json").exists()
    ran = runner.run("check", {"args": "--select 'links"})
    assert ran.code == 2
    assert "::error title=vaultlint::args: --select 'links: a quote has no end" in ran.log


def test_a_note_whose_name_is_like_an_option(runner: Runner) -> None:
    (runner.workspace / "--help").mkdir()
    (runner.workspace / "--help" / "A.md").write_text("[[Gone]]\n", encoding="utf-8")
    ran = runner.run("check", {"path": "--help"})
    assert (ran.code, ran.outputs["findings"]) == (1, "1")


def told(folder: Path) -> str:
    """A program that only writes down what it is called with; its path."""
    program = folder / "told"
    program.write_text('#!/bin/sh\nprintf "%s|" "$@"\n', encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


@pytest.mark.parametrize(
    ("value", "options"),
    [("auto", "--diff-base|auto|"), ("origin/main", "--since|origin/main|"), ("", "")],
)
def test_what_notes_are_compared_with(runner: Runner, value: str, options: str) -> None:
    program = told(runner.temporary)
    inputs = {"diff-base": value, "summary": "false", "path": "a\nb c", "args": "-q 'd e'"}
    ran = runner.run("check", inputs, {"VAULTLINT": program})
    report = f"check|--output-format|github|-o|json:{runner.temporary}/vaultlint.json|"
    assert ran.log == f"{report}{options}-q|d e|--|a|b c|"
    (runner.temporary / "told").rename(runner.temporary / "vaultlint")
    path = f"{runner.temporary}{os.pathsep}{os.environ['PATH']}"
    done = run_template(Vault(runner.workspace), PATH=path, VAULTLINT_DIFF_BASE=value)
    assert done.stdout.endswith(f"|--|.|check|{options}--|.|")


@pytest.mark.parametrize(
    ("inputs", "package"),
    [
        ({}, "/action"),
        ({"extras": "schema,spell"}, "/action[schema,spell]"),
        ({"version": "git+https://x/y@v2", "extras": "schema"}, "git+https://x/y@v2"),
    ],
)
def test_the_installation(runner: Runner, inputs: dict[str, str], package: str) -> None:
    """With a Python that only tells what it is asked for."""
    programs = runner.temporary / "programs"
    programs.mkdir()
    said = runner.temporary / "said"
    fake = programs / "python"
    fake.write_text(
        f'#!/bin/sh\nprintf "%s|" "$@" >> {said}\nprintf "\\n" >> {said}\n'
        'if [ "$2" = venv ]; then mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; fi\n',
        encoding="utf-8",
    )
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    ran = runner.run("install", inputs, {"PATH": path})
    assert ran.code == 0, ran.log
    environment = f"{runner.temporary}/vaultlint-environment"
    assert ran.outputs == {"vaultlint": f"{environment}/bin/vaultlint"}
    assert said.read_text(encoding="utf-8").splitlines() == [
        f"-m|venv|--clear|{environment}|",
        f"-m|pip|install|--quiet|--disable-pip-version-check|{package}|",
    ]


# ---- the template for GitLab


def run_template(vault: Vault, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the job's script as GitLab does: in a shell that ends at the first error."""
    job = TEMPLATE["vaultlint"]
    values = {name: str(value) for name, value in job["variables"].items()}
    values["VAULTLINT_DIFF_BASE"] = ""  # the vault is in no repository
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-e", "-c", "\n".join(job["script"])],
        cwd=vault.root,
        env={**os.environ, "PATH": path, "CI": "true", "GITLAB_CI": "true", **values, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_script_for_gitlab(vault: Vault) -> None:
    vault.write({"A b.md": "[[Gone]] [[Lost]]\n", "sub/C.md": "Some assitance.\n"})
    done = run_template(vault)
    assert done.returncode == 1
    assert "A b.md:1:1: VL101 broken-link no note `Gone`" in done.stdout
    reports = TEMPLATE["vaultlint"]["artifacts"]["reports"]
    quality = json.loads((vault.root / reports["codequality"]).read_text(encoding="utf-8"))
    assert len(quality) == 3
    assert (vault.root / reports["junit"]).read_text(encoding="utf-8").startswith("<?xml")
    # the reports are no part of the vault
    assert len(vault.found("--extend-select", "unused-attachment")) == 3

    done = run_template(vault, VAULTLINT_PATH="sub", VAULTLINT_ARGS="--fail-on 'error'")
    assert done.returncode == 0
    assert "1 warning in 1 note checked" in done.stdout


def test_nothing_in_a_variable_is_run(vault: Vault) -> None:
    harm = "$(touch harm) `touch harm`; touch harm"
    assert run_template(vault, VAULTLINT_ARGS=harm).returncode == 2
    assert run_template(vault, VAULTLINT_PATH=harm).returncode == 2
    assert run_template(vault, VAULTLINT_ARGS="'").returncode == 2
    assert not (vault.root / "harm").exists()


def test_the_job_installs_what_its_variable_names() -> None:
    job = TEMPLATE["vaultlint"]
    (install,) = job["before_script"]
    assert install.split()[:4] == ["python", "-m", "pip", "install"]
    assert install.endswith(' "$VAULTLINT_PACKAGE"')
    assert job["cache"]["paths"] == [".vaultlint_cache/"]


# ---- the container file


def instructions() -> list[tuple[str, str]]:
    """The instructions, with their lines joined."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    return [
        (name, " ".join(rest.split()))
        for name, _, rest in (line.partition(" ") for line in text.splitlines() if line)
    ]


def test_the_container_runs_as_nobody_in_particular() -> None:
    found = instructions()
    names = [name for name, _ in found]
    assert set(names) == {"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENTRYPOINT", "CMD"}
    assert names[-1] == "CMD"
    values = dict(found)
    assert values["USER"] == "1000"
    assert "--uid 1000 " in next(
        rest for name, rest in found if name == "RUN" and "useradd" in rest
    )
    assert json.loads(values["ENTRYPOINT"]) == ["vaultlint"]
    assert json.loads(values["CMD"]) == ["check"]
    assert names.index("USER") > max(n for n, name in enumerate(names) if name == "RUN")


def test_the_container_file_speaks_the_shells_language() -> None:
    for name, rest in instructions():
        if name == "RUN":
            script = re.sub(r"^--mount=\S+ ", "", rest)
            done = subprocess.run(["sh", "-n", "-c", script], capture_output=True, check=False)
            assert done.returncode == 0, done.stderr


def test_the_container_copies_and_installs_what_there_is() -> None:
    kept = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied = {
        source.removeprefix("./")
        for name, rest in instructions()
        if name == "COPY"
        for source in rest.split()[:-1]
    }
    assert copied == kept
    assert all((ROOT / name).exists() for name in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    build = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*build["force-include"], project["project"]["readme"]} <= copied
    extras = set(project["project"]["optional-dependencies"])
    for name, rest in instructions():
        for asked in re.findall(r"\[([a-z,]+)\]", rest) if name == "RUN" else ():
            assert set(asked.split(",")) <= extras


@pytest.mark.skipif(
    "--diff-base" not in CliRunner().invoke(main, ["check", "--help"]).output,
    reason="this version compares no trees",
)
def test_only_what_a_change_brings_fails(repository: Vault, tmp_path: Path) -> None:
    """With the event of a push, and the variables of a merge request."""
    command = ["git", "rev-parse", "HEAD"]
    before = subprocess.run(
        command, cwd=repository.root, capture_output=True, text=True, check=True
    )
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"before": before.stdout.strip()}), encoding="utf-8")
    runner = Runner(repository.root, tmp_path / "runner")
    inputs, env = {"diff-base": "auto", "sarif": "true"}, {"GITHUB_EVENT_PATH": str(event)}
    variables = {
        "CI_COMMIT_SHA": before.stdout.strip(),
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": before.stdout.strip(),
        "VAULTLINT_DIFF_BASE": "auto",
    }
    ran = runner.run("check", inputs, env)
    assert (ran.code, ran.outputs["findings"]) == (0, "0"), ran.log
    done = run_template(repository, **variables)
    assert done.returncode == 0, done.stdout + done.stderr

    repository.write({"C.md": "[[Nowhere]]\n"})
    ran = runner.run("check", inputs, env)
    assert (ran.code, ran.outputs["findings"]) == (1, "1"), ran.log
    sarif = json.loads(Path(ran.outputs["sarif"]).read_text(encoding="utf-8"))
    assert len(sarif["runs"][0]["results"]) == 3
    done = run_template(repository, **variables)
    assert done.returncode == 1
    assert "C.md:1:1: VL101 broken-link no note `Nowhere`" in done.stdout
    assert "A.md" not in done.stdout


# ---- what the documentation shows


def yaml_blocks() -> list[str]:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    return re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def test_the_examples_are_workflows_and_jobs(tmp_path: Path) -> None:
    paths: dict[str, list[str]] = {"vendor.github-workflows": [], "vendor.gitlab-ci": []}
    for number, block in enumerate(yaml_blocks()):
        path = tmp_path / f"{number}.yml"
        path.write_text(block, encoding="utf-8")
        data = yaml.safe_load(block)
        paths["vendor.gitlab-ci" if "include" in data else "vendor.github-workflows"].append(
            str(path)
        )
        for job in data.get("jobs", {}).values():
            for step in job["steps"]:
                if step.get("uses", "").startswith("your/vaultlint@"):
                    assert set(step.get("with", {})) <= set(ACTION["inputs"])
        if "include" in data:
            assert set(data["vaultlint"]["variables"]) <= set(TEMPLATE["vaultlint"]["variables"])
    for schema, files in paths.items():
        assert files
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_documentation_tells_all_inputs_outputs_and_variables() -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    rows = dict(
        re.findall(r"^\| `([A-Za-z_-]+)`[^|]*\|[^|]*\| (?:`([^`]*)`)?[^|]*\|$", page, re.MULTILINE)
    )
    for name, each in ACTION["inputs"].items():
        assert rows[name] == each["default"], name
    for name in ACTION["outputs"]:
        assert f"`{name}`" in page
    for name, value in TEMPLATE["vaultlint"]["variables"].items():
        if name.startswith("VAULTLINT_"):
            assert rows[name] in (value, ""), name


@pytest.mark.parametrize("page", ["baseline.md", "ci.md"])
def test_the_command_lines_run_one_after_the_other(page: str, repository: Vault) -> None:
    """In a repository whose notes have findings, with a commit that is the branch of a server."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    if page == "ci.md":
        assert repository.run("baseline").exit_code == 0
    blocks = re.findall(r"^```shell\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]
    assert lines
    for line in lines:
        program, *arguments = shlex.split(line)
        assert program in ("vaultlint", "git")
        if program == "vaultlint":
            result = repository.run(*arguments)
            assert result.exit_code == 0, f"{line}: {result.output}"
        else:
            subprocess.run([program, *arguments], cwd=repository.root, check=True)


@pytest.fixture
def repository(vault: Vault) -> Vault:
    """A vault with findings in a repository whose `origin/main` is its one commit."""
    vault.write({"A.md": "[[Gone]]\n", "B.md": "[[Lost]]\n"})
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for arguments in (
        ("init", "-q"),
        ("add", "-A"),
        (*who, "commit", "-q", "-m", "notes"),
        ("update-ref", "refs/remotes/origin/main", "HEAD"),
    ):
        subprocess.run(["git", *arguments], cwd=vault.root, check=True)
    return vault
