"""What senders and receivers of webhooks share: payloads, the registry, and notices."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import pytest

import interlock.langchain as lc
from guarded_agents import (
    TWO,
    Work,
    ask,
    pending,
)
from interlock import Engine
from interlock.langchain import (
    DecisionOutcome,
    InterlockResumeHandler,
    PendingDecision,
    PendingDecisionRegistry,
    SendDecisionFailedError,
    UnknownDecisionError,
    WebhookEvent,
)
from review_tools import NOON

ANA = {"identity": "ana"}


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    with Engine.open(url, clock=NOON) as opened:
        yield opened


def body(review: Any, outcome: str = "approved", who: str = "ana", **more: Any) -> dict[str, Any]:
    return {"decisionId": review["id"], "identityId": who, "outcome": outcome, **more}


# ----------------------------------------------------------------------------- the payload


def test_X16_X19_X20_what_a_payload_says() -> None:
    event = WebhookEvent.from_payload(
        {"decisionId": 7, "identityId": "ana", "outcome": " Timed_Out ", "receivedAt": "today"}
    )
    assert event == WebhookEvent("7", "ana", DecisionOutcome.TIMEOUT, "today")
    snake = {"decision_id": "7", "identity_id": "ana", "outcome": "timeout", "received_at": "today"}
    assert lc.parse_webhook_payload(snake) == event


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("approve", "approved"),
        ("APPROVED", "approved"),
        ("reject", "rejected"),
        ("Rejected\n", "rejected"),
        ("expire", "expired"),
        ("expired", "expired"),
        ("timeout", "timeout"),
        ("timed_out", "timeout"),
    ],
)
def test_X19_aliases(word: str, outcome: str) -> None:
    assert DecisionOutcome.from_raw(word).value == outcome


@pytest.mark.parametrize("missing", ["decision_id", "identity_id", "outcome"])
def test_X20_what_is_missing(missing: str) -> None:
    payload = {"decision_id": "d", "identity_id": "i", "outcome": "approved", missing: ""}
    with pytest.raises(ValueError, match=f"^webhook payload missing {missing}$"):
        WebhookEvent.from_payload(payload)


def test_X20_an_unknown_word() -> None:
    with pytest.raises(ValueError, match="unsupported Noxy decision outcome: 'maybe'"):
        DecisionOutcome.from_raw("maybe")


def test_X32_a_decision_as_a_document() -> None:
    event = WebhookEvent("d", "i", DecisionOutcome.EXPIRED)
    assert event.is_timeout
    assert event.to_state() == {
        "decision_id": "d",
        "identity_id": "i",
        "outcome": "expired",
        "received_at": None,
        "approved": False,
    }


def test_X28_X29_errors_and_their_texts() -> None:
    error = pickle.loads(pickle.dumps(UnknownDecisionError("d1")))
    assert str(error) == "no pending LangChain interrupt for decision_id='d1'"
    assert str(SendDecisionFailedError()) == "send_decision returned no decision_id"
    assert issubclass(UnknownDecisionError, lc.DecisionError)
    assert issubclass(SendDecisionFailedError, lc.DecisionError)
    with pytest.raises(ValueError, match="decision_count must be >= 1"):
        lc.hitl_response_from_outcome(DecisionOutcome.APPROVED, decision_count=0)
    with pytest.raises(ValueError, match="action_requests must not be empty"):
        lc.build_hitl_actionable([])


@pytest.mark.parametrize("outcome", [*DecisionOutcome])
@pytest.mark.parametrize("message", [None, "Not today."])
def test_X17_X18_X24_the_helper_says_what_the_core_says(
    engine: Engine, outcome: DecisionOutcome, message: str | None
) -> None:
    _, review = ask(engine, Work(), TWO)
    answered = engine.reviews.respond(
        review["id"], actor="ana", outcome=outcome.value, comment=message
    )
    said = lc.hitl_response_from_outcome(outcome, decision_count=2, reject_message=message)
    assert answered["review"]["response"] == said


# ------------------------------------------------------------------- registry and notices


def test_X26_X27_X40_a_registry_on_the_store(path: str) -> None:
    first = PendingDecision("d1", "t1", "ana", 2)
    with Engine.open(path) as engine:
        registry = PendingDecisionRegistry(engine)
        registry.register(first)
        registry.register(first)
        registry.register(PendingDecision("d2", "t2", "bob"))
        registry.register(PendingDecision("d2", "t3", "bob"))
        assert len(registry) == 2
    with Engine.open(path) as engine:
        registry = PendingDecisionRegistry(engine)
        assert registry.lookup("d1") == first
        found = [registry.pop("d1"), registry.pop("d1"), registry.lookup("d1")]
        assert found == [first, None, None]
        assert registry.lookup("d2") == PendingDecision("d2", "t3", "bob", 1)
        assert registry.pop("d9") is None
        assert len(registry) == 1


def test_X26_what_an_agent_waits_for_is_registered_by_itself(engine: Engine) -> None:
    asking = {**ANA, "external_id": "relay-7"}
    agent, review = ask(engine, Work(), TWO, review=asking)
    registry = PendingDecisionRegistry(engine)
    expected = PendingDecision("relay-7", "t", "ana", 2)
    assert registry.lookup("relay-7") == expected
    assert [registry.pop("relay-7"), registry.pop("relay-7")] == [expected, None]
    assert pending(engine)["id"] == review["id"]  # popping answers nothing
    registry.register(expected)
    assert len(registry) == 1
    InterlockResumeHandler(engine, agent).resume_from_webhook(body(review))
    assert registry.lookup("relay-7") is None


def test_X30_X44_what_is_sent_to_people(engine: Engine) -> None:
    agent, review = ask(engine, Work(), TWO, review={"expires_in": 9000, "reminders": [5000]})
    engine.set_time(NOON + 4000)
    engine.tick()
    InterlockResumeHandler(engine, agent).resume_from_webhook(body(review))
    found = [*lc.notices(engine, timeout=0)]
    types = [notice.type for notice in found]
    assert types == ["review.opened", "review.reminded", "review.resolved"]
    assert {(notice.review["id"], notice.event["thread"]) for notice in found} == {
        (review["id"], "t")
    }
    shown = found[0].actionable
    assert shown is not None
    assert {name: shown[name] for name in ("kind", "tool", "args", "title", "action_count")} == {
        "kind": "propose_tool_call",
        "tool": "send",
        "args": {"to": "bob"},
        "title": "Approve send?",
        "action_count": 2,
    }
    assert [action["name"] for action in shown["actions"]] == ["send", "rm"]
    assert shown["summary"] == shown["actions"][0]["description"]
    assert shown == lc.build_hitl_actionable(shown["actions"])
    engine.events.ack("sender", found[0].seq)
    left = [notice.type for notice in lc.notices(engine, cursor="sender", timeout=0)]
    assert left == types[1:]


async def test_X30_what_is_sent_in_an_event_loop(engine: Engine) -> None:
    engine.reviews.open("approval", {})
    found = [notice async for notice in lc.anotices(engine, timeout=0.05)]
    assert [(notice.type, notice.actionable) for notice in found] == [("review.opened", None)]
