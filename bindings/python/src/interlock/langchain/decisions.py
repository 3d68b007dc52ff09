"""What a webhook says about a decision, in the words that senders use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langchain.agents.middleware.human_in_the_loop import Decision, HITLResponse

_REJECTED = "Human rejected the requested agent action."
_EXPIRED = "Decision expired before a human response was received."


class DecisionError(Exception):
    """A decision that came by webhook cannot be taken. Since 0.1."""


class UnknownDecisionError(DecisionError, LookupError):
    """There is no such decision to be made, or not by this identity. Since 0.1.

    Nothing was consumed. Answer it with 200 or 410: sending it again changes nothing.

    Attributes:
        decision_id: what the webhook named.
    """

    def __init__(self, decision_id: str) -> None:
        """Take the id."""
        super().__init__(f"no pending LangChain interrupt for decision_id={decision_id!r}")
        self.decision_id = decision_id

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with the id."""
        return type(self), (self.decision_id,)


class SendDecisionFailedError(DecisionError):
    """Whoever sends notices to people could not send this one. Since 0.1."""

    def __init__(self, message: str = "send_decision returned no decision_id") -> None:
        """Take what happened."""
        super().__init__(message)


class DecisionOutcome(str, Enum):
    """One word for all calls that are asked about. Since 0.1."""

    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    TIMEOUT = "timeout"

    @classmethod
    def from_raw(cls, raw: str) -> DecisionOutcome:
        """The word or an alias of it, in any case, with white space around it. Since 0.1.

        Raises:
            ValueError: it is another word.
        """
        try:
            return _WORDS[raw.strip().lower()]
        except KeyError:
            raise ValueError(f"unsupported Noxy decision outcome: {raw!r}") from None

    @property
    def approved(self) -> bool:
        """Whether it is a yes."""
        return self is DecisionOutcome.APPROVED

    @property
    def is_timeout(self) -> bool:
        """Whether nobody has said anything."""
        return self in (DecisionOutcome.EXPIRED, DecisionOutcome.TIMEOUT)


_WORDS = {
    "approve": DecisionOutcome.APPROVED,
    "approved": DecisionOutcome.APPROVED,
    "reject": DecisionOutcome.REJECTED,
    "rejected": DecisionOutcome.REJECTED,
    "expire": DecisionOutcome.EXPIRED,
    "expired": DecisionOutcome.EXPIRED,
    "timeout": DecisionOutcome.TIMEOUT,
    "timed_out": DecisionOutcome.TIMEOUT,
}


@dataclass(frozen=True)
class WebhookEvent:
    """A decision as a webhook brings it. Since 0.1.

    Attributes:
        decision_id: the review: its id, its external_id, or the id of its interrupt.
        identity_id: who has decided.
        outcome: what.
        received_at: when, if the sender said so.
    """

    decision_id: str
    identity_id: str
    outcome: DecisionOutcome
    received_at: str | None = None

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> WebhookEvent:
        """Read it, with names in snake_case or camelCase. Since 0.1.

        Raises:
            ValueError: a part is missing, or the outcome is not known.
        """
        found: dict[str, str] = {}
        for name, other in _NAMES.items():
            value = payload.get(name) or payload.get(other)
            if value:
                found[name] = str(value)
            elif name != "received_at":
                raise ValueError(f"webhook payload missing {name}")
        return cls(
            found["decision_id"],
            found["identity_id"],
            DecisionOutcome.from_raw(found["outcome"]),
            found.get("received_at"),
        )

    def to_state(self) -> dict[str, Any]:
        """As a document, with `approved`. Since 0.1."""
        return {
            "decision_id": self.decision_id,
            "identity_id": self.identity_id,
            "outcome": self.outcome.value,
            "received_at": self.received_at,
            "approved": self.outcome.approved,
        }

    @property
    def is_timeout(self) -> bool:
        """Whether nobody has said anything."""
        return self.outcome.is_timeout


_NAMES = {
    "decision_id": "decisionId",
    "identity_id": "identityId",
    "outcome": "outcome",
    "received_at": "receivedAt",
}


def parse_webhook_payload(payload: Mapping[str, Any]) -> WebhookEvent:
    """`WebhookEvent.from_payload`. Since 0.1."""
    return WebhookEvent.from_payload(payload)


def hitl_response_from_outcome(
    outcome: DecisionOutcome, *, decision_count: int = 1, reject_message: str | None = None
) -> HITLResponse:
    """What LangChain is told for an outcome. Since 0.1.

    For code that resumes a graph by itself: a review that is answered with an outcome does this.

    Args:
        outcome: the outcome.
        decision_count: how many calls were asked about.
        reject_message: in the place of the usual text of a rejection.

    Raises:
        ValueError: the count is less than 1.
    """
    if decision_count < 1:
        raise ValueError("decision_count must be >= 1")
    text = reject_message or (_EXPIRED if outcome.is_timeout else _REJECTED)
    decisions: list[Decision] = [
        {"type": "approve"} if outcome.approved else {"type": "reject", "message": text}
        for _ in range(decision_count)
    ]
    return {"decisions": decisions}
