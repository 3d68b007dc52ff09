"""What a tool hands back: a text for the model, and a document beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interlock import Decision, Review
    from interlock.documents import Outcome, ReviewStatus


class Answer(TypedDict):
    """The artifact of a tool that asks. Since 0.1.

    Attributes:
        review: the id of the review: `engine.reviews.get` has it as it is now, so also an answer
            that came after the tool's patience.
        status: "pending" if the patience has ended before the review.
        outcome: how the review ended, or None.
        response: what was answered, with its structure; None until there is a result.
        decision: the decision that ended the review; None if time or a withdrawal did, or nothing.
    """

    review: str
    status: ReviewStatus
    outcome: Outcome | None
    response: Any
    decision: Decision | None


def answer(review: Review, decision: Decision | None) -> Answer:
    """The document beside the text."""
    return {
        "review": review["id"],
        "status": review["status"],
        "outcome": review["outcome"],
        "response": review["response"],
        "decision": decision,
    }


def said(review: Review) -> str:
    """What a review has come to, as the model reads it."""
    outcome, response = review["outcome"], review["response"]
    if outcome is None or outcome == "expired":
        return "timeout"
    if outcome in ("cancelled", "dismissed", "acknowledged"):
        return outcome
    if review["kind"] == "approval":
        return str(response["selectedOption"])
    if review["kind"] == "selection":
        return _selected(response)
    if review["kind"] == "form":
        return _filled_in(response)
    return json.dumps(response, ensure_ascii=False)  # of a review that took the place of another


def _selected(response: Mapping[str, Any] | None) -> str:
    ids = (response or {}).get("selectedIds")
    return str(ids[0]) if ids else "unknown"


def _filled_in(response: Mapping[str, Any]) -> str:
    pairs = (f"{name}: {value}" for name, value in response.items() if name != "selectedOption")
    return ", ".join(pairs)
