"""Waiting for people in a thread: early and late answers, timeouts, closing, cancelling."""

from __future__ import annotations

import copy
import gc
import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from conftest import Child
from interlock import (
    Cancel,
    ClosedError,
    Engine,
    UnknownReviewError,
    WaitCancelledError,
    WaitTimeoutError,
)
from review_tools import APPROVE, REJECT, ask_id, by, chain


def later(seconds: float, call: Any, *arguments: Any, **named: Any) -> threading.Timer:
    timer = threading.Timer(seconds, call, arguments, named)
    timer.start()
    return timer


def test_P33_a_wait_returns_the_answer(engine: Engine) -> None:
    id = ask_id(engine)
    timer = later(0.1, engine.reviews.respond, id, actor="ana", response=APPROVE)
    started = time.monotonic()
    ended = engine.reviews.wait(id, timeout=300)
    assert 0.05 < time.monotonic() - started < 2
    assert ended["response"] == APPROVE
    timer.join()


def test_P38_each_answer_reaches_its_own_waiter(engine: Engine) -> None:
    ids = [ask_id(engine) for _ in range(8)]
    heard: dict[str, str] = {}

    def listen(id: str) -> None:
        heard[id] = engine.reviews.wait(id, timeout=20)["response"]["selectedOption"]

    waiters = [threading.Thread(target=listen, args=(id,)) for id in ids]
    for waiter in waiters:
        waiter.start()
    for n, id in enumerate(reversed(ids)):
        engine.reviews.respond(id, actor="ana", response=REJECT if n % 2 else APPROVE)
    for waiter in waiters:
        waiter.join()
    assert heard == {id: "approve" if n % 2 else "reject" for n, id in enumerate(ids)}


def test_P39_a_timeout_leaves_the_review_open(engine: Engine) -> None:
    id = ask_id(engine)
    before = engine.reviews.get(id)
    started = time.monotonic()
    with pytest.raises(WaitTimeoutError) as caught:
        engine.reviews.wait(id, timeout=timedelta(milliseconds=250))
    assert 0.2 < time.monotonic() - started < 1.5
    assert isinstance(caught.value, TimeoutError)
    assert engine.reviews.get(id) == before


def test_P40_an_answer_before_the_wait_is_found(engine: Engine) -> None:
    id = ask_id(engine)
    engine.reviews.respond(id, actor="ana", response=APPROVE)
    assert engine.reviews.wait(id, timeout=0)["outcome"] == "approved"
    assert engine.reviews.wait(id)["outcome"] == "approved"


def test_P41_a_late_answer_is_kept(engine: Engine) -> None:
    id = ask_id(engine)
    with pytest.raises(WaitTimeoutError):
        engine.reviews.wait(id, timeout=0.01)
    engine.reviews.respond(id, actor="ana", response=APPROVE)
    assert engine.reviews.get(id)["outcome"] == "approved"
    assert engine.reviews.wait(id, timeout=0)["response"] == APPROVE


def test_wait_any_returns_the_first_that_ends(engine: Engine) -> None:
    ids = [ask_id(engine) for _ in range(3)]
    timer = later(0.1, engine.reviews.respond, ids[1], actor="ana", response=REJECT)
    assert engine.reviews.wait_any(ids, timeout=5)["id"] == ids[1]
    timer.join()
    with pytest.raises(TypeError, match="single str"):
        engine.reviews.wait_any("abc")
    with pytest.raises(ValueError, match="ids"):
        engine.reviews.wait_any([])
    with pytest.raises(UnknownReviewError):
        engine.reviews.wait_any([ids[0], "unknown"])
    for wrong in (-1, float("nan")):
        with pytest.raises(ValueError, match="timeout"):
            engine.reviews.wait(ids[0], timeout=wrong)


def test_a_deadline_ends_a_wait(path: str) -> None:
    with Engine.open(path) as engine:
        id = ask_id(engine, expires_in=200)
        started = time.monotonic()
        assert engine.reviews.wait(id, timeout=5)["status"] == "expired"
        assert time.monotonic() - started < 2


def test_a_wait_fires_what_is_due(path: str) -> None:
    policy = chain(by("ana", deadline_in=100, on_expiry="escalate"), by("ben"))
    with Engine.open(path) as engine:
        id = ask_id(engine, policy=policy)
        with pytest.raises(WaitTimeoutError):
            engine.reviews.wait(id, timeout=0.5)
        assert [*engine.events.list(types=["review.escalated"])]


def test_closing_wakes_waits(url: str) -> None:
    engine = Engine.open(url)
    id = ask_id(engine)
    timer = later(0.2, engine.close)
    with pytest.raises(ClosedError):
        engine.reviews.wait(id, timeout=20)
    timer.join()


def test_a_wait_can_be_cancelled_from_another_thread(engine: Engine) -> None:
    id = ask_id(engine)
    with Cancel() as cancel:
        timer = later(0.2, cancel.signal)
        started = time.monotonic()
        with pytest.raises(WaitCancelledError):
            engine.reviews.wait(id, cancel=cancel)
        assert time.monotonic() - started < 2
        with pytest.raises(WaitCancelledError):  # and every later one
            engine.events.wait(after=engine.events.read()["last"], cancel=cancel)
        timer.join()
    cancel.close()
    with pytest.raises(ClosedError):
        cancel.signal()
    with pytest.raises(TypeError, match="pickled"):
        copy.copy(cancel)
    gc.collect()
    assert engine.reviews.get(id)["status"] == "pending"


INTERRUPTED = """
import sys, threading, time, os, signal
from interlock import Engine
# A shell starts what it puts in the background with SIGINT ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
engine = Engine.open(":memory:")
id = engine.reviews.open("approval", {})["review"]["id"]
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
started = time.monotonic()
try:
    engine.reviews.wait(id)
except KeyboardInterrupt:
    assert time.monotonic() - started < 1.5
    print("interrupted")
engine.close()
"""


def test_ctrl_c_ends_a_wait(child: Child) -> None:
    assert child("-c", INTERRUPTED).stdout.strip() == "interrupted"
