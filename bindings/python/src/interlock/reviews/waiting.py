"""Waits for the end of reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _watch
from .._ask import ask_for_a_while
from .._moment import seconds
from .._offload import offload
from .requests import checked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .._handle import Handle
    from ..cancel import Cancel
    from ..documents import Review, Seconds


class Waiting:
    """The part of `Reviews` that waits."""

    __slots__ = ()

    _handle: Handle

    def wait(
        self, id: str, *, timeout: Seconds | None = None, cancel: Cancel | None = None
    ) -> Review:
        """Wait until a review is final. Since 0.1.

        An answer that came before counts, and one that comes after a timeout is not lost: `get`
        or the next wait returns it. A deadline that passes meanwhile is applied. Ctrl-C works.

        Args:
            id: the review.
            timeout: seconds or a timedelta; 0 only looks, None waits for as long as it takes.
            cancel: ends the wait from another thread.

        Raises:
            WaitTimeoutError: a TimeoutError: the timeout has passed; the review is unchanged.
            WaitCancelledError: the wait was ended through `cancel`.
            ClosedError: the engine was closed, also meanwhile.
            UnknownReviewError: there is no such review.
        """
        return self.wait_any([id], timeout=timeout, cancel=cancel)

    def wait_any(
        self,
        ids: Iterable[str],
        *,
        timeout: Seconds | None = None,
        cancel: Cancel | None = None,
    ) -> Review:
        """Wait until one of several reviews is final; the first of them that is. Since 0.1.

        Args:
            ids: 1 to 65536 reviews.
            timeout: this and the next as for `wait`.
            cancel: see `wait`.

        Raises:
            InterlockError: as `wait`.
        """
        names = checked(ids)
        ended: Review = ask_for_a_while(
            self._handle,
            "interlock_review_wait",
            {"ids": names},
            seconds("timeout", timeout),
            None if cancel is None else cancel.token,
        )
        return ended

    async def await_(self, id: str, *, timeout: Seconds | None = None) -> Review:
        """`wait` in an event loop, without a thread: thousands may wait at once. Since 0.1.

        (`await` is a word of the language, hence the name.) Cancelling the task ends the wait.
        """
        return await self.await_any([id], timeout=timeout)

    async def await_any(self, ids: Iterable[str], *, timeout: Seconds | None = None) -> Review:
        """`wait_any` in an event loop, without a thread. Since 0.1."""
        names = checked(ids)
        patience = seconds("timeout", timeout)
        if not names:
            return await offload(self.wait_any, names, timeout=0)  # the core says what is wrong
        return await _watch.ended(self._handle, names, patience)
