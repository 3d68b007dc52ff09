"""Waits for events, and follows them as they come."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from .. import _watch
from .._ask import ask_for_a_while, timed_out
from .._moment import seconds
from .._offload import offload
from ..errors import WaitTimeoutError
from .reading import Reading, requested

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from ..cancel import Cancel
    from ..documents import Event, EventPage, EventType, Seconds


class Following(Reading):
    """The part of `Events` that waits."""

    __slots__ = ()

    def wait(
        self,
        *,
        after: int | None = None,
        cursor: str | None = None,
        types: Sequence[EventType] | None = None,
        review: str | None = None,
        thread: str | None = None,
        channel: str | None = None,
        limit: int | None = None,
        timeout: Seconds | None = None,
        cancel: Cancel | None = None,
    ) -> EventPage:
        """At least one event: wait for it if there is none. Ctrl-C works. Since 0.1.

        Args:
            after: this and the next six as for `read`.
            cursor: see `read`.
            types: see `read`.
            review: see `read`.
            thread: see `read`.
            channel: see `read`.
            limit: see `read`.
            timeout: seconds or a timedelta; 0 only looks, None waits for as long as it takes.
            cancel: ends the wait from another thread.

        Raises:
            WaitTimeoutError: a TimeoutError: nothing came within the timeout.
            WaitCancelledError: the wait was ended through `cancel`.
            ClosedError: the engine was closed, also meanwhile.
        """
        page: EventPage = ask_for_a_while(
            self._handle,
            "interlock_event_wait",
            requested(after, cursor, types, review, thread, channel, limit),
            seconds("timeout", timeout),
            None if cancel is None else cancel.token,
        )
        return page

    def follow(
        self,
        *,
        after: int | None = None,
        cursor: str | None = None,
        types: Sequence[EventType] | None = None,
        review: str | None = None,
        thread: str | None = None,
        channel: str | None = None,
        timeout: Seconds | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[Event]:
        """All events there are, and then each as it comes. Since 0.1.

        It acknowledges nothing: a cursor only says where to begin. See `consumer`.

        Args:
            after: this and the next five as for `read`.
            cursor: see `read`.
            types: see `read`.
            review: see `read`.
            thread: see `read`.
            channel: see `read`.
            timeout: end when nothing came for so long, in seconds or as a timedelta; None never
                ends.
            cancel: ends it from another thread.

        Raises:
            WaitCancelledError: it was ended through `cancel`.
            ClosedError: the engine was closed.
        """
        while True:
            try:
                page = self.wait(
                    after=after,
                    cursor=cursor,
                    types=types,
                    review=review,
                    thread=thread,
                    channel=channel,
                    timeout=timeout,
                    cancel=cancel,
                )
            except WaitTimeoutError:
                return
            yield from page["events"]
            after, cursor = page["next"], None

    async def await_(
        self,
        *,
        after: int | None = None,
        cursor: str | None = None,
        types: Sequence[EventType] | None = None,
        review: str | None = None,
        thread: str | None = None,
        channel: str | None = None,
        limit: int | None = None,
        timeout: Seconds | None = None,
    ) -> EventPage:
        """`wait` in an event loop, without a thread. Since 0.1.

        (`await` is a word of the language, hence the name.) Cancelling the task ends the wait.
        """
        patience = seconds("timeout", timeout)
        end = None if patience is None else monotonic() + patience
        while True:
            page = await offload(
                self.read,
                after=after,
                cursor=cursor,
                types=types,
                review=review,
                thread=thread,
                channel=channel,
                limit=limit,
            )
            if page["events"]:
                return page
            after, cursor = page["next"], None
            if after < page["last"]:
                continue
            left = None if end is None else end - monotonic()
            if left is not None and left <= 0:
                raise timed_out()
            await _watch.changed(self._handle, after, left)

    async def afollow(
        self,
        *,
        after: int | None = None,
        cursor: str | None = None,
        types: Sequence[EventType] | None = None,
        review: str | None = None,
        thread: str | None = None,
        channel: str | None = None,
        timeout: Seconds | None = None,
    ) -> AsyncIterator[Event]:
        """`follow` in an event loop, without a thread. Since 0.1."""
        while True:
            try:
                page = await self.await_(
                    after=after,
                    cursor=cursor,
                    types=types,
                    review=review,
                    thread=thread,
                    channel=channel,
                    timeout=timeout,
                )
            except WaitTimeoutError:
                return
            for event in page["events"]:
                yield event
            after, cursor = page["next"], None
