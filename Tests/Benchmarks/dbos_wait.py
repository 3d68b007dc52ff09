"""How long after an answer is sent a DBOS workflow goes on that waits for it. A program of its own.

    dbos_wait.py DATABASE thread|process INTERVAL COUNT

The workflow waits in `DBOS.recv`, as DBOS has people answer; the answer is sent by `DBOS.send` from
the main thread, or by a `DBOSClient` of another process. On SQLite a listener polls for messages
every INTERVAL seconds, 1.0 if nothing is set. Answers come at any moment between two polls, by
chance. The clock starts when the answer was sent, which is after it was committed: that is in
favour of DBOS. Prints JSON: the seconds of every wait.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from dbos import DBOS, DBOSClient

TOPIC = "answer"


@DBOS.workflow()
def ask() -> tuple[str, float]:
    """Wait for an answer; returns it and when it was there."""
    answer = DBOS.recv(TOPIC, timeout_seconds=60)
    return answer, time.perf_counter()


def main(database: str, where: str, interval: float, count: int) -> None:
    """Measure."""
    url = f"sqlite:///{database}"
    ours, theirs = multiprocessing.Pipe()
    other = multiprocessing.get_context("spawn").Process(target=answer, args=(url, theirs))
    DBOS(
        config={
            "name": "waiting",
            "system_database_url": url,
            "notification_listener_polling_interval_sec": interval,
            "log_level": "ERROR",
        }
    )
    DBOS.launch()
    if where == "process":
        other.start()
        assert ours.recv() == "ready"
        waits = measure(lambda id: through(ours, id), interval, count)
        ours.send(None)
        other.join()
    else:
        waits = measure(send, interval, count)
    print(json.dumps(waits))
    DBOS.destroy()


def measure(sender: Callable[[str], float], interval: float, count: int) -> list[float]:
    """The wait of `count` workflows, one after another, and one to warm up."""
    chance = random.Random(0)
    waits: list[float] = []
    for _ in range(count + 1):
        handle = DBOS.start_workflow(ask)
        time.sleep(0.05 + interval * chance.random())
        sent = sender(handle.workflow_id)
        answer, seen = handle.get_result(polling_interval_sec=0.01)
        assert answer == "approve"
        waits.append(max(0.0, seen - sent))
    return waits[1:]


def send(id: str) -> float:
    """Answer from this process; returns when it was sent."""
    DBOS.send(id, "approve", TOPIC)
    return time.perf_counter()


def through(connection: Connection, id: str) -> float:
    """Answer from the other process."""
    connection.send(id)
    sent: float = connection.recv()
    return sent


def answer(url: str, connection: Connection) -> None:
    """What the other process does."""
    client = DBOSClient(system_database_url=url)
    connection.send("ready")
    while (id := connection.recv()) is not None:
        client.send(id, "approve", TOPIC)
        connection.send(time.perf_counter())
    client.destroy()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
