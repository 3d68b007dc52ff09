"""The permits of a store: the right to run exactly what was approved, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._ask import UNSET, ask, given
from ._moment import milliseconds
from ._offload import offload, twin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from typing import Any, Literal

    from ._handle import Handle
    from .documents import Actor, Permit, PermitPage, Seconds


class Permits:
    """The permits of an engine; get it as `engine.permits`. Any thread. Since 0.1.

    A review that names a tool issues one when it is approved: kind "approval" with "tool" and
    "arguments" in its payload, and kind "actions", one for each call that was approved or edited.

    Every method raises `ClosedError` after `close`, `ForkedError` in a forked child, and
    `BusyError`, `StoreIOError` or `CorruptError` if the store cannot serve it; those that change
    something also `ReadOnlyError` and `DiskFullError`. A refusal is a `PermitError`.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.permits`."""
        self._handle = handle

    def consume(
        self,
        id: str,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        worker: str | None = None,
        lease: Seconds | None = None,
    ) -> Permit:
        """Take a permit, just before the effect. Of any number who ask one gets it. Since 0.1.

        Args:
            id: the permit.
            tool: what is about to run.
            arguments: with what; compared as canonical JSON (RFC 8785).
            worker: who runs it.
            lease: how long the effect may take before it counts as unknown; None is 60 s.

        Raises:
            ArgsChangedError: that is not what was approved.
            AlreadyUsedError: it was used.
            UnknownEffectError: it was used and nobody reported.
            UnknownPermitError: there is none.
        """
        members = {
            "permit": id,
            "tool": tool,
            "arguments": arguments,
            "worker": worker,
            "lease_ms": None if lease is None else milliseconds("lease", lease),
        }
        permit: Permit = ask(self._handle, "interlock_permit_consume", given(members))
        return permit

    def report(
        self,
        id: str,
        outcome: Literal["done", "failed"],
        *,
        result: Any = UNSET,
        actor: str | Actor | None = None,
    ) -> Permit:
        """Say what came of the effect; also of one that is unknown. Since 0.1.

        An equal report again changes nothing.

        Args:
            id: the permit.
            outcome: whether it happened.
            result: what came of it; JSON.
            actor: who says so.

        Raises:
            NotUsedError: it was not used yet.
            AlreadyUsedError: it was reported otherwise.
            UnknownPermitError: there is none.
        """
        request = given({"permit": id, "outcome": outcome, "actor": actor})
        if result is not UNSET:
            request["result"] = result
        permit: Permit = ask(self._handle, "interlock_permit_report", request)
        return permit

    def get(self, id: str) -> Permit:
        """One permit. Since 0.1.

        Args:
            id: its id.

        Raises:
            UnknownPermitError: there is none.
        """
        permit: Permit = ask(self._handle, "interlock_permit_get", {"permit": id})
        return permit

    def page(
        self, *, review: str | None = None, after: str | None = None, limit: int | None = None
    ) -> PermitPage:
        """The permits of a review; or some that are unknown: what needs a person. Since 0.1.

        Args:
            review: the review; None is all that are unknown.
            after: `next` of the page before.
            limit: 1 to 1000; None is 100.
        """
        request = given({"review": review, "after": after, "limit": limit})
        page: PermitPage = ask(self._handle, "interlock_permit_list", request)
        return page

    def list(self, *, review: str | None = None, page_size: int | None = None) -> Iterator[Permit]:
        """The permits of a review; or all that are unknown: what needs a person. Since 0.1.

        Args:
            review: the review; None is all that are unknown.
            page_size: permits per page, 1 to 1000; None is 100.
        """
        after: str | None = None
        while True:
            page = self.page(review=review, after=after, limit=page_size)
            yield from page["permits"]
            after = page["next"]
            if after is None:
                return

    aconsume = twin(consume)
    areport = twin(report)
    aget = twin(get)
    apage = twin(page)

    async def alist(
        self, *, review: str | None = None, page_size: int | None = None
    ) -> AsyncIterator[Permit]:
        """`list` beside an event loop. Since 0.1."""
        after: str | None = None
        while True:
            page = await offload(self.page, review=review, after=after, limit=page_size)
            for permit in page["permits"]:
                yield permit
            after = page["next"]
            if after is None:
                return
