"""The checkpoints of a store: put, put_writes, get, list, history, delete_for_runs."""

from __future__ import annotations

from ctypes import byref, c_void_p
from typing import TYPE_CHECKING

from . import _ffi, _wire
from ._listing import Listing
from ._offload import offload
from ._text import json_object, text, texts
from .errors import check

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from ._handle import Handle
    from .records import ChannelHistory, ChannelValue, Checkpoint


class Checkpoints:
    """The checkpoints of an engine; get it as `engine.checkpoints`. Any thread. Since 0.1.

    Ids, channels and versions are 1 to 512 bytes of UTF-8, namespaces and task paths at most
    4096. Every method raises `ClosedError` after `close`, `ForkedError` in a forked child, and
    `BusyError`, `StoreIOError` or `CorruptError` if the store cannot serve it; those that change
    something also `ReadOnlyError` and `DiskFullError`. After an error nothing was changed.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.checkpoints`."""
        self._handle = handle

    def put(
        self,
        thread_id: str,
        checkpoint_id: str,
        *,
        checkpoint_ns: str = "",
        parent_id: str | None = None,
        type: str = "",
        body: bytes = b"",
        metadata: Mapping[str, Any] | None = None,
        versions: Mapping[str, str] | None = None,
        values: Iterable[ChannelValue] = (),
    ) -> None:
        """Store a checkpoint and its new channel values in one transaction. Since 0.1.

        Storing an id again replaces that checkpoint and leaves its writes.

        Args:
            thread_id: its thread, created if it does not exist.
            checkpoint_id: its id. Byte order is time order: the greatest id is the latest.
            checkpoint_ns: its namespace, "" is the root.
            parent_id: the checkpoint before it; need not exist.
            type: type tag of the body, at most 64 bytes.
            body: the serialized checkpoint without its channel values, opaque.
            metadata: a JSON object; a str member "run_id" is indexed.
            versions: every channel of the checkpoint with its version.
            values: the channels whose version is new. What this checkpoint has under a version
                already stays as it is.

        Raises:
            ValueError: an argument is not allowed; the message names it.
        """
        version_texts = [
            (text("channel", channel), text("version", version))
            for channel, version in (versions or {}).items()
        ]
        value_texts = [
            (
                text("channel", value.channel),
                text("version", value.version),
                text("type", value.type),
                b"" if value.data is None else bytes(value.data),
                _ffi.VALUE_EMPTY if value.data is None else 0,
            )
            for value in values
        ]
        _wire.put_checkpoint(
            self._handle,
            (
                text("thread_id", thread_id),
                text("checkpoint_ns", checkpoint_ns),
                text("checkpoint_id", checkpoint_id),
                text("parent_id", parent_id or ""),
            ),
            (text("type", type), bytes(body), json_object("metadata", metadata)),
            version_texts,
            value_texts,
        )

    def put_writes(
        self,
        thread_id: str,
        checkpoint_id: str,
        writes: Sequence[tuple[str, str, bytes]],
        *,
        task_id: str,
        task_path: str = "",
        checkpoint_ns: str = "",
    ) -> None:
        """Store the pending writes of a task in one transaction. Since 0.1.

        The index of a write is its position, or -1 to -4 for `__error__`, `__scheduled__`,
        `__interrupt__`, `__resume__`. If all channels are of these four, stored writes with the
        same index are replaced; otherwise what is stored stays and only new indexes are added.

        Args:
            thread_id: the thread, created if it does not exist.
            checkpoint_id: the checkpoint; need not exist yet.
            writes: (channel, type tag, data) each.
            task_id: the task that wrote them.
            task_path: orders the writes of different tasks.
            checkpoint_ns: the namespace of the checkpoint.
        """
        values = [
            (text("channel", channel), text("type", tag), bytes(data))
            for channel, tag, data in writes
        ]
        where = (
            text("thread_id", thread_id),
            text("checkpoint_ns", checkpoint_ns),
            text("checkpoint_id", checkpoint_id),
            text("task_id", task_id),
            text("task_path", task_path),
        )
        _wire.put_writes(self._handle, where, values)

    def get(
        self,
        thread_id: str,
        checkpoint_id: str | None = None,
        *,
        checkpoint_ns: str = "",
        values: bool = True,
        writes: bool = True,
    ) -> Checkpoint | None:
        """One checkpoint, or None if there is none. Since 0.1.

        Args:
            thread_id: its thread.
            checkpoint_id: its id; None is the latest of the namespace.
            checkpoint_ns: its namespace.
            values: read channel values too.
            writes: read pending writes too.
        """
        question = _wire.query(
            _without(values, writes),
            text("thread_id", thread_id),
            text("checkpoint_ns", checkpoint_ns),
            text("checkpoint_id", checkpoint_id or ""),
        )
        return _wire.get(self._handle, question)

    def list(
        self,
        thread_id: str | None = None,
        *,
        checkpoint_ns: str | None = None,
        checkpoint_id: str | None = None,
        before_id: str | None = None,
        filter: Mapping[str, Any] | None = None,
        limit: int | None = None,
        values: bool = True,
        writes: bool = True,
    ) -> Iterator[Checkpoint]:
        """Checkpoints, newest first. Since 0.1.

        They are read a page at a time. A page is a consistent snapshot; nothing is held between
        pages, so any other call may be made while iterating.

        Args:
            thread_id: None is all threads.
            checkpoint_ns: None is all namespaces.
            checkpoint_id: this one only.
            before_id: ids less than this one, in byte order.
            filter: members that the metadata must have, each equal as JSON; None also matches
                a missing member.
            limit: at most this many; None is all.
            values: read channel values too.
            writes: read pending writes too.
        """
        listing = self._listing(
            thread_id, checkpoint_ns, checkpoint_id, before_id, filter, limit, values, writes
        )
        while page := listing.next_page():
            yield from page

    def history(
        self,
        thread_id: str,
        channels: Sequence[str],
        *,
        checkpoint_id: str | None = None,
        checkpoint_ns: str = "",
    ) -> dict[str, ChannelHistory]:
        """What is needed to rebuild channels that are stored as writes. Since 0.1.

        Walks the parents of a checkpoint; for each channel it collects the writes back to the
        nearest ancestor that holds a value of it. The writes of the checkpoint itself are left
        out. Without such a checkpoint every history is empty.

        Args:
            thread_id: the thread.
            channels: the channels to walk for.
            checkpoint_id: where to start; None is the latest of the namespace.
            checkpoint_ns: the namespace.
        """
        question = _wire.query(
            0,
            text("thread_id", thread_id),
            text("checkpoint_ns", checkpoint_ns),
            text("checkpoint_id", checkpoint_id or ""),
        )
        found = _wire.history(self._handle, question, texts("channels", channels))
        return dict(zip(channels, found, strict=True))

    def delete_for_runs(self, run_ids: Iterable[str]) -> None:
        """Delete the checkpoints whose metadata has one of these run ids. Since 0.1.

        Their writes, and the values that nothing else uses, go with them; each thread in one
        transaction of its own. Unknown run ids are skipped.

        Args:
            run_ids: at most 65536.

        Raises:
            TypeError: `run_ids` is one str.
        """
        given = texts("run_ids", run_ids)
        library, error = self._handle.library, c_void_p()
        status = library.interlock_checkpoint_delete_for_runs(
            self._handle.token, _wire.texts(given), len(given), byref(error)
        )
        check(library, status, error.value)

    async def aput(
        self,
        thread_id: str,
        checkpoint_id: str,
        *,
        checkpoint_ns: str = "",
        parent_id: str | None = None,
        type: str = "",
        body: bytes = b"",
        metadata: Mapping[str, Any] | None = None,
        versions: Mapping[str, str] | None = None,
        values: Iterable[ChannelValue] = (),
    ) -> None:
        """`put` beside an event loop. Since 0.1."""
        await offload(
            self.put,
            thread_id,
            checkpoint_id,
            checkpoint_ns=checkpoint_ns,
            parent_id=parent_id,
            type=type,
            body=body,
            metadata=metadata,
            versions=versions,
            values=values,
        )

    async def aput_writes(
        self,
        thread_id: str,
        checkpoint_id: str,
        writes: Sequence[tuple[str, str, bytes]],
        *,
        task_id: str,
        task_path: str = "",
        checkpoint_ns: str = "",
    ) -> None:
        """`put_writes` beside an event loop. Since 0.1."""
        await offload(
            self.put_writes,
            thread_id,
            checkpoint_id,
            writes,
            task_id=task_id,
            task_path=task_path,
            checkpoint_ns=checkpoint_ns,
        )

    async def aget(
        self,
        thread_id: str,
        checkpoint_id: str | None = None,
        *,
        checkpoint_ns: str = "",
        values: bool = True,
        writes: bool = True,
    ) -> Checkpoint | None:
        """`get` beside an event loop. Since 0.1."""
        return await offload(
            self.get,
            thread_id,
            checkpoint_id,
            checkpoint_ns=checkpoint_ns,
            values=values,
            writes=writes,
        )

    async def alist(
        self,
        thread_id: str | None = None,
        *,
        checkpoint_ns: str | None = None,
        checkpoint_id: str | None = None,
        before_id: str | None = None,
        filter: Mapping[str, Any] | None = None,
        limit: int | None = None,
        values: bool = True,
        writes: bool = True,
    ) -> AsyncIterator[Checkpoint]:
        """`list` beside an event loop. Since 0.1."""
        listing = self._listing(
            thread_id, checkpoint_ns, checkpoint_id, before_id, filter, limit, values, writes
        )
        while page := await offload(listing.next_page):
            for checkpoint in page:
                yield checkpoint

    async def ahistory(
        self,
        thread_id: str,
        channels: Sequence[str],
        *,
        checkpoint_id: str | None = None,
        checkpoint_ns: str = "",
    ) -> dict[str, ChannelHistory]:
        """`history` beside an event loop. Since 0.1."""
        return await offload(
            self.history,
            thread_id,
            channels,
            checkpoint_id=checkpoint_id,
            checkpoint_ns=checkpoint_ns,
        )

    async def adelete_for_runs(self, run_ids: Iterable[str]) -> None:
        """`delete_for_runs` beside an event loop. Since 0.1."""
        await offload(self.delete_for_runs, run_ids)

    def _listing(
        self,
        thread_id: str | None,
        checkpoint_ns: str | None,
        checkpoint_id: str | None,
        before_id: str | None,
        filter: Mapping[str, Any] | None,
        limit: int | None,
        values: bool,
        writes: bool,
    ) -> Listing:
        return Listing(
            self._handle,
            thread_id=None if thread_id is None else text("thread_id", thread_id),
            checkpoint_ns=None if checkpoint_ns is None else text("checkpoint_ns", checkpoint_ns),
            checkpoint_id=text("checkpoint_id", checkpoint_id or ""),
            before_id=text("before_id", before_id or ""),
            filter_json=json_object("filter", filter),
            limit=limit,
            flags=_without(values, writes),
        )


def _without(values: bool, writes: bool) -> int:
    return (0 if values else _ffi.QUERY_NO_VALUES) | (0 if writes else _ffi.QUERY_NO_WRITES)
