"""The documents of receipts: signed statements of how a review ended."""

from __future__ import annotations

from typing import Any, TypedDict

from .actors import Actor
from .audit import AuditHead
from .reviews import Kind, Outcome, ReviewStatus, Verdict


class ReceiptDecision(TypedDict):
    """A decision as a receipt states it. Since 0.1."""

    id: str
    stage: str
    actor: Actor
    verdict: Verdict
    at: int


class ReceiptStatement(TypedDict):
    """What a receipt says about the end of a review. Since 0.1.

    Attributes:
        version: 1.
        review: the id of the review.
        kind: what was asked.
        status: how it ended; so is outcome.
        outcome: see status.
        response_digest: SHA-256, in hex, of the canonical JSON of the response.
        payload_digest: the same of the payload.
        policy: the policy.
        decisions: who decided what, and when.
        opened_at: when the review was opened.
        closed_at: when it ended.
        audit: the head of the audit when the receipt was made.
    """

    version: int
    review: str
    kind: Kind
    status: ReviewStatus
    outcome: Outcome
    response_digest: str
    payload_digest: str
    policy: Any
    decisions: list[ReceiptDecision]
    opened_at: int
    closed_at: int
    audit: AuditHead


class Receipt(TypedDict):
    """A signed statement of how a review ended. Since 0.1.

    Attributes:
        receipt: the statement.
        key: base64 of the public key that it says signed it; trust your own copy instead.
        signature: base64 of the Ed25519 signature of the canonical JSON of the statement.
    """

    receipt: ReceiptStatement
    key: str
    signature: str
