"""Guarded functions: what is asked, who decides, and that what runs is what was approved."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import interlock
from guard_tools import answer, append_to, edited, only_permit, only_review
from interlock import Engine, PendingError, RejectedError
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
    guarded = engine.guard(mode="raise", key=str)(append_to(done))
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


def test_silence_is_no(engine: Engine) -> None:
    done: list[Any] = []
    guarded = engine.guard(mode="raise", key=str, expires_in=1000)(append_to(done))
    with pytest.raises(PendingError):
        guarded("a")
    engine.set_time(NOON + 1000)
    with pytest.raises(RejectedError) as caught:
        guarded("a")
    assert caught.value.status == "expired"
    assert done == []


def test_S32_people_may_edit_the_arguments(engine: Engine) -> None:
    done: list[Any] = []
    guarded = engine.guard(mode="raise", edit=True, tool="send", key=str)(append_to(done))
    with pytest.raises(PendingError):
        guarded("a")
    assert only_review(engine)["payload"]["items"][0]["args"] == {"what": "a"}
    answer(engine, edited("send", {"what": "b"}))
    guarded("a")
    assert done == ["b"]
    assert only_permit(engine)["arguments"] == {"what": "b"}


def test_an_edit_that_does_not_fit_uses_nothing_up(engine: Engine) -> None:
    done: list[Any] = []
    guarded = engine.guard(mode="raise", edit=True, tool="send", key=str)(append_to(done))
    with pytest.raises(PendingError):
        guarded("a")
    answer(engine, edited("send", {"what": "b", "whom": "eve"}))
    with pytest.raises(TypeError):
        guarded("a")
    assert only_permit(engine)["status"] == "issued"
    assert done == []


def test_the_patience_of_a_wait_changes_nothing(engine: Engine) -> None:
    guarded = engine.guard(timeout=0.01)(append_to([]))
    with pytest.raises(interlock.WaitTimeoutError):
        guarded("a")
    assert only_review(engine)["status"] == "pending"


def test_a_policy_decides_who_decides(engine: Engine) -> None:
    done: list[Any] = []
    policy = chain(by("ana", "ben", quorum="all"))
    guarded = engine.guard(mode="raise", key=str, policy=policy, requester="bot")(append_to(done))
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
        engine.guard(mode="raise", key=lambda what: "k")(append_to([]))(object())
    assert [*engine.reviews.list()] == []


@pytest.mark.usefixtures("anyones")
def test_a_result_that_is_not_json_is_the_callers_all_the_same(engine: Engine) -> None:
    result = object()
    assert engine.guard(timeout=30)(append_to([], result))("a") is result
    assert only_permit(engine)["status"] == "done"


def test_wrong_modes_are_refused_at_once(engine: Engine) -> None:
    with pytest.raises(ValueError):
        engine.guard(mode="later")  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        engine.guard(mode="raise")
    with pytest.raises(RuntimeError):
        engine.guard(mode="suspend")(append_to([]))("outside of a run")
