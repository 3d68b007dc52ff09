"""Waits and answers in several processes: answers from elsewhere, kill -9, fork()."""

from __future__ import annotations

import asyncio
import signal
import time

from conftest import Child
from interlock import Engine
from review_tools import ask_id, python

ANSWER = """
import sys
from interlock import Engine
with Engine.open(sys.argv[1], must_exist=True) as engine:
    print("ready", flush=True)
    for line in sys.stdin:
        id, _, option = line.strip().partition(" ")
        engine.reviews.respond(id, actor="ana", response={"selectedOption": option})
        print("answered", flush=True)
"""


def test_an_answer_in_another_process_wakes_a_wait(path: str) -> None:
    with Engine.open(path) as engine:
        ids = [ask_id(engine) for _ in range(5)]
        with python(ANSWER, path) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            slowest = 0.0
            for id in ids:
                process.stdin.write(f"{id} approve\n")
                process.stdin.flush()
                assert engine.reviews.wait(id, timeout=20)["outcome"] == "approved"
                started = time.monotonic()
                assert process.stdout.readline() == "answered\n"
                slowest = max(slowest, time.monotonic() - started)
            assert slowest < 1


async def test_an_answer_in_another_process_wakes_an_await(path: str) -> None:
    with Engine.open(path) as engine:
        ids = [ask_id(engine) for _ in range(5)]
        with python(ANSWER, path) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            waits = [asyncio.create_task(engine.reviews.await_(id)) for id in ids]
            await asyncio.sleep(0.1)
            started = time.monotonic()
            for id, wait in zip(ids, waits, strict=True):
                process.stdin.write(f"{id} reject\n")
                process.stdin.flush()
                assert (await wait)["outcome"] == "rejected"
            assert time.monotonic() - started < 1.5, "only the safety net caught them"


KILLED = """
import os, signal, sys
from interlock import Engine
engine = Engine.open(sys.argv[1])
engine.reviews.respond(sys.argv[2], actor="ana", response={"selectedOption": "approve"})
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_acknowledged_answer_survives_kill(path: str) -> None:
    with Engine.open(path) as engine:
        id = ask_id(engine)
        with python(KILLED, path, id) as process:
            assert process.wait(30) == -signal.SIGKILL
        ended = engine.reviews.wait(id, timeout=0)
        assert ended["outcome"] == "approved"
        assert len(engine.reviews.history(id)["decisions"]) == 1
        assert engine.check().ok
        assert engine.audit.verify().ok


FORKED = """
import asyncio, os, sys
from interlock import Engine, ForkedError, Cancel
engine = Engine.open(sys.argv[1])
id = engine.reviews.open("approval", {})["review"]["id"]
cancel = Cancel()
engine.event_fd()
child = os.fork()
if child == 0:
    calls = [
        lambda: engine.reviews.get(id), lambda: engine.reviews.wait(id),
        lambda: engine.reviews.respond(id, actor="a", outcome="approved"),
        lambda: engine.policies.put({"name": "p", "stages": [{"approvers": ["anyone"]}]}),
        lambda: engine.events.wait(), lambda: engine.events.ack("c", 1),
        lambda: engine.audit.read(), lambda: engine.audit.verify(), engine.tick,
        engine.next_deadline, lambda: engine.set_time(5), engine.event_fd, cancel.signal,
        cancel.close, lambda: asyncio.run(engine.reviews.await_(id)),
    ]
    for number, call in enumerate(calls):
        try:
            call()
        except ForkedError:
            continue
        os._exit(10 + number)
    own = Engine.open(sys.argv[1])
    own.reviews.respond(id, actor="ana", outcome="approved")
    own.close()
    sys.exit(0)
assert engine.reviews.wait(id, timeout=20)["outcome"] == "approved"
_, status = os.waitpid(child, 0)
assert status == 0, os.waitstatus_to_exitcode(status)
engine.close()
cancel.close()
print("parent done")
"""


def test_a_forked_child_opens_its_own(path: str, child: Child) -> None:
    assert child("-W", "error", "-c", FORKED, path).stdout.strip() == "parent done"


FORKED_AT_ONCE = """
import os, sys, threading
from interlock import Engine
for _ in range(30):
    with Engine.open(sys.argv[1], timer=True) as engine:
        engine.event_fd()
        child = os.fork()
        if child == 0:
            with Engine.open(sys.argv[1], timer=True) as own:
                own.reviews.open("approval", {})
            os._exit(0)
        engine.reviews.open("approval", {})
        _, status = os.waitpid(child, 0)
        assert status == 0, os.waitstatus_to_exitcode(status)
print("done")
"""


def test_a_fork_while_the_thread_of_the_engine_begins(path: str, child: Child) -> None:
    """No child waits for what that thread holds at its first step: locks of Swift's runtime."""
    assert child("-W", "error", "-c", FORKED_AT_ONCE, path).stdout.strip() == "done"
