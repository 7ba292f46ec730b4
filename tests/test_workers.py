"""Worker processes: the same output whatever their number, and an error that names the note."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from cached import Output, cold
from conftest import SHARED, Vault
from hypothesis import given
from hypothesis import strategies as st

import vaultlint
from vaultlint import session, workers
from vaultlint.engine import examine
from vaultlint.record import Failure, Record
from vaultlint.ties import Ties
from vaultlint.workers import Accounts, Outcome, Task, count_jobs, examine_files

EXAMPLE = Path(__file__).parents[1] / "examples" / "css-notes"

pytestmark = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="one process does the work there"
)


@pytest.fixture(autouse=True)
def no_zombies() -> None:
    """Each test begins without processes of another."""
    assert multiprocessing.active_children() == []


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small vaults are worth several processes, too."""
    monkeypatch.setattr(workers, "_CHUNK", 4_000)


def assert_none_left() -> None:
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


# ---- the same output


def outputs(vault: Vault, *arguments: str) -> list[Output]:
    return [cold(vault, "--jobs", str(jobs), *arguments) for jobs in (1, 2, 3, 7)]


@pytest.mark.usefixtures("small_chunks")
def test_the_example_gives_the_same_in_any_number_of_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(EXAMPLE)
    first, *others = outputs(Vault(EXAMPLE), "--select", "ALL")
    assert first.code == 1
    assert others == [first] * 3
    assert_none_left()


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("name", ["bramses-vault", "kepano-obsidian"])
def test_real_vaults_give_the_same_in_any_number_of_processes(tmp_path: Path, name: str) -> None:
    archive = SHARED / "data" / "vaults" / f"{name}.tar.gz"
    if not archive.is_file():
        pytest.skip(f"the vault is not here: {archive}")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    (root,) = tmp_path.iterdir()
    first, *others = outputs(Vault(root), str(root))
    assert others == [first] * 3
    assert_none_left()


@pytest.mark.usefixtures("small_chunks")
def test_the_cache_is_the_same_too(vault: Vault, tmp_path: Path) -> None:
    vault.write({f"N{n}.md": f"# H\n\n[[N{n + 1}#H]]\n" * 30 for n in range(40)})
    expected = cold(vault, "--jobs", "1")
    for jobs in ("1", "3"):
        folder = str(tmp_path / jobs)
        for _ in range(2):
            done = vault.run(
                "check", "--output-format", "json", "--jobs", jobs, "--cache-dir", folder
            )
            assert done.stdout.split('"summary"')[0] == expected.stdout.split('"summary"')[0]


# ---- workers that die

NOTES = {f"N{number:02}.md": "[[Gone]]\n" + "Words.\n" * 300 for number in range(20)}


@pytest.fixture
def many(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Vault:
    """A vault of several chunks, with one finding in each note."""
    monkeypatch.setattr(workers, "_CHUNK", 4_000)
    vault.write(NOTES)
    return vault


def die_at(monkeypatch: pytest.MonkeyPatch, notes: Sequence[str], die: Callable[[], None]) -> None:
    """Let the process die that examines one of some notes."""
    parent = os.getpid()

    def examine_or_die(path: str, *rest: object, **more: object) -> Record:
        if path in notes:
            assert os.getpid() != parent
            die()
        return examine(path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(session, "examine", examine_or_die)


def kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("die", "how"), [(lambda: os._exit(3), "exit code 3"), (kill_self, "signal 9")]
)
@pytest.mark.parametrize("jobs", ["2", "7"])
@pytest.mark.parametrize(
    "notes", [["N00.md"], ["N07.md"], ["N19.md"], ["N03.md", "N04.md", "N12.md"], list(NOTES)]
)
def test_a_worker_that_dies_is_a_failure_that_names_the_note(
    many: Vault,
    monkeypatch: pytest.MonkeyPatch,
    die: Callable[[], None],
    how: str,
    jobs: str,
    notes: list[str],
) -> None:
    die_at(monkeypatch, notes, die)
    done = many.run("check", "--jobs", jobs, "--output-format", "concise", "--no-cache")
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        f"failure: {note}: the process that checked it died ({how})" for note in notes
    ]
    told = [line.partition(":")[0] for line in done.stdout.splitlines()[:-1]]
    assert told == [note for note in NOTES if note not in notes]
    assert_none_left()


def test_nothing_is_kept_where_a_worker_died(
    many: Vault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    arguments = ("check", "--jobs", "2", "--cache-dir", str(tmp_path / "kept"))
    with monkeypatch.context() as patch:
        die_at(patch, ["N07.md"], kill_self)
        assert many.run(*arguments).exit_code == 2
    done = many.run(*arguments)
    assert done.exit_code == 1
    assert done.stderr == ""


def outcome(path: str) -> Outcome:
    return Outcome(Record(path.encode(), b"", b"", b"", Ties(False, ()), False, ()), None)


def tasks_of(sizes: Sequence[int]) -> list[Task]:
    return [Task(f"N{number}", size) for number, size in enumerate(sizes)]


@pytest.mark.usefixtures("small_chunks")
def test_a_worker_that_is_killed_between_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was at no note: the first of its next chunk is named, and all others are examined."""
    send = workers._Worker.send
    sent: list[tuple[int, int]] = []

    def kill_and_send(worker: workers._Worker, chunk: tuple[int, int] | None) -> None:
        sent.append(chunk or (0, 0))
        if len(sent) == 4:
            worker.process.kill()
            worker.process.join()
        send(worker, chunk)

    monkeypatch.setattr(workers._Worker, "send", kill_and_send)
    tasks = tasks_of([1_500] * 30)
    results = dict(examine_files(tasks, outcome, 2, Accounts()))
    assert sorted(results) == sorted(task.path for task in tasks)
    failed = [path for path, result in results.items() if result.failure]
    assert failed == [f"N{sent[3][0]}"]
    assert_none_left()


@pytest.mark.usefixtures("small_chunks")
def test_a_worker_that_is_killed_from_outside() -> None:
    """The note that it was at is named, once."""
    tasks = tasks_of([1_500] * 30)

    def slow(path: str) -> Outcome:
        if path == "N11":
            time.sleep(600)
        return outcome(path)

    found = examine_files(tasks, slow, 2, Accounts())
    results = dict([next(found)])
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and "N11" not in results:
        if len(results) >= len(tasks) - 3:  # all others that can be there, are
            for child in multiprocessing.active_children():
                child.kill()
        path, result = next(found)
        results[path] = result
    results.update(found)
    assert len(results) == len(tasks)
    assert [path for path, result in results.items() if result.failure] == ["N11"]
    assert_none_left()


@pytest.mark.usefixtures("small_chunks")
def test_workers_end_where_no_more_is_asked() -> None:
    found = examine_files(tasks_of([1_500] * 30), outcome, 3, Accounts())
    next(found)
    assert multiprocessing.active_children() != []
    found.close()  # type: ignore[attr-defined]
    assert_none_left()


def test_a_rule_that_raises_is_told_in_any_number_of_processes(
    many: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: str, *rest: object, **more: object) -> Record:
        if path == "N05.md":
            raise ValueError("boom")
        return examine(path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(session, "examine", fail)
    first, *others = outputs(many)
    assert first.code == 2
    assert first.stderr == "failure: N05.md: cannot be parsed: ValueError: boom\n"
    assert others == [first] * 3


#: Starts a check whose notes take for ever, and tells when its workers are at work.
_ENDLESS = """
import os, signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
from vaultlint import session, workers
workers._CHUNK = 1
def endless(path, *rest, **more):
    os.write(1, b"at work\\n")
    time.sleep(600)
session.examine = endless
from vaultlint.cli import main
main(["check", "--jobs", "2", "--no-cache"], prog_name="vaultlint")
"""


@pytest.mark.parametrize("whom", ["the group", "the parent"])
def test_an_interrupt_ends_all_processes(many: Vault, whom: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _ENDLESS],
        cwd=many.root,
        env={**os.environ, "PYTHONPATH": str(Path(vaultlint.__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    for _ in range(2):
        assert process.stdout.readline() == b"at work\n"
    if whom == "the group":
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert stderr == b"interrupted\n"
    with pytest.raises(ProcessLookupError):  # no process of the group is left
        os.killpg(process.pid, 0)


# ---- shares


@given(st.lists(st.integers(0, 500_000), max_size=60))
def test_chunks_hold_each_task_once_in_order(sizes: list[int]) -> None:
    chunks = workers._chunks(tasks_of(sizes))
    covered = [index for start, end in chunks for index in range(start, end)]
    assert covered == list(range(len(sizes)))
    assert all(start < end for start, end in chunks)


@given(st.lists(st.integers(0, 5_000_000), max_size=20), st.integers(1, 64))
def test_as_many_jobs_as_wanted_but_never_more_than_tasks(sizes: list[int], wanted: int) -> None:
    jobs = count_jobs(wanted, tasks_of(sizes))
    assert jobs == max(1, min(wanted, len(sizes)))


def test_processes_are_started_where_they_pay_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: 8)
    worth = workers.WORTH_A_PROCESS
    assert count_jobs(None, []) == 1
    assert count_jobs(None, tasks_of([worth])) == 1
    assert count_jobs(None, tasks_of([worth * 100])) == 1
    assert count_jobs(None, tasks_of([worth - 1, worth])) == 1
    assert count_jobs(None, tasks_of([worth, worth])) == 2
    assert count_jobs(None, tasks_of([worth] * 100)) == 8
    assert count_jobs(None, tasks_of([0] * 10_000)) == 1
    monkeypatch.setattr(workers, "_cores", lambda: 1)
    assert count_jobs(None, tasks_of([worth] * 100)) == 1


@pytest.mark.usefixtures("small_chunks")
def test_accounts_of_all_processes_are_added() -> None:
    accounts = Accounts()
    timings = accounts.rules  # as a stage holds on to it

    def count(path: str) -> Outcome:
        timings["broken-link"] = timings.get("broken-link", 0.0) + 1.0
        return outcome(path)

    results = dict(examine_files(tasks_of([1_500] * 30), count, 3, accounts))
    assert len(results) == 30
    assert accounts.rules == {"broken-link": 30.0}


@pytest.mark.usefixtures("small_chunks")
def test_a_failure_survives_the_way_between_processes() -> None:
    failure = Failure("N\ud800.md", "broken-link", "\ud800 " + "x" * 100_000)

    def fail(_: str) -> Outcome:
        return Outcome(None, failure)

    for _, result in examine_files(tasks_of([4_000] * 4), fail, 2, Accounts()):
        assert result.failure is not None
        assert result.failure.rule == "broken-link"
        assert len(result.failure.message) == 100_002
