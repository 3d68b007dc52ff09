"""The C interface as ctypes sees it: every struct, every prototype.

This file mirrors `interlock.h` and nothing else. `tests/test_ffi_matches_header.py` compares
both with the header: names, types, order, sizes, offsets, numbers.
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

_ENGINE = "interlock_engine *"
_ERROR = "interlock_error **"
_BUFFER = "interlock_buffer **"
_TEXT = ("const char *", "size_t")
_QUERY = "const interlock_checkpoint_query *"
_LIST = ("const interlock_bytes *", "size_t")
_STATUS = "interlock_status"
_CANCEL = "interlock_cancel *"
_RUN = "interlock_run *"
# a request document in, a document out
_DOCUMENT = (_ENGINE, *_TEXT, _BUFFER, _ERROR)
_WAIT = (_ENGINE, *_TEXT, "uint64_t", _CANCEL, _BUFFER, _ERROR)
# the same of a run
_RUN_DOCUMENT = (_RUN, *_TEXT, _BUFFER, _ERROR)

# name, C type of the result, C types of the parameters, the release that brought it
PROTOTYPES: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("interlock_library_version", "const char *", (), "0.1"),
    ("interlock_library_abi", "uint32_t", (), "0.1"),
    ("interlock_status_name", "const char *", (_STATUS,), "0.1"),
    ("interlock_error_free", "void", ("interlock_error *",), "0.1"),
    ("interlock_buffer_free", "void", ("interlock_buffer *",), "0.1"),
    (
        "interlock_engine_open",
        _STATUS,
        (*_TEXT, "const interlock_engine_options *", "interlock_engine **", _ERROR),
        "0.1",
    ),
    ("interlock_engine_close", _STATUS, (_ENGINE, _ERROR), "0.1"),
    ("interlock_engine_info", _STATUS, (_ENGINE, _BUFFER, _ERROR), "0.1"),
    ("interlock_engine_check", _STATUS, (_ENGINE, _BUFFER, _ERROR), "0.1"),
    ("interlock_thread_delete", _STATUS, (_ENGINE, *_TEXT, _ERROR), "0.1"),
    ("interlock_thread_copy", _STATUS, (_ENGINE, *_TEXT, *_TEXT, _ERROR), "0.1"),
    ("interlock_thread_prune", _STATUS, (_ENGINE, *_LIST, "uint32_t", _ERROR), "0.1"),
    ("interlock_thread_storage", _STATUS, (_ENGINE, *_TEXT, _BUFFER, _ERROR), "0.1"),
    ("interlock_thread_list", _STATUS, (_ENGINE, *_TEXT, "uint32_t", _BUFFER, _ERROR), "0.1"),
    (
        "interlock_checkpoint_put",
        _STATUS,
        (_ENGINE, "const interlock_checkpoint_input *", _ERROR),
        "0.1",
    ),
    (
        "interlock_checkpoint_put_writes",
        _STATUS,
        (_ENGINE, "const interlock_write_input *", _ERROR),
        "0.1",
    ),
    (
        "interlock_checkpoint_get",
        _STATUS,
        (_ENGINE, _QUERY, "interlock_checkpoint_page **", _ERROR),
        "0.1",
    ),
    (
        "interlock_checkpoint_list",
        _STATUS,
        (_ENGINE, _QUERY, "interlock_checkpoint_page **", _ERROR),
        "0.1",
    ),
    ("interlock_checkpoint_page_free", "void", ("interlock_checkpoint_page *",), "0.1"),
    (
        "interlock_checkpoint_history",
        _STATUS,
        (_ENGINE, _QUERY, *_LIST, "interlock_history **", _ERROR),
        "0.1",
    ),
    ("interlock_history_free", "void", ("interlock_history *",), "0.1"),
    ("interlock_checkpoint_delete_for_runs", _STATUS, (_ENGINE, *_LIST, _ERROR), "0.1"),
    ("interlock_engine_tick", _STATUS, (_ENGINE, _BUFFER, _ERROR), "0.1"),
    ("interlock_engine_next_deadline", _STATUS, (_ENGINE, "int64_t *", _ERROR), "0.1"),
    ("interlock_engine_set_time", _STATUS, (_ENGINE, "int64_t", _ERROR), "0.1"),
    ("interlock_engine_event_fd", _STATUS, (_ENGINE, "int32_t *", _ERROR), "0.1"),
    ("interlock_cancel_create", _STATUS, ("interlock_cancel **", _ERROR), "0.1"),
    ("interlock_cancel_signal", _STATUS, (_CANCEL, _ERROR), "0.1"),
    ("interlock_cancel_close", _STATUS, (_CANCEL, _ERROR), "0.1"),
    ("interlock_review_open", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_get", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_respond", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_cancel", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_supersede", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_claim", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_release", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_reassign", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_comment", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_history", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_escalate", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_explain", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_review_wait", _STATUS, _WAIT, "0.1"),
    ("interlock_review_receipt", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_receipt_verify", _STATUS, (*_TEXT, *_TEXT, _BUFFER, _ERROR), "0.1"),
    ("interlock_policy_put", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_policy_get", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_policy_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_token_issue", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_token_inspect", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_token_redeem", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_token_revoke", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_token_rotate", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_webhook_sign", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_webhook_verify", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_webhook_receive", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_endpoint_put", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_endpoint_get", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_endpoint_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_endpoint_disable", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_endpoint_remove", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_delivery_due", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_delivery_report", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_delivery_retry", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_delivery_get", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_delivery_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_event_read", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_event_wait", _STATUS, _WAIT, "0.1"),
    ("interlock_event_ack", _STATUS, _DOCUMENT, "0.1"),
    (
        "interlock_run_begin",
        _STATUS,
        (_ENGINE, *_TEXT, "interlock_run **", _BUFFER, _ERROR),
        "0.1",
    ),
    ("interlock_run_step", _STATUS, _RUN_DOCUMENT, "0.1"),
    ("interlock_run_record", _STATUS, _RUN_DOCUMENT, "0.1"),
    ("interlock_run_interrupt", _STATUS, _RUN_DOCUMENT, "0.1"),
    ("interlock_run_heartbeat", _STATUS, (_RUN, _BUFFER, _ERROR), "0.1"),
    ("interlock_run_suspend", _STATUS, (_RUN, _BUFFER, _ERROR), "0.1"),
    ("interlock_run_complete", _STATUS, _RUN_DOCUMENT, "0.1"),
    ("interlock_run_fail", _STATUS, _RUN_DOCUMENT, "0.1"),
    ("interlock_run_close", _STATUS, (_RUN, _ERROR), "0.1"),
    ("interlock_run_resume", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_run_cancel", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_run_get", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_run_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_run_interrupts", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_permit_consume", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_permit_report", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_permit_get", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_permit_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_message_post", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_message_get", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_message_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_message_ack", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_message_delete", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_feedback_put", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_feedback_list", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_feedback_summary", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_audit_read", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_audit_export", _STATUS, _DOCUMENT, "0.1"),
    ("interlock_audit_verify", _STATUS, _DOCUMENT, "0.1"),
)


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
