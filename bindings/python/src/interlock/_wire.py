"""Moves checkpoints across the C interface with as few Python steps as possible.

Every struct of the checkpoint path consists of 64-bit words: a pointer, a size, or two 32-bit
numbers. Going in, a struct is therefore packed in one step, and an array of structs is their
bytes one behind the other; the address of a text is where CPython keeps the content of a bytes
object. Whoever packs keeps the texts alive until the call has returned. What comes out is taken
apart by `_read`. The tests compare these layouts with the header.
"""

from __future__ import annotations

from ctypes import byref, c_void_p
from struct import Struct

from . import _read
from .errors import Status, check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias, TypeVar

    Result = TypeVar("Result")

    from ._handle import Handle
    from .records import ChannelHistory, Checkpoint

    # Channel and version.
    Version: TypeAlias = tuple[bytes, bytes]
    # Channel, version, type tag, data and flags: 0 or `VALUE_EMPTY`.
    Value: TypeAlias = tuple[bytes, bytes, bytes, bytes, int]
    # Channel, type tag and data.
    WriteValue: TypeAlias = tuple[bytes, bytes, bytes]
    # A struct, and the texts that it points to.
    Question: TypeAlias = tuple[bytes, tuple[bytes, ...]]

_CHECKPOINT_INPUT = Struct("<II14Q4Qq")
_WRITE_INPUT = Struct("<II10Q2Qq2Q")
_WRITE_VALUE = Struct("<6Q")
_QUERY = Struct("<II12QII")
_TEXT = Struct("<2Q")

LAYOUTS = {
    "interlock_bytes": _TEXT.size,
    "interlock_checkpoint_input": _CHECKPOINT_INPUT.size,
    "interlock_write_input": _WRITE_INPUT.size,
    "interlock_write_value": _WRITE_VALUE.size,
    "interlock_checkpoint_query": _QUERY.size,
    "interlock_channel_version": _read.VERSION.size,
    "interlock_channel_value": _read.VALUE.size,
    "interlock_write": _read.WRITE.size,
    "interlock_checkpoint": _read.CHECKPOINT.size,
    "interlock_checkpoint_page": _read.PAGE.size,
    "interlock_history": _read.HISTORY.size,
    "interlock_channel_history": _read.CHANNEL_HISTORY.size,
}

_CHECKPOINT_INPUT_SIZE = _CHECKPOINT_INPUT.size
# id() of a bytes object is its address, and its content stands at its end, before a zero byte.
_CONTENT = bytes.__basicsize__ - 1


def put_checkpoint(
    handle: Handle,
    where: tuple[bytes, bytes, bytes, bytes],
    content: tuple[bytes, bytes, bytes],
    versions: Sequence[Version],
    values: Sequence[Value],
    flags: int = 0,
    fence: int = 0,
) -> None:
    """Store a checkpoint.

    Args:
        handle: the engine.
        where: thread id, namespace, checkpoint id, parent id.
        content: type tag, body, metadata JSON.
        versions: of all channels.
        values: of the channels whose version is new.
        flags: `INTERLOCK_PUT_GRAPH`, `INTERLOCK_PUT_EXCLUSIVE`.
        fence: of the claim on the thread, or 0.
    """
    thread_id, checkpoint_ns, checkpoint_id, parent_id = where
    tag, body, metadata = content
    pack_version, pack_value = _read.VERSION.pack, _read.VALUE.pack
    version_block = b"".join(
        [
            pack_version(id(channel) + _CONTENT, len(channel), id(version) + _CONTENT, len(version))
            for channel, version in versions
        ]
    )
    value_block = b"".join(
        [
            pack_value(
                id(channel) + _CONTENT,
                len(channel),
                id(version) + _CONTENT,
                len(version),
                id(tag) + _CONTENT,
                len(tag),
                id(data) + _CONTENT,
                len(data),
                flags,
                0,
            )
            for channel, version, tag, data, flags in values
        ]
    )
    given = _CHECKPOINT_INPUT.pack(
        _CHECKPOINT_INPUT_SIZE,
        flags,
        id(thread_id) + _CONTENT,
        len(thread_id),
        id(checkpoint_ns) + _CONTENT,
        len(checkpoint_ns),
        id(checkpoint_id) + _CONTENT,
        len(checkpoint_id),
        id(parent_id) + _CONTENT,
        len(parent_id),
        id(tag) + _CONTENT,
        len(tag),
        id(body) + _CONTENT,
        len(body),
        id(metadata) + _CONTENT,
        len(metadata),
        id(version_block) + _CONTENT,
        len(versions),
        id(value_block) + _CONTENT,
        len(values),
        fence,
    )
    error = c_void_p()
    library = handle.library
    status = library.interlock_checkpoint_put(handle.token, given, byref(error))
    if status:
        check(library, status, error.value)


def put_writes(
    handle: Handle,
    where: tuple[bytes, bytes, bytes, bytes, bytes],
    values: Sequence[WriteValue],
    flags: int = 0,
    fence: int = 0,
    questions: bytes = b"",
) -> None:
    """Store the pending writes of a task.

    Args:
        handle: the engine.
        where: thread id, namespace, checkpoint id, task id, task path.
        values: in the order of their indexes.
        flags: `INTERLOCK_PUT_GRAPH`, `INTERLOCK_PUT_EXCLUSIVE`.
        fence: of the claim on the thread, or 0.
        questions: what the task asks people, as JSON, or nothing.
    """
    block = b"".join([texts(value) for value in values])
    given = _WRITE_INPUT.pack(
        _WRITE_INPUT.size,
        flags,
        *_words(where),
        id(block) + _CONTENT,
        len(values),
        fence,
        id(questions) + _CONTENT,
        len(questions),
    )
    error = c_void_p()
    library = handle.library
    status = library.interlock_checkpoint_put_writes(handle.token, given, byref(error))
    if status:
        check(library, status, error.value)


def query(
    flags: int,
    thread_id: bytes,
    checkpoint_ns: bytes,
    checkpoint_id: bytes,
    before_id: bytes = b"",
    filter_json: bytes = b"",
    cursor: bytes = b"",
    limit: int = 0,
) -> Question:
    """An `interlock_checkpoint_query`."""
    texts = (thread_id, checkpoint_ns, checkpoint_id, before_id, filter_json, cursor)
    return _QUERY.pack(_QUERY.size, flags, *_words(texts), limit, 0), texts


def get(handle: Handle, question: Question) -> Checkpoint | None:
    """The checkpoint that a query names, or None if there is none."""
    return visit(handle, question, _same, borrow=False)


def _same(stored: Checkpoint) -> Checkpoint:
    return stored


def visit(
    handle: Handle,
    question: Question,
    use: Callable[[Checkpoint], Result],
    *,
    borrow: bool,
) -> Result | None:
    """What `use` makes of the checkpoint that a query names, or None if there is none.

    With `borrow` the data of large values is a memoryview of the core's memory, valid inside of
    `use` only: a megabyte that is decoded at once need not be copied first.
    """
    page, error = c_void_p(), c_void_p()
    library = handle.library
    status = library.interlock_checkpoint_get(handle.token, question[0], byref(page), byref(error))
    if status:
        if status == Status.NOT_FOUND:
            library.interlock_error_free(error)
            return None
        check(library, status, error.value)
    try:
        return use(_read.read_page(page.value or 0, borrow)[0][0])
    finally:
        library.interlock_checkpoint_page_free(page)


def list_page(handle: Handle, question: Question) -> tuple[list[Checkpoint], bytes]:
    """One page of checkpoints, and the cursor of the next or b""."""
    page, error = c_void_p(), c_void_p()
    library = handle.library
    status = library.interlock_checkpoint_list(handle.token, question[0], byref(page), byref(error))
    if status:
        check(library, status, error.value)
    try:
        return _read.read_page(page.value or 0)
    finally:
        library.interlock_checkpoint_page_free(page)


def history(handle: Handle, question: Question, channels: Sequence[bytes]) -> list[ChannelHistory]:
    """The histories of the channels, in the order asked."""
    result, error = c_void_p(), c_void_p()
    library = handle.library
    status = library.interlock_checkpoint_history(
        handle.token, question[0], texts(channels), len(channels), byref(result), byref(error)
    )
    if status:
        check(library, status, error.value)
    try:
        return _read.read_history(result.value or 0)
    finally:
        library.interlock_history_free(result)


def texts(values: Sequence[bytes]) -> bytes:
    """An array of `interlock_bytes`; the caller keeps the values alive."""
    return b"".join([_TEXT.pack(id(value) + _CONTENT, len(value)) for value in values])


def _words(texts: Sequence[bytes]) -> list[int]:
    return [word for text in texts for word in (id(text) + _CONTENT, len(text))]
