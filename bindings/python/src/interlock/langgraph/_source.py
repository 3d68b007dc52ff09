"""Reads databases of langgraph-checkpoint-sqlite, never writing to them."""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from langgraph.checkpoint.serde.types import TASKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from typing_extensions import Self

_NEEDED = {
    "thread_id",
    "checkpoint_ns",
    "checkpoint_id",
    "parent_checkpoint_id",
    "type",
    "checkpoint",
    "metadata",
}


class SourceError(Exception):
    """The file is not a readable database of langgraph-checkpoint-sqlite. Since 0.1."""


class SourceCheckpoint(NamedTuple):
    """One stored checkpoint, still serialized. Since 0.1."""

    checkpoint_ns: str
    checkpoint_id: str
    parent_id: str | None
    type: str | None
    body: bytes
    metadata: bytes | str | None


class SourceWrite(NamedTuple):
    """One stored pending write, still serialized. Since 0.1."""

    task_id: str
    task_path: str
    idx: int
    channel: str
    type: str
    data: bytes


class Source:
    """An old database, open for reading. One thread. Since 0.1."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open the file and check that it has the tables.

        Raises:
            SourceError: it is not there, not readable, or of another kind.
        """
        self._path: str = os.path.abspath(os.fspath(path))
        if not os.path.isfile(self._path):
            raise SourceError(f"{self._path} is not a file")
        try:
            self._connection = self._connect()
            with ExitStack() as undo:
                undo.callback(self._connection.close)
                columns = self._columns("checkpoints")
                self._writes = self._columns("writes")
                if not columns >= _NEEDED:
                    raise SourceError(
                        f"{self._path} is not a database of langgraph-checkpoint-sqlite"
                    )
                undo.pop_all()
        except sqlite3.Error as error:
            raise SourceError(f"{self._path} cannot be read: {error}") from error

    def _connect(self) -> sqlite3.Connection:
        url = f"file:{quote(self._path)}?mode=ro"
        connection = sqlite3.connect(url, uri=True)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.Error as error:
            connection.close()
            if not isinstance(error, sqlite3.OperationalError):
                raise
            # A write-ahead database in a folder without write permission needs this; it is
            # only sound if no log is waiting to be read.
            wal = f"{self._path}-wal"
            if os.path.exists(wal) and os.path.getsize(wal):
                raise
            connection = sqlite3.connect(f"{url}&immutable=1", uri=True)
        return connection

    def _columns(self, table: str) -> set[str]:
        rows = self._connection.execute(f"PRAGMA table_info({table})")
        return {name for _, name, *_ in rows}

    def __enter__(self) -> Self:
        """The source itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self._connection.close()

    def count(self) -> int:
        """How many checkpoints there are."""
        counted: int = self._connection.execute("SELECT count(*) FROM checkpoints").fetchone()[0]
        return counted

    def threads(self) -> list[str]:
        """All thread ids, also of threads that have only writes."""
        query = "SELECT thread_id FROM checkpoints"
        if self._writes:
            query += " UNION SELECT thread_id FROM writes"
        return sorted({str(thread_id) for (thread_id,) in self._connection.execute(query)})

    def checkpoints(self, thread_id: str) -> Iterator[SourceCheckpoint]:
        """The checkpoints of a thread, by namespace and id; one at a time is in memory."""
        with closing(self._connection.cursor()) as cursor:
            cursor.execute(
                "SELECT checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, "
                "metadata FROM checkpoints WHERE thread_id = ? "
                "ORDER BY checkpoint_ns, checkpoint_id",
                (thread_id,),
            )
            for row in cursor:
                yield SourceCheckpoint(*row)

    def writes(self, thread_id: str, checkpoint_ns: str, checkpoint_id: str) -> list[SourceWrite]:
        """The pending writes of a checkpoint in LangGraph's order."""
        if not self._writes:
            return []
        path = "task_path" if "task_path" in self._writes else "''"
        rows = self._connection.execute(
            f"SELECT task_id, {path}, idx, channel, type, value FROM writes "
            "WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id = ?",
            (thread_id, checkpoint_ns, checkpoint_id),
        )
        found = [
            SourceWrite(task_id, task_path or "", idx, channel, tag or "null", bytes(data or b""))
            for task_id, task_path, idx, channel, tag, data in rows
        ]
        return sorted(found, key=lambda write: (write.task_path, write.task_id, write.idx))

    def sends(self, thread_id: str, checkpoint_ns: str, checkpoint_id: str) -> list[SourceWrite]:
        """The writes of a checkpoint that old versions replayed at its child as sends."""
        writes = self.writes(thread_id, checkpoint_ns, checkpoint_id)
        return [write for write in writes if write.channel == TASKS]

    def early_writes(self, thread_id: str) -> list[tuple[str, str]]:
        """(namespace, id) of checkpoints that have writes but are not stored themselves."""
        if not self._writes:
            return []
        rows = self._connection.execute(
            "SELECT DISTINCT checkpoint_ns, checkpoint_id FROM writes AS w WHERE thread_id = ? "
            "AND NOT EXISTS (SELECT 1 FROM checkpoints AS c WHERE c.thread_id = w.thread_id "
            "AND c.checkpoint_ns = w.checkpoint_ns AND c.checkpoint_id = w.checkpoint_id) "
            "ORDER BY checkpoint_ns, checkpoint_id",
            (thread_id,),
        )
        return [(checkpoint_ns, checkpoint_id) for checkpoint_ns, checkpoint_id in rows]
