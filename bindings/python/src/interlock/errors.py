"""Status numbers and the exceptions they become."""

from __future__ import annotations

from ctypes import string_at
from enum import IntEnum

from . import _ffi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .documents import ReviewProblem


class Status(IntEnum):
    """The outcome of a call: the numbers of `interlock.h`. Since 0.1."""

    OK = 0
    MISUSE = 10
    INVALID_ARGUMENT = 11
    INVALID_UTF8 = 12
    TOO_LARGE = 13
    UNSUPPORTED = 14
    INVALID_JSON = 15
    BAD_HANDLE = 20
    CLOSED = 21
    FORKED = 22
    NOT_FOUND = 30
    BUSY = 31
    READ_ONLY = 32
    DISK_FULL = 33
    IO = 34
    CORRUPT = 35
    FOREIGN_FILE = 36
    NEWER_SCHEMA = 37
    CANNOT_OPEN = 38
    NO_MEMORY = 39
    ALREADY_EXISTS = 40
    THREAD_BUSY = 41
    FENCED = 42
    NOT_INTERRUPTED = 43
    UNKNOWN_INTERRUPT = 44
    AMBIGUOUS_INTERRUPT = 45
    DIVERGED = 46
    DUPLICATE_KEY = 47
    NOT_RUNNING = 48
    REVIEW_REQUIRED = 49
    INVALID_PAYLOAD = 50
    INVALID_RESPONSE = 51
    INVALID_POLICY = 52
    INVALID_DEADLINE = 53
    INVALID_OUTCOME = 54
    UNKNOWN_REVIEW = 55
    UNKNOWN_POLICY = 56
    AMBIGUOUS_REVIEW = 57
    ALREADY_RESOLVED = 58
    EXPIRED = 59
    CANCELLED = 60
    SUPERSEDED = 61
    NOT_AUTHORIZED = 62
    WRONG_STAGE = 63
    ALREADY_VOTED = 64
    SELF_APPROVAL = 65
    CONFLICT = 66
    IDEMPOTENCY_MISMATCH = 67
    ARGS_CHANGED = 70
    ALREADY_USED = 71
    UNKNOWN_EFFECT = 72
    NOT_USED = 73
    UNKNOWN_PERMIT = 74
    TOKEN_INVALID = 75
    TOKEN_USED = 76
    TOKEN_EXPIRED = 77
    SIGNATURE_INVALID = 78
    TIMESTAMP_STALE = 79
    TIMEOUT = 80
    WAIT_CANCELLED = 81
    INVALID_ITERATION = 85
    IN_GROUP = 86
    UNKNOWN_MESSAGE = 87
    INTERNAL = 90


class InterlockError(Exception):
    """Base of every error that the core reports. Since 0.1.

    Attributes:
        code: the status number; a `Status` if this version knows it.
        name: its name, e.g. "NOT_FOUND", or "UNKNOWN".
        message: one English line that names the argument or the thing; not for parsing.
        path: JSON pointer or field name of the offending part, or "".
        details: more facts, by name; mostly empty.
        hint: what to do about it, or "".
    """

    def __init__(
        self,
        code: int,
        name: str,
        message: str,
        path: str = "",
        details: dict[str, Any] | None = None,
        hint: str = "",
    ) -> None:
        """Take the six facts as they are."""
        super().__init__(message)
        self.code = code
        self.name = name
        self.message = message
        self.path = path
        self.details: dict[str, Any] = details or {}
        self.hint = hint

    @property
    def problems(self) -> tuple[ReviewProblem, ...]:
        """What is wrong with a document, every problem at once; mostly empty."""
        return tuple(self.details.get("problems", ()))

    def __str__(self) -> str:
        """The name, the message and what to do about it, in one line."""
        text = f"{self.name}: {self.message}"
        return f"{text} ({self.hint})" if self.hint else text

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with all facts, so that an error may cross to another process."""
        facts = (self.code, self.name, self.message, self.path, self.details, self.hint)
        return type(self), facts


class MisuseError(InterlockError, ValueError):
    """A required argument is missing. Since 0.1."""


class InvalidArgumentError(InterlockError, ValueError):
    """An argument has a value that is not allowed; the message names it. Since 0.1."""


class InvalidUTF8Error(InterlockError, ValueError):
    """A text argument is not UTF-8, for example a lone surrogate. Since 0.1."""


class TooLargeError(InterlockError, ValueError):
    """An argument is larger than its limit. Since 0.1."""


class UnsupportedError(InterlockError, ValueError):
    """A flag, struct size or URL scheme that this version does not know. Since 0.1."""


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


class RunError(InterlockError):
    """A refusal about a run. Nothing was changed. Since 0.1."""


class ThreadBusyError(RunError):
    """Another worker has the lease of this thread. Since 0.1."""


class FencedError(RunError):
    """The lease is lost: another worker has taken over, or the run was cancelled. Since 0.1.

    Stop the work: whatever is recorded from now on is the other's.
    """


class NotInterruptedError(RunError):
    """A resume, and nothing waits for a value. Since 0.1."""


class UnknownInterruptError(RunError, LookupError):
    """There is no such interrupt in the run of this thread. Since 0.1."""


class AmbiguousInterruptError(RunError, LookupError):
    """A resume without a name, and several interrupts wait. Since 0.1."""


class DivergedError(RunError):
    """The program has changed between pause and resume. Since 0.1."""

    @property
    def recorded(self) -> dict[str, Any]:
        """What was recorded at this place: its "kind" ("step" or "interrupt") and "key"."""
        found: dict[str, Any] = self.details.get("recorded", {})
        return found

    @property
    def came(self) -> dict[str, Any]:
        """What came instead: its "kind" and "key"; of kind "end" if the program ended early."""
        found: dict[str, Any] = self.details.get("came", {})
        return found


class DuplicateKeyError(RunError, ValueError):
    """A key was used before in this run. Since 0.1."""


class NotRunningError(RunError):
    """The run is not under way: it has ended, failed or waits. Since 0.1."""


class ReviewRequiredError(RunError):
    """A review decides about this interrupt: answer the review. Since 0.1."""


class PermitError(InterlockError):
    """A refusal of a permit. Nothing was changed but the audit trail. Since 0.1."""


class ArgsChangedError(PermitError):
    """The tool or the arguments are not those that were approved. Since 0.1."""


class AlreadyUsedError(PermitError):
    """The permit was used, or its use was reported otherwise. Since 0.1."""


class UnknownEffectError(PermitError):
    """The permit was used and nobody reported: the effect may have happened. Since 0.1."""


class NotUsedError(PermitError):
    """A report about a permit that was not used. Since 0.1."""


class UnknownPermitError(PermitError, LookupError):
    """There is no such permit. Since 0.1."""


class ReviewError(InterlockError):
    """A refusal of a review. Nothing was changed but the audit trail. Since 0.1."""

    @property
    def successor(self) -> str | None:
        """The id of the review that took the place of this one, or None."""
        found: str | None = self.details.get("successor")
        return found


class InvalidPayloadError(ReviewError, ValueError):
    """A review cannot be opened as defined; `problems` say why. Since 0.1."""


class InvalidResponseError(ReviewError, ValueError):
    """The answer does not fit the question; `problems` say why. Answer again. Since 0.1."""


class InvalidPolicyError(ReviewError, ValueError):
    """A policy cannot be kept; `problems` say why. Since 0.1."""


class InvalidDeadlineError(ReviewError, ValueError):
    """A deadline in the past, beyond the year 9999, or not a number. Since 0.1."""


class InvalidOutcomeError(ReviewError, ValueError):
    """An outcome word that is unknown or does not fit the review. Since 0.1."""


class UnknownReviewError(ReviewError, LookupError):
    """There is no such review. Since 0.1."""


class UnknownPolicyError(ReviewError, LookupError):
    """There is no such policy. Since 0.1."""


class AmbiguousReviewError(ReviewError, LookupError):
    """A thread or external id was named, and several reviews fit. Since 0.1."""


class AlreadyResolvedError(ReviewError):
    """The review is resolved already, by another answer. Since 0.1."""


class ExpiredError(ReviewError):
    """The deadline has passed. Since 0.1."""


class ReviewCancelledError(ReviewError):
    """The review was cancelled. Since 0.1."""


class SupersededError(ReviewError):
    """Another review took the place of this one: `successor`. Since 0.1."""


class NotAuthorizedError(ReviewError):
    """The actor may not do this, or a receipt is not signed by this key. Since 0.1.

    Nothing was consumed: the right actor still can.
    """


class WrongStageError(ReviewError):
    """The answer is for a stage that is not open. Since 0.1."""


class AlreadyVotedError(ReviewError):
    """The actor answered otherwise before, here or where a rule forbids it. Since 0.1."""


class SelfApprovalError(ReviewError):
    """The requester must not decide. Since 0.1."""


class ConflictError(ReviewError):
    """Somebody else has claimed the review, or it has another revision. Since 0.1."""


class IdempotencyMismatchError(ReviewError):
    """The idempotency key came with another content before. Since 0.1."""


class InvalidIterationError(InterlockError):
    """No other try can follow that message. Since 0.1."""


class InGroupError(InterlockError):
    """The message is one of several tries and is not deleted alone. Since 0.1."""


class UnknownMessageError(InterlockError, LookupError):
    """There is no such message. Since 0.1."""


class TokenInvalidError(ReviewError):
    """Forged, changed, revoked, of another store or for another purpose. Since 0.1."""


class TokenUsedError(ReviewError):
    """The token was used. Since 0.1."""


class TokenExpiredError(ReviewError):
    """The token has expired. Since 0.1."""


class SignatureInvalidError(InterlockError):
    """No signature of the webhook is of one of the secrets. Since 0.1."""


class TimestampStaleError(InterlockError):
    """The webhook is signed, and too old or too far in the future. Since 0.1."""


class WaitTimeoutError(InterlockError, TimeoutError):
    """The patience of the caller is over; what was waited for is unchanged. Since 0.1."""


class WaitCancelledError(InterlockError):
    """The wait was ended through its `Cancel`; what was waited for is unchanged. Since 0.1."""


class InternalError(InterlockError):
    """A defect of Interlock. Since 0.1."""


class RejectedError(Exception):
    """People did not approve what was about to happen; it has not happened. Since 0.1.

    Attributes:
        review: the id of the review.
        status: how it ended; so is outcome.
        outcome: see status.
        response: what was answered, or None.
    """

    def __init__(self, answer: Mapping[str, Any]) -> None:
        """Take the answer of a review."""
        outcome = answer.get("outcome")
        super().__init__(f"not approved: {outcome or answer.get('status')}")
        self.answer = answer
        self.review: str | None = answer.get("review")
        self.status: str | None = answer.get("status")
        self.outcome: str | None = outcome
        self.response: Any = answer.get("response")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with all facts."""
        return type(self), (dict(self.answer),)


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
    Status.CONFLICT: (ConflictError, "read the review again"),
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
