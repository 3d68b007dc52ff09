"""Turns arguments into the bytes that the core takes, naming the argument if it cannot."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def text(name: str, value: object) -> bytes:
    """The UTF-8 bytes of a text argument.

    A lone surrogate passes, so that the core refuses it in its own words.

    Raises:
        TypeError: it is not a str.
    """
    if not isinstance(value, str):
        raise TypeError(f"{name} must be str, not {type(value).__name__}")
    return value.encode("utf-8", "surrogatepass")


def texts(name: str, values: Iterable[object]) -> list[bytes]:
    """The UTF-8 bytes of each text.

    Raises:
        TypeError: it is one str instead of several, or holds something else.
    """
    if isinstance(values, (str, bytes)):
        raise TypeError(f"{name} must be a sequence of str, not a single {type(values).__name__}")
    return [text(name, value) for value in values]


def json_object(name: str, value: Any) -> bytes:
    """A mapping as UTF-8 JSON, or b"" for None.

    Raises:
        ValueError: it holds NaN or an infinity, which JSON does not have, or nests too deeply.
        TypeError: it holds something that JSON does not have.
    """
    if value is None:
        return b""
    import json

    try:
        dumped = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    except ValueError as error:
        raise ValueError(f"{name} cannot be stored as JSON: {error}") from error
    except TypeError as error:
        raise TypeError(f"{name} cannot be stored as JSON: {error}") from error
    except RecursionError as error:
        raise ValueError(f"{name} cannot be stored as JSON: it nests too deeply") from error
    return dumped.encode("utf-8", "surrogatepass")
