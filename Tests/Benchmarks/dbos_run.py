"""How long a DBOS workflow with one question takes, begin to end. A program of its own.

    dbos_run.py DATABASE delete|wal

The workflow does one step and waits in `DBOS.recv`, as DBOS has people answer. The answer is sent
at once, so most times it is there before the workflow asks, and no poll is waited for; polls come
every millisecond. Both are in favour of DBOS. Its SQLite has the default journal, a rollback
journal, unless it is told to have another; `synchronous` is FULL, the default of SQLite.

Reads numbers, one a line, and prints for each JSON: the seconds of so many workflows.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from contextlib import closing

from common import state
from dbos import DBOS

TOPIC = "answer"


@DBOS.step()
def draft() -> str:
    """What is kept."""
    return state("draft")


@DBOS.workflow()
def ask() -> str:
    """A step, a question, and what comes of it."""
    written: str = draft()
    return written if DBOS.recv(TOPIC, timeout_seconds=60) == "approved" else ""


def seconds() -> float:
    """One workflow."""
    start = time.perf_counter()
    handle = DBOS.start_workflow(ask)
    DBOS.send(handle.workflow_id, "approved", TOPIC)
    result = handle.get_result(polling_interval_sec=0.001)
    spent = time.perf_counter() - start
    assert result
    return spent


def main(database: str, journal: str) -> None:
    """Measure as often as asked."""
    with closing(sqlite3.connect(database)) as connection:
        (now,) = connection.execute(f"PRAGMA journal_mode = {journal}").fetchone()
        assert now == journal, now
    DBOS(
        config={
            "name": "runs",
            "system_database_url": f"sqlite:///{database}",
            "notification_listener_polling_interval_sec": 0.001,
            "log_level": "ERROR",
        }
    )
    DBOS.launch()
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        print(json.dumps([seconds() for _ in range(int(line))]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
