"""A child process of test_disk: a machine that loses power.

`workers_power.py LIBRARY FOLDER WORLD DURABILITY EVERY FIRST`. Every kind of change is made on a
disk that remembers each step. Then the power goes: after each EVERYth step from the FIRST, with
nothing, everything or something of what was not synchronised. What another machine finds is what
was acknowledged, or that and the change under way; never a part of it. With the DURABILITY `normal`
the last checkpoints may be gone, but nothing that was decided. With `pretended` it is opened as
`normal` and judged as `full`: that has to come out.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disk import Disk, Kept
from disk_world import WORLDS, state
from engine_tools import assert_sound
from interlock import Engine
from review_tools import NOON

# What is chosen at random is chosen more than once.
CHOICES = {Kept.NOTHING: 1, Kept.EVERYTHING: 1, Kept.SOMETHING: 3}


@dataclass(frozen=True)
class Moment:
    """What was acknowledged after so many steps."""

    steps: int
    clock: int
    is_lasting: bool
    state: str


def live(disk: Disk, path: Path, world: str, durability: str) -> list[Moment]:
    """Make every change, and look at all there is after each."""
    is_full = durability != "normal"
    opened = "full" if durability == "full" else "normal"
    with Engine.open(path, clock=NOON, durability=opened) as engine:  # type: ignore[arg-type]
        made = WORLDS[world](engine)
        moments = [Moment(disk.steps, made.clock, True, state(engine))]

        def make(change: Callable[[], Any], is_lasting: bool) -> Any:
            result = change()
            moment = Moment(disk.steps, made.clock, is_full or is_lasting, state(engine))
            moments.append(moment)
            return result

        made.make(make)
        return moments


def expected(moments: list[Moment], steps: int) -> tuple[int, list[str]]:
    """The time, and what may be found then."""
    last = max((i for i, moment in enumerate(moments) if moment.steps <= steps), default=0)
    lasting = max((i for i in range(last + 1) if moments[i].is_lasting), default=0)
    return moments[last].clock, [moment.state for moment in moments[lasting : last + 2]]


def find(folder: Path, clock: int) -> str:
    """What another machine finds; it is sound, and work goes on."""
    path = folder / "a.db"
    with Engine.open(path, clock=clock) as engine:
        found = state(engine)
        engine.checkpoints.put("after", "1", body=b"b")
    assert_sound(path)
    return found


def images(disk: Disk, first: int, every: int) -> Iterator[tuple[int, Kept, int]]:
    """When the power goes, what is kept, and the seed of the choice."""
    for steps in range(first, disk.steps + 1, every):
        for kept, choices in CHOICES.items():
            for choice in range(choices):
                yield steps, kept, steps * 10 + choice


def main() -> None:
    library, folder, world, durability, every, first = sys.argv[1:]
    disk = Disk(library)
    with disk.recording():
        moments = live(disk, Path(folder) / "a.db", world, durability)
    count = 0
    for steps, kept, seed in images(disk, int(first), int(every)):
        with tempfile.TemporaryDirectory(dir=folder) as made:
            where = f"after {steps} of {disk.steps} steps, {kept.name} {seed}"
            print(where, flush=True)
            disk.image(steps, kept, seed, Path(made))
            clock, allowed = expected(moments, steps)
            assert find(Path(made), clock) in allowed, where
        count += 1
    print(f"{count} images, {len(moments) - 1} changes")


if __name__ == "__main__":
    main()
