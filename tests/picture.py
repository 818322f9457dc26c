"""Draws the README's picture anew: builds the site and takes the front page as a browser shows it.

Run it with the Python that has the test extra: `.venv/bin/python tests/picture.py`.
"""

import shutil
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import build  # noqa: E402  (it lies in the folder above)

PICTURE = ROOT / "images" / "front-page.png"
SIZE: ViewportSize = {"width": 1280, "height": 860}
MOST_BYTES = 300_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *values: object) -> None:
        pass


def main() -> int:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("no Chromium or Chrome on this machine", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        # Served, and with an address: pages opened from a folder do not wait for their fonts.
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/site/"
        if build.main(["--output", f"{folder}/site", "--site-url", address]):
            return 1
        take(f"{address}index.html", browser)
        server.shutdown()
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(ROOT)}: {size:,} bytes")
    return 0 if size < MOST_BYTES else 1


def take(address: str, browser: str) -> None:
    """Write the picture of a page."""
    with sync_playwright() as playwright:
        # A browser's own sandbox cannot start under a container's root account; the page is ours.
        window = playwright.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-gpu"]
        )
        page = window.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        page.goto(address)
        page.evaluate("document.fonts.ready.then(() => true)")
        # Fonts that come too late for the first view stand in the second.
        page.reload()
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE, animations="disabled")
        window.close()


if __name__ == "__main__":
    sys.exit(main())
