"""Runs that wait for approvals: proposals, gates before and after steps, rejections, deadlines."""

from __future__ import annotations

from typing import Any

import pytest

from interlock import Completed, Engine, Failed, RejectedError, Run
from review_tools import APPROVE, NOON, REJECT
from run_tools import APPROVAL, Work, approve, questions


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


def test_an_empty_list_of_gates_is_none(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interlock.runs._keys", list)  # as another caller of the core may say it
    assert engine.run("t", lambda run: run.step("one", lambda: 1)) == Completed(1)


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


def test_a_deadline_is_an_answer_too(path: str) -> None:
    with Engine.open(path, clock=NOON) as engine:

        def program(run: Run) -> Any:
            return run.interrupt("q", review={**APPROVAL, "expires_in": 1000})["outcome"]

        engine.run("t", program)
        engine.set_time(NOON + 1000)
        assert engine.run("t", program) == Completed("rejected")  # fail closed
