"""Child processes of test_hazards: each resumes one thread that waits, or dies in doing so.

`workers_hazards.py SAVER PATH LOG MODE`: SAVER is stock or interlock. A line on stdin lets it go.
Effects are lines in LOG. MODE is resume (Command by id) or serve (a Resumer, until idle); with
"die" the process is killed in the node, after its effect.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import Command

from graph_tools import LEASE_MS, asking, config, graph_of
from interlock import ThreadBusyError
from interlock.langgraph import InterlockSaver, Resumer


def main(kind: str, path: str, log: str, mode: str) -> None:
    def effect(answer: Any) -> None:
        with open(log, "a") as file:
            file.write(f"{answer}\n")
        if "die" in mode:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.3)

    opened: Any
    if kind == "stock":
        opened = SqliteSaver.from_conn_string(path)
    else:
        opened = InterlockSaver.from_conn_string(path, single_writer="serve" not in mode)
    with opened as saver:
        graph = graph_of(asking(effect), saver)
        if "serve" in mode:
            print("ready", flush=True)
            sys.stdin.readline()
            print(Resumer(saver.engine, graph, lease_ms=LEASE_MS).run_until_idle(), flush=True)
            return
        (question,) = graph.get_state(config()).interrupts
        print("ready", flush=True)
        sys.stdin.readline()
        try:
            print(graph.invoke(Command(resume={question.id: "yes"}), config())["first"], flush=True)
        except ThreadBusyError:
            print("busy", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
