"""Firefox for tests, driven over its own remote protocol, Marionette: no driver, no package.

With no Firefox installed, tests that ask for it are skipped, unless REQUIRE_FIREFOX is 1.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("firefox-esr", "firefox")
PATIENCE = 60  # s in which it has to start
SETTINGS = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
}


class Firefox:
    """A running Firefox with a window; `close` ends it."""

    def __init__(self, program: str):
        self.profile = Path(tempfile.mkdtemp())
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = {**SETTINGS, "marionette.port": port}
        lines = [f"user_pref({json.dumps(n)}, {json.dumps(v)});" for n, v in settings.items()]
        (self.profile / "user.js").write_text("\n".join(lines), "utf-8")
        words = [program, "--headless", "--marionette", "--no-remote", "-profile"]
        self.process = subprocess.Popen(
            [*words, str(self.profile)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.socket = self._connected(port)
        self.stream = self.socket.makefile("rwb")
        self.count = 0
        self._read()
        self.do("WebDriver:NewSession", capabilities={})

    @staticmethod
    def _connected(port: int) -> socket.socket:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _read(self) -> Any:
        """A message: its length, a colon, JSON."""
        digits = b""
        while (byte := self.stream.read(1)) != b":":
            assert byte, "Firefox is gone"
            digits += byte
        return json.loads(self.stream.read(int(digits)))

    def do(self, command: str, **parameters: Any) -> Any:
        """What a command of WebDriver gives."""
        self.count += 1
        message = json.dumps([0, self.count, command, parameters]).encode()
        self.stream.write(str(len(message)).encode() + b":" + message)
        self.stream.flush()
        _, _, error, result = self._read()
        assert error is None, error
        return result

    def go(self, address: str) -> None:
        self.do("WebDriver:Navigate", url=address)

    def evaluate(self, expression: str) -> Any:
        script = f"return {expression}"
        return self.do("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def pdf(self, width: float, height: float, margin: float) -> bytes:
        """The page printed on paper of so many cm."""
        printed = self.do(
            "WebDriver:Print",
            page={"width": width, "height": height},
            margin=dict.fromkeys(("top", "bottom", "left", "right"), margin),
            shrinkToFit=False,
        )
        return base64.b64decode(printed["value"])

    def close(self) -> None:
        # It goes without an answer, or was gone already.
        with contextlib.suppress(Exception):
            self.do("Marionette:Quit", flags=["eForceQuit"])
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.stream.close()
        self.socket.close()
        shutil.rmtree(self.profile, ignore_errors=True)


@pytest.fixture(scope="module")
def firefox() -> Iterator[Firefox]:
    """A Firefox for the tests of a module."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        reason = "no Firefox is installed: its tests did not run"
        if os.environ.get("REQUIRE_FIREFOX") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    started = Firefox(program)
    try:
        yield started
    finally:
        started.close()
