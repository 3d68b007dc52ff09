"""What InterlockMiddleware lets run: what was approved, once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.messages import ToolMessage
from langgraph.types import Command, interrupt

from conftest import needs_loops
from guarded_agents import (
    GO,
    SEND,
    Work,
    ask,
    decisions,
    done,
    edit,
    go_on,
    guarded,
    pending,
    thread,
    told,
)
from interlock import (
    Engine,
    UnknownEffectError,
)
from interlock.langgraph import InterlockSaver, Resumer
from review_tools import NOON

MODES: Any = pytest.mark.parametrize("mode", ["batched", "per_call"])


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    with Engine.open(url, clock=NOON) as opened:
        yield opened


# ------------------------------------------------------------------------------ permits


def rerun(agent: Any, engine: Engine) -> Any:
    """From before the tools: what a worker does that has lost what came after."""
    for state in agent.get_state_history(thread()):
        if state.next == ("tools",):
            return agent.invoke(None, state.config)
    raise AssertionError("the tools never ran")


def test_X55_what_was_done_is_not_done_again(engine: Engine) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND)
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    first = told(go_on(engine, agent))
    again = told(rerun(agent, engine))
    assert work.ran == [("send", "bob", 1)]
    assert [message.content for message in again] == [message.content for message in first]


@MODES
def test_X55_a_crash_in_the_tool_leaves_it_unknown(engine: Engine, mode: Any) -> None:
    class Killed(BaseException):
        pass

    def dies(_: Any) -> None:
        if len(work.ran) == 1:
            raise Killed

    work = Work(dies)
    agent, review = ask(engine, work, SEND, interrupt_mode=mode)
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    with pytest.raises(Killed):
        Resumer(engine, agent).run_once()
    engine.set_time(NOON + 600_000)
    [permit] = engine.permits.list()
    assert (permit["status"], permit["review"]) == ("unknown", review["id"])
    [run] = [run for run in engine.runs.list() if run["thread"] == "t"]
    assert run["status"] == "busy"
    result = go_on(engine, agent) if mode == "per_call" else agent.invoke(None, thread())
    assert work.ran == [("send", "bob", 1)]
    assert "may or may not have happened" in told(result)[0].content


def test_X55_an_unknown_effect_may_be_raised(engine: Engine) -> None:
    agent, review = ask(engine, Work(), SEND, on_unknown="raise")
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    [permit] = engine.permits.list(review=review["id"])
    engine.permits.consume(permit["id"], "send", {"to": "bob"})  # another worker, which dies
    engine.set_time(NOON + 600_000)
    with pytest.raises(UnknownEffectError):
        go_on(engine, agent)


def test_a_tool_that_failed_is_not_tried_again(engine: Engine) -> None:
    def fails(_: Any) -> None:
        raise OSError("no route")

    work = Work(fails)
    agent, review = ask(engine, work, SEND)
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    with pytest.raises(OSError, match="no route"):
        go_on(engine, agent)
    [message] = told(agent.invoke(None, thread()))
    assert "has failed: no route" in message.content
    assert len(work.ran) == 1


def test_what_was_not_approved_is_not_run(engine: Engine) -> None:
    """Another middleware changes the arguments after people have seen them."""
    work = Work()
    agent, review = ask(engine, work, SEND)
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    other = decisions(edit("send", to="mallory"))
    [message] = told(agent.invoke(Command(resume=other), thread()))
    assert "it is not what people approved" in message.content
    assert work.ran == []


@MODES
def test_a_permit_may_be_required(engine: Engine, mode: Any) -> None:
    work = Work()
    agent, _ = ask(engine, work, SEND, interrupt_mode=mode, require_permit=True)
    answer: Any = decisions("approve") if mode == "batched" else {"type": "approve"}
    [message] = told(agent.invoke(Command(resume=answer), thread()))
    assert "no review has approved it" in message.content
    assert work.ran == []


def test_a_tool_that_asks_people_itself(engine: Engine) -> None:
    work = Work(lambda to: interrupt(f"really {to}?"))
    agent, review = ask(engine, work, SEND)
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    go_on(engine, agent)
    review = pending(engine)
    assert (review["kind"], review["title"]) == ("freeform", "really bob?")
    engine.reviews.respond(review["id"], actor="ana", response=True)
    [message] = told(go_on(engine, agent))
    assert message.content == "sent bob"


@needs_loops
@MODES
async def test_X23_in_an_event_loop(engine: Engine, mode: Any) -> None:
    work = Work()
    saver = InterlockSaver(engine)
    agent = guarded(saver, work, [SEND, done()], interrupt_mode=mode)
    await agent.ainvoke(GO, thread())
    review = pending(engine)
    edited = decisions(edit("send", to="al", n=2))
    await engine.reviews.arespond(review["id"], actor="ana", response=edited)
    resumed = await Resumer(engine, agent).arun_once()
    assert resumed is not None
    assert isinstance(told(resumed.result)[0], ToolMessage)
    assert work.ran == [("send", "al", 2)]
    [permit] = engine.permits.list(review=review["id"])
    assert permit["status"] == "done"


def test_X39_a_thread_of_langchains_is_decided_after_a_restart(path: str) -> None:
    work = Work()
    with Engine.open(path) as engine:
        _, review = ask(engine, work, SEND)
        engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    with Engine.open(path) as engine:
        agent = guarded(InterlockSaver(engine), work, [done()])
        go_on(engine, agent)
    assert work.ran == [("send", "bob", 1)]
