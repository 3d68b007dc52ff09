"""What a run asks: questions, their answers, several at once, and how it is suspended."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import interlock
from interlock import Completed, Engine, Run, Suspended
from review_tools import APPROVE
from run_tools import APPROVAL, Work, questions


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


def test_a_successor_that_asks_nothing_lets_the_run_go_on(engine: Engine) -> None:
    def program(run: Run) -> Any:
        return run.interrupt("ok?", review=APPROVAL)

    (waits,) = questions(engine.run("t", program)).values()
    note = {"kind": "notify", "payload": {"text": "Never mind."}}
    new = engine.reviews.supersede(waits["review"], successor=note)["review"]
    done = engine.run("t", program)
    assert isinstance(done, Completed)
    assert (done.result["review"], done.result["outcome"]) == (new["id"], "acknowledged")


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
