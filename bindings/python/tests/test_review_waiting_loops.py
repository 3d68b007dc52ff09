"""Event loops that wait: a thousand waits, many loops, loops that end, no lost wake-ups."""

from __future__ import annotations

import asyncio
import copy
import os
import resource
import select
import threading
import time

import pytest

from interlock import ClosedError, Engine, _watch
from review_tools import APPROVE, ask_id


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
