"""Child processes of test_processes: writers of one file, and racers for its first open.

`workers_processes.py write PATH NAME SECONDS` and `workers_processes.py race`.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from interlock import ChannelValue, Engine

SHARED = "shared"  # the thread that every writer writes to


@dataclass
class Report:
    """What one writer saw."""

    name: str
    cycles: int = 0
    operations: int = 0
    slowest: float = 0.0
    errors: list[str] = field(default_factory=list)


def content(name: str, number: int) -> bytes:
    """What the writer `name` stores in its cycle `number`; from inline size to many chunks."""
    source = random.Random(f"{name}/{number}")
    return source.randbytes(source.choice([40, 300, 900, 3000]))


def place(name: str, number: int) -> tuple[str, str]:
    """The thread and the checkpoint id of a cycle."""
    return (name if number % 4 else SHARED), f"{number:08}-{name}"


def cycle(engine: Engine, report: Report) -> None:
    """One checkpoint with one write; read back now and then."""
    name, number = report.name, report.cycles
    thread, checkpoint = place(name, number)
    data = content(name, number)
    version = f"{number:08}.{name}"
    timed(
        report,
        lambda: engine.checkpoints.put(
            thread,
            checkpoint,
            body=data[:16],
            metadata={"writer": name},
            versions={"messages": version},
            values=[ChannelValue("messages", version, "bytes", data)],
        ),
    )
    writes = [("out", "bytes", data[:99])]
    timed(
        report,
        lambda: engine.checkpoints.put_writes(thread, checkpoint, writes, task_id=f"task-{name}"),
    )
    if number % 8 == 0:
        timed(report, lambda: read_back(engine, thread, checkpoint, data))
    report.cycles += 1


def read_back(engine: Engine, thread: str, checkpoint: str, data: bytes) -> None:
    found = engine.checkpoints.get(thread, checkpoint)
    if found is None or found.values["messages"].data != data:
        raise AssertionError(f"{thread}/{checkpoint} is not what was written")


def timed(report: Report, operation: Callable[[], None]) -> None:
    started = time.perf_counter()
    operation()
    report.slowest = max(report.slowest, time.perf_counter() - started)
    report.operations += 1


def write(path: str, name: str, seconds: float) -> None:
    """Write for a while, then print the report."""
    report = Report(name)
    with Engine.open(path) as engine:
        print("ready", flush=True)
        sys.stdin.readline()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                cycle(engine, report)
            except Exception as error:  # reported, and the test fails on it
                report.errors.append(repr(error))
                break
    print(json.dumps(asdict(report)), flush=True)


def race() -> None:
    """Open each named file at the named moment, and say how it went."""
    for line in sys.stdin:
        path, moment = json.loads(line)
        while time.monotonic() < moment:
            pass
        try:
            with Engine.open(path) as engine:
                engine.checkpoints.put("first", f"{moment}-{random.getrandbits(64):016x}")
            print("opened", flush=True)
        except Exception as error:  # reported, and the test fails on it
            print(repr(error), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2], sys.argv[3], float(sys.argv[4]))
    else:
        race()
