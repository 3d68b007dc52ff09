"""A store with something in it."""

from __future__ import annotations

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
