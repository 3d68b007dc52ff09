"""What becomes of a run: results, failures, lists, events."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from interlock import Completed, Engine, Failed, Run
from run_tools import Work


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


def test_a_run_that_has_ended_leaves_no_results_behind(path: str) -> None:
    def program(run: Run) -> Any:
        return run.step("read", lambda: "secret")

    with Engine.open(path) as engine:
        for _ in range(3):
            assert engine.run("t", program) == Completed("secret")
            assert steps_in(path) == 1
        engine.threads.delete("t")
        assert steps_in(path) == 0


def steps_in(path: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM steps").fetchone()[0])
