"""Policies, stages and time: with a clock that the tests move."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest

import interlock
from interlock import Engine, InvalidArgumentError, Tick
from review_tools import APPROVE, MINUTE, NOON, REJECT, ask, ask_id, by, chain


@pytest.fixture
def engine(path: str) -> Iterator[Engine]:
    with Engine.open(path, clock=NOON) as opened:
        yield opened


def test_policies_have_versions(url: str) -> None:
    with Engine.open(url) as engine:
        first = engine.policies.put({"name": "four eyes", "stages": [by("ana", "ben", quorum=2)]})
        assert first["version"] == 1
        same = {"name": "four eyes", "stages": [by("ana", "ben", quorum=2)]}
        assert engine.policies.put(same)["version"] == 1
        id = ask_id(engine, policy="four eyes")
        second = engine.policies.put({"name": "four eyes", "stages": [by("cy")]})
        assert second["version"] == 2
        assert engine.policies.get("four eyes") == second
        assert engine.policies.get("four eyes", version=1) == first
        engine.policies.put({"name": "a", "stages": [by("ana")]})
        assert [kept["name"] for kept in engine.policies.list(page_size=1)] == ["a", "four eyes"]
        page = engine.policies.page(limit=1)
        assert page["next"] == "a"
        assert engine.policies.page(after="a")["policies"] == [second]
        # a review keeps the version it was opened with
        assert engine.reviews.get(id)["policy"]["version"] == 1
        with pytest.raises(interlock.NotAuthorizedError):
            engine.reviews.respond(id, actor="cy", response=APPROVE)
        with pytest.raises(interlock.UnknownPolicyError):
            engine.policies.get("four eyes", version=3)


async def test_policies_beside_an_event_loop(engine: Engine) -> None:
    kept = await engine.policies.aput({"name": "p", "stages": [by("ana")]})
    assert await engine.policies.aget("p") == kept
    assert (await engine.policies.apage())["policies"] == [kept]
    assert [policy async for policy in engine.policies.alist()] == [kept]


def test_N28_a_redelivered_click_does_not_answer_the_next_stage(engine: Engine) -> None:
    policy = chain(by("ana", "ben", name="manager"), by("ana", "ben", name="director"))
    id = ask_id(engine, policy=policy)
    first = engine.reviews.respond(id, actor="ana", response=APPROVE, key="click")
    again = engine.reviews.respond(id, actor="ana", response=APPROVE, key="click")
    assert again["replayed"] is True
    assert again["decision"] == first["decision"]
    assert (again["review"]["status"], again["review"]["stage"]) == ("pending", "director")
    with pytest.raises(interlock.WrongStageError):
        engine.reviews.respond(id, actor="ben", response=APPROVE, stage="manager")
    done = engine.reviews.respond(id, actor="ben", response=APPROVE, stage="director")
    assert done["review"]["outcome"] == "approved"


def test_N35_a_manager_who_rejects_rejects_the_review(engine: Engine) -> None:
    id = ask_id(engine, policy=chain(by("manager"), by("director")))
    ended = engine.reviews.respond(id, actor="manager", response=REJECT)["review"]
    assert (ended["status"], ended["outcome"]) == ("resolved", "rejected")
    assert [stage["status"] for stage in ended["stages"]] == ["rejected", "skipped"]


def test_four_eyes_are_four_eyes(engine: Engine) -> None:
    policy = chain(by("ana", "ben"), by("ana", "ben", distinct_from_earlier=True))
    id = ask_id(engine, policy=policy)
    engine.reviews.respond(id, actor="ana", response=APPROVE)
    with pytest.raises(interlock.AlreadyVotedError):
        engine.reviews.respond(id, actor="ana", response=APPROVE, stage="stage 2")
    ended = engine.reviews.respond(id, actor="ben", response=APPROVE)["review"]
    assert ended["outcome"] == "approved"


def test_roles_and_types_approve(engine: Engine) -> None:
    policy: Any = {"stages": [{"approvers": [{"role": "ops"}, {"type": "agent"}]}]}
    id = ask_id(engine, policy=policy)
    with pytest.raises(interlock.NotAuthorizedError):
        engine.reviews.respond(id, actor={"value": "ana", "roles": ["dev"]}, response=APPROVE)
    done = engine.reviews.respond(id, actor={"value": "ana", "roles": ["ops"]}, response=APPROVE)
    assert done["review"]["outcome"] == "approved"


@pytest.mark.parametrize(
    ("members", "status", "outcome"),
    [
        ({}, "expired", "expired"),
        ({"interrupt": "i"}, "resolved", "rejected"),
        ({"on_expiry": "expire"}, "expired", "expired"),
        ({"on_expiry": "reject"}, "resolved", "rejected"),
        ({"on_expiry": "approve"}, "resolved", "approved"),
        ({"on_expiry": {"resume_with": "timeout_reject"}}, "expired", "expired"),
    ],
)
def test_what_happens_at_the_deadline(
    engine: Engine, members: dict[str, Any], status: str, outcome: str
) -> None:
    review = ask(engine, expires_in=MINUTE, **members)
    assert review["next_at"] == review["deadline"] == NOON + MINUTE
    assert engine.next_deadline() == NOON + MINUTE
    engine.set_time(NOON + MINUTE - 1)
    assert engine.tick() == Tick(0, NOON + MINUTE)
    assert engine.reviews.get(review["id"])["status"] == "pending"
    engine.set_time(NOON + MINUTE)
    seen = engine.reviews.get(review["id"])  # nobody has applied it
    assert (seen["status"], seen["outcome"]) == (status, outcome)
    assert engine.tick() == Tick(1, None)
    ended = engine.reviews.get(review["id"])
    assert (ended["status"], ended["outcome"]) == (status, outcome)
    if isinstance(members.get("on_expiry"), dict):
        assert ended["response"] == "timeout_reject"
    assert engine.tick() == Tick(0, None)
    assert engine.next_deadline() is None
    actions = [record["action"] for record in engine.audit.list(review=review["id"])]
    assert actions.count("expiry") == 1
    assert engine.check().ok


async def test_tick_beside_an_event_loop(engine: Engine) -> None:
    ask(engine, expires_in=1)
    engine.set_time(NOON + 1)
    assert (await engine.atick()).fired == 1
    assert (await engine.acheck()).ok


def test_reminders_and_stage_deadlines(engine: Engine) -> None:
    policy = chain(
        by("ana", deadline_in=MINUTE, on_expiry="escalate", reminders=[10_000]), by("ben")
    )
    id = ask_id(engine, policy=policy)
    assert engine.next_deadline() == NOON + 50_000
    engine.set_time(NOON + 50_000)
    engine.tick()
    engine.set_time(NOON + MINUTE)
    engine.tick()
    review = engine.reviews.get(id)
    assert review["stage"] == "stage 2"
    assert review["escalations"][0]["reason"] == "deadline"
    types = [event["type"] for event in engine.events.list(review=id)]
    assert types.count("review.reminded") == 1
    assert types.count("review.escalated") == 1


def test_a_clock_that_goes_backwards_does_no_harm(engine: Engine) -> None:
    review = ask(engine, expires_in=MINUTE)
    engine.set_time(NOON - 10 * MINUTE)
    engine.reviews.comment(review["id"], actor="ana", text="early")
    engine.reviews.claim(review["id"], actor="ana")
    ended = engine.reviews.respond(review["id"], actor="ana", response=APPROVE)["review"]
    assert ended["outcome"] == "approved"
    assert ended["closed_at"] is not None
    assert ended["closed_at"] >= ended["created_at"]
    late = ask_id(engine, expires_in=MINUTE)
    engine.set_time(NOON + MINUTE)
    engine.tick()
    engine.set_time(0)
    assert engine.reviews.get(late)["status"] == "expired"
    with pytest.raises(interlock.ExpiredError):
        engine.reviews.respond(late, actor="ana", response=APPROVE)
    assert engine.check().ok
    assert engine.audit.verify().ok


def test_N31_two_sweepers_fire_each_deadline_once(path: str) -> None:
    with Engine.open(path, clock=NOON) as one, Engine.open(path, clock=NOON) as two:
        for n in range(20):
            ask(one, expires_in=1 + n % 3)
        for engine in (one, two):
            engine.set_time(NOON + MINUTE)
        fired: list[int] = []
        sweepers = [
            threading.Thread(target=lambda e=engine: fired.append(e.tick().fired))
            for engine in (one, two, one, two)
        ]
        for sweeper in sweepers:
            sweeper.start()
        for sweeper in sweepers:
            sweeper.join()
        assert sum(fired) == 20
        types = [event["type"] for event in one.events.list()]
        assert types.count("review.expired") == 20


def test_a_timer_fires_deadlines_by_itself(path: str) -> None:
    with Engine.open(path, timer=True) as engine:
        id = ask_id(engine, expires_in=200)
        started = time.monotonic()
        page = engine.events.wait(types=["review.expired"], timeout=5)
        assert page["events"][0]["review"] == id
        assert time.monotonic() - started < 2


def test_clocks_are_checked(path: str) -> None:
    with pytest.raises(ValueError, match="clock"):
        Engine.open(path, clock="noon")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="clock"):
        Engine.open(path, clock=2**63)
    with pytest.raises(ValueError, match="time zone"):
        Engine.open(path, clock=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="signing_key"):
        Engine.open(path, signing_key=b"too short")
    with Engine.open(path, clock="manual") as engine:
        assert ask(engine)["created_at"] == 0
        engine.set_time(datetime(2026, 1, 1, tzinfo=timezone.utc))
        assert ask(engine)["created_at"] == 1_767_225_600_000
        for wrong in (-1, 253_402_300_800_000):
            with pytest.raises(InvalidArgumentError):
                engine.set_time(wrong)
        with pytest.raises(ValueError, match="range"):
            engine.set_time(2**63)
    with Engine.open(path) as engine, pytest.raises(InvalidArgumentError):
        engine.set_time(5)
