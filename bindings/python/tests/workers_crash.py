"""A child process of test_crash: writes until it is killed, and acknowledges what is stored.

`workers_crash.py PATH ROUND DURABILITY`. A line on standard output follows each call that returned;
what is in the pipe outlives the process.
"""

from __future__ import annotations

import os
import random
import sys
import threading
from dataclasses import dataclass

from interlock import ChannelValue, Engine

LANES = 3  # threads of a worker, so that transactions are shared
KEEP = 6  # a lane deletes its scratch thread every so many cycles


@dataclass(frozen=True)
class Step:
    """One cycle of one lane of one round; everything it stores follows from its numbers."""

    round: int
    lane: int
    cycle: int

    @property
    def thread(self) -> str:
        return f"lane-{self.lane}"

    @property
    def scratch(self) -> str:
        return f"scratch-{self.round}-{self.lane}-{self.cycle // KEEP}"

    @property
    def checkpoint(self) -> str:
        return f"{self.round:06}.{self.cycle:06}"

    @property
    def data(self) -> bytes:
        """A value that grows with the cycles, as a conversation does."""
        source = random.Random(f"{self.round}/{self.lane}")
        return source.randbytes(120 * (self.cycle + 1))

    @property
    def write(self) -> bytes:
        return f"write of {self}".encode()


def acknowledge(kind: str, step: Step) -> None:
    # One short write to a pipe is never torn.
    os.write(1, f"{kind} {step.round} {step.lane} {step.cycle}\n".encode())


def put(engine: Engine, thread: str, step: Step) -> None:
    version = f"{step.checkpoint}.v"
    engine.checkpoints.put(
        thread,
        step.checkpoint,
        body=step.write,
        metadata={"lane": step.lane},
        versions={"messages": version},
        values=[ChannelValue("messages", version, "bytes", step.data)],
    )


def lane(engine: Engine, round_number: int, number: int) -> None:
    for cycle in range(1_000_000):
        step = Step(round_number, number, cycle)
        put(engine, step.thread, step)
        acknowledge("put", step)
        engine.checkpoints.put_writes(
            step.thread, step.checkpoint, [("out", "bytes", step.write)], task_id="task"
        )
        acknowledge("write", step)
        put(engine, step.scratch, step)
        if cycle % KEEP == KEEP - 1:
            engine.threads.delete(step.scratch)
            acknowledge("delete", step)


def main() -> None:
    path, round_number, durability = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    engine = Engine.open(path, durability="full" if durability == "full" else "normal")
    os.write(1, b"open\n")
    threads = [
        threading.Thread(target=lane, args=(engine, round_number, number))
        for number in range(LANES)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
