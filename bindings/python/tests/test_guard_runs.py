"""Guarded functions within runs, and guarded coroutine functions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from guard_tools import answer, edited, only_review
from interlock import (
    Completed,
    Engine,
    Failed,
    Interrupted,
    PendingError,
    Permit,
    RejectedError,
    Run,
)
from review_tools import NOON, REJECT


@pytest.fixture
def engine(path: str) -> Iterator[Engine]:
    with Engine.open(path, clock=NOON) as opened:
        yield opened


def test_N21_every_guarded_call_of_a_run_gets_its_decision(engine: Engine) -> None:
    done: list[Any] = []

    @engine.guard(mode="suspend")
    def delete(path: str) -> str:
        done.append(path)
        return f"deleted {path}"

    def program(run: Run) -> Any:
        return [delete(path) for path in ("a", "b")]

    for path in ("a", "b"):
        assert isinstance(engine.run("t", program), Interrupted)
        review = only_review(engine)
        assert review["payload"]["arguments"] == {"path": path}
        assert review["thread"] == "t"
        answer(engine)
    assert engine.run("t", program) == Completed(["deleted a", "deleted b"])
    assert done == ["a", "b"]


def test_a_rejected_call_of_a_run_raises_in_the_program(engine: Engine) -> None:
    @engine.guard(mode="suspend", key=lambda path: f"delete {path}")
    def delete(path: str) -> None:
        raise AssertionError("not approved")

    def careful(run: Run) -> str:
        try:
            delete("a")
        except RejectedError as refused:
            return str(refused)
        return "deleted"

    assert isinstance(engine.run("t", careful), Interrupted)
    answer(engine, REJECT)
    assert engine.run("t", careful) == Completed("not approved: rejected")
    assert isinstance(engine.run("u", lambda run: delete("a")), Interrupted)
    answer(engine, REJECT)
    assert isinstance(engine.run("u", lambda run: delete("a")), Failed)


async def test_a_coroutine_function_is_guarded_too(engine: Engine) -> None:
    done: list[Any] = []

    async def verify(permit: Permit) -> bool:
        return True

    @engine.guard(timeout=30)
    async def waits(what: str) -> str:
        done.append(what)
        return what

    @engine.guard(mode="raise", key=str, edit=True, tool="send")
    async def raises(what: str) -> str:
        done.append(what)
        return what

    @engine.guard(mode="raise", key=lambda what: f"crash {what}", verify=verify, lease=1)
    async def crashes(what: str) -> str:
        done.append(what)
        raise asyncio.CancelledError

    @engine.guard(mode="suspend")
    async def suspends(what: str) -> str:
        done.append(what)
        return what

    call = asyncio.create_task(waits("a"))
    while not [*engine.reviews.list(status="pending")]:
        await asyncio.sleep(0.01)
    answer(engine)
    assert await call == "a"

    with pytest.raises(PendingError):
        await raises("b")
    answer(engine, edited("send", {"what": "c"}))
    assert [await raises("b"), await raises("b")] == ["c", "c"]

    with pytest.raises(PendingError):
        await crashes("d")
    answer(engine)
    with pytest.raises(asyncio.CancelledError):
        await crashes("d")
    engine.set_time(NOON + 1000)
    assert await crashes("d") is None  # type: ignore[comparison-overlap]

    async def program(run: Run) -> Any:
        return await suspends("e")

    assert isinstance(await engine.arun("t", program), Interrupted)
    answer(engine)
    assert await engine.arun("t", program) == Completed("e")
    assert done == ["a", "c", "d", "e"]
