"""The live preview: builds on every save, and shows the pages, and what is wrong, in a browser.

What it builds goes into a folder of its own, `.cache/preview/`, and never into `site/`: drafts are
pages here, and `site/` may be published at any moment. The folder only serves to have something to
show at once the next time; it is safe to delete. It is written like a site, by two renames, when
nothing was saved for a while, so that no reader ever waits for it and a killed run leaves it whole.
"""

import contextlib
import errno
import hashlib
import os
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import watchfiles
from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer, WSGIRequestHandler

from explainer.memo import Given
from explainer.output import publish
from explainer.output.folder import whole
from explainer.preview.window import Window
from explainer.preview.workbench import Made, Workbench
from explainer.problems import Problem, counted, shown
from explainer.project import PROGRAM, SCHEMA, TEMPLATES, Setup
from explainer.workers import dismiss

if TYPE_CHECKING:
    from explainer.pages.files import Output

HOST, PORT = "127.0.0.1", 8000
"""Only this machine can see the preview: drafts are nobody else's business."""
PORTS = 20
"""Ports that are tried, from the first on, when none is asked for."""

SOCKET = "EXPLAINER_PREVIEW_SOCKET"
"""The variable that tells a new process of a preview at which socket the old one listened."""

STEP = 20
"""Milliseconds without a further change after which a save is over: editors write in steps."""
QUIET = 2.0
"""Seconds without a save after which what is shown is kept for the next time."""


class CannotServe(Exception):
    """Raised where there is nothing to serve, or no port to serve it on; tells people why."""


def serve(
    setup: Setup,
    port: int | None,
    say: Callable[[Sequence[Problem]], None],
    note: Callable[[str], None],
    progress: Callable[[int, int], None],
) -> None:
    """Preview the site of a setup until Ctrl-C.

    `say` is given problems to print, `note` a line on how things go. Raises `CannotServe`.
    """
    if not setup.content.is_dir():
        raise CannotServe(f"there is no folder {shown(setup.content)}")
    window = Window()
    server = _server(window, port)
    preview = replace(setup, drafts=True, output=_own_folder(setup))
    bench = Workbench(preview)
    # A site that was built stands in for it at first, where it is sure to be of this content.
    beside = setup.output.resolve().parent == setup.content.resolve().parent
    _show_last(window, preview.output, *([setup.output] if beside else []))
    saves, stop = Saves(), threading.Event()

    def interrupt(*_: object) -> None:
        # Said twice: an exception that comes while something is cleaned away is lost.
        stop.set()
        raise KeyboardInterrupt

    serving = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    watching = threading.Thread(target=_watch, args=(_folders(setup), stop, saves), daemon=True)
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, interrupt)
        serving.start()
        watching.start()
        note(f"{shown(setup.content)}/ is shown at http://{HOST}:{server.port}/ (Ctrl-C ends it)")
        again = partial(_start_again, server, serving, window)
        Preview(preview, window, bench, saves, say, note, progress, again).run(stop)
    except KeyboardInterrupt:
        pass
    finally:
        # A second Ctrl-C is as good as the first.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        stop.set()
        window.close()
        # Ctrl-C may come before they have begun, and a server that never ran waits for its end.
        if serving.ident is not None:
            server.shutdown()
        for thread in (serving, watching):
            if thread.ident is not None:
                thread.join(2)


Saves = queue.SimpleQueue[set[Path]]
"""The files that were saved, at a time, and that nobody has asked for yet."""


@dataclass
class Preview:
    """The loop of building and showing."""

    setup: Setup
    window: Window
    bench: Workbench
    saves: Saves
    say: Callable[[Sequence[Problem]], None]
    note: Callable[[str], None]
    progress: Callable[[int, int], None]
    start_again: Callable[[], None]
    _unkept: Made | None = None
    _broken: bool = False
    _warned: Sequence[Problem] = ()

    def run(self, stop: threading.Event) -> None:
        """Build now, and then after every save, until `stop` is set."""
        self._build()
        while not stop.is_set():
            saved = _taken(self.saves, QUIET)
            if saved:
                self.note(f"{_clock()} {_named(saved)} changed")
                # What is loaded stays as it was: the program, and the fonts of the converter.
                if any(path.is_relative_to(folder) for path in saved for folder in self._loaded()):
                    self._keep()
                    self.start_again()
                self._build()
            else:
                self.bench.warm_up()
                self._keep()

    def _loaded(self) -> list[Path]:
        """What this process goes on using as it was when it began."""
        return [PROGRAM, *(top / "fonts" for top in (TEMPLATES, self.setup.templates.resolve()))]

    def _build(self) -> None:
        start = time.perf_counter()
        made = self.bench.build(self.progress, self._show_early)
        if made.files is not None:
            self.window.show(made.files, made.problems)
            self._tell_built(made, time.perf_counter() - start)
            self._unkept = made
        elif not self.saves.empty():
            # Half a save, or one that is out of date already: the next build says what is so.
            return
        else:
            self.window.complain(made.problems, made.failure)
            self._tell_broken(made)

    def _show_early(self, files: "Mapping[str, Output]") -> None:
        """Show a site whose other pages are still to be made, the page that is read first."""
        if self.window.read in files:
            _ = files[self.window.read].value
        self.window.show(files)

    def _tell_built(self, made: Made, seconds: float) -> None:
        if list(made.problems) != list(self._warned):
            self.say(made.problems)
        self._warned = made.problems
        parts = [f"{number} {name}" for name, number in made.counts.items() if number]
        mended = "mended; " if self._broken else ""
        self._broken = False
        self.note(f"{_clock()} {mended}built in {seconds:.2f} s: {', '.join(parts)}")

    def _tell_broken(self, made: Made) -> None:
        self._broken, self._warned = True, ()
        self.say(made.problems)
        if made.failure:
            self.note(f"{made.failure.rstrip()}\n{_clock()} the program failed, not the content")
        count = sum(not problem.warning for problem in made.problems)
        what = f"{counted(count, 'problem')}; " if count else ""
        stands = (
            "there is no page to show yet" if self.window.empty else "the pages stay as they were"
        )
        self.note(f"{_clock()} {what}{stands}")

    def _keep(self) -> None:
        """Keep what is shown for the next time."""
        made, self._unkept = self._unkept, None
        if made is None or made.files is None:
            return
        self.bench.prune()
        keep = (self.setup.content, self.setup.templates)
        # Pictures in pixels are made when somebody asks for one.
        files = {path: file.value for path, file in made.files.items() if file.kept}
        try:
            publish.publish(files, self.setup.output, keep=keep, wait=0)
        except publish.Busy:
            # Another preview of the same content keeps the same.
            return
        except (publish.PublishError, ValueError) as error:
            self.note(f"{_clock()} not kept for the next time: {error}")


# What there is at the start


def _own_folder(setup: Setup) -> Path:
    """The folder in which the preview of this content is kept."""
    content = setup.content.resolve()
    name = hashlib.sha256(str(content).encode()).hexdigest()[:8]
    return setup.cache / "preview" / f"{content.parent.name}-{name}"


def _show_last(window: Window, *folders: Path) -> None:
    """Show the first site that stands whole in one of these folders, if one does."""
    publish.repair(folders[0])
    for folder in folders:
        names = whole(folder)
        if names:
            window.show({name: Given((folder / name).read_bytes()) for name in names})
            return


class _Server(ThreadedWSGIServer):
    """Serves each request in a thread of its own, for which `serve_forever` waits at its end."""

    daemon_threads = False


class _Quiet(WSGIRequestHandler):
    """Serves without a line for each request, and lets go of who asks for nothing more."""

    timeout = 1.0

    def log(self, type: str, message: str, *args: object) -> None:
        """Say only what went wrong."""
        if type == "error":
            super().log(type, message, *args)


def _server(window: Window, port: int | None) -> BaseWSGIServer:
    """A server of the window, on the port, or on the first that is free where none is named."""
    given = os.environ.pop(SOCKET, "")
    for number in range(PORT, PORT + PORTS) if port is None else [port]:
        try:
            # Bound here: the server's own way to say that a port is in use is to end the program.
            bound = (
                socket.socket(fileno=int(given)) if given else socket.create_server((HOST, number))
            )
        except OSError as error:
            why = "in use" if error.errno == errno.EADDRINUSE else f"not ours: {error.strerror}"
            continue
        with bound:
            number = bound.getsockname()[1]
            fd = bound.fileno()
            return _Server(HOST, number, window, _Quiet, fd=fd)
    wanted = f"ports {PORT} to {PORT + PORTS - 1} are" if port is None else f"port {port} is"
    raise CannotServe(f"{wanted} {why}; choose another with --port, or end what uses it")


def _start_again(server: BaseWSGIServer, serving: threading.Thread, window: Window) -> None:
    """Become a new process of the same command, which has loaded the program as it is now.

    Who has asked is answered first. It goes on listening at the same socket, so that whoever asks
    meanwhile waits for the new one. Raises `CannotServe` on Windows, where no process becomes
    another.
    """
    if os.name == "nt":
        raise CannotServe("the program or a font has changed: start the preview again")
    sys.stdout.flush()
    listening = os.dup(server.fileno())
    window.close()
    server.shutdown()
    serving.join()
    dismiss()
    os.set_inheritable(listening, True)
    os.environ[SOCKET] = str(listening)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


# Watching


def _folders(setup: Setup) -> list[Path]:
    """What is watched; the last, a project's own templates, need not be there."""
    own = setup.templates.resolve()
    return list(dict.fromkeys([setup.content.resolve(), PROGRAM, TEMPLATES, own]))


def _watch(folders: Sequence[Path], stop: threading.Event, saves: Saves) -> None:
    """Add every file that is saved, until `stop` is set."""
    known: dict[Path, int] = {}
    while not stop.is_set():
        now = _identities(folders)
        if known and now != known:
            # A folder is gone, or is back: all in it may be new.
            saves.put({folder for folder in folders if now.get(folder) != known.get(folder)})
        known = now
        if all(folder in now for folder in folders[:-1]):
            with contextlib.suppress(OSError):
                for paths in _saved(folders, stop):
                    saves.put(paths)
        else:
            stop.wait(0.2)


def _taken(saves: Saves, seconds: float) -> set[Path]:
    """The files saved since the last time; waits for some, but no longer than that."""
    found: set[Path] = set()
    with contextlib.suppress(queue.Empty):
        found |= saves.get(timeout=seconds)
        while True:
            found |= saves.get_nowait()
    return found


def _identities(folders: Sequence[Path]) -> dict[Path, int]:
    """What tells a folder from another that has taken its name, for those that exist."""
    found = {}
    for folder in folders:
        with contextlib.suppress(OSError):
            found[folder] = folder.stat().st_ino
    return found


def _saved(folders: Sequence[Path], stop: threading.Event) -> Iterator[set[Path]]:
    """The files saved in folders at a time, as long as these are the same folders."""

    def wanted(_: watchfiles.Change, name: str) -> bool:
        path = Path(name)
        folder = next((f for f in folders if path.is_relative_to(f)), path)
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        return not hidden and path.name != SCHEMA

    first = _identities(folders)
    for changes in watchfiles.watch(
        *first,
        watch_filter=wanted,
        step=STEP,
        stop_event=stop,
        rust_timeout=1000,
        yield_on_timeout=True,
    ):
        if changes:
            yield {Path(name) for _, name in changes}
        if _identities(folders) != first:
            return


# Words


def _clock() -> str:
    return time.strftime("%H:%M:%S")


def _named(paths: set[Path]) -> str:
    """Some of the files by name; not those that an editor made on the way and has taken away."""
    standing = {path for path in paths if path.exists()}
    names = sorted(shown(path) for path in standing or paths)
    more = f" and {len(names) - 3} more" if names[3:] else ""
    return ", ".join(names[:3]) + more
