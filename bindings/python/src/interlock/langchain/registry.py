"""Which thread waits for which decision, on the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from interlock import AlreadyResolvedError, ReviewError, UnknownReviewError

if TYPE_CHECKING:
    from interlock import Engine, Review

_MARK = "interlock_registry"


@dataclass(frozen=True)
class PendingDecision:
    """A thread that waits for a decision. Since 0.1.

    Attributes:
        decision_id: its id where it was sent to.
        thread_id: the thread.
        identity_id: who is asked.
        decision_count: how many calls are asked about.
    """

    decision_id: str
    thread_id: str
    identity_id: str
    decision_count: int = 1


class PendingDecisionRegistry:
    """Decisions by their id, shared by all processes of a store. Since 0.1.

    For code that expects a registry with `register`, `lookup` and `pop`. Each is a review whose
    `external_id` is the id of the decision, so it is among the open questions too. Of any number
    who pop one gets it.
    """

    def __init__(self, engine: Engine) -> None:
        """Use a store."""
        self._engine = engine

    def register(self, pending: PendingDecision) -> None:
        """Keep it; of two with the same id the later one counts. Since 0.1."""
        known = self._review(pending.decision_id)
        if known is not None:
            if _is_own(known) and _pending(known, pending.decision_id) != pending:
                self._cancel(known)
            else:
                return
        identity: Any = {"type": "user_id", "value": pending.identity_id}
        self._engine.reviews.open(
            "approval",
            {},
            title=f"Decision {pending.decision_id}",
            external_id=pending.decision_id,
            thread=pending.thread_id,
            assignee=identity,
            policy={"stages": [{"approvers": [identity]}]},
            metadata={_MARK: True, "decision_count": pending.decision_count},
        )

    def lookup(self, decision_id: str) -> PendingDecision | None:
        """The decision, if it is still to be made. Since 0.1."""
        review = self._review(decision_id)
        return None if review is None else _pending(review, decision_id)

    def pop(self, decision_id: str) -> PendingDecision | None:
        """The decision, for one who asks, once. Since 0.1.

        A review that an agent waits for stays open: it is answered with `engine.reviews`.
        """
        review = self._review(decision_id)
        if review is None:
            return None
        if _is_own(review):
            taken = self._cancel(review)
        else:
            kept = self._engine.webhooks.receive(_MARK, review["id"], result=True)
            taken = not kept["replayed"]
        return _pending(review, decision_id) if taken else None

    def __len__(self) -> int:
        """How many are to be made."""
        return sum(
            "external_id" in review for review in self._engine.reviews.list(status="pending")
        )

    def __bool__(self) -> bool:
        """True: also an empty registry is one."""
        return True

    def _review(self, decision_id: str) -> Review | None:
        try:
            review = self._engine.reviews.get(external_id=decision_id)
        except UnknownReviewError:
            return None
        return review if review["status"] == "pending" and "thread" in review else None

    def _cancel(self, review: Review) -> bool:
        try:
            self._engine.reviews.cancel(review["id"], reason="taken from the registry")
        except AlreadyResolvedError:
            return False
        except ReviewError:
            return False
        return True


def _is_own(review: Review) -> bool:
    return _MARK in review.get("metadata", {})


def _pending(review: Review, decision_id: str) -> PendingDecision:
    assignee = review["assignee"]
    count = review.get("metadata", {}).get("decision_count")
    return PendingDecision(
        decision_id,
        review.get("thread", ""),
        assignee["value"] if assignee else "",
        count if isinstance(count, int) else max(1, len(review["payload"].get("items", ()))),
    )
