"""Moves checkpoints across the C interface with as few Python steps as possible.

Every struct of the checkpoint path consists of 64-bit words: a pointer, a size, or two 32-bit
numbers. Going in, a whole array of structs is therefore one flat array of words, made by one
ctypes call instead of one per field; `c_char_p` takes the bytes (whose address becomes the word,
and which it keeps alive) and plain integers alike. Coming out, `struct` takes a whole array
apart at once. The tests compare these layouts with the header.
"""

from __future__ import annotations

from ctypes import addressof, byref, c_char_p, c_ubyte, c_void_p, string_at
from operator import add
from struct import Struct, unpack

from . import _ffi
from .errors import Status, check
from .records import ChannelHistory, ChannelValue, Checkpoint, Write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from ctypes import Array
    from typing import Any, TypeAlias, TypeVar

    Result = TypeVar("Result")

    from ._handle import Handle

    Word: TypeAlias = bytes | int
    Words: TypeAlias = list[Word]

_CHECKPOINT_INPUT_SIZE = 160
_WRITE_INPUT_SIZE = 128
_QUERY_SIZE = 112

_VERSION = Struct("<4Q")
_VALUE = Struct("<8QII")
_WRITE = Struct("<10QiI")
_CHECKPOINT = Struct("<20Q")
_PAGE = Struct("<II4Q2Q")
_HISTORY = Struct("<II2Q")
_CHANNEL_HISTORY = Struct("<8QII2Q")

LAYOUTS = {
    "interlock_checkpoint_input": _CHECKPOINT_INPUT_SIZE,
    "interlock_write_input": _WRITE_INPUT_SIZE,
    "interlock_checkpoint_query": _QUERY_SIZE,
    "interlock_channel_version": _VERSION.size,
    "interlock_channel_value": _VALUE.size,
    "interlock_write": _WRITE.size,
    "interlock_checkpoint": _CHECKPOINT.size,
    "interlock_checkpoint_page": _PAGE.size,
    "interlock_history": _HISTORY.size,
    "interlock_channel_history": _CHANNEL_HISTORY.size,
}

_CACHED_WORDS = 2048
_BORROWED_SIZE = 65536
_arrays: dict[int, type[Array[c_char_p]]] = {}


def words(values: Words) -> Array[c_char_p]:
    """A C array of words; it keeps the bytes in it alive."""
    count = len(values)
    kind = _arrays.get(count)
    if kind is None:
        kind = c_char_p * count
        if count <= _CACHED_WORDS:
            _arrays[count] = kind
    return kind(*values)  # type: ignore[misc]  # the elements take bytes and int as they are


def add_text(target: Words, *texts: bytes) -> None:
    """Append one `interlock_bytes` per text."""
    for text in texts:
        target += (text, len(text))


def put_checkpoint(
    handle: Handle,
    where: tuple[bytes, bytes, bytes, bytes],
    content: tuple[bytes, bytes, bytes],
    versions: Words,
    values: Words,
    flags: int = 0,
    fence: int = 0,
) -> None:
    """Store a checkpoint.

    Args:
        handle: the engine.
        where: thread id, namespace, checkpoint id, parent id.
        content: type tag, body, metadata JSON.
        versions: 4 words per channel: `interlock_channel_version`.
        values: 9 words per value: `interlock_channel_value`.
        flags: `INTERLOCK_PUT_GRAPH`, `INTERLOCK_PUT_EXCLUSIVE`.
        fence: of the claim on the thread, or 0.
    """
    thread_id, checkpoint_ns, checkpoint_id, parent_id = where
    tag, body, metadata = content
    version_array = words(versions)
    value_array = words(values)
    given = words(
        [
            _CHECKPOINT_INPUT_SIZE | flags << 32,
            thread_id,
            len(thread_id),
            checkpoint_ns,
            len(checkpoint_ns),
            checkpoint_id,
            len(checkpoint_id),
            parent_id,
            len(parent_id),
            tag,
            len(tag),
            body,
            len(body),
            metadata,
            len(metadata),
            addressof(version_array),
            len(versions) // 4,
            addressof(value_array),
            len(values) // 9,
            fence,
        ]
    )
    error = c_void_p()
    library = handle.library
    status = library.interlock_checkpoint_put(handle.token, given, byref(error))
    if status:
        check(library, status, error.value)


def put_writes(
    handle: Handle,
    where: tuple[bytes, bytes, bytes, bytes, bytes],
    values: Words,
    flags: int = 0,
    fence: int = 0,
    questions: bytes = b"",
) -> None:
    """Store the pending writes of a task.

    Args:
        handle: the engine.
        where: thread id, namespace, checkpoint id, task id, task path.
        values: 6 words per write: `interlock_write_value`.
        flags: `INTERLOCK_PUT_GRAPH`, `INTERLOCK_PUT_EXCLUSIVE`.
        fence: of the claim on the thread, or 0.
        questions: what the task asks people, as JSON, or nothing.
    """
    value_array = words(values)
    given: Words = [_WRITE_INPUT_SIZE | flags << 32]
    add_text(given, *where)
    given += (addressof(value_array), len(values) // 6, fence, questions, len(questions))
    error = c_void_p()
    library = handle.library
    status = library.interlock_checkpoint_put_writes(handle.token, words(given), byref(error))
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
) -> Array[c_char_p]:
    """An `interlock_checkpoint_query`."""
    given: Words = [_QUERY_SIZE | flags << 32]
    add_text(given, thread_id, checkpoint_ns, checkpoint_id, before_id, filter_json, cursor)
    given.append(limit)
    return words(given)


def get(handle: Handle, question: Array[c_char_p]) -> Checkpoint | None:
    """The checkpoint that a query names, or None if there is none."""
    return visit(handle, question, _same, borrow=False)


def _same(stored: Checkpoint) -> Checkpoint:
    return stored


def visit(
    handle: Handle,
    question: Array[c_char_p],
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
    status = library.interlock_checkpoint_get(handle.token, question, byref(page), byref(error))
    if status:
        if status == Status.NOT_FOUND:
            library.interlock_error_free(error)
            return None
        check(library, status, error.value)
    try:
        return use(_read_page(page.value or 0, borrow)[0][0])
    finally:
        library.interlock_checkpoint_page_free(page)


def list_page(handle: Handle, question: Array[c_char_p]) -> tuple[list[Checkpoint], bytes]:
    """One page of checkpoints, and the cursor of the next or b""."""
    page, error = c_void_p(), c_void_p()
    library = handle.library
    status = library.interlock_checkpoint_list(handle.token, question, byref(page), byref(error))
    if status:
        check(library, status, error.value)
    try:
        return _read_page(page.value or 0)
    finally:
        library.interlock_checkpoint_page_free(page)


def history(
    handle: Handle, question: Array[c_char_p], channels: Sequence[bytes]
) -> list[ChannelHistory]:
    """The histories of the channels, in the order asked."""
    names: Words = []
    add_text(names, *channels)
    result, error = c_void_p(), c_void_p()
    library = handle.library
    status = library.interlock_checkpoint_history(
        handle.token, question, words(names), len(channels), byref(result), byref(error)
    )
    if status:
        check(library, status, error.value)
    try:
        return _read_history(result.value or 0)
    finally:
        library.interlock_history_free(result)


def texts(values: Sequence[bytes]) -> Array[c_char_p]:
    """A C array of `interlock_bytes`; it keeps the bytes alive."""
    given: Words = []
    add_text(given, *values)
    return words(given)


def _text(data: int, size: int) -> str:
    return str(string_at(data, size), "utf-8") if size else ""


def _bytes(data: int, size: int) -> bytes:
    return string_at(data, size) if size else b""


def _view(data: int, size: int) -> bytes:
    """A large value where it stands; `bytes` to the type checker, as serializers declare it."""
    if size < _BORROWED_SIZE:
        return _bytes(data, size)
    view: Any = memoryview((c_ubyte * size).from_address(data)).cast("B")
    return view  # type: ignore[no-any-return]


def _read_page(address: int, borrow: bool = False) -> tuple[list[Checkpoint], bytes]:
    _, _, checkpoints, count, values, value_count, cursor, cursor_size = _PAGE.unpack(
        string_at(address, _PAGE.size)
    )
    if not count:
        return [], _bytes(cursor, cursor_size)
    take = _view if borrow else _bytes
    stored = [
        _read_value(fields, take)
        for fields in _VALUE.iter_unpack(_bytes(values, value_count * _VALUE.size))
    ]
    block = string_at(checkpoints, count * _CHECKPOINT.size)
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
    fields = unpack(f"<{4 * count}Q", string_at(address, count * _VERSION.size))
    starts, sizes = fields[0::2], fields[1::2]
    # The texts mostly stand one behind the other: then one copy and plain slices do.
    ends = [*map(add, starts, sizes)]
    if [*starts[1:]] == ends[:-1]:
        first = starts[0]
        block = string_at(first, ends[-1] - first)
        parts = [
            str(block[start - first : end - first], "utf-8")
            for start, end in zip(starts, ends, strict=True)
        ]
    else:
        parts = [*map(_text, starts, sizes)]
    return dict(zip(parts[0::2], parts[1::2], strict=True))


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
        ) in _WRITE.iter_unpack(string_at(address, count * _WRITE.size))
    ]


def _read_history(address: int) -> list[ChannelHistory]:
    _, _, channels, count = _HISTORY.unpack(string_at(address, _HISTORY.size))
    if not count:
        return []
    return [
        ChannelHistory(
            None if fields[8] & _ffi.VALUE_EMPTY else _read_value(fields),
            _read_writes(fields[10], fields[11]),
        )
        for fields in _CHANNEL_HISTORY.iter_unpack(
            string_at(channels, count * _CHANNEL_HISTORY.size)
        )
    ]
