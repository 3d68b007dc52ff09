"""The threads of a store: delete, copy, prune, measure, list."""

from __future__ import annotations

import json
from ctypes import byref, c_void_p
from typing import TYPE_CHECKING

from . import _ffi
from ._ask import take_buffer
from ._offload import offload
from ._text import text, texts
from ._wire import texts as text_array
from .errors import check
from .records import Stored, StoredValues, ThreadStorage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator
    from typing import Any, Literal

    from ._handle import Handle

_STRATEGIES = {"keep_latest": _ffi.PRUNE_KEEP_LATEST, "delete": _ffi.PRUNE_DELETE}


class Threads:
    """The threads of an engine; get it as `engine.threads`. Any thread. Since 0.1.

    Thread ids are 1 to 512 bytes of UTF-8. Every method raises `ClosedError` after `close`,
    `ForkedError` in a forked child, and `BusyError`, `StoreIOError` or `CorruptError` if the
    store cannot serve it; then nothing was changed.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.threads`."""
        self._handle = handle

    def delete(self, thread_id: str) -> None:
        """Delete a thread with everything in it, and give the space back. Since 0.1.

        A thread that does not exist is no error.
        """
        given = text("thread_id", thread_id)
        self._call("interlock_thread_delete", given, len(given))

    def copy(self, source_id: str, target_id: str) -> None:
        """Copy everything of one thread into a new one, at once. Since 0.1.

        Raises:
            NotFoundError: there is no such source.
            AlreadyExistsError: the target exists.
            InvalidArgumentError: source and target are the same thread.
        """
        source = text("source_id", source_id)
        target = text("target_id", target_id)
        self._call("interlock_thread_copy", source, len(source), target, len(target))

    def prune(
        self,
        thread_ids: Iterable[str],
        strategy: Literal["keep_latest", "delete"] = "keep_latest",
    ) -> None:
        """Prune threads, each in one transaction of its own. Since 0.1.

        Args:
            thread_ids: at most 65536; those that do not exist are skipped.
            strategy: "keep_latest" keeps the newest checkpoint of each namespace with its
                writes, and the ancestors that its delta channels are rebuilt from; "delete"
                deletes the threads.

        Raises:
            TypeError: `thread_ids` is one str.
        """
        if strategy not in _STRATEGIES:
            raise ValueError(f'strategy must be "keep_latest" or "delete", not {strategy!r}')
        given = texts("thread_ids", thread_ids)
        number = _STRATEGIES[strategy]
        self._call("interlock_thread_prune", text_array(given), len(given), number)

    def storage(self, thread_id: str) -> ThreadStorage:
        """What a thread stores, in bytes. Since 0.1.

        Raises:
            NotFoundError: there is no such thread.
        """
        given = text("thread_id", thread_id)
        report = self._ask("interlock_thread_storage", given, len(given))
        return ThreadStorage(
            report["total_bytes"],
            Stored(**report["checkpoints"]),
            StoredValues(**report["channel_values"]),
            Stored(**report["chunks"]),
            Stored(**report["pending_writes"]),
        )

    def list(self, after: str = "", page_size: int = 1000) -> Iterator[str]:
        """The ids of all threads in ascending byte order. Since 0.1.

        They are read a page at a time, and nothing is held between pages: any other call may be
        made while iterating.

        Args:
            after: only ids greater than this one.
            page_size: ids per page, 1 to 1000.
        """
        place: str | None = after
        while place is not None:
            ids, place = self._page(place, page_size)
            yield from ids

    async def adelete(self, thread_id: str) -> None:
        """`delete` beside an event loop. Since 0.1."""
        await offload(self.delete, thread_id)

    async def acopy(self, source_id: str, target_id: str) -> None:
        """`copy` beside an event loop. Since 0.1."""
        await offload(self.copy, source_id, target_id)

    async def aprune(
        self,
        thread_ids: Iterable[str],
        strategy: Literal["keep_latest", "delete"] = "keep_latest",
    ) -> None:
        """`prune` beside an event loop. Since 0.1."""
        await offload(self.prune, thread_ids, strategy)

    async def astorage(self, thread_id: str) -> ThreadStorage:
        """`storage` beside an event loop. Since 0.1."""
        return await offload(self.storage, thread_id)

    async def alist(self, after: str = "", page_size: int = 1000) -> AsyncIterator[str]:
        """`list` beside an event loop. Since 0.1."""
        place: str | None = after
        while place is not None:
            ids, place = await offload(self._page, place, page_size)
            for thread_id in ids:
                yield thread_id

    def _page(self, after: str, limit: int) -> tuple[tuple[str, ...], str | None]:
        if not 1 <= limit <= 1000:
            raise ValueError(f"page_size must be 1 to 1000, not {limit!r}")
        given = text("after", after)
        page = self._ask("interlock_thread_list", given, len(given), limit)
        return tuple(page["threads"]), page["next"]

    def _call(self, function: str, *arguments: object) -> None:
        library, error = self._handle.library, c_void_p()
        status = getattr(library, function)(self._handle.token, *arguments, byref(error))
        check(library, status, error.value)

    def _ask(self, function: str, *arguments: object) -> dict[str, Any]:
        buffer = c_void_p()
        self._call(function, *arguments, byref(buffer))
        answer: dict[str, Any] = json.loads(take_buffer(self._handle.library, buffer))
        return answer
