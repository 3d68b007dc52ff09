"""The steps of a run: each is done once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._ask import ask, ask_bytes, parsed
from .._offload import offload
from .._text import text
from ..errors import RejectedError
from .lease import Lease

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Steps(Lease):
    """The steps of a `Run`."""

    __slots__ = ()

    def step(self, key: str, work: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        """Do a piece of work once. Since 0.1.

        Args:
            key: its name in the run.
            work: does it; what it returns must be JSON. If it raises, nothing is recorded.
            args: for work; so is named.
            named: see args.

        Returns:
            The result, as JSON gives it back: a tuple is a list.

        Raises:
            DivergedError: something else was recorded at this place.
            DuplicateKeyError: the key was used before.
            RejectedError: people said no at the gate of this step.
            Suspended: the gate of this step waits for people.
            TypeError: the result is not JSON; then the work was done and is not recorded.
        """
        place = self._come_to(key)
        if place["state"] != "work":
            return self._result(place)
        result = work(*args, **named)
        if hasattr(result, "__await__"):
            if hasattr(result, "close"):
                result.close()
            raise TypeError(f"step {key!r} is a coroutine: use `await run.astep(...)`")
        return self._record(key, result)

    async def astep(self, key: str, work: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        """`step` beside an event loop; work may be a coroutine function. Since 0.1.

        A plain function is called in this thread, as everywhere in asyncio.
        """
        place = await offload(self._come_to, key)
        if place["state"] != "work":
            return await offload(self._result, place)
        result = work(*args, **named)
        if hasattr(result, "__await__"):
            result = await result
        return await offload(self._record, key, result)

    def _come_to(self, key: str) -> dict[str, Any]:
        self.beat_if_due()
        place: dict[str, Any] = parsed(
            ask_bytes(self._handle, "interlock_run_step", text("key", key))
        )
        return place

    def _record(self, key: str, result: Any) -> Any:
        request = {"key": key, "result": result}
        return self._result(ask(self._handle, "interlock_run_record", request))

    def _result(self, place: dict[str, Any]) -> Any:
        """What a step has come to: its result, or what its gate says."""
        if place["state"] == "waiting":
            self.leave()
        if place["state"] == "rejected":
            raise RejectedError(place["value"])
        return place["result"]
