"""The same content gives the same bytes, wherever, whenever and for whomever it is built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import copy_of
from support import ROOT, tree

pytestmark = pytest.mark.xdist_group("deterministic")

QUIET = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
ELSEWHERE = {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4242"}


def built(folder: Path, settings: dict[str, str], before: str = "") -> dict[str, str]:
    """The example, built by a process of its own with nothing kept from before."""
    content = copy_of(ROOT / "examples/coffee/content", folder / "content")
    words = [sys.executable, str(ROOT / "build.py"), "--content", content, "--output"]
    command = [str(word) for word in [*words, folder / "a site"]]
    if before:
        script = f'{before} && exec "$@"'
        command = ["unshare", "-rm", "sh", "-c", script, "sh", *command]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
    done = subprocess.run(
        command, cwd=folder, env=environment | settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return tree(folder / "a site")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return built(tmp_path_factory.mktemp("first"), QUIET)


def test_same_bytes_elsewhere(first: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "ein anderer Ordner, ñ"
    folder.mkdir()
    assert built(folder, ELSEWHERE) == first


def test_same_bytes_without_the_fonts_of_the_system(first: dict[str, str], tmp_path: Path) -> None:
    hide = "mount -t tmpfs none /usr/share/fonts"
    if not Path("/usr/share/fonts").is_dir() or not shutil.which("unshare"):
        pytest.skip("no system fonts to hide here, or no unshare to hide them with")
    tried = subprocess.run(["unshare", "-rm", "sh", "-c", hide], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip(f"no mount namespace may be made here: {tried.stderr.decode().strip()}")
    assert built(tmp_path, QUIET, hide) == first
