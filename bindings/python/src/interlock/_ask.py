"""Sends request documents to the core and takes its answers."""

from __future__ import annotations

from ctypes import byref, c_void_p, string_at

from . import _ffi
from ._text import json_object
from .errors import InterlockError, Status, check, failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ._handle import Handle, RunHandle

SLICE_MS = 100
ONLY_OK = {Status.OK}
CORRUPT_TOO = {Status.OK, Status.CORRUPT}  # a report of damage comes with an answer


class Unset:
    """Stands for an argument that was not given, where None is a value of its own."""

    def __repr__(self) -> str:
        """As it shows in a signature."""
        return "..."


UNSET = Unset()


def given(members: Mapping[str, Any], extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A request of the members that were given; those that are None or UNSET were not.

    Args:
        members: by name.
        extra: members of the caller's own, whatever their value.
    """
    request = dict(extra or {})
    for name, value in members.items():
        if value is not None and value is not UNSET:
            request[name] = value
    return request


def ask(
    handle: Handle | RunHandle,
    function: str,
    request: Mapping[str, Any],
    answers: set[Status] = ONLY_OK,
) -> Any:
    """What the core answers to a request document.

    Args:
        handle: the engine, or a run.
        function: the function of the core.
        request: the request document.
        answers: the statuses that come with an answer.

    Raises:
        InterlockError: the request was refused, or could not be served.
    """
    return parsed(ask_bytes(handle, function, json_object("the request", request), answers))


def ask_bytes(
    handle: Handle | RunHandle, function: str, request: bytes, answers: set[Status] = ONLY_OK
) -> bytes:
    """The same, with the bytes of both documents."""
    buffer, error = c_void_p(), c_void_p()
    status = getattr(handle.library, function)(
        handle.token, request, len(request), byref(buffer), byref(error)
    )
    return _taken(handle.library, status, buffer, error, answers)


def ask_without_request(
    handle: Handle | RunHandle, function: str, answers: set[Status] = ONLY_OK
) -> Any:
    """The same for a function that takes no request."""
    buffer, error = c_void_p(), c_void_p()
    status = getattr(handle.library, function)(handle.token, byref(buffer), byref(error))
    return parsed(_taken(handle.library, status, buffer, error, answers))


def _taken(
    library: Any, status: int, buffer: c_void_p, error: c_void_p, answers: set[Status]
) -> bytes:
    if not buffer.value or status not in answers:
        library.interlock_buffer_free(buffer)
        check(library, status, error.value)
    library.interlock_error_free(error)
    return take_buffer(library, buffer)


def ask_for_a_while(
    handle: Handle,
    function: str,
    request: Mapping[str, Any],
    timeout: float | None,
    cancel: int | None = None,
) -> Any:
    """What the core answers to a request that it may keep waiting.

    It waits in short slices without the interpreter lock, so that Ctrl-C and other signals are
    seen between them.

    Args:
        handle: the engine.
        function: a function of the core that waits.
        request: the request document.
        timeout: seconds, or None for as long as it takes.
        cancel: the token of an `interlock_cancel`.

    Raises:
        WaitTimeoutError: the timeout has passed.
        InterlockError: the request was refused, or could not be served.
    """
    from time import monotonic

    document = json_object("the request", request)
    call = getattr(handle.library, function)
    end = None if timeout is None else monotonic() + timeout
    while True:
        left = None if end is None else max(0, round((end - monotonic()) * 1000))
        is_last = left is not None and left <= SLICE_MS
        buffer, error = c_void_p(), c_void_p()
        status = call(
            handle.token,
            document,
            len(document),
            left if is_last else SLICE_MS,
            cancel,
            byref(buffer),
            byref(error),
        )
        if status == Status.TIMEOUT and not is_last:
            handle.library.interlock_error_free(error)
            continue
        check(handle.library, status, error.value)
        return parsed(take_buffer(handle.library, buffer))


def parsed(document: bytes) -> Any:
    """What a document of the core says."""
    import json  # costs import time

    return json.loads(document)


def take_buffer(library: Any, buffer: c_void_p) -> bytes:
    """The content of an `interlock_buffer`, which is freed."""
    try:
        content = _ffi.Buffer.from_address(buffer.value or 0).content
        return string_at(content.data, content.size) if content.size else b""
    finally:
        library.interlock_buffer_free(buffer)


def timed_out() -> InterlockError:
    """The error of a wait that has taken too long, for waits that end in Python."""
    return failure(Status.TIMEOUT, "TIMEOUT", "nothing came within the timeout")


def closed() -> InterlockError:
    """The error of a closed engine, for waits that end in Python."""
    return failure(Status.CLOSED, "CLOSED", "the engine was closed")
