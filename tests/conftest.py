"""Fixtures: folders to build in, and sites built once for all tests of a worker."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
# The tests say themselves what a site's address is.
os.environ.pop("SITE_URL", None)

from browsing import browser, browsing  # noqa: E402, F401
from support import ADDRESS, AVOCADO, TESTS, build_into, inside, write_tree  # noqa: E402

OURS = TESTS / "content"
"""The tests of the site that this repository was made for."""


def is_ours() -> bool:
    """Whether the site in `content/` is still that one."""
    with (ROOT / "content" / "data.yaml").open(encoding="utf-8") as file:
        return "The Air Bridge" in file.read(1000)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    return True if collection_path == OURS and not is_ours() else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not is_ours():
        terminalreporter.write_line("tests/content did not run: content/ is another site by now")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: drives a real browser")


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to build from, whose kept drawings all tests and workers share."""
    top = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        top = top.parent
    folder = top / "workshop"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new folder that is the present one: paths in messages are relative to it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Writes a folder of content from its files."""
    return lambda files: write_tree(tmp_path / "content", files)


@pytest.fixture(scope="session")
def once(workshop: Path) -> Callable[..., Path]:
    """Builds a site, to be read only, once for all tests and workers: the first who asks does."""

    def site(name: str, content: Path, *words: str) -> Path:
        folder = workshop / name
        with FileLock(workshop / f"{name}.lock"):
            if not (folder / "done").exists():
                copied = copy_of(content, folder / "content")
                with inside(workshop):
                    build_into(copied, folder / "site", *words)
                (folder / "done").touch()
        return folder / "site"

    return site


@pytest.fixture(scope="session")
def small_site(once: Callable[..., Path]) -> Path:
    """The small site of another topic, built; to be read only."""
    return once("small", AVOCADO)


@pytest.fixture(scope="session")
def real_site(once: Callable[..., Path]) -> Path:
    """The site of this repository, built; to be read only."""
    return once("real", ROOT / "content")


@pytest.fixture(scope="session")
def real_online(once: Callable[..., Path]) -> Path:
    """The site of this repository, built for an address of its own; to be read only."""
    return once("real-online", ROOT / "content", "--site-url", ADDRESS)


@pytest.fixture(scope="session")
def coffee(once: Callable[..., Path]) -> Path:
    """The example, built; to be read only."""
    return once("coffee", ROOT / "examples" / "coffee" / "content")


@pytest.fixture(scope="session")
def coffee_online(once: Callable[..., Path]) -> Path:
    """The example, built for an address of its own; to be read only."""
    return once("coffee-online", ROOT / "examples" / "coffee" / "content", "--site-url", ADDRESS)


@pytest.fixture(scope="session")
def wheat(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """The example of real data, built; to be read only."""
    folder = tmp_path_factory.mktemp("wheat")
    content = copy_of(ROOT / "examples" / "wheat" / "content", folder / "content")
    with inside(workshop):
        return build_into(content, folder / "site")


def copy_of(content: Path, folder: Path) -> Path:
    """A copy to build from: a build writes the schema for editors beside the data file."""
    files = {
        path.relative_to(content).as_posix(): path.read_bytes()
        for path in content.rglob("*")
        if path.is_file()
    }
    return write_tree(folder, files)
