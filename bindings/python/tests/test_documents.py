"""The documents that come out have the members that their types declare, and no others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import interlock
from interlock import Engine, NotAuthorizedError, ReviewError, documents, message_documents
from review_tools import APPROVE, MINUTE, NOON, ask_id, by, chain


@pytest.fixture
def engine(path: str) -> Iterator[Engine]:
    with Engine.open(path, clock=NOON) as opened:
        yield opened


def assert_shape(document: Any, kind: Any) -> None:
    members = set(document)
    assert kind.__required_keys__ <= members, kind.__required_keys__ - members
    extra = members - kind.__required_keys__ - kind.__optional_keys__
    assert not extra, extra


@pytest.fixture
def id(engine: Engine) -> str:
    """A review that has seen something of everything."""
    id: str = engine.reviews.open(
        "approval",
        {"allowComment": True},
        title="a",
        summary="b",
        details=[1],
        key="k",
        thread="t",
        channel="c",
        interrupt={"id": "i"},
        external_id="e",
        requester="r",
        assignee={"type": "email", "value": "ana@example.org", "roles": ["ops"]},
        policy=chain(
            by("ana", name="one"),
            {"approvers": [{"role": "ops"}, "anyone", {"type": "agent"}], "deadline_in": MINUTE},
            order="ladder",
        ),
        expires_in=2 * MINUTE,
        on_expiry={"resume_with": 1},
        reminders=[1000],
        group="g",
        metadata={"m": 1},
    )["review"]["id"]
    engine.reviews.comment(id, actor="ana", text="hm")
    with pytest.raises(NotAuthorizedError):
        engine.reviews.respond(id, actor="eve", response=APPROVE)
    engine.reviews.escalate(id, actor="ana")
    engine.reviews.respond(id, actor="ben", response=APPROVE, key="click", comment="fine")
    return id


def test_reviews(engine: Engine, id: str) -> None:
    review: Any = engine.reviews.get(id)
    assert_shape(review, documents.Review)
    assert review.keys() == documents.Review.__required_keys__ | documents.Review.__optional_keys__
    assert_shape(review["escalations"][0], documents.Escalation)
    assert_shape(review["policy"], documents.Policy)
    assert_shape(review["policy"]["triggers"], documents.Triggers)
    for stage in review["policy"]["stages"]:
        assert_shape(stage, documents.Stage)
    for progress in review["stages"]:
        assert_shape(progress, documents.StageProgress)
    assert_shape(review["stages"][1]["votes"][0], documents.Vote)
    assert_shape(engine.reviews.page(), documents.ReviewPage)
    history: Any = engine.reviews.history(id)
    assert_shape(history, documents.History)
    for decision in history["decisions"]:
        assert_shape(decision, documents.Decision)
    assert_shape(history["comments"][0], documents.Comment)
    assert_shape(engine.reviews.comment(id, actor="ana", text="x"), documents.Comment)


def test_outcomes(engine: Engine) -> None:
    opened = engine.reviews.open("approval", {})
    assert_shape(opened, documents.Opened)
    id = opened["review"]["id"]
    superseded: Any = engine.reviews.supersede(id, successor={"kind": "text", "payload": {}})
    assert_shape(superseded, documents.Superseded)
    id = ask_id(engine, expires_in=MINUTE)
    assert_shape(engine.reviews.escalate(id, confidence=1), documents.Escalated)
    why: Any = engine.reviews.explain(id, actor="ana", response={})
    assert_shape(why, documents.Explanation)
    assert_shape(why["next"], documents.Next)
    assert_shape(why["answer"], documents.Forecast)
    assert_shape(why["answer"]["refusal"], documents.Refusal)
    for problem in why["answer"]["refusal"]["problems"]:
        assert_shape(problem, documents.ReviewProblem)
    answered: Any = engine.reviews.respond(id, actor="ana", response=APPROVE)
    assert_shape(answered, documents.Answered)
    assert_shape(answered["decision"], documents.Decision)
    with pytest.raises(ReviewError) as caught:
        engine.reviews.open("selection", {"items": 5})  # type: ignore[dict-item]
    for problem in caught.value.problems:
        assert_shape(problem, documents.ReviewProblem)


def test_the_rest(engine: Engine, id: str) -> None:
    events: Any = engine.events.read()
    assert_shape(events, documents.EventPage)
    for event in events["events"]:
        assert_shape(event, documents.Event)
    assert_shape(engine.events.ack("c", 1), documents.Cursor)
    audit: Any = engine.audit.read()
    assert_shape(audit, documents.AuditPage)
    for record in audit["records"]:
        assert_shape(record, documents.AuditRecord)
    assert_shape(engine.audit.verify().head, documents.AuditHead)
    receipt: Any = engine.reviews.receipt(id)
    assert_shape(receipt, documents.Receipt)
    assert_shape(receipt["receipt"], documents.ReceiptStatement)
    assert_shape(receipt["receipt"]["audit"], documents.AuditHead)
    for decision in receipt["receipt"]["decisions"]:
        assert_shape(decision, documents.ReceiptDecision)
    assert_shape(engine.policies.put({"name": "p", "stages": [by("ana")]}), documents.Policy)
    assert_shape(engine.policies.page(), documents.PolicyPage)


def test_messages_and_feedback(engine: Engine) -> None:
    posted: Any = engine.messages.post("c", "a", sender="agent", attachments=[{"content": "x"}])
    assert_shape(posted, message_documents.Message)
    assert_shape(posted["attachments"][0], message_documents.Attachment)
    assert_shape(engine.messages.page("c"), message_documents.MessagePage)
    assert_shape(engine.feedback.put(1, run="r"), message_documents.FeedbackRecord)
    assert_shape(engine.feedback.page(), message_documents.FeedbackPage)
    sums: Any = engine.feedback.summary()
    assert_shape(sums, message_documents.FeedbackSummary)
    assert_shape(sums["keys"][0], message_documents.KeySummary)


def test_documents_of_runs_and_permits(engine: Engine) -> None:
    with engine.runs.begin("t", worker="w", parent="p") as run:
        assert_shape(run.ask("q", "?"), documents.Asked)
        assert_shape(run.ask("r", review={"kind": "approval", "payload": {}}), documents.Asked)
        assert_shape(run.heartbeat(), documents.RunState)
        assert_shape(run.suspend(), documents.RunState)
    details = engine.runs.get("t")
    assert_shape(details, documents.RunDetails)
    for interrupt in details["interrupts"]:
        assert_shape(interrupt, documents.Interrupt)
    assert_shape(engine.runs.interrupts_page(), documents.InterruptPage)
    asked = details["interrupts"][0]["id"]
    resumed = engine.runs.resume("t", 1, interrupt=asked, update={"u": 1})
    assert_shape(resumed, documents.Resumed)
    assert_shape(resumed["interrupt"], documents.Interrupt)
    engine.reviews.respond(thread="t", actor="ana", response=APPROVE)
    with engine.runs.begin("t") as run:
        run.ask("q", "?")
        answer = run.ask("r", review={"kind": "approval", "payload": {}})
        assert_shape(answer, documents.Asked)
        assert_shape(answer.get("value"), documents.ReviewAnswer)
        for outcome in (run.fail("why")["outcome"], engine.runs.cancel("t")["outcome"]):
            assert_shape(outcome, documents.RunOutcome)
    page = engine.runs.page()
    assert_shape(page, documents.RunPage)
    assert_shape(page["runs"][0], documents.RunState)

    review = engine.reviews.open("approval", {"tool": "send"})["review"]["id"]
    engine.reviews.respond(review, actor="ana", response=APPROVE)
    permits = engine.permits.page(review=review)
    assert_shape(permits, documents.PermitPage)
    [permit] = permits["permits"]
    assert_shape(permit, documents.Permit)
    assert_shape(engine.permits.consume(permit["id"], "send", {}), documents.Permit)
    assert_shape(engine.permits.report(permit["id"], "done", result=1), documents.Permit)
    for event in engine.events.read()["events"]:
        assert_shape(event, documents.Event)
        assert event["type"] in documents.EventType.__args__  # type: ignore[attr-defined]
    for record in engine.audit.list():
        assert record["action"] in documents.AuditAction.__args__  # type: ignore[attr-defined]


def test_the_documents_are_typed_for_callers() -> None:
    for name in ("Review", "Decision", "Policy", "Stage", "Event", "AuditRecord", "Explanation"):
        assert getattr(interlock, name).__doc__
    review: interlock.Review = json.loads('{"id":"x"}')
    assert review["id"] == "x"
