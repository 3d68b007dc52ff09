"""Runs: every function, on every store, blocking and beside an event loop."""

from __future__ import annotations

import asyncio
import inspect
import threading
import time
from typing import Any

import pytest

import interlock
from interlock import (
    Completed,
    Engine,
    Failed,
    Interrupted,
    RejectedError,
    Run,
    Runs,
    Suspended,
)
from review_tools import APPROVE, NOON, REJECT

APPROVAL: Any = {"kind": "approval", "payload": {}}


class Work:
    """Counts what was done."""

    def __init__(self) -> None:
        self.done: list[Any] = []

    def __call__(self, what: Any) -> Any:
        self.done.append(what)
        return what


def questions(outcome: Any) -> dict[str, Any]:
    """The interrupts that an outcome waits for, by key."""
    assert isinstance(outcome, Interrupted), outcome
    return {interrupt["key"]: interrupt for interrupt in outcome.interrupts}


def approve(engine: Engine, outcome: Any, response: Any = APPROVE) -> None:
    for interrupt in questions(outcome).values():
        engine.reviews.respond(interrupt["review"], actor="ana", response=response)


def test_a_program_without_questions_completes(engine: Engine) -> None:
    outcome = engine.run("t", lambda run, a, b: run.step("add", lambda: a + b), 1, 2)
    assert outcome == Completed(3)
    state = engine.runs.get("t")
    assert state["status"] == "idle"
    assert state["outcome"] == {"type": "completed", "result": 3}
    assert state["interrupts"] == []
    # the same call again is a new run
    first = state["run"]
    assert engine.run("t", lambda run: None) == Completed(None)
    assert engine.runs.get("t")["run"] != first


def test_G5_G11_G12_G14_G18_an_interrupt_returns_what_it_is_resumed_with(engine: Engine) -> None:
    work = Work()

    def program(run: Run, text: str) -> Any:
        run.step("before", work, "before")
        edited = run.interrupt("edit", {"text_to_revise": text})
        return {"some_text": run.step("after", work, edited)}

    outcome = engine.run("t", program, "original text")
    asked = questions(outcome)["edit"]
    assert asked["request"] == {"text_to_revise": "original text"}
    assert asked["status"] == "pending"
    assert engine.runs.get("t")["status"] == "interrupted"
    assert [*engine.runs.interrupts()] == [asked]
    # running it again before anybody has answered asks nothing anew (X15)
    assert questions(engine.run("t", program, "original text"))["edit"]["id"] == asked["id"]

    done = engine.runs.resume("t", "Edited text")
    assert done["interrupt"]["value"] == "Edited text"
    assert done["replayed"] is False
    assert engine.runs.resume("t", "Edited text", interrupt=asked["id"])["replayed"] is True
    assert engine.run("t", program, "original text") == Completed({"some_text": "Edited text"})
    assert work.done == ["before", "Edited text"]  # G18: here no step is repeated


@pytest.mark.parametrize("value", [None, False, 0, "", [], {"a": 2**70}])
def test_G23_G25_every_json_value_is_an_answer(engine: Engine, value: Any) -> None:
    def program(run: Run) -> Any:
        return [run.interrupt("q", "?")]

    engine.run("t", program)
    engine.runs.resume("t", value)
    assert engine.run("t", program) == Completed([value])


@pytest.mark.parametrize(("response", "outcome"), [(APPROVE, "approved"), (REJECT, "rejected")])
def test_S1_S3_S4_propose_then_execute(engine: Engine, response: Any, outcome: str) -> None:
    work = Work()

    def program(run: Run, task: str) -> Any:
        action = run.step("propose", work, {"do": task})
        answer = run.interrupt("ok", review={**APPROVAL, "title": f"{action['do']}?"})
        if answer["outcome"] != "approved":
            return "Action rejected by user"
        return run.step("execute", work, "executed")

    waiting = engine.run("t", program, "deploy")
    assert engine.reviews.get(questions(waiting)["ok"]["review"])["title"] == "deploy?"
    approve(engine, waiting, response)
    result = "executed" if outcome == "approved" else "Action rejected by user"
    assert engine.run("t", program, "deploy") == Completed(result)
    assert work.done[0] == {"do": "deploy"}
    assert len(work.done) == (2 if outcome == "approved" else 1)


def test_what_a_review_answers_is_whole(engine: Engine) -> None:
    def program(run: Run) -> Any:
        return run.interrupt("name", review={"kind": "text", "payload": {}})

    review = questions(engine.run("t", program))["name"]["review"]
    engine.reviews.respond(review, actor="ana", response={"text": "Ana"})
    done = engine.run("t", program)
    assert isinstance(done, Completed)
    assert done.result == {
        "review": review,
        "status": "resolved",
        "outcome": "answered",
        "response": {"text": "Ana"},
    }


def test_S2_S10_gates_before_and_after_steps(engine: Engine) -> None:
    work = Work()

    def program(run: Run) -> Any:
        run.step("one", work, 1)
        run.step("two", work, 2)
        return run.step("three", work, 3)

    def go() -> Any:
        return engine.run("t", program, interrupt_before=["two"], interrupt_after=["two"])

    outcome = go()
    assert list(questions(outcome)) == ["before two"]
    assert work.done == [1]
    approve(engine, outcome)
    outcome = go()
    assert list(questions(outcome)) == ["after two"]
    assert work.done == [1, 2]
    approve(engine, outcome)
    assert go() == Completed(3)
    assert work.done == [1, 2, 3]


def test_S6_S7_an_answer_may_come_as_an_update(engine: Engine) -> None:
    seen: list[Any] = []

    def program(run: Run) -> Any:
        seen.append(run.updates)
        run.interrupt("q", "?")
        return [state for state in run.updates if state["approved"]] != []

    engine.run("t", program)
    engine.runs.resume("t", update={"approved": True})
    assert engine.run("t", program) == Completed(True)
    assert seen == [[], [{"approved": True}]]


def test_S9_S11_S12_one_approval_per_step_in_order(engine: Engine) -> None:
    work = Work()
    steps = ["a", "b", "c"]

    def program(run: Run) -> Any:
        approvals = []
        for name in steps:
            run.step(name, work, name)
            answer = run.interrupt(f"{name} ok", review=APPROVAL)
            approvals.append(answer["outcome"] == "approved")
            if not approvals[-1]:
                break
        return {"approvals": approvals, "completed": all(approvals)}

    for name in steps:
        outcome = engine.run("t", program)
        assert list(questions(outcome)) == [f"{name} ok"]
        approve(engine, outcome)
    assert engine.run("t", program) == Completed({"approvals": [True] * 3, "completed": True})
    assert work.done == steps
    # a rejection stops the sequence
    approve(engine, engine.run("u", program), REJECT)
    assert engine.run("u", program) == Completed({"approvals": [False], "completed": False})


def test_S11_a_rejected_gate_stops_the_program(engine: Engine) -> None:
    work = Work()

    def program(run: Run) -> Any:
        return run.step("delete", work, "gone")

    approve(engine, engine.run("t", program, interrupt_before="*"), REJECT)
    outcome = engine.run("t", program, interrupt_before="*")
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.exception, RejectedError)
    assert outcome.exception.outcome == "rejected"
    assert outcome.exception.response == REJECT
    assert work.done == []


def test_several_questions_are_asked_before_the_program_waits(engine: Engine) -> None:
    def program(run: Run) -> Any:
        return run.interrupts({"size": {"value": "?"}, "ok": {"review": APPROVAL}})

    asked = questions(engine.run("t", program))
    assert list(asked) == ["size", "ok"]
    engine.reviews.respond(asked["ok"]["review"], actor="ana", response=APPROVE)
    engine.runs.resume("t", 7)  # the only one that waits now
    outcome = engine.run("t", program)
    assert isinstance(outcome, Completed)
    assert outcome.result["size"] == 7
    assert outcome.result["ok"]["outcome"] == "approved"


@pytest.mark.parametrize("first", ["a", "b", "c"])
def test_G24_several_questions_are_answered_one_by_one(engine: Engine, first: str) -> None:
    def program(run: Run) -> Any:
        return run.interrupts({key: {"value": key} for key in "abc"})

    asked = questions(engine.run("t", program))
    engine.runs.resume("t", 1, interrupt=asked.pop(first)["id"])
    assert list(questions(engine.run("t", program))) == list(asked)
    for interrupt in asked.values():
        engine.runs.resume("t", 2, interrupt=interrupt["id"])
    answers = {key: 1 if key == first else 2 for key in "abc"}
    assert engine.run("t", program) == Completed(answers)


def test_a_failure_is_a_value_and_is_tried_again(engine: Engine) -> None:
    work = Work()
    troubles = [OSError("no network")]

    def program(run: Run) -> Any:
        run.step("one", work, 1)
        if troubles:
            raise troubles.pop()
        return run.step("two", work, 2)

    outcome = engine.run("t", program)
    assert isinstance(outcome, Failed)
    assert outcome.error == {"type": "OSError", "message": "no network"}
    assert isinstance(outcome.exception, OSError)
    state = engine.runs.get("t")
    assert state["status"] == "error"
    assert state["outcome"] == {"type": "failed", "error": outcome.error}
    assert engine.run("t", program) == Completed(2)
    assert work.done == [1, 2]


def test_a_result_that_is_not_json_is_a_failure(engine: Engine) -> None:
    outcome = engine.run("t", lambda run: run.step("s", object))
    assert isinstance(outcome, Failed)
    assert outcome.error["type"] == "TypeError"
    outcome = engine.run("t", lambda run: float("nan"))
    assert isinstance(outcome, Failed)
    assert outcome.error["type"] == "ValueError"


def test_a_message_that_is_not_text_is_recorded_nevertheless(engine: Engine) -> None:
    def program(run: Run) -> None:
        raise ValueError("lone \ud800 surrogate")

    outcome = engine.run("t", program)
    assert isinstance(outcome, Failed)
    assert outcome.error == {"type": "ValueError", "message": "lone ? surrogate"}


def test_ctrl_c_gives_the_lease_back(engine: Engine) -> None:
    def program(run: Run) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.run("t", program)
    assert engine.runs.get("t")["outcome"] == {
        "type": "failed",
        "error": {"type": "KeyboardInterrupt", "message": ""},
    }
    assert engine.run("t", lambda run: run.action) == Completed("resumed")


def test_except_exception_does_not_swallow_the_suspension(engine: Engine) -> None:
    def program(run: Run) -> Any:
        try:
            return run.interrupt("q", "?")
        except Exception:
            return "swallowed"

    assert list(questions(engine.run("t", program))) == ["q"]


def test_a_swallowed_suspension_suspends_all_the_same(engine: Engine) -> None:
    work = Work()

    def program(run: Run) -> Any:
        try:
            return run.interrupt("q", "?")
        except BaseException:
            return run.step("after", work, "must not happen")

    # the work of the step may not even begin, and nothing is recorded
    with pytest.raises(interlock.NotRunningError), engine.runs.begin("u") as run:
        with pytest.raises(Suspended):
            run.interrupt("q", "?")
        run.heartbeat()
    assert list(questions(engine.run("t", program))) == ["q"]
    engine.runs.resume("t", "yes")
    assert engine.run("t", program) == Completed("yes")


def test_asking_is_a_value(engine: Engine) -> None:
    with engine.runs.begin("t") as run:
        asked = run.ask("q", "?")
        assert asked["state"] == "waiting"
        assert asked["review"] is None
        assert run.suspend()["status"] == "interrupted"
        run.close()  # closing again does nothing
    engine.runs.resume("t", 5, interrupt=asked["interrupt"])
    with engine.runs.begin("t") as run:
        assert (run.action, run.recorded) == ("resumed", 1)
        assert run.ask("q", "?") == {"state": "answered", "value": 5}
        state = run.complete([1])
    assert state["outcome"] == {"type": "completed", "result": [1]}


def test_nested_runs(engine: Engine) -> None:
    work = Work()

    def inner(run: Run, name: str) -> Any:
        run.step("one", work, f"{name} one")
        answer = run.interrupt("q", f"{name}?")
        return run.step("two", work, f"{name} {answer}")

    def outer(run: Run) -> Any:
        first = run.child("first", inner, "a")
        second = run.child("second", inner, "b")
        return [first, second, run.step("last", work, "last")]

    outcome = engine.run("t", outer)
    assert questions(outcome)["q"]["thread"] == "t/first"
    assert engine.runs.get("t")["status"] == "interrupted"
    assert engine.runs.get("t/first")["parent"] == f"{engine.runs.get('t')['run']} first"
    engine.runs.resume("t/first", "x")
    assert questions(engine.run("t", outer))["q"]["thread"] == "t/second"
    engine.runs.resume("t/second", "y")
    assert engine.run("t", outer) == Completed(["a x", "b y", "last"])
    assert work.done == ["a one", "a x", "b one", "b y", "last"]


def test_a_child_that_ended_is_not_run_again(engine: Engine) -> None:
    """The parent dies between the end of the child and the record of the step."""
    work = Work()
    with engine.runs.begin("t", lease=0.05) as run:
        note = f"{run.run} part"
        with engine.runs.begin("t/part", parent=note) as child:
            child.step("work", work, "done")
            child.complete("done")
    time.sleep(0.06)
    assert engine.run("t", lambda run: run.child("part", lambda _: work("again"))) == Completed(
        "done"
    )
    assert work.done == ["done"]


def test_a_lost_child_is_taken_over_with_its_parent(engine: Engine) -> None:
    with engine.runs.begin("t", lease=0.05) as run:
        engine.runs.begin("t/part", parent=f"{run.run} part", lease=0.4).close()
    time.sleep(0.06)
    assert engine.run("t", lambda run: run.child("part", lambda run: run.action)) == Completed(
        "took_over"
    )


def test_a_child_that_fails_fails_as_a_call_does(engine: Engine) -> None:
    def inner(run: Run) -> None:
        raise LookupError("nothing there")

    def careful(run: Run) -> Any:
        try:
            return run.child("part", inner)
        except LookupError as error:
            return str(error)

    outcome = engine.run("t", lambda run: run.child("part", inner))
    assert isinstance(outcome, Failed)
    assert outcome.error == {"type": "LookupError", "message": "nothing there"}
    assert engine.run("t", careful) == Completed("nothing there")


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


def test_listing_runs_and_what_waits(engine: Engine) -> None:
    for number in range(5):
        engine.run(f"t{number}", lambda run: run.interrupt("q", "?") if run.thread > "t1" else 0)
    assert [run["thread"] for run in engine.runs.list(page_size=2)] == [f"t{n}" for n in range(5)]
    assert [run["thread"] for run in engine.runs.list(status="idle")] == ["t0", "t1"]
    waiting = [*engine.runs.interrupts(page_size=1)]
    assert sorted(interrupt["thread"] for interrupt in waiting) == ["t2", "t3", "t4"]
    assert [i["thread"] for i in engine.runs.interrupts(thread="t3")] == ["t3"]
    assert engine.runs.page(limit=2)["next"] == "t1"
    assert engine.runs.interrupts_page(limit=3)["interrupts"] == waiting
    cancelled = engine.runs.cancel("t3", reason="no need")
    assert cancelled["outcome"] == {"type": "cancelled", "reason": "no need"}
    assert [*engine.runs.interrupts(thread="t3")] == []


def test_events_tell_the_story_of_a_run(engine: Engine) -> None:
    def program(run: Run) -> Any:
        return run.interrupt("q", "?")

    engine.run("t", program)
    engine.runs.resume("t", 1)
    engine.run("t", program)
    types = [event["type"] for event in engine.events.read()["events"]]
    assert types == [
        "run.started", "run.asked", "run.interrupted", "run.answered", "run.resumed",
        "run.completed",
    ]  # fmt: skip


def test_a_deadline_is_an_answer_too(path: str) -> None:
    with Engine.open(path, clock=NOON) as engine:

        def program(run: Run) -> Any:
            return run.interrupt("q", review={**APPROVAL, "expires_in": 1000})["outcome"]

        engine.run("t", program)
        engine.set_time(NOON + 1000)
        assert engine.run("t", program) == Completed("rejected")  # fail closed


@pytest.mark.parametrize("bad", [-1, float("nan"), float("inf")])
def test_a_lease_is_a_span_of_time(engine: Engine, bad: float) -> None:
    with pytest.raises(ValueError):
        engine.runs.begin("t", lease=bad)
    with pytest.raises(ValueError):
        engine.run("t", lambda run: None, lease=bad)


def test_a_run_is_no_thing_to_copy(engine: Engine) -> None:
    import copy
    import pickle

    with engine.runs.begin("t") as run:
        assert "'t'" in repr(run)
        for attempt in (copy.copy, pickle.dumps):
            with pytest.raises(TypeError):
                attempt(run)


# beside an event loop


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


def test_one_of_many_resumes_wins(engine: Engine) -> None:
    engine.run("t", lambda run: run.interrupt("q", "?"))
    [interrupt] = engine.runs.interrupts()
    results: list[Any] = []

    def resume(value: int) -> None:
        try:
            results.append(engine.runs.resume("t", value, interrupt=interrupt["id"])["interrupt"])
        except interlock.AlreadyResolvedError:
            results.append(None)

    threads = [threading.Thread(target=resume, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [won] = [result for result in results if result is not None]
    assert engine.run("t", lambda run: run.interrupt("q", "?")) == Completed(won["value"])


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
