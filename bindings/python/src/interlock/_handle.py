"""The owners of what the core has opened: engines, shared by everything that uses them; runs."""

from __future__ import annotations

import os
from ctypes import byref, c_void_p

from .errors import Status, check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from typing import Any

    from ._watch import Watch


class Handle:
    """A token of the core and the library that it belongs to. Any thread. Since 0.1.

    Copies of an engine and its parts hold the same handle, so the token is closed exactly once:
    by `close`, or when the last holder is gone.
    """

    __slots__ = ("__weakref__", "_finalizer", "_pid", "library", "token", "watches")

    def __init__(self, library: Any, token: int, label: str) -> None:
        """Take over an open token; `label` names it in warnings."""
        from weakref import finalize  # costs import time, and only an open engine needs it

        self.library = library
        self.token = token
        self.watches: dict[AbstractEventLoop, Watch] = {}  # who waits, by event loop
        self._pid = os.getpid()
        self._finalizer = finalize(self, _abandon, library, token, self._pid, label)

    @property
    def inherited(self) -> bool:
        """Whether this process is a fork of the one that opened the engine."""
        return os.getpid() != self._pid

    def close(self) -> None:
        """Close the engine for all its holders; closing again does nothing.

        Raises:
            ForkedError: this process is a fork of the one that opened the engine.
        """
        library = self.library
        error = c_void_p()
        status = library.interlock_engine_close(self.token, byref(error))
        if status == Status.CLOSED:
            library.interlock_error_free(error)
        else:
            check(library, status, error.value)
        self._finalizer.detach()
        for watch in [*self.watches.values()]:
            watch.close()


class RunHandle:
    """A worker's token for a run, and the library that it belongs to. Any thread. Since 0.1."""

    __slots__ = ("__weakref__", "_finalizer", "library", "token")

    def __init__(self, library: Any, token: int) -> None:
        """Take over an open token."""
        from weakref import finalize

        self.library = library
        self.token = token
        self._finalizer = finalize(self, _abandon_run, library, token, os.getpid())

    def close(self) -> None:
        """Close it; closing again, or after its engine, does nothing.

        Raises:
            ForkedError: this process is a fork of the one that began the run.
        """
        error = c_void_p()
        status = self.library.interlock_run_close(self.token, byref(error))
        if status == Status.CLOSED:
            self.library.interlock_error_free(error)
        else:
            check(self.library, status, error.value)
        self._finalizer.detach()


def _abandon_run(library: Any, token: int, pid: int) -> None:
    if os.getpid() == pid:
        library.interlock_run_close(token, None)


def _abandon(library: Any, token: int, pid: int, label: str) -> None:
    if os.getpid() != pid:
        return  # the parent owns the token, and its locks may be held for ever in this copy
    import warnings

    library.interlock_engine_close(token, None)
    warnings.warn(f"unclosed {label}", ResourceWarning, stacklevel=2)
