"""Runs beside an event loop: coroutine functions, plain ones, and the twins of every function."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest

import interlock
from interlock import Completed, Engine, Failed, Run, Runs
from run_tools import APPROVAL, Work, approve, questions


async def test_a_coroutine_function_is_a_program(engine: Engine) -> None:
    work = Work()

    async def slow(what: str) -> str:
        await asyncio.sleep(0)
        return str(work(what))

    async def inner(run: Run) -> Any:
        return await run.ainterrupt("q", review=APPROVAL)

    async def program(run: Run) -> Any:
        one = await run.astep("one", slow, "one")
        plain = await run.astep("plain", work, "plain")
        answer = await run.achild("part", inner)
        both = await run.ainterrupts({"a": {"value": 1}})
        return [one, plain, answer["outcome"], both]

    outcome = await engine.arun("t", program)
    approve(engine, outcome)
    assert list(questions(await engine.arun("t", program))) == ["a"]
    await engine.runs.aresume("t", 2)
    assert await engine.arun("t", program) == Completed(["one", "plain", "approved", {"a": 2}])
    assert work.done == ["one", "plain"]


def test_a_coroutine_function_runs_without_a_loop_too(engine: Engine) -> None:
    async def program(run: Run) -> Any:
        return await run.astep("one", lambda: 1)

    assert engine.run("t", program) == Completed(1)


async def test_a_plain_function_runs_beside_a_loop_too(engine: Engine) -> None:
    def program(run: Run) -> Any:
        return [run.step("one", lambda: 1), run.interrupt("q", "?")]

    assert list(questions(await engine.arun("t", program))) == ["q"]
    await engine.runs.aresume("t", None)
    assert await engine.arun("t", program) == Completed([1, None])


async def test_a_cancelled_task_gives_the_lease_back(engine: Engine) -> None:
    begun = asyncio.Event()

    async def program(run: Run) -> None:
        begun.set()
        await asyncio.sleep(60)

    task = asyncio.create_task(engine.arun("t", program))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await engine.runs.aget("t"))["status"] == "error"


def test_a_coroutine_in_a_plain_step_is_refused(engine: Engine) -> None:
    async def work() -> None: ...

    outcome = engine.run("t", lambda run: run.step("s", work))
    assert isinstance(outcome, Failed)
    assert "astep" in outcome.error["message"]


async def test_the_rest_has_twins_that_do_the_same(engine: Engine) -> None:
    for kind in (Run, Runs, interlock.Permits):
        for name in [name for name in dir(kind) if not name.startswith("_")]:
            twin = getattr(kind, f"a{name}", None)
            if twin is not None:
                assert inspect.signature(getattr(kind, name)).parameters.keys() == (
                    inspect.signature(twin).parameters.keys()
                )
    run = await engine.runs.abegin("t")
    assert (await run.aask("q", "?"))["state"] == "waiting"
    await run.aheartbeat()
    await run.asuspend()
    run.close()
    assert [r["thread"] async for r in engine.runs.alist()] == ["t"]
    assert [i["key"] async for i in engine.runs.ainterrupts()] == ["q"]
    await engine.runs.acancel("t")
    with await engine.runs.abegin("t") as run:
        await run.afail("why")
    with await engine.runs.abegin("t") as run:
        await run.acomplete()
    assert (await engine.runs.apage())["runs"][0]["status"] == "idle"
    assert (await engine.runs.ainterrupts_page())["interrupts"] == []
