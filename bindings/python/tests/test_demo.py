"""The demo, as `make demo` runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DEMO = Path(__file__).resolve().parents[1] / "examples/file_agent/demo.py"


def test_demo_tells_the_whole_story() -> None:
    """One delete approved, one rejected, each asked once, nothing run twice."""
    done = subprocess.run(
        [sys.executable, str(DEMO)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    before, after = done.stdout.split("Process 2")
    assert before.count("paused: The agent wants to delete the file:") == 2
    assert "kill -9" in before
    assert "waiting: delete old.log -> approve" in after
    assert "waiting: delete customers.csv -> reject" in after
    assert after.count("Successfully deleted file: old.log") == 1
    assert "File 'customers.csv' was NOT deleted." in after
    assert after.count("Successfully wrote file: report.txt") == 1
    listing = after.split("The files after")[1]
    assert "customers.csv" in listing
    assert "old.log" not in listing


def test_interactive_demo_asks_at_the_prompt() -> None:
    """Anything but yes is a no."""
    done = subprocess.run(
        [sys.executable, str(DEMO), "--interactive"],
        input="\nyes\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    listing = done.stdout.split("The files after")[1]
    assert "old.log" in listing
    assert "customers.csv" not in listing
