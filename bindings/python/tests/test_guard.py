"""Guarded functions: what runs is what was approved, once."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import interlock
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
from review_tools import APPROVE, NOON, REJECT, by, chain


@pytest.fixture
def engine(path: str) -> Iterator[Engine]:
    with Engine.open(path, clock=NOON) as opened:
        yield opened


@pytest.fixture
def anyones(engine: Engine) -> Iterator[None]:
    """Somebody who approves whatever is asked."""
    stop = threading.Event()

    def answer() -> None:
        while not stop.wait(0.01):
            for review in engine.reviews.list(status="pending"):
                engine.reviews.respond(review["id"], actor="ana", outcome="approved")

    thread = threading.Thread(target=answer)
    thread.start()
    yield
    stop.set()
    thread.join()


def only_review(engine: Engine) -> Any:
    [review] = engine.reviews.list(status="pending")
    return review


def answer(engine: Engine, response: Any = APPROVE) -> None:
    engine.reviews.respond(only_review(engine)["id"], actor="ana", response=response)


def edited(name: str, args: dict[str, Any]) -> dict[str, Any]:
    return {"decisions": [{"type": "edit", "edited_action": {"name": name, "args": args}}]}


def only_permit(engine: Engine) -> Permit:
    [review] = engine.reviews.list(status="resolved")
    [permit] = engine.permits.list(review=review["id"])
    return permit


@pytest.mark.usefixtures("anyones")
def test_waits_and_runs_with_what_was_approved(engine: Engine) -> None:
    done: list[Any] = []

    @engine.guard(title=lambda path, *_, **__: f"Delete {path}?", summary="now", timeout=30)
    def delete(path: str, /, *more: str, force: bool = False, **rest: int) -> int:
        """Deletes."""
        done.append((path, more, force, rest))
        return len(done)

    assert delete("a", "b", "c", x=1) == 1
    assert done == [("a", ("b", "c"), False, {"x": 1})]
    assert delete.__name__ == "delete" and delete.__doc__ == "Deletes."
    permit = only_permit(engine)
    assert (permit["status"], permit["tool"], permit["result"]) == ("done", "delete", 1)
    assert permit["arguments"] == {
        "path": "a", "more": ["b", "c"], "force": False, "rest": {"x": 1}
    }  # fmt: skip
    review = engine.reviews.get(permit["review"])
    assert (review["title"], review["summary"], review["kind"]) == ("Delete a?", "now", "approval")
    # each call without a key asks anew
    assert delete("a", "b", "c", x=1) == 2


def test_X17_a_rejection_runs_nothing(engine: Engine) -> None:
    done: list[Any] = []
    guarded = engine.guard(mode="raise", key=str)(_into(done))
    with pytest.raises(PendingError):
        guarded("a")
    answer(engine, REJECT)
    with pytest.raises(RejectedError) as caught:
        guarded("a")
    assert caught.value.outcome == "rejected"
    assert caught.value.response == REJECT
    assert caught.value.review
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.outcome, str(again)) == ("rejected", "not approved: rejected")
    assert done == []


def _into(done: list[Any], result: Any = None) -> Any:
    def append(what: Any) -> Any:
        done.append(what)
        return result

    return append


def test_silence_is_no(engine: Engine) -> None:
    done: list[Any] = []
    guarded = engine.guard(mode="raise", key=str, expires_in=1000)(_into(done))
    with pytest.raises(PendingError):
        guarded("a")
    engine.set_time(NOON + 1000)
    with pytest.raises(RejectedError) as caught:
        guarded("a")
    assert caught.value.status == "expired"
    assert done == []


def test_X15_asking_again_finds_the_review_and_the_result(engine: Engine) -> None:
    done: list[Any] = []
    guarded = engine.guard(mode="raise", key=lambda what: f"do {what}")(_into(done, {"n": 1}))
    for _ in range(2):
        with pytest.raises(PendingError) as caught:
            guarded("a")
        assert caught.value.review["id"] == only_review(engine)["id"]
        assert pickle.loads(pickle.dumps(caught.value)).review == caught.value.review
    answer(engine)
    assert [guarded("a") for _ in range(3)] == [{"n": 1}] * 3
    assert done == ["a"]


def test_the_same_key_with_other_arguments_is_refused(engine: Engine) -> None:
    done: list[Any] = []
    guarded = engine.guard(mode="raise", key=lambda what: "k")(_into(done))
    with pytest.raises(PendingError):
        guarded("a")
    answer(engine)
    with pytest.raises(interlock.IdempotencyMismatchError):
        guarded("b")
    assert done == []


def test_S32_people_may_edit_the_arguments(engine: Engine) -> None:
    done: list[Any] = []
    guarded = engine.guard(mode="raise", edit=True, tool="send", key=str)(_into(done))
    with pytest.raises(PendingError):
        guarded("a")
    assert only_review(engine)["payload"]["items"][0]["args"] == {"what": "a"}
    answer(engine, edited("send", {"what": "b"}))
    guarded("a")
    assert done == ["b"]
    assert only_permit(engine)["arguments"] == {"what": "b"}


def test_an_edit_that_does_not_fit_uses_nothing_up(engine: Engine) -> None:
    done: list[Any] = []
    guarded = engine.guard(mode="raise", edit=True, tool="send", key=str)(_into(done))
    with pytest.raises(PendingError):
        guarded("a")
    answer(engine, edited("send", {"what": "b", "whom": "eve"}))
    with pytest.raises(TypeError):
        guarded("a")
    assert only_permit(engine)["status"] == "issued"
    assert done == []


def test_a_call_that_fails_is_reported_and_not_repeated(engine: Engine) -> None:
    calls: list[str] = []

    @engine.guard(mode="raise", key=str)
    def send(to: str) -> None:
        calls.append(to)
        raise ConnectionError("gone")

    with pytest.raises(PendingError):
        send("ana")
    answer(engine)
    with pytest.raises(ConnectionError):
        send("ana")
    permit = only_permit(engine)
    assert permit["status"] == "failed"
    assert permit["result"] == {"type": "ConnectionError", "message": "gone"}
    with pytest.raises(interlock.AlreadyUsedError):
        send("ana")
    assert calls == ["ana"]


@pytest.mark.parametrize(
    ("verdict", "status"), [(True, "done"), (False, "failed"), (None, "unknown")]
)
def test_an_unknown_effect_is_verified_and_never_repeated(
    engine: Engine, verdict: bool | None, status: str
) -> None:
    calls: list[str] = []
    verified: list[Permit] = []

    def verify(permit: Permit) -> bool | None:
        verified.append(permit)
        return verdict

    @engine.guard(mode="raise", key=str, verify=verify, lease=1)
    def send(to: str) -> str:
        calls.append(to)
        raise KeyboardInterrupt  # as good as a crash: nobody reports

    with pytest.raises(PendingError):
        send("ana")
    answer(engine)
    with pytest.raises(KeyboardInterrupt):
        send("ana")
    with pytest.raises(interlock.AlreadyUsedError):
        send("ana")  # it might still be under way
    assert verified == []
    engine.set_time(NOON + 1000)
    if verdict is True:
        assert send("ana") is None
    else:
        refusal = interlock.AlreadyUsedError if verdict is False else interlock.UnknownEffectError
        with pytest.raises(refusal):
            send("ana")
    assert verified[0]["arguments"] == {"to": "ana"}
    assert only_permit(engine)["status"] == status
    assert calls == ["ana"]


def test_without_a_hook_an_unknown_effect_is_for_people(engine: Engine) -> None:
    @engine.guard(mode="raise", key=str, lease=1)
    def send(to: str) -> None:
        raise SystemExit

    with pytest.raises(PendingError):
        send("ana")
    answer(engine)
    with pytest.raises(SystemExit):
        send("ana")
    engine.set_time(NOON + 1000)
    with pytest.raises(interlock.UnknownEffectError):
        send("ana")
    assert [permit["tool"] for permit in engine.permits.list()] == ["send"]


def test_the_patience_of_a_wait_changes_nothing(engine: Engine) -> None:
    guarded = engine.guard(timeout=0.01)(_into([]))
    with pytest.raises(interlock.WaitTimeoutError):
        guarded("a")
    assert only_review(engine)["status"] == "pending"


def test_a_policy_decides_who_decides(engine: Engine) -> None:
    done: list[Any] = []
    policy = chain(by("ana", "ben", quorum="all"))
    guarded = engine.guard(mode="raise", key=str, policy=policy, requester="bot")(_into(done))
    with pytest.raises(PendingError):
        guarded("a")
    answer(engine)
    with pytest.raises(PendingError):
        guarded("a")
    engine.reviews.respond(only_review(engine)["id"], actor="ben", response=APPROVE)
    guarded("a")
    assert done == ["a"]


def test_what_is_not_json_is_not_asked(engine: Engine) -> None:
    with pytest.raises(TypeError):
        engine.guard(mode="raise", key=lambda what: "k")(_into([]))(object())
    assert [*engine.reviews.list()] == []


@pytest.mark.usefixtures("anyones")
def test_a_result_that_is_not_json_is_the_callers_all_the_same(engine: Engine) -> None:
    result = object()
    assert engine.guard(timeout=30)(_into([], result))("a") is result
    assert only_permit(engine)["status"] == "done"


def test_wrong_modes_are_refused_at_once(engine: Engine) -> None:
    with pytest.raises(ValueError):
        engine.guard(mode="later")  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        engine.guard(mode="raise")
    with pytest.raises(RuntimeError):
        engine.guard(mode="suspend")(_into([]))("outside of a run")


def test_one_of_many_calls_runs(engine: Engine) -> None:
    done: list[Any] = []
    guarded = engine.guard(mode="raise", key=str)(_into(done))
    with pytest.raises(PendingError):
        guarded("a")
    answer(engine)

    def call() -> None:
        with contextlib.suppress(interlock.AlreadyUsedError):
            guarded("a")

    threads = [threading.Thread(target=call) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == ["a"]


# within a run


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


# beside an event loop


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
