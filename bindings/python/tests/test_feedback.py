"""Feedback: scores, summaries, and ratings."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import pytest

from interlock import Engine, InterlockError, InvalidArgumentError, Status, UnknownReviewError
from review_tools import ask_id


def test_S21_score_key_and_comment(engine: Engine) -> None:
    given = engine.feedback.put(0.8, run="run-1", key="correctness", comment="nearly", actor="ana")
    assert given["run"] == "run-1"
    assert (given["thread"], given["review"]) == (None, None)
    assert (given["key"], given["score"], given["comment"]) == ("correctness", 0.8, "nearly")
    assert given["actor"] == {"type": "user_id", "value": "ana"}
    assert [*engine.feedback.list(run="run-1")] == [given]


def test_S22_an_empty_comment_is_none(engine: Engine) -> None:
    given = engine.feedback.put(1, run="r", comment="")
    assert given["comment"] is None
    assert given["key"] == "helpfulness"


def test_S23_scores_are_found_again_after_reopening(path: str) -> None:
    with Engine.open(path) as engine:
        given = engine.feedback.put(0.5, thread="t", key="safety")
    with Engine.open(path, read_only=True) as engine:
        assert [*engine.feedback.list(thread="t")] == [given]


@pytest.mark.parametrize(
    ("score", "status"),
    [
        (-0.1, Status.INVALID_ARGUMENT),
        (1.0000001, Status.INVALID_ARGUMENT),
        (2, Status.INVALID_ARGUMENT),
        (10**30, Status.INVALID_ARGUMENT),
        ("1", Status.INVALID_ARGUMENT),
        (True, Status.INVALID_ARGUMENT),
    ],
)
def test_S24_a_score_is_from_0_to_1(engine: Engine, score: Any, status: Status) -> None:
    with pytest.raises(InterlockError) as caught:
        engine.feedback.put(score, run="r")
    assert caught.value.code is status
    assert caught.value.path == "/score"
    assert [*engine.feedback.list()] == []


@pytest.mark.parametrize("score", [math.nan, math.inf, -math.inf])
def test_S24_a_score_is_finite(engine: Engine, score: float) -> None:
    with pytest.raises(ValueError):
        engine.feedback.put(score, run="r")
    assert [*engine.feedback.list()] == []


@pytest.mark.parametrize("key", ["correctness", "helpfulness", "safety", "tone"])
def test_S35_sorts_of_feedback(engine: Engine, key: str) -> None:
    engine.feedback.put(0, run="r", key=key)
    engine.feedback.put(1, run="r", key=key)
    engine.feedback.put(1, run="other", key=key)
    assert engine.feedback.summary(run="r")["keys"] == [
        {"key": key, "count": 2, "average": 0.5, "min": 0.0, "max": 1.0}
    ]
    [overall] = engine.feedback.summary()["keys"]
    assert overall["count"] == 3
    assert overall["average"] == pytest.approx(2 / 3)


def test_nothing_replaces_a_score(engine: Engine) -> None:
    for score in (0.25, 0.75):
        engine.feedback.put(score, run="r", actor="ana")
    assert [record["score"] for record in engine.feedback.list(run="r")] == [0.25, 0.75]


def test_it_is_about_exactly_one_thing(engine: Engine) -> None:
    id = ask_id(engine)
    assert engine.feedback.put(1, review=id)["review"] == id
    for targets in ({}, {"run": "r", "thread": "t"}, {"run": "r", "review": id}):
        with pytest.raises(InvalidArgumentError):
            engine.feedback.put(1, **targets)
    with pytest.raises(UnknownReviewError):
        engine.feedback.put(1, review="rev_0")
    with pytest.raises(InvalidArgumentError):
        engine.feedback.page(run="r", thread="t")


def test_pages_end(engine: Engine) -> None:
    given = [engine.feedback.put(1, run=str(number))["seq"] for number in range(250)]
    assert [record["seq"] for record in engine.feedback.list()] == given
    page = engine.feedback.page(limit=100)
    assert page["next"] == given[99]


def test_a_rating_that_is_answered_is_feedback(engine: Engine) -> None:
    id = engine.reviews.open("rating", {"key": "helpfulness"})["review"]["id"]
    for _ in range(2):  # a repeat gives no second score
        engine.reviews.respond(id, actor="ana", response={"score": 0.5, "comment": "fine"})
    [record] = engine.feedback.list(review=id)
    assert (record["key"], record["score"], record["comment"]) == ("helpfulness", 0.5, "fine")
    assert record["actor"] == {"type": "user_id", "value": "ana"}


def test_beside_an_event_loop(engine: Engine) -> None:
    async def judge() -> None:
        given = await engine.feedback.aput(1, run="r")
        assert (await engine.feedback.apage(run="r"))["feedback"] == [given]
        assert [record async for record in engine.feedback.alist(run="r")] == [given]
        assert (await engine.feedback.asummary(run="r"))["keys"][0]["average"] == 1.0

    asyncio.run(judge())
