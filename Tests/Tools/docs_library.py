"""The review functions of libinterlock as the guide uses them: JSON in, status and JSON out."""

from __future__ import annotations

import ctypes
import json
from ctypes import (
    POINTER,
    Structure,
    byref,
    c_char_p,
    c_int32,
    c_int64,
    c_size_t,
    c_uint32,
    c_uint64,
    c_void_p,
)
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

START = 1_800_000_000_000
MANUAL_CLOCK = 4


class Bytes(Structure):
    _fields_ = [("data", c_void_p), ("size", c_size_t)]

    def text(self) -> str:
        return ctypes.string_at(self.data, self.size).decode() if self.size else ""


class Error(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("code", c_int32),
        ("message", Bytes),
        ("path", Bytes),
        ("details", Bytes),
    ]


class Buffer(Structure):
    _fields_ = [("struct_size", c_uint32), ("reserved", c_uint32), ("content", Bytes)]


class Options(Structure):
    _fields_ = [
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


@dataclass
class Outcome:
    """What a call came to."""

    status: str
    value: Any = None
    text: str = ""
    message: str = ""
    path: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def problems(self) -> list[str]:
        """Each problem as `code@path`, the notation of the guide."""
        found = self.details.get("problems", [])
        return [f"{problem['code']}@{problem['path']}" for problem in found]


class Library:
    """The loaded library."""

    def __init__(self, path: Path) -> None:
        """Loads it."""
        self.path = path
        self.c = ctypes.CDLL(str(path))
        self.c.interlock_status_name.restype = c_char_p
        self.c.interlock_status_name.argtypes = [c_int32]
        self.c.interlock_error_free.argtypes = [POINTER(Error)]
        self.c.interlock_buffer_free.argtypes = [POINTER(Buffer)]

    def call(self, name: str, *arguments: Any) -> Outcome:
        """Calls a function whose last two parameters are out_json and out_error."""
        buffer, error = POINTER(Buffer)(), POINTER(Error)()
        status = getattr(self.c, f"interlock_{name}")(*arguments, byref(buffer), byref(error))
        outcome = Outcome(self.c.interlock_status_name(status).decode())
        if buffer:
            outcome.text = buffer.contents.content.text()
            # The export of the audit is lines, everything else one document.
            outcome.value = None if name == "audit_export" else json.loads(outcome.text)
            self.c.interlock_buffer_free(buffer)
        if error:
            outcome.message = error.contents.message.text()
            outcome.path = error.contents.path.text()
            outcome.details = json.loads(error.contents.details.text() or "{}")
            self.c.interlock_error_free(error)
        return outcome


class Engine:
    """A private store whose clock stands still."""

    def __init__(self, library: Library) -> None:
        """Opens the store, at the time START."""
        self.library = library
        self.now = START
        self.handle = c_void_p()
        options = Options(ctypes.sizeof(Options), MANUAL_CLOCK, manual_time_ms=START)
        url = b":memory:"
        error = POINTER(Error)()
        status = library.c.interlock_engine_open(
            url, c_size_t(len(url)), byref(options), byref(self.handle), byref(error)
        )
        if status != 0:
            raise RuntimeError(f"no engine: {error.contents.message.text()}")

    def call(self, name: str, request: object) -> Outcome:
        """Calls `interlock_<name>` with a JSON request; bytes and texts go as they are."""
        text = request if isinstance(request, (str, bytes)) else json.dumps(request)
        given = text.encode() if isinstance(text, str) else text
        size = c_size_t(len(given))
        if name in ("engine_tick", "engine_info", "engine_check"):
            return self.library.call(name, self.handle)
        waits = (c_uint64(0), None) if name in ("review_wait", "event_wait") else ()
        return self.library.call(name, self.handle, given, size, *waits)

    def advance(self, milliseconds: int) -> None:
        """Moves the clock."""
        self.now += milliseconds
        self.library.c.interlock_engine_set_time(self.handle, c_int64(self.now), None)

    def close(self) -> None:
        """Ends it."""
        self.library.c.interlock_engine_close(self.handle, None)
