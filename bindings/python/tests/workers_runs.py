"""A child process of test_run_crash: runs a program, and may kill itself before a call of
the core that writes.

`workers_runs.py PATH LOG CALL`: CALL counts the calls that write from 1; 0 kills never.
It prints what became of the program. Effects are lines in LOG.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from interlock import Completed, Engine, Failed, Permit, Run, ThreadBusyError

LEASE = 0.15
WRITES = {f"interlock_run_{verb}" for verb in ("begin", "record", "interrupt", "suspend")} | {
    "interlock_permit_consume",
    "interlock_permit_report",
    "interlock_run_complete",
    "interlock_run_close",  # after the last write
}


class Mortal:
    """The library; its process dies before the call that was named."""

    def __init__(self, library: Any, last: int) -> None:
        self._library = library
        self._left = last

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._library, name)
        if name in WRITES:
            self._left -= 1
            if self._left == 0:
                os.write(1, f"killed before {name}\n".encode())
                os.kill(os.getpid(), signal.SIGKILL)
        return function


def main(path: str, log: str, last: int) -> None:
    def effect(what: str) -> str:
        with open(log, "a") as file:
            file.write(f"{what}\n")
        return what

    with Engine.open(path) as engine:
        engine.handle.library = Mortal(engine.handle.library, last)

        def happened(permit: Permit) -> bool:
            return "send ana" in Path(log).read_text().split("\n")

        @engine.guard(mode="suspend", lease=LEASE, verify=happened)
        def send(to: str) -> str:
            return effect(f"send {to}")

        def program(run: Run) -> Any:
            draft = run.step("draft", effect, "draft")
            size = run.interrupt("size", "how many?")
            send("ana")
            return [draft, size, run.step("file", effect, "file")]

        while True:
            try:
                outcome = engine.run("t", program, lease=LEASE)
                break
            except ThreadBusyError:
                time.sleep(0.02)
        if isinstance(outcome, Completed):
            print("completed", outcome.result)
        elif isinstance(outcome, Failed):
            print("failed", outcome.error["type"])
        else:
            print("waits", *(interrupt["key"] for interrupt in outcome.interrupts))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
