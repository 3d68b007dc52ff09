"""A store with something in it, and whether it is sound."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from interlock import ChannelValue, Engine

VALUE = ChannelValue("c", "1", "bytes", b"hello")


def fill(engine: Engine, thread_id: str = "t", count: int = 3) -> None:
    for number in range(count):
        engine.checkpoints.put(
            thread_id,
            f"{number:04}",
            parent_id=f"{number - 1:04}" if number else None,
            type="body",
            body=b"body %d" % number,
            metadata={"step": number, "run_id": f"run-{number % 2}"},
            versions={"c": "1", "none": "1"},
            values=[VALUE, ChannelValue("none", "1", "", None)] if number == 0 else (),
        )


def assert_sound(path: str | Path) -> None:
    """Both checks: that of the core and that of SQLite."""
    with Engine.open(path, must_exist=True) as engine:
        report = engine.check()
    assert report.ok, report.problems
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
