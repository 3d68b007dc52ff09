"""Webhooks that answer the reviews of an agent, and let it go on."""

from __future__ import annotations

import asyncio
import json
import pickle
import threading
from collections.abc import Iterator
from typing import Any, TypedDict

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, GraphOutput, interrupt

import interlock.langchain as lc
from guarded_agents import (
    AGAIN,
    GO,
    SEND,
    TWO,
    Work,
    ask,
    decisions,
    done,
    guarded,
    pending,
    thread,
    told,
)
from interlock import AlreadyResolvedError, Engine, SignatureInvalidError
from interlock.langchain import (
    DecisionOutcome,
    InterlockResumeHandler,
    PendingDecision,
    PendingDecisionRegistry,
    SendDecisionFailedError,
    UnknownDecisionError,
    WebhookEvent,
)
from interlock.langgraph import InterlockSaver, Question, Resumer
from review_tools import NOON, by, chain

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
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


# -------------------------------------------------------------------------------- going on


def test_X22_X57_a_webhook_goes_on_to_the_next_question_and_to_the_end(engine: Engine) -> None:
    work = Work()
    agent, review = ask(engine, work, TWO, AGAIN)
    handler = InterlockResumeHandler(engine, agent)
    first = handler.resume_from_webhook(body(review))
    assert isinstance(first, GraphOutput)
    assert [each.id for each in first.interrupts] == [pending(engine)["interrupt"]["id"]]
    last = handler.resume_from_event(WebhookEvent.from_payload(body(pending(engine), "reject")))
    assert (last.interrupts, last.value["messages"][-1].content) == ((), "done")
    assert sorted(work.ran) == [("rm", "old.log"), ("send", "bob", 1)]


def test_X21_X25_one_handler_serves_all_threads(engine: Engine) -> None:
    work = Work()
    agent = guarded(InterlockSaver(engine), work, [SEND, SEND, done(), done()])
    handler = InterlockResumeHandler(engine, agent)
    for name in ("a", "b"):
        agent.invoke(GO, thread(name))
    for review in [*engine.reviews.list(status="pending")]:
        handler.resume_from_webhook(body(review))
    assert len(work.ran) == 2
    with pytest.raises(ValueError, match="no InterlockSaver"):
        InterlockResumeHandler(engine, guarded(InMemorySaver(), work, [SEND]))


def test_X36_suspension_is_a_value(engine: Engine) -> None:
    agent = guarded(InterlockSaver(engine), Work(), [SEND, done()])
    output = agent.invoke(GO, thread(), version="v2")
    assert output.interrupts
    assert agent.get_state(thread()).interrupts == output.interrupts


@pytest.mark.parametrize("native", [True, False])
async def test_X22_X23_X49_in_an_event_loop(
    engine: Engine, native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND)
    handler = InterlockResumeHandler(engine, agent)
    monkeypatch.setattr("interlock.langchain._going_on._LOOPS_KEEP_CONTEXT", native)
    first, second = await asyncio.gather(
        handler.resume_from_webhook_async(body(review)),
        handler.resume_from_event_async(WebhookEvent.from_payload(body(review))),
    )
    assert first.value["messages"][-1].content == second.value["messages"][-1].content == "done"
    assert work.ran == [("send", "bob", 1)]


@pytest.mark.parametrize("outcome", ["expired", "timeout"])
def test_X17_X42_silence_is_a_rejection(engine: Engine, outcome: str) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND)
    result = InterlockResumeHandler(engine, agent).resume_from_webhook(body(review, outcome))
    assert told(result)[0].content.endswith(
        "Decision expired before a human response was received."
    )
    assert work.ran == []


def test_X42_a_deadline_that_has_passed_here_too(engine: Engine) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND, review={"expires_in": 1000})
    handler = InterlockResumeHandler(engine, agent)
    engine.set_time(NOON + 1000)
    with pytest.raises(AlreadyResolvedError):
        handler.resume_from_webhook(body(review, "approved"))
    result = handler.resume_from_webhook(body(review, "expired"))
    assert "Decision expired" in told(result)[0].content
    assert work.ran == []


def test_X59_any_name_of_the_review(engine: Engine) -> None:
    work = Work()
    script = [SEND, AGAIN, SEND, done()]
    agent = guarded(InterlockSaver(engine), work, script, review={"external_id": "relay-7"})
    agent.invoke(GO, thread())
    handler = InterlockResumeHandler(engine, agent)
    for name in ("external_id", "id", "interrupt"):
        review = pending(engine)
        found = review[name]["id"] if name == "interrupt" else review[name]
        handler.resume_from_webhook({**body(review), "decisionId": found})
    assert len(work.ran) == 3


def test_X58_any_graph_that_asks(engine: Engine) -> None:
    class State(TypedDict, total=False):
        said: Any

    def node(_: State) -> State:
        asked = Question({"question": "Ship it?", "action": "ship"}, policy=chain(by("ana")))
        return {"said": interrupt(asked)}

    builder = StateGraph(State)
    builder.add_node("node", node)
    builder.add_edge(START, "node")
    builder.add_edge("node", END)
    graph = builder.compile(checkpointer=InterlockSaver(engine))
    graph.invoke({}, thread())
    handler = InterlockResumeHandler(engine, graph)
    with pytest.raises(UnknownDecisionError):
        handler.resume_from_webhook(body(pending(engine), who="bob"))
    assert handler.resume_from_webhook(body(pending(engine))).value == {"said": "approve"}


# ------------------------------------------------------------------------------- refusals


def test_X46_an_unknown_decision(engine: Engine) -> None:
    agent, review = ask(engine, Work(), SEND)
    handler = InterlockResumeHandler(engine, agent)
    with pytest.raises(UnknownDecisionError, match="decision_id='d9'"):
        handler.resume_from_webhook({**body(review), "decisionId": "d9"})
    alone = engine.reviews.open("approval", {})["review"]  # no thread waits for it
    with pytest.raises(UnknownDecisionError):
        handler.resume_from_webhook(body(alone))
    agent.invoke(Command(resume=decisions("reject")), thread())  # gone on without it
    with pytest.raises(UnknownDecisionError):
        handler.resume_from_webhook(body(review))


def test_X51_X56_a_wrong_identity_consumes_nothing(engine: Engine) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND, review=ANA)
    handler = InterlockResumeHandler(engine, agent)
    for _ in range(3):
        with pytest.raises(UnknownDecisionError):
            handler.resume_from_webhook(body(review, who="bob"))
    assert work.ran == []
    handler.resume_from_webhook(body(review, who="ana"))
    assert work.ran == [("send", "bob", 1)]


def test_X60_identities_of_every_type(engine: Engine) -> None:
    for type, value in [("phone", "+4912"), ("email", "a@b.c"), ("wallet", "0xAB")]:
        script = [SEND, done()]
        identity = {"identity": {"type": type, "value": value}}
        agent = guarded(InterlockSaver(engine), Work(), script, review=identity)
        agent.invoke(GO, thread(type))
        InterlockResumeHandler(engine, agent).resume_from_webhook(body(pending(engine), who=value))


def test_X41_X61_a_retry_gets_the_first_result(engine: Engine) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND, AGAIN)
    handler = InterlockResumeHandler(engine, agent)
    first = handler.resume_from_webhook(body(review))
    handler.resume_from_webhook(body(pending(engine)))
    again = InterlockResumeHandler(engine, agent).resume_from_webhook(body(review))
    assert len(again.interrupts) == 1  # as it was then, though the thread is at its end now
    assert again == first
    assert len(work.ran) == 2
    with pytest.raises(AlreadyResolvedError):
        handler.resume_from_webhook(body(review, "rejected"))


def test_X61_many_deliveries_at_once(engine: Engine) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND)
    results: list[Any] = []

    def deliver() -> None:
        results.append(InterlockResumeHandler(engine, agent).resume_from_webhook(body(review)))

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert work.ran == [("send", "bob", 1)]
    assert [result.value["messages"][-1].content for result in results] == ["done"] * 6


@pytest.mark.parametrize("mode", ["batched", "per_call"])
def test_X55_the_agent_fails_and_the_retry_goes_on(path: str, mode: Any) -> None:
    down = [True]

    def effect(_: Any) -> None:
        if down:
            raise ConnectionError("down")

    work = Work(effect)
    with Engine.open(path) as engine:
        agent, review = ask(engine, work, SEND, interrupt_mode=mode)
        handler = InterlockResumeHandler(engine, agent)
        with pytest.raises(ConnectionError):
            handler.resume_from_webhook(body(review))
        down.clear()
        result = handler.resume_from_webhook(body(review))
    assert "has failed: down. It was not run again" in told(result)[0].content
    assert len(work.ran) == 1


def test_X55_a_decision_that_a_dead_process_took(engine: Engine) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND, review=ANA)
    engine.reviews.respond(review["id"], actor="ana", outcome="approved", via="webhook")
    InterlockResumeHandler(engine, agent).resume_from_webhook(body(review))
    assert work.ran == [("send", "bob", 1)]


def test_two_people_one_after_the_other(engine: Engine) -> None:
    work = Work()
    policy = chain(by("ana", name="manager"), by("bob", name="director"))
    agent, review = ask(engine, work, SEND, review={"policy": policy})
    handler = InterlockResumeHandler(engine, agent)
    assert len(handler.resume_from_webhook(body(review)).interrupts) == 1
    assert work.ran == []
    handler.resume_from_webhook(body(review, who="bob"))
    assert work.ran == [("send", "bob", 1)]


def test_a_resumer_and_a_webhook(engine: Engine) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND)
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    assert Resumer(engine, agent).run_until_idle() == 1
    result = InterlockResumeHandler(engine, agent).resume_from_webhook(body(review))
    assert result.value["messages"][-1].content == "done"
    assert len(work.ran) == 1


def test_signed_webhooks(url: str) -> None:
    with Engine.open(url) as engine:
        work = Work()
        agent, review = ask(engine, work, SEND)
        handler = InterlockResumeHandler(engine, agent, secrets=[SECRET])
        raw = json.dumps(body(review))
        headers = engine.webhooks.sign(raw, secrets=[SECRET])
        with pytest.raises(SignatureInvalidError):
            handler.resume_from_webhook(raw.replace("approved", "rejected"), headers=headers)
        for unsigned in (raw, body(review)):
            with pytest.raises(ValueError, match="its body, as it came, and its headers"):
                handler.resume_from_webhook(unsigned)
        handler.resume_from_webhook(raw.encode(), headers=headers)
        assert work.ran == [("send", "bob", 1)]


@pytest.mark.parametrize("raw", ["[]", "{", "null", b"\xff"])
def test_bodies_that_are_no_decisions(engine: Engine, raw: Any) -> None:
    agent, _ = ask(engine, Work(), SEND)
    with pytest.raises(ValueError):
        InterlockResumeHandler(engine, agent).resume_from_webhook(raw)


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
