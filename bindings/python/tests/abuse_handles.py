"""Abuse of handles and results, one case per run: `python abuse_handles.py CASE`.

Run in a child process, because what is tested is that nothing can bring a process down.
"""

from __future__ import annotations

import random
from ctypes import addressof, byref, c_int32, c_int64, c_void_p, create_string_buffer
from typing import Any

from abuse_common import (
    DOCUMENT_CALLS,
    LIBRARY,
    WAITS,
    array,
    call,
    checkpoint,
    expect,
    main,
    query,
    text,
    unchanged,
    wait_arguments,
    writes,
)
from interlock import Cancel, Engine, Status, _ffi, _wire


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
    cases = (handles, cancels, results)
    main({case.__name__: case for case in cases})
