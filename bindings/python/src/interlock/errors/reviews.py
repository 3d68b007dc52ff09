"""The errors of reviews and policies."""

from __future__ import annotations

from .base import InterlockError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


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
