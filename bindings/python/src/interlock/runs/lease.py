"""One worker's lease of a run: signs of life, the ways to give it back."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from .._ask import ask, ask_without_request
from .._offload import twin

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, NoReturn

    from typing_extensions import Self

    from .._handle import RunHandle
    from ..documents import Begun, Interrupt, RunState
    from . import Runs


class Suspended(BaseException):  # not an error
    """Leaves a program that waits for people. Do not catch it. Since 0.1.

    It is no `Exception`, so that an `except Exception` of the program lets it through. When it is
    raised the run is suspended and its lease given back: a program that goes on nevertheless gets
    `NotRunningError` from its next step. `engine.run` turns it into `Interrupted`.

    Attributes:
        interrupts: what the run waits for, that of the runs within it too.
    """

    def __init__(self, interrupts: tuple[Interrupt, ...]) -> None:
        """Take what the run waits for."""
        super().__init__(f"the run waits for {len(interrupts)} answers")
        self.interrupts = interrupts


class Lease:
    """The lease of a `Run`."""

    __slots__ = (
        "__weakref__",
        "_beat_at",
        "_counts",
        "_handle",
        "_lease",
        "_outer",
        "_runs",
        "action",
        "fence",
        "recorded",
        "run",
        "thread",
        "updates",
        "waits_for",
    )

    def __init__(
        self, runs: Runs, handle: RunHandle, begun: Begun, lease: float, outer: Lease | None
    ) -> None:
        """Not for callers: use `engine.runs.begin` or `engine.run`."""
        self._runs = runs
        self._handle = handle
        self._lease = lease
        self._outer = outer
        self._beat_at = monotonic() + lease / 3
        self._counts: dict[str, int] = {}
        self.thread = begun["thread"]
        self.run = begun["run"]
        self.fence = begun["fence"]
        self.action = begun["action"]
        self.recorded = begun["recorded"]
        self.updates = begun["updates"]
        self.waits_for: tuple[Interrupt, ...] | None = None

    def heartbeat(self) -> RunState:
        """The worker is alive: its lease counts from now. Also beside a step. Since 0.1."""
        if self._outer is not None:
            self._outer.heartbeat()
        state: RunState = ask_without_request(self._handle, "interlock_run_heartbeat")
        self._beat_at = monotonic() + self._lease / 3
        return state

    def suspend(self) -> RunState:
        """The run waits for people; the lease is given back. Since 0.1."""
        state: RunState = ask_without_request(self._handle, "interlock_run_suspend")
        return state

    def complete(self, result: Any = None) -> RunState:
        """The run is done; the lease is given back. Since 0.1.

        Args:
            result: what it has come to; JSON.

        Raises:
            DivergedError: something that was recorded was not reached.
        """
        state: RunState = ask(self._handle, "interlock_run_complete", {"result": result})
        return state

    def fail(self, error: Any = None) -> RunState:
        """The program has failed; the lease is given back. Since 0.1.

        What is recorded stays: another `begin` tries again from there.

        Args:
            error: why; JSON.
        """
        state: RunState = ask(self._handle, "interlock_run_fail", {"error": error})
        return state

    def close(self) -> None:
        """Close the handle. Idempotent. Since 0.1.

        The lease stays until it runs out, unless the run was ended before.
        """
        self._handle.close()

    aheartbeat = twin(heartbeat)
    asuspend = twin(suspend)
    acomplete = twin(complete)
    afail = twin(fail)

    def leave(self) -> NoReturn:
        """Suspend, and leave the program: what `interrupt` does. Since 0.1.

        Raises:
            Suspended: always.
        """
        self._leave(())

    def beat_if_due(self) -> None:
        """`heartbeat` if a third of the lease is over: what steps and questions do. Since 0.1."""
        if monotonic() >= self._beat_at:
            self.heartbeat()
        elif self._outer is not None:
            self._outer.beat_if_due()

    def __enter__(self) -> Self:
        """The run itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the handle."""
        self.close()

    def _leave(self, inner: tuple[Interrupt, ...]) -> NoReturn:
        self.suspend()
        own = self._runs.get(self.thread)["interrupts"]
        self.waits_for = (*own, *inner)
        raise Suspended(self.waits_for)
