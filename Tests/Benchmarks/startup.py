"""What it costs to begin: importing, and opening a database, each in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from common import Context, Rounds, alternate, run_python

PROBE = """
import json, sys, time
path, statements = sys.argv[1], sys.argv[2:]
clock, times = time.perf_counter, []
for statement in statements:
    start = clock()
    exec(statement)
    times.append(clock() - start)
print(json.dumps(times))
"""
MILLISECONDS = (1e3, "ms")


def measure(context: Context) -> None:
    """No bars: figures to know. The import of LangGraph itself is part of both savers."""
    rounds = context.pick(15, 3)
    _processes(context, rounds)
    _compare(
        context,
        rounds,
        "import",
        {
            "interlock": ["import interlock"],
            "import sqlite3": ["import sqlite3"],
        },
    )
    _compare(
        context,
        rounds,
        "import of the saver",
        {
            "interlock": ["import interlock.langgraph"],
            "import langgraph.checkpoint.sqlite": ["import langgraph.checkpoint.sqlite"],
        },
    )
    _measure_opening(context, rounds)


def _processes(context: Context, rounds: int) -> None:
    """The whole process, against a Python that imports nothing."""
    contenders = {
        "interlock": lambda _: run_python("import interlock"),
        "bare python": lambda _: run_python("pass"),
    }
    times = alternate(contenders, rounds, 1)
    name = "process that imports interlock"
    ours, peer = contenders
    context.compare("startup", name, times, ours, peer, scale=MILLISECONDS)


def _measure_opening(context: Context, rounds: int) -> None:
    """Open a new file; in another process the same file; and there once more.

    The first opening of Interlock in a process loads its library. A peer that only connects has
    not touched the file, so it reads the schema too.
    """
    imports = {
        "interlock": "from interlock import Engine",
        "sqlite3.connect": "import sqlite3",
        "SqliteSaver.setup": "from langgraph.checkpoint.sqlite import SqliteSaver; import sqlite3",
    }
    connect = "c = sqlite3.connect(path)"
    opening = {
        "interlock": "e = Engine.open(path)",
        "sqlite3.connect": f"{connect}; c.execute('SELECT * FROM sqlite_schema').fetchall()",
        "SqliteSaver.setup": f"{connect}; SqliteSaver(c).setup()",
    }
    ending = {
        "interlock": "e.close()",
        "sqlite3.connect": "c.close()",
        "SqliteSaver.setup": "c.close()",
    }
    times: dict[str, dict[str, Rounds]] = {
        "first opening, new file": {},
        "first opening, existing file": {},
        "later opening, existing file": {},
    }
    first_new, first, later = times.values()
    for turn in range(rounds):
        for kind, begin in opening.items():
            path = context.path(f"open-{turn}-{kind}.db")
            steps = [imports[kind], begin, ending[kind], begin, ending[kind]]
            first_new.setdefault(kind, []).append([_probe(path, steps[:3])[1]])
            spent = _probe(path, steps)
            first.setdefault(kind, []).append([spent[1]])
            later.setdefault(kind, []).append([spent[3]])
    for name, each in times.items():
        for peer in ("sqlite3.connect", "SqliteSaver.setup"):
            context.compare("startup", name, each, "interlock", peer, scale=MILLISECONDS)


def _compare(context: Context, rounds: int, name: str, contenders: Mapping[str, list[str]]) -> None:
    times: dict[str, Rounds] = {kind: [] for kind in contenders}
    for _ in range(rounds):
        for kind, statements in contenders.items():
            times[kind].append([sum(_probe(context.folder, statements))])
    ours, peer = contenders
    context.compare("startup", name, times, ours, peer, scale=MILLISECONDS)


def _probe(path: Path, statements: list[str]) -> list[float]:
    """The seconds that each statement takes in a new process."""
    spent: list[float] = json.loads(run_python(PROBE, str(path), *statements))
    return spent
