"""One `put` of a state of one kilobyte that changes every time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, cast

from common import Bar, Context, Kind, Rounds, Saver, alternate, opened, state
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import Checkpoint, CheckpointMetadata
from langgraph.checkpoint.base.id import uuid6

MICROSECONDS = (1e6, "us")
FIRST = 200


class Put:
    """The arguments of one `put`, made beforehand; the same for every saver."""

    def __init__(self, thread: str, step: int, parent: Put | None) -> None:
        """The checkpoint after `parent`."""
        source = random.Random(f"{thread} {step}")
        version = f"{step + 1:032}.{source.random():016}"
        self.id = str(uuid6(clock_seq=-2))
        seen = {} if parent is None else {"node": dict(parent.versions)}
        self.versions: dict[str, str | int | float] = {"state": version}
        self.checkpoint = cast(
            Checkpoint,
            {
                "v": 4,
                "id": self.id,
                "ts": "2026-01-01T00:00:00.000000+00:00",
                "channel_values": {"state": state(f"{thread} {step}")},
                "channel_versions": dict(self.versions),
                "versions_seen": seen,
                "updated_channels": ["state"],
            },
        )
        self.metadata: CheckpointMetadata = {"source": "loop", "step": step, "parents": {}}
        place: dict[str, Any] = {"thread_id": thread, "checkpoint_ns": ""}
        if parent is not None:
            place["checkpoint_id"] = parent.id
        self.config: RunnableConfig = {"configurable": place}

    def to(self, saver: Saver) -> None:
        """Put it."""
        saver.put(self.config, self.checkpoint, self.metadata, self.versions)


def puts(thread: str, count: int) -> list[Put]:
    """A thread of so many checkpoints."""
    made: list[Put] = []
    for step in range(count):
        made.append(Put(thread, step, made[-1] if made else None))
    return made


def measure(context: Context) -> None:
    """The median of one `put`, at both durabilities; SqliteSaver as it is shipped."""
    pairs: tuple[tuple[str, Kind, Bar], ...] = (
        ("full", "interlock", Bar(1.1)),
        ("normal", "interlock normal", Bar(0.35)),
    )
    for durability, kind, bar in pairs:
        times = _alternate(context, (kind, "sqlite"))
        name = f"put of 1 KB, p50, {durability}"
        context.compare("put", name, times, kind, "sqlite", bar, MICROSECONDS)
    times = _first_puts(context, ("interlock", "sqlite"))
    name = f"put of 1 KB, p50 of the first {FIRST} of a file"
    context.compare("put", name, times, "interlock", "sqlite", None, MICROSECONDS)


def _first_puts(context: Context, kinds: tuple[Kind, Kind]) -> dict[str, Rounds]:
    """The log of a new file, or of one that was closed, has still to grow."""
    given = puts("put", FIRST)
    times: dict[str, Rounds] = {kind: [] for kind in kinds}
    for turn in range(context.pick(10, 3)):
        for kind in kinds if turn % 2 else reversed(kinds):
            with opened(kind, context.path(f"first-puts-{kind}.db")) as saver:
                saver.get_tuple(given[0].config)
                times[kind].append([_seconds(put, saver) for put in given])
    return times


def _seconds(put: Put, saver: Saver) -> float:
    start = time.perf_counter()
    put.to(saver)
    return time.perf_counter() - start


def _alternate(context: Context, kinds: tuple[Kind, Kind]) -> dict[str, Rounds]:
    rounds, calls, warmup = context.pick(80, 8), 50, 50
    given = puts("put", warmup + rounds * calls)
    with ExitStack() as stack:
        contenders: dict[str, Callable[[int], None]] = {}
        for kind in kinds:
            saver = stack.enter_context(opened(kind, context.path(f"put-{kind}.db")))
            for put in given[:warmup]:
                put.to(saver)
            contenders[kind] = _putter(saver, given[warmup:])
        return alternate(contenders, rounds, calls)


def _putter(saver: Saver, given: list[Put]) -> Callable[[int], None]:
    return lambda call: given[call].to(saver)
