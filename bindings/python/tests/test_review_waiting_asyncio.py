"""Waiting for people beside an event loop: early and late answers, timeouts, deadlines."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest

from interlock import Engine, UnknownReviewError, WaitTimeoutError
from review_tools import APPROVE, MINUTE, NOON, ask_id, by, chain


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
