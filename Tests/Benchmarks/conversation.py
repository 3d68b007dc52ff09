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
    "memory": "InMemorySaver",
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


class Runner:
    """A conversation that is under way on one saver, with the size of its store over the turns."""

    def __init__(self, context: Context, stack: ExitStack, kind: Kind, turns: int) -> None:
        """Begin; the size is taken at every 25th part of `turns`."""
        self.path = context.path(f"conversation-{turns}-{kind}.db")
        self.curve = context.curves.setdefault(TITLES[kind], [])
        saver = stack.enter_context(opened(kind, self.path))
        self._run = Conversation(saver).turn
        self._size = _sizer(saver, self.path)
        self._kind = kind
        self._every = turns // 25
        self._done = 0

    def turn(self, _: int = 0) -> None:
        """The next turn."""
        self._run(self._done)
        self._done += 1

    def take_size(self) -> None:
        """Note how large the store is now."""
        self.curve.append((self._done, self._size()))

    def advance(self, to: int) -> Runner:
        """All turns up to this number."""
        progress(f"    up to turn {to} with {TITLES[self._kind]}")
        while self._done < to:
            self.turn()
            if self._done % self._every == 0:
                self.take_size()
        return self


def measure(context: Context) -> None:
    """Size, growth and time per turn.

    Interlock alternates turn by turn with one peer at a time. The one without a disk goes first,
    so that neither of the two works while what SqliteSaver wrote is on its way to the disk.
    """
    turns, rounds = context.pick(500, 120), context.pick(30, 10)
    first, second = turns - 2 * rounds, turns - rounds
    with ExitStack() as stack:
        ours = Runner(context, stack, "interlock", turns).advance(to=first)
        memory = Runner(context, stack, "memory", turns).advance(to=first)
        steps = {"interlock": ours.turn, "memory": memory.turn}
        by_memory = alternate(steps, rounds, calls=1)
        peer = Runner(context, stack, "sqlite", turns).advance(to=second)
        steps = {"interlock": ours.turn, "sqlite": peer.turn}
        by_sqlite = alternate(steps, rounds, calls=1)
        for runner in (ours, peer):
            runner.take_size()
        memory.advance(to=turns)
    context.databases[turns] = {"interlock": ours.path, "sqlite": peer.path}
    _report_size(context, turns)
    for peer_kind, times, start, bar in (
        ("sqlite", by_sqlite, second, Bar(0.6)),
        ("memory", by_memory, first, Bar(1.25)),
    ):
        name = f"turn {start} to {start + rounds}"
        context.compare("conversation", name, times, "interlock", peer_kind, bar)


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
