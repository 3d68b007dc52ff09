"""The exceptions that status numbers become."""

from __future__ import annotations

from ctypes import string_at

from .. import _ffi
from .base import InterlockError
from .messages import InGroupError, InvalidIterationError, UnknownMessageError
from .permits import (
    AlreadyUsedError,
    ArgsChangedError,
    NotUsedError,
    PermitError,
    UnknownEffectError,
    UnknownPermitError,
)
from .reviews import (
    AlreadyResolvedError,
    AlreadyVotedError,
    AmbiguousReviewError,
    ConflictError,
    ExpiredError,
    IdempotencyMismatchError,
    InvalidDeadlineError,
    InvalidOutcomeError,
    InvalidPayloadError,
    InvalidPolicyError,
    InvalidResponseError,
    NotAuthorizedError,
    RejectedError,
    ReviewCancelledError,
    ReviewError,
    SelfApprovalError,
    SupersededError,
    UnknownPolicyError,
    UnknownReviewError,
    WrongStageError,
)
from .runs import (
    AmbiguousInterruptError,
    DivergedError,
    DuplicateKeyError,
    FencedError,
    NotInterruptedError,
    NotRunningError,
    ReviewRequiredError,
    RunError,
    ThreadBusyError,
    UnknownInterruptError,
)
from .status import Status
from .store import (
    AlreadyExistsError,
    BadHandleError,
    BusyError,
    CannotOpenError,
    ClosedError,
    CorruptError,
    DiskFullError,
    ForeignFileError,
    ForkedError,
    InternalError,
    InvalidArgumentError,
    InvalidJSONError,
    InvalidUTF8Error,
    MisuseError,
    NewerSchemaError,
    NotFoundError,
    OutOfMemoryError,
    ReadOnlyError,
    StoreIOError,
    TooLargeError,
    UnsupportedError,
    WaitCancelledError,
    WaitTimeoutError,
)
from .tokens import TokenExpiredError, TokenInvalidError, TokenUsedError
from .webhooks import SignatureInvalidError, TimestampStaleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "AlreadyExistsError",
    "AlreadyResolvedError",
    "AlreadyUsedError",
    "AlreadyVotedError",
    "AmbiguousInterruptError",
    "AmbiguousReviewError",
    "ArgsChangedError",
    "BadHandleError",
    "BusyError",
    "CannotOpenError",
    "ClosedError",
    "ConflictError",
    "CorruptError",
    "DiskFullError",
    "DivergedError",
    "DuplicateKeyError",
    "ExpiredError",
    "FencedError",
    "ForeignFileError",
    "ForkedError",
    "IdempotencyMismatchError",
    "InGroupError",
    "InterlockError",
    "InternalError",
    "InvalidArgumentError",
    "InvalidDeadlineError",
    "InvalidIterationError",
    "InvalidJSONError",
    "InvalidOutcomeError",
    "InvalidPayloadError",
    "InvalidPolicyError",
    "InvalidResponseError",
    "InvalidUTF8Error",
    "MisuseError",
    "NewerSchemaError",
    "NotAuthorizedError",
    "NotFoundError",
    "NotInterruptedError",
    "NotRunningError",
    "NotUsedError",
    "OutOfMemoryError",
    "PermitError",
    "ReadOnlyError",
    "RejectedError",
    "ReviewCancelledError",
    "ReviewError",
    "ReviewRequiredError",
    "RunError",
    "SelfApprovalError",
    "SignatureInvalidError",
    "Status",
    "StoreIOError",
    "SupersededError",
    "ThreadBusyError",
    "TimestampStaleError",
    "TokenExpiredError",
    "TokenInvalidError",
    "TokenUsedError",
    "TooLargeError",
    "UnknownEffectError",
    "UnknownInterruptError",
    "UnknownMessageError",
    "UnknownPermitError",
    "UnknownPolicyError",
    "UnknownReviewError",
    "UnsupportedError",
    "WaitCancelledError",
    "WaitTimeoutError",
    "WrongStageError",
]

# status -> class, what to do about it
_TABLE: dict[int, tuple[type[InterlockError], str]] = {
    Status.MISUSE: (MisuseError, ""),
    Status.INVALID_ARGUMENT: (InvalidArgumentError, ""),
    Status.INVALID_UTF8: (InvalidUTF8Error, ""),
    Status.TOO_LARGE: (TooLargeError, ""),
    Status.UNSUPPORTED: (UnsupportedError, ""),
    Status.INVALID_JSON: (InvalidJSONError, ""),
    Status.BAD_HANDLE: (BadHandleError, ""),
    Status.CLOSED: (ClosedError, "open a new engine"),
    Status.FORKED: (ForkedError, "after fork() the child opens an engine of its own"),
    Status.NOT_FOUND: (NotFoundError, ""),
    Status.BUSY: (BusyError, "try again, or open with a larger busy_timeout"),
    Status.READ_ONLY: (ReadOnlyError, "open without read_only, or check the permissions"),
    Status.DISK_FULL: (DiskFullError, "free space, prune threads, or raise max_database_bytes"),
    Status.IO: (StoreIOError, ""),
    Status.CORRUPT: (CorruptError, "engine.check() tells where; restore from a backup"),
    Status.FOREIGN_FILE: (ForeignFileError, "choose another file; nothing was changed"),
    Status.NEWER_SCHEMA: (NewerSchemaError, "upgrade the interlock package"),
    Status.CANNOT_OPEN: (CannotOpenError, "check that the folder exists and is writable"),
    Status.NO_MEMORY: (OutOfMemoryError, ""),
    Status.ALREADY_EXISTS: (AlreadyExistsError, "choose a new id, or delete the target first"),
    Status.THREAD_BUSY: (ThreadBusyError, "try again when its lease has run out"),
    Status.FENCED: (FencedError, "stop this work; another worker goes on with it"),
    Status.NOT_INTERRUPTED: (NotInterruptedError, ""),
    Status.UNKNOWN_INTERRUPT: (UnknownInterruptError, "runs.interrupts() lists those that wait"),
    Status.AMBIGUOUS_INTERRUPT: (AmbiguousInterruptError, "name the interrupt by its id"),
    Status.DIVERGED: (DivergedError, "run the program as it was, or cancel the run"),
    Status.DUPLICATE_KEY: (DuplicateKeyError, "give every step and question a key of its own"),
    Status.NOT_RUNNING: (NotRunningError, ""),
    Status.REVIEW_REQUIRED: (ReviewRequiredError, ""),
    Status.INVALID_PAYLOAD: (InvalidPayloadError, "see problems"),
    Status.INVALID_RESPONSE: (InvalidResponseError, "see problems; the review stays answerable"),
    Status.INVALID_POLICY: (InvalidPolicyError, "see problems"),
    Status.INVALID_DEADLINE: (InvalidDeadlineError, ""),
    Status.INVALID_OUTCOME: (InvalidOutcomeError, ""),
    Status.UNKNOWN_REVIEW: (UnknownReviewError, ""),
    Status.UNKNOWN_POLICY: (UnknownPolicyError, ""),
    Status.AMBIGUOUS_REVIEW: (AmbiguousReviewError, "name the review by its id"),
    Status.ALREADY_RESOLVED: (AlreadyResolvedError, ""),
    Status.EXPIRED: (ExpiredError, ""),
    Status.CANCELLED: (ReviewCancelledError, ""),
    Status.SUPERSEDED: (SupersededError, "answer the successor"),
    Status.NOT_AUTHORIZED: (NotAuthorizedError, ""),
    Status.WRONG_STAGE: (WrongStageError, ""),
    Status.ALREADY_VOTED: (AlreadyVotedError, ""),
    Status.SELF_APPROVAL: (SelfApprovalError, ""),
    Status.CONFLICT: (ConflictError, "read it again: it has changed"),
    Status.IDEMPOTENCY_MISMATCH: (IdempotencyMismatchError, ""),
    Status.ARGS_CHANGED: (ArgsChangedError, "ask again for these arguments"),
    Status.ALREADY_USED: (AlreadyUsedError, ""),
    Status.UNKNOWN_EFFECT: (UnknownEffectError, "look what happened, then report it"),
    Status.NOT_USED: (NotUsedError, ""),
    Status.UNKNOWN_PERMIT: (UnknownPermitError, ""),
    Status.TOKEN_INVALID: (TokenInvalidError, ""),
    Status.TOKEN_USED: (TokenUsedError, "issue another one"),
    Status.TOKEN_EXPIRED: (TokenExpiredError, "issue another one"),
    Status.SIGNATURE_INVALID: (SignatureInvalidError, "verify the bytes as they came"),
    Status.TIMESTAMP_STALE: (TimestampStaleError, "check both clocks"),
    Status.TIMEOUT: (WaitTimeoutError, "wait again; an answer meanwhile is not lost"),
    Status.WAIT_CANCELLED: (WaitCancelledError, ""),
    Status.INVALID_ITERATION: (InvalidIterationError, ""),
    Status.IN_GROUP: (InGroupError, ""),
    Status.UNKNOWN_MESSAGE: (UnknownMessageError, ""),
    Status.INTERNAL: (InternalError, "please report this message"),
}


def check(library: Any, status: int, error: int | None) -> None:
    """Raise the exception that belongs to a status; return if it is OK. Since 0.1.

    Args:
        library: the loaded library.
        status: what the call returned.
        error: address of its error object or None; freed here.
    """
    if status == Status.OK:
        return
    message, path, details = _read_error(library, error) if error else ("", "", {})
    name = str(library.interlock_status_name(status), "utf-8")
    raise failure(status, name, message or f"status {status}", path, details)


def failure(
    status: int, name: str, message: str, path: str = "", details: dict[str, Any] | None = None
) -> InterlockError:
    """The exception that belongs to a status. Since 0.1.

    Args:
        status: any number but that of OK.
        name: its name.
        message: one English line.
        path: where.
        details: more facts.
    """
    kind, hint = _TABLE.get(status, (InterlockError, ""))
    code: int = Status(status) if status in _TABLE else status
    return kind(code, name, message, path, details, hint)


def _read_error(library: Any, address: int) -> tuple[str, str, dict[str, Any]]:
    try:
        error = _ffi.Error.from_address(address)
        message, path, details = (
            string_at(part.data, part.size) if part.size else b""
            for part in (error.message, error.path, error.details)
        )
    finally:
        library.interlock_error_free(address)
    return str(message, "utf-8", "replace"), str(path, "utf-8", "replace"), _facts(details)


def _facts(details: bytes) -> dict[str, Any]:
    if not details:
        return {}
    import json  # costs import time, and only failures need it

    facts: dict[str, Any] = json.loads(details)  # the header promises an object
    return facts
