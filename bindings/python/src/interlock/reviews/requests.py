"""The requests of reviews, as the core takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._moment import duration, moment
from .._text import texts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def selector(
    id: str | None,
    review_key: str | None,
    interrupt: str | None,
    external_id: str | None,
    thread: str | None,
) -> dict[str, Any]:
    """The members that name a review."""
    return {
        "id": id,
        "review_key": review_key,
        "interrupt": interrupt,
        "external_id": external_id,
        "thread": thread,
    }


def checked(ids: Iterable[str]) -> list[str]:
    """Ids as a list, each of them a text."""
    names = [*ids] if not isinstance(ids, (str, bytes)) else ids
    texts("ids", names)
    return names  # type: ignore[return-value]  # checked by texts


def in_milliseconds(request: dict[str, Any]) -> dict[str, Any]:
    """A request to open a review, with its times as the core counts them."""
    if "deadline" in request:
        request["deadline"] = moment("deadline", request["deadline"])
    if "expires_in" in request:
        request["expires_in"] = duration("expires_in", request["expires_in"])
    if "reminders" in request:
        request["reminders"] = [duration("reminders", before) for before in request["reminders"]]
    return request
