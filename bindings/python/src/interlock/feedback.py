"""The feedback of a store: scores for runs, threads and reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._ask import ask, given
from ._offload import offload, twin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from ._handle import Handle
    from .documents import Actor
    from .message_documents import FeedbackPage, FeedbackRecord, FeedbackSummary


class Feedback:
    """The feedback of an engine; get it as `engine.feedback`. Any thread. Since 0.1.

    It is append-only: who changes their mind gives another score, and both count. A review of kind
    rating that is answered gives one by itself. Every method raises `ClosedError` after `close`,
    `ForkedError` in a forked child, and `BusyError`, `StoreIOError` or `CorruptError` if the store
    cannot serve it.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.feedback`."""
        self._handle = handle

    def put(
        self,
        score: float,
        *,
        run: str | None = None,
        thread: str | None = None,
        review: str | None = None,
        key: str | None = None,
        comment: str | None = None,
        actor: str | Actor | None = None,
    ) -> FeedbackRecord:
        """Give a score. Since 0.1.

        It is about exactly one of run, thread and review.

        Args:
            score: 0 to 1.
            run: a run; not looked up.
            thread: a thread; not looked up.
            review: the id of a review.
            key: what it judges, e.g. "correctness", "safety"; None is "helpfulness".
            comment: a remark; an empty one is none.
            actor: who gives it.

        Raises:
            InvalidArgumentError: the score is not from 0 to 1, ...
            UnknownReviewError: there is no such review.
        """
        request = given(
            {
                "score": score,
                "run": run,
                "thread": thread,
                "review": review,
                "key": key,
                "comment": comment,
                "actor": actor,
            }
        )
        kept: FeedbackRecord = ask(self._handle, "interlock_feedback_put", request)
        return kept

    def page(
        self,
        *,
        run: str | None = None,
        thread: str | None = None,
        review: str | None = None,
        after: int | None = None,
        limit: int | None = None,
    ) -> FeedbackPage:
        """Some scores, in the order they were given. Since 0.1.

        Args:
            run: only those of this run.
            thread: or of this thread.
            review: or of this review.
            after: only those with a greater seq.
            limit: 1 to 1000; None is 100.
        """
        request = given(
            {"run": run, "thread": thread, "review": review, "after": after, "limit": limit}
        )
        page: FeedbackPage = ask(self._handle, "interlock_feedback_list", request)
        return page

    def list(
        self,
        *,
        run: str | None = None,
        thread: str | None = None,
        review: str | None = None,
        after: int | None = None,
    ) -> Iterator[FeedbackRecord]:
        """All scores, in the order they were given. Since 0.1.

        They are read a page at a time, and nothing is held between pages.

        Args:
            run: only those of this run.
            thread: or of this thread.
            review: or of this review.
            after: only those with a greater seq.
        """
        while True:
            page = self.page(run=run, thread=thread, review=review, after=after)
            yield from page["feedback"]
            after = page["next"]
            if after is None:
                return

    def summary(
        self,
        *,
        run: str | None = None,
        thread: str | None = None,
        review: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> FeedbackSummary:
        """How many scores each key has, and their average, least and greatest. Since 0.1.

        Args:
            run: only over those of this run.
            thread: or of this thread.
            review: or of this review.
            after: only keys greater than this one.
            limit: 1 to 1000 keys; None is 100.
        """
        request = given(
            {"run": run, "thread": thread, "review": review, "after": after, "limit": limit}
        )
        sums: FeedbackSummary = ask(self._handle, "interlock_feedback_summary", request)
        return sums

    aput = twin(put)
    apage = twin(page)
    asummary = twin(summary)

    async def alist(
        self,
        *,
        run: str | None = None,
        thread: str | None = None,
        review: str | None = None,
        after: int | None = None,
    ) -> AsyncIterator[FeedbackRecord]:
        """`list` beside an event loop. Since 0.1."""
        while True:
            page = await offload(self.page, run=run, thread=thread, review=review, after=after)
            for record in page["feedback"]:
                yield record
            after = page["next"]
            if after is None:
                return
