"""The example no_framework: killed between two steps, continued, answered, continued."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import SOURCES, Child

FOLDER = Path(__file__).resolve().parents[1] / "examples/no_framework"
JOB, ANSWER = str(FOLDER / "job.py"), str(FOLDER / "answer.py")


@pytest.mark.parametrize("outcome", ["approved", "rejected"])
def test_a_job_dies_and_is_continued(path: str, child: Child, outcome: str) -> None:
    with subprocess.Popen(
        [sys.executable, JOB, path, "sales", "60"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started, 0 recorded\n"
        assert process.stdout.readline() == "fetching sales\n"
        wait_until_recorded(path)
        process.send_signal(signal.SIGKILL)

    said = child(JOB, path, "sales", code=2).stdout.splitlines()
    assert said[:2] == ["took_over, 1 recorded", "writing"]
    assert said[2].startswith("waits for review rev_")
    # again, before anybody has answered: the same question
    again = child(JOB, path, "sales", code=2).stdout.splitlines()
    assert again == ["resumed, 3 recorded", said[2]]

    assert child(ANSWER, path, "ana", outcome).stdout.split()[-1] == outcome
    last = child(JOB, path, "sales").stdout.splitlines()
    if outcome == "approved":
        assert last == ["resumed, 3 recorded", "publishing: the sum is 6", "published"]
    else:
        assert last == ["resumed, 3 recorded", "not published"]


def wait_until_recorded(path: str) -> None:
    """The first step prints before it is recorded."""
    import sqlite3
    import time
    from contextlib import closing

    deadline = time.monotonic() + 30
    with closing(sqlite3.connect(path)) as connection:
        while time.monotonic() < deadline:
            if connection.execute("SELECT count(*) FROM step").fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("the first step is not recorded")
