"""Agents without a framework: the patterns of the notebook and of the server as plain functions."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from interlock import Completed, Engine, Failed, Interrupted, Run
from review_tools import APPROVE, REJECT

APPROVAL: Any = {"kind": "approval", "payload": {}}
APPROVED = "Action approved and executed!"
REJECTED = "Action rejected and cancelled."


def simple(run: Run, action: str) -> str:
    """The basic pattern of the notebook."""
    proposed = run.step("propose", lambda: f"I will {action}.")
    details = {"question": "Do you approve this action?", "action": proposed}
    answer = run.interrupt("ask", review={**APPROVAL, "title": proposed, "details": details})
    return run.step("execute", lambda: APPROVED if answer["outcome"] == "approved" else REJECTED)


def only(outcome: Any) -> Any:
    """The only question of an outcome."""
    assert isinstance(outcome, Interrupted), outcome
    [interrupt] = outcome.interrupts
    return interrupt


def decide(engine: Engine, outcome: Any, response: Any = APPROVE) -> None:
    engine.reviews.respond(only(outcome)["review"], actor="ana", response=response)


@pytest.mark.parametrize(
    ("response", "last"), [(APPROVE, APPROVED), (REJECT, REJECTED)], ids=["yes", "no"]
)
def test_N3_N5_N9_N10_execute_interrupt_decide_resume(
    engine: Engine, response: Any, last: str
) -> None:
    outcome = engine.run("simple-hitl-1", simple, "send it")
    asked = only(outcome)
    assert (asked["key"], asked["status"]) == ("ask", "pending")
    review = engine.reviews.get(asked["review"])
    assert (review["status"], review["title"]) == ("pending", "I will send it.")
    decide(engine, outcome, response)
    assert engine.run("simple-hitl-1", simple, "send it") == Completed(last)


def test_N11_N25_threads_are_named_by_their_caller_and_run_for_themselves(engine: Engine) -> None:
    names = ["user-123-session-456", "Größe/日本 😀", " a\tb\n", "x" * 512]
    outcomes = {name: engine.run(name, simple, name) for name in names}
    assert len({only(outcome)["id"] for outcome in outcomes.values()}) == len(names)
    decide(engine, outcomes[names[0]])
    decide(engine, outcomes[names[1]], REJECT)
    ends = [engine.run(name, simple, name) for name in names]
    assert ends[:2] == [Completed(APPROVED), Completed(REJECTED)]
    assert [only(end)["thread"] for end in ends[2:]] == names[2:]


def test_N23_what_was_done_before_the_question_is_not_done_again(path: str) -> None:
    """Of another engine on the same file, as another process has one."""
    done: list[str] = []

    def program(run: Run) -> list[str]:
        first = run.step("first", lambda: done.append("first") or "kept")
        answer = run.interrupt("go on?", review=APPROVAL)
        return [first, run.step("second", lambda: done.append("second") or answer["outcome"])]

    with Engine.open(path) as engine:
        outcome = engine.run("t", program)
    with Engine.open(path) as engine:
        assert [found["id"] for found in engine.runs.interrupts()] == [only(outcome)["id"]]
        decide(engine, outcome)
        assert engine.run("t", program) == Completed(["kept", "approved"])
    assert done == ["first", "second"]


def test_N37_questions_are_matched_in_order_and_by_name(engine: Engine) -> None:
    def program(run: Run) -> list[Any]:
        return [run.interrupt("name", "name?"), run.interrupt("age", "age?")]

    asked = []
    for value in ("Ana", 42):
        asked.append(only(engine.run("t", program))["request"])
        engine.runs.resume("t", value)
    assert asked == ["name?", "age?"]
    assert engine.run("t", program) == Completed(["Ana", 42])


def test_G6_G7_G8_G9_several_interrupts_are_a_list(engine: Engine) -> None:
    """Each keeps its payload as it is; what is resumed by name comes out under that name."""

    def program(run: Run) -> Any:
        return run.interrupts({"text": {"value": {"edit": "me"}}, "size": {"value": [1, None]}})

    outcome = engine.run("t", program)
    assert isinstance(outcome, Interrupted)
    requests = {found["key"]: found["request"] for found in outcome.interrupts}
    assert requests == {"text": {"edit": "me"}, "size": [1, None]}
    for interrupt in reversed(outcome.interrupts):
        engine.runs.resume("t", f"for {interrupt['key']}", interrupt=interrupt["id"])
    assert engine.run("t", program) == Completed({"text": "for text", "size": "for size"})


def test_G20_the_four_statuses_of_a_thread(engine: Engine) -> None:
    seen: list[str] = []

    def program(run: Run) -> None:
        seen.append(engine.runs.get("t")["status"])
        if run.interrupt("fail?", "?"):
            raise RuntimeError("as it was told")

    engine.run("t", program)
    assert seen == ["busy"]
    state = engine.runs.get("t")
    assert state["status"] == "interrupted"
    assert [found["key"] for found in state["interrupts"]] == ["fail?"]
    engine.runs.resume("t", True)
    assert isinstance(engine.run("t", program), Failed)
    assert engine.runs.get("t")["status"] == "error"
    engine.run("u", lambda run: None)
    assert engine.runs.get("u")["status"] == "idle"
    listed = {status: [*engine.runs.list(status=status)] for status in ("idle", "error")}
    assert [found[0]["thread"] for found in listed.values()] == ["u", "t"]


async def test_S4_S8_asynchronous_throughout(engine: Engine) -> None:
    """What is proposed can be shown before anybody has decided."""

    async def execute(action: str) -> str:
        await asyncio.sleep(0)
        return f"did {action}"

    async def program(run: Run, task: str) -> str:
        action = {"do": task}
        asked = {**APPROVAL, "details": {"proposed_action": action}}
        answer = await run.ainterrupt("ok?", review=asked)
        if answer["outcome"] != "approved":
            return "Action rejected by user"
        return str(await run.astep("execute", execute, task))

    review = only(await engine.arun("t", program, "deploy"))["review"]
    shown = await engine.reviews.aget(review)
    assert shown["details"] == {"proposed_action": {"do": "deploy"}}
    await engine.reviews.arespond(review, actor="ana", response=APPROVE)
    assert await engine.arun("t", program, "deploy") == Completed("did deploy")
