"""Levels of confirmation: only tell, ask for a yes, or have a phrase typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from interlock._ask import given
from interlock.errors import WaitTimeoutError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interlock import Engine, Review, ReviewRequest
    from interlock.documents import Seconds

Level = Literal["info", "confirm", "verify"]

_YES_OR_NO = [
    {"id": "yes", "label": "Yes", "style": "primary"},
    {"id": "no", "label": "No", "style": "danger"},
]


def confirmation(
    action: str,
    *,
    level: Level = "confirm",
    details: Any = None,
    phrase: str | None = None,
    **members: Any,
) -> ReviewRequest:
    """The review that confirms an action. Since 0.1.

    For `engine.reviews.open(**confirmation(...))`, or `run.interrupt(key, review=...)`.

    Args:
        action: what is about to be done.
        level: "info" only tells; "confirm" asks for yes or no; "verify" has the phrase typed.
        details: what helps to decide.
        phrase: what must be typed, to the letter; only for "verify", which needs one.
        members: more of what `engine.reviews.open` takes: key, policy, channel, expires_in, ...

    Raises:
        ValueError: there is no such level.
    """
    payload: dict[str, Any]
    if level == "info":
        kind, payload = "notify", {"text": action}
    elif level == "confirm":
        kind, payload = "approval", {"options": _YES_OR_NO}
    elif level == "verify":
        kind, payload = "verify", given({"phrase": phrase})
    else:
        raise ValueError(f"level must be one of {', '.join(get_args(Level))}, not {level!r}")
    request: Any = {
        "kind": kind,
        "payload": payload,
        **given({"title": action, "details": details, **members}),
    }
    return request  # type: ignore[no-any-return]


def confirm(
    engine: Engine,
    action: str,
    *,
    level: Level = "confirm",
    details: Any = None,
    phrase: str | None = None,
    timeout: Seconds | None = 300,
    **members: Any,
) -> bool:
    """Whether people confirm an action. Since 0.1.

    Silence is no confirmation. The review stays open after the timeout: with a `key` the next
    call finds it, and an answer that has come since.

    Args:
        engine: an open engine.
        action: this and the next three as for `confirmation`, but that an unknown level asks
            nobody and confirms nothing.
        level: see action.
        details: see action.
        phrase: see action.
        timeout: how long to wait, in seconds; None is as long as it takes.
        members: see `confirmation`.

    Raises:
        InvalidPayloadError: "verify" without a phrase; nobody was asked.
        ReviewError: as `engine.reviews.open`.
    """
    if level not in get_args(Level):
        return False
    request = confirmation(action, level=level, details=details, phrase=phrase, **members)
    review = engine.reviews.open(**request)["review"]
    try:
        return _is_yes(engine.reviews.wait(review["id"], timeout=timeout))
    except WaitTimeoutError:
        return False


async def aconfirm(
    engine: Engine,
    action: str,
    *,
    level: Level = "confirm",
    details: Any = None,
    phrase: str | None = None,
    timeout: Seconds | None = 300,
    **members: Any,
) -> bool:
    """`confirm` beside an event loop, without a thread while it waits. Since 0.1."""
    if level not in get_args(Level):
        return False
    request = confirmation(action, level=level, details=details, phrase=phrase, **members)
    review = (await engine.reviews.aopen(**request))["review"]
    try:
        return _is_yes(await engine.reviews.await_(review["id"], timeout=timeout))
    except WaitTimeoutError:
        return False


def typed(review: Review, text: str) -> Mapping[str, Any]:
    """What a line that was typed answers to a confirmation. Since 0.1.

    For prompts: `engine.reviews.respond(id, actor=..., response=typed(review, input()))`. To
    "confirm" y and yes, in any case, are yes, and all else is no; to "verify" the line is the
    phrase, to the letter.
    """
    if review["kind"] == "verify":
        return {"phrase": text}
    return {"selectedOption": "yes" if text.strip().lower() in ("y", "yes") else "no"}


def _is_yes(review: Review) -> bool:
    return review["outcome"] in ("approved", "acknowledged")
