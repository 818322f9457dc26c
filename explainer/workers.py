"""Other processes that take on work, for what one core alone would be slow at.

They are spawned, never forked: a process that has run vl-convert cannot be forked, and macOS and
Windows fork none. None of them outlives the build that asked for it, however that ends.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from typing import Any, ParamSpec, TypeVar

MOST = 7
"""Workers that are started at most: each takes a few hundred megabytes."""

_P = ParamSpec("_P")
_T = TypeVar("_T")
Submit = Callable[..., "Future[Any]"]


@contextlib.contextmanager
def crew(wanted: int) -> Iterator[Submit]:
    """Give what hands a call to a worker; there are as many as wanted, as far as cores are free.

    Where there are none, or none can be started, nothing that is handed in is ever begun: whoever
    asks for it with `done` does it then.
    """
    count = min(wanted, _cores() - 1, MOST)
    pool: ProcessPoolExecutor | None = None
    if count > 0:
        # Some sandboxes lack what processes talk through.
        with contextlib.suppress(OSError, ImportError, NotImplementedError):
            pool = ProcessPoolExecutor(
                count, multiprocessing.get_context("spawn"), initializer=_start
            )

    def submit(call: Callable[..., Any], *args: Any) -> "Future[Any]":
        # A worker that was killed takes its crew with it.
        with contextlib.suppress(BrokenExecutor):
            if pool:
                # The first call starts the workers.
                with uninterrupted():
                    return pool.submit(call, *args)
        return Future()

    try:
        yield submit
    finally:
        if pool:
            pool.shutdown(cancel_futures=True)


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


def done(future: "Future[_T]", call: Callable[_P, _T], *args: _P.args, **kwds: _P.kwargs) -> _T:
    """What a call gives: from the worker that has begun it, or worked out here."""
    if future.cancel():
        return call(*args, **kwds)
    try:
        return future.result()
    except BrokenExecutor:
        # A worker was killed, perhaps for want of memory.
        return call(*args, **kwds)


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _start() -> None:
    """Prepare a worker: Ctrl-C is the builder's to answer, and without a builder there is no work.

    What is being drawn is finished first, which takes a moment at most.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    builder = multiprocessing.parent_process()
    if builder is not None:
        threading.Thread(target=_end_with, args=(builder.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
