"""Reading back: the latest checkpoint of a long thread, and a list of fifty."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from common import Bar, Context, Kind, Result, Rounds, Saver, alternate, flat, opened
from conversation import CONFIG, ON_DISK, databases
from interlock.langgraph import InterlockSaver

LIST_TURNS = 200
LIMIT = 50
# glibc maps a block of more than 128 KB anew for every use, until one was freed that was larger
# (mallopt(3), M_MMAP_THRESHOLD): a process that has freed one of 20 MB keeps the memory of others.
LARGE_BLOCK = 20 << 20


def measure(context: Context) -> None:
    """`get_tuple` after opening and warm, and `list`. SqliteSaver makes two blocks as large as the
    state for every `get_tuple`, and gains most where the process keeps their memory."""
    turns = context.pick(500, 120)
    paths = databases(context, turns)
    times = _first_gets(paths, turns, rounds=context.pick(30, 8))
    name = f"get_tuple at turn {turns}"
    context.compare("read", f"{name}, opening included", times, *ON_DISK, Bar(1.0))
    times = _warm_gets(paths, rounds=context.pick(40, 6), calls=5)
    context.compare("read", f"{name}, warm", times, *ON_DISK, Bar(1.0))
    _free_a_large_block()
    times = _warm_gets(paths, rounds=context.pick(40, 6), calls=5)
    context.compare("read", f"{name}, warm, memory kept", times, *ON_DISK, Bar(1.0))
    _measure_list(context, databases(context, context.pick(LIST_TURNS, 60)))


def _free_a_large_block() -> None:
    """From here on this process works as one does that has read a file or an answer before."""
    block = bytearray(LARGE_BLOCK)
    del block


def _latest(saver: Saver) -> int:
    """Read the latest checkpoint; returns how many messages it has."""
    found = saver.get_tuple(CONFIG)
    assert found is not None
    return len(found.checkpoint["channel_values"]["messages"])


def _first_gets(paths: dict[Kind, Path], turns: int, rounds: int) -> dict[str, Rounds]:
    """Open a saver and read once. Closing is not part of the time."""
    times: dict[str, Rounds] = {kind: [] for kind in ON_DISK}
    for turn in range(rounds):
        for kind in ON_DISK if turn % 2 else reversed(ON_DISK):
            start = time.perf_counter()
            with opened(kind, paths[kind]) as saver:
                count = _latest(saver)
                times[kind].append([time.perf_counter() - start])
            assert count == 2 * turns
    return times


def _warm_gets(paths: dict[Kind, Path], rounds: int, calls: int) -> dict[str, Rounds]:
    with ExitStack() as stack:
        contenders: dict[str, Callable[[int], object]] = {}
        for kind in ON_DISK:
            saver = stack.enter_context(opened(kind, paths[kind]))
            _latest(saver)
            contenders[kind] = _getter(saver)
        return alternate(contenders, rounds, calls)


def _getter(saver: Saver) -> Callable[[int], object]:
    return lambda _: _latest(saver)


def _measure_list(context: Context, paths: dict[Kind, Path]) -> None:
    rounds = context.pick(11, 3)
    inside: list[float] = []
    times: dict[str, Rounds] = {kind: [] for kind in ON_DISK}
    with ExitStack() as stack:
        savers = {kind: stack.enter_context(opened(kind, paths[kind])) for kind in ON_DISK}
        for saver in savers.values():
            _list(saver)
        ours = savers["interlock"]
        assert isinstance(ours, InterlockSaver)
        spent = stack.enter_context(_timed(ours.engine.handle.library, "interlock_checkpoint_list"))
        for turn in range(rounds):
            for kind in ON_DISK if turn % 2 else reversed(ON_DISK):
                spent.clear()
                times[kind].append([_list(savers[kind])])
                if kind == "interlock":
                    inside.append(sum(spent))
    name = f"list({LIMIT}) of {context.pick(LIST_TURNS, 60)} turns"
    context.compare("read", name, times, *ON_DISK, Bar(0.7))
    peer = flat(times["sqlite"])
    ratio = median(core / whole for core, whole in zip(inside, peer, strict=True))
    core, whole = median(inside) * 1e3, median(peer) * 1e3
    context.add(
        Result(
            "read", f"{name}, inside the core", "ms", core, whole, "SqliteSaver", ratio, Bar(0.1)
        )
    )


def _list(saver: Saver) -> float:
    """How long it takes to list."""
    start = time.perf_counter()
    found = list(saver.list(CONFIG, limit=LIMIT))
    elapsed = time.perf_counter() - start
    assert len(found) == LIMIT
    assert all(a.checkpoint["id"] > b.checkpoint["id"] for a, b in pairwise(found))
    return elapsed


@contextmanager
def _timed(library: Any, function: str) -> Iterator[list[float]]:
    """Collect how long each call of a function of the library takes."""
    spent: list[float] = []
    original = getattr(library, function)

    def timed(*arguments: object) -> object:
        start = time.perf_counter()
        try:
            return original(*arguments)
        finally:
            spent.append(time.perf_counter() - start)

    setattr(library, function, timed)
    try:
        yield spent
    finally:
        setattr(library, function, original)
