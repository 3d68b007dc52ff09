"""Finds and loads the shared library, once per process."""

from __future__ import annotations

import os
import sys
from _thread import allocate_lock
from ctypes import CDLL, c_void_p, sizeof

from . import _ffi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SONAME = f"libinterlock.so.{_ffi.ABI_VERSION}"
ENVIRONMENT = "INTERLOCK_LIBRARY"

_lock = allocate_lock()
_loaded: CDLL | None = None


class LibraryError(ImportError):
    """The shared library is missing, or is not the one this package was made for. Since 0.1."""


def library() -> Any:
    """The loaded library with its prototypes. Any thread. Since 0.1.

    It is taken from the environment variable `INTERLOCK_LIBRARY` (a file), else from the file
    beside this package, else from the system's search path.

    Raises:
        LibraryError: it cannot be found or loaded, or its ABI is another one.
    """
    global _loaded
    if _loaded is not None:
        return _loaded
    with _lock:
        if _loaded is None:
            _loaded = _open(_find())
    return _loaded


def _find() -> str:
    chosen = os.environ.get(ENVIRONMENT)
    if chosen:
        if not os.path.isfile(chosen):
            raise LibraryError(f"{ENVIRONMENT} names {chosen!r}, which is not a file")
        return os.path.abspath(chosen)
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), SONAME)
    return beside if os.path.isfile(beside) else SONAME


def _open(path: str) -> CDLL:
    if sizeof(c_void_p) != 8 or sys.byteorder != "little":
        raise LibraryError("interlock needs a 64-bit little-endian platform")
    if sys.implementation.name != "cpython":
        raise LibraryError("interlock needs CPython, where the id of bytes is their address")
    try:
        loaded = CDLL(path)
    except OSError as error:
        remedy = (
            "Install SQLite 3.37 or newer: libsqlite3-0 of Debian, sqlite-libs of Fedora."
            if "libsqlite3" in str(error)
            else "Install the wheel for this platform, or name the library file in the "
            f"environment variable {ENVIRONMENT}."
        )
        raise LibraryError(f"cannot load {path}: {error}. {remedy}") from error
    if not hasattr(loaded, "interlock_library_abi"):
        raise LibraryError(f"{path} is not an Interlock library")
    _ffi.bind(loaded)
    found = loaded.interlock_library_abi()
    if found != _ffi.ABI_VERSION:
        raise LibraryError(
            f"{path} has ABI {found}, but this package needs ABI {_ffi.ABI_VERSION}: install "
            "matching versions of the interlock package and libinterlock"
        )
    return loaded
