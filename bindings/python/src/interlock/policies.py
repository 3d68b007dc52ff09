"""The policies of a store: who must decide, how many, in which order, by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._ask import ask, given
from ._offload import offload, twin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from typing import Any

    from ._handle import Handle
    from .documents import Policy, PolicyPage


class Policies:
    """The policies of an engine; get it as `engine.policies`. Any thread. Since 0.1.

    Names are 1 to 512 bytes of UTF-8. Every method raises `ClosedError` after `close`,
    `ForkedError` in a forked child, and `BusyError`, `StoreIOError` or `CorruptError` if the store
    cannot serve it; `put` also `ReadOnlyError` and `DiskFullError`.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.policies`."""
        self._handle = handle

    def put(self, policy: Policy | Mapping[str, Any]) -> Policy:
        """Keep a policy under its name. Since 0.1.

        Another content makes the next version; the same content keeps the version it has. Reviews
        that are open keep the version they were opened with.

        Args:
            policy: with a `name`.

        Returns:
            The policy with every default written out, and its `version`.

        Raises:
            InvalidPolicyError: without approver, a quorum above the approvers, ...
        """
        kept: Policy = ask(self._handle, "interlock_policy_put", policy)
        return kept

    def get(self, name: str, *, version: int | None = None) -> Policy:
        """One policy. Since 0.1.

        Args:
            name: its name.
            version: from 1; None is the newest.

        Raises:
            UnknownPolicyError: there is no such policy.
        """
        request = given({"name": name, "version": version})
        found: Policy = ask(self._handle, "interlock_policy_get", request)
        return found

    def page(self, *, after: str | None = None, limit: int | None = None) -> PolicyPage:
        """The newest version of some policies, by name in ascending byte order. Since 0.1.

        Args:
            after: only names greater than this one: `next` of the page before.
            limit: 1 to 1000; None is 50.
        """
        request = given({"after": after, "limit": limit})
        page: PolicyPage = ask(self._handle, "interlock_policy_list", request)
        return page

    def list(self, *, after: str | None = None, page_size: int | None = None) -> Iterator[Policy]:
        """The newest version of each policy, by name in ascending byte order. Since 0.1.

        They are read a page at a time, and nothing is held between pages: any other call may be
        made while iterating.

        Args:
            after: only names greater than this one.
            page_size: policies per page, 1 to 1000; None is 50.
        """
        while True:
            page = self.page(after=after, limit=page_size)
            yield from page["policies"]
            after = page["next"]
            if after is None:
                return

    aput = twin(put)
    aget = twin(get)
    apage = twin(page)

    async def alist(
        self, *, after: str | None = None, page_size: int | None = None
    ) -> AsyncIterator[Policy]:
        """`list` beside an event loop. Since 0.1."""
        while True:
            page = await offload(self.page, after=after, limit=page_size)
            for policy in page["policies"]:
                yield policy
            after = page["next"]
            if after is None:
                return
