"""Asks people in a channel, and waits for them: a message, its review, its answer."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, TypedDict

from langchain_core.tools import ToolException

from interlock._moment import seconds
from interlock._offload import offload
from interlock.errors import (
    InterlockError,
    InvalidArgumentError,
    InvalidJSONError,
    InvalidPayloadError,
    TooLargeError,
    WaitTimeoutError,
)
from interlock.reviews import in_milliseconds

from ._answers import answer, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from interlock import Actor, Decision, Engine, Message, Policy, Review
    from interlock.documents import Duration, ExpiryAction, Seconds

    from ._answers import Answer
    from ._calls import Call

PATIENCE = 300.0
_MISTAKES = (InvalidArgumentError, InvalidJSONError, InvalidPayloadError, TooLargeError)
_OF_THE_MODEL = ("/text", "/level", "/title", "/payload")


class Asking(TypedDict, total=False):
    """How the tools ask. Since 0.1.

    Attributes:
        timeout: how long a tool waits, in seconds; 300 if it is left out, None is as long as it
            takes. It is the tool's patience: the review stays open after it.
        policy: this and the rest as `engine.reviews.open` takes them.
        requester: see policy; it signs the messages too.
        assignee: see policy.
        expires_in: see policy.
        on_expiry: see policy.
        reminders: see policy.
    """

    timeout: Seconds | None
    policy: str | Policy
    requester: str | Actor
    assignee: str | Actor
    expires_in: Duration
    on_expiry: ExpiryAction
    reminders: Sequence[Duration]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where an agent asks."""

    engine: Engine
    channel: str
    timeout: Seconds | None = PATIENCE
    policy: str | Policy | None = None
    requester: str | Actor | None = None
    assignee: str | Actor | None = None
    expires_in: Duration | None = None
    on_expiry: ExpiryAction | None = None
    reminders: Sequence[Duration] | None = None

    def __post_init__(self) -> None:
        """Refuse a patience that is none."""
        seconds("timeout", self.timeout)

    def send(self, text: str, level: str, call: Call) -> tuple[str, Message]:
        """A message that asks nothing."""
        return "Message sent.", self._posted(text, level, None, call)

    async def asend(self, text: str, level: str, call: Call) -> tuple[str, Message]:
        """The same beside an event loop."""
        return await offload(self.send, text, level, call)

    def ask(
        self, text: str, level: str, review: Mapping[str, Any], call: Call
    ) -> tuple[str, Answer]:
        """A message with a review, and what becomes of it."""
        id = self._asked(text, level, review, call)
        end = self._end()
        while True:
            try:
                ended = self.engine.reviews.wait(id, timeout=_left(end))
            except WaitTimeoutError:
                return self._answered(id)
            if ended["successor"] is None:
                return self._answered(id)
            id = ended["successor"]

    async def aask(
        self, text: str, level: str, review: Mapping[str, Any], call: Call
    ) -> tuple[str, Answer]:
        """The same beside an event loop, without a thread while it waits."""
        id = await offload(self._asked, text, level, review, call)
        end = self._end()
        while True:
            try:
                ended = await self.engine.reviews.await_(id, timeout=_left(end))
            except WaitTimeoutError:
                return await offload(self._answered, id)
            if ended["successor"] is None:
                return await offload(self._answered, id)
            id = ended["successor"]

    def _asked(self, text: str, level: str, review: Mapping[str, Any], call: Call) -> str:
        members = {
            "title": text,
            "thread": call.thread,
            "policy": self.policy,
            "requester": self.requester,
            "assignee": self.assignee,
            "expires_in": self.expires_in,
            "on_expiry": self.on_expiry,
            "reminders": self.reminders,
        }
        given = {name: value for name, value in members.items() if value is not None}
        id = self._posted(text, level, in_milliseconds({**review, **given}), call)["review"]
        assert id is not None  # a message that was posted with a review carries it
        return id

    def _posted(
        self, text: str, level: Any, review: Mapping[str, Any] | None, call: Call
    ) -> Message:
        try:
            return self.engine.messages.post(
                self.channel,
                text,
                sender="agent",
                actor=self.requester,
                level=level,
                client_key=call.key,
                review=review,
                metadata=call.facts,
            )
        except (
            InvalidArgumentError,
            InvalidJSONError,
            InvalidPayloadError,
            TooLargeError,
        ) as error:
            if error.path.startswith("/") and not error.path.startswith(_OF_THE_MODEL):
                raise  # of whoever has built the tool
            raise ToolException(_readable(error)) from error

    def _answered(self, id: str) -> tuple[str, Answer]:
        """The review as it is now: what has come in the last moment counts."""
        review = self.engine.reviews.get(id)
        return said(review), answer(review, self._decision(review))

    def _decision(self, review: Review) -> Decision | None:
        if review["status"] != "resolved":
            return None
        decisions = self.engine.reviews.history(review["id"])["decisions"]
        ending = [d for d in decisions if d["accepted"] and d["at"] == review["closed_at"]]
        return ending[-1] if ending else None

    def _end(self) -> float | None:
        patience = seconds("timeout", self.timeout)
        return None if patience is None else monotonic() + patience


def _left(end: float | None) -> float | None:
    return None if end is None else max(0.0, end - monotonic())


def _readable(error: InterlockError) -> str:
    """What is wrong, for a model that may do better."""
    problems = [f"{p.get('path')}: {p.get('message')}" for p in error.problems]
    return "\n".join([f"Nobody was asked. {error}", *problems])
