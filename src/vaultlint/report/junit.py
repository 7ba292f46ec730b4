"""JUnit's XML: a suite for each note with findings, a case for each finding.

Errors and warnings are failed cases, remarks are skipped ones. A clean run has one case that
passed, and a file that could not be checked is a case with an error.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from time import gmtime, strftime
from typing import TextIO

from vaultlint.model import Violation
from vaultlint.report import Report, Unchecked
from vaultlint.report.details import details
from vaultlint.report.xml import xml_tag, xml_text


def write(report: Report, out: TextIO) -> None:
    """Write all suites."""
    suites: list[tuple[str, list[str], Counter[str]]] = [
        _suite(path, list(violations), report)
        for path, violations in groupby(report.violations, key=lambda violation: violation.path)
    ]
    if report.unchecked:
        cases = [_error(unchecked, report) for unchecked in report.unchecked]
        suites.append(("not checked", cases, Counter(errors=len(cases))))
    if not suites:
        name = f"{report.summary.notes} notes are clean"
        suites.append(
            ("vaultlint", [xml_tag("testcase", _case(name, "vaultlint"), empty=True)], Counter())
        )
    moment = strftime("%Y-%m-%dT%H:%M:%S", gmtime())
    out.write('<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n')
    for number, (name, cases, counts) in enumerate(suites):
        attributes = {
            "id": number,
            "package": "vaultlint",
            "name": name,
            "timestamp": moment,
            "hostname": "localhost",
            "tests": len(cases),
            "failures": counts["failures"],
            "errors": counts["errors"],
            "skipped": counts["skipped"],
            "time": f"{report.summary.seconds if number == 0 else 0:.3f}",
        }
        out.write(f"  {xml_tag('testsuite', attributes)}\n    <properties/>\n")
        out.writelines(f"    {case}\n" for case in cases)
        out.write("    <system-out/>\n    <system-err/>\n  </testsuite>\n")
    out.write("</testsuites>\n")


def _suite(
    path: str, violations: list[Violation], report: Report
) -> tuple[str, list[str], Counter[str]]:
    shown = report.shown(path)
    seen: Counter[str] = Counter()
    cases: list[str] = []
    counts: Counter[str] = Counter()
    for violation in violations:
        line, column = report.lines(path).position(violation.span.start)
        name = f"{violation.rule}: {violation.message}"
        seen[name] += 1
        if seen[name] > 1:  # programs that compare runs tell cases apart by their names
            name += f" ({seen[name]})"
        what = {"message": f"{line}:{column}: {violation.message}", "type": violation.rule}
        if violation.severity == "info":
            counts["skipped"] += 1
            inside = xml_tag("skipped", {"message": what["message"]}, empty=True)
        else:
            counts["failures"] += 1
            code = report.codes[violation.rule]
            first = f"{shown}:{line}:{column}: {violation.severity} {code} {violation.message}"
            body = xml_text("\n".join((first, *details(violation, report, report.shown))))
            inside = f"{xml_tag('failure', what)}{body}</failure>"
        cases.append(f"{xml_tag('testcase', _case(name, shown))}{inside}</testcase>")
    return shown, cases, counts


def _error(unchecked: Unchecked, report: Report) -> str:
    shown = report.shown(unchecked.path)
    inside = xml_tag("error", {"message": unchecked.message, "type": "failure"}, empty=True)
    return f"{xml_tag('testcase', _case('can be checked', shown))}{inside}</testcase>"


def _case(name: str, classname: str) -> dict[str, object]:
    return {"name": " ".join(name.split()), "classname": classname, "time": "0"}
