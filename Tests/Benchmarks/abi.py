"""The functions of interlock.h that take a JSON request, called without a binding."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, c_char_p, c_size_t, c_uint32, c_void_p
from pathlib import Path
from typing import Any

from common import library_path


class _Buffer(ctypes.Structure):
    """An interlock_buffer."""

    _fields_ = (
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("data", c_void_p),
        ("size", c_size_t),
    )


class Direct:
    """An open engine, and its functions by name."""

    def __init__(self, library: ctypes.CDLL, engine: c_void_p) -> None:
        """Use `opened`."""
        self._library = library
        self._engine = engine

    def call(self, function: str, request: bytes) -> None:
        """Call a function and free what it returns; fails if it does."""
        self._library.interlock_buffer_free(self._ask(function, request))

    def document(self, function: str, request: object) -> Any:
        """Call a function with a request that is made JSON, and read what it returns."""
        buffer = self._ask(function, json.dumps(request).encode())
        try:
            return json.loads(ctypes.string_at(buffer.contents.data, buffer.contents.size))
        finally:
            self._library.interlock_buffer_free(buffer)

    def _ask(self, function: str, request: bytes) -> Any:
        buffer = POINTER(_Buffer)()
        status = self._library[f"interlock_{function}"](
            self._engine, c_char_p(request), c_size_t(len(request)), byref(buffer), None
        )
        if status != 0:
            raise RuntimeError(f"interlock_{function} returned {status} for {request!r}")
        return buffer

    def check(self) -> None:
        """Fail if the store is not sound."""
        buffer = POINTER(_Buffer)()
        status = self._library.interlock_engine_check(self._engine, byref(buffer), None)
        self._library.interlock_buffer_free(buffer)
        if status != 0:
            raise RuntimeError(f"interlock_engine_check returned {status}")


@contextmanager
def opened(url: Path | str) -> Iterator[Direct]:
    """An engine of this url."""
    library, engine, name = ctypes.CDLL(str(library_path())), c_void_p(), str(url).encode()
    status = library.interlock_engine_open(name, c_size_t(len(name)), None, byref(engine), None)
    if status != 0:
        raise RuntimeError(f"interlock_engine_open returned {status}")
    try:
        yield Direct(library, engine)
    finally:
        library.interlock_engine_close(engine, None)
