"""Copies an old database into an Interlock store, and reads everything back."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from interlock import _wire

from ._codec import Decoder
from ._translate import (
    Ledger,
    UnreadableError,
    place_writes,
    read_checkpoint,
    read_metadata,
    write_calls,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langgraph.checkpoint.serde.base import SerializerProtocol

    from interlock import Checkpoint, Engine

    from ._progress import Progress
    from ._source import Source, SourceCheckpoint, SourceWrite
    from ._translate import Placed

_REPORTED = 100


@dataclass
class Report:
    """What an import did. Since 0.1.

    Attributes:
        threads: threads of the old database.
        checkpoints: its checkpoints.
        writes: its pending writes, early ones too.
        stored_checkpoints: checkpoints that this run stored; the others were there already.
        stored_writes: writes that this run stored.
        early_writes: writes whose checkpoint does not exist (yet); they are stored, but there is
            nothing to read them back with.
        changed_metadata: checkpoints whose metadata held NaN, infinities or lone surrogates.
        verified: checkpoints that were read back and found equal.
        differences: how many were not.
        findings: what differed, at most 100.
    """

    threads: int = 0
    checkpoints: int = 0
    writes: int = 0
    stored_checkpoints: int = 0
    stored_writes: int = 0
    early_writes: int = 0
    changed_metadata: int = 0
    verified: int = 0
    differences: int = 0
    findings: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def add(self, thread_id: str, row: SourceCheckpoint, message: str) -> None:
        """Count a difference and keep its message."""
        self.differences += 1
        if len(self.findings) < _REPORTED:
            self.findings.append(
                {
                    "thread_id": thread_id,
                    "checkpoint_ns": row.checkpoint_ns,
                    "checkpoint_id": row.checkpoint_id,
                    "message": message,
                }
            )

    def as_dict(self) -> dict[str, Any]:
        """All counts and findings, for JSON."""
        return asdict(self)


class Importer:
    """Copies thread by thread. Running it again continues where it stopped. Since 0.1."""

    def __init__(self, source: Source, engine: Engine, serde: SerializerProtocol) -> None:
        """Copy from a source into an engine; both stay the caller's to close."""
        self._source = source
        self._engine = engine
        self._serde = serde
        self.report = Report()

    def run(self, progress: Progress) -> Report:
        """Copy everything, then compare everything.

        Raises:
            InterlockError: the target cannot take it (full, busy, read-only); run again later.
        """
        threads = self._source.threads()
        self.report.threads = len(threads)
        for thread_id in threads:
            self._copy(thread_id, progress)
            self._compare(thread_id, progress)
        return self.report

    def _rows(self, thread_id: str) -> Iterator[tuple[SourceCheckpoint, dict[str, Any] | str]]:
        """Each checkpoint with its decoded form, or with the reason that there is none."""
        for row in self._source.checkpoints(thread_id):

            def sends(row: SourceCheckpoint = row) -> list[SourceWrite]:
                return self._source.sends(thread_id, row.checkpoint_ns, row.parent_id or "")

            try:
                yield row, read_checkpoint(self._serde, row, sends)
            except UnreadableError as error:
                yield row, str(error)

    def _copy(self, thread_id: str, progress: Progress) -> None:
        present = self._present(thread_id)
        for _, rows in groupby(self._rows(thread_id), key=lambda pair: pair[0].checkpoint_ns):
            ledger = Ledger(self._serde)
            for row, checkpoint in rows:
                place = (row.checkpoint_ns, row.checkpoint_id)
                self._copy_checkpoint(thread_id, row, checkpoint, ledger, place in present)
                self._copy_writes(thread_id, *place, present.get(place, {}))
                self.report.checkpoints += 1
                progress.advance()
        for place in self._source.early_writes(thread_id):
            self.report.early_writes += self._copy_writes(thread_id, *place, {})

    def _present(self, thread_id: str) -> dict[tuple[str, str], dict[tuple[str, int], Placed]]:
        """What the target holds already: the writes of each checkpoint by task and index."""
        return {
            (stored.checkpoint_ns, stored.checkpoint_id): {
                (write.task_id, write.idx): (write.idx, write.channel, write.type, write.data)
                for write in stored.writes
            }
            for stored in self._engine.checkpoints.list(thread_id, values=False)
        }

    def _copy_checkpoint(
        self,
        thread_id: str,
        row: SourceCheckpoint,
        checkpoint: dict[str, Any] | str,
        ledger: Ledger,
        present: bool,
    ) -> None:
        if isinstance(checkpoint, str):
            return
        plan = ledger.plan(checkpoint)  # also if present: later checkpoints depend on it
        try:
            metadata, _ = read_metadata(row)
            if not present:
                where = (thread_id, row.checkpoint_ns, row.checkpoint_id, row.parent_id or "")
                thread, namespace, own, parent = (part.encode() for part in where)
                _wire.put_checkpoint(
                    self._engine.handle,
                    (thread, namespace, own, parent),
                    (plan.type, plan.body, metadata),
                    plan.versions,
                    plan.values,
                )
                self.report.stored_checkpoints += 1
        except (UnreadableError, ValueError):
            return  # the comparison finds and reports it

    def _copy_writes(
        self,
        thread_id: str,
        checkpoint_ns: str,
        checkpoint_id: str,
        present: dict[tuple[str, int], Placed],
    ) -> int:
        tasks: defaultdict[tuple[str, str], list[SourceWrite]] = defaultdict(list)
        found = self._source.writes(thread_id, checkpoint_ns, checkpoint_id)
        for write in found:
            tasks[write.task_id, write.task_path].append(write)
        for (task_id, task_path), writes in tasks.items():
            placed = place_writes(writes)
            if all(present.get((task_id, write[0])) == write for write in placed):
                continue
            for call in write_calls(placed):
                self._engine.checkpoints.put_writes(
                    thread_id,
                    checkpoint_id,
                    call,
                    task_id=task_id,
                    task_path=task_path,
                    checkpoint_ns=checkpoint_ns,
                )
            self.report.stored_writes += len(placed)
        self.report.writes += len(found)
        return len(found)

    def _compare(self, thread_id: str, progress: Progress) -> None:
        for row, checkpoint in self._rows(thread_id):
            message = self._difference(thread_id, row, checkpoint)
            if message:
                self.report.add(thread_id, row, message)
            else:
                self.report.verified += 1
            progress.advance()

    def _difference(
        self, thread_id: str, row: SourceCheckpoint, checkpoint: dict[str, Any] | str
    ) -> str:
        """What the target has differently, or "" if it is equal."""
        if isinstance(checkpoint, str):
            return f"the old checkpoint cannot be decoded: {checkpoint}"
        try:
            metadata, changed = read_metadata(row)
        except UnreadableError as error:
            return f"the old checkpoint cannot be decoded: {error}"
        self.report.changed_metadata += changed
        stored = self._engine.checkpoints.get(
            thread_id, row.checkpoint_id, checkpoint_ns=row.checkpoint_ns
        )
        if stored is None:
            return "it was not stored"
        if (stored.parent_id or None) != (row.parent_id or None):
            return f"parent {stored.parent_id} instead of {row.parent_id}"
        if stored.metadata != json.loads(metadata):
            return "other metadata"
        return self._other_state(stored, checkpoint) or self._other_writes(thread_id, stored)

    def _other_state(self, stored: Checkpoint, checkpoint: dict[str, Any]) -> str:
        found: dict[str, Any] = {**Decoder(self._serde).decode(stored).checkpoint}
        for part in ("channel_values", "channel_versions"):
            for name in checkpoint[part].keys() | found[part].keys():
                if name not in found[part] or name not in checkpoint[part]:
                    return f"{part}: only one side has {name!r}"
                if not self._equal(found[part][name], checkpoint[part][name]):
                    return f"{part}: another {name!r}"
        for name in checkpoint.keys() | found.keys():
            if name in ("channel_values", "channel_versions"):
                continue
            if not self._equal(found.get(name), checkpoint.get(name)):
                return f"another {name!r}"
        return ""

    def _other_writes(self, thread_id: str, stored: Checkpoint) -> str:
        expected = self._source.writes(thread_id, stored.checkpoint_ns, stored.checkpoint_id)
        wanted = sorted(
            (task_path, task_id, *placed)
            for (task_path, task_id), writes in groupby(
                expected, key=lambda write: (write.task_path, write.task_id)
            )
            for placed in place_writes(list(writes))
        )
        found = [
            (write.task_path, write.task_id, write.idx, write.channel, write.type, write.data)
            for write in stored.writes
        ]
        return "" if found == wanted else "other pending writes"

    def _equal(self, one: Any, other: Any) -> bool:
        if self._serde.dumps_typed(one) == self._serde.dumps_typed(other):
            return True
        try:
            return bool(one == other)
        except Exception:  # such as arrays, whose comparison has no single truth
            return False
