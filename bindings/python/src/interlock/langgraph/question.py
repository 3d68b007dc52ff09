"""A question of a graph that says how its review is to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlock.reviews.requests import in_milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping


class Question(dict[str, Any]):
    """What to give to `interrupt()` when this one review is to be different. Since 0.1.

        interrupt(Question({"question": "Ship it?"}, policy="two-people", expires_in=60_000))

    To everybody but an `InterlockSaver` it is the dict that it is.

    Attributes:
        review: the members of `engine.reviews.open`, over those of the saver.
    """

    __slots__ = ("review",)

    def __init__(self, value: Mapping[str, Any], /, **review: Any) -> None:
        """Take the value, and how its review is to be.

        Args:
            value: what the graph asks.
            **review: members of `engine.reviews.open`: policy, expires_in, on_expiry, channel,
                assignee, external_id and so on.

        Raises:
            ValueError: a datetime without time zone.
        """
        super().__init__(value)
        self.review: dict[str, Any] = in_milliseconds(review)
