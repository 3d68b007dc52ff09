"""Durable readers of events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._offload import offload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from ..cancel import Cancel
    from ..documents import Event, Seconds
    from . import Events


class Consumer:
    """A durable reader of events; get it from `Events.consumer`. One thread at a time. Since 0.1.

    Attributes:
        cursor: its name.
    """

    __slots__ = ("_cancel", "_delivered", "_events", "_filters", "_timeout", "cursor")

    def __init__(
        self,
        events: Events,
        cursor: str,
        filters: dict[str, Any],
        timeout: Seconds | None,
        cancel: Cancel | None,
    ) -> None:
        """Not for callers: use `engine.events.consumer`."""
        self.cursor = cursor
        self._events = events
        self._filters = filters
        self._timeout = timeout
        self._cancel = cancel
        self._delivered: int | None = None

    def ack(self) -> None:
        """Acknowledge the event that was delivered last, now and not at the next one."""
        if self._delivered is not None:
            self._events.ack(self.cursor, self._delivered)
            self._delivered = None

    async def aack(self) -> None:
        """`ack` beside an event loop."""
        await offload(self.ack)

    def __enter__(self) -> Self:
        """The consumer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Acknowledge the last event, unless there is an exception: then it comes again."""
        if error is None:
            self.ack()

    async def __aenter__(self) -> Self:
        """The consumer itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Acknowledge the last event, unless there is an exception: then it comes again."""
        if error is None:
            await self.aack()

    def __iter__(self) -> Iterator[Event]:
        """The events after what was acknowledged, each as it comes."""
        self._delivered = None
        for event in self._events.follow(
            cursor=self.cursor, timeout=self._timeout, cancel=self._cancel, **self._filters
        ):
            self._delivered = event["seq"]
            yield event
            self.ack()

    async def __aiter__(self) -> AsyncIterator[Event]:
        """The events after what was acknowledged, each as it comes."""
        self._delivered = None
        async for event in self._events.afollow(
            cursor=self.cursor, timeout=self._timeout, **self._filters
        ):
            self._delivered = event["seq"]
            yield event
            await self.aack()
