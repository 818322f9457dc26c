"""The workbench: a process that builds the site again and again, and keeps at hand what it loaded.

A build of its own would load Altair, vl-convert and the rest each time. Here they stay loaded, the
pages can be served while one is drawn, and a change of the generator's own code takes a new process
and nothing else.
"""

import contextlib
import multiprocessing
import signal
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection

from explainer.output.publish import PublishError
from explainer.problems import ContentError, Place, Problem, Rule, shown
from explainer.project import Setup
from explainer.workers import uninterrupted

PATIENCE = 5.0
"""Seconds that a process may take to finish what it is at, before it is ended."""


@dataclass(frozen=True)
class Made:
    """What a build came to: a site, or why there is none."""

    files: Mapping[str, bytes] | None = None
    """Every file of the site by its path; None where there were errors."""
    problems: Sequence[Problem] = ()
    """Errors and warnings, by place."""
    failure: str = ""
    """What a bug of the generator left: the last lines of Python's account of it."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many pages, charts, claims and drafts the site has."""


class Workbench:
    """Builds the site of a setup when asked to, in one process that it starts when needed."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._process: multiprocessing.process.BaseProcess | None = None
        self._line: Connection | None = None
        self._files: dict[str, bytes] = {}

    def build(self, progress: Callable[[int, int], None] = lambda done, all: None) -> Made:
        """Build the site as its files are now. Raises nothing but KeyboardInterrupt."""
        try:
            line = self._start()
            line.send_bytes(b"build")
            while True:
                kind, told = line.recv()
                if kind == "made":
                    return self._whole(*told)
                progress(*told)
        except (EOFError, OSError):
            # It has said on standard error why, if it could.
            self.clear()
            return Made(failure="the process that builds has ended; the next save starts another")

    def clear(self) -> None:
        """End the process, once it has finished what it is at; the next build starts another."""
        process, self._process = self._process, None
        line, self._line = self._line, None
        self._files = {}
        if line:
            line.close()
        if process:
            process.join(PATIENCE)
            if process.is_alive():
                process.terminate()
                process.join()

    def _start(self) -> Connection:
        if self._line is None:
            # Spawned, since a process forked after vl-convert's first use hangs.
            context = multiprocessing.get_context("spawn")
            self._line, theirs = context.Pipe()
            self._process = context.Process(target=_work, args=(self._setup, theirs))
            with uninterrupted():
                self._process.start()
            # Ours to close, or its end would never be noticed here.
            theirs.close()
        return self._line

    def _whole(self, made: Made, files: Mapping[str, bytes | None] | None) -> Made:
        """The same with every file of the site; None stands for one that is as it was."""
        if files is None:
            return made
        self._files = {
            path: self._files[path] if content is None else content
            for path, content in files.items()
        }
        return replace(made, files=self._files)


# In the process


def _work(setup: Setup, line: Connection) -> None:
    """Build whenever asked to over the line, until it is closed."""
    # Ctrl-C goes to every process of a terminal; the one that shows the site ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    before: dict[str, bytes] = {}
    warm = False
    with contextlib.suppress(EOFError, OSError):
        while True:
            line.recv_bytes()
            made = _made(setup, line)
            files: Mapping[str, bytes | None] | None = None
            if made.files is not None:
                # Only what is new goes over the line.
                files = {p: None if before.get(p) == new else new for p, new in made.files.items()}
                before = dict(made.files)
            line.send(("made", (replace(made, files=None), files)))
            if not warm and not line.poll():
                warm = _warm_up()


def _made(setup: Setup, line: Connection) -> Made:
    """What a build comes to."""

    def progress(done: int, total: int) -> None:
        line.send(("drawn", (done, total)))

    try:
        from explainer import site  # Here, where what is wrong with the code can be told.

        rendered = site.make(setup, progress)
    except ContentError as error:
        return Made(problems=error.problems)
    except PublishError as error:
        # The schema for editors, which stands beside the data file.
        place = Place(shown(setup.content), 1)
        return Made(problems=[Problem(place, Rule.BAD_OUTPUT, str(error))])
    except Exception:
        return Made(failure=traceback.format_exc(limit=-8))
    counts = {name: getattr(rendered, name) for name in ("pages", "charts", "claims", "drafts")}
    return Made(rendered.files, rendered.warnings, counts=counts)


def _warm_up() -> bool:
    """Load what draws, so that the first change to a chart need not wait for it."""
    with contextlib.suppress(Exception):
        from explainer.figures import engine

        engine.warm_up()
    return True
