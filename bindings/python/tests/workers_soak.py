"""The graph of test_soak, and a child process that serves it until it is told to stop or killed.

`workers_soak.py PATH LOG NAME`: a Resumer on PATH; a line on stdin stops it. LOG gets a line for
every step of an effect: "begun", "done" and "unknown" with the id of the review.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.types import interrupt

from graph_tools import END, START, State, StateGraph
from interlock import AlreadyUsedError, Engine, UnknownEffectError
from interlock.langgraph import InterlockSaver, Resumer

LEASE_MS = 2000
ARGUMENTS = {"to": "bob"}
QUESTION = {
    "action_requests": [{"name": "send", "args": ARGUMENTS}],
    "review_configs": [{"action_name": "send", "allowed_decisions": ["approve", "reject"]}],
}


def note(log: str, what: str) -> None:
    """A line that survives whatever happens next."""
    target = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(target, f"{what}\n".encode())
        os.fsync(target)
    finally:
        os.close(target)


def build(saver: InterlockSaver, log: str) -> Any:
    """Asks, does what was approved under its permit, and goes through a second node."""
    engine: Engine = saver.engine

    def send(_: State, config: RunnableConfig) -> Any:
        (decision,) = interrupt(QUESTION)["decisions"]
        assert decision["type"] == "approve"
        thread = config.get("configurable", {})["thread_id"]
        (asked,) = engine.graphs.interrupts(thread)
        (permit,) = engine.permits.list(review=asked["review"])
        try:
            engine.permits.consume(permit["id"], "send", ARGUMENTS, lease=0.5)
        except AlreadyUsedError:
            return {"first": "done before"}
        except UnknownEffectError:
            note(log, f"unknown {asked['review']}")
            return {"first": "unknown"}
        note(log, f"begun {asked['review']}")
        time.sleep(0.005)
        note(log, f"done {asked['review']}")
        engine.permits.report(permit["id"], "done")
        return {"first": "done"}

    def after(_: State) -> Any:
        time.sleep(0.005)
        return {"second": "after"}

    builder = StateGraph(State)
    builder.add_node("send", send)
    builder.add_node("after", after)
    builder.add_edge(START, "send")
    builder.add_edge("send", "after")
    builder.add_edge("after", END)
    return builder.compile(checkpointer=saver)


def main(path: str, log: str, name: str) -> None:
    with InterlockSaver(path) as saver:
        graph = build(saver, log)
        resumer = Resumer(
            saver.engine, graph, worker=name, lease_ms=LEASE_MS, attempts=100, parallel=2
        )
        serving = threading.Thread(target=resumer.run_forever)
        serving.start()
        print("ready", flush=True)
        sys.stdin.readline()
        resumer.stop()
        serving.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
