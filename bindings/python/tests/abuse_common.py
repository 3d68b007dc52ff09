"""What the abuse cases share: raw calls, structs that can be made wrong, a watched store."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import Structure, addressof, byref, c_void_p, sizeof, string_at
from typing import Any

from interlock import ChannelValue, Engine, Status, _ffi, _load

LIBRARY = _load.library()
KIB, MIB = 1024, 1024 * 1024
IDS = ("thread_id", "checkpoint_id", "parent_id")
DOCUMENT_CALLS = [
    name
    for name, _, parameters, _ in _ffi.PROTOTYPES
    if parameters[:3] == ("interlock_engine *", "const char *", "size_t")
    and name.split("_")[1] in {"review", "policy", "event", "audit"}
]
WAITS = {"interlock_review_wait", "interlock_event_wait"}
_alive: list[Any] = []


def wait_arguments(function: str) -> tuple[Any, ...]:
    """What stands between a request and the output."""
    return (0, None) if function in WAITS else ()


def text(content: bytes | None, size: int | None = None) -> _ffi.Bytes:
    """An `interlock_bytes`; its size may be a lie."""
    _alive.append(content)
    part = _ffi.Bytes()
    if content is not None:
        keeper = _ffi.c_char_p(content)
        _alive.append(keeper)
        part.data = _ffi.c_void_p.from_buffer(keeper).value
    part.size = len(content or b"") if size is None else size
    return part


def array(kind: type[Structure], *items: Structure) -> int:
    """The address of a C array, which stays alive."""
    made = (kind * max(1, len(items)))(*items)
    _alive.append(made)
    return addressof(made)


def struct(kind: type[Structure], **fields: Any) -> Structure:
    """A struct with its size set, and texts from bytes."""
    return struct_of_array(kind, **{"struct_size": sizeof(kind), **fields})


def checkpoint(**fields: Any) -> Structure:
    return struct(_ffi.CheckpointInput, **{"thread_id": b"t", "checkpoint_id": b"9", **fields})


def writes(**fields: Any) -> Structure:
    one = struct_of_array(_ffi.WriteValue, channel=b"c", type=b"x", data=b"d")
    defaults = {"thread_id": b"t", "checkpoint_id": b"9", "task_id": b"T"}
    values = {"values": array(_ffi.WriteValue, one), "value_count": 1}
    return struct(_ffi.WriteInput, **{**defaults, **values, **fields})


def query(**fields: Any) -> Structure:
    return struct(_ffi.CheckpointQuery, **{"thread_id": b"t", **fields})


def struct_of_array(kind: type[Structure], **fields: Any) -> Structure:
    """A struct that stands in arrays, with texts from bytes."""
    given = {
        name: text(value) if isinstance(value, bytes) else value for name, value in fields.items()
    }
    return kind(**given)


def call(function: str, *arguments: Any) -> tuple[int, str, str]:
    """Status, message and path of a call that takes an error last; frees the error."""
    error = c_void_p()
    status = getattr(LIBRARY, function)(*arguments, byref(error))
    if status == Status.OK:
        assert not error.value, f"{function}: OK with an error object"
        return status, "", ""
    assert error.value, f"{function}: status {status} without an error object"
    told = _ffi.Error.from_address(error.value)
    assert told.code == status, f"{function}: returned {status}, told {told.code}"
    message, path = (
        str(string_at(part.data, part.size), "utf-8") if part.size else ""
        for part in (told.message, told.path)
    )
    LIBRARY.interlock_error_free(error)
    assert message and "\n" not in message, f"{function}: message {message!r}"
    # the same call without an error object has the same outcome
    assert getattr(LIBRARY, function)(*arguments, None) == status, function
    return status, message, path


def expect(wanted: Status, names: str, function: str, *arguments: Any) -> None:
    """The call has this status, and its message or path names the argument."""
    status, message, path = call(function, *arguments)
    assert status == wanted, f"{function}: {wanted.name} expected, got {status}: {message}"
    assert names in message or names in path, f"{function}: {names!r} not in {message!r}, {path!r}"


def put(engine: Engine, wanted: Status, names: str, **fields: Any) -> None:
    given = checkpoint(**fields)
    expect(wanted, names, "interlock_checkpoint_put", engine.handle.token, byref(given))


def put_writes(engine: Engine, wanted: Status, names: str, **fields: Any) -> None:
    given = writes(**fields)
    expect(wanted, names, "interlock_checkpoint_put_writes", engine.handle.token, byref(given))


def ask(engine: Engine, wanted: Status, names: str, function: str, **fields: Any) -> None:
    given, page = query(**fields), c_void_p(1)
    token = engine.handle.token
    expect(wanted, names, f"interlock_checkpoint_{function}", token, byref(given), byref(page))
    assert not page.value, f"{function}: an output after a failure"


@contextmanager
def unchanged(url: str = ":memory:") -> Iterator[Engine]:
    """A store with a checkpoint in it, which must be the same afterwards."""
    with Engine.open(url) as engine:
        engine.checkpoints.put(
            "t", "1", body=b"b", metadata={"a": 1}, versions={"c": "1"},
            values=[ChannelValue("c", "1", "x", b"v" * 3000)],
        )  # fmt: skip
        engine.checkpoints.put_writes("t", "1", [("c", "x", b"w")], task_id="T")
        before = list(engine.checkpoints.list()), list(engine.threads.list())
        yield engine
        assert (list(engine.checkpoints.list()), list(engine.threads.list())) == before
        assert engine.check().ok


def main(cases: dict[str, Callable[..., None]]) -> None:
    """Run the case that the command line names, with the rest as its arguments."""
    cases[sys.argv[1]](*sys.argv[2:])
    print("survived")
