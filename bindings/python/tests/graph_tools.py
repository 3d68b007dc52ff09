"""Graphs that ask people, and people who answer them."""

from __future__ import annotations

import operator
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt

from interlock import Engine, Review

HERE = Path(__file__).parent
SOURCES = HERE.parent / "src"
LEASE_MS = 200


class State(TypedDict, total=False):
    log: Annotated[list[str], operator.add]
    first: Any
    second: Any


def config(thread_id: str = "t", **more: Any) -> Any:
    return {"configurable": {"thread_id": thread_id, **more}}


def graph_of(node: Callable[[Any], Any], saver: Any, **options: Any) -> Any:
    """A graph with one node, `n`."""
    builder = StateGraph(State)
    builder.add_node("n", node)
    builder.add_edge(START, "n")
    builder.add_edge("n", END)
    return builder.compile(checkpointer=saver, **options)


def parallel(saver: Any, **nodes: Callable[[Any], Any]) -> Any:
    """A graph whose nodes all run in its first step."""
    builder = StateGraph(State)
    for name, node in nodes.items():
        builder.add_node(name, node)
        builder.add_edge(START, name)
        builder.add_edge(name, END)
    return builder.compile(checkpointer=saver)


def asking(
    effect: Callable[[Any], None] = lambda _: None, question: Any = "go?"
) -> Callable[[Any], Any]:
    """A node that asks, and then does something with the answer."""

    def node(_: Any) -> Any:
        answer = interrupt(question)
        effect(answer)
        return {"first": answer, "log": [f"did {answer}"]}

    return node


def two_questions(_: Any) -> Any:
    return {"first": interrupt("one?"), "second": interrupt("two?")}


def pending(engine: Engine, thread: str | None = None) -> list[Review]:
    """What people are asked now."""
    return [*engine.reviews.list(status="pending", thread=thread)]


def answer(engine: Engine, response: Any, thread: str | None = None) -> str:
    """Answer the only open question; returns the id of its review."""
    (review,) = pending(engine, thread)
    engine.reviews.respond(review["id"], actor="ana", response=response)
    return review["id"]


def statuses(engine: Engine, thread: str = "t") -> list[str]:
    return sorted(found["status"] for found in engine.graphs.interrupts(thread))


def until(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait until something is so; what it is."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it does not come to be"
        time.sleep(0.01)
    return found


def spawn(worker: str, *arguments: str) -> subprocess.Popen[str]:
    """A child process with pipes."""
    search = os.pathsep.join([str(SOURCES), str(HERE)])
    return subprocess.Popen(
        [sys.executable, str(HERE / worker), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": search},
    )


@contextmanager
def children(worker: str, *commands: list[str]) -> Iterator[list[subprocess.Popen[str]]]:
    """Child processes; none outlives the block."""
    running = [spawn(worker, *command) for command in commands]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.communicate()


def hear(process: subprocess.Popen[str]) -> str:
    """The next line that a child says; empty if it has ended."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
