"""Runs within runs: waiting, lost, taken over, failed."""

from __future__ import annotations

import time
from typing import Any

from interlock import Completed, Engine, Failed, Run
from run_tools import Work, questions


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
