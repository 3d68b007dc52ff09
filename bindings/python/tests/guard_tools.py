"""Functions to guard, and the one review and the one permit of a store."""

from __future__ import annotations

from typing import Any

from interlock import Engine, Permit
from review_tools import APPROVE


def only_review(engine: Engine) -> Any:
    [review] = engine.reviews.list(status="pending")
    return review


def answer(engine: Engine, response: Any = APPROVE) -> None:
    engine.reviews.respond(only_review(engine)["id"], actor="ana", response=response)


def edited(name: str, args: dict[str, Any]) -> dict[str, Any]:
    return {"decisions": [{"type": "edit", "edited_action": {"name": name, "args": args}}]}


def only_permit(engine: Engine) -> Permit:
    [review] = engine.reviews.list(status="resolved")
    [permit] = engine.permits.list(review=review["id"])
    return permit


def append_to(done: list[Any], result: Any = None) -> Any:
    def append(what: Any) -> Any:
        done.append(what)
        return result

    return append
