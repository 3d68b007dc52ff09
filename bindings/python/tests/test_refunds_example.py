"""The example refunds: a worker is killed while it pays, and another one takes over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from conftest import HERE, SOURCES, Child
from interlock import Engine

EXAMPLE = str(HERE.parent / "examples/refunds/refunds.py")


def test_a_killed_worker_is_taken_over(path: str, child: Child, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    assert child(EXAMPLE, "ask", path, "A-1", "A-2").stdout == "A-1 waits\nA-2 waits\n"
    assert child(EXAMPLE, "answer", path, "approve").stdout.count("approve") == 2
    with subprocess.Popen(
        [sys.executable, EXAMPLE, "work", path, str(ledger), "first"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
    ) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
        finally:
            process.send_signal(signal.SIGKILL)
    assert said.startswith("first pays A-")
    begun = said.split()[-1]

    said = child(EXAMPLE, "work", path, str(ledger), "second").stdout
    assert sorted(line for line in said.splitlines() if "paid by" in line) == [
        "A-1 paid by second",
        "A-2 paid by second",
    ]
    assert said.splitlines()[-1] == f"{begun} paid by second", "its lease had to run out"
    assert sorted(ledger.read_text().split()) == ["A-1", "A-2"]
    with Engine.open(path) as engine:
        assert len([*engine.reviews.list()]) == 2, "nobody was asked again"
        for order in ("A-1", "A-2"):
            assert [asked["status"] for asked in engine.graphs.interrupts(order)] == ["applied"]
