"""A job of three steps that may die at any moment: python job.py DATABASE NAME.

Between the second and the third a person decides. Run it again whenever it has stopped: it goes
on where it was, in whichever process, and does nothing twice.
"""

from __future__ import annotations

import sys
import time

from interlock import Completed, Engine, Failed, Run, ThreadBusyError

LEASE = 2.0  # seconds after which the job of a process that died may be taken over


def job(run: Run, name: str, pause: float) -> str:
    """The program. It starts anew each time, and what it has done is given back to it."""
    print(f"{run.action}, {run.recorded} recorded", flush=True)
    data = run.step("fetch", fetch, name)
    print(f"has {len(data)} numbers", flush=True)
    time.sleep(pause)
    report = run.step("write", write, data)
    answer = run.interrupt(
        "publish?",
        review={"kind": "approval", "payload": {}, "title": f"Publish {report!r}?"},
    )
    if answer["outcome"] != "approved":
        return "not published"
    return run.step("publish", publish, report)


def fetch(name: str) -> list[int]:
    """The first step."""
    print(f"fetching {name}", flush=True)
    return [1, 2, 3]


def write(data: list[int]) -> str:
    """The second step."""
    print("writing", flush=True)
    return f"the sum is {sum(data)}"


def publish(report: str) -> str:
    """The third step."""
    print(f"publishing: {report}", flush=True)
    return "published"


def main(database: str, name: str, pause: float = 0) -> int:
    """Runs the job as far as it goes."""
    with Engine.open(database) as engine:
        while True:
            try:
                outcome = engine.run(name, job, name, pause, lease=LEASE)
                break
            except ThreadBusyError:
                time.sleep(0.1)  # another process is at it, or was until it died
        if isinstance(outcome, Completed):
            print(outcome.result)
            return 0
        if isinstance(outcome, Failed):
            print(f"failed: {outcome.error['message']}")
            return 1
        for interrupt in outcome.interrupts:
            print(f"waits for review {interrupt['review']}")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], *map(float, sys.argv[3:])))
