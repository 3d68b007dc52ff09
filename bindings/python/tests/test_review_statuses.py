"""Every refusal: its status, its class, what it carries, and that nothing was changed by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import interlock
from interlock import Cancel, Engine, InterlockError, ReviewError, Status
from review_tools import APPROVE, MINUTE, NOON, REJECT, ask_id, by, chain


@pytest.fixture
def engine(path: str) -> Iterator[Engine]:
    with Engine.open(path, clock=NOON) as opened:
        yield opened


def superseded(engine: Engine) -> str:
    id = ask_id(engine)
    engine.reviews.supersede(id, successor={"kind": "approval", "payload": {}})
    return id


def resolved(engine: Engine) -> str:
    id = ask_id(engine)
    engine.reviews.respond(id, actor="ana", response=APPROVE)
    return id


def cancelled(engine: Engine) -> str:
    return engine.reviews.cancel(ask_id(engine))["id"]


def expired(engine: Engine) -> str:
    id = ask_id(engine, expires_in=1000)
    engine.set_time(NOON + 1000)  # an answer at the deadline is too late
    return id


def claimed(engine: Engine) -> str:
    id = ask_id(engine)
    engine.reviews.claim(id, actor="ben")
    return id


def voted(engine: Engine) -> str:
    id = ask_id(engine, policy=chain(by("ana", "ben", quorum="all", veto=False)))
    engine.reviews.respond(id, actor="ana", response=APPROVE)
    return id


def asked_with_a_key(engine: Engine) -> None:
    engine.reviews.open("approval", {}, key="k")
    engine.reviews.open("text", {}, key="k")


def asked_twice(engine: Engine) -> None:
    ask_id(engine, thread="t")
    ask_id(engine, thread="t")
    engine.reviews.get(thread="t")


def answer(engine: Engine, id: str, **members: Any) -> None:
    engine.reviews.respond(id, **{"actor": "ana", "response": APPROVE, **members})


def wait_cancelled(engine: Engine) -> None:
    with Cancel() as cancel:
        cancel.signal()
        engine.reviews.wait(ask_id(engine), cancel=cancel)


CASES: list[tuple[Status, Callable[[Engine], Any]]] = [
    (Status.INVALID_PAYLOAD, lambda e: e.reviews.open("selection", {"items": []})),
    (Status.INVALID_RESPONSE, lambda e: answer(e, ask_id(e), response={"selectedOption": "x"})),
    (Status.INVALID_POLICY, lambda e: e.policies.put({"name": "p", "stages": []})),
    (Status.INVALID_DEADLINE, lambda e: ask_id(e, deadline=NOON)),
    (
        Status.INVALID_OUTCOME,
        lambda e: e.reviews.respond(ask_id(e), actor="ana", outcome="perhaps"),
    ),
    (Status.UNKNOWN_REVIEW, lambda e: e.reviews.get("nobody asked")),
    (Status.UNKNOWN_POLICY, lambda e: ask_id(e, policy="no such policy")),
    (Status.AMBIGUOUS_REVIEW, asked_twice),
    (Status.ALREADY_RESOLVED, lambda e: answer(e, resolved(e), response=REJECT)),
    (Status.EXPIRED, lambda e: answer(e, expired(e))),
    (Status.CANCELLED, lambda e: answer(e, cancelled(e))),
    (Status.SUPERSEDED, lambda e: answer(e, superseded(e))),
    (Status.NOT_AUTHORIZED, lambda e: answer(e, ask_id(e, policy=chain(by("ben"))))),
    (Status.WRONG_STAGE, lambda e: answer(e, ask_id(e), stage="second")),
    (Status.ALREADY_VOTED, lambda e: answer(e, voted(e), response=REJECT)),
    (
        Status.SELF_APPROVAL,
        lambda e: answer(
            e, ask_id(e, requester="ana", policy=chain(by("ana", "ben", forbid_requester=True)))
        ),
    ),
    (Status.CONFLICT, lambda e: answer(e, claimed(e))),
    (Status.IDEMPOTENCY_MISMATCH, asked_with_a_key),
    (Status.TIMEOUT, lambda e: e.reviews.wait(ask_id(e), timeout=0)),
    (Status.WAIT_CANCELLED, wait_cancelled),
]


def test_the_cases_are_all_there_are() -> None:
    assert {status for status, _ in CASES} == {
        status for status in Status if 50 <= status <= 67 or 80 <= status <= 81
    }


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
    if status < 80:
        assert isinstance(error, ReviewError)
        assert error.details["code"] == status.name
        assert error.details["message"]
        for problem in error.problems:
            assert problem["code"]
            assert problem["path"].startswith("/") or problem["path"] == ""
            assert problem["message"]
    report = engine.check()
    assert report.ok, report.problems


def test_problems_come_all_at_once(engine: Engine) -> None:
    with pytest.raises(interlock.InvalidPayloadError) as caught:
        engine.reviews.open(
            "form", {"fields": [{"name": "", "type": "text"}, {"name": "a", "type": "colour"}]}
        )
    problems = caught.value.problems
    assert len(problems) == 2
    assert problems[1]["path"] == "/payload/fields/1/type"
    fields = [{"name": "a", "type": "number", "required": True}, {"name": "b", "type": "email"}]
    id = engine.reviews.open("form", {"fields": fields})["review"]["id"]
    with pytest.raises(interlock.InvalidResponseError) as answered:
        engine.reviews.respond(id, actor="ana", response={"b": "nowhere", "c": 1})
    assert {(problem["code"], problem["path"]) for problem in answered.value.problems} == {
        ("missing", "/a"),
        ("format", "/b"),
        ("unexpected", "/c"),
    }
    # the refused answer consumed nothing (X52, X54)
    done = engine.reviews.respond(id, actor="ana", response={"a": 1})
    assert done["review"]["outcome"] == "answered"


def test_a_successor_is_named(engine: Engine) -> None:
    old = ask_id(engine)
    new = engine.reviews.supersede(old, successor={"kind": "approval", "payload": {}})["review"]
    with pytest.raises(interlock.SupersededError) as caught:
        answer(engine, old)
    assert caught.value.successor == new["id"]
    with pytest.raises(interlock.ReviewCancelledError) as other:
        answer(engine, cancelled(engine))
    assert other.value.successor is None
    assert other.value.problems == ()


@pytest.mark.parametrize(
    "policy",
    [
        {"stages": [{"approvers": []}]},
        {"stages": [{}]},
        chain(by("ana", "ben", quorum=3)),
        chain(by("ana", "ana", quorum=2)),
        chain(by("ana", quorum=0)),
        chain(by("ana", quorum="most")),
        {"stages": [{"approvers": ["anyone"], "quorum": "all"}]},
        {"stages": [{"approvers": [{"value": ""}]}]},
        chain(by("ana", name="one"), by("ben", name="one")),
        chain(by("ana", on_expiry="escalate", deadline_in=1)),
        chain(by("ana", deadline_in=-1)),
        chain(by("ana"), order="circle"),
        chain(by("ana"), order="ladder", triggers={"confidence_below": 7}),
        chain(*[by("ana", name=str(n)) for n in range(33)]),
        chain(by("ana"), surprise=True),
    ],
)
def test_a_policy_that_cannot_work_is_refused(engine: Engine, policy: Any) -> None:
    with pytest.raises(interlock.InvalidPolicyError) as caught:
        engine.policies.put({"name": "p", **policy})
    assert caught.value.problems
    with pytest.raises(interlock.InvalidPolicyError):
        ask_id(engine, policy=policy)
    assert [*engine.policies.list()] == []
    assert [*engine.reviews.list()] == []


@pytest.mark.parametrize(
    "members",
    [
        {"deadline": NOON},
        {"deadline": NOON - 1},
        {"deadline": 0},
        {"deadline": 253_402_300_800_000},
        {"expires_in": 0},
        {"expires_in": -MINUTE},
        {"expires_in": 2**62},
        {"deadline": NOON + 1, "expires_in": 1},
    ],
)
def test_deadlines_in_the_past_are_refused(engine: Engine, members: dict[str, int]) -> None:
    with pytest.raises(interlock.InvalidDeadlineError):
        ask_id(engine, **members)


def test_a_conflict_of_revisions(engine: Engine) -> None:
    id = ask_id(engine)
    seen = engine.reviews.get(id)["revision"]
    engine.reviews.claim(id, actor="ana")
    with pytest.raises(interlock.ConflictError):
        answer(engine, id, revision=seen)
    answer(engine, id, revision=engine.reviews.get(id)["revision"])


def test_X51_a_wrong_actor_consumes_nothing(engine: Engine) -> None:
    id = ask_id(engine, policy=chain(by("ben")))
    with pytest.raises(interlock.NotAuthorizedError):
        answer(engine, id, actor="eve")
    assert engine.reviews.respond(id, actor="ben", response=APPROVE)["review"]["outcome"]
    refused = [record for record in engine.audit.list() if record["action"] == "refusal"]
    assert len(refused) == 1


def test_unknown_names_are_refused_everywhere(engine: Engine) -> None:
    for call in (
        lambda: engine.reviews.cancel("x"),
        lambda: engine.reviews.claim("x", actor="ana"),
        lambda: engine.reviews.release("x", actor="ana"),
        lambda: engine.reviews.reassign("x", assignee="ana"),
        lambda: engine.reviews.comment("x", actor="ana", text="hm"),
        lambda: engine.reviews.history("x"),
        lambda: engine.reviews.explain("x"),
        lambda: engine.reviews.escalate("x", error=True),
        lambda: engine.reviews.receipt("x"),
        lambda: engine.reviews.wait("x"),
        lambda: engine.reviews.supersede("x", successor={"kind": "approval", "payload": {}}),
        lambda: engine.reviews.get(review_key="x"),
        lambda: engine.reviews.get(interrupt="x"),
        lambda: engine.reviews.get(external_id="x"),
        lambda: engine.reviews.get(thread="x"),
    ):
        with pytest.raises(interlock.UnknownReviewError) as caught:
            call()
        assert isinstance(caught.value, LookupError)
