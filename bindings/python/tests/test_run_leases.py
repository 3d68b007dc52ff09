"""Who holds a run: leases and heartbeats, one worker of many, the process that began it."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

import interlock
from interlock import Completed, Engine, Run


def test_steps_and_questions_are_signs_of_life(engine: Engine) -> None:
    def program(run: Run) -> Any:
        until = []
        for number in range(3):
            time.sleep(0.15)
            run.step(f"{number}", lambda: None)
            until.append(engine.runs.get("t")["lease_until"])
        return until

    outcome = engine.run("t", program, lease=0.4)
    assert isinstance(outcome, Completed)
    assert outcome.result == sorted(set(outcome.result)), "the lease was not renewed"


def test_a_heartbeat_keeps_the_lease_beside_a_long_step(engine: Engine) -> None:
    begun = threading.Event()

    def long() -> None:
        begun.set()
        time.sleep(0.6)

    done: list[Any] = []
    thread = threading.Thread(
        target=lambda: done.append(
            engine.run("t", lambda run: run.step("long", long), lease=0.2, heartbeat=0.05)
        )
    )
    thread.start()
    begun.wait()
    time.sleep(0.4)
    with pytest.raises(interlock.ThreadBusyError):
        engine.runs.begin("t")
    thread.join()
    assert done == [Completed(None)]
    assert not [t for t in threading.enumerate() if t.name == "interlock heartbeat"]


@pytest.mark.parametrize("bad", [-1, float("nan"), float("inf")])
def test_a_lease_is_a_span_of_time(engine: Engine, bad: float) -> None:
    with pytest.raises(ValueError):
        engine.runs.begin("t", lease=bad)
    with pytest.raises(ValueError):
        engine.run("t", lambda run: None, lease=bad)


def test_one_of_many_workers_begins(engine: Engine) -> None:
    begun: list[Run] = []
    busy: list[interlock.ThreadBusyError] = []

    def begin() -> None:
        try:
            begun.append(engine.runs.begin("t"))
        except interlock.ThreadBusyError as error:
            busy.append(error)

    threads = [threading.Thread(target=begin) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(begun), len(busy)) == (1, 15)


def test_a_run_is_no_thing_to_copy(engine: Engine) -> None:
    import copy
    import pickle

    with engine.runs.begin("t") as run:
        assert "'t'" in repr(run)
        for attempt in (copy.copy, pickle.dumps):
            with pytest.raises(TypeError):
                attempt(run)


FORKED = """
import os, sys
from interlock import Completed, Engine, ForkedError

engine = Engine.open(sys.argv[1])
run = engine.runs.begin("t")
child = os.fork()
if child == 0:
    code = 0
    for call in (run.heartbeat, lambda: run.step("s", lambda: 1), run.close):
        try:
            call()
            code = 1
        except ForkedError:
            pass
    del run
    with Engine.open(sys.argv[1]) as own:
        if own.run("u", lambda run: run.step("s", lambda: 1)) != Completed(1):
            code = 2
    os._exit(code)
_, status = os.waitpid(child, 0)
assert status == 0, status
assert run.step("s", lambda: 2) == 2
run.complete()
del run
engine.close()
"""


def test_a_run_stays_with_the_process_that_began_it(path: str, child: Any) -> None:
    child("-W", "error", "-c", FORKED, path)


def test_an_engine_may_be_closed_before_its_runs(path: str) -> None:
    engine = Engine.open(path)
    run = engine.runs.begin("t")
    engine.close()
    with pytest.raises(interlock.ClosedError):
        run.step("s", lambda: 1)
    run.close()
