"""A child process of test_resumer: serves one file, and is killed where it says so.

`workers_resumer.py PATH LOG WHERE`: WHERE is "first" (in the node that asked) or "second" (in the
one after it). The graph is that of `chain`; it logs each node that runs behind an answer.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from langgraph.types import interrupt

from graph_tools import END, LEASE_MS, START, State, StateGraph
from interlock.langgraph import InterlockSaver, Resumer


def chain(saver: Any, log: str, die_in: str = "") -> Any:
    def step(name: str) -> None:
        with open(log, "a") as file:
            file.write(f"{name}\n")
        if name == die_in:
            os.kill(os.getpid(), signal.SIGKILL)

    def first(_: State) -> Any:
        answer = interrupt("go?")
        step("first")
        return {"first": answer}

    def second(_: State) -> Any:
        step("second")
        return {"second": "done"}

    builder = StateGraph(State)
    builder.add_node("a", first)
    builder.add_node("b", second)
    builder.add_edge(START, "a")
    builder.add_edge("a", "b")
    builder.add_edge("b", END)
    return builder.compile(checkpointer=saver)


if __name__ == "__main__":
    path, log, where = sys.argv[1:]
    with InterlockSaver(path) as saver:
        Resumer(saver.engine, chain(saver, log, where), lease_ms=LEASE_MS).run_until_idle()
