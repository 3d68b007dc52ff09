"""Runs: one with a question from its beginning to its end, one that is replayed, and a permit.

The same question is asked with DBOS (see dbos_run.py) and with a LangGraph graph of one node, all
on files, each write waiting for the disk. Everything that a user writes is within the time: one
recorded step, the question, its answer, going on, the end. Only Interlock keeps who answered what.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import graphs
import native
from common import HERE, Bar, Context, Rounds, alternate, flat, in_rounds, opened, state
from interlock import Completed, Engine, Interrupted
from native import CALLS, PEER

HALF = Bar(0.5)
REPLAY = Bar(2.0)
COMMIT = Bar(2.0)
STEPS = 1000
PYTHON_PEER = "sqlite3 + json.loads"
LANGGRAPH = "LangGraph, SqliteSaver"
# As it is shipped, and with the journal that the others have.
DBOS_JOURNALS = {"DBOS": "delete", "DBOS, WAL": "wal"}


# --------------------------------------------------------------------------------- one question


def measure(context: Context) -> None:
    """A run with one interrupt, begin to complete."""
    rounds, calls = context.pick(20, 2), context.pick(10, 3)
    with ExitStack() as stack:
        engine = stack.enter_context(Engine.open(context.path("runs-interlock.db")))
        saver = stack.enter_context(opened("sqlite", context.path("runs-sqlite.db")))
        graph = graphs.one_question(saver)
        children: dict[str, Child] = {}
        if find_spec("dbos") is None:
            context.skip("DBOS", "the package dbos is not installed")
        else:
            for name, journal in DBOS_JOURNALS.items():
                database = context.path(f"runs-dbos-{journal}.db")
                children[name] = stack.enter_context(_child(database, journal))
        # Durability sync: a node begins when what was before it is on disk.
        contenders: dict[str, Callable[[int], object]] = {
            "interlock": lambda number: _ask(engine, f"run-{number}"),
            LANGGRAPH: lambda number: graphs.ask(graph, f"run-{number}", durability="sync"),
        }
        for call in range(-5, 0):
            for body in contenders.values():
                body(call)
        times = _take_turns(contenders, children, rounds, calls)
    peers = [name for name in times if name != "interlock"]
    faster = min(peers, key=lambda name: median(flat(times[name])))
    for peer in peers:
        bar = HALF if peer == faster else None
        context.compare("runs", "run with one question, p50", times, "interlock", peer, bar)


def _program(run: Any) -> str:
    """What a user writes: a step, a question, and what comes of it."""
    draft: str = run.step("draft", state, "draft")
    answer = run.interrupt("send?", review={"kind": "approval", "payload": {}})
    return draft if answer["outcome"] == "approved" else ""


def _ask(engine: Engine, thread: str) -> None:
    waiting = engine.run(thread, _program)
    assert isinstance(waiting, Interrupted)
    review = waiting.interrupts[0]["review"]
    engine.reviews.respond(review, actor="ana", outcome="approved")
    done = engine.run(thread, _program)
    assert isinstance(done, Completed) and done.result


def _take_turns(
    contenders: dict[str, Callable[[int], object]],
    children: dict[str, Child],
    rounds: int,
    calls: int,
) -> dict[str, Rounds]:
    """As `alternate`, with some contenders in processes that measure themselves."""
    times: dict[str, Rounds] = {name: [] for name in (*contenders, *children)}
    for turn in range(rounds):
        for name, child in children.items() if turn % 2 else ():
            times[name].append(child.measure(calls))
        numbered = {
            name: lambda call, body=body, first=turn * calls: body(first + call)
            for name, body in contenders.items()
        }
        for name, found in alternate(numbered, 1, calls).items():
            times[name] += found
        for name, child in children.items() if not turn % 2 else ():
            times[name].append(child.measure(calls))
    return times


class Child:
    """A DBOS in a process of its own, which sleeps while it is not its turn.

    It polls every millisecond, which would be at the cost of the others.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Use `_child`."""
        self._process = process
        self._read()
        self.measure(5)

    def measure(self, count: int) -> list[float]:
        """The seconds of so many workflows."""
        os.kill(self._process.pid, signal.SIGCONT)
        assert self._process.stdin is not None
        self._process.stdin.write(f"{count}\n")
        self._process.stdin.flush()
        found: list[float] = self._read()
        os.kill(self._process.pid, signal.SIGSTOP)
        return found

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process of DBOS has ended")
        return json.loads(line)


@contextmanager
def _child(database: Path, journal: str) -> Iterator[Child]:
    command = [sys.executable, str(HERE / "dbos_run.py"), str(database), journal]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Child(process)
        finally:
            os.kill(process.pid, signal.SIGCONT)
            process.kill()


# --------------------------------------------------------------------------------------- replay


def measure_replay(context: Context) -> None:
    """Begin again, and pass a thousand recorded steps."""
    name = f"replay of {STEPS} steps"
    program = native.build(context, "c_runs")
    sizes = (str(context.pick(200, 10)), str(STEPS))
    found = json.loads(native.run(program, str(context.folder), *sizes))
    times = {each.replace("sqlite", PEER): in_rounds(found[each], 1) for each in found}
    context.compare("replay", f"{name} from C, p50", times, "replay", PEER, REPLAY, absolute=True)
    _replay_in_python(context, f"{name} from Python, p50")


def _replay_in_python(context: Context, name: str) -> None:
    """No bar: each of the thousand calls crosses from Python to C, and makes an object of JSON."""
    times: dict[str, Rounds] = {"interlock": [], PYTHON_PEER: []}
    path = context.path("replay.db")
    with Engine.open(path, durability="normal") as engine, engine.runs.begin("replay") as run:
        for number in range(STEPS):
            run.step(_key(number), _result, number)
        run.suspend()
    with (
        Engine.open(path) as engine,
        closing(_plain_steps(context.path("replay-plain.db"))) as plain,
    ):
        for turn in range(-2, context.pick(60, 5)):
            spent = {"interlock": _replay(engine), PYTHON_PEER: _read_plain(plain)}
            for contender, each in spent.items() if turn >= 0 else ():
                times[contender].append([each])
    context.compare("replay", name, times, "interlock", PYTHON_PEER)


def _replay(engine: Engine) -> float:
    """As in C, giving the lease back is not within the time."""
    start = time.perf_counter()
    with engine.runs.begin("replay") as run:
        for number in range(STEPS):
            run.step(_key(number), _never)
        spent = time.perf_counter() - start
        run.suspend()
    return spent


def _plain_steps(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE steps (position INTEGER PRIMARY KEY, key TEXT, result TEXT)")
    connection.execute("CREATE TABLE runs (thread TEXT PRIMARY KEY, fence INTEGER)")
    connection.execute("INSERT INTO runs VALUES ('replay', 1)")
    rows = [(number, _key(number), json.dumps(_result(number))) for number in range(STEPS)]
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO steps VALUES (?, ?, ?)", rows)
    connection.execute("COMMIT")
    return connection


def _read_plain(connection: sqlite3.Connection) -> float:
    start = time.perf_counter()
    connection.execute("UPDATE runs SET fence = fence + 1")
    rows = connection.execute("SELECT key, result FROM steps ORDER BY position")
    results = [json.loads(result) for _, result in rows]
    spent = time.perf_counter() - start
    assert len(results) == STEPS
    return spent


def _key(number: int) -> str:
    return f"step {number:04}"


def _result(number: int) -> dict[str, Any]:
    """As in c_runs.c."""
    return {
        "order": f"A-{number:06}",
        "status": "refunded",
        "amount": "129.90",
        "currency": "EUR",
        "attempts": 1,
        "at": 1786000000000,
    }


def _never() -> None:
    raise AssertionError("a step was done twice")


# --------------------------------------------------------------------------------------- permits


def measure_permit(context: Context) -> None:
    """A permit used, beside one commit of a row as large as the request."""
    sizes = (str(context.pick(60, 6)), str(CALLS))
    program = native.build(context, "c_permit")
    found = json.loads(native.run(program, str(context.folder), *sizes))
    times = {name.replace("sqlite", PEER): in_rounds(each, CALLS) for name, each in found.items()}
    name = "use of a permit from C, p50"
    context.compare("permit", name, times, "consume", PEER, COMMIT, (1e6, "us"))
