"""A child process of test_disk: reading while the disk fails or memory runs out.

`workers_reads.py LIBRARY FOLDER ERROR EVERY FIRST`. Everything is read by an engine that has just
been opened, once for each operation, from the FIRST on each EVERYth, and that operation fails.
What is read is all there is, or an error; never a part of it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from disk import FOR_EVER, Disk
from disk_world import LARGE, World, state
from interlock import ChannelValue, Engine, InterlockError
from review_tools import NOON
from workers_faults import WANTED


def keep(engine: Engine) -> None:
    """Something that the changes do not take away again."""
    value = ChannelValue("large", "1", "x", LARGE)
    engine.checkpoints.put("kept", "1", body=b"b", versions={"large": "1"}, values=[value])
    engine.checkpoints.put_writes("kept", "1", [("large", "x", LARGE)], task_id="task")


def main() -> None:
    library, folder, error, every, first = sys.argv[1:]
    disk, path = Disk(library), Path(folder) / "a.db"
    with Engine.open(path, clock=NOON) as engine:
        world = World(engine)
        world.make(lambda change, _: change())
        keep(engine)
        whole = state(engine)

    def read(number: int) -> bool:
        """Whether it could be read although this operation has failed."""
        disk.fail(number, error)
        try:
            with Engine.open(path, clock=world.clock) as engine:
                assert state(engine) == whole, f"operation {number}"
        except InterlockError as refusal:
            assert refusal.code in WANTED, f"operation {number}: {refusal!r}"
            return False
        return True

    assert read(FOR_EVER)
    numbers = range(int(first), disk.operations, int(every))
    unread = sum(not read(number) for number in numbers)
    assert unread > 0, "nothing has failed"
    print(f"{len(numbers)} runs, {unread} failed")


if __name__ == "__main__":
    main()
