"""N1 to N9 and X50 to X55: failures measured in other middlewares, each shown there, absent here.

The peers are noxy-langchain 1.0.0, and LangChain's own middleware for people before tools.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from chat_tools import call
from conftest import needs_loops
from guarded_agents import (
    AGAIN,
    GO,
    SEND,
    Work,
    ask,
    decisions,
    done,
    edit,
    guarded,
    pending,
    thread,
    told,
    turn,
)
from interlock import Engine, InvalidResponseError
from interlock.langchain import (
    InterlockMiddleware,
    InterlockResumeHandler,
    PendingDecisionRegistry,
    UnknownDecisionError,
)
from interlock.langgraph import InterlockSaver, Resumer

peer = pytest.importorskip("noxy_langchain", reason="the peer: pip install noxy-langchain==1.0.0")

ON: Any = {"send": True, "rm": True}


class Client:
    """Stands where the peer's relay would: counts what is sent."""

    def __init__(self, send: Callable[[], None] = lambda: None) -> None:
        self.sent: list[str] = []
        self._send = send

    def send_decision(self, identity: str, actionable: Any) -> list[Any]:
        self._send()
        self.sent.append(f"d{len(self.sent) + 1}")
        return [SimpleNamespace(decision_id=self.sent[-1])]


class Peer:
    """An agent of the peer, at its first question."""

    def __init__(self, *script: Any, registry: Any = None, saver: Any = None) -> None:
        self.client = Client()
        bridge: Any = peer.NoxyLangChainBridge(self.client, "ana", registry=registry)
        self.registry = bridge.registry
        self.work = Work()
        self.agent = guarded(
            saver or InMemorySaver(),
            self.work,
            [*script, done()],
            middleware=bridge.create_hitl_middleware(ON),
        )
        self.handler = bridge.create_resume_handler(self.agent)
        self.agent.invoke(GO, thread())

    def webhook(self, decision: str = "d1", who: str = "ana") -> Any:
        said = {"decisionId": decision, "identityId": who, "outcome": "approved"}
        return self.handler.resume_from_webhook(said)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine.open(":memory:") as opened:
        yield opened


def said(review: Any, who: str = "ana") -> dict[str, str]:
    return {"decisionId": review["id"], "identityId": who, "outcome": "approved"}


def test_X51_n1_a_wrong_identity_destroys_the_approval(engine: Engine) -> None:
    stock = Peer(SEND)
    for who in ("bob", "ana"):  # the second is right, and too late
        with pytest.raises(peer.UnknownDecisionError):
            stock.webhook(who=who)

    work = Work()
    agent, review = ask(engine, work, SEND, review={"identity": "ana"})
    handler = InterlockResumeHandler(engine, agent)
    with pytest.raises(UnknownDecisionError):
        handler.resume_from_webhook(said(review, "bob"))
    handler.resume_from_webhook(said(review))
    assert work.ran == [("send", "bob", 1)]


def test_X55_n2_a_failed_resume_loses_the_decision(engine: Engine) -> None:
    class Down:
        """An agent that cannot be reached the first time."""

        def __init__(self, agent: Any) -> None:
            self._agent, self.is_down = agent, True

        def __getattr__(self, name: str) -> Any:
            return getattr(self._agent, name)

        def invoke(self, *given: Any, **named: Any) -> Any:
            if self.is_down:
                self.is_down = False
                raise ConnectionError("down")
            return self._agent.invoke(*given, **named)

    stock = Peer(SEND)
    stock.handler = peer.NoxyAgentResumeHandler(Down(stock.agent), stock.registry)
    with pytest.raises(ConnectionError):
        stock.webhook()
    with pytest.raises(peer.UnknownDecisionError):
        stock.webhook()
    assert stock.work.ran == []

    work = Work()
    agent, review = ask(engine, work, SEND)
    handler = InterlockResumeHandler(engine, Down(agent))
    with pytest.raises(ConnectionError):
        handler.resume_from_webhook(said(review))
    handler.resume_from_webhook(said(review))
    assert work.ran == [("send", "bob", 1)]


def test_X40_n3_a_restart_loses_who_waits(path: str) -> None:
    saver = InMemorySaver()
    first = Peer(SEND, saver=saver)
    second = Peer(saver=saver)  # another process: the thread is there, its decision is not
    assert len(first.registry) == 1
    with pytest.raises(peer.UnknownDecisionError):
        second.webhook()

    work = Work()
    with Engine.open(path) as engine:
        _, review = ask(engine, work, SEND)
    with Engine.open(path) as engine:
        agent = guarded(InterlockSaver(engine), work, [done()])
        InterlockResumeHandler(engine, agent).resume_from_webhook(said(review))
    assert work.ran == [("send", "bob", 1)]


def test_X40_n3_the_peer_with_a_registry_that_lasts(path: str) -> None:
    with Engine.open(path) as engine:
        Peer(SEND, saver=InterlockSaver(engine), registry=PendingDecisionRegistry(engine))
    with Engine.open(path) as engine:
        registry = PendingDecisionRegistry(engine)
        bridge: Any = peer.NoxyLangChainBridge(Client(), "ana", registry=registry)
        work = Work()
        before = bridge.create_hitl_middleware(ON)
        agent = guarded(InterlockSaver(engine), work, [done()], middleware=before)
        handler = bridge.create_resume_handler(agent)
        decision = {"decisionId": "d1", "identityId": "ana", "outcome": "approved"}
        handler.resume_from_webhook(decision)
        assert work.ran == [("send", "bob", 1)]
        assert len(registry) == 0


def test_X53_n4_looking_again_prompts_again(engine: Engine) -> None:
    stock = Peer(SEND)
    stock.agent.invoke(None, thread())
    stock.agent.invoke(Command(resume=decisions("approve")), thread())
    assert len(stock.client.sent) == 3

    work = Work()
    agent, review = ask(engine, work, SEND)
    agent.invoke(None, thread())
    agent.invoke(Command(resume=decisions("approve")), thread())
    assert [each["id"] for each in engine.reviews.list()] == [review["id"]]


def test_X50_n5_the_second_question_of_a_thread_is_never_asked(engine: Engine) -> None:
    stock = Peer(SEND, AGAIN)
    stock.webhook()
    assert stock.agent.get_state(thread()).interrupts
    assert (stock.client.sent, len(stock.registry)) == (["d1"], 0)
    with pytest.raises(peer.UnknownDecisionError):
        stock.webhook()

    work = Work()
    agent, review = ask(engine, work, SEND, AGAIN)
    handler = InterlockResumeHandler(engine, agent)
    handler.resume_from_webhook(said(review))
    handler.resume_from_webhook(said(pending(engine)))
    assert work.ran == [("send", "bob", 1), ("send", "zoe", 1)]


def test_X52_n6_an_edit_runs_the_original(engine: Engine) -> None:
    edited = decisions(edit("send", to="EDITED"))
    stock = Peer(SEND)
    stock.agent.invoke(Command(resume=edited), thread())
    assert stock.work.ran == [("send", "bob", 1)]

    work = Work()
    agent, review = ask(engine, work, SEND)
    engine.reviews.respond(review["id"], actor="ana", response=edited)
    Resumer(engine, agent).run_once()
    assert work.ran == [("send", "EDITED", 1)]


def test_X10_n7_when_and_per_call_are_ignored(engine: Engine) -> None:
    never: Any = {"send": {"allowed_decisions": ["approve"], "when": lambda _: False}}
    bridge: Any = peer.NoxyLangChainBridge(Client(), "ana")
    work = Work()
    before = bridge.create_hitl_middleware(never)
    agent = guarded(InMemorySaver(), work, [SEND, done()], middleware=before)
    agent.invoke(GO, thread())
    assert work.ran == []
    with pytest.raises(TypeError):
        peer.NoxyHumanInTheLoopMiddleware(Client(), "ana", None, ON, interrupt_mode="per_call")

    agent = guarded(InterlockSaver(engine), work, [SEND, done()], never)
    agent.invoke(GO, thread())
    assert work.ran == [("send", "bob", 1)]


def test_X41_n8_a_late_duplicate_answers_the_next_question(engine: Engine) -> None:
    """The peer resumes with a value, which is for whatever is asked by then."""
    stock = Peer(SEND, AGAIN)
    for _ in range(2):
        stock.agent.invoke(Command(resume=decisions("approve")), thread())
    assert stock.work.ran == [("send", "bob", 1), ("send", "zoe", 1)]

    work = Work()
    agent, review = ask(engine, work, SEND, AGAIN)
    handler = InterlockResumeHandler(engine, agent)
    for _ in range(2):
        handler.resume_from_webhook(said(review))
    assert work.ran == [("send", "bob", 1)]
    assert pending(engine)["id"] != review["id"]


@needs_loops
async def test_X23_n9_asking_blocks_the_event_loop(engine: Engine) -> None:
    """The peer sends from within the loop; here nothing is sent, and the store has threads."""
    where: list[Any] = []
    client = Client(lambda: where.append(threading.current_thread()))
    before: Any = peer.NoxyLangChainBridge(client, "ana").create_hitl_middleware(ON)  # type: ignore[arg-type]
    agent = guarded(InMemorySaver(), Work(), [SEND, done()], middleware=before)
    await agent.ainvoke(GO, thread())
    assert where == [threading.current_thread()]

    saver, work = InterlockSaver(engine), Work()
    agent = guarded(saver, work, [SEND, done()])
    await agent.ainvoke(GO, thread())
    review = pending(engine)
    mine = threading.get_ident()
    loud = InterlockMiddleware._with_permits
    seen: list[int] = []

    def watched(self: Any, *given: Any) -> Any:
        seen.append(threading.get_ident())
        return loud(self, *given)

    InterlockMiddleware._with_permits = watched  # type: ignore[method-assign]
    try:
        await InterlockResumeHandler(engine, agent).resume_from_webhook_async(said(review))
    finally:
        InterlockMiddleware._with_permits = loud  # type: ignore[method-assign]
    # What reads the store is not in the loop; a turn without questions reads nothing.
    assert seen[0] != mine
    assert work.ran == [("send", "bob", 1)]
    await asyncio.sleep(0)


def test_X54_an_invalid_answer_poisons_the_thread(engine: Engine) -> None:
    on: Any = {"rm": {"allowed_decisions": ["approve", "reject"]}}
    script = [turn(call("rm", "c1", path="a")), done()]
    wrong, right = decisions(edit("rm", path="b")), decisions("approve")
    work = Work()
    agent = guarded(InMemorySaver(), work, script, middleware=HumanInTheLoopMiddleware(on))
    [question] = agent.invoke(GO, thread())["__interrupt__"]
    for answer in (wrong, *[right] * 5, {question.id: right}):
        with pytest.raises(ValueError, match="is not allowed for tool 'rm'"):
            agent.invoke(Command(resume=answer), thread())
    assert work.ran == []

    agent = guarded(InterlockSaver(engine), work, script, on)
    agent.invoke(GO, thread())
    review = pending(engine)
    for _ in range(3):
        with pytest.raises(InvalidResponseError):
            engine.reviews.respond(review["id"], actor="ana", response=wrong)
    engine.reviews.respond(review["id"], actor="ana", response=right)
    Resumer(engine, agent).run_once()
    assert work.ran == [("rm", "a")]


def test_X31_the_questions_of_the_peer_are_reviews_too(engine: Engine) -> None:
    stock = Peer(SEND, saver=InterlockSaver(engine))
    review = pending(engine)
    assert (review["kind"], review["details"]["decision_id"]) == ("actions", "d1")
    assert {*review["details"]} == {
        "action_requests",
        "review_configs",
        "kind",
        "decision_id",
        "identity_id",
    }
    engine.reviews.respond(review["id"], actor="ana", outcome="rejected")
    resumed = Resumer(engine, stock.agent).run_once()
    assert resumed is not None
    assert told(resumed.result)[0].status == "error"
    assert stock.work.ran == []
