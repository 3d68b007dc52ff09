"""What the comparison with the stock savers needs: checkpoints of both, and time limits."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver, empty_checkpoint
from langgraph.checkpoint.base.id import uuid6


def fresh(values: dict[str, Any], number: int) -> tuple[Any, dict[str, str]]:
    """A checkpoint with these channel values, all at a new version."""
    versions = {name: f"{number:032}.0.{random.Random(number).random()}" for name in values}
    checkpoint = empty_checkpoint()
    checkpoint.update(id=str(uuid6()), channel_values=dict(values), channel_versions=dict(versions))
    return checkpoint, versions


def fill(
    saver: BaseCheckpointSaver[str], thread: str, count: int, size: int = 100, **metadata: Any
) -> dict[str, Any]:
    """A thread of `count` checkpoints with one write each; returns the last config."""
    config: Any = {"configurable": {"thread_id": thread, "checkpoint_ns": ""}}
    for number in range(count):
        values = {"text": f"{number} " + "x" * size}
        checkpoint, versions = fresh(values, number)
        given: Any = {"source": "loop", "step": number, "parents": {}, **metadata}
        config = saver.put(config, checkpoint, given, versions)
        saver.put_writes(config, [("out", number)], "task")
    return dict(config)


def finishes(call: Callable[[], object], seconds: float) -> bool:
    """Whether a call returns in time; one that does not is left behind in its thread."""
    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()


def python(code: str, *arguments: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
    """Runs code in a child process, killed after `seconds` with exit status -9."""
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            output, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


def plan(path: Path, sql: str) -> str:
    """How SQLite would run a query on a database."""
    with closing(sqlite3.connect(path)) as database:
        return "\n".join(row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}"))
