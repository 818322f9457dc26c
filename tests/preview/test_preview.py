"""The live preview: what a terminal and an open page show while somebody writes.

Each test has a server of its own, as `build.py serve` starts it, over a small site in a new folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import Visit
from support import ROOT, like_avocado, note, run, tree, write_tree
from werkzeug.test import Client

from explainer.memo import Given
from explainer.preview import serve as preview
from explainer.preview.window import Window, allowing
from explainer.preview.workbench import Workbench
from explainer.problems import Place, Problem, Rule
from explainer.project import Setup

SECONDS = 60.0  # how long a machine with much else to do may take
FILLER = "\n\n".join(
    f"## Part {name}\n\n{'The way of an avocado is long. ' * 60}" for name in "abcdef"
)
PRICES = note(
    'A kilo is {{ claim("price-port") }} in the port.\n\n{{ chart("price-ladder") }}\n\n' + FILLER
)


class Serving:
    """`build.py serve` at work."""

    def __init__(self, content: Path, program: Path, *words: str):
        self.content, self.folder = content, content.parent
        self.out, self.err = self.folder / "out.txt", self.folder / "err.txt"
        command = [sys.executable, program / "build.py", "serve", "--content", content]
        command += ["--output", self.folder / "site", "--port", "0", *words]
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=out, stderr=err)
        told = self.err if "--json" in words else self.out
        self.address = until(lambda: re.search(r"http://\S+/", told.read_text("utf-8")))[0]

    def said(self) -> str:
        return self.out.read_text("utf-8") + self.err.read_text("utf-8")

    def built(self, times: int = 1) -> None:
        until(lambda: self.said().count(" built in ") >= times)

    def save(self, name: str, text: str) -> None:
        """Save a file as many editors do: into a new one, which takes the place of the old."""
        path = self.content / name
        path.parent.mkdir(exist_ok=True)
        part = path.with_name(f".{path.name}.swp")
        part.write_text(text, "utf-8")
        part.replace(path)

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.content / name).read_text("utf-8")
        assert old in text
        self.save(name, text.replace(old, new))

    def get(self, path: str = "") -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=SECONDS) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def news(self) -> dict[str, Any]:
        """What a page that opens now is told."""
        address = f"{self.address}.preview/events"
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:
            for line in answer:
                if line.startswith(b"data: "):
                    return dict(json.loads(line.removeprefix(b"data: ")))
        raise AssertionError("no news")

    def end(self) -> int:
        """What Ctrl-C makes of it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(SECONDS)


def until(found: Callable[[], Any]) -> Any:
    """What a function gives, once it gives anything."""
    end = time.monotonic() + SECONDS
    while not (value := found()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
    return value


@pytest.fixture
def serving(tmp_path: Path, workshop: Path) -> Iterator[Callable[..., Serving]]:
    """Starts a preview of the small site with these files; ends it after the test."""
    started: list[Serving] = []
    # Its drawings are those that other tests have made already.
    (workshop / ".cache").mkdir(exist_ok=True)
    (tmp_path / ".cache").symlink_to(workshop / ".cache", target_is_directory=True)

    def start(files: dict[str, str] | None = None, *words: str, program: Path = ROOT) -> Serving:
        content = like_avocado(tmp_path / "content", files or {})
        started.append(Serving(content, program, *words))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


# In a browser


@pytest.fixture
def opened(serving: Callable[..., Serving], browsing: Callable[..., Any]) -> Callable[..., None]:
    """Starts a preview, opens its front page, and gives both to a function."""

    def start(
        files: dict[str, str], action: Callable[[Visit, Serving], None], built: bool = True
    ) -> None:
        server = serving(files)
        if built:
            server.built()

        def visit(here: Visit) -> None:
            here.page.goto(server.address)
            action(here, server)
            assert here.violations() == []
            assert here.errors == []

        browsing(visit, viewport={"width": 1000, "height": 700})

    return start


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_problem_lies_over_the_page_until_it_is_mended(opened: Callable[..., None]) -> None:
    def write(here: Visit, server: Serving) -> None:
        overlay = here.page.locator("#preview-overlay")
        overlay.wait_for(state="hidden")
        sound = (server.content / "data.yaml").read_text("utf-8")
        typo = sound.replace("value: 3.5 USD/kg", "valeu: 3.5 USD/kg")
        server.save("data.yaml", typo.replace("place: rotterdam", "place: roterdam"))
        panel = overlay.locator(".panel")
        panel.wait_for()
        assert panel.locator("h2").inner_text() == "2 problems"
        line = typo.split("valeu")[0].count("\n")
        said = panel.inner_text()
        for part in (
            f"content/data.yaml:{line + 1} unknown-key",
            "valeu: 3.5 USD/kg",
            'hint: did you mean "value"?',
            "unknown-word",
            'hint: did you mean "rotterdam"?',
            "The page is the last one that could be built.",
        ):
            assert part in said
        until(lambda: f"content/data.yaml:{line + 1}: unknown-key:" in server.said())
        assert "$3.50" in here.page.locator("main").inner_text()

        # It can be closed to read what is below, and opened again.
        here.page.keyboard.press("Tab")
        panel.get_by_role("button", name="Close").click()
        assert not panel.is_visible()
        overlay.get_by_role("button", name="2 problems").click()
        assert panel.is_visible()
        here.page.keyboard.press("Escape")
        assert not panel.is_visible()

        server.save("data.yaml", sound.replace("value: 3.5 USD/kg", "value: 3.7 USD/kg"))
        here.page.get_by_text("$3.70").first.wait_for(state="attached")
        overlay.wait_for(state="hidden")
        # The page is shown while others are still made.
        until(lambda: " mended; built in " in server.said())

    opened({"index.md": PRICES}, write)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_new_price_comes_without_losing_the_place(opened: Callable[..., None]) -> None:
    def write(here: Visit, server: Serving) -> None:
        here.page.locator("figure.chart details summary").first.click()
        here.page.evaluate("location.hash = 'part-c'")
        top = "document.getElementById('part-c').getBoundingClientRect().top"
        until(lambda: abs(here.page.evaluate(top)) < 100)
        here.page.evaluate(f"scrollBy({{top: {top} + 150, behavior: 'instant'}})")
        # The way to the # is a smooth one, and may not be over.
        resting = f"""async () => {{
            const one = {top};
            await new Promise((go) => setTimeout(go, 200));
            return one === {top};
        }}"""
        until(lambda: here.page.evaluate(resting))
        before = here.page.evaluate(top)
        server.change("data.yaml", "value: 3.5 USD/kg", "value: 3.8 USD/kg")
        here.page.get_by_text("$3.80").first.wait_for(state="attached")
        # What comes above moves the text down by hundreds of pixels, and not the reader.
        server.change("index.md", "A kilo is", "\n\n".join(["A line more."] * 20) + "\n\nA kilo is")
        here.page.get_by_text("A line more.").first.wait_for(state="attached")
        here.page.wait_for_load_state("load")
        until(lambda: here.page.evaluate("history.scrollRestoration") == "auto")
        assert abs(here.page.evaluate(top) - before) < 2
        assert here.page.url.endswith("#part-c")
        assert here.page.locator("figure.chart details").first.get_attribute("open") is not None

    opened({"index.md": PRICES}, write)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_new_note_and_a_new_chart_appear(opened: Callable[..., None]) -> None:
    def write(here: Visit, server: Serving) -> None:
        # A page that waits at the address is there as soon as the note is.
        assert here.page.goto(f"{server.address}harvest.html").status == 404
        server.save("harvest.md", note("They pick all year.", title="The harvest"))
        here.page.get_by_role("heading", name="The harvest").wait_for()
        assert here.page.locator(".pages").get_by_text("The harvest").is_visible()

        data = (server.content / "data.yaml").read_text("utf-8")
        form, chart = data[data.index("  price-ladder:") :].split("\n\n")[0], "harvest-ladder"
        form = form.replace("price-ladder", chart)
        server.change("data.yaml", "\nglossary:", f"{form}\n\nglossary:")
        server.save("harvest.md", note(f'{{{{ chart("{chart}") }}}}', title="The harvest"))
        here.page.locator(f"#chart-{chart} svg").first.wait_for()

    opened({}, write)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_what_a_problem_quotes_stays_text(opened: Callable[..., None]) -> None:
    markup = '<img src="x" onerror="alert(1)"> {{ claim("<b>no</b>") }}'

    def write(here: Visit, server: Serving) -> None:
        server.save("index.md", note(markup))
        excerpt = here.page.locator("#preview-overlay .excerpt", has_text="onerror").first
        excerpt.wait_for()
        assert markup in excerpt.inner_text()
        assert here.page.locator("#preview-overlay li img, #preview-overlay li b").count() == 0

    opened({}, write)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_first_page_waits_and_a_lost_server_is_told(opened: Callable[..., None]) -> None:
    def write(here: Visit, server: Serving) -> None:
        here.page.locator("#preview-overlay .panel", has_text="unknown-claim").wait_for()
        assert here.page.get_by_role("heading", name="The site is being built").is_visible()
        server.save("index.md", PRICES)
        here.page.get_by_text("$3.50").first.wait_for(state="attached")
        server.end()
        here.page.get_by_role("button", name="The preview has stopped").wait_for()

    opened({"index.md": note('{{ claim("nothing") }}')}, write, built=False)


# By itself


def test_drafts_are_shown_as_such_and_never_built(
    serving: Callable[..., Serving], workshop: Path
) -> None:
    draft = note("Not yet.", title="A draft").replace("summary", "draft: true\nsummary", 1)
    server = serving({"later.md": draft, "index.md": note("See [more](later.md).")})
    server.built()
    status, html = server.get("later.html")
    assert status == 200
    assert "This page is a draft" in html
    front = server.get()[1]
    assert re.search(r'later\.html">A draft</a> <span class="draft">draft</span>', front)
    assert "This page is a draft" not in front
    # A build would refuse the link: the preview says so, and shows the page all the same.
    (warning,) = server.news()["problems"]
    assert (warning["rule"], warning["severity"]) == ("broken-link", "warning")
    assert server.said().count("warning: broken-link") == 1
    assert server.end() == 0
    refused = run("--content", server.content, "--output", server.folder / "site")
    assert refused.code == 1
    assert "the file is there, and is a draft" in refused.err

    server.save("index.md", note("Nothing more."))
    done = run("--content", server.content, "--output", server.folder / "site")
    assert done.code == 0, done.err
    assert not (server.folder / "site" / "later.html").exists()
    assert not [
        path for path in (server.folder / "site").rglob("*.html") if "draft" in path.read_text()
    ]
    assert run("check", "--content", server.content).code == 0


def test_what_was_shown_last_is_there_at_once_and_the_site_is_left_alone(
    serving: Callable[..., Serving],
) -> None:
    first = serving({"index.md": PRICES})
    first.built()
    until(lambda: list(first.folder.glob(f".cache/preview/{first.folder.name}*/index.html")))
    assert first.end() == 0
    assert not (first.folder / "site").exists()

    broken = serving({"index.md": note('{{ claim("nothing") }}')})
    status, html = broken.get()
    assert status == 200
    assert "$3.50" in html
    until(lambda: [p["rule"] for p in broken.news()["problems"]] == ["unknown-claim"])
    assert "$3.50" in broken.get()[1]
    assert "the pages stay as they were" in broken.said()


LOSES = """
import os, signal, sys
from pathlib import Path
from explainer.preview import serve as preview
from explainer.project import Setup

class Cleaned:
    def __del__(self):
        os.kill(os.getpid(), {signal})

def note(line):
    print(line, flush=True)
    if " built in " in line:
        Cleaned()

if __name__ == "__main__":
    here = Path.cwd()
    setup = Setup(here / "content", here / "templates", here / "site", here / ".cache")
    preview.serve(setup, 0, print, note, lambda done, total: None)
    print("ended")
"""
"""A preview that is interrupted where Python loses an exception."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_is_never_lost(tmp_path: Path, number: signal.Signals) -> None:
    like_avocado(tmp_path / "content", {"index.md": note("Words.")})
    (tmp_path / "loses.py").write_text(LOSES.format(signal=int(number)), "utf-8")
    done = subprocess.run(
        [sys.executable, "loses.py"], cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS
    )
    assert "KeyboardInterrupt" in done.stderr and "Exception ignored" in done.stderr
    assert done.stdout.endswith("ended\n"), done.stderr


def test_saves_in_a_row_end_with_the_last(serving: Callable[..., Serving]) -> None:
    server = serving({"index.md": PRICES})
    for number in range(20):
        server.save("index.md", note(f"Version {chr(97 + number)} of the text."))
        time.sleep(0.03)
    # A file that is written in pieces is no sound one for a moment.
    whole = PRICES.encode()
    with (server.content / "index.md").open("wb", buffering=0) as file:
        for part in (whole[:20], whole[20:150], whole[150:]):
            file.write(part)
            time.sleep(0.1)
    until(lambda: "$3.50" in server.get()[1] and not server.news()["problems"])
    assert "Traceback" not in server.said()


def test_a_folder_that_goes_and_comes_back_is_watched_again(
    serving: Callable[..., Serving],
) -> None:
    server = serving({"index.md": PRICES})
    server.built()
    away = server.folder / "away"
    server.content.rename(away)
    until(lambda: [p["rule"] for p in server.news()["problems"]] == ["no-content"])
    away.rename(server.content)
    until(lambda: not server.news()["problems"])
    server.change("data.yaml", "value: 3.5 USD/kg", "value: 3.9 USD/kg")
    until(lambda: "$3.90" in server.get()[1])


def test_templates_of_one_s_own_are_taken_up_as_soon_as_there_are_any(
    serving: Callable[..., Serving], tmp_path: Path
) -> None:
    program = tmp_path / "program"
    installed = (
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom explainer.command import main\n"
    )
    write_tree(
        program, {"build.py": f"{installed}if __name__ == '__main__':\n    sys.exit(main())\n"}
    )
    server = serving({"index.md": PRICES}, program=program)
    server.built()
    write_tree(tmp_path / "templates", {"_references.html": '<p class="own">Ours.</p>\n'})
    until(lambda: '<p class="own">Ours.</p>' in server.get()[1])
    shutil.rmtree(tmp_path / "templates")
    until(lambda: '<details class="references' in server.get()[1])


def test_a_bug_is_told_and_the_program_s_own_changes_are_taken_up(
    serving: Callable[..., Serving], tmp_path: Path
) -> None:
    program = tmp_path / "program"
    for name in ("explainer", "templates"):
        shutil.copytree(ROOT / name, program / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "build.py", program)
    room = program / "explainer" / "voice" / "voice.py"
    sound = room.read_text("utf-8")
    server = serving({"index.md": PRICES}, program=program)
    server.built()
    room.write_text(sound + '\nraise RuntimeError("a bug of ours")\n', "utf-8")
    until(lambda: "a bug of ours" in server.news()["failure"])
    until(lambda: "RuntimeError: a bug of ours" in server.said())
    assert "$3.50" in server.get()[1]
    room.write_text(sound, "utf-8")
    until(lambda: not server.news()["failure"])
    assert server.end() == 0


def test_new_content_is_shown_before_all_pages_are_made_and_new_templates_are_not(
    tmp_path: Path,
) -> None:
    content = like_avocado(tmp_path / "content", {"index.md": PRICES})
    templates = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", templates)
    bench = Workbench(Setup(content, templates, tmp_path / "site", tmp_path / ".cache"))
    seen: list[str] = []

    def build() -> bool:
        seen.clear()
        made = bench.build(early=lambda files: seen.append(files["index.html"].value.decode()))
        return made.files is not None

    assert build() and not seen, "no page of these templates was ever made"
    (content / "index.md").write_text(PRICES.replace("in the port", "at the quay"), "utf-8")
    assert build() and "at the quay" in seen[0]
    (content / "index.md").write_text(PRICES.replace("price-port", "price-prot"), "utf-8")
    assert not build() and not seen
    (content / "index.md").write_text(PRICES, "utf-8")
    base = templates / "base.html"
    base.write_text(base.read_text("utf-8").replace("{%", "{% nothing %}{%", 1), "utf-8")
    assert not build() and not seen


def test_problems_are_lines_of_json_where_asked_for(serving: Callable[..., Serving]) -> None:
    server = serving({"index.md": note('{{ claim("price-prot") }}')}, "--json")
    (line,) = until(lambda: server.out.read_text("utf-8").splitlines())
    record = json.loads(line)
    assert record["file"] == "content/index.md"
    assert record["rule"] == "unknown-claim"
    assert record["hint"] == 'did you mean "price-port"?'
    until(lambda: "1 problem" in server.err.read_text("utf-8"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
@pytest.mark.parametrize("when", ["at once", "while building", "later"])
def test_ctrl_c_ends_it_quietly(serving: Callable[..., Serving], when: str) -> None:
    server = serving({"index.md": PRICES})
    if when != "at once":
        server.built()
    if when == "while building":
        server.change("data.yaml", "value: 3.5 USD/kg", "value: 3.6 USD/kg")
        until(lambda: "changed" in server.said())
    ended = server.end()
    assert server.err.read_text("utf-8") == ""
    assert ended == 0
    with socket.socket() as gone:
        assert gone.connect_ex(("127.0.0.1", int(server.address.rstrip("/").split(":")[2]))) != 0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no list of child processes")
def test_a_killed_one_leaves_nothing_behind(serving: Callable[..., Serving]) -> None:
    server = serving({"index.md": PRICES})
    server.built()
    pid = server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    server.change("data.yaml", "value: 3.5 USD/kg", "value: 3.6 USD/kg")
    server.process.kill()
    server.process.wait()
    until(lambda: not [child for child in children if running(child)])
    again = serving({"index.md": PRICES})
    again.built()
    assert again.get()[0] == 200


def running(pid: str) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_a_port_in_use_or_none_at_all(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = like_avocado(here / "content")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--content", content, "--port", str(port))
        assert done.code == 2
        assert done.err == (
            f"build.py: error: port {port} is in use; "
            "choose another with --port, or end what uses it\n"
        )
        # With none named, the next that is free.
        monkeypatch.setattr(preview, "PORT", port)
        server = preview._server(Window(), None)
        assert port < server.port < port + preview.PORTS
        assert server.server_address[0] == "127.0.0.1"
        server.server_close()
    done = run("serve", "--content", here / "nowhere")
    assert done.code == 2
    assert done.err == "build.py: error: there is no folder nowhere\n"
    assert tree(here) == tree(here) and not (here / ".cache").exists()


@pytest.mark.parametrize("port", ["70000", "-1", "x", "٣"])
def test_no_port(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("serve", f"--port={port}")
    assert ended.value.code == 2


# The window by itself

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"
PAGE = f"""<!doctype html>
<html><head>
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>A page</title></head><body></head></body></html>
""".encode()
FILES = {
    "index.html": PAGE,
    "404.html": PAGE.replace(b"A page", b"Not here"),
    "es/index.html": PAGE,
    "assets/site-1.css": b"p {}",
    "assets/a-1.js": b"1",
    "assets/a.woff2": b"\0",
    "charts/a.svg": b"<svg/>",
    "charts/a.png": b"\0",
    "charts/a.csv": "á".encode(),
    "charts/a.json": b"{}",
    "empty.txt": b"",
}
SERVED = {name: Given(content) for name, content in FILES.items()}


@pytest.fixture
def window() -> Client:
    window = Window()
    window.show(SERVED)
    return Client(window)


def test_files_have_their_kinds_and_pages_the_script(window: Client) -> None:
    page = window.get("/")
    assert page.status_code == 200
    assert page.content_type == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-store"
    head, _, body = page.text.partition("</head>")
    assert f"content=\"{POLICY}; connect-src 'self'\"" in head
    assert (
        len(re.findall(r'<script src="/\.preview/overlay\.js" data-site="\w+" defer>', head)) == 1
    )
    assert body == PAGE.decode().partition("</head>")[2]
    kinds = {path: window.get(f"/{path}").content_type for path in FILES}
    assert kinds["assets/site-1.css"] == "text/css; charset=utf-8"
    assert kinds["assets/a-1.js"] == "text/javascript; charset=utf-8"
    assert kinds["assets/a.woff2"] == "font/woff2"
    assert kinds["charts/a.svg"] == "image/svg+xml"
    assert kinds["charts/a.png"] == "image/png"
    assert kinds["charts/a.csv"] == "text/csv; charset=utf-8"
    assert kinds["charts/a.json"] == "application/json"
    for path, content in FILES.items():
        if not path.endswith(".html"):
            assert window.get(f"/{path}").data == content
    assert window.get("/.preview/overlay.js").content_type == "text/javascript; charset=utf-8"
    assert window.get("/.preview/overlay.css").content_type == "text/css; charset=utf-8"


def test_a_file_that_the_browser_has_is_not_sent_again(window: Client) -> None:
    tag = window.get("/assets/site-1.css").headers["ETag"]
    again = window.get("/assets/site-1.css", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_addresses_that_lead_nowhere(window: Client) -> None:
    missing = window.get("/prices.html")
    assert missing.status_code == 404
    assert "Not here" in missing.text
    assert "overlay.js" in missing.text
    for path in (
        "/../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%5c..%5cbuild.py",
        "//etc/passwd",
        "/assets",
        "/assets/",
        "/.preview/waiting.html",
        "/.preview/../preview.py",
    ):
        assert window.get(path).status_code == 404, path
    assert window.get("/es").status_code == 308
    assert window.get("/es").headers["Location"] == "/es/"
    assert window.get("/es/").status_code == 200
    assert window.post("/").status_code == 405
    assert window.head("/").status_code == 200


def test_only_this_machine_s_own_names_are_answered(window: Client) -> None:
    for host in ("localhost", "localhost:8000", "127.0.0.1:9999"):
        assert window.get("/", headers={"Host": host}).status_code == 200
    for host in ("example.org", "localhost.example.org", "127.0.0.1.example.org", ""):
        assert window.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    ("policy", "as_shown"),
    [
        (
            "default-src 'none'",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
        ),
        (
            "script-src 'none'; connect-src https://example.org; style-src 'self'; base-uri 'none'",
            "script-src 'self'; connect-src https://example.org 'self'; style-src 'self'; "
            "base-uri 'none'",
        ),
        ("default-src 'self'", "default-src 'self'"),
        (
            "default-src https://example.org",
            "default-src https://example.org; script-src https://example.org 'self'; "
            "style-src https://example.org 'self'; connect-src https://example.org 'self'",
        ),
    ],
)
def test_a_policy_allows_the_script_and_its_news_and_no_more(policy: str, as_shown: str) -> None:
    assert allowing(policy) == as_shown


def test_pages_that_listen_hear_of_every_change() -> None:
    window = Window()
    events = iter(window._events())

    def heard() -> dict[str, Any]:
        return dict(json.loads(next(events).split("data: ")[1]))

    assert heard() == {"site": "", "problems": [], "failure": ""}
    window.show(SERVED)
    site = heard()["site"]
    assert site
    problem = Problem(Place("content/a.md", 3), Rule.BAD_IMAGE, "no", "a hint", "a line")
    window.complain([problem])
    assert heard() == {"site": site, "problems": [problem.record()], "failure": ""}
    # The same files again are no reason to load a page again.
    window.show(dict(SERVED))
    assert heard() == {"site": site, "problems": [], "failure": ""}
    window.show({**SERVED, "index.html": Given(b"new")})
    assert heard()["site"] != site
    window.close()
    assert list(events) == []
    # Who came in that moment hears how things are, once.
    assert len(list(window._events())) == 1


def test_on_windows_the_preview_says_that_it_has_to_be_started_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preview.os, "name", "nt")
    with pytest.raises(preview.CannotServe, match="start the preview again"):
        preview._start_again(*[None] * 3)  # type: ignore[arg-type]


@pytest.mark.skipif(os.name == "nt", reason="no process becomes another there")
def test_who_has_asked_is_answered_before_the_program_starts_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, order = threading.Event(), list[str]()

    class Slow(Window):
        def _answer(self, request: Any) -> Any:
            begun.set()
            time.sleep(0.5)
            order.append("answered")
            return super()._answer(request)

    window = Slow()
    window.show(SERVED)
    server = preview._server(window, 0)
    serving = threading.Thread(target=server.serve_forever, args=(0.01,))
    serving.start()
    asking = threading.Thread(
        target=urllib.request.urlopen, args=(f"http://127.0.0.1:{server.port}/index.html",)
    )
    asking.start()
    assert begun.wait(SECONDS)
    monkeypatch.setattr(os, "execv", lambda *_: order.append("again"))
    monkeypatch.setenv(preview.SOCKET, "")
    preview._start_again(server, serving, window)
    asking.join(SECONDS)
    os.close(int(os.environ[preview.SOCKET]))
    assert order == ["answered", "again"]
