"""The reviews of a store: ask people, answer, wait for the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .answering import Answering
from .asking import Asking
from .reading import Reading
from .requests import in_milliseconds as in_milliseconds
from .waiting import Waiting

if TYPE_CHECKING:
    from .._handle import Handle


class Reviews(Asking, Reading, Answering, Waiting):
    """The reviews of an engine; get it as `engine.reviews`. Any thread. Since 0.1.

    A review is one question to people. It is pending until it is resolved, expired, cancelled or
    superseded; those four are final.

    Most methods name a review by its `id`, or by one of `review_key`, `interrupt`,
    `external_id` and `thread`: with the last two it is the one that is pending. None is
    `UnknownReviewError`, several are `AmbiguousReviewError`. An actor is a user id, or an `Actor`.

    Every method raises `ClosedError` after `close`, `ForkedError` in a forked child, and
    `BusyError`, `StoreIOError` or `CorruptError` if the store cannot serve it; those that change
    something also `ReadOnlyError` and `DiskFullError`. A request of the wrong shape is
    `InvalidArgumentError`, with the JSON pointer of the member in `path`; what JSON does not have
    is ValueError or TypeError. A refusal is a `ReviewError`: nothing was changed but the audit.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.reviews`."""
        self._handle = handle
