"""Reads reviews: one, all, their history, and why they are where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._ask import UNSET, ask, given
from .._moment import moment
from .._offload import offload, twin
from .requests import selector

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import Any, Literal

    from .._handle import Handle
    from ..documents import (
        Actor,
        Explanation,
        History,
        Kind,
        Moment,
        Receipt,
        Review,
        ReviewPage,
        ReviewStatus,
    )


class Reading:
    """The part of `Reviews` that looks."""

    __slots__ = ()

    _handle: Handle

    def get(
        self,
        id: str | None = None,
        *,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Review:
        """A review as it is now. Since 0.1.

        A deadline that has passed shows, whether or not anybody applied it.

        Args:
            id: the review; or one of the others.
            review_key: the key that it was opened with.
            interrupt: its interrupt.
            external_id: its id in another system: the pending one, else the newest.
            thread: its thread: the pending one.

        Raises:
            UnknownReviewError: there is none.
            AmbiguousReviewError: several fit.
        """
        request = given(selector(id, review_key, interrupt, external_id, thread))
        found: Review = ask(self._handle, "interlock_review_get", request)
        return found

    def page(
        self,
        *,
        status: ReviewStatus | None = None,
        kind: Kind | None = None,
        channel: str | None = None,
        thread: str | None = None,
        assignee: str | Actor | None = None,
        due_before: Moment | None = None,
        order: Literal["newest", "oldest"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> ReviewPage:
        """Some reviews, newest first. Since 0.1.

        Args:
            status: only those in this status.
            kind: only those of this kind.
            channel: only those of this channel.
            thread: only those of this thread.
            assignee: only those that ask this one.
            due_before: only those whose `next_at` is before it, the most urgent first.
            order: "oldest" turns the order round.
            limit: 1 to 1000; None is 50.
            cursor: `next` of the page before, with the same other arguments.
        """
        members = {
            "status": status,
            "kind": kind,
            "channel": channel,
            "thread": thread,
            "assignee": assignee,
            "due_before": None if due_before is None else moment("due_before", due_before),
            "order": order,
            "limit": limit,
            "cursor": cursor,
        }
        page: ReviewPage = ask(self._handle, "interlock_review_list", given(members))
        return page

    def list(
        self,
        *,
        status: ReviewStatus | None = None,
        kind: Kind | None = None,
        channel: str | None = None,
        thread: str | None = None,
        assignee: str | Actor | None = None,
        due_before: Moment | None = None,
        order: Literal["newest", "oldest"] | None = None,
        page_size: int | None = None,
    ) -> Iterator[Review]:
        """All matching reviews, newest first. Since 0.1.

        They are read a page at a time, and nothing is held between pages: any other call may be
        made while iterating.

        Args:
            status: this and the others as for `page`.
            kind: see `page`.
            channel: see `page`.
            thread: see `page`.
            assignee: see `page`.
            due_before: see `page`.
            order: see `page`.
            page_size: reviews per page, 1 to 1000; None is 50.
        """
        cursor: str | None = None
        while True:
            page = self.page(
                status=status,
                kind=kind,
                channel=channel,
                thread=thread,
                assignee=assignee,
                due_before=due_before,
                order=order,
                limit=page_size,
                cursor=cursor,
            )
            yield from page["reviews"]
            cursor = page["next"]
            if cursor is None:
                return

    def history(
        self,
        id: str | None = None,
        *,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> History:
        """What was decided and said, oldest first: the newest 1000 of each. Since 0.1.

        Args:
            id: the review; or one of the others, see `get`.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.
        """
        request = given(selector(id, review_key, interrupt, external_id, thread))
        found: History = ask(self._handle, "interlock_review_history", request)
        return found

    def explain(
        self,
        id: str | None = None,
        *,
        actor: str | Actor | None = None,
        response: Any = UNSET,
        stage: str | None = None,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Explanation:
        """Why a review is where it is, from the function that decides. Since 0.1.

        Args:
            id: the review; or one of the last four, see `get`.
            actor: also say whether this one may answer now.
            response: also say what this answer of the actor would do; None is JSON null.
            stage: the stage it would answer.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.
        """
        members = {
            **selector(id, review_key, interrupt, external_id, thread),
            "actor": actor,
            "stage": stage,
        }
        request = given(members)
        if response is not UNSET:
            request["response"] = response
        why: Explanation = ask(self._handle, "interlock_review_explain", request)
        return why

    def receipt(
        self,
        id: str | None = None,
        *,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Receipt:
        """A signed statement of how a review ended. Since 0.1.

        `interlock.verify_receipt` verifies it without the store.

        Args:
            id: the review; or one of the others, see `get`.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.

        Raises:
            ConflictError: the review is pending.
        """
        request = given(selector(id, review_key, interrupt, external_id, thread))
        signed: Receipt = ask(self._handle, "interlock_review_receipt", request)
        return signed

    aget = twin(get)
    apage = twin(page)
    ahistory = twin(history)
    aexplain = twin(explain)
    areceipt = twin(receipt)

    async def alist(
        self,
        *,
        status: ReviewStatus | None = None,
        kind: Kind | None = None,
        channel: str | None = None,
        thread: str | None = None,
        assignee: str | Actor | None = None,
        due_before: Moment | None = None,
        order: Literal["newest", "oldest"] | None = None,
        page_size: int | None = None,
    ) -> AsyncIterator[Review]:
        """`list` beside an event loop. Since 0.1."""
        cursor: str | None = None
        while True:
            page = await offload(
                self.page,
                status=status,
                kind=kind,
                channel=channel,
                thread=thread,
                assignee=assignee,
                due_before=due_before,
                order=order,
                limit=page_size,
                cursor=cursor,
            )
            for review in page["reviews"]:
                yield review
            cursor = page["next"]
            if cursor is None:
                return
