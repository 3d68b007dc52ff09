"""Graphs whose questions were answered, resumed by workers: how many threads in a second.

All threads are interrupted and answered before the clock starts; then workers in processes of their
own take them until none is left (see resume_worker.py). The peer is a program that knows which
threads are ready and resumes them one after another in one process: it claims nothing, and nobody
takes over from it. Figures to know, no bars.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import graphs
from common import HERE, Context, Result, opened
from interlock.langgraph import InterlockSaver
from langgraph.types import Command

WORKERS = (1, 4)
BY_HAND = "SqliteSaver, by hand"


def measure(context: Context) -> None:
    """One worker, and four."""
    rounds, count = context.pick(5, 1), context.pick(500, 30)
    found: dict[int, list[float]] = {workers: [] for workers in WORKERS}
    peer: list[float] = []
    for _ in range(rounds):
        for workers in WORKERS:
            found[workers].append(_resumed(context, workers, count))
        peer.append(_by_hand(context, count))
    for workers, rates in found.items():
        ratio = median(ours / theirs for ours, theirs in zip(rates, peer, strict=True))
        name = f"threads resumed, {workers} worker{'s' if workers > 1 else ''}"
        figures = (median(rates), median(peer), BY_HAND, ratio)
        context.add(Result("resumer", name, "threads/s", *figures))


def _resumed(context: Context, workers: int, count: int) -> float:
    """Threads per second, from the first worker's beginning to the last one's end."""
    path = context.path("resumer.db")
    with InterlockSaver.from_conn_string(path) as saver:
        graph = graphs.one_question(saver)
        for number in range(count):
            graphs.begin(graph, f"thread-{number}")
        for review in list(saver.engine.reviews.list(status="pending", page_size=1000)):
            saver.engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    with ExitStack() as stack:
        processes = [stack.enter_context(_worker(path)) for _ in range(workers)]
        for process in processes:
            assert _line(process) == "ready"
        start = time.perf_counter()
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        resumed = [_line(process) for process in processes]
        spent = time.perf_counter() - start
    assert sum(resumed) == count, resumed
    return count / spent


def _worker(path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "resume_worker.py"), str(path)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _line(process: subprocess.Popen[str]) -> int | str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("a worker has ended")
    found: int | str = json.loads(line)
    return found


def _by_hand(context: Context, count: int) -> float:
    with opened("sqlite", context.path("resumer-sqlite.db")) as saver:
        graph = graphs.one_question(saver)
        configs = [graphs.begin(graph, f"thread-{number}") for number in range(count)]
        start = time.perf_counter()
        for config in configs:
            assert graph.invoke(Command(resume="approve"), config)["sent"]
        return count / (time.perf_counter() - start)
