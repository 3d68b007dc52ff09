"""Webhooks that answer the reviews of an agent, and let it go on."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any, TypedDict

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, GraphOutput, interrupt

from conftest import LOOPS
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
    InterlockResumeHandler,
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


@LOOPS
async def test_X22_X23_X49_in_an_event_loop(
    engine: Engine, native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND)
    handler = InterlockResumeHandler(engine, agent)
    monkeypatch.setattr("interlock.langgraph._loops.KEEP_CONTEXT", native)
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


def test_X5_X60_identities_of_every_type(engine: Engine) -> None:
    people = [("phone", "+4912"), ("email", "a@b.c"), ("user_id", "ana"), ("wallet", "0xAB")]
    for type, value in people:
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
