"""Other processes that take on work: for what one core alone would be slow at, or be lost by.

They are spawned, never forked: a process that has run vl-convert cannot be forked, and macOS and
Windows fork none. One that has done its work waits for more, since loading what draws takes a
second. None of them outlives the process that asked for it, however that ends.
"""

import contextlib
import multiprocessing
import os
import pickle
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any

MOST = 7
"""Workers that are started at most: each takes a few hundred megabytes."""

AHEAD = 2
"""Calls that a worker is given at a time, so that it need not wait for the next one."""


@dataclass(frozen=True)
class Call:
    """Something to be worked out, by a function of a module."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    limit: float = 0
    """Seconds after which it is given up; such a call may end its process, so it has another."""


class Lost(Enum):
    """What a call with a limit gave where it gave nothing."""

    LATE = "it took too long"
    DEAD = "its process ended"


def share(calls: Sequence[Call], wanted: int, take: Callable[[int, Any], None]) -> None:
    """Work out all calls, and hand `take` the number of each with what it gave, as it comes.

    Workers, those that wait and as many more as wanted, as far as cores are free, begin at the
    front, and this process at the back. What a killed worker had begun is done here, unless it has
    a limit. Where no process can be started, all is done here.
    """
    waiting = deque(sorted(range(len(calls)), key=lambda number: not calls[number].limit))
    workers: list[_Worker] = []
    _idle[:] = [worker for worker in _idle if worker.lives]
    try:
        wanted = min(max(wanted, len(_idle)), len(calls) - 1, _cores() - 1, MOST)
        _start(workers, max(wanted, int(any(call.limit for call in calls))))
        while waiting or any(worker.begun for worker in workers):
            for worker in workers:
                worker.feed(waiting, calls)
            own = bool(waiting) and (not calls[waiting[-1]].limit or not workers)
            if own:
                number = waiting.pop()
                take(number, _done_here(calls[number]))
            for worker in _ready(workers, own):
                for number, given in worker.results():
                    if given is Lost.DEAD and not calls[number].limit:
                        waiting.append(number)
                    else:
                        take(number, given)
                if worker.ended:
                    workers.remove(worker)
            if waiting and calls[waiting[0]].limit and not workers:
                _start(workers, 1)
    finally:
        for worker in workers:
            if worker.begun:
                worker.end()
            elif not worker.ended:
                _idle.append(worker)


def dismiss() -> None:
    """End the workers that wait for work."""
    while _idle:
        _idle.pop().end()


def _done_here(call: Call) -> Any:
    try:
        return call.function(*call.arguments)
    except MemoryError:
        if call.limit:
            return Lost.DEAD
        raise


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Hear of Ctrl-C only afterwards: a process that is started by half complains of it aloud.

    The process itself, which gets the same Ctrl-C from a terminal, starts deaf to it.
    """
    if threading.current_thread() is not threading.main_thread():
        # Signals are the main thread's to hear.
        yield
        return
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    masks = hasattr(signal, "pthread_sigmask")
    if masks:
        # Started first, since it would take the mask away again.
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if masks:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, before)
    if heard:
        raise KeyboardInterrupt


class _Worker:
    """A process, and the numbers of the calls that it has been given."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,), daemon=True)
        with uninterrupted():
            self._process.start()
        # Theirs to close, or the end of the process would never be noticed here.
        theirs.close()
        self.begun: deque[int] = deque()
        self.deadline = float("inf")
        self.ended = False

    def feed(self, waiting: "deque[int]", calls: Sequence[Call]) -> None:
        """Give it what comes next: a call with a limit only where it has nothing else to do."""
        while waiting and len(self.begun) < AHEAD:
            limit = calls[waiting[0]].limit
            if self.begun and (limit or calls[self.begun[0]].limit):
                break
            number = waiting.popleft()
            self.deadline = time.monotonic() + limit if limit else float("inf")
            self.begun.append(number)
            # Of one that has ended, its results tell.
            with contextlib.suppress(OSError):
                self.line.send((calls[number].function, calls[number].arguments))

    def results(self) -> Iterator[tuple[int, Any]]:
        """What it has given since it was last asked. Raises what a call has raised."""
        try:
            while self.begun and self.line.poll():
                failed, given = self.line.recv()
                number = self.begun.popleft()
                if failed:
                    raise given
                yield number, given
        except (EOFError, OSError):
            self.end()
            while self.begun:
                yield self.begun.popleft(), Lost.DEAD
        if self.begun and time.monotonic() > self.deadline:
            self.end()
            yield self.begun.popleft(), Lost.LATE

    @property
    def lives(self) -> bool:
        """Whether its process can take on work: somebody may have killed one that waited."""
        return self._process.is_alive()

    def end(self) -> None:
        """End it at once, whatever it is at."""
        self.ended = True
        self._process.kill()
        self._process.join()
        self.line.close()


_idle: list[_Worker] = []


def _start(workers: list[_Worker], count: int) -> None:
    # Some sandboxes lack what processes talk through.
    with contextlib.suppress(OSError, ImportError, NotImplementedError):
        while len(workers) < count:
            workers.append(_idle.pop() if _idle else _Worker())


def _ready(workers: list[_Worker], hurry: bool) -> list[_Worker]:
    """The workers that have something to tell, or are late; waits for one unless in a hurry."""
    busy = [worker for worker in workers if worker.begun]
    if not busy:
        return []
    first = min(worker.deadline for worker in busy)
    patience = None if first == float("inf") else max(0.0, first - time.monotonic())
    told = wait([worker.line for worker in busy], 0 if hurry else patience)
    now = time.monotonic()
    return [worker for worker in busy if worker.line in told or now > worker.deadline]


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# In a worker


def _work(line: Connection) -> None:
    """Do what comes over the line, until it is closed.

    Ctrl-C is the builder's to answer, and without a builder there is no work.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What draws has a log of its own, which is no message to an editor.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    calls: queue.SimpleQueue[tuple[Callable[..., Any], tuple[Any, ...]]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(line, calls), daemon=True).start()
    while True:
        function, arguments = calls.get()
        try:
            told = (False, function(*arguments))
        except MemoryError:
            # Nothing more can be relied on here.
            os._exit(1)
        except Exception as error:
            told = (True, error)
        try:
            whole = pickle.dumps(told)
        except Exception:
            whole = pickle.dumps((True, RuntimeError(repr(told[1]))))
        line.send_bytes(whole)


def _listen(line: Connection, calls: "queue.SimpleQueue[Any]") -> None:
    """Read the line beside the work: the builder would wait for a worker that waits for it."""
    try:
        while True:
            calls.put(line.recv())
    except (EOFError, OSError):
        os._exit(1)
