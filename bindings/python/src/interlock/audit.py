"""The audit trail of a store: read, export, verify."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from ._ask import CORRUPT_TOO, ask, ask_bytes, given
from ._offload import offload, twin
from ._text import json_object
from .records import AuditReport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from typing import Any, BinaryIO

    from ._handle import Handle
    from .documents import AuditHead, AuditPage, AuditRecord


class Audit:
    """The audit trail of an engine; get it as `engine.audit`. Any thread. Since 0.1.

    It has a record of every decision, refusal, expiry, escalation, cancellation and supersession;
    each holds the hash of the one before it. Every method raises `ClosedError` after `close`,
    `ForkedError` in a forked child, and `BusyError`, `StoreIOError` or `CorruptError` if the store
    cannot serve it.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.audit`."""
        self._handle = handle

    def read(
        self, *, after: int | None = None, review: str | None = None, limit: int | None = None
    ) -> AuditPage:
        """Some records, in order. Since 0.1.

        Args:
            after: only records with a greater seq; None is from the beginning.
            review: only those of this review.
            limit: 1 to 1000; None is 100.
        """
        request = given({"after": after, "review": review, "limit": limit})
        page: AuditPage = ask(self._handle, "interlock_audit_read", request)
        return page

    def list(self, *, after: int | None = None, review: str | None = None) -> Iterator[AuditRecord]:
        """All records there are, in order. Since 0.1.

        They are read a page at a time, and nothing is held between pages.

        Args:
            after: only records with a greater seq.
            review: only those of this review.
        """
        while True:
            page = self.read(after=after, review=review)
            yield from page["records"]
            if page["next"] == after or page["next"] >= page["last"]:
                return
            after = page["next"]

    def verify(self, *, head: AuditHead | None = None) -> AuditReport:
        """Verify the chain: find any record that was changed, removed or moved. Since 0.1.

        Args:
            head: `head` of an earlier report that was kept elsewhere; it must still be in the
                chain. Without it, records that were cut off at the end are not noticed.

        Returns:
            The report; damage is reported there (`ok` is False), not raised.
        """
        request = given({"head": head})
        report: dict[str, Any] = ask(self._handle, "interlock_audit_verify", request, CORRUPT_TOO)
        problems = tuple(report["problems"])
        return AuditReport(report["ok"], report["records"], report["head"], problems)

    def export(
        self,
        target: str | os.PathLike[str] | BinaryIO,
        *,
        after: int | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> int:
        """Write the records as JSON lines, for keeping elsewhere. Since 0.1.

        One canonical record (RFC 8785) a line, a newline after each, as the hashes were made.

        Args:
            target: the path of a file, which is made or written anew; or a binary file, which is
                left open.
            after: only records with a greater seq: what the export before returned.
            progress: called after each thousand records with the number written so far.

        Returns:
            The seq of the last record written; `after`, or 0, if there was none.

        Raises:
            OSError: the file cannot be written.
        """
        if isinstance(target, (str, os.PathLike)):
            with open(target, "wb") as file:
                return self._export(file, after, progress)
        return self._export(target, after, progress)

    aread = twin(read)
    averify = twin(verify)
    aexport = twin(export)

    async def alist(
        self, *, after: int | None = None, review: str | None = None
    ) -> AsyncIterator[AuditRecord]:
        """`list` beside an event loop. Since 0.1."""
        while True:
            page = await offload(self.read, after=after, review=review)
            for record in page["records"]:
                yield record
            if page["next"] == after or page["next"] >= page["last"]:
                return
            after = page["next"]

    def _export(
        self, file: BinaryIO, after: int | None, progress: Callable[[int], object] | None
    ) -> int:
        written = 0
        while True:
            request = json_object("the request", given({"after": after}))
            lines = ask_bytes(self._handle, "interlock_audit_export", request)
            if not lines:
                return after or 0
            file.write(lines)
            written += lines.count(b"\n")
            last: int = json.loads(lines[lines.rfind(b"\n", 0, -1) + 1 :])["seq"]
            after = last
            if progress is not None:
                progress(written)
