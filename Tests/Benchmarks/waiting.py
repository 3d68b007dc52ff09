"""Waiting for people: how soon an answer arrives, and what it costs until then.

How soon is taken from the commit of an answer to the return of the call that waits for it (see
c_wait.c), beside the least that waking somebody costs, and beside a DBOS workflow that waits on
SQLite (see dbos_wait.py): as it is shipped, polling every second, and polling every millisecond.
"""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from statistics import median

import native
from common import HERE, Bar, Context, Result, percentile, run_python
from interlock import Engine

PLACES = {
    "thread": ("the same process", Bar(0.1), Bar(1.0)),
    "process": ("another process", Bar(0.5), Bar(5.0)),
}
CALLS = 50
LEAST = "condition variable"
DBOS_INTERVALS = {1.0: "DBOS", 0.001: "DBOS, 1 ms polls"}
REVIEWS = 1000
POLLING = "plain sqlite3, 10 polls/s"
CORE = Bar(1.0)
UNIT = "% of a core"


def measure_answers(context: Context) -> None:
    """From the commit of an answer to the one who waits."""
    program = native.build(context, "c_wait")
    for place, (where, typical, slow) in PLACES.items():
        arguments = (str(context.folder), place, str(context.pick(40, 2)), str(CALLS))
        found: dict[str, list[float]] = json.loads(native.run(program, *arguments))
        name = f"answer to waiter, {where}"
        _add(context, f"{name}, p50", found, LEAST, 50, typical)
        _add(context, f"{name}, p99", found, LEAST, 99, slow)
        for interval, peer in DBOS_INTERVALS.items():
            waits = _dbos(context, place, interval)
            if waits:
                _add(context, f"{name}, p50", found | {peer: waits}, peer, 50, None)


def _add(
    context: Context,
    name: str,
    found: dict[str, list[float]],
    peer: str,
    percent: int,
    bar: Bar | None,
) -> None:
    ours, theirs = (percentile(found[side], percent) * 1e3 for side in ("interlock", peer))
    context.add(Result("wait", name, "ms", ours, theirs, peer, ours / theirs, bar, bar is not None))


def _dbos(context: Context, place: str, interval: float) -> list[float]:
    if find_spec("dbos") is None:
        context.skip("DBOS", "the package dbos is not installed")
        return []
    count = context.pick(40, 2) if interval >= 1 else context.pick(200, 10)
    database = context.path(f"dbos {place} {interval}.db")
    arguments = (str(database), place, str(interval), str(count))
    program = str(HERE / "dbos_wait.py")
    waits: list[float] = json.loads(native.run(sys.executable, program, *arguments))
    return waits


def measure_idle(context: Context) -> None:
    """What a thousand reviews cost that nobody answers, and while others are answered."""
    program = native.build(context, "c_idle")
    seconds = str(context.pick(10, 2))
    rounds = context.pick(3, 1)

    def part(how: str, commits: int) -> float:
        arguments = (str(context.folder), how, str(REVIEWS), seconds, str(commits))
        return median(float(native.run(program, *arguments)) for _ in range(rounds)) * 100

    for commits in (0, 10):
        meanwhile = f", {commits} others answered/s" if commits else ""
        bar = None if commits else CORE
        peer = part("sqlite", commits)
        found = {"one call": part("call", commits), "one descriptor": part("descriptor", commits)}
        if not commits and (used := _asyncio(context, seconds)) is not None:
            found["asyncio"] = used
        for how, used in found.items():
            name = f"{REVIEWS} waiting, {how}{meanwhile}"
            figures = (used, peer, POLLING, used / peer)
            context.add(Result("idle", name, UNIT, *figures, bar, bar is not None))


ASYNCIO = """
import asyncio, sys, time
from interlock import Engine, WaitTimeoutError
path, count, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])

async def wait(reviews, id):
    try:
        await reviews.await_(id, timeout=seconds + 5)
    except WaitTimeoutError:
        pass

async def main(engine):
    reviews = engine.reviews
    payload = {"tool": "payments.refund", "arguments": {"order": "A-1", "amount": "129.90"}}
    ids = [reviews.open("approval", payload)["review"]["id"] for _ in range(count)]
    tasks = [asyncio.create_task(wait(reviews, id)) for id in ids]
    await asyncio.sleep(1)
    start, used = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    print((time.process_time() - used) / (time.perf_counter() - start))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

with Engine.open(path) as engine:
    asyncio.run(main(engine))
"""


def _asyncio(context: Context, seconds: str) -> float | None:
    """A thousand tasks of one event loop."""
    if not hasattr(Engine, "reviews"):
        context.skip("asyncio waits", "this version of the Python package has no reviews")
        return None
    path = context.path("asyncio.db")
    return float(run_python(ASYNCIO, str(path), str(REVIEWS), seconds)) * 100
