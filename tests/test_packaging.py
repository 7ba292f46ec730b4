"""The wheel, in an environment of its own, holds the same rules as the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from venv import EnvBuilder

import pytest

from vaultlint.config import default_settings
from vaultlint.packs import shipped_glossaries, shipped_packs

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder))
    done = subprocess.run([*build, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_packs_data_and_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    packs = [name for name in names if name.startswith("vaultlint/packaged_rules/")]
    assert len(packs) == len(shipped_packs()) + len(shipped_glossaries()) > 1
    pages = [name for name in names if name.startswith("vaultlint/packaged_docs/")]
    assert len(pages) == len(list(default_settings().registry)) + 1  # and their index
    assert "vaultlint/py.typed" in names
    assert "vaultlint/data/words.txt.gz" in names
    licences = [name.rpartition("/")[2] for name in names if "/licenses/" in name]
    assert sorted(licences) == ["LICENSE", "LICENSES.md"]
    assert not [name for name in names if name.startswith(("tests/", "examples/"))]


def test_the_wheel_works_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    EnvBuilder(with_pip=True).create(tmp_path / "env")
    scripts = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    install = (str(scripts / "python"), "-m", "pip", "install", "--quiet", str(wheel))
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode and "ould not find a version" in done.stderr:
        pytest.skip(f"no package registry is in reach: {done.stderr}")
    assert done.returncode == 0, done.stderr
    listed = subprocess.run(
        [str(scripts / "vaultlint"), "rules", "--output-format", "json"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    rules = [rule["id"] for rule in json.loads(listed.stdout)["rules"]]
    assert rules == [rule.id for rule in default_settings().registry]
