"""A disk that fails when it is told to and that can lose power: `Tests/Disk`, as Python sees it.

It must be there before the first database of the process is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from ctypes import CDLL, c_char_p, c_int, c_int64, c_uint64
from enum import IntEnum
from pathlib import Path

# Kinds of operations: the DISK_ numbers of disk.h.
OF_FILES = 1023
OF_MEMORY = 1024
FOR_EVER = 2**62


class Kept(IntEnum):
    """What is there of all that was not synchronised when the power went."""

    NOTHING = 0
    EVERYTHING = 1
    SOMETHING = 2


@contextmanager
def _on(switch: Callable[[int], object]) -> Iterator[None]:
    switch(1)
    try:
        yield
    finally:
        switch(0)


class Disk:
    """The one disk of this process."""

    def __init__(self, library: str) -> None:
        """Become the disk of every SQLite of this process."""
        self._library = loaded = CDLL(library)
        loaded.disk_fail.argtypes = [c_int, c_int64, c_int64, c_int]
        loaded.disk_image.argtypes = [c_int64, c_int, c_uint64, c_char_p]
        loaded.disk_steps.restype = loaded.disk_operations.restype = c_int64
        if loaded.disk_install() != 0:
            raise OSError("the disk cannot be installed")

    def recording(self) -> AbstractContextManager[None]:
        """Every change of a file is a step."""
        return _on(self._library.disk_record)

    @property
    def steps(self) -> int:
        return int(self._library.disk_steps())

    def image(self, steps: int, kept: Kept, seed: int, folder: Path) -> None:
        """Write the files as they are after so many steps."""
        if self._library.disk_image(steps, kept, seed, str(folder).encode()) != 0:
            raise OSError(f"no image in {folder}")

    def fail(self, first: int, error: str) -> None:
        """This operation of those that follow fails.

        Args:
            first: its number, from 0.
            error: "once"; "full": if it is a write, because there is no room; "for_ever": and all
                that follow; "memory": SQLite gets no memory.
        """
        kinds = OF_MEMORY if error == "memory" else OF_FILES
        count = FOR_EVER if error == "for_ever" else 1
        self._library.disk_fail(kinds, first, count, error == "full")

    def heal(self) -> None:
        """Nothing fails any more."""
        self._library.disk_heal()

    def slow(self, microseconds: int) -> None:
        """So long it takes to synchronise a file."""
        self._library.disk_slow(microseconds)

    def looking_away(self) -> AbstractContextManager[None]:
        """What is done meanwhile neither fails nor counts."""
        return _on(self._library.disk_hold)

    @property
    def operations(self) -> int:
        """How many were made since `fail`."""
        return int(self._library.disk_operations())
