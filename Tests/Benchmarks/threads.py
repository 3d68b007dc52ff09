"""Sixteen threads that put at once: one engine against one connection behind one lock."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from statistics import median

from common import Bar, Context, Kind, Result, Saver, opened
from put import Put, puts

THREADS = 16
KINDS: tuple[Kind, Kind] = ("interlock", "sqlite")
SLOWEST = Bar(50)
FASTER = Bar(4, at_most=False)


@dataclass(frozen=True)
class Burst:
    """What one round gave."""

    per_second: float
    slowest: float


def report(context: Context, language: str, peer_name: str, found: dict[str, list[Burst]]) -> None:
    """Two lines: throughput and the slowest operation of all rounds."""
    ours, peer = found["interlock"], found["sqlite"]
    ratio = median(a.per_second / b.per_second for a, b in zip(ours, peer, strict=True))
    ours_rate, peer_rate = (median(b.per_second for b in side) for side in (ours, peer))
    name = f"{THREADS} threads, {language}"
    context.add(
        Result("threads", f"{name}", "puts/s", ours_rate, peer_rate, peer_name, ratio, FASTER)
    )
    worst, peer_worst = (max(b.slowest for b in side) * 1e3 for side in (ours, peer))
    context.add(
        Result(
            "threads",
            f"{name}, slowest put",
            "ms",
            worst,
            peer_worst,
            peer_name,
            worst / peer_worst,
            SLOWEST,
            absolute=True,
        )
    )


def measure(context: Context) -> None:
    """Both savers, each with one file, in Python."""
    rounds, count = context.pick(7, 2), context.pick(100, 25)
    found: dict[str, list[Burst]] = {kind: [] for kind in KINDS}
    for turn in range(rounds):
        given = [puts(f"thread {turn} {number}", count) for number in range(THREADS)]
        for kind in KINDS if turn % 2 else reversed(KINDS):
            with opened(kind, context.path(f"threads-{kind}.db")) as saver:
                Put("warm up", 0, None).to(saver)
                found[kind].append(_burst(saver, given))
    report(context, "Python", "SqliteSaver", found)


def _burst(saver: Saver, given: list[list[Put]]) -> Burst:
    """Every thread puts its checkpoints, all at once."""
    together = threading.Barrier(THREADS + 1)
    slowest = [0.0] * THREADS

    def work(number: int) -> None:
        together.wait()
        for put in given[number]:
            start = time.perf_counter()
            put.to(saver)
            slowest[number] = max(slowest[number], time.perf_counter() - start)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for worker in workers:
        worker.start()
    together.wait()
    start = time.perf_counter()
    for worker in workers:
        worker.join()
    elapsed = time.perf_counter() - start
    return Burst(sum(map(len, given)) / elapsed, max(slowest))
