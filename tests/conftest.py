"""What several test modules share: a neutral environment, and vaults to run the command line in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import vaultlint
from vaultlint.cli import main

SHARED = Path(__file__).parents[2] / "shared"

#: Variables of a terminal, a CI job or a git hook that would change what commands do.
_STRAY = (
    "CI",
    "CI_PROJECT_URL",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "FORCE_COLOR",
    "NO_COLOR",
    "GITHUB_REPOSITORY",
    "CI_COMMIT_BEFORE_SHA",
    "CI_COMMIT_SHA",
    "GITHUB_BASE_REF",
    "GITHUB_EVENT_PATH",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
    "LC_ALL",
    "PRE_COMMIT",
    "PRE_COMMIT_FROM_REF",
    "PRE_COMMIT_TO_REF",
    "PYTHONIOENCODING",
    "PYTHONUTF8",
)


@pytest.fixture(scope="session", autouse=True)
def neutral_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Results do not depend on the terminal, the hook or the CI job that runs the suite.

    The cache of vaults that are in no repository is a folder of the suite's own.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in _STRAY:
            patch.delenv(name, raising=False)
        patch.setenv("COLUMNS", "100")
        patch.setenv("TERM", "xterm-256color")
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of designs and data beside the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"…/shared is not here: {SHARED}")
    return SHARED


def run_apart(
    arguments: Sequence[str], folder: Path, env: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own; on stderr it names the modules that it has."""
    program = (
        "import sys\n"
        "from vaultlint.cli import main\n"
        "try:\n"
        f"    main({list(arguments)}, prog_name='vaultlint')\n"
        "finally:\n"
        "    print(*sys.modules, file=sys.stderr)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**env, "PYTHONPATH": str(Path(vaultlint.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )


class Vault:
    """A vault on the disk, and the command line run in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files, with the folders that they need."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def run(self, *arguments: str, input: str | bytes | None = None) -> Result:
        """Run a command in this process. An exception that leaves it fails the test."""
        return CliRunner().invoke(main, arguments, input=input, catch_exceptions=False)

    def check(self, *arguments: str, input: str | bytes | None = None) -> dict[str, Any]:
        """The JSON of `check`."""
        result = self.run("check", "--output-format", "json", *arguments, input=input)
        assert result.exit_code in (0, 1), result.output
        data: dict[str, Any] = json.loads(result.stdout)
        return data

    def found(self, *arguments: str, input: str | bytes | None = None) -> list[tuple[str, str]]:
        """The path and rule of each finding of `check`."""
        findings = self.check(*arguments, input=input)["findings"]
        return [(finding["path"], finding["rule"]) for finding in findings]

    def error(self, *arguments: str) -> str:
        """What a command that must fail with exit code 2 says on stderr; stdout stays empty."""
        result = self.run(*arguments)
        assert result.exit_code == 2, result.output
        assert result.stdout == ""
        return result.stderr.rstrip("\n")

    def process(
        self,
        *arguments: str | bytes,
        input: bytes | None = None,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command in a process of its own, in the root."""
        source = str(Path(vaultlint.__file__).parents[1])
        return subprocess.run(
            [sys.executable, "-m", "vaultlint", *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": source, **(env or {})},
            input=input,
            capture_output=True,
            check=False,
            timeout=120,
        )


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    """An empty vault of Obsidian, which is the current folder."""
    root = tmp_path / "vault"
    (root / ".obsidian").mkdir(parents=True)
    monkeypatch.chdir(root)
    return Vault(root)
