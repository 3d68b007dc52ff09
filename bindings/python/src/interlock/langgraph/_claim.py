"""The claim of a graph that goes on by itself: one caller at a time resumes a thread."""

from __future__ import annotations

import gc
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from interlock import ThreadBusyError

from ._mirror import FENCE_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from interlock.graphs import Graphs

LEASE_MS = 60_000
_RUNTIME = "__pregel_runtime"


def is_graph_start(configurable: Mapping[str, Any]) -> bool:
    """Whether a graph reads its checkpoint to go on from it.

    Only a running graph has a runtime in its config; one nested in another goes on under its
    claim, and so does one that has a claim already.
    """
    return (
        _RUNTIME in configurable
        and not configurable.get("checkpoint_ns")
        and not configurable.get(FENCE_KEY)
    )


class Claim(int):
    """A fence that gives its claim back when the graph that carries it is gone.

    LangGraph tells a saver when a graph goes on, but not when it has ended; what it holds on to
    for as long as it runs is the config.
    """

    _graphs: Graphs | None = None
    _thread = ""

    @classmethod
    def enter(cls, graphs: Graphs, thread: str) -> Self | None:
        """Claim a thread that waits.

        Raises:
            ThreadBusyError: another caller has resumed it.
        """
        worker = f"{os.getpid()}:{threading.get_ident()}"
        try:
            fence = graphs.enter(thread, worker=worker, lease_ms=LEASE_MS)
        except ThreadBusyError:
            gc.collect()  # a graph that has ended may be part of a cycle
            fence = graphs.enter(thread, worker=worker, lease_ms=LEASE_MS)
        if fence is None:
            return None
        claim = cls(fence)
        claim._graphs, claim._thread = graphs, thread
        return claim

    def __del__(self) -> None:
        """Give the claim back; if that fails, its lease runs out."""
        if self._graphs is not None:
            with suppress(Exception):
                self._graphs.release(self._thread, int(self))
