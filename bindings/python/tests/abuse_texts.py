"""Abuse of texts and documents, one case per run: `python abuse_texts.py CASE`.

Run in a child process, because what is tested is that nothing can bring a process down.
"""

from __future__ import annotations

from ctypes import byref, c_void_p

from abuse_common import (
    DOCUMENT_CALLS,
    IDS,
    MIB,
    array,
    ask,
    call,
    checkpoint,
    expect,
    main,
    put,
    put_writes,
    struct_of_array,
    text,
    unchanged,
    wait_arguments,
)
from interlock import Engine, Status, _ffi

BAD_TEXT = [b"\xff", b"a\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"caf\xe9", b"\xe2\x82"]


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


if __name__ == "__main__":
    cases = (utf8, json, documents)
    main({case.__name__: case for case in cases})
