"""Escalation: whoever is sure answers, otherwise the next, more capable one is asked."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from interlock._ask import given
from interlock._offload import offload
from interlock.programs import readable

from ._chains import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from interlock import Engine, Policy, Review, Stage


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an agent has made of a question. Since 0.1.

    Attributes:
        response: its answer, as the kind of the review asks for it.
        confidence: 0 to 1, how sure it is.
        error: what went wrong; None is nothing.
        sensitive: whether this is not for agents.
        note: for whoever is asked next, e.g. what it would have said.
    """

    response: Any = None
    confidence: float = 1.0
    error: str | None = None
    sensitive: bool = False
    note: str | None = None


def ladder(
    *rungs: str | Stage, confidence_below: float | None = None, name: str | None = None
) -> Policy:
    """A policy whose open stage decides, and a trigger opens the next one. Since 0.1.

    Args:
        rungs: from the bottom: each the name of a role, or a whole stage. Without any: agent,
            senior_agent, human, manager.
        confidence_below: less is a trigger; None is 0.7. Errors and what is sensitive are too.
        name: of the policy.
    """
    triggers = None if confidence_below is None else {"confidence_below": confidence_below}
    stages = [stage(rung, {}) for rung in rungs] or None
    policy: Any = {
        "order": "ladder",
        **given({"name": name, "stages": stages, "triggers": triggers}),
    }
    return policy  # type: ignore[no-any-return]


def climb(
    engine: Engine, review: str, workers: Mapping[str, Callable[[Review], Attempt]]
) -> Review:
    """Let agents try, up the ladder of a review, until one is sure or it is people's. Since 0.1.

    The core judges each attempt by the triggers of the policy: the answer of an agent counts, or
    the next rung opens. A rung without a worker is for people: they answer as every review.

    Args:
        engine: an open engine.
        review: the id of a review whose policy is a ladder.
        workers: by the name of the stage. One that raises has had an error.

    Returns:
        The review: ended, or open at a rung for people, or at the top, where the last worker was
        not sure either.

    Raises:
        ReviewError: as `engine.reviews.escalate` and `respond`.
    """
    while (work := workers.get((found := engine.reviews.get(review))["stage"])) is not None:
        if found["status"] != "pending":
            break
        try:
            attempt = work(found)
        except Exception as error:
            attempt = _failed(error)
        if not _judged(engine, found, attempt):
            break
    return engine.reviews.get(review)


async def aclimb(
    engine: Engine,
    review: str,
    workers: Mapping[str, Callable[[Review], Attempt | Awaitable[Attempt]]],
) -> Review:
    """`climb` beside an event loop; workers may be coroutine functions. Since 0.1."""
    while (work := workers.get((found := await engine.reviews.aget(review))["stage"])) is not None:
        if found["status"] != "pending":
            break
        try:
            attempt = work(found)
            if isinstance(attempt, Awaitable):
                attempt = await attempt
        except Exception as error:
            attempt = _failed(error)
        if not await offload(_judged, engine, found, attempt):
            break
    return await engine.reviews.aget(review)


def _judged(engine: Engine, review: Review, attempt: Attempt) -> bool:
    """Whether the core has opened the next rung; if it lets the attempt pass, that answers."""
    actor: Any = {"type": "agent", "value": review["stage"]}
    if attempt.note:
        engine.reviews.comment(review["id"], actor=actor, text=attempt.note)
    done = engine.reviews.escalate(
        review["id"],
        confidence=attempt.confidence,
        error=attempt.error is not None,
        sensitive=attempt.sensitive,
    )
    if done["action"] == "stayed" and attempt.error is None:
        engine.reviews.respond(
            review["id"], actor=actor, stage=review["stage"], response=attempt.response
        )
    return done["action"] == "escalated"


def _failed(error: Exception) -> Attempt:
    message = f"{type(error).__name__}: {readable(error)}"
    return Attempt(error=message, note=message)
