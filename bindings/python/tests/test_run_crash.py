"""kill -9 before every write of a run; another process goes on with it.

No recorded step runs again, no question is asked twice, no answer is lost, and what a permit
allows happens at most once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import HERE, SOURCES
from interlock import Engine

WORKER = str(Path(__file__).with_name("workers_runs.py"))
FIRST = "interlock_run_begin"
CALLS = 20  # more than any of the processes makes


def work(path: str, log: str, last: int = 0) -> str:
    """What a worker said at last."""
    done = subprocess.run(
        [sys.executable, WORKER, path, log, str(last)],
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCES), str(HERE)])},
        check=False,
    )
    assert done.returncode == (-signal.SIGKILL if "killed" in done.stdout else 0), done
    return done.stdout.splitlines()[-1]


def people(path: str) -> None:
    """They answer whatever is asked."""
    with Engine.open(path) as engine:
        for interrupt in [*engine.runs.interrupts()]:
            if interrupt["review"]:
                engine.reviews.respond(interrupt["review"], actor="ana", outcome="approved")
            else:
                engine.runs.resume("t", 3, interrupt=interrupt["id"])


def finish(path: str, log: str) -> str:
    for _ in range(20):
        said = work(path, log)
        if said.startswith("completed"):
            return said
        if said == "failed AlreadyUsedError" and not effects(log).get("send ana"):
            return said
        time.sleep(0.05)
        people(path)
    raise AssertionError(f"it does not come to an end: {said}")


def effects(log: str) -> dict[str, int]:
    lines = Path(log).read_text().splitlines() if Path(log).exists() else []
    return {line: lines.count(line) for line in lines}


@pytest.mark.parametrize("process", [0, 1, 2])
def test_kill_before_every_call(tmp_path: Path, process: int) -> None:
    killed: list[str] = []
    for last in range(1, CALLS + 1):
        path, log = str(tmp_path / f"{last}.db"), str(tmp_path / f"{last}.log")
        for _ in range(process):
            assert work(path, log).startswith("waits")
            people(path)
        said = work(path, log, last)
        if not said.startswith("killed"):
            break
        call = said.split()[-1]
        killed.append(call)
        before = effects(log)
        with Engine.open(path) as engine:
            outcome = engine.runs.get("t")["outcome"] if call != FIRST else None
        if outcome is not None:  # it died after its end: the same call would begin a new run
            assert outcome == {"type": "completed", "result": ["draft", 3, "file"]}
            assert before == {"draft": 1, "send ana": 1, "file": 1}
            continue
        ended = finish(path, log)
        after = effects(log)
        with Engine.open(path) as engine:
            assert len([*engine.reviews.list()]) == 1, "a question was asked twice"
            assert engine.check().ok
        # Only the step that was done and not yet recorded is done again.
        repeated = {what for what, count in after.items() if count > 1}
        unrecorded = {*before} if call == "interlock_run_record" else set()
        assert repeated <= unrecorded, (call, after)
        assert after.get("send ana", 0) <= 1, (call, after)
        if ended.startswith("completed"):
            assert ended == "completed ['draft', 3, 'file']"
            assert set(after) == {"draft", "send ana", "file"}
    else:
        raise AssertionError("the worker makes more calls than are tried")
    print(f"\nprocess {process}: {killed}")
    assert len(killed) >= 4
