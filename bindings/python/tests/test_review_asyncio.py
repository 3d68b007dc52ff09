"""Reviews beside an event loop: every function has a twin that does the same."""

from __future__ import annotations

import asyncio
import inspect

import pytest

import interlock
from interlock import Engine, Reviews, UnknownReviewError
from review_tools import APPROVE, by, chain


async def test_asyncio_twins_do_the_same(engine: Engine) -> None:
    reviews = engine.reviews
    opened = await reviews.aopen("approval", {}, thread="t", policy=chain(by("ana", "ben")))
    id = opened["review"]["id"]
    assert await reviews.aget(id) == opened["review"]
    assert (await reviews.apage(limit=1))["reviews"] == [opened["review"]]
    assert [found["id"] async for found in reviews.alist()] == [id]
    assert (await reviews.aclaim(id, actor="ana"))["claimed_by"]
    assert (await reviews.arelease(id, actor="ana"))["claimed_by"] is None
    assert (await reviews.areassign(id, assignee="ben"))["assignee"]
    await reviews.acomment(id, actor="ana", text="hm")
    assert (await reviews.ahistory(id))["comments"][0]["text"] == "hm"
    assert (await reviews.aexplain(id))["needed"] == 1
    assert (await reviews.aescalate(id, confidence=0.9))["action"] == "stayed"
    newer = (await reviews.asupersede(id, successor={"kind": "approval", "payload": {}}))["review"]
    assert (await reviews.arespond(newer["id"], actor="ana", response=APPROVE))["review"]["outcome"]
    assert (await reviews.areceipt(newer["id"]))["receipt"]["outcome"] == "approved"
    third = (await reviews.aopen("text", {}))["review"]["id"]
    assert (await reviews.acancel(third))["status"] == "cancelled"
    assert (await reviews.await_(third))["status"] == "cancelled"
    assert (await reviews.await_any([newer["id"], third]))["id"] == newer["id"]


def test_every_function_has_its_twin() -> None:
    for part in (
        Reviews,
        interlock.Policies,
        interlock.Events,
        interlock.Audit,
        interlock.Tokens,
        interlock.Webhooks,
    ):
        names = {name for name in dir(part) if not name.startswith("_")}
        blocking = {name for name in names if not name.startswith("a") or name == "ack"}
        for name in blocking - {"consumer"}:
            other = {"wait": "await_", "wait_any": "await_any"}.get(name, f"a{name}")
            assert other in names, (part, name)
            function = getattr(part, other)
            assert inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
            assert function.__doc__
            if name in ("wait", "wait_any", "follow"):
                continue  # a task is cancelled, not its wait
            mine, its = inspect.signature(getattr(part, name)), inspect.signature(function)
            assert list(its.parameters.values()) == list(mine.parameters.values()), other


async def test_a_cancelled_await_does_not_undo_the_call(engine: Engine) -> None:
    task = asyncio.create_task(engine.reviews.aopen("approval", {}, key="k"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for _ in range(100):
        try:
            assert engine.reviews.get(review_key="k")["status"] == "pending"
            break
        except UnknownReviewError:
            await asyncio.sleep(0.01)
