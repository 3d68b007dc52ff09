"""Feedback: people say how good an answer was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlock._ask import given
from interlock._offload import offload
from interlock.errors import WaitTimeoutError

if TYPE_CHECKING:
    from interlock import Engine, FeedbackRecord, ReviewRequest
    from interlock.documents import Seconds


def rating(
    run: str, output: Any, *, key: str = "helpfulness", title: str | None = None, **members: Any
) -> ReviewRequest:
    """The review that asks for feedback on a run, once per run and key. Since 0.1.

    For `engine.reviews.open(**rating(...))`: ask now, and read `engine.feedback` later.

    Args:
        run: the run, or whatever has made the output.
        output: what is to be judged: people see it.
        key: what is judged: "helpfulness", "correctness", "safety", ...
        title: the question; None is "<key>, from 0 to 1?".
        members: more of what `engine.reviews.open` takes: channel, assignee, expires_in, ...
    """
    request: Any = {
        "kind": "rating",
        "payload": {"key": key},
        **given(
            {
                "title": title or f"{key}, from 0 to 1?",
                "details": {"run": run, "output": output},
                "key": f"feedback {key} {run}",
                **members,
            }
        ),
    }
    return request  # type: ignore[no-any-return]


def collect_feedback(
    engine: Engine,
    run: str,
    output: Any,
    *,
    key: str = "helpfulness",
    timeout: Seconds | None = 300,
    title: str | None = None,
    **members: Any,
) -> FeedbackRecord | None:
    """Show an output and ask how good it is; the score, or None without one. Since 0.1.

    The core keeps the score with the answer, in one transaction, as feedback on the review. The
    review stays open after the timeout, and calling again finds it.

    Args:
        engine: an open engine.
        run: this and the rest as for `rating`.
        output: see run.
        key: see run.
        timeout: how long to wait, in seconds; None is as long as it takes.
        title: see run.
        members: see run.

    Raises:
        IdempotencyMismatchError: this was asked about another output of the run.
    """
    request = rating(run, output, key=key, title=title, **members)
    id = engine.reviews.open(**request)["review"]["id"]
    try:
        engine.reviews.wait(id, timeout=timeout)
    except WaitTimeoutError:
        return None
    return _score(engine, id)


async def acollect_feedback(
    engine: Engine,
    run: str,
    output: Any,
    *,
    key: str = "helpfulness",
    timeout: Seconds | None = 300,
    title: str | None = None,
    **members: Any,
) -> FeedbackRecord | None:
    """`collect_feedback` beside an event loop, without a thread while it waits. Since 0.1."""
    request = rating(run, output, key=key, title=title, **members)
    id = (await engine.reviews.aopen(**request))["review"]["id"]
    try:
        await engine.reviews.await_(id, timeout=timeout)
    except WaitTimeoutError:
        return None
    return await offload(_score, engine, id)


def _score(engine: Engine, review: str) -> FeedbackRecord | None:
    return next(engine.feedback.list(review=review), None)
