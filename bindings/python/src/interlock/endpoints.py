"""The endpoints of a store: where events are pushed, and which."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ._ask import ask, given
from ._offload import offload, twin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from typing import Literal

    from ._handle import Handle
    from .documents import EventType


class _Kept(TypedDict):
    name: str
    url: str
    description: str | None
    status: Literal["enabled", "disabled"]
    attempts: int
    seq: int
    created_at: int
    updated_at: int
    types: list[EventType] | None
    review: str | None
    thread: str | None
    channel: str | None


class Endpoint(_Kept, total=False):
    """Where events are pushed, without its secret. Since 0.1.

    Attributes:
        name: its name.
        url: what the host calls.
        description: what it is for, or None.
        status: a disabled one gets nothing, and loses nothing.
        attempts: how often a delivery is tried before it is dead.
        seq: the last event that it has seen.
        created_at: when it was kept first.
        updated_at: when it was changed last.
        types: only events of these types, or None.
        review: only events of this review, or None.
        thread: only events of this thread, or None.
        channel: only events of this channel, or None.
        secret: if it was made for a new endpoint: the only time that it is seen.
    """

    secret: str


class EndpointPage(TypedDict):
    """Some endpoints, by name. Since 0.1.

    Attributes:
        endpoints: the endpoints.
        next: pass it as `after` for more, or None.
    """

    endpoints: list[Endpoint]
    next: str | None


class Endpoints:
    """The endpoints of an engine; get it as `engine.endpoints`. Any thread. Since 0.1.

    Names are 1 to 512 bytes of UTF-8. Every method raises `ClosedError` after `close`,
    `ForkedError` in a forked child, and `BusyError`, `StoreIOError` or `CorruptError` if the store
    cannot serve it; those that change something also `ReadOnlyError` and `DiskFullError`.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.endpoints`."""
        self._handle = handle

    def put(
        self,
        name: str,
        url: str,
        *,
        secret: str | None = None,
        description: str | None = None,
        types: Sequence[EventType] | None = None,
        review: str | None = None,
        thread: str | None = None,
        channel: str | None = None,
        attempts: int | None = None,
        enabled: bool | None = None,
        after: int | None = None,
    ) -> Endpoint:
        """Keep an endpoint in the place of the one before. Since 0.1.

        The same again changes nothing, so a program may call this whenever it starts.

        Args:
            name: its name.
            url: http or https, without user and password, for it is listed.
            secret: "whsec_" and the base64 of 24 to 64 bytes. It is stored, to sign with. None
                keeps the one there is, and makes one for a new endpoint.
            description: what it is for.
            types: only events of these types; None is all.
            review: only events of this review.
            thread: only events of this thread.
            channel: only events of this channel.
            attempts: how often a delivery is tried, 1 to 100; None is 16, over about a day.
            enabled: None leaves it as it is; a new one is enabled.
            after: where a new one begins; None is with what happens from now on.

        Returns:
            The endpoint; with its `secret` if it was made now, the only time that it is seen.
        """
        request = given(
            {
                "name": name,
                "url": url,
                "secret": secret,
                "description": description,
                "types": None if types is None else list(types),
                "review": review,
                "thread": thread,
                "channel": channel,
                "attempts": attempts,
                "enabled": enabled,
                "after": after,
            }
        )
        kept: Endpoint = ask(self._handle, "interlock_endpoint_put", request)
        return kept

    def get(self, name: str) -> Endpoint:
        """One endpoint. Since 0.1.

        Args:
            name: its name.

        Raises:
            NotFoundError: there is none.
        """
        found: Endpoint = ask(self._handle, "interlock_endpoint_get", {"name": name})
        return found

    def disable(self, name: str) -> Endpoint:
        """Send nothing to it from now on; what happens meanwhile waits for `put`. Since 0.1.

        Args:
            name: its name.

        Raises:
            NotFoundError: there is none.
        """
        disabled: Endpoint = ask(self._handle, "interlock_endpoint_disable", {"name": name})
        return disabled

    def remove(self, name: str) -> Endpoint:
        """Forget an endpoint with its secret and all its deliveries. Since 0.1.

        Args:
            name: its name.

        Raises:
            NotFoundError: there is none.
        """
        removed: Endpoint = ask(self._handle, "interlock_endpoint_remove", {"name": name})
        return removed

    def page(self, *, after: str | None = None, limit: int | None = None) -> EndpointPage:
        """Some endpoints, by name in ascending byte order. Since 0.1.

        Args:
            after: only names greater than this one: `next` of the page before.
            limit: 1 to 1000; None is 50.
        """
        request = given({"after": after, "limit": limit})
        page: EndpointPage = ask(self._handle, "interlock_endpoint_list", request)
        return page

    def list(self, *, page_size: int | None = None) -> Iterator[Endpoint]:
        """All endpoints, by name in ascending byte order; read a page at a time. Since 0.1.

        Args:
            page_size: endpoints per page, 1 to 1000; None is 50.
        """
        after: str | None = None
        while True:
            page = self.page(after=after, limit=page_size)
            yield from page["endpoints"]
            after = page["next"]
            if after is None:
                return

    aput = twin(put)
    aget = twin(get)
    adisable = twin(disable)
    aremove = twin(remove)
    apage = twin(page)

    async def alist(self, *, page_size: int | None = None) -> AsyncIterator[Endpoint]:
        """`list` beside an event loop. Since 0.1."""
        after: str | None = None
        while True:
            page = await offload(self.page, after=after, limit=page_size)
            for endpoint in page["endpoints"]:
                yield endpoint
            after = page["next"]
            if after is None:
                return
