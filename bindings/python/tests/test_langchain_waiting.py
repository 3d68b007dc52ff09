"""The tools while they wait, in threads, event loops, runs and graphs: nothing is lost."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from chat_tools import agent, call, named, only_message, pending, person, results
from interlock import Completed, Engine, IdempotencyMismatchError
from interlock.langchain import (
    INSTRUCTIONS,
    tools,
)
from interlock.langgraph import InterlockSaver
from review_tools import APPROVE, REJECT, python

SHORT = 0.05


@pytest.fixture
def engine(path: str) -> Iterator[Engine]:
    with Engine.open(path) as opened:
        yield opened


# -------------------------------------------------------------------------------- waiting


def test_P33_a_tool_waits_no_longer_than_its_patience(engine: Engine) -> None:
    for timeout in (timedelta(milliseconds=50), 0.05):
        started = time.monotonic()
        tool = named(engine, timeout=timeout)["ask_approval"]
        assert tool.invoke({"question": "?"}) == "timeout"
        assert 0.04 < time.monotonic() - started < 2
    with pytest.raises(ValueError, match="timeout"):
        tools(engine, channel="c", timeout=-1)


def test_P35_P36_P38_each_answer_reaches_its_own_tool(engine: Engine) -> None:
    def answer(review: Any) -> Any:
        message = engine.messages.get(review["external_id"])
        return {"choice": message["text"]}

    tool, heard = named(engine)["ask_form"], dict[int, str]()

    def ask(number: int) -> None:
        heard[number] = tool.invoke({"question": f"Q{number}", "fields": "Choice"})

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    with person(engine, answer):
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
    assert heard == {number: f"choice: Q{number}" for number in range(8)}


def test_P40_an_answer_before_the_wait_is_not_lost(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = type(engine.messages).post

    def answered_at_once(*args: Any, **members: Any) -> Any:
        message = post(*args, **members)
        engine.reviews.respond(message["review"], actor="ana", response=APPROVE)
        return message

    monkeypatch.setattr(type(engine.messages), "post", answered_at_once)
    assert named(engine, timeout=0)["ask_approval"].invoke({"question": "?"}) == "approve"
    asked = named(engine, timeout=0)["ask_approval"].ainvoke({"question": "?"})
    assert asyncio.run(asked) == "approve"


@pytest.mark.parametrize("beside", [False, True], ids=["sync", "async"])
def test_P41_a_late_answer_is_found_by_the_same_call(engine: Engine, beside: bool) -> None:
    tool = named(engine, timeout=SHORT)["ask_approval"]
    question = call("ask_approval", question="May I?")

    def invoke() -> Any:
        return asyncio.run(tool.ainvoke(question)) if beside else tool.invoke(question)

    first = invoke()
    assert first.content == "timeout"
    engine.reviews.respond(first.artifact["review"], actor="ana", response=APPROVE)
    assert engine.reviews.get(first.artifact["review"])["outcome"] == "approved"
    again = invoke()
    assert again.content == "approve"
    assert again.artifact["review"] == first.artifact["review"]
    only_message(engine)


def test_a_message_is_posted_once_per_call(engine: Engine) -> None:
    tool = named(engine)["send_message"]
    first, again = (tool.invoke(call("send_message", text="hello")) for _ in range(2))
    assert first.artifact == again.artifact
    other = tool.invoke(call("send_message", "call-2", text="hello"))
    assert other.artifact["id"] != first.artifact["id"]
    tool.invoke({"text": "hello"})  # nothing tells it from another call
    assert len([*engine.messages.list("c")]) == 3


def test_a_call_is_named_by_its_thread_too(engine: Engine) -> None:
    """Some models count their calls anew: the same id in another thread is another question."""
    tool = named(engine, timeout=0)["ask_approval"]
    for thread in ("t", "u", "t"):
        config: Any = {"configurable": {"thread_id": thread}}
        tool.invoke(call("ask_approval", question="May I?"), config)
    assert [r["thread"] for r in engine.reviews.list(order="oldest")] == ["t", "u"]
    with pytest.raises(IdempotencyMismatchError):
        tool.invoke(call("ask_approval", question="May I not?"), config)


def test_within_a_run_a_call_is_named_by_its_place(engine: Engine) -> None:
    tool = named(engine, timeout=0)["ask_approval"]

    def program(run: Any) -> Any:
        answers = [tool.invoke({"question": "first?"}), tool.invoke({"question": "second?"})]
        if "timeout" in answers:
            raise RuntimeError("not now")
        return answers

    engine.run("t", program)
    assert [r["title"] for r in engine.reviews.list(order="oldest")] == ["first?", "second?"]
    for review in engine.reviews.list(status="pending"):
        engine.reviews.respond(review["id"], actor="ana", response=APPROVE)
    assert engine.run("t", program) == Completed(["approve", "approve"])
    assert len([*engine.reviews.list()]) == 2


# ------------------------------------------------------------------------- beside a loop


async def test_a_thousand_tools_wait_without_a_thread_each(path: str) -> None:
    with Engine.open(path) as engine:
        tool = named(engine, timeout=60)["ask_approval"]
        before = threading.active_count()
        asked = [
            asyncio.create_task(tool.ainvoke(call("ask_approval", f"c{n}", question=f"Q{n}")))
            for n in range(1000)
        ]
        while len((await engine.reviews.apage(status="pending", limit=1000))["reviews"]) < 1000:
            await asyncio.sleep(0.05)
        # the workers of asyncio.to_thread, not one per waiter
        assert threading.active_count() - before <= 40
        async for review in engine.reviews.alist(status="pending", page_size=1000):
            await engine.reviews.arespond(review["id"], actor="ana", response=APPROVE)
        said = await asyncio.gather(*asked)
    assert {each.content for each in said} == {"approve"}


async def test_a_cancelled_task_leaves_the_question(path: str) -> None:
    with Engine.open(path) as engine:
        tool = named(engine)["ask_approval"]
        task = asyncio.create_task(tool.ainvoke(call("ask_approval", question="?")))
        while not engine.reviews.page(status="pending")["reviews"]:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        engine.reviews.respond(pending(engine)["id"], actor="ana", response=APPROVE)
        again = await tool.ainvoke(call("ask_approval", question="?"))
        assert again.content == "approve"


# ------------------------------------------------------------------------------- an agent

SCRIPT = [
    AIMessage("", tool_calls=[call("ask_selection", "1", question="Where?", options="EU, US")]),
    AIMessage("", tool_calls=[call("ask_form", "2", question="Who?", fields="Name")]),
    AIMessage("", tool_calls=[call("ask_approval", "3", question="Deploy?")]),
    AIMessage("", tool_calls=[call("send_message", "4", text="Deployed.", status="success")]),
    AIMessage("done"),
]
ANSWERS = {
    "selection": {"selectedIds": ["eu"]},
    "form": {"name": "Ana"},
    "approval": APPROVE,
}


@pytest.mark.parametrize("beside", [False, True], ids=["sync", "async"])
def test_P42_an_agent_with_the_four_tools(engine: Engine, beside: bool) -> None:
    history = [SystemMessage(INSTRUCTIONS), HumanMessage("hello"), AIMessage("hi")]
    graph = agent(SCRIPT, tools(engine, channel="c"))
    given: Any = {"messages": [*history, HumanMessage("Deploy, please.")]}
    with person(engine, lambda review: ANSWERS[review["kind"]]):
        state = asyncio.run(graph.ainvoke(given)) if beside else graph.invoke(given)
    contents = [result.content for result in results(state)]
    assert contents == ["eu", "name: Ana", "approve", "Message sent."]
    assert all(result.artifact is not None for result in results(state))


def test_P43_P44_the_rules_of_the_agent() -> None:
    rules = INSTRUCTIONS.splitlines()
    for what, tool in (
        ("Yes or no", "ask_approval"),
        ("fixed options", "ask_selection"),
        ("Free text", "ask_form"),
        ("Everything else", "send_message"),
    ):
        assert any(what in rule and tool in rule for rule in rules)
    assert "Never answer in plain text" in INSTRUCTIONS
    assert "do NOT ask again" in rules[-1]
    assert "did not respond in time" in rules[-1]


WORKER = """
import sys
from langchain_core.messages import AIMessage, HumanMessage
from chat_tools import agent, call, results
from interlock import Engine
from interlock.langchain import tools
from interlock.langgraph import InterlockSaver

question = call("ask_approval", "1", question="Deploy?")
script = [AIMessage("", tool_calls=[question]), AIMessage("ok")]
config = {"configurable": {"thread_id": "t"}}
with Engine.open(sys.argv[1]) as engine, InterlockSaver(engine) as saver:
    begun = saver.get_tuple(config) is not None
    script = script[1:] if begun else script
    graph = agent(script, tools(engine, channel="c"), saver)
    given = None if begun else {"messages": [HumanMessage("go")]}
    state = graph.invoke(given, config, durability="sync")
    print(results(state)[0].content, flush=True)
"""


def test_a_killed_agent_finds_the_question_it_has_asked(path: str) -> None:
    with Engine.open(path) as engine:
        with python(WORKER, path):
            deadline = time.monotonic() + 60
            while not engine.reviews.page(status="pending")["reviews"]:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        # killed while it waited
        id = pending(engine)["id"]
        engine.reviews.respond(id, actor="ana", response=APPROVE)
        with python(WORKER, path) as again:
            assert again.stdout is not None
            assert again.stdout.read() == "approve\n"
        assert [review["id"] for review in engine.reviews.list()] == [id]
        only_message(engine)


def test_the_same_call_id_in_a_later_turn_is_another_question(engine: Engine) -> None:
    """An old yes is not the answer to a new question, whatever the model calls it."""
    question = call("ask_approval", "1", question="Deploy?")
    script = [AIMessage("", tool_calls=[question]), AIMessage("ok")]
    script += [AIMessage("", tool_calls=[question]), AIMessage("ok")]
    config: Any = {"configurable": {"thread_id": "t"}}
    with InterlockSaver(engine) as saver:
        graph = agent(script, tools(engine, channel="c", timeout=10), saver)
        for response in (APPROVE, REJECT):
            with person(engine, lambda _, response=response: response):  # type: ignore[misc]
                state = graph.invoke({"messages": [HumanMessage("go")]}, config)
        assert [result.content for result in results(state)] == ["approve", "reject"]
