"""The documents of the audit trail: who did what."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from .actors import Actor

AuditAction = Literal[
    "decision",
    "refusal",
    "expiry",
    "escalation",
    "cancellation",
    "supersession",
    "use",
    "report",
    "issue",
    "revocation",
    "rotation",
]


class AuditHead(TypedDict):
    """The newest audit record: keep it elsewhere to notice that records were cut off. Since 0.1."""

    seq: int
    hash: str


class AuditRecord(TypedDict):
    """One link of the audit chain. Since 0.1.

    Attributes:
        seq: counts from 1 without gaps.
        at: when.
        review: the id of the review, or None.
        thread: its thread, or None.
        action: what is on record.
        actor: who did it.
        detail: more, by action.
        prev: the hash of the record before it; 64 zeros for the first.
        hash: SHA-256, in hex, of the canonical JSON (RFC 8785) of the record without `hash`.
    """

    seq: int
    at: int
    review: str | None
    thread: str | None
    action: AuditAction
    actor: Actor | None
    detail: dict[str, Any]
    prev: str
    hash: str


class AuditPage(TypedDict):
    """Some audit records, in order. Since 0.1.

    Attributes:
        records: the records.
        next: pass it as `after` for more.
        last: the newest record there is.
    """

    records: list[AuditRecord]
    next: int
    last: int


class AuditProblem(TypedDict):
    """One break in the audit chain. Since 0.1."""

    seq: int
    message: str
