"""Where a middleware runs: the thread, the task, and the saver of its agent."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langgraph.config import get_config
from langgraph.types import Interrupt

from interlock.langgraph import InterlockSaver, _loops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interlock import Engine

_SAVER = "__pregel_checkpointer"

MISSING = "InterlockMiddleware requires a checkpointer and thread_id in config"
NO_LOOP = "InterlockMiddleware needs Python 3.11 or newer in an event loop, as interrupt() does"
OTHER_SAVER = "InterlockMiddleware(%s) requires an InterlockSaver as the checkpointer"


@dataclass(frozen=True)
class Place:
    """One task of a thread."""

    thread: str
    namespace: str
    saver: InterlockSaver | None

    @classmethod
    def current(cls, engine: Engine | None, *, require_permit: bool = False) -> Place:
        """Where this runs.

        Raises:
            ValueError: there is no checkpointer or no thread, or no review would be made.
        """
        try:
            configurable = get_config().get("configurable", {})
        except RuntimeError:
            raise ValueError(MISSING if _loops.KEEP_CONTEXT else NO_LOOP) from None
        saver, thread = configurable.get(_SAVER), configurable.get("thread_id")
        if saver is None or thread is None:
            raise ValueError(MISSING)
        found = getattr(saver, "interlock_saver", None)
        ours = found if isinstance(found, InterlockSaver) else None
        if ours is None and (engine is not None or require_permit):
            raise ValueError(OTHER_SAVER % ("engine=..." if engine else "require_permit=True"))
        return cls(str(thread), configurable.get("checkpoint_ns") or "", ours)

    def interrupts(self) -> Iterator[str]:
        """The ids that the questions of this task have, in order."""
        for index in itertools.count():
            name = f"{self.namespace}|{index}" if index else self.namespace
            yield Interrupt.from_ns(None, name).id
