"""A conversation of 500 turns through a compiled LangGraph graph.

A question of 30 words, a node that retrieves (and writes a small number), a node that answers
with 200 words. How large does the database get, does it grow in a line, and how long does a turn
take at the end?
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, TypedDict

from common import (
    Bar,
    Context,
    Kind,
    Result,
    Saver,
    alternate,
    database_bytes,
    disk_bytes,
    opened,
    progress,
    words,
)
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages

CONFIG: RunnableConfig = {"configurable": {"thread_id": "conversation"}}
ON_DISK: tuple[Kind, Kind] = ("interlock", "sqlite")
TITLES: dict[Kind, str] = {
    "interlock": "Interlock",
    "sqlite": "SqliteSaver",
    "memory": "InMemorySaver (in memory)",
}


class State(TypedDict):
    """What the graph keeps."""

    messages: Annotated[list[AnyMessage], add_messages]
    context: int


def _id(role: str, turn: int) -> str:
    return str(uuid.UUID(int=random.Random(f"{role} {turn}").getrandbits(128), version=4))


def _retrieve(state: State) -> dict[str, Any]:
    return {"context": len(state["messages"])}


def _answer(state: State) -> dict[str, Any]:
    turn = len(state["messages"]) // 2
    return {"messages": [AIMessage(words(f"answer {turn}", 200), id=_id("answer", turn))]}


class Conversation:
    """One thread of one graph on one saver."""

    def __init__(self, saver: Saver) -> None:
        """Compile the graph."""
        builder = StateGraph(State)
        builder.add_node("retrieve", _retrieve)
        builder.add_node("answer", _answer)
        builder.add_edge(START, "retrieve")
        builder.add_edge("retrieve", "answer")
        builder.add_edge("answer", END)
        self._graph = builder.compile(checkpointer=saver)

    def turn(self, number: int) -> None:
        """Ask, retrieve, answer."""
        question = HumanMessage(words(f"question {number}", 30), id=_id("question", number))
        self._graph.invoke({"messages": [question], "context": 0}, CONFIG)


def databases(context: Context, turns: int) -> dict[Kind, Path]:
    """Closed databases with a conversation of so many turns; made once per run."""
    if turns not in context.databases:
        made: dict[Kind, Path] = {}
        for kind in ON_DISK:
            progress(f"    {turns} turns with {TITLES[kind]}")
            made[kind] = context.path(f"conversation-{turns}-{kind}.db")
            with opened(kind, made[kind]) as saver:
                conversation = Conversation(saver)
                for number in range(turns):
                    conversation.turn(number)
        context.databases[turns] = made
    return context.databases[turns]


def measure(context: Context) -> None:
    """Size, growth and time per turn."""
    turns = context.pick(500, 120)
    measured = context.pick(40, 10)
    kinds: tuple[Kind, ...] = ("interlock", "sqlite", "memory")
    paths = {kind: context.path(f"conversation-{turns}-{kind}.db") for kind in kinds}
    step = turns // 25
    with ExitStack() as stack:
        runners: dict[Kind, Callable[[int], None]] = {}
        sizes: dict[Kind, Callable[[], int]] = {}
        for kind in kinds:
            saver = stack.enter_context(opened(kind, paths[kind]))
            runners[kind] = Conversation(saver).turn
            sizes[kind] = _sizer(saver, paths[kind])
            curve = context.curves.setdefault(TITLES[kind], [])
            progress(f"    {turns - measured} turns with {TITLES[kind]}")
            for number in range(turns - measured):
                if number and number % step == 0:
                    curve.append((number, sizes[kind]()))
                runners[kind](number)
        progress(f"    {measured} turns with each, in turns")
        last = turns - measured
        steps = {kind: _shifted(run, last) for kind, run in runners.items()}
        times = alternate(steps, rounds=measured // 5, calls=5)
        for kind in kinds:
            context.curves[TITLES[kind]].append((turns, sizes[kind]()))
    context.databases[turns] = {kind: paths[kind] for kind in ON_DISK}
    _report_size(context, turns)
    name = f"turn {last} to {turns}"
    context.compare("conversation", name, times, "interlock", "sqlite", Bar(0.6))
    context.compare("conversation", name, times, "interlock", "memory", Bar(1.25))


def _shifted(run: Callable[[int], None], by: int) -> Callable[[int], None]:
    return lambda call: run(by + call)


def _sizer(saver: Saver, path: Path) -> Callable[[], int]:
    if isinstance(saver, InMemorySaver):
        return lambda: _memory_bytes(saver)
    return lambda: database_bytes(path)


def _memory_bytes(saver: InMemorySaver) -> int:
    """The serialized bytes that an InMemorySaver holds."""
    total = sum(len(data) for _, data in saver.blobs.values())
    for namespaces in saver.storage.values():
        for checkpoint, metadata, _ in chain(*(each.values() for each in namespaces.values())):
            total += len(checkpoint[1]) + len(metadata[1])
    for writes in saver.writes.values():
        total += sum(len(write[2][1]) for write in writes.values())
    return total


def _report_size(context: Context, turns: int) -> None:
    ours, peer = (disk_bytes(path) / 1e6 for path in context.databases[turns].values())
    name = f"database after {turns} turns"
    context.add(
        Result("conversation", name, "MB", ours, peer, "SqliteSaver", ours / peer, Bar(0.01))
    )
    at = dict(context.curves[TITLES["interlock"]])
    fifth = turns // 5
    late = (at[turns] - at[4 * fifth]) / fifth / 1e3
    early = (at[2 * fifth] - at[fifth]) / fifth / 1e3
    name = f"growth per turn, {4 * fifth}-{turns} by {fifth}-{2 * fifth}"
    context.add(
        Result("conversation", name, "kB", late, early, "itself, early", late / early, Bar(1.3))
    )
