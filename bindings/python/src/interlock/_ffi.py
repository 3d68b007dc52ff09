"""The C interface as ctypes sees it: every struct, every prototype.

This file and `_prototypes.py` mirror `interlock.h` and nothing else.
`tests/test_ffi_matches_header.py` compares both with the header: names, types, order, sizes,
offsets, numbers.
"""

from __future__ import annotations

from ctypes import (
    POINTER,
    Structure,
    c_char_p,
    c_int32,
    c_int64,
    c_size_t,
    c_uint32,
    c_uint64,
    c_void_p,
)

from ._prototypes import PROTOTYPES as PROTOTYPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from ctypes import CDLL
    from typing import Any, ClassVar

ABI_VERSION = 1

OPEN_READ_ONLY = 1
OPEN_EXISTING = 2
OPEN_MANUAL_CLOCK = 4
OPEN_TIMER = 8
DURABILITY_FULL = 0
DURABILITY_NORMAL = 1
PRUNE_KEEP_LATEST = 1
PRUNE_DELETE = 2
VALUE_EMPTY = 1
QUERY_ANY_THREAD = 1
QUERY_ANY_NAMESPACE = 2
QUERY_NO_VALUES = 4
QUERY_NO_WRITES = 8
PUT_GRAPH = 1
PUT_EXCLUSIVE = 2


class Bytes(Structure):
    """Bytes or UTF-8 text: `interlock_bytes`."""

    _fields_: ClassVar = [("data", c_void_p), ("size", c_size_t)]


class Error(Structure):
    """What went wrong: `interlock_error`."""

    _fields_: ClassVar = [
        ("struct_size", c_uint32),
        ("code", c_int32),
        ("message", Bytes),
        ("path", Bytes),
        ("details", Bytes),
    ]


class Buffer(Structure):
    """One owned piece of bytes: `interlock_buffer`."""

    _fields_: ClassVar = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("content", Bytes),
    ]


class EngineOptions(Structure):
    """How to open an engine: `interlock_engine_options`."""

    _fields_: ClassVar = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("durability", c_uint32),
        ("busy_timeout_ms", c_uint32),
        ("cache_bytes", c_uint64),
        ("max_value_bytes", c_uint64),
        ("max_database_bytes", c_uint64),
        ("manual_time_ms", c_int64),
        ("signing_key", Bytes),
    ]


class ChannelVersion(Structure):
    """The version of one channel: `interlock_channel_version`."""

    _fields_: ClassVar = [("channel", Bytes), ("version", Bytes)]


class ChannelValue(Structure):
    """The value of a channel at a version: `interlock_channel_value`."""

    _fields_: ClassVar = [
        ("channel", Bytes),
        ("version", Bytes),
        ("type", Bytes),
        ("data", Bytes),
        ("flags", c_uint32),
        ("reserved", c_uint32),
    ]


class WriteValue(Structure):
    """One value of a pending write, going in: `interlock_write_value`."""

    _fields_: ClassVar = [("channel", Bytes), ("type", Bytes), ("data", Bytes)]


class Write(Structure):
    """One stored pending write, coming out: `interlock_write`."""

    _fields_: ClassVar = [
        ("task_id", Bytes),
        ("task_path", Bytes),
        ("channel", Bytes),
        ("type", Bytes),
        ("data", Bytes),
        ("index", c_int32),
        ("reserved", c_uint32),
    ]


class CheckpointInput(Structure):
    """A checkpoint to store: `interlock_checkpoint_input`."""

    _fields_: ClassVar = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("thread_id", Bytes),
        ("checkpoint_ns", Bytes),
        ("checkpoint_id", Bytes),
        ("parent_id", Bytes),
        ("type", Bytes),
        ("body", Bytes),
        ("metadata", Bytes),
        ("versions", c_void_p),
        ("version_count", c_size_t),
        ("values", c_void_p),
        ("value_count", c_size_t),
        ("fence", c_int64),
    ]


class WriteInput(Structure):
    """The pending writes of one task: `interlock_write_input`."""

    _fields_: ClassVar = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("thread_id", Bytes),
        ("checkpoint_ns", Bytes),
        ("checkpoint_id", Bytes),
        ("task_id", Bytes),
        ("task_path", Bytes),
        ("values", c_void_p),
        ("value_count", c_size_t),
        ("fence", c_int64),
        ("questions", Bytes),
    ]


class CheckpointQuery(Structure):
    """Which checkpoints to read: `interlock_checkpoint_query`."""

    _fields_: ClassVar = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("thread_id", Bytes),
        ("checkpoint_ns", Bytes),
        ("checkpoint_id", Bytes),
        ("before_id", Bytes),
        ("filter", Bytes),
        ("cursor", Bytes),
        ("limit", c_uint32),
        ("reserved", c_uint32),
    ]


class Checkpoint(Structure):
    """A stored checkpoint: `interlock_checkpoint`."""

    _fields_: ClassVar = [
        ("thread_id", Bytes),
        ("checkpoint_ns", Bytes),
        ("checkpoint_id", Bytes),
        ("parent_id", Bytes),
        ("type", Bytes),
        ("body", Bytes),
        ("metadata", Bytes),
        ("versions", c_void_p),
        ("version_count", c_size_t),
        ("value_indexes", c_void_p),
        ("value_count", c_size_t),
        ("writes", c_void_p),
        ("write_count", c_size_t),
    ]


class CheckpointPage(Structure):
    """Checkpoints, newest first: `interlock_checkpoint_page`."""

    _fields_: ClassVar = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("checkpoints", c_void_p),
        ("checkpoint_count", c_size_t),
        ("values", c_void_p),
        ("value_count", c_size_t),
        ("cursor", Bytes),
    ]


class ChannelHistory(Structure):
    """The history of one channel: `interlock_channel_history`."""

    _fields_: ClassVar = [("seed", ChannelValue), ("writes", c_void_p), ("write_count", c_size_t)]


class History(Structure):
    """One entry per requested channel: `interlock_history`."""

    _fields_: ClassVar = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("channels", c_void_p),
        ("channel_count", c_size_t),
    ]


STRUCTS: dict[str, type[Structure]] = {
    "interlock_bytes": Bytes,
    "interlock_error": Error,
    "interlock_buffer": Buffer,
    "interlock_engine_options": EngineOptions,
    "interlock_channel_version": ChannelVersion,
    "interlock_channel_value": ChannelValue,
    "interlock_write_value": WriteValue,
    "interlock_write": Write,
    "interlock_checkpoint_input": CheckpointInput,
    "interlock_write_input": WriteInput,
    "interlock_checkpoint_query": CheckpointQuery,
    "interlock_checkpoint": Checkpoint,
    "interlock_checkpoint_page": CheckpointPage,
    "interlock_channel_history": ChannelHistory,
    "interlock_history": History,
}

_OUT = POINTER(c_void_p)
_STRUCT = c_void_p

C_TYPES: dict[str, Any] = {
    "void": None,
    "uint32_t": c_uint32,
    "uint64_t": c_uint64,
    "int64_t": c_int64,
    "int64_t *": POINTER(c_int64),
    "int32_t *": POINTER(c_int32),
    "size_t": c_size_t,
    "interlock_status": c_int32,
    "const char *": c_char_p,
    "interlock_engine *": c_void_p,
    "interlock_engine **": _OUT,
    "interlock_run *": c_void_p,
    "interlock_run **": _OUT,
    "interlock_cancel *": c_void_p,
    "interlock_cancel **": _OUT,
    "interlock_error *": c_void_p,
    "interlock_error **": _OUT,
    "interlock_buffer *": c_void_p,
    "interlock_buffer **": _OUT,
    "interlock_checkpoint_page *": c_void_p,
    "interlock_checkpoint_page **": _OUT,
    "interlock_history *": c_void_p,
    "interlock_history **": _OUT,
    "const interlock_engine_options *": _STRUCT,
    "const interlock_bytes *": _STRUCT,
    "const interlock_checkpoint_input *": _STRUCT,
    "const interlock_write_input *": _STRUCT,
    "const interlock_checkpoint_query *": _STRUCT,
}


def bind(library: CDLL) -> None:
    """Give every function of the library its prototype. Since 0.1.

    A function that the loaded library is too old for raises `NotImplementedError` when it is
    called, so that the rest stays usable.

    Args:
        library: the loaded shared library; changed in place.
    """
    for name, result, parameters, since in PROTOTYPES:
        try:
            function = getattr(library, name)
        except AttributeError:
            setattr(library, name, _missing(name, since))
            continue
        function.restype = C_TYPES[result]
        function.argtypes = [C_TYPES[parameter] for parameter in parameters]


def _missing(name: str, since: str) -> Callable[..., None]:
    def raise_missing(*_: object) -> None:
        raise NotImplementedError(f"{name} needs libinterlock {since} or newer")

    return raise_missing
