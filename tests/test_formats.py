"""The formats that other programs read: each has its schema, and says what it should."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
import xmlschema
from conftest import Vault
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cli_output import HOSTILE, report_of

import vaultlint
from vaultlint.model import Related, Span, Violation
from vaultlint.report import Report, RuleText, Summary, Unchecked, count_by_severity, sarif
from vaultlint.report.formats import FORMATS, TEXT_FORMATS, find_writer
from vaultlint.report.json_types import output_schema
from vaultlint.text import Lines

SCHEMAS = Path(__file__).with_name("schemas")
#: Formats by the schema of what they write.
JSON_SCHEMAS = {"gitlab": "gitlab.json", "rdjson": "rdjson.json", "sarif": "sarif.json"}
XML_SCHEMAS = {"checkstyle": "checkstyle.xsd", "junit": "junit.xsd"}
#: The original schemas, where someone has them.
ORIGINALS = {
    "checkstyle": "checkstyle-report-1.0.0.xsd",
    "junit": "JUnit.xsd",
    "rdjson": "DiagnosticResult.json",
    "sarif": "sarif-schema-2.1.0.json",
}
MACHINE_FORMATS = sorted(set(FORMATS) - set(TEXT_FORMATS))


@cache
def validator_of(path: Path) -> Callable[[str], None]:
    """What raises where a text does not have a schema."""
    if path.suffix == ".xsd":
        schema = xmlschema.XMLSchema(path)
        return lambda text: schema.validate(text.encode("utf-8", "replace"))
    loaded = json.loads(path.read_text(encoding="utf-8"))
    made = jsonschema.validators.validator_for(loaded)(loaded)
    return lambda text: made.validate(json.loads(text))


def validate(name: str, text: str) -> None:
    """Raise where a text is not as its format has to be."""
    if name in XML_SCHEMAS or name in JSON_SCHEMAS:
        validator_of(SCHEMAS / {**XML_SCHEMAS, **JSON_SCHEMAS}[name])(text)
    elif name == "json":
        jsonschema.validate(json.loads(text), output_schema())
    elif name == "json-lines":
        schema = output_schema()
        finding = {"$ref": "#/$defs/Finding", "$defs": schema["$defs"]}
        for line in text.splitlines():
            jsonschema.validate(json.loads(line), finding)
    originals = os.environ.get("VAULTLINT_SCHEMAS")
    if originals and name in ORIGINALS:
        validator_of(Path(originals) / ORIGINALS[name])(text)


def render(report: Report, name: str) -> str:
    out = io.StringIO()
    find_writer(name)(replace(report, root=lambda: "/vault", describe=lambda: TEXTS), out)
    return out.getvalue()


def written(vault: Vault, name: str, *arguments: str) -> str:
    """What `check` writes in a format, which has its schema."""
    result = vault.run("check", "--output-format", name, *arguments)
    assert result.exit_code in (0, 1), result.output
    validate(name, result.stdout)
    return result.stdout


@pytest.fixture
def faulty(vault: Vault) -> Vault:
    """Findings of each severity, with suggestions, related places and what asks for them."""
    vault.write(
        {
            "Trade, 50% & “more”.md": "# Trade\n\n😀 See [[Tarifs]] and %%[[Lost]]%%.\n",
            "sub/Law.md": "[[Gone]]\n\n[[Gone]]\n",
            "Tariffs.md": "[[Law]]\n\na ^x\n\nb ^x\n",
            "vaultlint.toml": '[types.law]\npaths = ["sub/**"]\nsections = [{ heading = "Cases" }]\n',
        }
    )
    return vault


TRADE = "Trade, 50% & “more”.md"


# ---- every format


@pytest.mark.parametrize("name", MACHINE_FORMATS)
def test_every_format_has_its_schema(faulty: Vault, name: str) -> None:
    text = written(faulty, name)
    assert "broken-link" in text
    assert "\x1b" not in text


@pytest.mark.parametrize("name", MACHINE_FORMATS)
def test_a_clean_vault(vault: Vault, name: str) -> None:
    vault.write({"A.md": "Words.\n"})
    written(vault, name)


@pytest.mark.parametrize("name", MACHINE_FORMATS)
def test_the_example(name: str) -> None:
    example = Path(__file__).parents[1] / "examples" / "css-notes"
    written(Vault(example), name, str(example), "--select", "ALL")


@pytest.mark.parametrize("name", MACHINE_FORMATS)
def test_hostile_notes(vault: Vault, name: str) -> None:
    vault.write(
        {
            f"{HOSTILE}\r.md": f"\0[[Gone{HOSTILE}\ufffe]] {HOSTILE} ![[{HOSTILE}.png]]\n",
            "::error::x.md": "[[]]>]] [[a%0A::warning::b\u2028\x85c]] [[<b> & \"x\" 'y' `z` |]]\n",
            "##vso[task.setvariable variable=a]b.md": "[[##vso[task.complete]d]]\n",
            "a|b\\`*.md": "a ^x\n\nb ^x\n[[|`<script>]] [[`odd]]\n",
        }
    )
    text = written(vault, name, "--select", "ALL")
    if name in ("github", "azure", "pylint", "json-lines", "markdown"):
        assert not [c for c in text if c < " " and c != "\n"]
    if name == "azure":
        assert all(
            line.startswith("##vso[task.logissue ") for line in text.rstrip("\n").split("\n")
        )


@pytest.mark.parametrize("name", MACHINE_FORMATS)
@settings(max_examples=20)
@given(data=st.binary(max_size=200))
def test_every_note_can_be_reported(name: str, data: bytes) -> None:
    report = report_of({"A.md": b"[[Gone]]" + data, "B\udc80\x01.md": b"[[A#" + data + b"]] [[x]]"})
    validate(name, render(report, name))


TEXTS = {
    "broken-link": RuleText(
        "VL101", "links", "error", "It is broken", "About.", "Why.", "# broken-link\n"
    )
}


@pytest.mark.parametrize("name", MACHINE_FORMATS)
def test_formats_know_what_could_not_be_checked(name: str) -> None:
    report = report_of({"A.md": "[[Gone]]\n"})
    counts = replace(report.summary, failures=1)
    report = replace(report, summary=counts, unchecked=[Unchecked("B.md", "it is <odd>")])
    text = render(report, name)
    validate(name, text)
    if name in ("github", "json", "junit", "markdown", "sarif"):
        assert "B.md" in text
        assert "it is " in text


def test_failures_are_in_the_json_of_a_run(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("boom")

    monkeypatch.setattr("vaultlint.session.examine", fail)
    vault.write({"sub/A.md": "x\n"})
    result = vault.run("check", "--output-format", "json", "-o", "sarif:../report.sarif")
    assert result.exit_code == 2
    data = json.loads(result.stdout)
    jsonschema.validate(data, output_schema())
    assert data["failures"] == [
        {"path": "sub/A.md", "message": "cannot be parsed: ValueError: boom"}
    ]
    (run,) = json.loads((vault.root.parent / "report.sarif").read_text())["runs"]
    assert run["invocations"][0]["executionSuccessful"] is False


@pytest.mark.parametrize("name", ["github", "gitlab", "sarif", "azure"])
@pytest.mark.parametrize("folder", [".", "notes/sub", ".."])
def test_services_see_paths_from_the_repository(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, name: str, folder: str
) -> None:
    vault.write(
        {".git/HEAD": "", "notes/.obsidian/app.json": "{}", "notes/sub/Ä b.md": "[[Gone]]\n"}
    )
    (vault.root / ".obsidian").rmdir()
    monkeypatch.chdir(vault.root / folder)
    text = written(vault, name, str(vault.root / "notes"))
    assert "notes/sub/Ä b.md" in unquote(text).replace("\\u00c4", "Ä")
    assert "../notes" not in text


# ---- SARIF


def sarif_of(vault: Vault, *arguments: str) -> Any:
    (run,) = json.loads(written(vault, "sarif", *arguments))["runs"]
    return run


def test_sarif(faulty: Vault) -> None:
    run = sarif_of(faulty)
    driver = run["tool"]["driver"]
    assert driver["version"] == vaultlint.__version__
    assert run["originalUriBaseIds"]["%SRCROOT%"]["uri"] == f"{faulty.root.as_uri()}/"
    levels = [result["level"] for result in run["results"]]
    assert set(levels) == {"error", "warning", "note"}
    assert levels == sorted(levels, key=("error", "warning", "note").index)
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    rules = {rule["id"]: rule for rule in driver["rules"]}
    assert set(rules) == {result["ruleId"] for result in run["results"]}
    explained = faulty.run("explain", "broken-link").output
    assert rules["broken-link"]["help"]["markdown"] == explained
    assert rules["broken-link"]["properties"]["code"] == "VL101"


def test_sarif_of_a_finding(faulty: Vault) -> None:
    results = sarif_of(faulty)["results"]
    (found,) = [r for r in results if "Tarifs" in r["message"]["text"]]
    place = {
        "artifactLocation": {
            "uri": "Trade%2C%2050%25%20%26%20%E2%80%9Cmore%E2%80%9D.md",
            "uriBaseId": "%SRCROOT%",
        },
        "region": {"startLine": 3, "startColumn": 7, "endLine": 3, "endColumn": 17},
    }
    assert found["locations"] == [{"physicalLocation": place}]
    (fix,) = found["fixes"]
    assert fix["artifactChanges"] == [
        {
            "artifactLocation": place["artifactLocation"],
            "replacements": [
                {
                    "deletedRegion": place["region"],
                    "insertedContent": {"text": "[[Tariffs]]"},
                }
            ],
        }
    ]
    (twice,) = [r for r in results if r["ruleId"] == "duplicate-block-id"]
    (other,) = twice["relatedLocations"]
    assert other["physicalLocation"]["region"]["startLine"] == 3
    (asked,) = [r for r in results if r["ruleId"] == "missing-section"]
    assert asked["properties"] == {"askedBy": "vaultlint.toml:3"}
    assert asked["message"]["text"].endswith(" (vaultlint.toml:3)")


def many_findings(count: int, severity: Any = "info") -> Report:
    """A report of so many findings in one line, the last an error."""
    lines = Lines("[[Gone]]\n")
    found = [
        Violation("A.md", Span(0, 8), "broken-link", f"no note `{number}`", severity)
        for number in range(count)
    ]
    found[-1] = found[-1]._replace(severity="error")
    summary = Summary(1, count_by_severity(found), 0, 0.0)
    return Report(found, summary, lambda _: lines, str, {"broken-link": "VL101"})


def test_sarif_has_no_more_results_than_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sarif._MOST == 25_000
    monkeypatch.setattr(sarif, "_MOST", 50)
    text = render(many_findings(52), "sarif")
    validate("sarif", text)
    (run,) = json.loads(text)["runs"]
    assert len(run["results"]) == 50
    assert run["results"][0]["level"] == "error"
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("2 findings are left out")
    (run,) = json.loads(render(many_findings(50), "sarif"))["runs"]
    assert "toolExecutionNotifications" not in run["invocations"][0]


def test_sarif_is_no_larger_than_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sarif._MOST_BYTES < 10_000_000
    monkeypatch.setattr(sarif, "_MOST_BYTES", 20_000)
    text = render(many_findings(1_000), "sarif")
    validate("sarif", text)
    assert 15_000 < len(gzip.compress(text.encode())) < 20_100
    (run,) = json.loads(text)["runs"]
    assert run["results"][0]["level"] == "error"
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    cut = 1_000 - len(run["results"])
    assert note["message"]["text"].startswith(f"{cut} findings are left out, the mildest")
    monkeypatch.setattr(sarif, "_MOST_BYTES", 10)
    (run,) = json.loads(render(many_findings(3), "sarif"))["runs"]
    assert run["results"] == []


# ---- GitHub


def test_github(faulty: Vault) -> None:
    lines = written(faulty, "github").splitlines()
    assert lines[0] == (
        "::error title=broken-link (VL101),file=Trade%2C 50%25 & “more”.md,line=3,endLine=3,col=7,"
        "endColumn=17::no note `Tarifs`; did you mean `Tariffs`?%0Awrite: [[Tariffs]]"
    )
    assert any(line.endswith("%0Aasked for by: vaultlint.toml:3") for line in lines)
    assert sum(line.startswith("::notice ") for line in lines) == 1  # the remark
    assert " in 3 notes checked (" in lines[-1]


def test_github_shows_ten_of_a_kind_and_the_gravest_first() -> None:
    lines = render(many_findings(100), "github").splitlines()
    assert lines[0].startswith("::error ")
    notices = [line for line in lines if line.startswith("::notice ")]
    assert len(notices) == 10
    assert notices[-1].startswith("::notice title=vaultlint%3A 90 more findings::")
    rest = lines[lines.index(notices[-1]) + 1 :]
    guard = rest[0].removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{32}", guard)
    assert rest[-1] == f"::{guard}::"
    assert rest[1] == "A.md:1:1: info: broken-link no note `9`"
    assert len(rest) == 90 + 3  # the guards, and the summary
    errors = render(many_findings(12, "error"), "github").splitlines()
    assert sum(line.startswith("::error ") for line in errors) == 10


def test_github_gives_columns_on_one_line_only() -> None:
    lines = Lines("ab\ncd\n")
    found = [Violation("A.md", Span(1, 4), "broken-link", "no", "error")]
    report = Report(found, Summary(1, {}, 0, 0.0), lambda _: lines, str, {"broken-link": "VL101"})
    first = render(report, "github").splitlines()[0]
    assert first == "::error title=broken-link (VL101),file=A.md,line=1,endLine=2::no"


# ---- GitLab


def test_gitlab(faulty: Vault) -> None:
    findings = json.loads(written(faulty, "gitlab"))
    assert len({finding["fingerprint"] for finding in findings}) == len(findings)
    found = {finding["check_name"]: finding for finding in findings}
    assert found["broken-link"]["severity"] == "major"
    assert found["broken-link-in-comment"]["severity"] == "info"
    assert found["missing-section"]["description"].endswith("(vaultlint.toml:3)")
    assert found["duplicate-block-id"]["location"] == {
        "path": "Tariffs.md",
        "lines": {"begin": 5, "end": 5},
    }


# ---- rdjson


def test_rdjson_counts_bytes(faulty: Vault) -> None:
    data = json.loads(written(faulty, "rdjson"))
    (found,) = [d for d in data["diagnostics"] if "Tarifs" in d["message"]]
    span = {"start": {"line": 3, "column": 10}, "end": {"line": 3, "column": 20}}
    assert found["location"] == {"path": TRADE, "range": span}
    assert found["suggestions"] == [{"range": span, "text": "[[Tariffs]]"}]
    (twice,) = [d for d in data["diagnostics"] if d["code"]["value"] == "duplicate-block-id"]
    assert twice["related_locations"][0]["location"]["range"]["start"]["line"] == 3


# ---- XML


def test_junit(faulty: Vault) -> None:
    root = ET.fromstring(written(faulty, "junit"))  # noqa: S314  # our own text
    suites = {suite.attrib["name"]: suite for suite in root}
    assert set(suites) == {"Tariffs.md", TRADE, "sub/Law.md"}
    trade = suites[TRADE].attrib
    assert (trade["tests"], trade["failures"], trade["skipped"]) == ("2", "1", "1")
    names = [case.attrib["name"] for case in suites["sub/Law.md"].iter("testcase")]
    assert len(set(names)) == len(names) == 3
    assert "broken-link: no note `Gone` (2)" in names
    (failure,) = suites[TRADE].iter("failure")
    assert failure.text is not None
    assert failure.text.splitlines() == [
        f"{TRADE}:3:7: error VL101 no note `Tarifs`; did you mean `Tariffs`?",
        "write: [[Tariffs]]",
    ]


def test_junit_of_a_clean_run_has_a_case_that_passed(vault: Vault) -> None:
    vault.write({"A.md": ""})
    (suite,) = ET.fromstring(written(vault, "junit"))  # noqa: S314  # our own text
    (case,) = suite.iter("testcase")
    assert len(case) == 0
    assert suite.attrib["tests"] == "1"


def test_checkstyle(faulty: Vault) -> None:
    root = ET.fromstring(written(faulty, "checkstyle"))  # noqa: S314  # our own text
    files = {file.attrib["name"]: file for file in root}
    error = files[TRADE][0].attrib
    assert error == {
        "line": "3",
        "column": "7",
        "severity": "error",
        "message": "no note `Tarifs`; did you mean `Tariffs`?",
        "source": "vaultlint.broken-link",
    }


# ---- lines


def test_json_lines_are_the_findings_of_json(faulty: Vault) -> None:
    lines = written(faulty, "json-lines").splitlines()
    assert [json.loads(line) for line in lines] == faulty.check()["findings"]


def test_pylint(faulty: Vault) -> None:
    lines = written(faulty, "pylint").splitlines()
    assert f"{TRADE}:3: [VL101] broken-link: no note `Tarifs`; did you mean `Tariffs`?" in lines


def test_azure(faulty: Vault) -> None:
    lines = written(faulty, "azure").splitlines()
    assert lines[0] == (
        "##vso[task.logissue type=error;sourcepath=Trade, 50%AZP25 & “more”.md;linenumber=3;"
        "columnnumber=7;code=VL101 broken-link;]no note `Tarifs`; did you mean `Tariffs`?"
    )
    assert {re.split("[ ;]", line)[1] for line in lines} == {"type=error", "type=warning"}


# ---- Markdown


def test_markdown(faulty: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_REPOSITORY", "CI_PROJECT_URL"):
        monkeypatch.delenv(name, raising=False)
    text = written(faulty, "markdown")
    assert text.startswith("## ❌ vaultlint\n\n3 errors, ")
    assert (
        "| ❌ | `broken-link` | 3 | 2 | A link points at a note or file that is not in the vault |\n"
    ) in text
    assert (
        "### Trade, 50% \\& “more”.md\n\n| | Line | What is wrong | Rule |\n| :-: | --: | :-- | :-- |\n"
        "| ❌ | 3 | no note `Tarifs`; did you mean `Tariffs`?<br>write: `[[Tariffs]]` | `broken-link` |\n"
    ) in text
    assert "asked for by: vaultlint.toml:3" in text


def test_markdown_names_a_note_once(vault: Vault) -> None:
    vault.write({"A.md": "[[Law]]\n", "x/Law.md": "[[A]]\n", "y/Law.md": "[[A]]\n"})
    (row,) = [
        line
        for line in written(vault, "markdown").splitlines()
        if "`ambiguous-link` |" in line and "<br>" in line
    ]
    assert row.count("y/Law.md") == 1


def test_markdown_of_a_clean_vault(vault: Vault) -> None:
    text = written(vault, "markdown")
    assert re.fullmatch(r"## ✅ vaultlint\n\nAll clean: 0 notes checked \(\d\.\d\d s\)\.\n", text)


@pytest.mark.parametrize(
    ("env", "address"),
    [
        (
            {"GITHUB_REPOSITORY": "me/notes", "GITHUB_SHA": "abc"},
            "https://github.com/me/notes/blob/abc/sub/A%20b.md?plain=1#L1",
        ),
        (
            {"CI_PROJECT_URL": "https://gitlab.example/me/notes", "CI_COMMIT_SHA": "abc"},
            "https://gitlab.example/me/notes/-/blob/abc/sub/A%20b.md?plain=1#L1",
        ),
    ],
)
def test_markdown_links_to_the_service(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, env: dict[str, str], address: str
) -> None:
    for name in ("GITHUB_REPOSITORY", "GITHUB_SERVER_URL", "CI_PROJECT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    vault.write({"sub/A b.md": "[[Gone]]\n"})
    assert f"| [1]({address}) |" in written(vault, "markdown")


def test_markdown_stays_in_its_cells(vault: Vault) -> None:
    vault.write({"a|b.md": "[[x\\|<b>y</b>*z*]]\n\n| a |\n| - |\n| [[Gone|x]] |\n"})
    rows = [line for line in written(vault, "markdown").splitlines() if line.startswith("| ❌")]
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) in (5, 6)
    assert "### a\\|b.md" in written(vault, "markdown")


def test_markdown_is_no_longer_than_github_takes() -> None:
    text = render(many_findings(30_000), "markdown")
    assert len(text.encode()) < 1_000_000
    left = re.search(r"\n([\d,]+) more findings have no room here\.\n\Z", text)
    assert left is not None
    assert int(left[1].replace(",", "")) == 30_000 - text.count("| 1 | no note")


# ---- fingerprints


def fingerprints(vault: Vault) -> list[tuple[str, str]]:
    return [(f["message"], f["fingerprint"]) for f in vault.check()["findings"]]


def test_fingerprints_hold_no_places(faulty: Vault) -> None:
    before = fingerprints(faulty)
    assert len({fingerprint for _, fingerprint in before}) == len(before)
    law = (faulty.root / "sub/Law.md").read_text()
    faulty.write({"sub/Law.md": f"More words.\n\n{law}"})
    assert sorted(fingerprints(faulty)) == sorted(before)


def test_fingerprints_of_equal_findings_are_told_apart_by_their_order(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]]\n\n[[Gone]]\n"})
    (_, first), (_, second) = fingerprints(vault)
    assert first != second
    vault.write({"A.md": "[[Gone]]\n"})
    assert fingerprints(vault) == [("no note `Gone`", first)]
    vault.write({"A.md": "x\n\n[[Gone]] [[Gone]]\n"})
    assert [fingerprint for _, fingerprint in fingerprints(vault)] == [first, second]


def test_fingerprints_do_not_hang_on_other_notes(vault: Vault) -> None:
    vault.write({"A.md": "[[Tarifs]]\n"})
    ((_, before),) = fingerprints(vault)
    vault.write({"Tariffs.md": ""})
    ((message, after),) = fingerprints(vault)
    assert "did you mean" in message
    assert after == before


def test_fingerprints_change_with_note_and_target(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]] [[Lost]]\n", "B.md": "[[Gone]]\n"})
    assert len({fingerprint for _, fingerprint in fingerprints(vault)}) == 3


def test_fingerprints_are_the_same_from_the_cache(faulty: Vault) -> None:
    first = fingerprints(faulty)
    assert fingerprints(faulty) == first
    result = faulty.run("check", "--output-format", "json", "--no-cache")
    cold = [(f["message"], f["fingerprint"]) for f in json.loads(result.stdout)["findings"]]
    assert cold == first


def test_fingerprints_stay_from_version_to_version() -> None:
    report = report_of({"A.md": "[[Gone]]\n"})
    (found,) = json.loads(render(report, "json"))["findings"]
    assert found["fingerprint"] == "75de04ff87a4aca887ad17578211ed48"


# ---- the schema of the JSON


def test_schema_output(vault: Vault) -> None:
    assert json.loads(vault.run("schema", "--output").output) == output_schema()
    schema = output_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    data = vault.check()
    for broken in ({**data, "version": 2}, {k: v for k, v in data.items() if k != "summary"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema)


def test_related_without_a_place_is_at_the_beginning() -> None:
    report = report_of({"A.md": "[[Gone]]\n", "B.md": "text\n"})
    (found,) = report.violations
    found = found._replace(related=(Related("B.md", Span(0, 0), "here"),))
    report = replace(report, violations=[found])
    for name in MACHINE_FORMATS:
        validate(name, render(report, name))
