"""Turns LangGraph checkpoints into stored ones and back.

The body of a checkpoint is everything but its channel values, which are stored apart, once per
version. If every version is a str, as those of LangGraph's own savers, the versions are left out
of the body too and come back from the store; numbers stay in the body to keep their type.

A body may hold `channel_values` of its own: values that cannot be told apart by their version.
Only the importer writes those, and they win over the stored ones.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from langgraph.checkpoint.base import CheckpointTuple
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from interlock import _ffi

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.base import (
        ChannelVersions,
        Checkpoint,
        CheckpointMetadata,
        DeltaChannelHistory,
        PendingWrite,
    )
    from langgraph.checkpoint.serde.base import SerializerProtocol

    from interlock._wire import Words
    from interlock.records import ChannelHistory, ChannelValue, Write
    from interlock.records import Checkpoint as Stored

_VALUES = frozenset(("channel_values",))
_VALUES_AND_VERSIONS = frozenset(("channel_values", "channel_versions"))
_IMMUTABLE = frozenset((str, int, float, bool, bytes, type(None)))
_CONTAINERS = frozenset((list, dict, set))

_dump_json = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode


def encode_json(what: str, value: Mapping[str, Any]) -> bytes:
    """A mapping as UTF-8 JSON.

    Raises:
        ValueError: it holds NaN or an infinity; the message names `what` and the member.
        TypeError: it holds something that JSON does not have; likewise.
    """
    try:
        return _dump_json(value).encode("utf-8", "surrogatepass")
    except (ValueError, TypeError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"{what}{_culprit(value)} cannot be stored as JSON: {error}") from error


def _culprit(value: Mapping[str, Any]) -> str:
    for name, member in value.items():
        try:
            _dump_json(member)
        except (ValueError, TypeError):
            return f"[{name!r}]"
    return ""


def encode_versions(versions: ChannelVersions) -> tuple[Words, bool]:
    """The versions as words of the interface, and whether all of them are str."""
    words: Words = []
    plain = True
    for channel, version in versions.items():
        if version.__class__ is not str:
            plain = False
        name = channel.encode()
        number = str(version).encode()
        words += (name, len(name), number, len(number))
    return words, plain


def encode_body(
    serde: SerializerProtocol, checkpoint: Checkpoint, plain: bool
) -> tuple[bytes, bytes]:
    """Type tag and bytes of the checkpoint without what is stored apart."""
    apart = _VALUES_AND_VERSIONS if plain else _VALUES
    tag, body = serde.dumps_typed({k: v for k, v in checkpoint.items() if k not in apart})
    return tag.encode(), bytes(body)


def encode_values(
    serde: SerializerProtocol, values: Mapping[str, Any], versions: ChannelVersions
) -> Words:
    """The new channel values as words; a versioned channel without value is marked empty."""
    words: Words = []
    dumps = serde.dumps_typed
    for channel, version in versions.items():
        name = channel.encode()
        number = str(version).encode()
        if channel in values:
            kind, data = dumps(values[channel])
            tag = kind.encode()
            data = bytes(data)  # a serializer may give a bytearray; bytes are not copied
            words += (name, len(name), number, len(number), tag, len(tag), data, len(data), 0)
        else:
            words += (name, len(name), number, len(number), b"", 0, b"", 0, _ffi.VALUE_EMPTY)
    return words


def encode_writes(serde: SerializerProtocol, writes: Iterable[tuple[str, Any]]) -> Words:
    """The pending writes as words."""
    words: Words = []
    dumps = serde.dumps_typed
    for channel, value in writes:
        name = channel.encode()
        kind, data = dumps(value)
        tag = kind.encode()
        data = bytes(data)
        words += (name, len(name), tag, len(tag), data, len(data))
    return words


class Decoder:
    """Rebuilds tuples from stored checkpoints; one per page. One thread at a time.

    Checkpoints of a page share stored values, and a version of a channel never changes: it is
    decoded once. Each checkpoint gets a container of its own around the same elements; a value of
    another kind that its owner could change is decoded anew.
    """

    __slots__ = ("_known", "_serde", "copies_what_it_reads")

    def __init__(self, serde: SerializerProtocol) -> None:
        """Decode with this serializer."""
        self._serde = serde
        self._known: dict[int, Any] = {}
        # LangGraph's own decoder keeps nothing of its input; of another one nothing is known.
        self.copies_what_it_reads = serde.__class__ is JsonPlusSerializer

    def decode(self, stored: Stored) -> CheckpointTuple:
        """The tuple of a stored checkpoint."""
        loads = self._serde.loads_typed
        checkpoint: dict[str, Any] = loads((stored.type, stored.body))
        values = {name: self._value(value) for name, value in stored.values.items()}
        values.update(checkpoint.get("channel_values", ()))
        checkpoint["channel_values"] = values
        if "channel_versions" not in checkpoint:
            checkpoint["channel_versions"] = stored.versions
        thread_id, checkpoint_ns, parent_id = (
            stored.thread_id,
            stored.checkpoint_ns,
            stored.parent_id,
        )
        return CheckpointTuple(
            config_of(thread_id, checkpoint_ns, stored.checkpoint_id),
            cast("Checkpoint", checkpoint),
            cast("CheckpointMetadata", json.loads(stored.metadata_json)),
            config_of(thread_id, checkpoint_ns, parent_id) if parent_id else None,
            decode_writes(self._serde, stored.writes),
        )

    def _value(self, stored: ChannelValue) -> Any:
        key = id(stored)  # unique while the page is alive
        if key in self._known:
            known = self._known[key]
            if known.__class__ in _IMMUTABLE:
                return known
            if known.__class__ in _CONTAINERS:
                return known.copy()
        data = stored.data or b""
        if stored.type != "msgpack":
            data = bytes(data)  # may be handed out as it is
        value = self._known[key] = self._serde.loads_typed((stored.type, data))
        return value


def config_of(thread_id: str, checkpoint_ns: str, checkpoint_id: str) -> RunnableConfig:
    """The config that names one checkpoint."""
    return {
        "configurable": {
            "thread_id": thread_id,
            "checkpoint_ns": checkpoint_ns,
            "checkpoint_id": checkpoint_id,
        }
    }


def decode_writes(serde: SerializerProtocol, writes: Sequence[Write]) -> list[PendingWrite]:
    """The pending writes, in their stored order."""
    loads = serde.loads_typed
    return [(write.task_id, write.channel, loads((write.type, write.data))) for write in writes]


def decode_history(serde: SerializerProtocol, found: ChannelHistory) -> DeltaChannelHistory:
    """The history of one channel."""
    entry: DeltaChannelHistory = {"writes": decode_writes(serde, found.writes)}
    seed = found.seed
    if seed is not None:
        entry["seed"] = serde.loads_typed((seed.type, seed.data or b""))
    return entry
