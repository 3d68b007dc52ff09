"""The events of a store: read, follow, acknowledge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._ask import given
from .consumers import Consumer as Consumer
from .following import Following

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._handle import Handle
    from ..cancel import Cancel
    from ..documents import EventType, Seconds


class Events(Following):
    """The events of an engine; get it as `engine.events`. Any thread. Since 0.1.

    Events are numbered from 1 without gaps, in the order of the commits, whichever process made
    them. Secret form values do not appear. Every method raises `ClosedError` after `close`,
    `ForkedError` in a forked child, and `BusyError`, `StoreIOError` or `CorruptError` if the store
    cannot serve it.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.events`."""
        self._handle = handle

    def consumer(
        self,
        cursor: str,
        *,
        types: Sequence[EventType] | None = None,
        review: str | None = None,
        thread: str | None = None,
        channel: str | None = None,
        timeout: Seconds | None = None,
        cancel: Cancel | None = None,
    ) -> Consumer:
        """A durable reader that goes on where it stopped, in another process too. Since 0.1.

            with engine.events.consumer("mailer", types=["review.opened"]) as consumer:
                for event in consumer:
                    send_mail(event)

        An event is acknowledged when the next is asked for, or when the `with` block ends without
        an exception. So it is delivered at least once: what was being worked on when the process
        died, or failed, comes again. `async with` and `async for` work too, without a thread.

        Args:
            cursor: the name of the reader; one reader at a time.
            types: this and the next three as for `read`.
            review: see `read`.
            thread: see `read`.
            channel: see `read`.
            timeout: stop when nothing came for so long, in seconds or as a timedelta; None goes on
                for ever.
            cancel: ends it from another thread; not with asyncio.
        """
        filters = given({"types": types, "review": review, "thread": thread, "channel": channel})
        return Consumer(self, cursor, filters, timeout, cancel)
