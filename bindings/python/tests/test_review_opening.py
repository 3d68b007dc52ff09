"""Opening reviews, and finding them again: by name, by filter, page by page."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from interlock import Engine, InvalidArgumentError
from review_tools import APPROVE, MINUTE, NOON, ask, ask_id


@pytest.fixture
def clocked(path: str) -> Any:
    """An engine whose clock the test moves."""
    with Engine.open(path, clock=NOON) as opened:
        yield opened


def test_open_tells_what_was_asked(engine: Engine) -> None:
    opened = engine.reviews.open(
        "approval",
        {"allowComment": True},
        title="Deploy?",
        summary="to production",
        details={"commit": "abc", "lines": [1, 2]},
        key="deploy-1",
        thread="t",
        channel="ops",
        interrupt={"id": "i1", "node": "deploy"},
        external_id="JIRA-1",
        requester="agent-1",
        assignee={"type": "email", "value": "ana@example.org", "roles": ["ops"]},
        expires_in=MINUTE,
        on_expiry="reject",
        reminders=[1000, timedelta(seconds=10)],
        group="release",
        metadata={"n": 2**70},
        extra={"x-ticket": None},
    )
    assert opened["created"] is True
    review = opened["review"]
    assert review["status"] == "pending"
    assert review["outcome"] is None
    assert review["title"] == "Deploy?"
    assert review["details"] == {"commit": "abc", "lines": [1, 2]}
    assert review["thread"] == "t"
    assert review["metadata"] == {"n": 2**70}
    assert review["deadline"] - review["created_at"] == MINUTE
    assert review["revision"] >= 1
    assert review["stages"][0]["needed"] == 1
    assert [stage["status"] for stage in review["stages"]] == ["open"]
    assert engine.reviews.get(review["id"]) == review
    assert engine.reviews.get(review_key="deploy-1") == review
    assert engine.reviews.get(interrupt="i1") == review
    assert engine.reviews.get(external_id="JIRA-1") == review
    assert engine.reviews.get(thread="t") == review


def test_X15_asking_again_finds_the_same_review(engine: Engine) -> None:
    first = engine.reviews.open("approval", {}, key="k", thread="t")
    again = engine.reviews.open("approval", {}, key="k", thread="t")
    assert first["created"] is True
    assert again == {"created": False, "review": first["review"]}
    first = engine.reviews.open("approval", {}, interrupt="i")
    assert engine.reviews.open("approval", {}, interrupt="i") == {
        "created": False,
        "review": first["review"],
    }


def test_deadlines_are_times(engine: Engine) -> None:
    until = datetime(2100, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    milliseconds = round(until.timestamp() * 1000)
    assert ask(engine, deadline=until)["deadline"] == milliseconds
    assert ask(engine, deadline=milliseconds)["deadline"] == milliseconds
    short = ask(engine, expires_in=timedelta(hours=1, microseconds=999))
    assert short["deadline"] - short["created_at"] == 3_600_000
    with pytest.raises(ValueError, match="time zone"):
        ask(engine, deadline=datetime(2100, 1, 1))
    for wrong in (1.5, "2100-01-01", True):
        with pytest.raises(TypeError, match="deadline"):
            ask(engine, deadline=wrong)
        with pytest.raises(TypeError, match="expires_in"):
            ask(engine, expires_in=wrong)


def test_list_pages_and_filters(engine: Engine) -> None:
    ids = [ask_id(engine, thread=f"t{n % 2}", channel="ops") for n in range(7)]
    text = engine.reviews.open("text", {}, assignee="ana")["review"]["id"]
    engine.reviews.respond(ids[0], actor="ana", response=APPROVE)
    assert [found["id"] for found in engine.reviews.list(page_size=3)] == [text, *ids[::-1]]
    page = engine.reviews.page(limit=5, order="oldest")
    assert [found["id"] for found in page["reviews"]] == ids[:5]
    rest = engine.reviews.page(limit=5, order="oldest", cursor=page["next"])
    assert [found["id"] for found in rest["reviews"]] == [*ids[5:], text]
    assert rest["next"] is None
    for filters, count in (
        ({"status": "pending"}, 7),
        ({"status": "resolved"}, 1),
        ({"kind": "text"}, 1),
        ({"channel": "ops"}, 7),
        ({"thread": "t1"}, 3),
        ({"assignee": "ana"}, 1),
        ({"kind": "form"}, 0),
    ):
        assert len([*engine.reviews.list(**filters)]) == count, filters
    with pytest.raises(InvalidArgumentError, match="limit"):
        engine.reviews.page(limit=1001)


def test_due_before_has_the_most_urgent_first(clocked: Engine) -> None:
    late, soon, _ = (ask_id(clocked, expires_in=in_minutes * MINUTE) for in_minutes in (3, 1, 100))
    ask_id(clocked)
    due = clocked.reviews.list(due_before=NOON + 5 * MINUTE)
    assert [found["id"] for found in due] == [soon, late]
