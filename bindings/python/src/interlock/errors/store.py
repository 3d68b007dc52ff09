"""The errors of any call on a store: arguments, handles, files, waits."""

from __future__ import annotations

from .base import InterlockError


class MisuseError(InterlockError, ValueError):
    """A required argument is missing. Since 0.1."""


class InvalidArgumentError(InterlockError, ValueError):
    """An argument has a value that is not allowed; the message names it. Since 0.1."""


class InvalidUTF8Error(InterlockError, ValueError):
    """A text argument is not UTF-8, for example a lone surrogate. Since 0.1."""


class TooLargeError(InterlockError, ValueError):
    """An argument is larger than its limit. Since 0.1."""


class UnsupportedError(InterlockError, ValueError):
    """A flag or URL scheme that is not known, or a SQLite that will not do. Since 0.1."""


class InvalidJSONError(InterlockError, ValueError):
    """A JSON argument is not valid, or not of the documented shape. Since 0.1."""


class BadHandleError(InterlockError, RuntimeError):
    """Not a handle of this kind. Since 0.1."""


class ClosedError(InterlockError, RuntimeError):
    """The engine was closed. Since 0.1."""


class ForkedError(InterlockError, RuntimeError):
    """The engine belongs to the parent process. Since 0.1."""


class NotFoundError(InterlockError, LookupError):
    """There is no such thread or checkpoint. Since 0.1."""


class BusyError(InterlockError, TimeoutError):
    """Other processes kept the database busy for the whole of `busy_timeout`. Since 0.1."""


class ReadOnlyError(InterlockError):
    """The database is read-only. Since 0.1."""


class DiskFullError(InterlockError):
    """The disk, the quota or `max_database_bytes` is full. Since 0.1."""


class StoreIOError(InterlockError):
    """The operating system reported an input or output error. Since 0.1."""


class CorruptError(InterlockError):
    """The database is damaged. Since 0.1."""


class ForeignFileError(InterlockError):
    """The file is a database of another program, or not a database. Since 0.1."""


class NewerSchemaError(InterlockError):
    """The database was written by a newer version of Interlock. Since 0.1."""


class CannotOpenError(InterlockError):
    """The database cannot be opened: a directory, a missing folder, no permission. Since 0.1."""


class OutOfMemoryError(InterlockError, MemoryError):
    """Out of memory. Since 0.1."""


class AlreadyExistsError(InterlockError):
    """The target exists already and would have to be overwritten. Since 0.1."""


class WaitTimeoutError(InterlockError, TimeoutError):
    """The patience of the caller is over; what was waited for is unchanged. Since 0.1."""


class WaitCancelledError(InterlockError):
    """The wait was ended through its `Cancel`; what was waited for is unchanged. Since 0.1."""


class InternalError(InterlockError):
    """A defect of Interlock. Since 0.1."""
