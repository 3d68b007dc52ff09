"""Reads and acknowledges events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._ask import ask, given
from .._offload import offload, twin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from typing import Any

    from .._handle import Handle
    from ..documents import Cursor, Event, EventPage, EventType


class Reading:
    """The part of `Events` that does not wait."""

    __slots__ = ()

    _handle: Handle

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
        request = requested(after, cursor, types, review, thread, channel, limit)
        page: EventPage = ask(self._handle, "interlock_event_read", request)
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

    aread = twin(read)
    aack = twin(ack)

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


def requested(
    after: int | None,
    cursor: str | None,
    types: Sequence[EventType] | None,
    review: str | None,
    thread: str | None,
    channel: str | None,
    limit: int | None,
) -> dict[str, Any]:
    """The request for some events."""
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
