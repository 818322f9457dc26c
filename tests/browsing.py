"""A real browser for tests: an installed Chromium or Chrome, and what a visit to a page leaves.

With none, tests that ask for one are skipped, unless the variable REQUIRE_BROWSER is 1.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright import sync_api
from support import page

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)


PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)


SLOW = 20_000  # ms: how long a machine with much else to do may take


def installed() -> str | None:
    found = [shutil.which(name) for name in NAMES] + [p for p in PATHS if Path(p).is_file()]
    return next(filter(None, found), None)


def required() -> str:
    """The program of a browser; where there is none, the test is skipped or fails."""
    program = installed()
    if program is None:
        reason = "no Chromium or Chrome is installed: the browser tests did not run"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


def launched(playwright: sync_api.Playwright, program: str, *settings: str) -> sync_api.Browser:
    words = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    words += ["--disable-background-networking", "--disable-component-update", *settings]
    return playwright.chromium.launch(executable_path=program, args=words)


@pytest.fixture(scope="session")
def browser() -> Iterator[sync_api.Browser]:
    program = required()
    with sync_api.sync_playwright() as playwright:
        started = launched(playwright, program)
        yield started
        started.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as a host of static pages does: its 404.html at every missing address."""

    def log_message(self, *_: object) -> None:
        pass

    def send_error(self, code: int, *rest: str | None) -> None:
        missing = next(iter(Path(self.directory).rglob("404.html")), None)
        if code != 404 or missing is None:
            super().send_error(code, *rest)
            return
        body = missing.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def with_charts(site: Path) -> str:
    """The first page that holds a chart."""
    names = [path.name for path in sorted(site.glob("*.html"))]
    names.sort(key=lambda name: name != "index.html")
    return next(name for name in names if page(site / name).all("figure", class_="chart"))


class Visit:
    """A page being visited, and all that it asked for and complained of."""

    def __init__(self, browser: sync_api.Browser, **options: object):
        self.context = browser.new_context(**options)
        self.context.add_init_script(
            "window.violations = [];"
            "document.addEventListener('securitypolicyviolation',"
            " e => window.violations.push(e.violatedDirective + ' ' + e.blockedURI));"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(SLOW)
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.errors.append("dialog"), dialog.dismiss()))

    def violations(self) -> list[str]:
        return list(self.page.evaluate("window.violations"))

    def enlivened(self, chart: str) -> sync_api.Locator:
        """The figure of a chart, once a click has put the live view into it."""
        figure = self.page.locator(f"#chart-{chart}")
        figure.locator("button.go-live").click()
        figure.and_(self.page.locator("[data-live=true]")).wait_for(timeout=SLOW)
        return figure


@pytest.fixture(scope="session")
def browsing() -> Iterator[Callable[..., Any]]:
    """Gives a function that runs another with a page of a browser, in a thread of its own.

    Only so can several modules of tests have a browser at once.
    """
    with driven() as run:
        yield run


@contextlib.contextmanager
def driven(*settings: str) -> Iterator[Callable[..., Any]]:
    """The same, of a browser that was started with these settings of its command line."""
    program = required()
    with ThreadPoolExecutor(max_workers=1) as thread:
        playwright = thread.submit(sync_api.sync_playwright().start).result()
        started = thread.submit(launched, playwright, program, *settings).result()

        def run(action: Callable[[Visit], Any], **options: object) -> Any:
            def whole() -> Any:
                visit = Visit(started, **options)
                try:
                    return action(visit)
                finally:
                    visit.context.close()

            return thread.submit(whole).result()

        yield run
        thread.submit(started.close).result()
        thread.submit(playwright.stop).result()
