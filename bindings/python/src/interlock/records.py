"""What the store returns: immutable records.

The parts of a checkpoint are named tuples because thousands of them are made at once; later
releases only append fields. Reports are dataclasses.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .documents import AuditHead, AuditProblem


class ChannelValue(NamedTuple):
    """The value of a channel at a version. Since 0.1.

    Attributes:
        channel: its channel, 1 to 512 bytes of UTF-8.
        version: its version, 1 to 512 bytes of UTF-8. A version never changes its value.
        type: type tag of the caller's serializer, at most 64 bytes.
        data: the serialized value; None says that the channel has no value at this version.
    """

    channel: str
    version: str
    type: str
    data: bytes | None


class Write(NamedTuple):
    """A stored pending write of a task. Since 0.1.

    Attributes:
        task_id: the task that wrote it.
        task_path: orders the writes of different tasks; may be empty.
        channel: where it goes.
        type: type tag of the caller's serializer.
        data: the serialized value.
        idx: its position in the call that stored it, or -1 to -4 for the special channels.
    """

    task_id: str
    task_path: str
    channel: str
    type: str
    data: bytes
    idx: int


class Checkpoint(NamedTuple):
    """A stored checkpoint. Since 0.1.

    Attributes:
        thread_id: its thread.
        checkpoint_ns: its namespace, "" is the root.
        checkpoint_id: its id; byte order is time order.
        parent_id: the checkpoint before it, or None.
        type: type tag of the body.
        body: the serialized checkpoint without its channel values.
        metadata_json: the metadata as UTF-8 JSON; `metadata` parses it.
        versions: the version of every channel.
        values: the channels that have a value, by name; empty if values were left out.
        writes: its pending writes by (task_path, task_id, index); empty if they were left out.
    """

    thread_id: str
    checkpoint_ns: str
    checkpoint_id: str
    parent_id: str | None
    type: str
    body: bytes
    metadata_json: bytes
    versions: dict[str, str]
    values: dict[str, ChannelValue]
    writes: list[Write]

    @property
    def metadata(self) -> dict[str, Any]:
        """The metadata, parsed anew at each access."""
        parsed: dict[str, Any] = json.loads(self.metadata_json or b"{}")
        return parsed


class ChannelHistory(NamedTuple):
    """What is needed to rebuild one channel that is stored as writes. Since 0.1.

    Attributes:
        seed: the value at the nearest ancestor that has one, or None.
        writes: the writes from there to the parent of the target, oldest first.
    """

    seed: ChannelValue | None
    writes: list[Write]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of a check. Since 0.1.

    Attributes:
        kind: what sort of damage.
        where: the thing that is damaged.
        message: one English line.
    """

    kind: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The outcome of `Engine.check`. Since 0.1.

    Attributes:
        ok: no problem was found.
        threads: how many were read; so are the others but problems.
        checkpoints: see threads.
        values: see threads.
        writes: see threads.
        chunks: see threads.
        problems: what was found, at most 100.
        reviews: see threads.
        events: see threads.
        audit: see threads.
        runs: see threads.
    """

    ok: bool
    threads: int
    checkpoints: int
    values: int
    writes: int
    chunks: int
    problems: tuple[Problem, ...]
    reviews: int = 0
    events: int = 0
    audit: int = 0
    runs: int = 0


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The outcome of `Audit.verify`. Since 0.1.

    Attributes:
        ok: no problem was found.
        records: how many there are.
        head: the newest record, or None if there is none; keep it elsewhere.
        problems: what was found, at most 100.
    """

    ok: bool
    records: int
    head: AuditHead | None
    problems: tuple[AuditProblem, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """What `Engine.tick` did. Since 0.1.

    Attributes:
        fired: how many deadlines, reminders and escalations were applied.
        next_deadline: when the next one is due, in milliseconds since 1970, or None.
    """

    fired: int
    next_deadline: int | None


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What an engine is. Since 0.1.

    Attributes:
        store: "sqlite" or "memory".
        path: the file, or None if the store is in memory.
        read_only: whether it was opened for reading only.
        durability: "full" or "normal".
        schema: version of the tables.
        library: release of the shared library.
        sqlite: release of SQLite, or None for the store without it.
        public_key: base64 of the key that verifies receipts, or None until there is one.
    """

    store: str
    path: str | None
    read_only: bool
    durability: str
    schema: int
    library: str
    sqlite: str | None
    public_key: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """How many things a thread stores, and their bytes of payload. Since 0.1."""

    count: int
    bytes: int


@dataclass(frozen=True, slots=True)
class StoredValues:
    """The channel values that a thread stores. Since 0.1.

    Attributes:
        count: how many.
        bytes: stored bytes, without those in shared chunks.
        logical_bytes: bytes if nothing were shared.
        by_channel: logical bytes by channel.
    """

    count: int
    bytes: int
    logical_bytes: int
    by_channel: dict[str, int]


@dataclass(frozen=True, slots=True)
class ThreadStorage:
    """What a thread stores, in bytes of payload. Since 0.1.

    Attributes:
        total_bytes: the sum of the four parts.
        checkpoints: bodies and metadata.
        channel_values: values.
        chunks: parts of large values, each counted once.
        pending_writes: writes.
    """

    total_bytes: int
    checkpoints: Stored
    channel_values: StoredValues
    chunks: Stored
    pending_writes: Stored
