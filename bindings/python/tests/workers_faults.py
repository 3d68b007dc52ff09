"""A child process of test_disk: a disk that fails.

`workers_faults.py LIBRARY FOLDER WORLD DURABILITY ERROR EVERY FIRST`. Every kind of change is made
once for each operation of the disk, from the FIRST on each EVERYth, and that operation fails; with
the ERROR `for_ever` all that follow fail too, until the disk is healed; with `full` a write that
fails says that there is no room. The call that fails has changed nothing, not even for who finds
the files after a kill -9, and comes to the same when it is made again.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from disk import Disk, Kept
from disk_world import WORLDS, state
from engine_tools import assert_sound
from interlock import Engine, InterlockError, Status
from review_tools import NOON

WANTED = {Status.IO, Status.DISK_FULL, Status.CANNOT_OPEN, Status.NO_MEMORY}


class Life:
    """An engine on a disk that fails, once or from one operation on."""

    def __init__(self, disk: Disk, path: Path, world: str, durability: str) -> None:
        """Open it, at the second attempt if need be."""
        self.disk = disk
        self.failures = 0

        def open() -> Engine:
            return Engine.open(path, clock=NOON, durability=durability)  # type: ignore[arg-type]

        try:
            self.engine = open()
        except InterlockError as error:
            self.failed(error)
            disk.heal()
            self.engine = open()
        self.world = WORLDS[world](self.engine)

    def run(self) -> None:
        """Make every change."""
        self.world.make(lambda change, _: self.attempt(change))
        self.disk.heal()
        report = self.engine.check()
        assert report.ok, report.problems

    def attempt(self, change: Callable[[], Any]) -> Any:
        """Make a change; if it fails see what it has left, heal the disk, and make it again."""
        with self.disk.looking_away():
            before = state(self.engine)
        try:
            return change()
        except InterlockError as error:
            self.failed(error)
            with self.disk.looking_away():
                assert state(self.engine) == before, "it failed, and something has changed"
                assert self.after_a_kill() == before, "it failed, and a kill makes it happen"
        self.survive()
        self.disk.heal()
        return change()

    def failed(self, error: InterlockError) -> None:
        """A disk that fails is no other trouble."""
        assert error.code in WANTED, f"{error!r}"
        self.failures += 1

    def after_a_kill(self) -> str:
        """What another process would find."""
        with tempfile.TemporaryDirectory() as folder:
            self.disk.image(self.disk.steps, Kept.EVERYTHING, 0, Path(folder))
            with Engine.open(Path(folder) / "a.db", clock=self.world.clock) as engine:
                return state(engine)

    def survive(self) -> None:
        """Whether it can be read while the disk fails does not matter."""
        try:
            state(self.engine)
        except InterlockError as error:
            self.failed(error)


def live(disk: Disk, path: Path, world: str, durability: str) -> int:
    """How many calls have failed."""
    life = Life(disk, path, world, durability)
    with life.engine:
        life.run()
    assert_sound(path)
    return life.failures


def main() -> None:
    library, folder, world, durability, error, every, first = sys.argv[1:]
    disk = Disk(library)
    number, runs, failures = int(first), 0, 0
    while True:
        print(f"operation {number} fails", flush=True)
        disk.fail(number, error)
        with tempfile.TemporaryDirectory(dir=folder) as made, disk.recording():
            failures += live(disk, Path(made) / "a.db", world, durability)
        runs += 1
        if number >= disk.operations:
            break
        number += int(every)
    assert failures > 0, "nothing has failed"
    print(f"{runs} runs, {failures} failed calls")


if __name__ == "__main__":
    main()
