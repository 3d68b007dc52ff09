"""Abuse of handles and arguments, one case per run: `python abuse_arguments.py CASE`.

Run in a child process, because what is tested is that nothing can bring a process down.
"""

from __future__ import annotations

import random
from ctypes import (
    addressof,
    byref,
    c_int32,
    c_int64,
    c_uint32,
    c_void_p,
    create_string_buffer,
    sizeof,
)
from typing import Any, ClassVar

from abuse_common import (
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
from interlock import Cancel, Engine, Status, _ffi, _wire

BAD_TEXT = [b"\xff", b"a\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"caf\xe9", b"\xe2\x82"]
IDS = ("thread_id", "checkpoint_id", "parent_id")


DOCUMENT_CALLS = [
    name
    for name, _, parameters, _ in _ffi.PROTOTYPES
    if parameters[:3] == ("interlock_engine *", "const char *", "size_t")
    and name.split("_")[1] in {"review", "policy", "event", "audit"}
]
WAITS = {"interlock_review_wait", "interlock_event_wait"}


def wait_arguments(function: str) -> tuple[Any, ...]:
    """What stands between a request and the output."""
    return (0, None) if function in WAITS else ()


def engine_calls() -> dict[str, tuple[Any, ...]]:
    """Arguments, all of them sound, for every function that takes an engine."""
    out, ids = byref(c_void_p()), array(_ffi.Bytes, text(b"t"))
    return {
        "interlock_engine_close": (),
        "interlock_engine_info": (out,),
        "interlock_engine_check": (out,),
        "interlock_thread_delete": (b"t", 1),
        "interlock_thread_copy": (b"t", 1, b"u", 1),
        "interlock_thread_prune": (ids, 1, _ffi.PRUNE_DELETE),
        "interlock_thread_storage": (b"t", 1, out),
        "interlock_thread_list": (b"", 0, 0, out),
        "interlock_checkpoint_put": (byref(checkpoint()),),
        "interlock_checkpoint_put_writes": (byref(writes()),),
        "interlock_checkpoint_get": (byref(query()), out),
        "interlock_checkpoint_list": (byref(query()), out),
        "interlock_checkpoint_history": (byref(query()), ids, 1, out),
        "interlock_checkpoint_delete_for_runs": (ids, 1),
        "interlock_engine_tick": (out,),
        "interlock_engine_next_deadline": (byref(c_int64()),),
        "interlock_engine_set_time": (5,),
        "interlock_engine_event_fd": (byref(c_int32()),),
        **{name: (b"{}", 2, *wait_arguments(name), out) for name in DOCUMENT_CALLS},
    }


def handles() -> None:
    """NULL, small numbers, addresses, results of other kinds, near misses, closed, stale."""
    with unchanged() as engine:
        closed = Engine.open(":memory:")
        stale = closed.handle.token
        closed.close()
        reopened = [Engine.open(":memory:") for _ in range(4)]  # may reuse the slot
        page = c_void_p()
        given = query()
        LIBRARY.interlock_checkpoint_get(engine.handle.token, byref(given), byref(page), None)
        block = create_string_buffer(256)
        token = engine.handle.token
        live = {token, *(other.handle.token for other in reopened)}
        forged = [
            None,
            1,
            2,
            8,
            4096,
            2**64 - 1,
            2**63,
            page.value,
        ]
        forged += [addressof(block)]
        forged += [token ^ 1 << bit for bit in range(64)]
        dice = random.Random(7)
        forged += [dice.getrandbits(64) for _ in range(200)]
        accepted = {Status.BAD_HANDLE, Status.CLOSED, Status.FORKED}
        for function, arguments in engine_calls().items():
            for bad in forged:
                if bad in live:
                    continue
                status, message, path = call(function, bad, *arguments)
                assert status in accepted, (function, bad, status, message)
                assert "engine" in message or path == "engine", message
            expect(Status.BAD_HANDLE, "engine", function, None, *arguments)
            expect(Status.CLOSED, "engine", function, stale, *arguments)
        LIBRARY.interlock_checkpoint_page_free(page)
        for other in reopened:
            assert other.info().store == "sqlite"
            other.close()


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


def utf8() -> None:
    """Bytes that are not UTF-8, in every text there is."""
    wanted = Status.INVALID_UTF8
    with unchanged() as engine:
        token = engine.handle.token
        for bad in BAD_TEXT:
            for field in (*IDS, "checkpoint_ns", "type"):
                put(engine, wanted, field, **{field: bad})
            for channel, version in ((bad, b"1"), (b"c", bad)):
                item = struct_of_array(_ffi.ChannelVersion, channel=channel, version=version)
                where = {"versions": array(_ffi.ChannelVersion, item), "version_count": 1}
                put(engine, wanted, "versions", **where)
            for field in ("channel", "version", "type"):
                parts = {"channel": b"c", "version": b"1", "type": b"x", "data": b"", field: bad}
                item = struct_of_array(_ffi.ChannelValue, **parts)
                where = {"values": array(_ffi.ChannelValue, item), "value_count": 1}
                put(engine, wanted, "values", **where)
            for field in ("thread_id", "checkpoint_ns", "checkpoint_id", "task_id", "task_path"):
                put_writes(engine, wanted, field, **{field: bad})
            for field in ("thread_id", "checkpoint_ns", "checkpoint_id", "before_id"):
                ask(engine, wanted, field, "list", **{field: bad})
            size = len(bad)
            expect(wanted, "thread_id", "interlock_thread_delete", token, bad, size)
            expect(wanted, "source_id", "interlock_thread_copy", token, bad, size, b"u", 1)
            expect(wanted, "target_id", "interlock_thread_copy", token, b"t", 1, bad, size)
            expect(wanted, "after", "interlock_thread_list", token, bad, size, 0, byref(c_void_p()))
            ids = array(_ffi.Bytes, text(b"t"), text(bad))
            expect(wanted, "thread_ids", "interlock_thread_prune", token, ids, 2, 2)
            expect(wanted, "run_ids", "interlock_checkpoint_delete_for_runs", token, ids, 2)
            expect(wanted, "url", "interlock_engine_open", bad, size, None, byref(c_void_p()))
            for json in (b'{"a":"' + bad + b'"}',):
                status = attempt_json(engine, json)
                assert status in {Status.INVALID_UTF8, Status.INVALID_JSON}, status


def attempt_json(engine: Engine, metadata: bytes) -> int:
    given = checkpoint(metadata=metadata)
    status, message, path = call("interlock_checkpoint_put", engine.handle.token, byref(given))
    assert status == Status.OK or "metadata" in message or "metadata" in path, (message, path)
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


def json() -> None:
    """Metadata and filters that are not JSON, or not an object, or too deep."""
    wanted = Status.INVALID_JSON
    deep = b'{"a":' * 65 + b"1" + b"}" * 65
    bad = [b"[1]", b"1", b"null", b"{", b'{"a":}', b'{"a":1,}', b'{"a":NaN}', b"{'a':1}", b"\0"]
    bad += [b'{"a":1}x', b'{"a":01}', b'{"a":"\n"}', b'{"a":"\\ud800"}', b'{"a":1,"a":2}', b" "]
    with unchanged() as engine:
        for content in bad:
            put(engine, wanted, "metadata", metadata=content)
            ask(engine, wanted, "filter", "list", filter=content)
        status = attempt_json(engine, deep)
        assert status in {Status.TOO_LARGE, Status.INVALID_JSON}, status


def documents() -> None:
    """Requests that are no documents, for every function that takes one."""
    deep = b'{"x-a":' * 65 + b"1" + b"}" * 65
    with unchanged() as engine:
        token = engine.handle.token
        review = engine.reviews.open("approval", {})["review"]
        assert len(DOCUMENT_CALLS) == 24
        for name in DOCUMENT_CALLS:
            middle, out = wait_arguments(name), c_void_p(1)
            expect(Status.MISUSE, "request", name, token, None, 2, *middle, byref(out))
            expect(Status.MISUSE, "out_", name, token, b"{}", 2, *middle, None)
            for bad in (b"", b"{", b"\0", b'{"id":1,"id":2}', b'{"id":"\xff"}', b'{"a":NaN}'):
                out = c_void_p(1)
                expect(Status.INVALID_JSON, "", name, token, bad, len(bad), *middle, byref(out))
                assert not out.value
            for bad in (b"[]", b"1", b"null", b'"id"', b'{"surprise":1}'):
                status, message, _ = call(name, token, bad, len(bad), *middle, byref(out))
                allowed = {Status.INVALID_ARGUMENT, Status.INVALID_JSON, Status.INVALID_PAYLOAD}
                assert status in {*allowed, Status.INVALID_POLICY}, (name, bad, status, message)
            for size in (8 * MIB + 1, 2**32, 2**63, 2**64 - 1):
                expect(Status.TOO_LARGE, "request", name, token, b"{}", size, *middle, byref(out))
            expect(Status.TOO_LARGE, "", name, token, deep, len(deep), *middle, byref(out))
        assert engine.reviews.get(review["id"]) == review
    out = byref(c_void_p())
    expect(Status.MISUSE, "receipt", "interlock_receipt_verify", None, 1, b"k", 1, out)
    expect(Status.MISUSE, "public_key", "interlock_receipt_verify", b"{}", 2, None, 1, out)
    expect(Status.MISUSE, "out_json", "interlock_receipt_verify", b"{}", 2, b"k", 1, None)


def cancels() -> None:
    """Handles of another kind, forged, closed and stale, where a cancel handle belongs."""
    with unchanged() as engine, Cancel() as cancel:
        token = engine.handle.token
        id = engine.reviews.open("approval", {})["review"]["id"]
        request = b'{"ids":["' + id.encode() + b'"]}'
        size = len(request)
        dice = random.Random(11)
        forged = [1, 2, 4096, 2**64 - 1, token, *(cancel.token ^ 1 << bit for bit in range(64))]
        forged += [dice.getrandbits(64) for _ in range(100)]
        accepted = {Status.BAD_HANDLE, Status.CLOSED, Status.FORKED}
        for bad in forged:
            for name in ("interlock_cancel_signal", "interlock_cancel_close"):
                assert call(name, bad)[0] in accepted, (name, bad)
            for name in WAITS:
                out = byref(c_void_p())
                status, message, _ = call(name, token, request, size, 0, bad, out)
                assert status in {*accepted, Status.INVALID_ARGUMENT}, (name, bad, message)
        assert call("interlock_engine_info", cancel.token, byref(c_void_p()))[0] in accepted
        expect(Status.BAD_HANDLE, "cancel", "interlock_cancel_signal", None)
        expect(Status.MISUSE, "out_cancel", "interlock_cancel_create", None)


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


def results() -> None:
    """Freeing NULL, twice, from elsewhere, and as another kind."""
    frees = [name for name, *_ in _ffi.PROTOTYPES if name.endswith("_free")]
    assert len(frees) == 4
    block = create_string_buffer(4096)
    with unchanged() as engine:
        token, given = engine.handle.token, query()
        for _ in range(50):
            page, buffer, error, history = (c_void_p() for _ in range(4))
            LIBRARY.interlock_checkpoint_get(token, byref(given), byref(page), None)
            LIBRARY.interlock_engine_info(token, byref(buffer), None)
            LIBRARY.interlock_engine_info(None, byref(c_void_p()), byref(error))
            names = array(_ffi.Bytes, text(b"c"))
            LIBRARY.interlock_checkpoint_history(
                token, byref(given), names, 1, byref(history), None
            )
            made = [page.value, buffer.value, error.value, history.value]
            assert all(made)
            for name in frees:
                free = getattr(LIBRARY, name)
                free(None)
                for address in (1, token, addressof(block), 2**64 - 1):
                    free(address)
            order = list(enumerate(made))
            for shift in range(1, 4):  # every result is offered to the other kinds first
                kinds = ["checkpoint_page", "buffer", "error", "history"]
                for place, address in order:
                    getattr(LIBRARY, f"interlock_{kinds[(place + shift) % 4]}_free")(address)
            for kind, address in zip(kinds, made, strict=True):
                getattr(LIBRARY, f"interlock_{kind}_free")(address)
                getattr(LIBRARY, f"interlock_{kind}_free")(address)
        assert _wire.get(engine.handle, _wire.query(0, b"t", b"", b"")) is not None


if __name__ == "__main__":
    cases = (handles, nulls, empties, struct_sizes, utf8, oversize, json, documents, cancels)
    cases += (flags, results)
    main({case.__name__: case for case in cases})
