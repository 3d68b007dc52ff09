"""What an old checkpoint becomes in an Interlock store; pure, so that it can be repeated."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from langgraph.checkpoint.base import WRITES_IDX_MAP
from langgraph.checkpoint.serde.types import TASKS

from interlock import _ffi

from ._codec import encode_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from langgraph.checkpoint.serde.base import SerializerProtocol

    from interlock._wire import Value, Version

    from ._source import SourceCheckpoint, SourceWrite

    Placed = tuple[int, str, str, bytes]

_FIRST_VERSION = f"{1:032}.{0.0:016}"
_LONGEST_CALL = 65536


class UnreadableError(Exception):
    """A checkpoint of the old database cannot be decoded. Since 0.1."""


def read_checkpoint(
    serde: SerializerProtocol, row: SourceCheckpoint, sends: Callable[[], Sequence[SourceWrite]]
) -> dict[str, Any]:
    """The checkpoint as LangGraph 1.x sees it.

    Before format 4 the sends of a step were not in a channel: they move into `__pregel_tasks`,
    as PostgresSaver and Pregel do when they read such a checkpoint.

    Args:
        serde: the serializer of the old saver.
        row: the checkpoint.
        sends: reads the sends at its parent; called only for such a checkpoint.

    Raises:
        UnreadableError: it cannot be decoded.
    """
    try:
        checkpoint: dict[str, Any] = dict(serde.loads_typed((row.type or "msgpack", row.body)))
        versions: dict[str, Any] = dict(checkpoint["channel_versions"])
        values: dict[str, Any] = dict(checkpoint.get("channel_values") or {})
        if checkpoint.get("v", 1) < 4:
            pending = checkpoint.pop("pending_sends", None) or [
                serde.loads_typed((write.type, write.data)) for write in sends()
            ]
            if pending:
                values[TASKS] = pending
                versions[TASKS] = max(versions.values(), key=str, default=_FIRST_VERSION)
    except Exception as error:
        raise UnreadableError(f"{type(error).__name__}: {error}") from error
    checkpoint["channel_values"] = values
    checkpoint["channel_versions"] = versions
    return checkpoint


def read_metadata(row: SourceCheckpoint) -> tuple[bytes, bool]:
    """The metadata as strict JSON, and whether that took a change.

    Old savers let NaN and infinities into JSON, which has none; they become null.

    Raises:
        UnreadableError: it is not a JSON object.
    """
    changed = False

    def no_constant(_: str) -> None:
        nonlocal changed
        changed = True

    try:
        found: dict[str, Any] = json.loads(row.metadata or b"{}", parse_constant=no_constant)
        if found.__class__ is not dict:
            raise ValueError("metadata is not an object")
        encoded = encode_json("metadata", found)
    except ValueError as error:
        raise UnreadableError(f"metadata: {error}") from error
    try:
        str(encoded, "utf-8")
    except UnicodeDecodeError:
        encoded, changed = str(encoded, "utf-8", "replace").encode(), True
    return encoded, changed


class Plan(NamedTuple):
    """What to store for one checkpoint: versions, new values, type tag and body. Since 0.1."""

    versions: list[Version]
    values: list[Value]
    type: bytes
    body: bytes


class Ledger:
    """What has been stored under each (channel, version) of one namespace. Since 0.1.

    A value is sent with the first checkpoint that has it. Old databases keep a whole state per
    checkpoint, so in principle two of them can disagree about one version; the later value then
    goes into the body of its checkpoint, and nothing is lost.
    """

    def __init__(self, serde: SerializerProtocol) -> None:
        """Begin with nothing stored."""
        self._serde = serde
        self._digests: dict[tuple[str, str], bytes | None] = {}

    def plan(self, checkpoint: dict[str, Any]) -> Plan:
        """What to store for a checkpoint, given those before it."""
        values: dict[str, Any] = checkpoint["channel_values"]
        versions: dict[str, Any] = checkpoint["channel_versions"]
        inline = {name: value for name, value in values.items() if name not in versions}
        kept: list[Version] = []
        fresh: list[Value] = []
        plain = True
        for channel, version in versions.items():
            name, number = channel.encode(), str(version).encode()
            tag, data = self._serialized(values, channel)
            digest = blake2b(tag + b"\0" + data).digest() if channel in values else None
            key = (channel, str(version))
            new = key not in self._digests
            if self._digests.setdefault(key, digest) == digest:
                kept.append((name, number))
                plain = plain and version.__class__ is str
            else:
                plain = False
                if channel in values:
                    inline[channel] = values[channel]
            if new:  # also that a channel is empty: then nobody looks for its value
                flags = 0 if channel in values else _ffi.VALUE_EMPTY
                fresh.append((name, number, tag, data, flags))
        return Plan(kept, fresh, *self._body(checkpoint, plain, inline))

    def _serialized(self, values: dict[str, Any], channel: str) -> tuple[bytes, bytes]:
        if channel not in values:
            return b"", b""
        tag, data = self._serde.dumps_typed(values[channel])
        return tag.encode(), bytes(data)

    def _body(
        self, checkpoint: dict[str, Any], plain: bool, inline: dict[str, Any]
    ) -> tuple[bytes, bytes]:
        body = dict(checkpoint)
        del body["channel_values"]
        if plain:
            del body["channel_versions"]
        if inline:
            body["channel_values"] = inline
        tag, data = self._serde.dumps_typed(body)
        return tag.encode(), bytes(data)


def place_writes(writes: Iterable[SourceWrite]) -> list[Placed]:
    """The writes of one task as (index, channel, type, data) at which the core will keep them.

    A gap between the indexes is kept if the task has a special write to fill it with; see
    `write_calls`. Otherwise the writes close up, in the same order.
    """
    special = [write for write in writes if write.channel in WRITES_IDX_MAP]
    regular = [write for write in writes if write.channel not in WRITES_IDX_MAP]
    keep = bool(special) and all(0 <= write.idx < _LONGEST_CALL for write in regular)
    placed = [
        (WRITES_IDX_MAP[write.channel], write.channel, write.type, write.data) for write in special
    ]
    placed += [
        (write.idx if keep else position, write.channel, write.type, write.data)
        for position, write in enumerate(regular)
    ]
    return placed


def write_calls(placed: Sequence[Placed]) -> list[list[tuple[str, str, bytes]]]:
    """The calls of `put_writes` that store the writes of one task at their indexes.

    Special writes go first, in a call of their own, which replaces older ones. In the second
    call they only fill gaps: such a call leaves what is stored as it is.
    """
    special = [write[1:] for write in placed if write[0] < 0]
    regular = {write[0]: write[1:] for write in placed if write[0] >= 0}
    calls = [special] if special else []
    if regular:
        filler = special[:1]
        places = range(max(regular) + 1)
        calls.append(
            [
                write
                for place in places
                for write in ([regular[place]] if place in regular else filler)
            ]
        )
    return calls
