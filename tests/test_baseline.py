"""The baseline: what is in it is passed over, and it only gets smaller."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from cached import age, cold, is_hit, output
from conftest import Vault
from hypothesis import given
from hypothesis import strategies as st
from test_counts import LARGE, WARM

from vaultlint import baseline
from vaultlint.baseline import Entry, find_added, judge, make_entries, read_baseline, write_baseline
from vaultlint.model import Span, UserError, Violation
from vaultlint.report import fingerprints
from vaultlint.text import Lines

NAME = ".vaultlint-baseline.json"


def old_vault() -> dict[str, str]:
    """Fifty notes, with ten findings each."""
    files = {"Home.md": "Words.\n"}
    for number in range(50):
        lines = [f"See [[Gone {number} {each}]].\n\n" for each in range(9)]
        files[f"f{number % 5}/N{number}.md"] = "".join((*lines, "Some assitance.\n"))
    return files


@pytest.fixture
def old(vault: Vault) -> Vault:
    """An old vault with a baseline."""
    vault.write(old_vault())
    result = vault.run("baseline")
    assert (result.exit_code, result.output) == (0, f"{NAME}: 500 findings.\n")
    return vault


def entries(vault: Vault, name: str = NAME) -> list[Entry]:
    return read_baseline((vault.root / name).read_bytes(), name)


def last_lines(vault: Vault, *arguments: str) -> tuple[int, str]:
    """The exit code of `check`, and all that it says, without its seconds."""
    done = vault.run("check", *arguments)
    return done.exit_code, re.sub(r" \(\d+\.\d\d s\)", "", done.output)


# ---- an old vault


def test_an_old_vault_passes_and_a_new_fault_fails_it(old: Vault) -> None:
    assert last_lines(old) == (0, "Nothing new: 51 notes checked; 500 in the baseline.\n")
    old.write({"Home.md": "See [[Lost]].\n"})
    code, said = last_lines(old)
    assert code == 1
    assert said == (
        "Home.md:1:5: VL101 broken-link no note `Lost`\n"
        "1 error in 51 notes checked; 500 in the baseline.\n"
    )


def test_the_file_is_sorted_and_has_a_line_for_each_finding(old: Vault) -> None:
    text = (old.root / NAME).read_text(encoding="utf-8")
    first, version, opening, *lines, null, closing, end = text.splitlines()
    assert (first, version, opening) == ("{", '"version": 1,', '"findings": [')
    assert (null, closing, end) == ("null", "]", "}")
    assert len(lines) == 500
    read = [json.loads(line.removesuffix(",")) for line in lines]
    assert read == sorted(read, key=lambda e: (e["path"], e["rule"], e["message"]))
    assert "line" not in read[0]
    assert read[0]["message"] == "no note `Gone 0 0`"
    assert old.run("baseline").output == f"{NAME}: 500 findings.\n"
    assert (old.root / NAME).read_text(encoding="utf-8") == text


def test_what_a_baseline_does_is_in_the_json(old: Vault) -> None:
    (old.root / "f1/N1.md").unlink()
    summary = old.check()["summary"]
    assert (summary["findings"], summary["baseline"], summary["baseline_gone"]) == (0, 490, 10)
    assert "baseline" not in old.check("--no-baseline")["summary"]


def test_one_more_of_equal_findings_is_new(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]] [[Gone]]\n"})
    vault.run("baseline")
    assert vault.found() == []
    vault.write({"A.md": "[[Gone]] [[Gone]] [[Gone]]\n"})
    assert vault.found() == [("A.md", "broken-link")]
    vault.write({"A.md": "[[Gone]]\n"})
    assert last_lines(vault)[1].splitlines()[1].startswith("1 entry of the baseline no longer")


# ---- moves


def test_a_moved_paragraph_stays_known(old: Vault) -> None:
    text = old_vault()["f1/N1.md"]
    first, rest = text.split("\n\n", 1)
    old.write({"f1/N1.md": f"# New\n\n{rest}\n{first}\n"})
    assert last_lines(old) == (0, "Nothing new: 51 notes checked; 500 in the baseline.\n")


@pytest.mark.parametrize("name", ["other/N1.md", "f1/Renamed.md", "n1.md"])
def test_a_moved_note_stays_known(old: Vault, name: str) -> None:
    (old.root / "f1/N1.md").unlink()
    old.write({name: old_vault()["f1/N1.md"]})
    assert last_lines(old) == (0, "Nothing new: 51 notes checked; 500 in the baseline.\n")
    old.write({name: old_vault()["f1/N1.md"] + "[[Lost]]\n"})
    assert old.found() == [(name, "broken-link")]
    before = {entry.path for entry in entries(old)}
    assert old.run("check", "--prune-baseline").exit_code == 1
    assert before.symmetric_difference(e.path for e in entries(old)) == {"f1/N1.md", name}
    assert len(entries(old)) == 500


def test_a_moved_folder_stays_known(old: Vault) -> None:
    (old.root / "f1").rename(old.root / "moved")
    assert last_lines(old)[0] == 0


def test_what_a_renamed_note_says_of_itself_stays_known(vault: Vault) -> None:
    vault.write({"a/Trade.md": "[[#Gone]] [[#^lost]] [[Trade#None]] %%[[#Not]]%%\n"})
    vault.run("baseline")
    assert len(entries(vault)) == 4
    (vault.root / "b").mkdir()
    (vault.root / "a/Trade.md").rename(vault.root / "b/Trade.md")
    assert vault.found() == []
    (vault.root / "b/Trade.md").rename(vault.root / "b/New.md")
    assert [found[1] for found in vault.found()] == ["broken-link"]  # to `Trade`


def test_what_is_said_of_a_renamed_note_stays_known(vault: Vault) -> None:
    vault.write({"A.md": "[[Trade#Gone]] x [[Trade#Lost]]\n", "a/Trade.md": ""})
    vault.run("baseline")
    (vault.root / "a").rename(vault.root / "b")
    assert vault.found() == []
    vault.write({"A.md": "[[Trade#Gone]] x [[Trade#Lost]] x [[Trade#More]]\n"})
    assert len(vault.found()) == 1
    vault.run("check", "--prune-baseline")
    assert {entry.message for entry in entries(vault)} == {
        f"`b/Trade.md` has no heading `{name}`" for name in ("Gone", "Lost")
    }
    vault.write({"a/Trade.md": ""})
    assert len(vault.found()) > 1


def test_a_copied_note_is_new(old: Vault) -> None:
    old.write({"Copy.md": old_vault()["f1/N1.md"]})
    assert len(old.found()) == 10


def test_equal_findings_of_moved_notes_are_told_apart_by_number(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]]\n", "B.md": "[[Gone]] x [[Gone]]\n"})
    vault.run("baseline")
    for name in "AB":
        (vault.root / f"{name}.md").rename(vault.root / f"{name}2.md")
    assert vault.found() == []
    vault.write({"C.md": "[[Gone]]\n"})
    assert len(vault.found()) == 1


# ---- what no longer occurs


def test_what_no_longer_occurs_is_told_and_pruned(old: Vault) -> None:
    old.write({"f1/N1.md": old_vault()["f1/N1.md"].replace("assitance", "assistance")})
    (old.root / "f2/N2.md").unlink()
    told = (
        "Nothing new: 50 notes checked; 489 in the baseline.\n11 entries of the baseline no longer "
        "occur: `vaultlint check --prune-baseline` takes them out.\n"
    )
    assert last_lines(old) == (0, told)
    said = last_lines(old, "--prune-baseline")[1].splitlines()[1]
    assert said == "11 entries taken out of the baseline."
    assert len(entries(old)) == 489
    assert last_lines(old) == (0, "Nothing new: 50 notes checked; 489 in the baseline.\n")


def test_of_named_notes_only_their_entries_can_be_gone(old: Vault) -> None:
    (old.root / "f2/N2.md").unlink()
    old.write({"f1/N1.md": "Clean.\n"})
    assert last_lines(old, "f3") == (0, "Nothing new: 10 notes checked; 100 in the baseline.\n")
    assert "10 entries of the baseline no longer" in last_lines(old, "f2")[1]
    assert "10 entries of the baseline no longer" in last_lines(old, "f1/N1.md")[1]
    assert "20 entries of the baseline no longer" in last_lines(old)[1]
    old.run("check", "--prune-baseline", "f1")
    assert len(entries(old)) == 490


@pytest.mark.parametrize(
    "arguments",
    [
        ("--select", "links"),
        ("--ignore", "broken-link"),
        ("--extend-ignore", "VL101"),
        ("--isolated",),
        ("--config", "rules.broken-link.severity='info'"),
    ],
)
def test_what_was_not_looked_for_is_not_gone(old: Vault, arguments: tuple[str, ...]) -> None:
    (old.root / "f2/N2.md").unlink()
    assert "no longer" not in last_lines(old, *arguments)[1]
    error = old.error("check", "--prune-baseline", *arguments)
    assert error == "error: --prune-baseline needs all rules, and the command line changes them"
    assert len(entries(old)) == 500


def test_what_could_not_be_looked_at_is_not_gone(
    old: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vaultlint.cli import checking

    real = checking.check_vault

    def failing(*arguments: object, **more: object) -> object:
        from vaultlint.record import Failure

        checked = real(*arguments, **more)  # type: ignore[arg-type]
        failure = Failure("f1/N1.md", "", "no")
        return checked._replace(violations=[], failures=[failure])

    monkeypatch.setattr(checking, "check_vault", failing)
    code, said = last_lines(old, "--no-cache")
    assert code == 2
    assert "no longer" not in said
    result = old.run("baseline", "--no-cache")
    assert result.exit_code == 2
    assert result.stderr == "failure: f1/N1.md: no\n"
    assert old.run("baseline", "--check", "--no-cache").exit_code == 2


# ---- where it is


def test_the_configuration_names_it(vault: Vault) -> None:
    vault.write(
        {"A.md": "[[Gone]]\n", "vaultlint.toml": 'fail-on = "info"\nbaseline = "ci/b.json"\n'}
    )
    (vault.root / "ci").mkdir()
    told = (
        "error: vaultlint.toml:2: there is no baseline `ci/b.json`: `vaultlint baseline` writes it"
    )
    assert vault.error("check") == told
    assert vault.run("baseline").output == "ci/b.json: 1 finding.\n"
    assert vault.found() == []
    assert vault.found("--no-baseline") == [("A.md", "broken-link")]
    assert not (vault.root / NAME).exists()


def test_pyproject_names_it(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]]\n", "pyproject.toml": '[tool.vaultlint]\nbaseline = "b.json"\n'})
    assert "pyproject.toml:2: there is no baseline `b.json`" in vault.error("check")
    assert vault.run("baseline").output == "b.json: 1 finding.\n"
    assert vault.found() == []


def test_the_command_line_names_it(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]]\n"})
    assert vault.run("baseline", "--baseline", "b.json").exit_code == 0
    assert vault.found() == [("A.md", "broken-link")]
    for arguments in (("--baseline", "b.json"), ("--config", "baseline=b.json")):
        assert vault.found(*arguments) == []
    assert vault.found("--config", 'baseline="b.json"') == []
    assert vault.error("check", "--baseline", "c.json") == (
        "error: --baseline: there is no baseline `c.json`: `vaultlint baseline` writes it"
    )


def test_several_vaults_have_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = Vault(tmp_path / "both")
    for name in ("one", "two"):
        both.write({f"{name}/.obsidian/app.json": "{}", f"{name}/A.md": "[[Gone]]\n"})
    monkeypatch.chdir(both.root)
    assert both.run("baseline", ".").output == f"one/{NAME}: 1 finding.\ntwo/{NAME}: 1 finding.\n"
    assert last_lines(both) == (0, "Nothing new: 2 notes checked; 2 in the baseline.\n")
    told = "error: --baseline names one file, and there are 2 vaults"
    both.write({"b.json": write_baseline([])})
    assert both.error("check", "--baseline", "b.json") == told
    assert both.error("baseline", "--baseline", "b.json") == told


def test_a_note_from_the_standard_input(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]]\n"})
    vault.run("baseline")
    assert vault.found("-", "--stdin-filename", "A.md", input="New. [[Gone]]\n") == []
    assert len(vault.found("-", "--stdin-filename", "A.md", input="[[Gone]] [[Lost]]")) == 1
    told = "error: --prune-baseline needs notes of the vault, and `-` is none"
    assert vault.error("check", "-", "--prune-baseline") == told


def test_options_that_do_not_go_together(vault: Vault) -> None:
    told = "error: --no-baseline stands alone: other options ask for a baseline"
    assert vault.error("check", "--no-baseline", "--prune-baseline") == told
    assert vault.error("check", "--no-baseline", "--baseline", "b.json") == told
    assert vault.error("check", "--prune-baseline") == (
        f"error: there is no `{NAME}`: `vaultlint baseline` writes it"
    )
    assert vault.error("baseline", "--since", "main") == "error: --since goes with --check"
    (vault.root / "b").mkdir()
    told = "error: baseline: `b` cannot be written: Is a directory"
    assert vault.error("baseline", "--baseline", "b") == told


# ---- with the cache


def test_from_the_cache_as_without(old: Vault) -> None:
    age(old.root)
    old.run("check")
    for form in ("json", "full", "concise", "sarif", "markdown", "gitlab"):
        assert output(old, form=form) == cold(old, form=form)
    assert is_hit(old)
    old.write({"f1/N1.md": old_vault()["f1/N1.md"].replace("assitance", "[[Lost]]")})
    assert output(old) == cold(old)
    assert output(old) == cold(old)
    age(old.root)
    old.run("check")
    old.write({NAME: write_baseline([])})
    assert len(old.check()["findings"]) == 500
    assert is_hit(old)


def test_with_the_cache_a_baseline_asks_for_nothing_large(old: Vault) -> None:
    age(old.root)
    old.run("check")
    program = (
        "import sys\nfrom vaultlint.cli import main\ntry:\n    main(['check'], prog_name='vaultlint')\n"
        "finally:\n    print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=old.root, capture_output=True, text=True, check=True
    )
    assert "500 in the baseline" in done.stdout
    modules = set(done.stderr.split())
    ours = {module for module in modules if module.partition(".")[0] == "vaultlint"}
    assert ours - WARM == {
        "vaultlint.baseline",
        "vaultlint.cli.baseline",
        "vaultlint.report.fingerprints",
    }
    assert not modules.intersection(LARGE)


# ---- files that are not right

ROW = '{"path": "A.md", "rule": "r", "fingerprint": "%s", "message": "m"}' % ("0" * 32)
HEAD = '{\n"version": 1,\n"findings": [\n'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", ":1: is not JSON: Expecting value"),
        ("[]", ":1: is not a baseline: Expected `object`, got `array`"),
        ("{}", ":1: is not a baseline: Object missing required field `version`"),
        (b'{\n"version": 1,\n"\xff": 1}', ":3: is not UTF-8"),
        (f"{HEAD}{ROW}\n{ROW},\nnull]}}", ":5: is not JSON: Expecting ',' delimiter"),
        (
            f"{HEAD}{ROW},\n<<<<<<< HEAD\n{ROW},\n=======\n>>>>>>> b\nnull]}}",
            ":5: holds the marks of a merge conflict: keep the lines of both sides, in any order",
        ),
        (
            '{"version": 7, "findings": {}}',
            (
                ": the baseline has version 7, and this vaultlint reads version 1: `vaultlint baseline` "
                "writes it anew"
            ),
        ),
        (
            '{"version": 0, "findings": []}',
            (
                ": the baseline has version 0, and this vaultlint reads version 1: `vaultlint baseline` "
                "writes it anew"
            ),
        ),
        (
            f'{HEAD}{ROW},\n{{"path": "A.md"}},\nnull]}}',
            ":5: is no entry of a baseline: Object missing required field `rule`",
        ),
        (
            f"{HEAD}{ROW},\n\n  5\n]}}",
            ":6: is no entry of a baseline: Expected `object | null`, got `int`",
        ),
        (
            f'{HEAD}{ROW[:-1]}, "line": 5}},\nnull]}}',
            ":4: is no entry of a baseline: Object contains unknown field `line`",
        ),
        (
            f"{HEAD}{ROW.replace('00', 'xy')},\nnull]}}",
            ":4: is no entry of a baseline: Expected `str` matching regex '^[0-9a-f]{32}$'",
        ),
        (f"{HEAD}null,\n{ROW.replace('A.md', '../A.md')}]}}", ":5: `path`: leads out of the vault"),
        (f"{HEAD}{ROW.replace('A.md', '/etc/passwd')}]}}", ":4: `path`: leads out of the vault"),
        (
            f'{HEAD}{ROW}], "more": 1}}',
            ":1: is not a baseline: Object contains unknown field `more`",
        ),
        ("[" * 100_000, ": is not a baseline: it is nested too deeply"),
    ],
)
def test_a_damaged_file_is_an_error_of_the_user(
    vault: Vault, content: str | bytes, told: str
) -> None:
    vault.write({"A.md": "[[Gone]]\n", NAME: content})
    is_of_other_version = "writes it anew" in told
    for arguments in (("check",), ("baseline", "--check"), ("baseline",))[
        : 3 - is_of_other_version
    ]:
        assert vault.error(*arguments) == f"error: {NAME}{told}"


def test_what_is_no_file(vault: Vault) -> None:
    vault.write({"A.md": ""})
    os.mkfifo(vault.root / NAME)
    assert vault.error("check") == f"error: {NAME}: is not a file"


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: (HEAD + text).encode()))
def test_whatever_a_file_holds_the_error_is_the_users(data: bytes) -> None:
    try:
        assert isinstance(read_baseline(data, "b.json"), list)
    except UserError as error:
        assert str(error).startswith("b.json")  # noqa: PT017  # either will do


@given(
    st.lists(
        st.builds(
            Entry,
            path=st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="/\\.\0"), min_size=1
            ),
            rule=st.just("broken-link"),
            fingerprint=st.text("0123456789abcdef", min_size=32, max_size=32),
            message=st.text(),
        ),
        unique_by=lambda entry: entry.fingerprint,
    )
)
def test_what_is_written_is_read(found: list[Entry]) -> None:
    text = write_baseline(found)
    assert len(text.split("\n")) == len(found) + 7
    assert {
        e.fingerprint: e for e in read_baseline(text.encode("utf-8", "surrogatepass"), "b")
    } == {e.fingerprint: e for e in found}


def test_the_version_is_that_of_fingerprints_too() -> None:
    assert str(baseline.VERSION) == fingerprints.VERSION


def test_text_of_notes_cannot_steer_the_terminal(vault: Vault) -> None:
    row = ROW.replace('"m"', '"\\u001b[31m"')
    vault.write({"A.md": "", NAME: f"{HEAD}{row},\nnull]}}"})
    assert "\x1b" not in vault.run("baseline", "--check").output


def test_long_messages_are_cut(vault: Vault) -> None:
    vault.write({"A.md": f"[[{'long ' * 60}]]\n"})
    vault.run("baseline")
    (entry,) = entries(vault)
    assert len(entry.message) == 160
    (vault.root / "A.md").rename(vault.root / "B.md")
    assert vault.found() == []


# ---- many moves


def test_many_renamed_notes_take_no_square_of_time() -> None:
    """Each with a finding of its own: none is tried against all."""
    tried = 0

    def lines(path: str) -> Lines:
        nonlocal tried
        tried += 1
        return Lines(f"[[Gone {path[1:]}]]")

    def found(prefix: str) -> list[Violation]:
        return [
            Violation(f"{prefix}{n}", Span(0, 99), "broken-link", f"no note `Gone {n}`", "error")
            for n in range(400)
        ]

    before = make_entries(found("a"), lines)
    tried = 0
    judged = judge(
        before, found("b"), lines, exists=lambda path: path[0] == "b", is_examined=lambda _: True
    )
    assert (len(judged.known), judged.gone, len(judged.moved)) == (400, [], 400)
    assert tried <= 3 * 400


def test_added_entries() -> None:
    old, renamed, more = (
        Entry(path, "broken-link", digit * 32, "no note `Gone`")
        for path, digit in (("A.md", "a"), ("B.md", "b"), ("C.md", "c"))
    )
    assert find_added([old], [old, more], lambda _: True) == [more]
    assert find_added([old], [renamed], lambda path: path != "A.md") == []
    assert find_added([old], [renamed], lambda _: True) == [renamed]
    assert find_added([old], [renamed, more], lambda path: path != "A.md") == [more]
    other = Entry("A.md", "broken-link", "d" * 32, "no note `Lost`")
    assert find_added([old], [other], lambda path: path != "Gone") == [other]


def test_an_entry_that_names_a_renamed_file_is_not_added() -> None:
    before, after = (
        Entry("A.md", "broken-heading", digit * 32, f"`{path}` has no heading `x`")
        for path, digit in (("a/B.md", "a"), ("b/B.md", "b"))
    )
    assert find_added([before], [after], lambda path: path != "a/B.md") == []
    assert find_added([before], [after], lambda _: True) == [after]
    assert find_added([before], [after], lambda path: path == "A.md") == [after]


# ---- in a repository


class Repository(Vault):
    """A vault in a git repository."""

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        for who in ("AUTHOR", "COMMITTER"):
            env |= {f"GIT_{who}_NAME": "A", f"GIT_{who}_EMAIL": "a@example.org"}
        return subprocess.run(
            ["git", "-c", "init.defaultBranch=main", *arguments],
            cwd=self.root,
            env={**env, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(self.root)},
            capture_output=True,
            text=True,
            check=True,
        )

    def commit(self, files: Mapping[str, str]) -> None:
        """Write files and the baseline of what is found, and commit all."""
        self.write(files)
        assert self.run("baseline").exit_code == 0
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "change")


@pytest.fixture
def repository(vault: Vault) -> Repository:
    made = Repository(vault.root)
    made.git("init", "-q")
    return made


def test_baselines_of_two_branches_merge(repository: Repository) -> None:
    repository.commit({f"N{n}.md": f"[[Gone {n}]]\n" for n in range(9)})
    repository.git("checkout", "-q", "-b", "side")
    repository.commit({"N1.md": "Clean.\n", "Z.md": "[[Side]]\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"N7.md": "Clean.\n", "N4.md": "[[Gone 4]] [[Main]]\n"})
    repository.git("merge", "-q", "side", "-m", "merge")
    messages = {entry.message for entry in entries(repository)}
    kept = {f"no note `Gone {n}`" for n in range(9) if n not in (1, 7)}
    assert messages == kept | {"no note `Side`", "no note `Main`"}
    assert last_lines(repository) == (0, "Nothing new: 10 notes checked; 9 in the baseline.\n")
    assert repository.run("baseline", "--check").exit_code == 0


def test_neighbours_merge_with_the_attribute_that_the_docs_name(repository: Repository) -> None:
    page = (Path(__file__).parents[1] / "docs" / "baseline.md").read_text(encoding="utf-8")
    attribute = f"{NAME} merge=union"
    assert attribute in page
    repository.commit({".gitattributes": f"{attribute}\n", "A.md": "[[Gone]]\n"})
    repository.git("checkout", "-q", "-b", "side")
    repository.commit({"B.md": "[[Side]]\n", "Y.md": "[[Far]]\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"C.md": "[[Main]]\n", "A.md": "Clean.\n"})
    repository.git("merge", "-q", "side", "-m", "merge")
    assert repository.found() == []
    repository.run("check", "--prune-baseline")
    assert {entry.path for entry in entries(repository)} == {"B.md", "C.md", "Y.md"}
    text = (repository.root / NAME).read_text(encoding="utf-8")
    assert text == write_baseline(entries(repository))


def test_the_demand_that_it_shrinks(repository: Repository) -> None:
    repository.commit({"A.md": "[[Gone]]\n\n[[Lost]]\n"})
    check = ("baseline", "--check", "--since", "main")
    done = repository.run(*check)
    assert (done.exit_code, done.output) == (0, f"{NAME}: 2 findings, and all still occur.\n")

    repository.write({"A.md": "[[Gone]]\n"})
    done = repository.run(*check)
    assert (done.exit_code, done.output) == (
        1,
        (
            "A.md: broken-link no note `Lost`\n"
            f"{NAME}: 1 entry no longer occurs: `vaultlint check --prune-baseline` takes it out.\n"
        ),
    )
    repository.run("check", "--prune-baseline")
    assert repository.run(*check).exit_code == 0

    repository.write({"A.md": "[[Gone]] [[More]] [[Most]]\n"})
    assert repository.run("baseline").output == f"{NAME}: 3 findings (2 added).\n"
    done = repository.run(*check)
    assert (done.exit_code, done.output) == (
        1,
        (
            "A.md: broken-link no note `More`\nA.md: broken-link no note `Most`\n"
            f"{NAME}: 2 entries were added since main: mend the notes instead.\n"
        ),
    )
    assert repository.run("baseline", "--check").exit_code == 0


def test_what_others_took_out_meanwhile_was_not_added(repository: Repository) -> None:
    repository.commit({"A.md": "[[Gone]]\n", "B.md": "[[Lost]]\n"})
    repository.git("checkout", "-q", "-b", "side")
    repository.commit({"C.md": "Words.\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"A.md": "Mended.\n"})
    repository.git("checkout", "-q", "side")
    assert repository.run("baseline", "--check", "--since", "main").exit_code == 0
    repository.git("checkout", "-q", "--orphan", "other")
    repository.git("commit", "-q", "-m", "other")
    assert repository.error("baseline", "--check", "--since", "main") == (
        "error: --since: `main` and HEAD have no commit in common here: fetch the whole history"
    )


def test_a_renamed_note_is_no_growth(repository: Repository) -> None:
    repository.commit({"A.md": "[[Gone]]\n"})
    (repository.root / "A.md").rename(repository.root / "B.md")
    check = ("baseline", "--check", "--since", "HEAD")
    assert repository.run(*check).exit_code == 0
    repository.run("check", "--prune-baseline")
    assert [entry.path for entry in entries(repository)] == ["B.md"]
    assert repository.run(*check).exit_code == 0


def test_since_a_commit_without_a_baseline(repository: Repository) -> None:
    repository.write({"A.md": "[[Gone]]\n"})
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "first")
    repository.run("baseline")
    done = repository.run("baseline", "--check", "--since", "HEAD")
    assert (done.exit_code, done.output) == (
        0,
        f"{NAME}: there is none at HEAD.\n{NAME}: 1 finding, and all still occur.\n",
    )
    for ref in ("nowhere", "--output=x"):
        told = f"error: --since: git knows no commit `{ref}` here"
        assert repository.error("baseline", "--check", "--since", ref) == told
    assert repository.error("baseline", "--check", "--baseline", "none.json") == (
        "error: --baseline: there is no baseline `none.json`: `vaultlint baseline` writes it"
    )


def test_many_entries_are_listed_in_part(vault: Vault) -> None:
    vault.write({"A.md": " ".join(f"[[Gone {n}]]" for n in range(30))})
    vault.run("baseline")
    vault.write({"A.md": ""})
    lines = vault.run("baseline", "--check").output.splitlines()
    assert len(lines) == 22
    assert lines[-2] == "… and 10 more"


def test_one_of_two_vaults_has_a_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    both = Vault(tmp_path)
    both.write({f"{name}/.obsidian/app.json": "{}" for name in ("one", "two")})
    both.write({f"{name}/A.md": "[[Gone]]\n" for name in ("one", "two")})
    both.run("baseline", "one")
    both.write({"one/A.md": "Words.\n"})
    assert both.run("check", "--prune-baseline").exit_code == 1
    assert b"Gone" not in (tmp_path / "one" / NAME).read_bytes()
    assert not (tmp_path / "two" / NAME).exists()


def test_a_file_of_another_version_is_written_anew(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]]\n", NAME: '{"version": 9, "findings": []}'})
    assert vault.run("check").exit_code == 2
    assert vault.run("baseline").exit_code == 0
    assert vault.run("check").exit_code == 0
    text = (vault.root / NAME).read_text(encoding="utf-8")
    vault.write({NAME: f"\ufeff{text}"})
    assert vault.run("check").exit_code == 0


def test_rules_of_the_command_line_call_no_entry_gone(vault: Vault) -> None:
    vault.write({"A.md": "Words.\n", "vaultlint.toml": 'extend-select = ["orphan-note"]\n'})
    vault.run("baseline")
    assert vault.run("baseline", "--check").exit_code == 0
    assert vault.run("baseline", "--check", "--isolated").exit_code == 0


def test_an_empty_name_is_the_usual_file(vault: Vault) -> None:
    vault.write({"A.md": "[[Gone]]\n"})
    assert vault.error("baseline", "--check") == (
        f"error: there is no baseline `{NAME}`: `vaultlint baseline` writes it"
    )
    assert vault.run("baseline", "--config", 'baseline=""').exit_code == 0
    assert (vault.root / NAME).is_file()
