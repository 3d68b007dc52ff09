"""Abuse of arguments and structs, one case per run: `python abuse_arguments.py CASE`.

Run in a child process, because what is tested is that nothing can bring a process down.
"""

from __future__ import annotations

from ctypes import byref, c_uint32, c_void_p, sizeof
from typing import Any, ClassVar

from abuse_common import (
    IDS,
    LIBRARY,
    MIB,
    array,
    ask,
    call,
    checkpoint,
    expect,
    main,
    put,
    put_writes,
    query,
    struct,
    struct_of_array,
    text,
    unchanged,
    writes,
)
from interlock import Engine, Status, _ffi


def nulls() -> None:
    """A NULL where something is needed, and a NULL with a size."""
    with unchanged() as engine:
        token, out = engine.handle.token, byref(c_void_p())
        for function in ("info", "check"):
            expect(Status.MISUSE, "out_json", f"interlock_engine_{function}", token, None)
        expect(Status.MISUSE, "out_json", "interlock_thread_storage", token, b"t", 1, None)
        expect(Status.MISUSE, "out_json", "interlock_thread_list", token, b"", 0, 0, None)
        expect(Status.MISUSE, "input", "interlock_checkpoint_put", token, None)
        expect(Status.MISUSE, "input", "interlock_checkpoint_put_writes", token, None)
        given = query()
        for function in ("get", "list"):
            name = f"interlock_checkpoint_{function}"
            expect(Status.MISUSE, "query", name, token, None, out)
            expect(Status.MISUSE, "out_page", name, token, byref(given), None)
        name = "interlock_checkpoint_history"
        expect(Status.MISUSE, "query", name, token, None, None, 0, out)
        expect(Status.MISUSE, "out_history", name, token, byref(given), None, 0, None)
        expect(Status.MISUSE, "channels", name, token, byref(given), None, 1, out)
        expect(Status.MISUSE, "url", "interlock_engine_open", None, 3, None, out)
        expect(Status.MISUSE, "out_engine", "interlock_engine_open", b":memory:", 8, None, None)
        expect(Status.MISUSE, "thread_id", "interlock_thread_delete", token, None, 1)
        expect(Status.MISUSE, "thread_ids", "interlock_thread_prune", token, None, 1, 1)
        expect(Status.MISUSE, "run_ids", "interlock_checkpoint_delete_for_runs", token, None, 1)
        for field in (*IDS, "checkpoint_ns", "type", "body", "metadata"):
            put(engine, Status.MISUSE, field, **{field: text(None, 1)})
        put(engine, Status.MISUSE, "versions", versions=None, version_count=1)
        put(engine, Status.MISUSE, "values", values=None, value_count=1)
        put_writes(engine, Status.MISUSE, "values", values=None, value_count=1)
        for field in ("thread_id", "checkpoint_id", "task_id", "task_path", "checkpoint_ns"):
            put_writes(engine, Status.MISUSE, field, **{field: text(None, 1)})
        for field in ("thread_id", "filter", "cursor", "before_id"):
            ask(engine, Status.MISUSE, field, "list", **{field: text(None, 1)})


def empties() -> None:
    """Ids that must not be empty, and combinations that mean nothing."""
    with unchanged() as engine:
        token = engine.handle.token
        for field in ("thread_id", "checkpoint_id"):
            put(engine, Status.INVALID_ARGUMENT, field, **{field: b""})
            put_writes(engine, Status.INVALID_ARGUMENT, field, **{field: b""})
        put_writes(engine, Status.INVALID_ARGUMENT, "task_id", task_id=b"")
        bad = Status.INVALID_ARGUMENT
        expect(bad, "thread_id", "interlock_thread_delete", token, b"", 0)
        expect(bad, "target_id", "interlock_thread_copy", token, b"t", 1, b"", 0)
        expect(bad, "target_id", "interlock_thread_copy", token, b"t", 1, b"t", 1)
        expect(bad, "limit", "interlock_thread_list", token, b"", 0, 1001, byref(c_void_p()))
        version = struct_of_array(_ffi.ChannelVersion, channel=b"c", version=b"1")
        value = struct_of_array(_ffi.ChannelValue, channel=b"c", version=b"1", type=b"x")
        twins = array(_ffi.ChannelVersion, version, version)
        put(engine, bad, "versions", versions=twins, version_count=2)
        put(engine, bad, "values", values=array(_ffi.ChannelValue, value, value), value_count=2)
        ask(engine, bad, "limit", "list", limit=1001)
        ask(engine, bad, "thread_id", "list", flags=_ffi.QUERY_ANY_THREAD)
        ask(engine, bad, "checkpoint_ns", "list", checkpoint_ns=b"n", flags=2)
        ask(engine, bad, "cursor", "list", cursor=b"not a cursor")
        for field, value in (("before_id", b"1"), ("filter", b"{}"), ("cursor", b"1")):
            ask(engine, bad, field, "get", **{field: value})
        ask(engine, bad, "limit", "get", limit=1)
        any_thread = {"thread_id": b"", "flags": _ffi.QUERY_ANY_THREAD}
        ask(engine, Status.UNSUPPORTED, "flags", "get", **any_thread)
        for number in (0, 3, 2**32 - 1):
            ids = array(_ffi.Bytes, text(b"t"))
            status, message, _ = call("interlock_thread_prune", token, ids, 1, number)
            assert status in {Status.INVALID_ARGUMENT, Status.UNSUPPORTED}, (status, message)
            assert "strategy" in message


def struct_sizes() -> None:
    """Sizes that this version does not know."""
    with unchanged() as engine:
        for size in (0, 1, 3, 4, 7):
            for send in (put, put_writes):
                given = {"struct_size": size}
                status = attempt(engine, send, given)
                assert status in {Status.INVALID_ARGUMENT, Status.UNSUPPORTED}, status
            small = query(struct_size=size)
            out = byref(c_void_p())
            for function in ("get", "list"):
                name = f"interlock_checkpoint_{function}"
                status, message, _ = call(name, engine.handle.token, byref(small), out)
                assert status in {Status.INVALID_ARGUMENT, Status.UNSUPPORTED}, (status, message)
                assert "struct_size" in message, message
        larger = (_Larger * 1)()
        larger[0].known = query(struct_size=sizeof(_Larger))
        page = c_void_p()
        token = engine.handle.token
        name = "interlock_checkpoint_get"
        assert call(name, token, byref(larger), byref(page))[0] == Status.OK  # the rest is zero
        LIBRARY.interlock_checkpoint_page_free(page)
        larger[0].unknown[1] = 1
        expect(Status.UNSUPPORTED, "query", name, token, byref(larger), byref(page))


class _Larger(_ffi.Structure):
    _fields_: ClassVar = [("known", _ffi.CheckpointQuery), ("unknown", c_uint32 * 2)]


def attempt(engine: Engine, send: Any, fields: dict[str, Any]) -> int:
    given = checkpoint(**fields) if send is put else writes(**fields)
    suffix = "put" if send is put else "put_writes"
    status, message, _ = call(f"interlock_checkpoint_{suffix}", engine.handle.token, byref(given))
    assert "struct_size" in message, message
    return status


def oversize() -> None:
    """One byte or element more than the limit, and sizes that lie about 16 exabytes."""
    wanted = Status.TOO_LARGE
    with unchanged() as engine:
        token, long_id = engine.handle.token, b"i" * 513
        for field in IDS:
            put(engine, wanted, field, **{field: long_id})
        put(engine, wanted, "checkpoint_ns", checkpoint_ns=b"n" * 4097)
        put(engine, wanted, "type", type=b"y" * 65)
        put(engine, wanted, "metadata", metadata=b'{"a":"' + b"m" * 8 * MIB + b'"}')
        put_writes(engine, wanted, "task_id", task_id=long_id)
        put_writes(engine, wanted, "task_path", task_path=b"p" * 4097)
        for field, limit in (("channel", 512), ("version", 512), ("type", 64)):
            parts = {"channel": b"c", "version": b"1", "type": b"x", "data": b""}
            item = struct_of_array(_ffi.ChannelValue, **{**parts, field: b"v" * (limit + 1)})
            put(engine, wanted, "values", values=array(_ffi.ChannelValue, item), value_count=1)
        lies = (65537, 2**31, 2**63, 2**64 - 1)
        spare = array(_ffi.ChannelValue, _ffi.ChannelValue())
        for count in lies:
            put(engine, wanted, "versions", versions=spare, version_count=count)
            put(engine, wanted, "values", values=spare, value_count=count)
            put_writes(engine, wanted, "values", values=spare, value_count=count)
            expect(wanted, "thread_ids", "interlock_thread_prune", token, spare, count, 1)
            expect(wanted, "run_ids", "interlock_checkpoint_delete_for_runs", token, spare, count)
            out, given = byref(c_void_p()), query()
            name = "interlock_checkpoint_history"
            expect(wanted, "channels", name, token, byref(given), spare, count, out)
        for size in (2**32, 2**63, 2**64 - 1):
            put(engine, wanted, "thread_id", thread_id=text(b"t", size))
            put(engine, wanted, "body", body=text(b"b", size))
            put(engine, wanted, "metadata", metadata=text(b"m", size))
            expect(wanted, "thread_id", "interlock_thread_delete", token, b"t", size)
            expect(wanted, "url", "interlock_engine_open", b"x", size, None, byref(c_void_p()))
        expect(wanted, "url", "interlock_engine_open", b"x" * 4097, 4097, None, byref(c_void_p()))


def flags() -> None:
    """Flags and numbers that this version does not know."""
    wanted = Status.UNSUPPORTED
    with unchanged() as engine:
        for bit in (4, 1 << 31):
            put(engine, wanted, "flags", flags=bit)
            put_writes(engine, wanted, "flags", flags=bit)
        for bit in (16, 1 << 31):
            ask(engine, wanted, "flags", "get", flags=bit)
            ask(engine, wanted, "flags", "list", flags=bit)
        parts = {"channel": b"c", "version": b"2", "type": b"x", "data": b""}
        item = struct_of_array(_ffi.ChannelValue, **parts, flags=2)
        put(engine, wanted, "flags", values=array(_ffi.ChannelValue, item), value_count=1)
        for field, value in (("flags", 16), ("flags", 1 << 31), ("durability", 2)):
            options = struct(_ffi.EngineOptions, **{field: value})
            out = byref(c_void_p())
            name = "interlock_engine_open"
            expect(wanted, field, name, b":memory:", 8, byref(options), out)
        options = struct(_ffi.EngineOptions, max_value_bytes=2**30 + 1)
        name, out = "interlock_engine_open", byref(c_void_p())
        status, message, _ = call(name, b":memory:", 8, byref(options), out)
        assert status in {Status.INVALID_ARGUMENT, Status.TOO_LARGE}, status
        assert "max_value_bytes" in message, message


if __name__ == "__main__":
    cases = (nulls, empties, struct_sizes, oversize, flags)
    main({case.__name__: case for case in cases})
