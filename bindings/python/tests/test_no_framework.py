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
        try:
            said = [process.stdout.readline() for _ in range(3)]
        finally:
            process.send_signal(signal.SIGKILL)
    assert said == ["started, 0 recorded\n", "fetching sales\n", "has 3 numbers\n"]

    said = child(JOB, path, "sales", code=2).stdout.splitlines()
    assert said[:3] == ["took_over, 1 recorded", "has 3 numbers", "writing"]
    assert said[3].startswith("waits for review rev_")
    # again, before anybody has answered: the same question
    again = child(JOB, path, "sales", code=2).stdout.splitlines()
    assert again == ["resumed, 3 recorded", "has 3 numbers", said[3]]

    assert child(ANSWER, path, "ana", outcome).stdout.split()[-1] == outcome
    last = child(JOB, path, "sales").stdout.splitlines()
    if outcome == "approved":
        assert last[2:] == ["publishing: the sum is 6", "published"]
    else:
        assert last[2:] == ["not published"]
