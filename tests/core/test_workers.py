"""Drawing on several cores: the same drawings, and no process that outlives its build."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, build_into, inside, tree

from explainer import workers
from explainer.figures import draw as drawings
from explainer.problems import Fault, Rule
from explainer.workers import Call, Lost

EXAMPLE = ROOT / "examples" / "coffee" / "content"
TELLS = """
import sys, threading, multiprocessing, build
def tell():
    while not multiprocessing.active_children():
        threading.Event().wait(0.01)
    print("drawing", flush=True)
threading.Thread(target=tell, daemon=True).start()
if __name__ == "__main__":
    sys.exit(build.main(sys.argv[1:]))
"""


def two_cores() -> int:
    return 2


def given(calls: Sequence[Call], wanted: int) -> list[Any]:
    """What each of some calls gives."""
    found: dict[int, Any] = {}
    workers.share(calls, wanted, found.__setitem__)
    return [found[number] for number in range(len(calls))]


def slow_pid() -> int:
    time.sleep(0.05)
    return os.getpid()


def die_elsewhere(home: int) -> int:
    """End any process but the one that asks."""
    if os.getpid() != home:
        os._exit(1)
    return home


def test_workers_draw_what_one_process_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    share = workers.share

    def counting(calls: Sequence[Call], wanted: int, take: Callable[[int, Any], None]) -> None:
        started.append(wanted)
        share(calls, wanted, take)

    monkeypatch.setattr(drawings, "share", counting)
    sites = []
    for name, cores in (("alone", 1), ("together", 2)):
        monkeypatch.setattr(workers, "_cores", lambda cores=cores: cores)
        folder = tmp_path / name
        folder.mkdir()
        with inside(folder):
            sites.append(tree(build_into(EXAMPLE, folder / "site")))
    assert sites[0] == sites[1]
    # Drawings and pictures ask for workers each, and with so many of them.
    assert len(started) % 2 == 0 and started[0] > 0, "the example has too few drawings for a worker"


def test_what_no_worker_has_begun_is_done_here() -> None:
    assert given([Call(os.getpid)], 0) == [os.getpid()]


def test_a_worker_does_what_it_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", two_cores)
    # Each call lasts so long that the worker has begun before this process is through.
    who = given([Call(slow_pid) for _ in range(80)], 1)
    assert len(set(who)) == 2 and os.getpid() in who


def test_a_worker_that_is_through_waits_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", two_cores)
    workers.dismiss()
    calls = [Call(slow_pid) for _ in range(80)]
    (first,) = {*given(calls, 1)} - {os.getpid()}
    # It is there already, so it is used where none would be started.
    assert {*given(calls, 0)} == {first, os.getpid()}
    workers.dismiss()
    assert {*given(calls[:2], 0)} == {os.getpid()}


def test_a_worker_that_died_while_it_waited_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "_cores", two_cores)
    calls = [Call(slow_pid) for _ in range(80)]
    (first,) = {*given(calls, 1)} - {os.getpid()}
    os.kill(first, signal.SIGTERM)
    time.sleep(0.2)
    assert {*given(calls[:8], 0)} == {os.getpid()}


def test_a_worker_that_was_killed_while_it_waited_takes_on_nothing() -> None:
    given([Call(slow_pid, (), 60)], 1)
    os.kill(workers._idle[-1]._process.pid or 0, signal.SIGKILL)
    workers._idle[-1]._process.join()
    assert isinstance(*given([Call(slow_pid, (), 60)], 1), int)


def test_a_worker_that_has_ended_waits_for_nothing() -> None:
    def refuse(number: int, given: Any) -> None:
        raise RuntimeError(given)

    workers.dismiss()
    with pytest.raises(RuntimeError):
        workers.share([Call(os._exit, (1,), limit=60)], 0, refuse)
    assert isinstance(given([Call(os.getpid, (), limit=60)], 0)[0], int)


def test_the_work_of_a_killed_worker_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", two_cores)
    calls = [Call(die_elsewhere, (os.getpid(),)), *(Call(slow_pid) for _ in range(80))]
    assert given(calls, 1) == [os.getpid()] * len(calls)


def test_what_may_end_its_process_has_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: 1)
    here = os.getpid()
    late, dead, sound, own = given(
        [
            Call(time.sleep, (60,), limit=3),
            Call(os._exit, (1,), limit=60),
            Call(os.getpid, (), limit=60),
            Call(os.getpid),
        ],
        0,
    )
    assert (late, dead, own) == (Lost.LATE, Lost.DEAD, here)
    assert isinstance(sound, int) and sound != here


def test_why_a_drawing_fails_comes_whole_out_of_a_worker() -> None:
    fault = Fault(Rule.BAD_CHART, "it is too wide", "make it narrower", path=("mark", 1))
    error = pickle.loads(pickle.dumps(fault))
    assert (error.rule, error.message, error.hint) == (fault.rule, fault.message, fault.hint)
    assert error.path == ("mark", 1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.skipif(workers._cores() < 2, reason="one core starts no workers")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_its_build(stop: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "tells.py"
    script.write_text(TELLS, "utf-8")
    words = [sys.executable, str(script), "--content", str(EXAMPLE), "--output", "site"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    build = subprocess.Popen(
        words,
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    assert build.stdout is not None
    assert build.stdout.readline() == "drawing\n"
    # As a terminal does it: Ctrl-C goes to all processes of the group, a kill to one.
    if stop == signal.SIGINT:
        os.killpg(build.pid, stop)
    else:
        build.send_signal(stop)
    started = time.monotonic()
    _, said = build.communicate(timeout=60)
    if stop != signal.SIGKILL:
        # On an idle machine it takes a tenth of it.
        assert time.monotonic() - started < 2
        assert said == "build.py: stopped; the site stays as it was\n"
        assert build.returncode == 130
    assert not (tmp_path / "site").exists()
    for _ in range(600):
        try:
            os.killpg(build.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    os.killpg(build.pid, signal.SIGKILL)
    raise AssertionError("a worker went on without its build")
