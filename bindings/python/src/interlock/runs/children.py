"""The runs within a run."""

from __future__ import annotations

from time import sleep
from typing import TYPE_CHECKING

from .. import programs
from .._offload import offload
from ..errors import NotFoundError, ThreadBusyError
from .steps import Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Literal

    from .run import Run

_BUSY_SECONDS = 0.05


class Children(Steps):
    """The runs within a `Run`."""

    __slots__ = ()

    def child(
        self,
        key: str,
        program: Callable[..., Any],
        /,
        *args: Any,
        interrupt_before: Literal["*"] | Sequence[str] = (),
        interrupt_after: Literal["*"] | Sequence[str] = (),
    ) -> Any:
        """Run a program as a step of this one. Since 0.1.

        It is a run of its own, on the thread "<this thread>/<key>", with keys of its own. When it
        waits, this run waits; its questions are those of its thread.

        Args:
            key: its name in the run.
            program: as `engine.run` takes it.
            args: for program, after its run.
            interrupt_before: as `engine.run` takes it.
            interrupt_after: as `engine.run` takes it.

        Returns:
            What it returned.

        Raises:
            Suspended: it waits.
            Exception: whatever it raised.
        """
        place = self._come_to(key)
        if place["state"] != "work":
            return self._result(place)
        before = self._ended_before(key)
        if before is not None:
            return self._record(key, before["result"])
        run = self._begin_child(key, interrupt_before, interrupt_after)
        return self._take(key, programs.drive(run, program, args, None))

    async def achild(
        self,
        key: str,
        program: Callable[..., Any],
        /,
        *args: Any,
        interrupt_before: Literal["*"] | Sequence[str] = (),
        interrupt_after: Literal["*"] | Sequence[str] = (),
    ) -> Any:
        """`child` beside an event loop. Since 0.1."""
        place = await offload(self._come_to, key)
        if place["state"] != "work":
            return await offload(self._result, place)
        before = await offload(self._ended_before, key)
        if before is not None:
            return await offload(self._record, key, before["result"])
        run = await offload(self._begin_child, key, interrupt_before, interrupt_after)
        outcome = await programs.adrive(run, program, args, None)
        return await offload(self._take, key, outcome)

    def _note(self, key: str) -> str:
        """How a child names the step that it is."""
        return f"{self.run} {key}"

    def _ended_before(self, key: str) -> Any:
        """The outcome of a child whose end was recorded when that of the step was not yet."""
        try:
            found = self._runs.get(f"{self.thread}/{key}")
        except NotFoundError:
            return None
        outcome = found["outcome"]
        if found["parent"] != self._note(key) or outcome is None:
            return None
        return outcome if outcome.get("type") == "completed" else None

    def _begin_child(
        self,
        key: str,
        before: Literal["*"] | Sequence[str],
        after: Literal["*"] | Sequence[str],
    ) -> Run:
        while True:
            try:
                return self._runs.begin(
                    f"{self.thread}/{key}",
                    lease=self._lease,
                    parent=self._note(key),
                    interrupt_before=before,
                    interrupt_after=after,
                    _outer=self,
                )
            except ThreadBusyError:
                # A worker that died in the child has a lease there too, which may end later.
                sleep(_BUSY_SECONDS)
                self.heartbeat()

    def _take(self, key: str, outcome: programs.Outcome) -> Any:
        if isinstance(outcome, programs.Completed):
            return self._record(key, outcome.result)
        if isinstance(outcome, programs.Interrupted):
            self._leave(outcome.interrupts)
        raise outcome.exception
