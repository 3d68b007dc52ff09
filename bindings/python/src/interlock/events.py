"""The events of a store: read, follow, acknowledge."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from . import _watch
from ._ask import ask, ask_for_a_while, given, timed_out
from ._moment import seconds
from ._offload import offload, twin
from .errors import WaitTimeoutError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from ._handle import Handle
    from .cancel import Cancel
    from .documents import Cursor, Event, EventPage, EventType, Seconds


class Events:
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

    def read(
        self,
        *,
        after: int | None = None,
        cursor: str | None = None,
        types: Sequence[EventType] | None = None,
        review: str | None = None,
        thread: str | None = None,
        channel: str | None = None,
        limit: int | None = None,
    ) -> EventPage:
        """Some events, in order. Since 0.1.

        Args:
            after: only events with a greater seq; None is from the beginning.
            cursor: instead: only events after what this named reader has acknowledged.
            types: only events of these types.
            review: only those of this review.
            thread: only those of this thread.
            channel: only those of this channel.
            limit: 1 to 1000; None is 100.
        """
        request = _request(after, cursor, types, review, thread, channel, limit)
        page: EventPage = ask(self._handle, "interlock_event_read", request)
        return page

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
            _request(after, cursor, types, review, thread, channel, limit),
            seconds("timeout", timeout),
            None if cancel is None else cancel.token,
        )
        return page

    def list(
        self,
        *,
        after: int | None = None,
        cursor: str | None = None,
        types: Sequence[EventType] | None = None,
        review: str | None = None,
        thread: str | None = None,
        channel: str | None = None,
    ) -> Iterator[Event]:
        """All events there are, in order; the arguments as for `read`. Since 0.1.

        They are read a page at a time, and nothing is held between pages.
        """
        while True:
            page = self.read(
                after=after,
                cursor=cursor,
                types=types,
                review=review,
                thread=thread,
                channel=channel,
            )
            yield from page["events"]
            if page["next"] == after or page["next"] >= page["last"]:
                return
            after, cursor = page["next"], None

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

    def ack(self, cursor: str, seq: int) -> Cursor:
        """Acknowledge events: a reader of this name goes on after them. Durable. Since 0.1.

        Args:
            cursor: the name, 1 to 512 bytes of UTF-8.
            seq: up to this event; one before what was acknowledged changes nothing.

        Raises:
            InvalidArgumentError: there is no such event yet.
            ReadOnlyError: the store is read-only; `DiskFullError`: the disk is full.
        """
        request = {"cursor": cursor, "seq": seq}
        kept: Cursor = ask(self._handle, "interlock_event_ack", request)
        return kept

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

    aread = twin(read)
    aack = twin(ack)

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

    async def alist(
        self,
        *,
        after: int | None = None,
        cursor: str | None = None,
        types: Sequence[EventType] | None = None,
        review: str | None = None,
        thread: str | None = None,
        channel: str | None = None,
    ) -> AsyncIterator[Event]:
        """`list` beside an event loop. Since 0.1."""
        while True:
            page = await offload(
                self.read,
                after=after,
                cursor=cursor,
                types=types,
                review=review,
                thread=thread,
                channel=channel,
            )
            for event in page["events"]:
                yield event
            if page["next"] == after or page["next"] >= page["last"]:
                return
            after, cursor = page["next"], None

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


def _request(
    after: int | None,
    cursor: str | None,
    types: Sequence[EventType] | None,
    review: str | None,
    thread: str | None,
    channel: str | None,
    limit: int | None,
) -> dict[str, Any]:
    return given(
        {
            "after": after,
            "cursor": cursor,
            "types": types,
            "review": review,
            "thread": thread,
            "channel": channel,
            "limit": limit,
        }
    )
