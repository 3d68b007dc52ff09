"""A LangGraph graph of one node that asks: invoked to its interrupt, and resumed to its end.

With the mirror on, InterlockSaver makes a review of the question in the transaction that stores it,
and ends the review when the graph goes on; the peer only stores.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Literal, TypedDict

from common import Bar, Context, Saver, alternate, opened, state
from interlock.langgraph import InterlockSaver
from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

BAR = Bar(1.1)
Durability = Literal["sync", "async", "exit"]


class State(TypedDict):
    """What the graph keeps."""

    draft: str
    sent: bool


def _send(_: State) -> dict[str, Any]:
    answer = interrupt({"question": "send?", "action": "send"})
    return {"draft": state("draft"), "sent": answer == "approve"}


def one_question(saver: Saver) -> Any:
    """A compiled graph with one node, which asks."""
    builder = StateGraph(State)
    builder.add_node("send", _send)
    builder.add_edge(START, "send")
    builder.add_edge("send", END)
    return builder.compile(checkpointer=saver)


def begin(graph: Any, thread: str, durability: Durability | None = None) -> RunnableConfig:
    """To the question."""
    config: RunnableConfig = {"configurable": {"thread_id": thread}}
    found = graph.invoke({"draft": "", "sent": False}, config, durability=durability)
    assert found["__interrupt__"]
    return config


def ask(graph: Any, thread: str, durability: Durability | None = None) -> None:
    """To the question, and to the end."""
    config = begin(graph, thread, durability)
    found = graph.invoke(Command(resume="approve"), config, durability=durability)
    assert found["sent"]


def measure(context: Context) -> None:
    """Interrupt and resume, with the durability that LangGraph has by itself."""
    rounds, calls = context.pick(40, 3), context.pick(10, 3)
    with ExitStack() as stack:
        path = context.path("graph-plain.db")
        savers: dict[str, Saver] = {
            "interlock": stack.enter_context(opened("interlock", context.path("graph.db"))),
            "without mirror": stack.enter_context(
                InterlockSaver.from_conn_string(path, mirror=False)
            ),
            "sqlite": stack.enter_context(opened("sqlite", context.path("graph-sqlite.db"))),
        }
        built = {name: one_question(saver) for name, saver in savers.items()}
        contenders = {
            name: lambda call, graph=graph: ask(graph, f"thread-{call}")
            for name, graph in built.items()
        }
        for call in range(-5, 0):
            for body in contenders.values():
                body(call)
        times = alternate(contenders, rounds, calls)
    name = "interrupt and resume of a graph"
    context.compare("graph", f"{name}, p50", times, "interlock", "sqlite", BAR)
    context.compare("graph", f"{name}, no mirror, p50", times, "without mirror", "sqlite")
