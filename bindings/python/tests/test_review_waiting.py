"""Waiting for people: threads, event loops, processes; early and late answers; no lost wake-ups."""

from __future__ import annotations

import asyncio
import copy
import gc
import os
import resource
import select
import signal
import threading
import time
from datetime import timedelta
from typing import Any

import pytest

import interlock
from conftest import Child
from interlock import (
    Cancel,
    ClosedError,
    Engine,
    UnknownReviewError,
    WaitCancelledError,
    WaitTimeoutError,
    _watch,
)
from review_tools import APPROVE, MINUTE, NOON, REJECT, ask_id, by, chain, python

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


def later(seconds: float, call: Any, *arguments: Any, **named: Any) -> threading.Timer:
    timer = threading.Timer(seconds, call, arguments, named)
    timer.start()
    return timer


# ------------------------------------------------------------------------------- blocking


def test_P33_a_wait_returns_the_answer(engine: Engine) -> None:
    id = ask_id(engine)
    timer = later(0.1, engine.reviews.respond, id, actor="ana", response=APPROVE)
    started = time.monotonic()
    ended = engine.reviews.wait(id, timeout=300)
    assert 0.05 < time.monotonic() - started < 2
    assert ended["response"] == APPROVE
    timer.join()


def test_P38_each_answer_reaches_its_own_waiter(engine: Engine) -> None:
    ids = [ask_id(engine) for _ in range(8)]
    heard: dict[str, str] = {}

    def listen(id: str) -> None:
        heard[id] = engine.reviews.wait(id, timeout=20)["response"]["selectedOption"]

    waiters = [threading.Thread(target=listen, args=(id,)) for id in ids]
    for waiter in waiters:
        waiter.start()
    for n, id in enumerate(reversed(ids)):
        engine.reviews.respond(id, actor="ana", response=REJECT if n % 2 else APPROVE)
    for waiter in waiters:
        waiter.join()
    assert heard == {id: "approve" if n % 2 else "reject" for n, id in enumerate(ids)}


def test_P39_a_timeout_leaves_the_review_open(engine: Engine) -> None:
    id = ask_id(engine)
    before = engine.reviews.get(id)
    started = time.monotonic()
    with pytest.raises(WaitTimeoutError) as caught:
        engine.reviews.wait(id, timeout=timedelta(milliseconds=250))
    assert 0.2 < time.monotonic() - started < 1.5
    assert isinstance(caught.value, TimeoutError)
    assert engine.reviews.get(id) == before


def test_P40_an_answer_before_the_wait_is_found(engine: Engine) -> None:
    id = ask_id(engine)
    engine.reviews.respond(id, actor="ana", response=APPROVE)
    assert engine.reviews.wait(id, timeout=0)["outcome"] == "approved"
    assert engine.reviews.wait(id)["outcome"] == "approved"


def test_P41_a_late_answer_is_kept(engine: Engine) -> None:
    id = ask_id(engine)
    with pytest.raises(WaitTimeoutError):
        engine.reviews.wait(id, timeout=0.01)
    engine.reviews.respond(id, actor="ana", response=APPROVE)
    assert engine.reviews.get(id)["outcome"] == "approved"
    assert engine.reviews.wait(id, timeout=0)["response"] == APPROVE


def test_wait_any_returns_the_first_that_ends(engine: Engine) -> None:
    ids = [ask_id(engine) for _ in range(3)]
    timer = later(0.1, engine.reviews.respond, ids[1], actor="ana", response=REJECT)
    assert engine.reviews.wait_any(ids, timeout=5)["id"] == ids[1]
    timer.join()
    with pytest.raises(TypeError, match="single str"):
        engine.reviews.wait_any("abc")
    with pytest.raises(ValueError, match="ids"):
        engine.reviews.wait_any([])
    with pytest.raises(UnknownReviewError):
        engine.reviews.wait_any([ids[0], "unknown"])
    for wrong in (-1, float("nan")):
        with pytest.raises(ValueError, match="timeout"):
            engine.reviews.wait(ids[0], timeout=wrong)


def test_a_deadline_ends_a_wait(path: str) -> None:
    with Engine.open(path) as engine:
        id = ask_id(engine, expires_in=200)
        started = time.monotonic()
        assert engine.reviews.wait(id, timeout=5)["status"] == "expired"
        assert time.monotonic() - started < 2


def test_a_wait_fires_what_is_due(path: str) -> None:
    policy = chain(by("ana", deadline_in=100, on_expiry="escalate"), by("ben"))
    with Engine.open(path) as engine:
        id = ask_id(engine, policy=policy)
        with pytest.raises(WaitTimeoutError):
            engine.reviews.wait(id, timeout=0.5)
        assert [*engine.events.list(types=["review.escalated"])]


def test_closing_wakes_waits(url: str) -> None:
    engine = Engine.open(url)
    id = ask_id(engine)
    timer = later(0.2, engine.close)
    with pytest.raises(ClosedError):
        engine.reviews.wait(id, timeout=20)
    timer.join()


def test_a_wait_can_be_cancelled_from_another_thread(engine: Engine) -> None:
    id = ask_id(engine)
    with Cancel() as cancel:
        timer = later(0.2, cancel.signal)
        started = time.monotonic()
        with pytest.raises(WaitCancelledError):
            engine.reviews.wait(id, cancel=cancel)
        assert time.monotonic() - started < 2
        with pytest.raises(WaitCancelledError):  # and every later one
            engine.events.wait(after=engine.events.read()["last"], cancel=cancel)
        timer.join()
    cancel.close()
    with pytest.raises(ClosedError):
        cancel.signal()
    with pytest.raises(TypeError, match="pickled"):
        copy.copy(cancel)
    gc.collect()
    assert engine.reviews.get(id)["status"] == "pending"


INTERRUPTED = """
import sys, threading, time, os, signal
from interlock import Engine
# A shell starts what it puts in the background with SIGINT ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
engine = Engine.open(":memory:")
id = engine.reviews.open("approval", {})["review"]["id"]
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
started = time.monotonic()
try:
    engine.reviews.wait(id)
except KeyboardInterrupt:
    assert time.monotonic() - started < 1.5
    print("interrupted")
engine.close()
"""


def test_ctrl_c_ends_a_wait(child: Child) -> None:
    assert child("-c", INTERRUPTED).stdout.strip() == "interrupted"


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


def test_exactly_one_of_many_answers_wins(engine: Engine) -> None:
    for _ in range(5):
        id = ask_id(engine)
        won: list[str] = []
        lost: list[str] = []

        def answer(name: str, id: str = id, won: Any = won, lost: Any = lost) -> None:
            response = APPROVE if int(name) % 2 else REJECT
            try:
                engine.reviews.respond(id, actor=name, response=response)
                won.append(name)
            except interlock.AlreadyResolvedError:
                lost.append(name)

        people = [threading.Thread(target=answer, args=(str(n),)) for n in range(8)]
        for person in people:
            person.start()
        for person in people:
            person.join()
        assert (len(won), len(lost)) == (1, 7)
        winner = engine.reviews.history(id)["decisions"][0]
        assert winner["actor"]["value"] == won[0]


# ------------------------------------------------------------------------------- asyncio


async def test_P33_an_await_returns_the_answer(engine: Engine) -> None:
    id = ask_id(engine)
    waiting = asyncio.create_task(engine.reviews.await_(id, timeout=300))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    started = time.monotonic()
    await engine.reviews.arespond(id, actor="ana", response=APPROVE)
    assert (await waiting)["response"] == APPROVE
    assert time.monotonic() - started < 1
    assert engine.handle.watches == {}


async def test_P39_an_await_times_out_and_changes_nothing(engine: Engine) -> None:
    id = ask_id(engine)
    for timeout in (0, 0.05, timedelta(milliseconds=50)):
        with pytest.raises(WaitTimeoutError):
            await engine.reviews.await_(id, timeout=timeout)
    with pytest.raises(asyncio.TimeoutError):  # from outside
        await asyncio.wait_for(engine.reviews.await_(id), 0.05)
    assert engine.reviews.get(id)["status"] == "pending"
    assert engine.handle.watches == {}


async def test_P40_P41_an_await_finds_early_and_late_answers(engine: Engine) -> None:
    id = ask_id(engine)
    with pytest.raises(WaitTimeoutError):
        await engine.reviews.await_(id, timeout=0.01)
    await engine.reviews.arespond(id, actor="ana", response=APPROVE)
    assert (await engine.reviews.await_(id, timeout=0))["outcome"] == "approved"
    assert (await engine.reviews.await_(id))["outcome"] == "approved"


async def test_await_any(engine: Engine) -> None:
    ids = [ask_id(engine) for _ in range(3)]
    waiting = asyncio.create_task(engine.reviews.await_any(ids))
    await asyncio.sleep(0.05)
    await engine.reviews.acancel(ids[2])
    assert (await waiting)["id"] == ids[2]
    with pytest.raises(UnknownReviewError):
        await engine.reviews.await_any([ids[0], "unknown"])
    with pytest.raises(ValueError, match="ids"):
        await engine.reviews.await_any([])
    with pytest.raises(TypeError, match="single str"):
        await engine.reviews.await_any("abc")


async def test_one_wrong_id_disturbs_nobody_else(engine: Engine) -> None:
    id = ask_id(engine)
    waits = [engine.reviews.await_(name, timeout=5) for name in (id, "unknown", "i" * 600)]
    together = asyncio.gather(*waits, return_exceptions=True)
    await asyncio.sleep(0.05)
    engine.reviews.respond(id, actor="ana", response=APPROVE)
    good, unknown, long = await together
    assert isinstance(good, dict)
    assert isinstance(unknown, UnknownReviewError)
    assert isinstance(long, ValueError)


async def test_a_deadline_ends_an_await(path: str) -> None:
    with Engine.open(path) as engine:
        id = ask_id(engine, expires_in=300)
        started = time.monotonic()
        assert (await engine.reviews.await_(id, timeout=5))["status"] == "expired"
        assert time.monotonic() - started < 1.5


async def test_an_await_fires_what_is_due(path: str) -> None:
    """A deadline hands a stage on, and nobody ticks: those who are asked next hear of it."""
    policy = chain(by("ana", deadline_in=200, on_expiry="escalate"), by("ben"))
    with Engine.open(path) as engine:
        id = ask_id(engine, policy=policy)
        waiting = asyncio.create_task(engine.reviews.await_(id, timeout=10))
        page = await engine.events.await_(types=["review.escalated"], timeout=5)
        assert page["events"][0]["review"] == id
        await engine.reviews.arespond(id, actor="ben", response=APPROVE)
        assert (await waiting)["outcome"] == "approved"


async def test_a_read_only_engine_waits_too(path: str) -> None:
    with Engine.open(path) as writer, Engine.open(path, read_only=True) as engine:
        first, second = ask_id(writer), ask_id(writer, expires_in=500)
        waits = [asyncio.create_task(engine.reviews.await_(id)) for id in (first, second)]
        await asyncio.sleep(0.1)
        await writer.reviews.arespond(first, actor="ana", response=APPROVE)
        ended = await asyncio.wait_for(asyncio.gather(*waits), 5)
        assert [review["status"] for review in ended] == ["resolved", "expired"]
        assert engine.reviews.wait(first, timeout=0)["outcome"] == "approved"
        assert engine.reviews.wait(second, timeout=0)["outcome"] == "expired"


async def test_a_manual_clock_wakes_awaits(path: str) -> None:
    with Engine.open(path, clock=NOON) as engine:
        id = ask_id(engine, expires_in=MINUTE)
        waiting = asyncio.create_task(engine.reviews.await_(id, timeout=10))
        await asyncio.sleep(0.1)
        started = time.monotonic()
        engine.set_time(NOON + MINUTE)
        assert (await waiting)["status"] == "expired"
        assert time.monotonic() - started < 1


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


async def test_a_thousand_awaits_cost_almost_nothing(path: str) -> None:
    with Engine.open(path, durability="normal") as engine:
        ids = [ask_id(engine) for _ in range(1000)]
        threads = threading.active_count()
        descriptors = len(os.listdir("/proc/self/fd"))
        waits = [asyncio.create_task(engine.reviews.await_(id)) for id in ids]
        await asyncio.sleep(1)  # each is looked at once
        assert threading.active_count() - threads <= 2
        assert len(os.listdir("/proc/self/fd")) - descriptors <= 8
        before = resource.getrusage(resource.RUSAGE_SELF)
        await asyncio.sleep(2)
        after = resource.getrusage(resource.RUSAGE_SELF)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"\n1000 pending awaits: {spent * 1000 / 2:.1f} ms of CPU per second")
        assert spent < 0.1
        assert not any(wait.done() for wait in waits)
        started = time.monotonic()
        for id in ids[:300]:
            await engine.reviews.arespond(id, actor="ana", response=APPROVE)
        assert all(ended["outcome"] == "approved" for ended in await asyncio.gather(*waits[:300]))
        print(f"300 of them answered in {time.monotonic() - started:.2f} s")
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
        assert engine.handle.watches == {}


async def test_a_lost_hint_costs_a_moment_and_no_answer(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_watch, "SAFETY_SECONDS", 0.3)
    monkeypatch.setattr(_watch.Watch, "_drain", lambda watch: watch._copied_fd.read(8))
    with Engine.open(path) as engine:
        id = ask_id(engine)
        waiting = asyncio.create_task(engine.reviews.await_(id))
        await asyncio.sleep(0.1)
        await engine.reviews.arespond(id, actor="ana", response=APPROVE)
        assert (await asyncio.wait_for(waiting, 2))["outcome"] == "approved"


async def test_closing_wakes_awaits(url: str) -> None:
    for close_elsewhere in (False, True):
        engine = Engine.open(url)
        id = ask_id(engine)
        waits = [asyncio.create_task(engine.reviews.await_(id)) for _ in range(3)]
        follow = asyncio.create_task(anext(engine.events.afollow(after=2**40)))
        await asyncio.sleep(0.1)
        if close_elsewhere:
            await asyncio.to_thread(engine.close)
        else:
            engine.close()
        for wait in (*waits, follow):
            with pytest.raises((ClosedError, ValueError)):
                await asyncio.wait_for(wait, 2)
        with pytest.raises(ClosedError):
            await engine.reviews.await_(id)


def test_many_loops_wait_on_one_engine(url: str) -> None:
    """A loop that reads the shared descriptor empty takes nothing away from the others."""
    with Engine.open(url) as engine:
        id = ask_id(engine)
        latest: list[float] = []
        ready = threading.Barrier(5)

        async def listen() -> None:
            waiting = asyncio.create_task(engine.reviews.await_(id, timeout=10))
            await asyncio.sleep(0.2)
            ready.wait()
            await waiting
            latest.append(time.monotonic())

        loops = [threading.Thread(target=lambda: asyncio.run(listen())) for _ in range(4)]
        for loop in loops:
            loop.start()
        ready.wait()
        answered = time.monotonic()
        engine.reviews.respond(id, actor="ana", response=APPROVE)
        for loop in loops:
            loop.join()
        assert len(latest) == 4
        assert max(latest) - answered < 1, "only the safety net caught them"
        assert engine.handle.watches == {}


def test_a_loop_that_ends_early_leaves_nothing(path: str) -> None:
    engine = Engine.open(path)
    id = ask_id(engine)
    twin = copy.copy(engine)

    async def give_up() -> None:
        waiting = asyncio.create_task(twin.reviews.await_(id))
        await asyncio.sleep(0.05)
        assert not waiting.done()

    asyncio.run(give_up())
    assert engine.handle.watches == {}

    loop = asyncio.new_event_loop()
    waiting = loop.create_task(engine.reviews.await_(id))
    loop.run_until_complete(asyncio.sleep(0.05))
    waiting.cancel()
    loop.run_until_complete(asyncio.gather(waiting, return_exceptions=True))
    loop.close()
    assert engine.handle.watches == {}
    engine.close()


def test_the_event_fd_is_for_other_loops(engine: Engine) -> None:
    descriptor = engine.event_fd()
    assert engine.event_fd() == descriptor
    last = engine.events.read()["last"]
    id = ask_id(engine)
    readable, _, _ = select.select([descriptor], [], [], 5)
    assert readable == [descriptor]
    assert len(os.read(descriptor, 8)) == 8
    assert [event["review"] for event in engine.events.list(after=last)] == [id]


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
