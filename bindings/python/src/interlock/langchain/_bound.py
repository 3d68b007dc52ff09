"""Runs a tool call that people approved: once, and with what they approved."""

from __future__ import annotations

import asyncio
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from langchain_core.messages import ToolMessage
from langgraph.errors import GraphBubbleUp

from interlock import AlreadyUsedError, ArgsChangedError, UnknownEffectError
from interlock._offload import offload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from langchain.agents.middleware.types import ToolCallRequest
    from langgraph.checkpoint.serde.base import SerializerProtocol
    from langgraph.types import Command

    from interlock import Engine
    from interlock.documents import Permit, Seconds

    Result = ToolMessage | Command[Any]

_PAUSE = 0.05
_SUSPENDED = "suspended"


@dataclass(frozen=True)
class BoundCall:
    """A tool call and the permit that lets it run."""

    engine: Engine
    serde: SerializerProtocol
    permit: str
    worker: str | None = None
    lease: Seconds | None = None
    on_unknown: Literal["tell", "raise"] = "tell"

    def run(self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Result]) -> Result:
        """Run it, or say what came of it before."""
        while (taken := self._take(request)) is None:
            time.sleep(_PAUSE)
        if taken is not True:
            return taken
        try:
            result = handler(request)
        except Exception as error:
            self._raised(error)
            raise
        self._report(result)
        return result

    async def arun(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Result]]
    ) -> Result:
        """The same in an event loop."""
        while (taken := await offload(self._take, request)) is None:
            await asyncio.sleep(_PAUSE)
        if taken is not True:
            return taken
        try:
            result = await handler(request)
        except Exception as error:
            await offload(self._raised, error)
            raise
        await offload(self._report, result)
        return result

    def _take(self, request: ToolCallRequest) -> Literal[True] | Result | None:
        """True if it may run now; what to say instead; None while somebody else runs it."""
        tool, arguments = request.tool_call["name"], request.tool_call["args"]
        permits = self.engine.permits
        try:
            permits.consume(self.permit, tool, arguments, worker=self.worker, lease=self.lease)
        except ArgsChangedError:
            return refusal(request, "was not run: it is not what people approved.")
        except UnknownEffectError:
            if self.on_unknown == "raise":
                raise
            return refusal(
                request,
                "may or may not have happened: whoever ran it has died. It was not run again. "
                "Do not retry it; a person must look.",
            )
        except AlreadyUsedError:
            return self._told(request, permits.get(self.permit))
        return True

    def _told(self, request: ToolCallRequest, permit: Permit) -> Literal[True] | Result | None:
        """What is known of a permit that is used up."""
        if permit["status"] in ("consumed", "issued", "unknown"):
            return None
        recorded = _members(permit["result"])
        if recorded.get(_SUSPENDED):
            return True  # the tool has asked people itself, and goes on from its top
        if "data" in recorded:
            data = b64decode(recorded["data"])
            result: Result = self.serde.loads_typed((recorded["type"], data))
            return result
        if permit["status"] == "done":
            return refusal(request, "was done before; its result was not kept.", "success")
        reason = recorded.get("message") or "nobody said why"
        return refusal(request, f"has failed: {reason}. It was not run again.")

    def _report(self, result: Result) -> None:
        failed = isinstance(result, ToolMessage) and result.status == "error"
        outcome: Literal["done", "failed"] = "failed" if failed else "done"
        try:
            kind, data = self.serde.dumps_typed(result)
            kept = {
                "text": str(getattr(result, "content", ""))[:1000],
                "type": kind,
                "data": str(b64encode(data), "ascii"),
            }
            self._say(outcome, kept)
        except (TypeError, ValueError):  # it cannot be kept: that it was done counts
            self._say(outcome, None)

    def _raised(self, error: Exception) -> None:
        if isinstance(error, GraphBubbleUp):
            self._say("failed", {_SUSPENDED: True})
        else:
            self._say("failed", {"error": type(error).__name__, "message": str(error)})

    def _say(self, outcome: Literal["done", "failed"], result: Any) -> None:
        try:
            self.engine.permits.report(self.permit, outcome, result=result)
        except AlreadyUsedError:
            # A tool that has asked people runs more than once; its permit was reported by then.
            if not _members(self.engine.permits.get(self.permit)["result"]).get(_SUSPENDED):
                raise


def _members(document: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", document) if isinstance(document, dict) else {}


def refusal(
    request: ToolCallRequest, reason: str, status: Literal["success", "error"] = "error"
) -> ToolMessage:
    """What the model is told instead of a result."""
    call = request.tool_call
    return ToolMessage(
        content=f"The tool call `{call['name']}` {reason}",
        name=call["name"],
        tool_call_id=call["id"] or "",
        status=status,
    )


def permits_of(engine: Engine, thread: str, interrupt: str) -> dict[str, str] | None:
    """The permits that the review of an interrupt has issued, by item; None if there is none."""
    # By id, and one id of 32 characters is asked for.
    near = engine.graphs.interrupts(thread, after=interrupt[:-1], limit=16)
    for record in near:
        if record["interrupt"] == interrupt:
            found = engine.permits.list(review=record["review"])
            return {permit["item"]: permit["id"] for permit in found}
    return None
