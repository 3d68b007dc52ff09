"""Moves checkpoints across the C interface with as few Python steps as possible.

Every struct of the checkpoint path consists of 64-bit words: a pointer, a size, or two 32-bit
numbers. Going in, a struct is therefore packed in one step, and an array of structs is their
bytes one behind the other; the address of a text is where CPython keeps the content of a bytes
object. Whoever packs keeps the texts alive until the call has returned. Coming out, `struct`
takes a whole array apart at once. The tests compare these layouts with the header.
"""

from __future__ import annotations

from ctypes import (
    PYFUNCTYPE,
    byref,
    c_char_p,
    c_int,
    c_ssize_t,
    c_void_p,
    py_object,
    pythonapi,
)
from struct import Struct

from . import _ffi
from .errors import Status, check
from .records import ChannelHistory, ChannelValue, Checkpoint, Write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeAlias, TypeVar

    Result = TypeVar("Result")

    from ._handle import Handle

    # Channel and version.
    Version: TypeAlias = tuple[bytes, bytes]
    # Channel, version, type tag, data and flags: 0 or `VALUE_EMPTY`.
    Value: TypeAlias = tuple[bytes, bytes, bytes, bytes, int]
    # Channel, type tag and data.
    WriteValue: TypeAlias = tuple[bytes, bytes, bytes]
    # A struct, and the texts that it points to.
    Question: TypeAlias = tuple[bytes, tuple[bytes, ...]]

_VERSION = Struct("<4Q")
_VALUE = Struct("<8QII")
_WRITE = Struct("<10QiI")
_CHECKPOINT = Struct("<20Q")
_PAGE = Struct("<II4Q2Q")
_HISTORY = Struct("<II2Q")
_CHANNEL_HISTORY = Struct("<8QII2Q")
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
    "interlock_channel_version": _VERSION.size,
    "interlock_channel_value": _VALUE.size,
    "interlock_write": _WRITE.size,
    "interlock_checkpoint": _CHECKPOINT.size,
    "interlock_checkpoint_page": _PAGE.size,
    "interlock_history": _HISTORY.size,
    "interlock_channel_history": _CHANNEL_HISTORY.size,
}

_CHECKPOINT_INPUT_SIZE = _CHECKPOINT_INPUT.size
_BORROWED_SIZE = 65536
# id() of a bytes object is its address, and its content stands at its end, before a zero byte.
_CONTENT = bytes.__basicsize__ - 1
_READ_ONLY = 0x100
# The cursor, the filter and the like of a query that asks for one checkpoint.
_NO_TEXTS = (0,) * 6
# https://docs.python.org/3/c-api: with one step less than `string_at`, and than bytes before a str.
_bytes_at = PYFUNCTYPE(py_object, c_void_p, c_ssize_t)(("PyBytes_FromStringAndSize", pythonapi))
_text_at = PYFUNCTYPE(py_object, c_void_p, c_ssize_t, c_char_p)(("PyUnicode_DecodeUTF8", pythonapi))
_memory_at = PYFUNCTYPE(py_object, c_void_p, c_ssize_t, c_int)(
    ("PyMemoryView_FromMemory", pythonapi)
)


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
    pack_version, pack_value = _VERSION.pack, _VALUE.pack
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


def query_one(thread_id: bytes, checkpoint_ns: bytes, checkpoint_id: bytes) -> Question:
    """The query for one checkpoint, or for the latest if the id is empty."""
    packed = _QUERY.pack(
        _QUERY.size,
        0,
        id(thread_id) + _CONTENT,
        len(thread_id),
        id(checkpoint_ns) + _CONTENT,
        len(checkpoint_ns),
        id(checkpoint_id) + _CONTENT,
        len(checkpoint_id),
        *_NO_TEXTS,
        0,
        0,
    )
    return packed, (thread_id, checkpoint_ns, checkpoint_id)


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
        return use(_read_page(page.value or 0, borrow)[0][0])
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
        return _read_page(page.value or 0)
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
        return _read_history(result.value or 0)
    finally:
        library.interlock_history_free(result)


def texts(values: Sequence[bytes]) -> bytes:
    """An array of `interlock_bytes`; the caller keeps the values alive."""
    return b"".join([_TEXT.pack(id(value) + _CONTENT, len(value)) for value in values])


def _words(texts: Sequence[bytes]) -> list[int]:
    return [word for text in texts for word in (id(text) + _CONTENT, len(text))]


def _text(data: int, size: int) -> str:
    return _text_at(data, size, None) if size else ""


def _bytes(data: int, size: int) -> bytes:
    return _bytes_at(data, size) if size else b""


def _view(data: int, size: int) -> bytes:
    """A large value where it stands; `bytes` to the type checker, as serializers declare it."""
    if size < _BORROWED_SIZE:
        return _bytes(data, size)
    view: Any = _memory_at(data, size, _READ_ONLY)
    return view  # type: ignore[no-any-return]


def _read_page(address: int, borrow: bool = False) -> tuple[list[Checkpoint], bytes]:
    _, _, checkpoints, count, values, value_count, cursor, cursor_size = _PAGE.unpack(
        _bytes_at(address, _PAGE.size)
    )
    if not count:
        return [], _bytes(cursor, cursor_size)
    take = _view if borrow else _bytes
    stored = [
        _read_value(fields, take)
        for fields in _VALUE.iter_unpack(_bytes(values, value_count * _VALUE.size))
    ]
    block = _bytes_at(checkpoints, count * _CHECKPOINT.size)
    page = [_read_checkpoint(fields, stored) for fields in _CHECKPOINT.iter_unpack(block)]
    return page, _bytes(cursor, cursor_size)


def _read_checkpoint(fields: tuple[int, ...], stored: list[ChannelValue]) -> Checkpoint:
    versions, version_count, indexes, value_count, writes, write_count = fields[14:]
    names = _read_versions(versions, version_count)
    values = {}
    for index in memoryview(_bytes(indexes, value_count * 4)).cast("I"):
        value = stored[index]
        values[value.channel] = value
    return Checkpoint(
        _text(fields[0], fields[1]),
        _text(fields[2], fields[3]),
        _text(fields[4], fields[5]),
        _text(fields[6], fields[7]) or None,
        _text(fields[8], fields[9]),
        _bytes(fields[10], fields[11]),
        _bytes(fields[12], fields[13]),
        names,
        values,
        _read_writes(writes, write_count),
    )


def _read_versions(address: int, count: int) -> dict[str, str]:
    if not count:
        return {}
    return {
        _text_at(channel, channel_size, None): _text_at(version, version_size, None)
        for channel, channel_size, version, version_size in _VERSION.iter_unpack(
            _bytes_at(address, count * _VERSION.size)
        )
    }


def _read_value(
    fields: tuple[int, ...], take: Callable[[int, int], bytes] = _bytes
) -> ChannelValue:
    return ChannelValue(
        _text(fields[0], fields[1]),
        _text(fields[2], fields[3]),
        _text(fields[4], fields[5]),
        None if fields[8] & _ffi.VALUE_EMPTY else take(fields[6], fields[7]),
    )


def _read_writes(address: int, count: int) -> list[Write]:
    if not count:
        return []
    return [
        Write(
            _text(task_id, task_id_size),
            _text(path, path_size),
            _text(channel, channel_size),
            _text(tag, tag_size),
            _bytes(data, data_size),
            index,
        )
        for (
            task_id,
            task_id_size,
            path,
            path_size,
            channel,
            channel_size,
            tag,
            tag_size,
            data,
            data_size,
            index,
            _,
        ) in _WRITE.iter_unpack(_bytes_at(address, count * _WRITE.size))
    ]


def _read_history(address: int) -> list[ChannelHistory]:
    _, _, channels, count = _HISTORY.unpack(_bytes_at(address, _HISTORY.size))
    if not count:
        return []
    return [
        ChannelHistory(
            None if fields[8] & _ffi.VALUE_EMPTY else _read_value(fields),
            _read_writes(fields[10], fields[11]),
        )
        for fields in _CHANNEL_HISTORY.iter_unpack(
            _bytes_at(channels, count * _CHANNEL_HISTORY.size)
        )
    ]
