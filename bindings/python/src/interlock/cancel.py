"""Ends waits from another thread."""

from __future__ import annotations

import os
from ctypes import byref, c_void_p

from ._load import library
from .errors import Status, check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, NoReturn

    from typing_extensions import Self


class Cancel:
    """Ends the waits that it was given to. Any thread. Since 0.1.

    One may serve any number of waits, of any engine, at once and one after another. asyncio has
    its own way: cancel the task that waits.

        cancel = Cancel()
        threading.Timer(5, cancel.signal).start()
        engine.reviews.wait(review_id, cancel=cancel)  # raises WaitCancelledError after 5 s

    Attributes:
        token: the token of the core; for the rest of this package.
    """

    __slots__ = ("__weakref__", "_finalizer", "_library", "token")

    def __init__(self) -> None:
        """A handle that was not signalled."""
        from weakref import finalize

        self._library = library()
        token, error = c_void_p(), c_void_p()
        status = self._library.interlock_cancel_create(byref(token), byref(error))
        check(self._library, status, error.value)
        self.token = token.value or 0
        self._finalizer = finalize(self, _abandon, self._library, self.token, os.getpid())

    def signal(self) -> None:
        """End every wait that has this handle, now and later, with `WaitCancelledError`.

        Raises:
            ClosedError: the handle was closed.
            ForkedError: this process is a fork of the one that made it.
        """
        error = c_void_p()
        status = self._library.interlock_cancel_signal(self.token, byref(error))
        check(self._library, status, error.value)

    def close(self) -> None:
        """Close the handle. Idempotent. Waits that have it go on.

        Raises:
            ForkedError: this process is a fork of the one that made it.
        """
        error = c_void_p()
        status = self._library.interlock_cancel_close(self.token, byref(error))
        if status == Status.CLOSED:
            self._library.interlock_error_free(error)
        else:
            check(self._library, status, error.value)
        self._finalizer.detach()

    def __enter__(self) -> Self:
        """The handle itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def __reduce__(self) -> NoReturn:
        """Refuse: a handle means nothing in another process."""
        raise TypeError("a Cancel cannot be pickled or copied")


def _abandon(loaded: Any, token: int, pid: int) -> None:
    if os.getpid() == pid:
        loaded.interlock_cancel_close(token, None)
