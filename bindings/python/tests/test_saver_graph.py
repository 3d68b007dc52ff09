"""Real graphs on the saver: pausing, resuming, subgraphs, forks, durability, strict loading."""

from __future__ import annotations

import operator
import time
from typing import Annotated, Any, Literal, TypedDict

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.types import Command, Send, interrupt

from conftest import Child, needs_loops
from interlock.langgraph import InterlockSaver

Durability = Literal["sync", "async", "exit"]


class State(TypedDict, total=False):
    log: Annotated[list[str], operator.add]
    answer: Any


class Chat(TypedDict):
    messages: Annotated[list[Any], add_messages]


def ask(state: State) -> Any:
    return {"log": ["asked"], "answer": interrupt({"question": "ship it?"})}


def done(state: State) -> Any:
    return {"log": [f"done {state['answer']}"]}


def simple(saver: Any, **options: Any) -> Any:
    builder = StateGraph(State)
    builder.add_node("draft", lambda _: {"log": ["drafted"]})
    builder.add_node("ask", ask)
    builder.add_node("done", done)
    builder.add_edge(START, "draft")
    builder.add_edge("draft", "ask")
    builder.add_edge("ask", "done")
    builder.add_edge("done", END)
    return builder.compile(checkpointer=saver, **options)


def config(thread_id: str = "t") -> Any:
    return {"configurable": {"thread_id": thread_id}}


FINISHED = {"log": ["drafted", "asked", "done yes"], "answer": "yes"}


@pytest.mark.parametrize("durability", ["sync", "async", "exit"])
def test_interrupt_and_resume(saver: InterlockSaver, durability: Durability) -> None:
    graph = simple(saver)
    paused = graph.invoke({"log": []}, config(), durability=durability)
    [question] = paused["__interrupt__"]
    assert question.value == {"question": "ship it?"}
    state = graph.get_state(config())
    assert state.next == ("ask",)
    assert state.tasks[0].interrupts == (question,)
    resumed = graph.invoke(Command(resume="yes"), config(), durability=durability)
    assert resumed == {**FINISHED}
    assert graph.get_state(config()).values == FINISHED
    assert graph.get_state(config()).next == ()
    assert saver.engine.check().ok


@needs_loops
@pytest.mark.parametrize("durability", ["sync", "async", "exit"])
async def test_interrupt_and_resume_async(saver: InterlockSaver, durability: Durability) -> None:
    graph = simple(saver)
    paused = await graph.ainvoke({"log": []}, config(), durability=durability)
    [question] = paused["__interrupt__"]
    by_id = Command(resume={question.id: "yes"})
    assert await graph.ainvoke(by_id, config(), durability=durability) == FINISHED
    history = [state async for state in graph.aget_state_history(config())]
    assert history[0].values == FINISHED
    assert (len(history) > 2) == (durability != "exit") or len(history) >= 2


def test_N23_the_question_survives_the_process(path: str, child: Child) -> None:
    code = """
import sys
sys.argv[0] = "-c"
from test_saver_graph import simple, config, Command, InterlockSaver, FINISHED
with InterlockSaver(sys.argv[1]) as saver:
    graph = simple(saver)
    if sys.argv[2] == "ask":
        print(graph.invoke({"log": []}, config())["__interrupt__"][0].id)
    else:
        assert graph.invoke(Command(resume={sys.argv[2]: "yes"}), config()) == FINISHED
"""
    asked = child("-c", code, path, "ask").stdout.strip()
    assert len(asked) == 32
    child("-c", code, path, asked)
    with InterlockSaver(path) as saver:
        assert simple(saver).get_state(config()).values == FINISHED


def test_the_same_history_as_the_stock_saver(saver: InterlockSaver) -> None:
    def run(checkpointer: Any) -> list[Any]:
        graph = simple(checkpointer)
        graph.invoke({"log": ["in"]}, config())
        graph.invoke(Command(resume="yes"), config())
        graph.invoke({"log": ["again"]}, config())
        graph.update_state(config(), {"log": ["edited"]})
        return [
            (state.values, state.next, state.metadata, len(state.tasks))
            for state in graph.get_state_history(config())
        ]

    mine, stock = run(saver), run(InMemorySaver())
    assert mine == stock
    assert len(mine) > 8


def test_filters_and_limits_of_the_history(saver: InterlockSaver) -> None:
    graph = simple(saver)
    graph.invoke({"log": []}, config())
    graph.invoke(Command(resume="yes"), config())
    every = list(graph.get_state_history(config()))
    assert [state.metadata["step"] for state in every] == list(range(len(every) - 2, -2, -1))
    inputs = list(graph.get_state_history(config(), filter={"source": "input"}))
    assert [state.metadata["step"] for state in inputs] == [-1]
    before = list(graph.get_state_history(config(), before=every[2].config, limit=1))
    assert [state.config for state in before] == [every[3].config]


def test_update_state_and_time_travel(saver: InterlockSaver) -> None:
    graph = simple(saver)
    graph.invoke({"log": []}, config())
    graph.invoke(Command(resume="yes"), config())
    at_question = next(
        state for state in graph.get_state_history(config()) if state.next == ("ask",)
    )
    edited = graph.update_state(at_question.config, {"log": ["edited"]}, as_node="draft")
    assert graph.get_state(edited).values["log"] == ["drafted", "edited"]
    graph.invoke(None, edited)
    assert graph.invoke(Command(resume="no"), config())["log"] == [
        "drafted", "edited", "asked", "done no",
    ]  # fmt: skip
    # the old branch is still there, unchanged
    assert any(state.values == FINISHED for state in graph.get_state_history(config()))


def test_static_interrupts(saver: InterlockSaver) -> None:
    graph = simple(saver, interrupt_before=["done"])
    graph.invoke({"log": []}, config())
    assert "__interrupt__" not in graph.invoke(Command(resume="yes"), config())
    assert graph.get_state(config()).next == ("done",)
    assert graph.invoke(None, config()) == FINISHED


def test_parallel_interrupts_are_answered_one_by_one(saver: InterlockSaver) -> None:
    builder = StateGraph(State)

    def work(payload: Any) -> Any:
        return {"log": [f"{payload['n']}={interrupt(payload['n'])}"]}

    builder.add_node("work", work)
    builder.add_conditional_edges(START, lambda _: [Send("work", {"n": n}) for n in range(3)])
    graph = builder.compile(checkpointer=saver)
    questions = {found.value: found.id for found in graph.invoke({}, config())["__interrupt__"]}
    assert sorted(questions) == [0, 1, 2]
    assert len(set(questions.values())) == 3
    with pytest.raises(RuntimeError, match="multiple pending interrupts"):
        graph.invoke(Command(resume="all"), config())
    partly = graph.invoke(Command(resume={questions[1]: "b"}), config())
    assert sorted(found.value for found in partly["__interrupt__"]) == [0, 2]
    rest = {questions[0]: "a", questions[2]: "c"}
    assert graph.invoke(Command(resume=rest), config())["log"] == ["0=a", "1=b", "2=c"]


def test_N37_several_questions_of_one_node(saver: InterlockSaver) -> None:
    builder = StateGraph(State)
    builder.add_node("twice", lambda _: {"log": [f"{interrupt('one')} {interrupt('two')}"]})
    builder.add_edge(START, "twice")
    graph = builder.compile(checkpointer=saver)
    assert graph.invoke({}, config())["__interrupt__"][0].value == "one"
    assert graph.invoke(Command(resume=1), config())["__interrupt__"][0].value == "two"
    assert graph.invoke(Command(resume=2), config())["log"] == ["1 2"]


def test_a_subgraph_asks_in_a_namespace_of_its_own(saver: InterlockSaver) -> None:
    inner = StateGraph(State)
    inner.add_node("ask", ask)
    inner.add_edge(START, "ask")
    outer = StateGraph(State)
    outer.add_node("inner", inner.compile())
    outer.add_node("done", done)
    outer.add_edge(START, "inner")
    outer.add_edge("inner", "done")
    graph = outer.compile(checkpointer=saver)
    [question] = graph.invoke({"log": []}, config())["__interrupt__"]
    state = graph.get_state(config(), subgraphs=True)
    assert state.tasks[0].state.next == ("ask",)
    namespaces = {
        found.config["configurable"]["checkpoint_ns"].split(":")[0]
        for found in saver.list(config())
    }
    assert namespaces == {"", "inner"}
    resumed = graph.invoke(Command(resume={question.id: "yes"}), config())
    assert resumed["log"] == ["asked", "done yes"]
    saver.prune(["t"])
    assert graph.get_state(config()).values["answer"] == "yes"


def test_a_failed_node_is_retried_without_running_its_siblings(saver: InterlockSaver) -> None:
    runs: list[str] = []

    def wait_for_write(content: bytes) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            stored = saver.engine.checkpoints.list("t")
            if any(content in write.data for found in stored for write in found.writes):
                return
        raise AssertionError("the sibling stored nothing")

    def flaky(_: State) -> Any:
        runs.append("flaky")
        if runs.count("flaky") == 1:
            wait_for_write(b"steady")  # else LangGraph may drop what the sibling has to store
            raise RuntimeError("first time")
        return {"log": ["flaky"]}

    def steady(_: State) -> Any:
        runs.append("steady")
        return {"log": ["steady"]}

    builder = StateGraph(State)
    builder.add_node("flaky", flaky)
    builder.add_node("steady", steady)
    builder.add_edge(START, "flaky")
    builder.add_edge(START, "steady")
    graph = builder.compile(checkpointer=saver)
    with pytest.raises(RuntimeError, match="first time"):
        graph.invoke({"log": []}, config(), durability="sync")
    assert sorted(graph.invoke(None, config())["log"]) == ["flaky", "steady"]
    assert runs.count("steady") == 1


def test_a_conversation_is_stored_once(saver: InterlockSaver) -> None:
    builder = StateGraph(Chat)
    builder.add_node("agent", lambda s: {"messages": [AIMessage(f"{len(s['messages'])} " * 500)]})
    builder.add_edge(START, "agent")
    graph = builder.compile(checkpointer=saver)
    for turn in range(40):
        graph.invoke({"messages": [HumanMessage(f"question {turn}")]}, config())
    state = graph.get_state(config())
    assert len(state.values["messages"]) == 80
    storage = saver.engine.threads.storage("t")
    values = storage.channel_values
    assert values.bytes + storage.chunks.bytes < values.logical_bytes / 5
    assert [m.content for m in state.values["messages"][::2]] == [
        f"question {turn}" for turn in range(40)
    ]


def test_strict_loading_goes_through_with_allowlist(path: str, child: Child) -> None:
    code = """
import sys
from test_saver_graph import simple, config, Command, InterlockSaver, FINISHED
with InterlockSaver(sys.argv[1]) as saver:
    graph = simple(saver)
    assert graph.checkpointer is not saver and type(graph.checkpointer) is InterlockSaver
    graph.invoke({"log": []}, config())
    assert graph.invoke(Command(resume="yes"), config()) == FINISHED
"""
    child("-c", code, path, LANGGRAPH_STRICT_MSGPACK="true")


def test_a_copied_thread_goes_on_by_itself(saver: InterlockSaver) -> None:
    graph = simple(saver)
    graph.invoke({"log": []}, config("t"))
    saver.copy_thread("t", "u")
    assert graph.invoke(Command(resume="yes"), config("u")) == FINISHED
    assert graph.get_state(config("t")).next == ("ask",)
    assert graph.invoke(Command(resume="no"), config("t"))["answer"] == "no"
