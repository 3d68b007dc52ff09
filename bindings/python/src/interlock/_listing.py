"""Reads a list of checkpoints a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _ffi, _wire

if TYPE_CHECKING:
    from ._handle import Handle
    from .records import Checkpoint

_PAGE_SIZE = 64


class Listing:
    """One pass over matching checkpoints, newest first. One thread at a time. Since 0.1.

    Nothing is held between pages: no lock, no transaction, no result of the core.
    """

    __slots__ = ("_cursor", "_ended", "_flags", "_handle", "_left", "_parts")

    def __init__(
        self,
        handle: Handle,
        *,
        thread_id: bytes | None,
        checkpoint_ns: bytes | None,
        checkpoint_id: bytes = b"",
        before_id: bytes = b"",
        filter_json: bytes = b"",
        limit: int | None = None,
        flags: int = 0,
    ) -> None:
        """None as thread or namespace means all of them; None as limit means no limit."""
        if thread_id is None:
            flags |= _ffi.QUERY_ANY_THREAD
        if checkpoint_ns is None:
            flags |= _ffi.QUERY_ANY_NAMESPACE
        self._handle = handle
        self._flags = flags
        self._parts = (
            thread_id or b"",
            checkpoint_ns or b"",
            checkpoint_id,
            before_id,
            filter_json,
        )
        self._left = limit
        self._cursor = b""
        self._ended = limit is not None and limit <= 0

    def next_page(self) -> list[Checkpoint]:
        """The next checkpoints, at least one, or [] at the end.

        Raises:
            InterlockError: the page could not be read; the pass may be tried on.
        """
        while not self._ended:
            limit = _PAGE_SIZE if self._left is None else min(self._left, _PAGE_SIZE)
            question = _wire.query(self._flags, *self._parts, self._cursor, limit)
            page, self._cursor = _wire.list_page(self._handle, question)
            if self._left is not None:
                self._left -= len(page)
            self._ended = not self._cursor or self._left == 0
            if page:
                return page
        return []
