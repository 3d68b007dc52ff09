"""What happens to a review beside its answer: cancelling, superseding, claims, escalation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from interlock import Engine, InvalidArgumentError
from review_tools import APPROVE, MINUTE, ask, ask_id, by, chain


def test_cancel(engine: Engine) -> None:
    ended = engine.reviews.cancel(ask_id(engine), actor="agent", reason="no longer needed")
    assert (ended["status"], ended["outcome"]) == ("cancelled", "cancelled")
    assert ended["reason"] == "no longer needed"


def test_supersede(engine: Engine) -> None:
    old = ask(engine, key="k", interrupt="i", thread="t")
    done = engine.reviews.supersede(
        old["id"],
        successor={
            "kind": "approval",
            "payload": {},
            "interrupt": "i",
            "thread": "t",
            "expires_in": timedelta(minutes=1),
        },
    )
    assert done["superseded"]["status"] == "superseded"
    assert done["superseded"]["successor"] == done["review"]["id"]
    assert done["review"]["deadline"] - done["review"]["created_at"] == MINUTE
    assert engine.reviews.get(thread="t")["id"] == done["review"]["id"]


def test_claim_release_reassign(engine: Engine) -> None:
    id = ask_id(engine, policy=chain(by("ana", "ben")))
    assert engine.reviews.claim(id, actor="ana")["claimed_by"]["value"] == "ana"
    assert engine.reviews.release(id, actor="ana")["claimed_by"] is None
    assert engine.reviews.reassign(id, assignee="ben", actor="ana")["assignee"]["value"] == "ben"
    assert engine.reviews.reassign(id, assignee=None)["assignee"] is None


def test_comments_and_history(engine: Engine) -> None:
    id = ask_id(engine)
    remark = engine.reviews.comment(id, actor="ana", text="why now?")
    assert (remark["review"], remark["text"]) == (id, "why now?")
    engine.reviews.respond(id, actor="ben", response=APPROVE)
    engine.reviews.comment(id, actor="ana", text="fine")
    history = engine.reviews.history(id)
    assert [said["text"] for said in history["comments"]] == ["why now?", "fine"]
    assert [decision["actor"]["value"] for decision in history["decisions"]] == ["ben"]


def test_S28_escalation_ends_at_the_top(engine: Engine) -> None:
    id = ask_id(engine, policy={"order": "ladder"})
    assert engine.reviews.escalate(id, confidence=0.9)["action"] == "stayed"
    done = engine.reviews.escalate(id, confidence=0.5)
    assert done["action"] == "escalated"
    assert done["review"]["stage"] == "senior_agent"
    engine.reviews.escalate(id, sensitive=True)
    assert engine.reviews.escalate(id, error=True)["review"]["stage"] == "manager"
    top = engine.reviews.escalate(id, error=True)
    assert top["action"] == "at_top"
    steps = [(step["from"], step["to"], step["reason"]) for step in top["review"]["escalations"]]
    assert steps == [
        ("agent", "senior_agent", "confidence"),
        ("senior_agent", "human", "sensitive"),
        ("human", "manager", "error"),
    ]


def test_escalation_by_a_person(engine: Engine) -> None:
    id = ask_id(engine, policy=chain(by("ana"), by("ben"), order="ladder"))
    done = engine.reviews.escalate(id, actor="ana")
    assert done["review"]["escalations"][0]["reason"] == "request"


def test_explain_is_the_rule_that_decides(engine: Engine) -> None:
    id = ask_id(engine, policy=chain(by("ana", "ben", quorum="all")), expires_in=MINUTE)
    why = engine.reviews.explain(id)
    assert (why["status"], why["have"], why["needed"]) == ("pending", 0, 2)
    assert why["answer"] is None
    assert why["next"] is not None
    assert why["next"]["what"] == "expire"
    assert why["why"]
    engine.reviews.respond(id, actor="ana", response=APPROVE)
    why = engine.reviews.explain(id, actor="ben", response=APPROVE)
    assert (why["have"], [actor["value"] for actor in why["voted"]]) == (1, ["ana"])
    assert why["answer"] is not None
    assert why["answer"]["accepted"] is True
    why = engine.reviews.explain(id, actor="eve", response=APPROVE)
    assert why["answer"] is not None
    assert why["answer"]["accepted"] is False
    assert why["answer"]["refusal"] is not None
    assert why["answer"]["refusal"]["code"] == "NOT_AUTHORIZED"
    assert engine.reviews.get(id)["status"] == "pending"


def test_a_trial_answer_is_somebodys(engine: Engine) -> None:
    id = ask_id(engine)
    with pytest.raises(InvalidArgumentError) as caught:
        engine.reviews.explain(id, response=APPROVE)
    (problem,) = caught.value.problems
    assert (problem["code"], problem["path"]) == ("missing", "")
    assert engine.reviews.get(id)["status"] == "pending"
