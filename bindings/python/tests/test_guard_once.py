"""Guarded functions: an approved call runs once; an unknown effect is verified, never repeated."""

from __future__ import annotations

import contextlib
import pickle
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import interlock
from guard_tools import answer, append_to, only_permit, only_review
from interlock import Engine, PendingError, Permit
from review_tools import NOON


@pytest.fixture
def engine(path: str) -> Iterator[Engine]:
    with Engine.open(path, clock=NOON) as opened:
        yield opened


def test_X15_asking_again_finds_the_review_and_the_result(engine: Engine) -> None:
    done: list[Any] = []
    guarded = engine.guard(mode="raise", key=lambda what: f"do {what}")(append_to(done, {"n": 1}))
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
    guarded = engine.guard(mode="raise", key=lambda what: "k")(append_to(done))
    with pytest.raises(PendingError):
        guarded("a")
    answer(engine)
    with pytest.raises(interlock.IdempotencyMismatchError):
        guarded("b")
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


def test_one_of_many_calls_runs(engine: Engine) -> None:
    done: list[Any] = []
    guarded = engine.guard(mode="raise", key=str)(append_to(done))
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
