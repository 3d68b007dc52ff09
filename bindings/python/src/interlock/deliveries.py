"""Events pushed to endpoints, at least once: the host sends what is due, and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ._ask import ask, given
from ._moment import milliseconds
from ._offload import offload, twin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import Literal

    from ._handle import Handle
    from .documents import Seconds

    DeliveryStatus = Literal["pending", "claimed", "delivered", "dead"]


class Delivery(TypedDict):
    """An event on its way to an endpoint. Since 0.1.

    Attributes:
        id: its id, and its webhook-id at every attempt.
        seq: the order in which deliveries were made.
        endpoint: the name of the endpoint.
        event: the sequence of the event.
        status: how it stands.
        attempt: how often it was tried, since it was made or retried.
        next_at: when a pending one is due, or None.
        until: when a claim runs out, or None.
        http_status: of the last report, or None.
        error: of the last report, or None.
        created_at: when it was made.
        updated_at: when it was changed last.
    """

    id: str
    seq: int
    endpoint: str
    event: int
    status: DeliveryStatus
    attempt: int
    next_at: int | None
    until: int | None
    http_status: int | None
    error: str | None
    created_at: int
    updated_at: int


class DeliveryPage(TypedDict):
    """Some deliveries, in the order they were made. Since 0.1.

    Attributes:
        deliveries: the deliveries.
        next: pass it as `after` for more, or None.
    """

    deliveries: list[Delivery]
    next: int | None


class Sending(TypedDict):
    """What the host sends: POST `body` to `url` with `headers`. Since 0.1.

    Attributes:
        id: the delivery, for `report`.
        claim: who sends it, for `report`.
        endpoint: the name of the endpoint.
        event: the sequence of the event.
        attempt: which attempt this is, from 1.
        until: report before, or it is sent again.
        url: where to. It is for the host to say which addresses it calls.
        headers: content-type, webhook-id, webhook-timestamp and webhook-signature.
        body: exactly what was signed.
    """

    id: str
    claim: str
    endpoint: str
    event: int
    attempt: int
    until: int
    url: str
    headers: dict[str, str]
    body: bytes


class DueDeliveries(TypedDict):
    """What is to be sent now. Since 0.1.

    Attributes:
        deliveries: what was claimed.
        next_at: when to ask again at the latest; None is when there is another event.
    """

    deliveries: list[Sending]
    next_at: int | None


class Deliveries:
    """The deliveries of an engine; get it as `engine.deliveries`. Any thread. Since 0.1.

    No connection is opened: send what `due` returns, and `report`. At least once: who dies between
    the two leaves a delivery that is sent again, with the same webhook-id. Every method raises
    what those of `Endpoints` do.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.deliveries`."""
        self._handle = handle

    def due(self, *, limit: int | None = None, lease: Seconds | None = None) -> DueDeliveries:
        """Claim what is due: each delivery goes to one of all who ask, in any process. Since 0.1.

        Args:
            limit: 1 to 100; None is 20.
            lease: how long there is to send and report; None is 60 s.
        """
        lease_ms = None if lease is None else milliseconds("lease", lease)
        request = given({"limit": limit, "lease_ms": lease_ms})
        found = ask(self._handle, "interlock_delivery_due", request)
        for sending in found["deliveries"]:
            sending["body"] = sending["body"].encode()
        due: DueDeliveries = found
        return due

    def report(
        self,
        id: str,
        claim: str,
        *,
        status: Literal["delivered", "failed"],
        http_status: int | None = None,
        error: str | None = None,
    ) -> Delivery:
        """What came of an attempt; the same again gets the first result. Since 0.1.

        What failed is tried again after a time that doubles from 5 seconds to 12 hours, at least
        half of it; after the last attempt it is dead.

        Args:
            id: the delivery.
            claim: of what `due` returned.
            status: delivered is final.
            http_status: what was answered, 100 to 599.
            error: what went wrong, at most 4096 bytes.

        Raises:
            NotFoundError: there is no such delivery, or its endpoint was removed.
            FencedError: another worker has claimed it meanwhile, or it was given up.
            ConflictError: this claim was reported otherwise before.
        """
        request = given(
            {
                "delivery": id,
                "claim": claim,
                "status": status,
                "http_status": http_status,
                "error": error,
            }
        )
        delivery: Delivery = ask(self._handle, "interlock_delivery_report", request)
        return delivery

    def retry(self, id: str) -> Delivery:
        """Make a dead delivery due now, with all its attempts. Since 0.1.

        Args:
            id: the delivery.

        Raises:
            NotFoundError: there is none.
            ConflictError: it is not dead.
        """
        delivery: Delivery = ask(self._handle, "interlock_delivery_retry", {"delivery": id})
        return delivery

    def get(self, id: str) -> Delivery:
        """One delivery. Since 0.1.

        Args:
            id: its id.

        Raises:
            NotFoundError: there is none.
        """
        delivery: Delivery = ask(self._handle, "interlock_delivery_get", {"delivery": id})
        return delivery

    def page(
        self,
        *,
        endpoint: str | None = None,
        status: DeliveryStatus | None = None,
        after: int | None = None,
        limit: int | None = None,
    ) -> DeliveryPage:
        """Some deliveries, in the order they were made. Since 0.1.

        Args:
            endpoint: only those to this endpoint.
            status: only those that stand so.
            after: `next` of the page before.
            limit: 1 to 1000; None is 100.
        """
        request = given({"endpoint": endpoint, "status": status, "after": after, "limit": limit})
        page: DeliveryPage = ask(self._handle, "interlock_delivery_list", request)
        return page

    def list(
        self,
        *,
        endpoint: str | None = None,
        status: DeliveryStatus | None = None,
        page_size: int | None = None,
    ) -> Iterator[Delivery]:
        """All deliveries, in the order they were made; read a page at a time. Since 0.1.

        Args:
            endpoint: only those to this endpoint.
            status: only those that stand so.
            page_size: deliveries per page, 1 to 1000; None is 100.
        """
        after: int | None = None
        while True:
            page = self.page(endpoint=endpoint, status=status, after=after, limit=page_size)
            yield from page["deliveries"]
            after = page["next"]
            if after is None:
                return

    adue = twin(due)
    areport = twin(report)
    aretry = twin(retry)
    aget = twin(get)
    apage = twin(page)

    async def alist(
        self,
        *,
        endpoint: str | None = None,
        status: DeliveryStatus | None = None,
        page_size: int | None = None,
    ) -> AsyncIterator[Delivery]:
        """`list` beside an event loop. Since 0.1."""
        after: int | None = None
        while True:
            page = await offload(
                self.page, endpoint=endpoint, status=status, after=after, limit=page_size
            )
            for delivery in page["deliveries"]:
                yield delivery
            after = page["next"]
            if after is None:
                return
