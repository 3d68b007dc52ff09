"""Webhooks that answer the reviews of an agent, and let it go on."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from langgraph.types import GraphOutput

from interlock import (
    AlreadyResolvedError,
    ExpiredError,
    NotAuthorizedError,
    ReviewCancelledError,
    SupersededError,
    UnknownReviewError,
)
from interlock._offload import offload

from ._going_on import GoingOn
from .decisions import UnknownDecisionError, WebhookEvent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from langchain_core.runnables import RunnableConfig

    from interlock import Actor, Engine, Review

_SOURCE = "interlock.langchain"
_GONE = (NotAuthorizedError, ReviewCancelledError, SupersededError)


@dataclass(frozen=True)
class _Taken:
    """A decision that is on record."""

    id: str
    thread: str


class InterlockResumeHandler:
    """Takes decisions that come by webhook, and goes on with their agents. Since 0.1.

    The decision is on record before the agent goes on: if the process dies, the next delivery goes
    on from there. A delivery that comes again gets the first result. Any number of processes may
    take the same one at once: the agent goes on once.
    """

    def __init__(
        self,
        engine: Engine,
        agent: Any,
        *,
        secrets: Sequence[str] | None = None,
        lease_ms: int = 60_000,
        patience: float = 60,
        config: RunnableConfig | None = None,
    ) -> None:
        """Serve an agent.

        Args:
            engine: the store of its saver.
            agent: what `create_agent` returns, or any other graph, with an `InterlockSaver`.
            secrets: what deliveries are signed with, see `engine.webhooks`; None takes unsigned
                ones, which whoever calls must vouch for.
            lease_ms: how long a worker may be silent before another one takes over.
            patience: how many seconds to wait for a worker that is going on already.
            config: merged under the config of every call.

        Raises:
            ValueError: the agent has no `InterlockSaver` as its checkpointer.
        """
        self._engine = engine
        self._secrets = None if secrets is None else [*secrets]
        self._patience = patience
        self._serde = agent.checkpointer.serde if agent.checkpointer else None
        self._going_on = GoingOn(engine, agent, lease_ms, config)

    def resume_from_webhook(
        self,
        payload: Mapping[str, Any] | bytes | str,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Take a delivery, go on, and return what the agent has come to. Since 0.1.

        Args:
            payload: the body; if it is signed, exactly as it came.
            headers: those of the request, with the signature.

        Returns:
            A `GraphOutput`: its `value`, and the `interrupts` that it waits for.

        Raises:
            ValueError: a part of the body is missing, or its outcome is not known.
            SignatureInvalidError: somebody else has signed it; so are the other errors of
                `engine.webhooks.verify`.
            UnknownDecisionError: there is no such decision, or not for this identity. Nothing was
                consumed.
            ReviewError: the review has ended otherwise, or takes no such answer.
            WaitTimeoutError: another worker goes on with it, and takes too long.
            Exception: what the agent raised. The decision is on record: the next delivery goes on.
        """
        return self.resume_from_event(self._event(payload, headers))

    def resume_from_event(self, event: WebhookEvent) -> Any:
        """The same with a delivery that was read. Since 0.1."""
        taken = self._take(event)
        kept = self._kept(taken)
        if kept is not None:
            return kept
        return self._keep(taken, self._going_on.run(taken.thread, self._patience))

    async def resume_from_webhook_async(
        self,
        payload: Mapping[str, Any] | bytes | str,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """`resume_from_webhook` in an event loop. Since 0.1."""
        return await self.resume_from_event_async(await offload(self._event, payload, headers))

    async def resume_from_event_async(self, event: WebhookEvent) -> Any:
        """`resume_from_event` in an event loop. Since 0.1."""
        taken = await offload(self._take, event)
        kept = await offload(self._kept, taken)
        if kept is not None:
            return kept
        result = await self._going_on.arun(taken.thread, self._patience)
        return await offload(self._keep, taken, result)

    # taking

    def _event(
        self, payload: Mapping[str, Any] | bytes | str, headers: Mapping[str, str] | None
    ) -> WebhookEvent:
        if self._secrets is not None:
            if not isinstance(payload, (bytes, str)) or headers is None:
                raise ValueError("a signed webhook is its body, as it came, and its headers")
            self._engine.webhooks.verify(payload, headers, secrets=self._secrets)
        if isinstance(payload, (bytes, str)):
            read: Any = json.loads(payload)
            if not isinstance(read, dict):
                raise ValueError("webhook payload is no JSON object")
            payload = cast("dict[str, Any]", read)
        return WebhookEvent.from_payload(payload)

    def _take(self, event: WebhookEvent) -> _Taken:
        """Put the decision on record; the same one again changes nothing."""
        try:
            review = self._review(event.decision_id)
        except UnknownReviewError as error:
            raise UnknownDecisionError(event.decision_id) from error
        thread = review.get("thread")
        if thread is None:
            raise UnknownDecisionError(event.decision_id)
        try:
            answered = self._engine.reviews.respond(
                review["id"],
                actor=_actor(review, event.identity_id),
                outcome=event.outcome.value,
                via="webhook",
            )
        except (ExpiredError, AlreadyResolvedError):
            # Here the time was up too: what that has decided stands.
            stages = self._engine.reviews.get(review["id"])["stages"]
            if not event.is_timeout or any(stage["votes"] for stage in stages):
                raise
            return _Taken(f"{review['id']}:expired", thread)
        except _GONE as error:
            raise UnknownDecisionError(event.decision_id) from error
        return _Taken(answered["decision"]["id"], thread)

    def _review(self, name: str) -> Review:
        """A review by any of its names."""
        reviews = self._engine.reviews
        try:
            return reviews.get(external_id=name)
        except UnknownReviewError:
            pass
        try:
            return reviews.get(name)
        except UnknownReviewError:
            return reviews.get(interrupt=name)

    # results

    def _kept(self, taken: _Taken) -> Any:
        kept = self._engine.webhooks.receive(_SOURCE, taken.id)["result"]
        if kept is None or self._serde is None:
            return None
        value, interrupts = self._serde.loads_typed((kept["type"], b64decode(kept["data"])))
        return GraphOutput(value=value, interrupts=tuple(interrupts))

    def _keep(self, taken: _Taken, result: GraphOutput[Any]) -> Any:
        """Keep the first result; whoever was later gets that."""
        if self._serde is None:
            return result
        try:
            kind, data = self._serde.dumps_typed([result.value, list(result.interrupts)])
        except (TypeError, ValueError):  # it cannot be kept: the next delivery gets what is then
            return result
        kept = {"type": kind, "data": str(b64encode(data), "ascii")}
        received = self._engine.webhooks.receive(_SOURCE, taken.id, result=kept)
        return self._kept(taken) if received["replayed"] else result


def _actor(review: Review, identity: str) -> str | Actor:
    """The identity, with the type by which the review knows it."""
    assignee = review["assignee"]
    if assignee is not None and assignee["value"] == identity:
        return assignee
    for stage in review["policy"].get("stages", ()):
        for approver in stage["approvers"]:
            if approver != "anyone" and approver.get("value") == identity:
                return {"type": approver.get("type", "user_id"), "value": identity}
    return identity
