"""The program as a wheel: in an environment of its own it begins, checks and builds a site."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from support import ROOT


@pytest.fixture(scope="module")
def explainer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment in which only a wheel was installed, beside the libraries."""
    top = tmp_path_factory.mktemp("installed")
    source = top / "source"
    for name in ("explainer", "templates"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    made = subprocess.run(
        [*pip, "wheel", "--no-deps", "-w", top, source], capture_output=True, text=True
    )
    if made.returncode and "setuptools" in made.stderr:
        pytest.skip("setuptools cannot be fetched, which builds the wheel")
    assert made.returncode == 0, made.stderr
    venv.create(top / "venv", with_pip=False, symlinks=os.name != "nt")
    (packages,) = (top / "venv").rglob("site-packages")
    # Behind its own, so that it is the wheel's program that runs.
    (packages / "libraries.pth").write_text("\n".join(site.getsitepackages()), "utf-8")
    (wheel,) = top.glob("*.whl")
    command = [*pip, "install", "--no-deps", "--no-index", wheel, "--prefix", top / "venv"]
    subprocess.run([*command, "--ignore-installed"], check=True, capture_output=True)
    (found,) = (top / "venv").glob("*/explainer*")
    return found


def test_a_wheel_begins_checks_and_builds_an_explainer(
    explainer: Path, tmp_path: Path, workshop: Path
) -> None:
    shell = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def run(*words: str, folder: Path = tmp_path / "my-topic") -> str:
        python = next(explainer.parent.glob("python*"))
        command = [python, explainer] if os.name != "nt" else [explainer]
        done = subprocess.run(
            [*command, *words], cwd=folder, env=shell, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    assert "my-topic/ is a small explainer" in run("new", "my-topic", folder=tmp_path)
    # The runtime of live views, which takes seconds, others have made already.
    (workshop / ".cache").mkdir(exist_ok=True)
    (tmp_path / "my-topic" / ".cache").symlink_to(workshop / ".cache", target_is_directory=True)
    assert "4 claims, 0 warnings" in run("check", "--strict")
    assert run("reference").startswith("# Reference\n")
    assert "built site: 9 pages, 2 charts, 4 claims" in run("build")
    assert "(0 new)" in run("build")
    # What a project has of its own takes the place of the program's.
    own = tmp_path / "my-topic" / "templates"
    own.mkdir()
    (own / "404.html").write_text("<p>Ours.</p>\n", "utf-8")
    assert "(1 new)" in run()
    assert (tmp_path / "my-topic" / "site" / "404.html").read_text("utf-8") == "<p>Ours.</p>\n"
