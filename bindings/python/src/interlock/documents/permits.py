"""The documents of permits: the right to run what was approved."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

PermitStatus = Literal["issued", "consumed", "done", "failed", "unknown"]


class Permit(TypedDict):
    """The right to run exactly what was approved, once. Since 0.1.

    Attributes:
        id: its id.
        review: the review that issued it.
        item: the call that it is for, in a review of several; else "".
        tool: what may run.
        arguments: with what.
        digest: SHA-256, in hex, of the canonical JSON of both.
        status: where it stands. "unknown": it was used and nobody reported in time: the effect
            may have happened.
        worker: who used it, or None.
        until: when a use without report becomes unknown, or None.
        result: what was reported, or None.
        issued_at: when it was issued.
        updated_at: when it changed last.
    """

    id: str
    review: str
    item: str
    tool: str
    arguments: dict[str, Any]
    digest: str
    status: PermitStatus
    worker: str | None
    until: int | None
    result: Any
    issued_at: int
    updated_at: int


class PermitPage(TypedDict):
    """Some permits. Since 0.1.

    Attributes:
        permits: the permits.
        next: the id to pass as `after` for the next page, or None at the end.
    """

    permits: list[Permit]
    next: str | None
