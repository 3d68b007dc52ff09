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
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.base import (
        ChannelVersions,
        Checkpoint,
        CheckpointMetadata,
        DeltaChannelHistory,
        PendingWrite,
    )
    from langgraph.checkpoint.serde.base import SerializerProtocol

    from interlock._wire import Value, Version, WriteValue
    from interlock.records import ChannelHistory, ChannelValue, Write
    from interlock.records import Checkpoint as Stored

_IMMUTABLE = frozenset((str, int, float, bool, bytes, type(None)))
_CONTAINERS = frozenset((list, dict, set))


def _json_encoder() -> Callable[[Any], str]:
    """Strict and compact. `JSONEncoder.encode` makes its C part for every call; here it is kept."""
    encoder = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return encoder.encode
    text = json.encoder.encode_basestring
    encode = make(None, encoder.default, text, None, ":", ",", False, False, False)
    return lambda value: "".join(encode(value, 0))


_dump_json = _json_encoder()
_decode_json = json.JSONDecoder().raw_decode


def _load_json(stored: bytes) -> Any:
    """What `json.loads` makes of UTF-8 that the core has found to be one JSON object."""
    return _decode_json(str(stored, "utf-8").lstrip())[0]


def encode_json(what: str, value: Mapping[str, Any]) -> bytes:
    """A mapping as UTF-8 JSON.

    Raises:
        ValueError: it holds NaN, an infinity or itself; the message names `what` and the member.
        TypeError: it holds something that JSON does not have; likewise.
    """
    try:
        return _dump_json(value).encode("utf-8", "surrogatepass")
    except (ValueError, TypeError, RecursionError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"{what}{_culprit(value)} cannot be stored as JSON: {error}") from error


def _culprit(value: Mapping[str, Any]) -> str:
    for name, member in value.items():
        try:
            _dump_json(member)
        except (ValueError, TypeError, RecursionError):
            return f"[{name!r}]"
    return ""


def encode_versions(versions: ChannelVersions) -> tuple[list[Version], bool]:
    """The versions as the interface takes them, and whether all of them are str."""
    encoded: list[Version] = []
    plain = True
    for channel, version in versions.items():
        if version.__class__ is not str:
            plain = False
        encoded.append((channel.encode(), str(version).encode()))
    return encoded, plain


def encode_body(
    serde: SerializerProtocol, checkpoint: Checkpoint, plain: bool
) -> tuple[bytes, bytes]:
    """Type tag and bytes of the checkpoint without what is stored apart."""
    rest: dict[str, Any] = {**checkpoint}
    del rest["channel_values"]
    if plain:
        del rest["channel_versions"]
    tag, body = serde.dumps_typed(rest)
    return tag.encode(), bytes(body)


def encode_values(
    serde: SerializerProtocol, values: Mapping[str, Any], versions: ChannelVersions
) -> list[Value]:
    """The new channel values; a versioned channel without value is empty."""
    encoded: list[Value] = []
    for channel, version in versions.items():
        if channel in values:
            tag, data = serde.dumps_typed(values[channel])
            # A serializer may give a bytearray; bytes are not copied.
            data = bytes(data)
            encoded.append((channel.encode(), str(version).encode(), tag.encode(), data, 0))
        else:
            encoded.append((channel.encode(), str(version).encode(), b"", b"", _ffi.VALUE_EMPTY))
    return encoded


def encode_writes(serde: SerializerProtocol, writes: Iterable[tuple[str, Any]]) -> list[WriteValue]:
    """The pending writes."""
    encoded: list[WriteValue] = []
    for channel, value in writes:
        tag, data = serde.dumps_typed(value)
        encoded.append((channel.encode(), tag.encode(), bytes(data)))
    return encoded


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
            cast("CheckpointMetadata", _load_json(stored.metadata_json)),
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
