"""A child process of test_disk: threads that share transactions on such a disk.

`workers_batches.py LIBRARY FOLDER TROUBLE EVERY FIRST`. With the TROUBLE `power` the power goes
after each EVERYth step from the FIRST; with `once` and `for_ever` the disk fails, as in
`workers_faults.py`. What was acknowledged is there, whole; what was refused is not.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

from disk import Disk, Kept
from interlock import ChannelValue, Engine, InterlockError, Status

LANES, TURNS = 4, 40
WANTED = {Status.IO, Status.DISK_FULL}


class Lane:
    """One thread, and what it was told."""

    def __init__(self, number: int) -> None:
        """Nothing yet."""
        self.thread = f"lane {number}"
        self.acknowledged: dict[str, int] = {}  # id: the step of the disk
        self.refused: set[str] = set()

    def run(self, engine: Engine, disk: Disk, together: Barrier) -> None:
        """Put, and put."""
        together.wait()
        for turn in range(TURNS):
            id = f"{turn:03}"
            value = ChannelValue("c", id, "x", self.value(id))
            try:
                engine.checkpoints.put(self.thread, id, versions={"c": id}, values=[value])
                self.acknowledged[id] = disk.steps
            except InterlockError as error:
                assert error.code in WANTED, f"{error!r}"
                self.refused.add(id)

    def value(self, id: str) -> bytes:
        return f"{self.thread} {id} ".encode() * 200

    def kept(self, engine: Engine) -> set[str]:
        """What there is, each of it whole."""
        found = {stored.checkpoint_id: stored for stored in engine.checkpoints.list(self.thread)}
        for id, stored in found.items():
            assert stored.values["c"].data == self.value(id), f"{self.thread} {id} is not whole"
        return {*found}


def live(engine: Engine, disk: Disk) -> list[Lane]:
    """All lanes at once."""
    lanes = [Lane(number) for number in range(LANES)]
    together = Barrier(LANES)
    threads = [Thread(target=lane.run, args=(engine, disk, together)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return lanes


def lose_power(disk: Disk, folder: Path, every: int, first: int) -> Iterator[str]:
    """What each image shows."""
    with disk.recording(), Engine.open(folder / "a.db") as engine:
        begun = disk.steps
        lanes = live(engine, disk)
        commits = (disk.steps - begun) // 2  # each is written, and synchronised
    assert sum(len(lane.acknowledged) for lane in lanes) == LANES * TURNS
    assert commits < LANES * TURNS, "the calls have shared no transactions"
    for steps in range(first, disk.steps + 1, every):
        for kept in Kept:
            with tempfile.TemporaryDirectory(dir=folder) as made:
                disk.image(steps, kept, steps, Path(made))
                with Engine.open(Path(made) / "a.db") as engine:
                    for lane in lanes:
                        told = {id for id, step in lane.acknowledged.items() if step <= steps}
                        found = lane.kept(engine)
                        assert told <= found, f"{lane.thread} has lost {told - found}"
                        assert found == {f"{turn:03}" for turn in range(len(found))}, "gaps"
                    assert engine.check().ok
            yield f"{len(told)} of {lane.thread} after {steps} steps, {kept.name}"


def fail(disk: Disk, folder: Path, trouble: str, every: int, first: int) -> Iterator[str]:
    """What each run shows."""
    number, refused = first, 0
    while number == first or number < disk.operations:
        with tempfile.TemporaryDirectory(dir=folder) as made:
            with Engine.open(Path(made) / "a.db") as engine:
                disk.fail(number, trouble)
                lanes = live(engine, disk)
                disk.heal()
                for lane in lanes:
                    assert lane.kept(engine) == {*lane.acknowledged}
                assert engine.check().ok
            with Engine.open(Path(made) / "a.db") as engine:
                for lane in lanes:
                    assert lane.kept(engine) == {*lane.acknowledged}
        refused += sum(len(lane.refused) for lane in lanes)
        yield f"{refused} refused, the last after {number} operations"
        number += every
    assert refused > 0, "nothing has failed"


def main() -> None:
    library, folder, trouble, every, first = sys.argv[1:]
    disk, place = Disk(library), Path(folder)
    disk.slow(300)  # so that there is something to wait for
    if trouble == "power":
        shown = lose_power(disk, place, int(every), int(first))
    else:
        shown = fail(disk, place, trouble, int(every), int(first))
    count = 0
    for line in shown:
        print(line, flush=True)
        count += 1
    print(f"{count} times")


if __name__ == "__main__":
    main()
