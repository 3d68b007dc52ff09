"""What all benchmarks share: the data, the savers, the clock, and the form of a result.

Every comparison is made in one run: the contenders take turns, round by round, and each round
gives one ratio, so that a drift of the machine hits both sides alike. A result is the median
over the rounds. All contenders get the same data, made from fixed seeds; nothing in it is chosen
for one of them.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any, Literal

import interlock
from interlock import Engine
from interlock.langgraph import InterlockSaver
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver

Kind = Literal["interlock", "interlock normal", "sqlite", "memory"]
Saver = BaseCheckpointSaver[str]
Rounds = list[list[float]]

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
INCLUDE = REPOSITORY / "include"
STATE_BYTES = 1024


@dataclass(frozen=True)
class Bar:
    """What a ratio (Interlock's figure by the peer's) has to be."""

    limit: float
    at_most: bool = True

    def allows(self, ratio: float) -> bool:
        """Whether the ratio keeps the bar."""
        return ratio <= self.limit if self.at_most else ratio >= self.limit

    def __str__(self) -> str:
        """As in the table."""
        return f"{'<=' if self.at_most else '>='} {self.limit:g}"


@dataclass(frozen=True)
class Result:
    """One line of the table. `absolute` bars judge Interlock's own figure, not the ratio."""

    benchmark: str
    name: str
    unit: str
    interlock: float
    peer: float
    peer_name: str
    ratio: float
    bar: Bar | None = None
    absolute: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the bar is kept; None if there is none."""
        if self.bar is None:
            return None
        return self.bar.allows(self.interlock if self.absolute else self.ratio)

    def record(self) -> dict[str, Any]:
        """For results.json."""
        bar = None if self.bar is None else str(self.bar)
        return asdict(self) | {"bar": bar, "met": self.met}


@dataclass
class Context:
    """One run: where to write, how much to do, and what was found so far."""

    folder: Path
    quick: bool
    results: list[Result] = field(default_factory=list)
    curves: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    databases: dict[int, dict[Kind, Path]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)

    def pick(self, full: int, quick: int) -> int:
        """A size for this run."""
        return quick if self.quick else full

    def path(self, name: str) -> Path:
        """A file that does not exist yet."""
        path = self.folder / name
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        return path

    def add(self, result: Result) -> None:
        """Keep a result. Bars are for the full run, so a quick one judges none."""
        if self.quick:
            result = Result(**asdict(result) | {"bar": None})
        self.results.append(result)

    def skip(self, what: str, reason: str) -> None:
        """Say what is not measured in this run, and why."""
        self.skipped[what] = reason
        progress(f"skipped: {what}: {reason}")

    def compare(
        self,
        benchmark: str,
        name: str,
        times: Mapping[str, Rounds],
        ours: str,
        peer: str,
        bar: Bar | None = None,
        scale: tuple[float, str] = (1e3, "ms"),
        absolute: bool = False,
    ) -> None:
        """Keep the result of two contenders that took turns."""
        factor, unit = scale
        self.add(
            Result(
                benchmark,
                name,
                unit,
                median(flat(times[ours])) * factor,
                median(flat(times[peer])) * factor,
                PEER_NAMES.get(peer, peer),
                paired_ratio(times[ours], times[peer]),
                bar,
                absolute,
            )
        )


PEER_NAMES = {"sqlite": "SqliteSaver", "memory": "InMemorySaver"}


def progress(text: str) -> None:
    """Say what is going on."""
    print(text, file=sys.stderr, flush=True)


# --------------------------------------------------------------------------------------- clock


def alternate(
    contenders: Mapping[str, Callable[[int], object]], rounds: int, calls: int
) -> dict[str, Rounds]:
    """Time calls of all contenders in turns: seconds by contender, round and call.

    In each round every contender makes its calls in a row, so that it works as it does alone; the
    order of the contenders is shuffled, so that none always pays for what the same other one left
    to the disk. Contenders are called with the number of the call.
    """
    times: dict[str, Rounds] = {name: [] for name in contenders}
    order = random.Random(0)
    for turn in range(rounds):
        numbers = range(turn * calls, (turn + 1) * calls)
        for name in order.sample(list(contenders), len(contenders)):
            times[name].append([seconds(contenders[name], call) for call in numbers])
    return times


def seconds(body: Callable[[int], object], call: int) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    body(call)
    return time.perf_counter() - start


def flat(rounds: Rounds) -> list[float]:
    """All calls of all rounds."""
    return [value for values in rounds for value in values]


def paired_ratio(ours: Rounds, peer: Rounds) -> float:
    """The median over the rounds of the ratio of their medians."""
    return median(median(a) / median(b) for a, b in zip(ours, peer, strict=True))


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of the values do not exceed."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def in_rounds(values: Sequence[float], size: int) -> Rounds:
    """Cut what was measured in one go into rounds."""
    return [list(values[start : start + size]) for start in range(0, len(values), size)]


# ---------------------------------------------------------------------------------------- data


@lru_cache(maxsize=1)
def _vocabulary() -> list[str]:
    source = random.Random(1)
    syllables = [first + second for first in "bcdfghklmnprstvwz" for second in "aeiou"]
    return ["".join(source.choices(syllables, k=source.randint(1, 5))) for _ in range(4096)]


def words(seed: str, count: int) -> str:
    """So many random words of a fixed vocabulary."""
    return " ".join(random.Random(seed).choices(_vocabulary(), k=count))


def state(seed: str) -> str:
    """A state of one kilobyte of words."""
    return words(seed, STATE_BYTES)[:STATE_BYTES]


# -------------------------------------------------------------------------------------- savers


@contextmanager
def opened(kind: Kind, path: Path) -> Iterator[Saver]:
    """A saver as its own `from_conn_string` makes it, closed afterwards."""
    if kind == "interlock":
        with InterlockSaver.from_conn_string(path) as saver:
            yield saver
    elif kind == "interlock normal":
        with Engine.open(path, durability="normal") as engine:
            yield InterlockSaver(engine)
    elif kind == "sqlite":
        with SqliteSaver.from_conn_string(str(path)) as sqlite_saver:
            yield sqlite_saver
    else:
        yield InMemorySaver()


def database_bytes(path: Path) -> int:
    """The size of a database as a reader sees it, in pages, with those still in its WAL.

    Another process asks, so that this one never opens the file through a second copy of SQLite.
    """
    question = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
        "ask = lambda what: c.execute('PRAGMA ' + what).fetchone()[0];"
        "print(ask('page_count') * ask('page_size'))"
    )
    return int(run_python(question, str(path)))


def disk_bytes(path: Path) -> int:
    """What a closed database takes on disk."""
    files = (Path(f"{path}{suffix}") for suffix in ("", "-wal", "-shm"))
    return sum(file.stat().st_size for file in files if file.exists())


def run_python(code: str, *arguments: str) -> str:
    """What a program prints that runs in a Python of its own."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def library_path() -> Path:
    """The shared library that this process has loaded."""
    chosen = os.environ.get("INTERLOCK_LIBRARY")
    beside = Path(interlock.__file__).with_name("libinterlock.so.1")
    return Path(chosen).resolve() if chosen else beside
