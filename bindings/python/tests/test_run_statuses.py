"""Every refusal about runs and permits: its status, its class, what it carries."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import interlock
from interlock import (
    DivergedError,
    Engine,
    InterlockError,
    PermitError,
    Run,
    RunError,
    Status,
)
from review_tools import APPROVE, NOON

TOOL: Any = {"tool": "send", "arguments": {"to": "ana", "n": 1}}
SECOND = 1000


@pytest.fixture
def engine(path: str) -> Iterator[Engine]:
    with Engine.open(path, clock=NOON) as opened:
        yield opened


def fenced(engine: Engine) -> None:
    late = engine.runs.begin("t", lease=1)
    engine.set_time(NOON + SECOND)
    assert engine.runs.begin("t").action == "took_over"
    late.heartbeat()


def asked(engine: Engine, count: int = 1, **question: Any) -> list[str]:
    """The interrupts of a run that waits."""
    outcome = engine.run(
        "t", lambda run: run.interrupts({f"q{n}": question or {"value": n} for n in range(count)})
    )
    assert isinstance(outcome, interlock.Interrupted)
    return [interrupt["id"] for interrupt in outcome.interrupts]


def diverged(engine: Engine) -> None:
    with engine.runs.begin("t") as run:
        run.step("one", lambda: 1)
        run.fail()
    with engine.runs.begin("t") as run:
        run.step("uno", lambda: 1)


def used_twice(engine: Engine) -> None:
    with engine.runs.begin("t") as run:
        run.step("one", lambda: 1)
        run.interrupt("one", "?")


def ended(engine: Engine) -> None:
    with engine.runs.begin("t") as run:
        run.complete()
        run.step("more", lambda: 1)
        run.heartbeat()


def permit(engine: Engine) -> str:
    review = engine.reviews.open("approval", TOOL)["review"]["id"]
    engine.reviews.respond(review, actor="ana", response=APPROVE)
    [issued] = engine.permits.list(review=review)
    assert issued["status"] == "issued"
    assert issued["tool"] == "send"
    assert issued["arguments"] == TOOL["arguments"]
    return issued["id"]


def consume(engine: Engine, id: str, **members: Any) -> None:
    engine.permits.consume(id, **{**TOOL, **members})


def used(engine: Engine) -> str:
    id = permit(engine)
    consume(engine, id, worker="w", lease=1)
    return id


def unreported(engine: Engine) -> str:
    id = used(engine)
    engine.set_time(NOON + SECOND)
    return id


CASES: list[tuple[Status, Callable[[Engine], Any]]] = [
    (Status.THREAD_BUSY, lambda e: [e.runs.begin("t"), e.runs.begin("t")]),
    (Status.FENCED, fenced),
    (Status.NOT_INTERRUPTED, lambda e: e.runs.resume("t", 1)),
    (
        Status.UNKNOWN_INTERRUPT,
        lambda e: [asked(e), e.runs.resume("t", 1, interrupt="nobody asked")],
    ),
    (Status.AMBIGUOUS_INTERRUPT, lambda e: [asked(e, 2), e.runs.resume("t", 1)]),
    (Status.DIVERGED, diverged),
    (Status.DUPLICATE_KEY, used_twice),
    (Status.NOT_RUNNING, ended),
    (
        Status.REVIEW_REQUIRED,
        lambda e: [
            asked(e, review={"kind": "approval", "payload": {}}),
            e.runs.resume("t", APPROVE),
        ],
    ),
    (Status.ARGS_CHANGED, lambda e: consume(e, permit(e), arguments={"to": "eve", "n": 1})),
    (Status.ALREADY_USED, lambda e: consume(e, used(e))),
    (Status.UNKNOWN_EFFECT, lambda e: consume(e, unreported(e))),
    (Status.NOT_USED, lambda e: e.permits.report(permit(e), "done")),
    (Status.UNKNOWN_PERMIT, lambda e: e.permits.get("none")),
]


def test_the_cases_are_all_there_are() -> None:
    assert [status for status, _ in CASES] == [
        status for status in Status if 41 <= status <= 49 or 70 <= status <= 74
    ]


@pytest.mark.parametrize(("status", "refused"), CASES, ids=[status.name for status, _ in CASES])
def test_each_status_is_produced(
    engine: Engine, status: Status, refused: Callable[[Engine], Any]
) -> None:
    with pytest.raises(InterlockError) as caught:
        refused(engine)
    error = caught.value
    assert error.code is status
    assert error.name == status.name
    assert error.message
    assert type(error) is interlock.errors._TABLE[status][0]
    assert isinstance(error, RunError if status < 50 else PermitError)
    assert error.details["message"] == error.message
    assert pickle.loads(pickle.dumps(error)).details == error.details
    report = engine.check()
    assert report.ok, report.problems


def test_a_divergence_says_what_was_recorded_and_what_came(engine: Engine) -> None:
    with pytest.raises(DivergedError) as caught:
        diverged(engine)
    assert caught.value.recorded == {"kind": "step", "key": "one"}
    assert caught.value.came == {"kind": "step", "key": "uno"}
    # the program as it was goes on
    engine.runs.cancel("t")
    asked(engine)
    outcome = engine.run("t", lambda run: None)
    assert isinstance(outcome, interlock.Failed)
    assert isinstance(outcome.exception, DivergedError)
    assert outcome.exception.recorded == {"kind": "interrupt", "key": "q0"}
    assert outcome.exception.came == {"kind": "end"}


def test_a_changed_step_does_no_work(engine: Engine) -> None:
    work: list[int] = []
    with pytest.raises(DivergedError):
        with engine.runs.begin("t") as run:
            run.ask("q", "?")
            run.suspend()
        with engine.runs.begin("t") as run:
            run.step("q", lambda: work.append(1))
    assert work == []


def test_a_late_worker_records_nothing(engine: Engine) -> None:
    late = engine.runs.begin("t", lease=1, worker="late")

    def while_others_take_over() -> int:
        engine.set_time(NOON + SECOND)
        engine.runs.begin("t", worker="early").step("s", lambda: 2)
        return 1

    with pytest.raises(interlock.FencedError):
        late.step("s", while_others_take_over)
    engine.set_time(NOON + 3600 * SECOND)
    with engine.runs.begin("t") as run:
        assert run.step("s", lambda: 3) == 2


def test_a_program_that_lost_its_lease_raises(engine: Engine) -> None:
    def program(run: Run) -> None:
        engine.runs.cancel("t")
        run.step("s", lambda: 1)

    with pytest.raises(interlock.FencedError):
        engine.run("t", program)
    outcome = engine.runs.get("t")["outcome"]
    assert outcome is not None and outcome["type"] == "cancelled"


def test_who_goes_past_a_review_is_on_record(engine: Engine) -> None:
    asked(engine, review={"kind": "approval", "payload": {}})
    with pytest.raises(interlock.InvalidArgumentError):
        engine.runs.resume("t", True, force=True)
    engine.runs.resume("t", True, force=True, actor="boss")
    [forced] = [r for r in engine.audit.list() if r["action"] == "decision"]
    assert forced["actor"] is not None and forced["actor"]["value"] == "boss"
    assert engine.run("t", lambda run: run.interrupts({"q0": {"value": 0}})) == (
        interlock.Completed({"q0": True})
    )


def test_an_answered_and_a_cancelled_interrupt_are_refused(engine: Engine) -> None:
    [id] = asked(engine)
    engine.runs.resume("t", 1)
    with pytest.raises(interlock.AlreadyResolvedError):
        engine.runs.resume("t", 2, interrupt=id)
    engine.runs.cancel("t")
    [id] = asked(engine)
    engine.runs.cancel("t")
    with pytest.raises(interlock.ReviewCancelledError):
        engine.runs.resume("t", 2, interrupt=id)


def test_a_run_handle_is_checked(engine: Engine) -> None:
    run = engine.runs.begin("t")
    run.close()
    with pytest.raises(interlock.ClosedError):
        run.heartbeat()
    for key in ("", "k" * 513):
        with pytest.raises((interlock.InvalidArgumentError, interlock.TooLargeError)):
            engine.runs.begin(f"t{len(key)}").step(key, lambda: 1)
    with pytest.raises(interlock.InvalidUTF8Error):
        engine.runs.begin("v").step("\ud800", lambda: 1)
    with pytest.raises(TypeError):
        engine.runs.begin("w").step(7, lambda: 1)  # type: ignore[arg-type]
    with pytest.raises(interlock.NotFoundError):
        engine.runs.get("nothing ran here")
    with pytest.raises(interlock.NotRunningError):
        engine.runs.cancel("nothing ran here")


# permits


def test_G_permit_is_consumed_once_and_reported(engine: Engine) -> None:
    id = used(engine)
    taken = engine.permits.get(id)
    assert (taken["status"], taken["worker"], taken["until"]) == ("consumed", "w", NOON + SECOND)
    done = engine.permits.report(id, "done", result={"sent": 1})
    assert (done["status"], done["result"]) == ("done", {"sent": 1})
    assert engine.permits.report(id, "done", result={"sent": 1}) == done
    with pytest.raises(interlock.AlreadyUsedError):
        engine.permits.report(id, "failed")
    with pytest.raises(interlock.AlreadyUsedError):
        consume(engine, id)
    actions = [record["action"] for record in engine.audit.list()]
    assert "use" in actions and "report" in actions


def test_X_what_is_unknown_needs_a_person(engine: Engine) -> None:
    assert [*engine.permits.list()] == []
    id = unreported(engine)
    [unknown] = engine.permits.list()
    assert (unknown["id"], unknown["status"]) == (id, "unknown")
    assert engine.permits.report(id, "failed", actor="ana")["status"] == "failed"
    assert [*engine.permits.list()] == []


def test_arguments_are_compared_as_canonical_json(engine: Engine) -> None:
    id = permit(engine)
    for changed in ({"to": "ana"}, {"to": "ana", "n": 2}, {"to": "ana", "n": 1, "x": None}):
        with pytest.raises(interlock.ArgsChangedError):
            consume(engine, id, arguments=changed)
    with pytest.raises(interlock.ArgsChangedError):
        consume(engine, id, tool="sent")
    consume(engine, id, arguments={"n": 1.0, "to": "ana"})


async def test_permits_beside_an_event_loop(engine: Engine) -> None:
    id = permit(engine)
    await engine.permits.aconsume(id, **TOOL, lease=1)
    engine.set_time(NOON + SECOND)
    assert [p["id"] async for p in engine.permits.alist(page_size=1)] == [id]
    assert (await engine.permits.apage())["next"] is None
    assert (await engine.permits.areport(id, "done"))["status"] == "done"
    assert (await engine.permits.aget(id))["status"] == "done"
