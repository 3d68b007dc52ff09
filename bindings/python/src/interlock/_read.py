"""Takes the results of the checkpoint path apart, a whole array of structs at once."""

from __future__ import annotations

from ctypes import PYFUNCTYPE, c_char_p, c_int, c_ssize_t, c_void_p, py_object, pythonapi
from struct import Struct

from . import _ffi
from .records import ChannelHistory, ChannelValue, Checkpoint, Write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

VERSION = Struct("<4Q")
VALUE = Struct("<8QII")
WRITE = Struct("<10QiI")
CHECKPOINT = Struct("<20Q")
PAGE = Struct("<II4Q2Q")
HISTORY = Struct("<II2Q")
CHANNEL_HISTORY = Struct("<8QII2Q")

_BORROWED_SIZE = 65536
_READ_ONLY = 0x100  # PyBUF_READ
# https://docs.python.org/3/c-api: with one step less than `string_at`, and than bytes before a str.
_bytes_at = PYFUNCTYPE(py_object, c_void_p, c_ssize_t)(("PyBytes_FromStringAndSize", pythonapi))
_text_at = PYFUNCTYPE(py_object, c_void_p, c_ssize_t, c_char_p)(("PyUnicode_DecodeUTF8", pythonapi))
_memory_at = PYFUNCTYPE(py_object, c_void_p, c_ssize_t, c_int)(
    ("PyMemoryView_FromMemory", pythonapi)
)


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


def read_page(address: int, borrow: bool = False) -> tuple[list[Checkpoint], bytes]:
    """The checkpoints of an `interlock_checkpoint_page`, and its cursor.

    With `borrow` the data of large values are views that last as long as the page.
    """
    _, _, checkpoints, count, values, value_count, cursor, cursor_size = PAGE.unpack(
        _bytes_at(address, PAGE.size)
    )
    if not count:
        return [], _bytes(cursor, cursor_size)
    take = _view if borrow else _bytes
    stored = [
        _read_value(fields, take)
        for fields in VALUE.iter_unpack(_bytes(values, value_count * VALUE.size))
    ]
    block = _bytes_at(checkpoints, count * CHECKPOINT.size)
    page = [_read_checkpoint(fields, stored) for fields in CHECKPOINT.iter_unpack(block)]
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
        for channel, channel_size, version, version_size in VERSION.iter_unpack(
            _bytes_at(address, count * VERSION.size)
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
        ) in WRITE.iter_unpack(_bytes_at(address, count * WRITE.size))
    ]


def read_history(address: int) -> list[ChannelHistory]:
    """The channels of an `interlock_history`."""
    _, _, channels, count = HISTORY.unpack(_bytes_at(address, HISTORY.size))
    if not count:
        return []
    return [
        ChannelHistory(
            None if fields[8] & _ffi.VALUE_EMPTY else _read_value(fields),
            _read_writes(fields[10], fields[11]),
        )
        for fields in CHANNEL_HISTORY.iter_unpack(_bytes_at(channels, count * CHANNEL_HISTORY.size))
    ]
