"""Interlock: an embeddable human-in-the-loop core.

An agent that is about to do something that matters stops, a person decides, and the agent goes
on: later, in another process, exactly once. This package calls the core (a shared library) in
this process; there is no server. It depends on nothing but the standard library.

    from interlock import Engine

    with Engine.open("agents.db") as engine:
        engine.checkpoints.put("thread-1", "0001", body=b"...", metadata={"step": 1})
        latest = engine.checkpoints.get("thread-1")

`interlock.langgraph` has the checkpoint saver for LangGraph.
"""

from __future__ import annotations

from ._load import LibraryError
from .engine import Engine
from .errors import (
    AlreadyExistsError,
    BadHandleError,
    BusyError,
    CannotOpenError,
    ClosedError,
    CorruptError,
    DiskFullError,
    ForeignFileError,
    ForkedError,
    InterlockError,
    InternalError,
    InvalidArgumentError,
    InvalidJSONError,
    InvalidUTF8Error,
    MisuseError,
    NewerSchemaError,
    NotFoundError,
    OutOfMemoryError,
    ReadOnlyError,
    Status,
    StoreIOError,
    TooLargeError,
    UnsupportedError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .checkpoints import Checkpoints
    from .records import (
        ChannelHistory,
        ChannelValue,
        Checkpoint,
        CheckReport,
        EngineInfo,
        Problem,
        Stored,
        StoredValues,
        ThreadStorage,
        Write,
    )
    from .threads import Threads

__version__ = "0.1.0"

__all__ = [
    "AlreadyExistsError",
    "BadHandleError",
    "BusyError",
    "CannotOpenError",
    "ChannelHistory",
    "ChannelValue",
    "CheckReport",
    "Checkpoint",
    "Checkpoints",
    "ClosedError",
    "CorruptError",
    "DiskFullError",
    "Engine",
    "EngineInfo",
    "ForeignFileError",
    "ForkedError",
    "InterlockError",
    "InternalError",
    "InvalidArgumentError",
    "InvalidJSONError",
    "InvalidUTF8Error",
    "LibraryError",
    "MisuseError",
    "NewerSchemaError",
    "NotFoundError",
    "OutOfMemoryError",
    "Problem",
    "ReadOnlyError",
    "Status",
    "StoreIOError",
    "Stored",
    "StoredValues",
    "ThreadStorage",
    "Threads",
    "TooLargeError",
    "UnsupportedError",
    "Write",
]

# loaded at first use: they cost more import time than the rest of the package together
_LATER = {
    "ChannelHistory": "records",
    "ChannelValue": "records",
    "CheckReport": "records",
    "Checkpoint": "records",
    "Checkpoints": "checkpoints",
    "EngineInfo": "records",
    "Problem": "records",
    "Stored": "records",
    "StoredValues": "records",
    "ThreadStorage": "records",
    "Threads": "threads",
    "Write": "records",
}


def __getattr__(name: str) -> Any:
    """Load a record type at its first use."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_LATER[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """All public names, loaded or not."""
    return sorted(__all__)
